import { type BudgetInput, type BudgetNotification, COST } from './budgetModel.ts';
import type { BudgetScope } from './budgetScopes.ts';
import { currentSpend } from './budgetSpend.ts';
import { firstDay, lastDay } from './calendar.ts';
import { COST_SCALE, decimalText } from './decimal.ts';
import { exactDigits } from './exactJson.ts';
import type { Tenant } from './tenant.ts';

/**
 * The budgets that the tenant starts with. Amounts follow from the spend of the present moment, so each story is true
 * whenever the service is started: `used` is the percentage of the amount that is spent. Customers are given by
 * their index in the main billing account.
 */
export const BUDGET_STORIES = {
  /** Of the main billing account, in USD. */
  account: { name: 'all-customers', used: 62 },
  /** Of the euro billing profile. */
  profile: { name: 'euro-quarter', used: 55 },
  healthy: { customer: 0, name: 'monthly-plan', used: 45 },
  nearLimit: { customer: 3, name: 'monthly-limit', used: 94 },
  exceeded: { customer: 6, name: 'monthly-limit', used: 118 },
  /** Ended with the month that lies three before the open one. */
  expired: { customer: 1, name: 'pilot', used: 80 },
  /** Every notification is switched off. */
  silent: { customer: 2, name: 'no-alerts', used: 75 },
  /** A customer that never spends. */
  unused: { customer: 5, name: 'reserve' },
  /** Of the first subscription of the customer with the healthy budget, and of its first resource group. */
  subscription: { customer: 0, name: 'platform-team', used: 70 },
  resourceGroup: { customer: 0, name: 'group-cap', used: 50 },
} as const;

type Plan = Omit<BudgetInput, 'amount' | 'category'>;

/** The budgets of a scope by name; most scopes have none. */
export function seededBudgets(tenant: Tenant, scope: BudgetScope): Record<string, BudgetInput> {
  const { openMonth } = tenant.ledger;
  const monthly: Plan = {
    timeGrain: 'Monthly',
    startDay: firstDay(openMonth - 5),
    endDay: lastDay(openMonth + 18),
    notifications: { ...actual(80), ...actual(100) },
  };
  const quarterly: Plan = { ...monthly, timeGrain: 'Quarterly', startDay: firstDay(openMonth - (openMonth % 3) - 3) };
  const yearly: Plan = {
    ...monthly,
    timeGrain: 'Annually',
    startDay: firstDay(openMonth - (openMonth % 12)),
    endDay: lastDay(openMonth - (openMonth % 12) + 23),
  };
  const plan = (name: string, used: number, of: Plan): Record<string, BudgetInput> => {
    const input: BudgetInput = { ...of, category: COST };
    return { [name]: { ...input, amount: amountFor(currentSpend(tenant, scope, input), used) } };
  };
  const told = BUDGET_STORIES;
  if (scope.kind === 'billingAccount' && scope.id === accountId(tenant)) {
    const notifications = { ...actual(50), ...actual(80), ...actual(100), ...forecast(100) };
    return plan(told.account.name, told.account.used, { ...yearly, notifications });
  }
  if (scope.kind === 'billingProfile' && scope.currency === 'EUR') {
    return plan(told.profile.name, told.profile.used, {
      ...quarterly,
      notifications: { ...actual(90), ...forecast(110) },
    });
  }
  const customer = customerOf(tenant, scope);
  if (customer === undefined) return {};
  if (scope.kind === 'customer') {
    switch (customer) {
      case told.healthy.customer:
        return plan(told.healthy.name, told.healthy.used, {
          ...monthly,
          notifications: { ...monthly.notifications, ...forecast(100) },
        });
      case told.nearLimit.customer:
        return plan(told.nearLimit.name, told.nearLimit.used, {
          ...monthly,
          notifications: { ...actual(90), ...actual(100), ...forecast(120) },
        });
      case told.exceeded.customer:
        return plan(told.exceeded.name, told.exceeded.used, monthly);
      case told.expired.customer:
        return plan(told.expired.name, told.expired.used, {
          ...monthly,
          startDay: firstDay(openMonth - 14),
          endDay: lastDay(openMonth - 3),
        });
      case told.silent.customer:
        return plan(told.silent.name, told.silent.used, {
          ...quarterly,
          notifications: { ...actual(80, false), ...actual(100, false) },
        });
      case told.unused.customer:
        return plan(told.unused.name, 0, monthly);
      default:
        return {};
    }
  }
  if (customer !== told.subscription.customer) return {};
  if (scope.kind === 'resourceGroup') return plan(told.resourceGroup.name, told.resourceGroup.used, monthly);
  return plan(told.subscription.name, told.subscription.used, {
    ...monthly,
    filter: { kind: 'dimensions', name: 'ChargeType', operator: 'In', values: ['Usage'] },
    notifications: { ...actual(80, true, ['Owner']), ...actual(100, true, ['Owner', 'Contributor']) },
  });
}

const accountId = (tenant: Tenant): string =>
  `/providers/Microsoft.Billing/billingAccounts/${tenant.accounts[0]?.name}`;

/** The position of the customer whose scope it is, or whose first subscription or the first resource group of that. */
function customerOf(tenant: Tenant, { kind, id, subscription }: BudgetScope): number | undefined {
  const [account] = tenant.accounts;
  if (kind === 'customer') {
    const isMain = id.startsWith(`${accountId(tenant)}/`);
    return account && isMain ? tenant.customerNamed(account, id.split('/').at(-1) ?? '')?.index : undefined;
  }
  if (subscription?.index !== 0 || subscription.customer.account !== account) return undefined;
  if (kind === 'resourceGroup') {
    const { index } = subscription.customer;
    const { from, to } = tenant.ledger.linesOfSubscription(index, 0);
    const first = to > from ? tenant.ledger.line(from).resourceGroup : undefined;
    if (first !== id.split('/').at(-1)) return undefined;
  }
  return subscription.customer.index;
}

/** An amount of three digits of which about that percentage is spent; 500 where nothing is spent. */
function amountFor(spend: bigint, used: number): unknown {
  const amount = used === 0 ? 0 : (Number(decimalText(spend, COST_SCALE)) * 100) / used;
  return exactDigits(amount < 0.01 ? '500' : String(Number(amount.toPrecision(3))));
}

function actual(
  threshold: number,
  enabled = true,
  contactRoles?: readonly string[],
): Record<string, BudgetNotification> {
  return {
    [`Actual_GreaterThanOrEqualTo_${threshold}_Percent`]: {
      ...common(threshold, enabled),
      ...(contactRoles ? { contactRoles } : {}),
      thresholdType: 'Actual',
    },
  };
}

function forecast(threshold: number): Record<string, BudgetNotification> {
  return {
    [`Forecasted_GreaterThan_${threshold}_Percent`]: {
      ...common(threshold, true),
      operator: 'GreaterThan',
      thresholdType: 'Forecasted',
    },
  };
}

function common(threshold: number, enabled: boolean): BudgetNotification {
  return {
    enabled,
    operator: 'GreaterThanOrEqualTo',
    threshold: exactDigits(String(threshold)),
    locale: 'en-us',
    contactEmails: ['billing@harbourlight.example'],
  };
}
