import { isoDay } from '../calendar.ts';
import { COST_SCALE, decimalText, exactNumber, QUANTITY_SCALE, RATE_SCALE } from '../decimal.ts';
import { guid, hash } from '../hash.ts';
import type { TransactionFacts } from '../transactions.ts';
import { CURRENCY_LOCALES } from './currencyLocale.ts';
import type { PartnerCustomers } from './customers.ts';
import type { PartnerSubscriptions } from './subscriptions.ts';

/** How a reconciliation line item is written. */
interface OneTimeStyle {
  /** Whether amounts and quantities of purchases are texts. */
  readonly textNumbers: boolean;
  /** What stands for a date that does not exist. */
  readonly emptyDate: string | undefined;
}

/**
 * A reconciliation line item of a modern invoice, or of the open month (Partner Center REST reference: invoice resources, one-time line
 * item). One for each transaction of the ARM side, so that their subtotals are the invoice: Azure plan consumption by resource and
 * meter, the rounding, purchases.
 */
export function oneTimeRow(
  subscriptions: PartnerSubscriptions,
  mpnId: string,
  facts: TransactionFacts,
  style: OneTimeStyle,
): object {
  const customers: PartnerCustomers = subscriptions.customers;
  const { customer, subscription, invoice, profile, service } = facts;
  const isPurchase = facts.type === 'Purchase';
  const isUsage = subscription !== undefined;
  const number = (units: bigint, scale: number): unknown =>
    isPurchase && style.textNumbers ? decimalText(units, scale) : exactNumber(units, scale);
  const time = (day: number): string => `${isoDay(day)}T00:00:00Z`;
  const reference = guid(hash(0x0e7, ...Buffer.from(facts.name)), 0);
  return {
    partnerId: customers.tenant.directory.partnerTenantId,
    customerId: customer?.name ?? '',
    customerName: customer?.displayName ?? '',
    customerDomainName: customer ? customers.domain(customer.index) : '',
    customerCountry: customer ? CURRENCY_LOCALES[profile.currency].country : '',
    invoiceNumber: invoice?.name ?? '',
    mpnId,
    // The text and the number zero are both seen for no reseller.
    resellerMpnId: isPurchase ? '0' : 0,
    orderId: facts.name.slice(-12),
    orderDate: isPurchase ? time(facts.day) : style.emptyDate,
    productId: facts.productTypeId,
    skuId: hash(0x5c, ...Buffer.from(facts.productTypeId))
      .toString(36)
      .toUpperCase()
      .slice(0, 4)
      .padStart(4, '0'),
    availabilityId: facts.productTypeId === '' ? '' : `${facts.productTypeId.slice(0, 8)}AV01`,
    productName: facts.productType === '' ? facts.description : facts.productType,
    skuName: facts.description,
    productQualifiers: [],
    chargeType: isPurchase || isUsage ? 'new' : 'adjustment',
    unitPrice: number(facts.marketPrice, COST_SCALE),
    effectiveUnitPrice: number(facts.price, COST_SCALE),
    unitType: isUsage ? facts.unit : '',
    quantity: number(BigInt(facts.quantity), 0),
    subtotal: number(facts.amount, COST_SCALE),
    taxTotal: number(0n, COST_SCALE),
    totalForCustomer: number(facts.amount, COST_SCALE),
    currency: profile.currency,
    publisherName: facts.family === 'SaaS' ? 'Northlode' : 'Microsoft Corporation',
    publisherId: '',
    subscriptionDescription: isUsage ? 'Azure plan' : '',
    subscriptionId: customer && isUsage ? subscriptions.planId(customer) : reference,
    subscriptionStartDate: isPurchase ? time(service.from) : style.emptyDate,
    subscriptionEndDate: isPurchase ? time(service.to) : style.emptyDate,
    chargeStartDate: time(service.from),
    chargeEndDate: time(service.to),
    termAndBillingCycle: isPurchase ? facts.unit : '',
    alternateId: facts.name.slice(-12),
    referenceId: reference,
    priceAdjustmentDescription:
      facts.discount > 0 ? JSON.stringify(['15.0% Partner earned credit for services managed']) : '',
    discountDetails: '',
    creditReasonCode: '',
    pricingCurrency: facts.pricingCurrency,
    pcToBCExchangeRate: number(facts.rate, RATE_SCALE),
    pcToBCExchangeRateDate: time(service.from),
    billableQuantity: number(facts.units, QUANTITY_SCALE),
    meterDescription: isUsage ? facts.description : '',
    reservationOrderId: facts.isReservation ? reference : '',
    billingFrequency: isPurchase ? 'monthly' : '',
    promotionId: '',
    invoiceLineItemType: 'billing_line_items',
    billingProvider: 'one_time',
    attributes: { objectType: 'OneTimeInvoiceLineItem' },
  };
}
