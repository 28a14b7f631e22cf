/** Which attributes a row has: `full` or `basic`. */
export const FRAGMENTS = ['full', 'basic'] as const;
export type Fragment = (typeof FRAGMENTS)[number];

/** An attribute of a row, and the member of the Partner Center line item that says the same. */
export interface Attribute {
  readonly name: string;
  readonly source: string;
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** In the order of Partner Center's daily rated usage file. */
const USAGE = words(`
  PartnerId PartnerName CustomerId CustomerName CustomerDomainName CustomerCountry MpnId Tier2MpnId InvoiceNumber ProductId SkuId
  AvailabilityId SkuName ProductName PublisherName PublisherId SubscriptionDescription SubscriptionId ChargeStartDate ChargeEndDate
  UsageDate MeterType MeterCategory MeterId MeterSubCategory MeterName MeterRegion Unit ResourceLocation ConsumedService ResourceGroup
  ResourceURI ChargeType UnitPrice Quantity UnitType BillingPreTaxTotal BillingCurrency PricingPreTaxTotal PricingCurrency ServiceInfo1
  ServiceInfo2 Tags AdditionalInfo EffectiveUnitPrice PCToBCExchangeRate PCToBCExchangeRateDate EntitlementId EntitlementDescription
  PartnerEarnedCreditPercentage CreditPercentage CreditType BenefitOrderID BenefitID BenefitType`);

/** Graph reference: billing attribute sets. */
const USAGE_ONLY_FULL = new Set(
  words(`
  AvailabilityId BenefitID ConsumedService CustomerCountry CustomerDomainName EntitlementDescription MeterCategory MeterId MeterName
  MeterRegion MeterSubCategory MeterType MpnId PCToBCExchangeRateDate ProductName PublisherId ResourceGroup ResourceLocation ServiceInfo1
  ServiceInfo2 SubscriptionDescription Tags Tier2MpnId Unit`),
);

/** In the order of Partner Center's reconciliation file. Which of them are basic is not published; both fragments have all. */
const RECONCILIATION = words(`
  PartnerId CustomerId CustomerName CustomerDomainName CustomerCountry InvoiceNumber MpnId ResellerMpnId OrderId OrderDate ProductId
  SkuId AvailabilityId SkuName ProductName ChargeType UnitPrice Quantity Subtotal TaxTotal Total Currency PriceAdjustmentDescription
  PublisherName PublisherId SubscriptionDescription SubscriptionId ChargeStartDate ChargeEndDate TermAndBillingCycle EffectiveUnitPrice
  UnitType AlternateId BillableQuantity BillingFrequency PricingCurrency PCToBCExchangeRate PCToBCExchangeRateDate MeterDescription
  ReservationOrderId CreditReasonCode`);

/** Members that are not just the attribute with a small first letter. */
const SOURCES: Readonly<Record<string, string>> = {
  Tier2MpnId: 'resellerMpnId',
  Unit: 'unitOfMeasure',
  ResourceURI: 'resourceUri',
  PCToBCExchangeRate: 'pcToBCExchangeRate',
  PCToBCExchangeRateDate: 'pcToBCExchangeRateDate',
  PartnerEarnedCreditPercentage: 'rateOfPartnerEarnedCredit',
  CreditPercentage: 'rateOfCredit',
  BenefitOrderID: 'benefitOrderId',
  BenefitID: 'benefitId',
  Total: 'totalForCustomer',
};

/** Attributes of daily rated usage. */
export function usageAttributes(fragment: Fragment): readonly Attribute[] {
  return USAGE.filter((name) => fragment === 'full' || !USAGE_ONLY_FULL.has(name)).map(attribute);
}

/** Attributes of reconciliation. */
export const RECONCILIATION_ATTRIBUTES: readonly Attribute[] = RECONCILIATION.map(attribute);

/** A line item in Graph's names; members that it lacks are null. */
export function inAttributes(
  attributes: readonly Attribute[],
  item: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ name, source }) => [name, item[source] ?? null]));
}

function attribute(name: string): Attribute {
  return { name, source: SOURCES[name] ?? `${name.charAt(0).toLowerCase()}${name.slice(1)}` };
}
