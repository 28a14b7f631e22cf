import { type Budget, COST } from './budgetModel.ts';
import { type BudgetScope, budgetScope } from './budgetScopes.ts';
import { currentSpend, evaluatedDays, forecastSpend } from './budgetSpend.ts';
import type { Budgets } from './budgets.ts';
import { dayOf } from './calendar.ts';
import type { CostScope } from './costScopes.ts';
import { COST_SCALE, decimalText, exactNumber } from './decimal.ts';
import type { BillingAccount, BillingProfile } from './directory.ts';
import { digitsOf } from './exactJson.ts';
import { guid, hash } from './hash.ts';
import type { Invoice } from './invoices.ts';
import type { Tenant } from './tenant.ts';

/** An alert before anybody dismissed it. */
export interface CostAlert {
  /** A GUID that belongs to the scope and the cause. */
  readonly name: string;
  readonly type: 'Budget' | 'BudgetForecast' | 'Invoice' | 'General';
  readonly category: 'Cost' | 'Billing';
  readonly criteria: string;
  readonly description: string;
  /** The budget or the invoice. */
  readonly costEntityId: string;
  /** The UTC day on which it was raised. */
  readonly createdOn: number;
  /** The UTC day on which it was over, for a budget that has ended. */
  readonly closedOn: number | undefined;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * The alerts of a scope: one for each enabled notification of its own budgets whose threshold is reached, and at accounts
 * and profiles one for each invoice that is due or overdue and, where an account has several billing currencies, one
 * that says so. They follow the budgets: a budget that is raised or deleted takes its alerts along.
 */
export function costAlerts(tenant: Tenant, scope: CostScope, budgets: Budgets): CostAlert[] {
  const owner = ownerOf(tenant, scope);
  const of = budgetScope(tenant, scope.id);
  const name = (cause: string): string =>
    guid(hash(tenant.options.seed, 0xa1e7, ...Buffer.from(`${scope.id}/${cause}`)), 0);
  return [
    ...budgets.list(of).flatMap((budget) => budgetAlerts(tenant, of, budget, name)),
    ...(owner ? invoiceAlerts(tenant, owner, name) : []),
    ...(owner && 'profiles' in owner ? currencyAlerts(tenant, owner, name) : []),
  ];
}

type Naming = (cause: string) => string;

function budgetAlerts(tenant: Tenant, scope: BudgetScope, budget: Budget, name: Naming): CostAlert[] {
  if (budget.category !== COST || budget.amount === undefined) return [];
  const today = dayOf(tenant.options.now);
  const days = evaluatedDays(tenant, budget);
  const amount = Number(digitsOf(budget.amount));
  const ended = budget.endDay < today;
  return Object.entries(budget.notifications).flatMap(([key, notification]): CostAlert[] => {
    if (!notification.enabled) return [];
    const foreseen = notification.thresholdType === 'Forecasted';
    const spend = foreseen ? forecastSpend(tenant, scope, budget) : currentSpend(tenant, scope, budget);
    const fraction = Number(digitsOf(notification.threshold)) / 100;
    // Compared as doubles: an alert may be a hair early, money is shown exactly all the same.
    const reached = Number(decimalText(spend, COST_SCALE));
    if (notification.operator === 'GreaterThan' ? reached <= fraction * amount : reached < fraction * amount) return [];
    return [
      {
        name: name(`budgets/${budget.name.toLowerCase()}/${key}`),
        type: foreseen ? 'BudgetForecast' : 'Budget',
        category: 'Cost',
        criteria: foreseen ? 'ForecastCostThresholdExceeded' : 'CostThresholdExceeded',
        description: '',
        costEntityId: budget.name,
        createdOn: Math.min(days.to, tenant.ledger.window.to) + 1,
        closedOn: ended ? budget.endDay + 1 : undefined,
        details: {
          ...NO_FILTERS,
          timeGrainType: budget.timeGrain,
          periodStartDate: time(days.from),
          triggeredBy: `${name(`budgets/${budget.name.toLowerCase()}`)}_${Math.round(fraction * 100)}`,
          threshold: fraction,
          operator: notification.operator,
          amount: budget.amount,
          unit: scope.currency,
          currentSpend: exactNumber(spend, COST_SCALE),
          contactEmails: notification.contactEmails,
          contactGroups: notification.contactGroups ?? [],
          contactRoles: notification.contactRoles ?? [],
          overridingAlert: null,
        },
      },
    ];
  });
}

function invoiceAlerts(tenant: Tenant, owner: BillingAccount | BillingProfile, name: Naming): CostAlert[] {
  return tenant
    .invoices(owner)
    .filter(({ status }) => status === 'Due' || status === 'OverDue')
    .map((invoice: Invoice): CostAlert => {
      const overdue = invoice.status === 'OverDue';
      return {
        name: name(`invoices/${invoice.name}`),
        type: 'Invoice',
        category: 'Billing',
        criteria: overdue ? 'InvoiceDueDateReached' : 'InvoiceDueDateApproaching',
        description: `Invoice ${invoice.name} ${overdue ? 'was' : 'is'} due on ${time(invoice.dueDay).slice(0, 10)}.`,
        costEntityId: invoice.name,
        createdOn: overdue ? invoice.dueDay : invoice.invoiceDay,
        closedOn: undefined,
        details: {
          ...NO_FILTERS,
          timeGrainType: 'None',
          periodStartDate: time(invoice.invoiceDay),
          triggeredBy: invoice.name,
          amount: exactNumber(invoice.amountDue, COST_SCALE),
          unit: invoice.profile.currency,
          contactEmails: [],
          contactGroups: [],
          contactRoles: [],
          overridingAlert: null,
        },
      };
    });
}

function currencyAlerts(tenant: Tenant, account: BillingAccount, name: Naming): CostAlert[] {
  const currencies = account.profiles.map(({ currency }) => currency);
  if (new Set(currencies).size < 2) return [];
  return [
    {
      name: name('currencies'),
      type: 'General',
      category: 'Cost',
      criteria: 'MultiCurrency',
      description: `Costs of this billing account are in several currencies: ${currencies.join(', ')}.`,
      costEntityId: account.name,
      createdOn: tenant.ledger.window.from,
      closedOn: undefined,
      details: {
        ...NO_FILTERS,
        timeGrainType: 'None',
        periodStartDate: time(tenant.ledger.window.from),
        triggeredBy: account.name,
        contactEmails: [],
        contactGroups: [],
        contactRoles: [],
        overridingAlert: null,
      },
    },
  ];
}

const NO_FILTERS = { resourceGroupFilter: [], resourceFilter: [], meterFilter: [], tagFilter: {} } as const;

const time = (day: number): string => new Date(day * 86_400_000).toISOString().replace('.000', '');

/** Who gets the invoices of the scope. */
function ownerOf(tenant: Tenant, { kind, id }: CostScope): BillingAccount | BillingProfile | undefined {
  const [, , , , accountName = '', , profileName = ''] = id.split('/');
  const account = tenant.directory.accountNamed(accountName);
  if (!account || kind === 'billingAccount') return kind === 'billingAccount' ? account : undefined;
  return kind === 'billingProfile' ? tenant.directory.profileNamed(account, profileName) : undefined;
}
