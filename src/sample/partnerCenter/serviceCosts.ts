import { type DayRange, firstDay, isoDay, lastDay } from '../calendar.ts';
import { COST_SCALE, exactNumber } from '../decimal.ts';
import { Transactions } from '../transactions.ts';
import type { Wire } from './collections.ts';
import { CURRENCY_LOCALES } from './currencyLocale.ts';
import type { PartnerCustomer } from './customers.ts';
import type { Parts } from './parts.ts';
import { orderOf } from './subscriptions.ts';

/** One charge of a customer in the last closed period. */
interface ServiceCost {
  readonly invoiceType: 'Recurring' | 'OneTime';
  readonly invoiceNumber: string;
  readonly days: DayRange;
  readonly subscriptionId: string;
  readonly orderId: string;
  readonly offerId: string;
  readonly offerName: string;
  readonly quantity: number;
  /** 10^-20. */
  readonly amount: bigint;
  /** What one-time items tell beside it. */
  readonly product?: { readonly productId: string; readonly productName: string; readonly skuName: string };
}

/**
 * What a customer was charged in the last closed period (Partner Center REST reference: get a customer's service costs): the newest
 * legacy billing period, and the last calendar month of what is billed through the Microsoft Partner Agreement.
 */
export class ServiceCosts {
  readonly #parts: Parts;
  readonly #transactions: Transactions;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#transactions = new Transactions(parts.tenant);
  }

  /** The sum, and one for each type of invoice that the customer has charges on. */
  summary(customer: PartnerCustomer, wire: Wire): object {
    const costs = this.#of(customer);
    const details = (['Recurring', 'OneTime'] as const).flatMap((invoiceType) => {
      const ofType = costs.filter((cost) => cost.invoiceType === invoiceType);
      return ofType.length === 0
        ? []
        : [{ invoiceType, summary: { ...this.#sum(customer, ofType), links: {}, attributes: SUMMARY } }];
    });
    const path = `customers/${customer.id}/servicecosts/MostRecent`;
    return {
      ...this.#sum(customer, costs),
      details,
      links: { serviceCostLineItems: wire.link({ path: `${path}/lineitems` }), self: wire.link({ path }) },
      attributes: SUMMARY,
    };
  }

  lineItems(customer: PartnerCustomer): object[] {
    const { currency, id, displayName } = customer;
    return this.#of(customer).map((cost) => {
      const total = exactNumber(cost.amount, COST_SCALE);
      return {
        startDate: `${isoDay(cost.days.from)}T00:00:00Z`,
        endDate: `${isoDay(cost.days.to)}T00:00:00Z`,
        subscriptionFriendlyName: cost.offerName,
        subscriptionId: cost.subscriptionId,
        orderId: cost.orderId,
        offerId: cost.offerId,
        offerName: cost.offerName,
        resellerMPNId: '',
        chargeType: cost.invoiceType === 'Recurring' ? 'Cycle fee' : 'new',
        quantity: cost.quantity,
        unitPrice: cost.quantity === 1 ? total : exactNumber(cost.amount / BigInt(cost.quantity), COST_SCALE),
        pretaxTotal: total,
        tax: 0,
        afterTaxTotal: total,
        currencyCode: currency,
        currencySymbol: CURRENCY_LOCALES[currency].symbol,
        customerId: id,
        customerName: displayName,
        invoiceNumber: cost.invoiceNumber,
        ...(cost.product ? { ...cost.product, publisherName: 'Microsoft Corporation', publisherId: '' } : {}),
        attributes: { objectType: 'ServiceCostLineItem' },
      };
    });
  }

  #sum({ id, currency }: PartnerCustomer, costs: readonly ServiceCost[]): object {
    const total = exactNumber(
      costs.reduce((sum, { amount }) => sum + amount, 0n),
      COST_SCALE,
    );
    const [legacy = this.#month] = this.#parts.legacy.closedPeriods;
    const isLegacy = costs.some(({ invoiceType }) => invoiceType === 'Recurring');
    const days = isLegacy ? legacy : this.#month;
    return {
      billingStartDate: `${isoDay(days.from)}T00:00:00Z`,
      billingEndDate: isLegacy ? `${isoDay(days.to)}T00:00:00Z` : `${isoDay(days.to)}T23:59:59.9999999Z`,
      pretaxTotal: total,
      tax: 0,
      afterTaxTotal: total,
      currencyCode: currency,
      currencySymbol: CURRENCY_LOCALES[currency].symbol,
      customerId: id,
    };
  }

  get #month(): DayRange {
    const month = this.#parts.tenant.ledger.openMonth - 1;
    return { from: firstDay(month), to: lastDay(month) };
  }

  #of(customer: PartnerCustomer): ServiceCost[] {
    return [...this.#legacy(customer), ...this.#modern(customer)];
  }

  #legacy(customer: PartnerCustomer): ServiceCost[] {
    const { legacy } = this.#parts;
    const [days] = legacy.closedPeriods;
    if (!days) return [];
    const invoice = legacy
      .invoices()
      .find(({ currency, period }) => currency === customer.currency && period.from === days.from);
    return legacy
      .charges(customer.currency, days)
      .filter(({ subscription }) => subscription.customer.id === customer.id)
      .map(({ subscription, use, amount }) => ({
        invoiceType: 'Recurring',
        invoiceNumber: invoice?.name ?? '',
        days,
        subscriptionId: subscription.id,
        orderId: orderOf(subscription),
        offerId: subscription.offerId,
        offerName: use ? `${subscription.offerName} - ${use.meter.meter.name}` : subscription.offerName,
        quantity: subscription.kind === 'licences' ? subscription.quantity : 1,
        amount,
      }));
  }

  #modern({ modern }: PartnerCustomer): ServiceCost[] {
    if (!modern) return [];
    const planId = this.#parts.subscriptions.planId(modern);
    return this.#transactions.of([{ profile: modern.profile, customer: modern }], this.#month).map((transaction) => {
      const facts = this.#transactions.facts(transaction);
      return {
        invoiceType: 'OneTime',
        invoiceNumber: facts.invoice?.name ?? '',
        days: facts.service,
        subscriptionId: facts.subscription ? planId : facts.name,
        orderId: facts.name.slice(-12),
        offerId: facts.productTypeId,
        offerName: facts.subscription ? 'Azure plan' : facts.description,
        quantity: 1,
        amount: facts.amount,
        product: { productId: facts.productTypeId, productName: facts.productType, skuName: facts.description },
      };
    });
  }
}

const SUMMARY = { objectType: 'ServiceCostsSummary' };
