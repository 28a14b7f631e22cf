import { isoDay } from '../calendar.ts';
import { COST_SCALE, exactNumber, QUANTITY_SCALE } from '../decimal.ts';
import { exactDigits } from '../exactJson.ts';
import { percentUsed } from './budgets.ts';
import { CURRENCY_LOCALES } from './currencyLocale.ts';
import type { PartnerCustomer } from './customers.ts';
import { pacificMidnight } from './legacyBilling.ts';
import type { Parts } from './parts.ts';
import type { AzurePlan, LegacyAzure } from './subscriptions.ts';

/** What a spending record says of money: 145P names a culture, plans a currency and USD beside it. */
interface Money {
  readonly totalCost: unknown;
  readonly currencyLocale?: string;
  readonly currencyCode?: string;
  readonly usdTotalCost?: unknown;
}

const amount = (units: bigint): unknown => exactNumber(units, COST_SCALE);
const quantityOf = (units: bigint): unknown => exactNumber(units, QUANTITY_SCALE);

function planMoney(customer: PartnerCustomer, cost: bigint, usd: bigint): Money {
  return { totalCost: amount(cost), currencyCode: customer.currency, usdTotalCost: amount(usd) };
}

function legacyMoney(customer: PartnerCustomer, cost: bigint): Money {
  return { totalCost: amount(cost), currencyLocale: CURRENCY_LOCALES[customer.currency].locale };
}

/**
 * Spending of the open period (Partner Center REST reference: Azure spending): estimates that are refreshed daily and know the days
 * through yesterday. 145P is told of the running billing period, plans of the calendar month (UTC).
 */
export class UsageRecords {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether the customer has anything that could be used: who has not is answered an error instead of a summary. */
  hasUsageData(customer: PartnerCustomer): boolean {
    if (this.#parts.subscriptions.legacyOf(customer).length > 0) return true;
    if (!customer.modern) return false;
    const { from, to } = this.#parts.tenant.ledger.linesOfCustomer(customer.modern.index);
    return to > from;
  }

  /** A customer with Azure: its budget and how much of it is used. */
  customer(customer: PartnerCustomer): object {
    const { subscriptions, budgets } = this.#parts;
    const { cost, money } = this.#ofCustomer(customer);
    const budget = budgets.amount(customer.position);
    const isUpgraded = subscriptions.hasPlan(customer);
    return {
      budget: budgetOf(budget),
      // Seen on customers without a plan only, and documented nowhere.
      ...(isUpgraded ? {} : { customerSpendingBudget: budgetOf(budget) }),
      percentUsed: exactDigits(percentUsed(cost, budget)),
      isUpgraded,
      ...identityOf(customer.id, customer.displayName),
      ...money,
      // Records of customers tell USD in both kinds.
      usdTotalCost: money.usdTotalCost ?? amount(0n),
      lastModifiedDate: this.#refreshed('sum'),
      attributes: { objectType: 'CustomerMonthlyUsageRecord' },
    };
  }

  customerSummary(customer: PartnerCustomer, self: unknown): object {
    return {
      budget: budgetOf(this.#parts.budgets.amount(customer.position)),
      resourceId: customer.id,
      resourceName: customer.displayName,
      ...this.#period(this.#parts.subscriptions.hasPlan(customer)),
      ...this.#ofCustomer(customer).money,
      lastModifiedDate: this.#refreshed('sum'),
      links: { self },
      attributes: { objectType: 'CustomerUsageSummary' },
    };
  }

  subscription(subscription: AzurePlan | LegacyAzure, partnerMpnId: string): object {
    const isPlan = subscription.kind === 'azurePlan';
    const money = this.#ofSubscription(subscription);
    return {
      status: subscription.status,
      ...(isPlan ? { partnerOnRecord: partnerMpnId } : {}),
      offerId: subscription.offerId,
      ...identityOf(subscription.id, subscription.offerName),
      ...money,
      usdTotalCost: money.usdTotalCost ?? amount(0n),
      lastModifiedDate: this.#refreshed('sum'),
      attributes: { objectType: 'SubscriptionMonthlyUsageRecord' },
    };
  }

  subscriptionSummary(subscription: AzurePlan | LegacyAzure, self: unknown): object {
    return {
      ...identityOf(subscription.id, subscription.offerName),
      ...this.#period(subscription.kind === 'azurePlan'),
      ...this.#ofSubscription(subscription),
      lastModifiedDate: this.#refreshed('sum'),
      links: { self },
      attributes: { objectType: 'SubscriptionUsageSummary' },
    };
  }

  /** What 145P customers billed in dollars spend: one record has one currency, and that is the partner's own. */
  partnerSummary(self: unknown): object {
    const { tenant, legacy, subscriptions, budgets } = this.#parts;
    const { openPeriod, openDays } = legacy;
    const all = subscriptions.allLegacy();
    const costs = new Map<number, bigint>();
    for (const each of all) {
      const { position } = each.customer;
      costs.set(position, (costs.get(position) ?? 0n) + legacy.cost(each, openDays));
    }
    const elapsed = BigInt(Math.max(1, openDays.to - openDays.from + 1));
    const whole = BigInt(openPeriod.to - openPeriod.from + 1);
    const over = (cost: bigint, position: number): boolean => Number(percentUsed(cost, budgets.amount(position))) > 100;
    const inDollars = all.filter(({ customer }) => customer.currency === 'USD');
    return {
      ...identityOf(tenant.directory.partnerTenantId, tenant.directory.partnerName),
      emailsToNotify: [],
      customersOverBudget: [...costs].filter(([position, cost]) => over(cost, position)).length,
      customersTrendingOver: [...costs].filter(([position, cost]) => over((cost * whole) / elapsed, position)).length,
      customersWithUsageBasedSubscription: costs.size,
      ...this.#period(false),
      totalCost: amount(inDollars.reduce((sum, each) => sum + legacy.cost(each, openDays), 0n)),
      currencyLocale: CURRENCY_LOCALES.USD.locale,
      lastModifiedDate: this.#refreshed('sum'),
      links: { self },
      attributes: { objectType: 'PartnerUsageSummary' },
    };
  }

  /** Meters of a 145P subscription. */
  legacyResources(subscription: LegacyAzure): object[] {
    const { legacy } = this.#parts;
    return legacy.uses(subscription, legacy.openDays).map(({ meter, units, cost }) => ({
      category: meter.meter.category,
      subcategory: meter.meter.subCategory,
      quantityUsed: quantityOf(units),
      unit: meter.meter.unit,
      id: meter.id,
      name: meter.meter.name,
      ...legacyMoney(subscription.customer, cost),
      attributes: { objectType: 'AzureResourceMonthlyUsageRecord' },
    }));
  }

  meters(subscription: AzurePlan | LegacyAzure): object[] {
    const { legacy, estimates } = this.#parts;
    const { customer, id } = subscription;
    const common = { lastModifiedDate: this.#refreshed('part'), attributes: { objectType: 'MeterUsageRecord' } };
    if (subscription.kind === 'legacyAzure') {
      return legacy.uses(subscription, legacy.openDays).map(({ meter, units, cost }) => ({
        subscriptionId: id,
        meterId: meter.id,
        meterName: meter.meter.name,
        category: meter.meter.category,
        subcategory: meter.meter.subCategory,
        quantityUsed: quantityOf(units),
        unit: meter.meter.unit,
        ...legacyMoney(customer, cost),
        ...common,
      }));
    }
    return estimates.meters(customer).map(({ id: meterId, line: { meter }, units, cost, usd }) => ({
      subscriptionId: id,
      meterId,
      meterName: meter.name,
      category: meter.category,
      subcategory: meter.subCategory,
      quantityUsed: quantityOf(units),
      unit: meter.unit,
      ...planMoney(customer, cost, usd),
      ...common,
    }));
  }

  /** Azure resources under a plan. */
  resources({ customer, id }: AzurePlan): object[] {
    const { directory } = this.#parts.tenant;
    const { modern } = customer;
    if (!modern) return [];
    return this.#parts.estimates.resources(customer).map(({ line, cost, usd }) => {
      const azure = directory.subscription(modern, line.subscription);
      const [provider = '', ...types] = line.meter.resourceType.split('/');
      return {
        subscriptionId: id,
        resourceUri: `/subscriptions/${azure.name}/resourceGroups/${line.resourceGroup}/providers/${provider}/${types.join('/')}/${line.resourceName}`,
        resourceType: provider,
        entitlementId: azure.name,
        entitlementName: azure.displayName,
        resourceGroupName: line.resourceGroup,
        name: line.resourceName,
        resourceName: line.resourceName,
        ...planMoney(customer, cost, usd),
        lastModifiedDate: this.#refreshed('part'),
        attributes: { objectType: 'ResourceUsageRecord' },
      };
    });
  }

  /** When estimates were last refreshed: those of meters and resources earlier than their sums, and told with more digits. */
  #refreshed(detail: 'sum' | 'part'): string {
    return `${isoDay(this.#parts.tenant.ledger.window.to)}T${detail === 'sum' ? '23:04:41.193' : '21:08:44.2566667'}+00:00`;
  }

  /** With both kinds, the plan's money counts: the 145P subscription of an upgraded customer is deleted. */
  #ofCustomer(customer: PartnerCustomer): { readonly cost: bigint; readonly money: Money } {
    const { subscriptions, estimates, legacy } = this.#parts;
    if (subscriptions.hasPlan(customer)) {
      const { cost, usd } = estimates.ofCustomer(customer);
      return { cost, money: planMoney(customer, cost, usd) };
    }
    const cost = subscriptions
      .legacyOf(customer)
      .reduce((sum, subscription) => sum + legacy.cost(subscription, legacy.openDays), 0n);
    return { cost, money: legacyMoney(customer, cost) };
  }

  #ofSubscription(subscription: AzurePlan | LegacyAzure): Money {
    const { legacy, estimates } = this.#parts;
    const { customer } = subscription;
    if (subscription.kind === 'legacyAzure') return legacyMoney(customer, legacy.cost(subscription, legacy.openDays));
    const { cost, usd } = estimates.ofCustomer(customer);
    return planMoney(customer, cost, usd);
  }

  /** The end of a plan's month is exclusive, that of a 145P period is its last day. */
  #period(isPlan: boolean): { readonly billingStartDate: string; readonly billingEndDate: string } {
    if (!isPlan) {
      const { from, to } = this.#parts.legacy.openPeriod;
      return { billingStartDate: pacificMidnight(from), billingEndDate: pacificMidnight(to) };
    }
    const { from, to } = this.#parts.estimates.month;
    return {
      billingStartDate: `${isoDay(from)}T00:00:00+00:00`,
      billingEndDate: `${isoDay(to + 1)}T00:00:00+00:00`,
    };
  }
}

/** Records have each identity twice. */
function identityOf(id: string, name: string): object {
  return { resourceId: id, id, resourceName: name, name };
}

/** Without amount there is no budget. */
function budgetOf(text: string | undefined): object {
  return {
    ...(text === undefined ? {} : { amount: exactDigits(text) }),
    attributes: { objectType: 'SpendingBudget' },
  };
}
