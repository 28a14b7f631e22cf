/**
 * Columns of the cost files that the service writes (Cost Details, exports). Public documents: "Cost and usage details file
 * schema" for partner agreements, and "FOCUS cost and usage details file schema". Names are compared without case: their
 * spelling differs between versions.
 */

/** Columns of Cost Details at partner scopes in the order of the file: the header of a report that has no file at all. */
export const COST_DETAILS_COLUMNS: readonly string[] = [
  ...['invoiceId', 'previousInvoiceId', 'billingAccountId', 'billingAccountName', 'billingProfileId'],
  ...['billingProfileName', 'invoiceSectionId', 'invoiceSectionName', 'partnerTenantId', 'partnerName', 'resellerName'],
  ...['resellerMpnId', 'customerTenantId', 'customerName', 'costCenter', 'billingPeriodEndDate'],
  ...['billingPeriodStartDate', 'servicePeriodEndDate', 'servicePeriodStartDate', 'date', 'serviceFamily'],
  ...['productOrderId', 'productOrderName', 'consumedService', 'meterId', 'meterName', 'meterCategory'],
  ...['meterSubCategory', 'meterRegion', 'ProductId', 'ProductName', 'SubscriptionId', 'subscriptionName'],
  ...['publisherType', 'publisherId', 'publisherName', 'resourceGroupName', 'ResourceId', 'resourceLocation'],
  ...['location', 'effectivePrice', 'quantity', 'unitOfMeasure', 'chargeType', 'billingCurrency', 'pricingCurrency'],
  ...['costInBillingCurrency', 'costInPricingCurrency', 'costInUsd', 'paygCostInBillingCurrency', 'paygCostInUsd'],
  ...['exchangeRatePricingToBilling', 'exchangeRateDate', 'isAzureCreditEligible', 'serviceInfo1', 'serviceInfo2'],
  ...['additionalInfo', 'tags', 'partnerEarnedCreditRate', 'partnerEarnedCreditApplied', 'PayGPrice', 'frequency'],
  ...['term', 'reservationId', 'reservationName', 'pricingModel', 'unitPrice', 'benefitId', 'benefitName', 'provider'],
];

const NUMBERS = new Set(
  [
    // Actual and amortized cost; enrolments call some of them differently.
    ...['quantity', 'effectivePrice', 'unitPrice', 'PayGPrice', 'marketPrice', 'cost', 'costInBillingCurrency'],
    ...['costInPricingCurrency', 'costInUsd', 'paygCostInBillingCurrency', 'paygCostInUsd'],
    ...['exchangeRatePricingToBilling', 'partnerEarnedCreditRate'],
    // FOCUS.
    ...['BilledCost', 'ContractedCost', 'EffectiveCost', 'ListCost', 'ContractedUnitPrice', 'ListUnitPrice'],
    ...['ConsumedQuantity', 'PricingQuantity', 'UsageQuantity', 'CommitmentDiscountQuantity', 'x_BilledCostInUsd'],
    ...['x_BilledUnitPrice', 'x_BillingExchangeRate', 'x_ContractedCostInUsd', 'x_EffectiveCostInUsd'],
    ...['x_EffectiveUnitPrice', 'x_ListCostInUsd', 'x_OnDemandCost', 'x_OnDemandCostInUsd', 'x_OnDemandUnitPrice'],
    ...['x_PartnerCreditRate', 'x_PricingBlockSize'],
  ].map((name) => name.toLowerCase()),
);

/** Whether a column holds numbers; all others stay text, whatever they look like: ids are made of digits too. */
export function isNumberColumn(name: string): boolean {
  return NUMBERS.has(name.toLowerCase());
}

const AMOUNTS = ['costinbillingcurrency', 'cost', 'billedcost'];
const CURRENCIES = ['billingcurrency', 'billingcurrencycode', 'currency'];

/** When the use or the purchase was; FOCUS tells the beginning of what is charged. */
const DAYS = ['date', 'usagedate', 'usagedatetime', 'chargeperiodstart'];

/** Positions of the cost, its currency and its day, the first that the file has of several names; -1 where it has none. */
export function costColumns(header: readonly string[]): { amount: number; currency: number; day: number } {
  const names = header.map((name) => name.toLowerCase());
  const first = (candidates: string[]) =>
    candidates.map((name) => names.indexOf(name)).find((position) => position >= 0) ?? -1;
  return { amount: first(AMOUNTS), currency: first(CURRENCIES), day: first(DAYS) };
}
