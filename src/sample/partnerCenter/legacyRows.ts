import { type DayRange, isoDay } from '../calendar.ts';
import { COST_SCALE, exactNumber, QUANTITY_SCALE } from '../decimal.ts';
import type { Directory } from '../directory.ts';
import { hash } from '../hash.ts';
import type { LegacyBilling, LegacyCharge, LegacyInvoice } from './legacyBilling.ts';
import { LEGACY_RATE_SCALE, legacyRate, legacySku } from './legacyMeters.ts';
import type { MeteredResource } from './meteredResources.ts';
import { type LegacyAzure, type Licences, orderOf } from './subscriptions.ts';
import { unitOf } from './utilizationRows.ts';

/** Decimals of an effective rate. */
const RATE_DECIMALS = 8;

/** Line items of legacy invoices, whose members have other names than modern ones (Partner Center REST reference: invoice resources). */
export class LegacyRows {
  readonly #directory: Directory;
  readonly #billing: LegacyBilling;
  readonly #mpnId: number;

  constructor(directory: Directory, billing: LegacyBilling, mpnId: string) {
    this.#directory = directory;
    this.#billing = billing;
    this.#mpnId = Number(mpnId);
  }

  /** Rated use of a 145P subscription on one meter. */
  usageBased(invoice: LegacyInvoice, subscription: LegacyAzure, { use, amount }: LegacyCharge): object | undefined {
    if (!use) return undefined;
    const { meter, units } = use;
    const list = legacyRate(meter, this.#billing.exchangeOf(subscription, invoice.period));
    const total = exactNumber(amount, COST_SCALE);
    // Amounts have 20 decimals and units 6: the quotient gets 8.
    const effective = exactNumber(
      amount / (units * 10n ** BigInt(COST_SCALE - QUANTITY_SCALE - RATE_DECIMALS)),
      RATE_DECIMALS,
    );
    return {
      detailLineItemId: 1,
      sku: legacySku(meter),
      includedQuantity: 0,
      overageQuantity: exactNumber(units, QUANTITY_SCALE),
      listPrice: exactNumber(list, LEGACY_RATE_SCALE),
      currency: invoice.currency,
      pretaxCharges: total,
      taxAmount: 0,
      postTaxTotal: total,
      pretaxEffectiveRate: effective,
      postTaxEffectiveRate: effective,
      chargeType: 'Assess usage fee for current cycle',
      invoiceLineItemType: 'billing_line_items',
      ...this.#azure(invoice, subscription),
      serviceName: meter.meter.category,
      serviceType: meter.meter.subCategory,
      resourceGuid: meter.id,
      resourceName: meter.meter.name,
      region: meter.region.displayName,
      consumedQuantity: exactNumber(units, QUANTITY_SCALE),
      ...dates(invoice.period),
      unit: meter.meter.unit,
      billingProvider: 'azure',
      attributes: { objectType: 'UsageBasedLineItem' },
    };
  }

  /** Unrated use of a resource on a day. */
  dailyUsage(
    invoice: LegacyInvoice,
    subscription: LegacyAzure,
    resource: MeteredResource,
    day: number,
    units: number,
  ): object {
    const { meter, region, id } = resource.meter;
    return {
      ...this.#azure(invoice, subscription),
      customerBillableAccount: String(1_000_000_000 + (hash(0xb1, subscription.slot) % 99_999_999)),
      usageDate: `${isoDay(day)}T00:00:00`,
      serviceName: meter.category,
      serviceType: meter.subCategory,
      meteredService: meter.consumedService,
      meteredServiceType: meter.subCategory,
      meteredRegion: region.displayName,
      project: resource.name,
      serviceInfo: '',
      resourceGuid: id,
      resourceName: meter.name,
      region: region.displayName,
      consumedQuantity: exactNumber(BigInt(units), QUANTITY_SCALE),
      ...dates(invoice.period),
      unit: unitOf(meter.unit),
      invoiceLineItemType: 'usage_line_items',
      billingProvider: 'azure',
      attributes: { objectType: 'DailyUsageLineItem' },
    };
  }

  licence(invoice: LegacyInvoice, licences: Licences, amount: bigint): object {
    const { customer, offerId, offerName, quantity, createdDay } = licences;
    const total = exactNumber(amount, COST_SCALE);
    return {
      partnerId: this.#directory.partnerTenantId,
      customerId: customer.id.toUpperCase(),
      customerName: customer.displayName,
      mpnId: this.#mpnId,
      tier2MpnId: -1,
      orderId: orderOf(licences),
      subscriptionId: licences.id,
      syndicationPartnerSubscriptionNumber: licences.id.toUpperCase(),
      offerId,
      durableOfferId: offerId,
      offerName,
      domainName: customer.domain,
      billingCycleType: 'MONTHLY',
      subscriptionName: offerName,
      subscriptionDescription: offerName,
      subscriptionStartDate: `${isoDay(createdDay)}T00:00:00`,
      subscriptionEndDate: `${isoDay(createdDay + 365)}T00:00:00`,
      ...dates(invoice.period),
      chargeType: 'Cycle fee',
      unitPrice: exactNumber(this.#billing.licencePrice(licences, invoice.period), COST_SCALE),
      quantity,
      amount: total,
      totalOtherDiscount: 0,
      subtotal: total,
      tax: 0,
      totalForCustomer: total,
      currency: invoice.currency,
      invoiceLineItemType: 'billing_line_items',
      billingProvider: 'office',
      attributes: { objectType: 'LicenseBasedLineItem' },
    };
  }

  #azure(invoice: LegacyInvoice, subscription: LegacyAzure): object {
    const { customer, id, offerName } = subscription;
    return {
      partnerId: this.#directory.partnerTenantId.toUpperCase(),
      partnerName: this.#directory.partnerName,
      partnerBillableAccountId: String(1_010_000_000 + (hash(0xb0, this.#mpnId) % 9_999_999)),
      customerId: customer.id,
      domainName: customer.domain,
      customerCompanyName: customer.displayName,
      mpnId: this.#mpnId,
      tier2MpnId: -1,
      invoiceNumber: invoice.name,
      // Invoices write ids in small letters that subscriptions have in capitals.
      subscriptionId: id.toLowerCase(),
      subscriptionName: offerName,
      subscriptionDescription: offerName,
      billingCycleType: 'Monthly',
      orderId: orderOf(subscription),
    };
  }
}

function dates(period: DayRange): object {
  return { chargeStartDate: `${isoDay(period.from)}T00:00:00`, chargeEndDate: `${isoDay(period.to)}T00:00:00` };
}
