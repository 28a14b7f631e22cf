import type { PseudonymKind } from './pseudonyms.ts';

/** What becomes of a column in a file that is made to be shown to others. */
export type Treatment =
  /** It says what was used and what it costs, not by whom. */
  | 'kept'
  /** Free text, tags, links: nobody knows what stands in it, so nothing of it leaves. */
  | 'emptied'
  /** An object of meters, of which the known members are kept. */
  | 'meter'
  | PseudonymKind;

const names = (text: string): readonly string[] => text.trim().toLowerCase().split(/\s+/);

/** Columns by what becomes of them; one name means the same in all kinds of rows but those that {@link BY_SOURCE} names. */
const COLUMNS: Readonly<Partial<Record<Treatment, readonly string[]>>> = {
  kept: names(`
    date usageDate usageStartTime usageEndTime billingMonth billingPeriod billingPeriodStartDate billingPeriodEndDate servicePeriodStartDate
    servicePeriodEndDate chargeStartDate chargeEndDate exchangeRateDate pcToBCExchangeRateDate orderDate
    subscriptionStartDate subscriptionEndDate lastModifiedDate

    quantity billableQuantity quantityUsed consumedQuantity includedQuantity overageQuantity units unit unitOfMeasure unitType

    effectivePrice unitPrice marketPrice payGPrice listPrice effectiveUnitPrice discount pretaxEffectiveRate
    postTaxEffectiveRate exchangeRate exchangeRatePricingToBilling pcToBCExchangeRate partnerEarnedCreditRate
    partnerEarnedCreditApplied rateOfPartnerEarnedCredit hasPartnerEarnedCredit partnerEarnedCreditPercentage rateOfCredit
    creditPercentage creditType creditReasonCode isAzureCreditEligible percentUsed

    cost costInBillingCurrency costInPricingCurrency costInUSD costUSD pretaxCost pretaxCostUSD paygCostInBillingCurrency
    paygCostInUSD totalCost usdTotalCost subtotal taxTotal tax taxAmount total totalForCustomer amount totalOtherDiscount
    pretaxCharges postTaxTotal billingPreTaxTotal pricingPreTaxTotal billingCurrency billingCurrencyCode pricingCurrency
    pricingCurrencyCode currency currencyCode currencyLocale
    azureCreditApplied.value azureCreditApplied.currency consumptionCommitmentDecremented.value
    consumptionCommitmentDecremented.currency effectivePrice.value effectivePrice.currency marketPrice.value
    marketPrice.currency subTotal.value subTotal.currency tax.value tax.currency transactionAmount.value
    transactionAmount.currency

    meterId meter meterName meterCategory meterSubCategory meterRegion meterType meterDescription category subcategory
    meteredService meteredServiceType meteredRegion resource.category resource.subcategory resource.name resource.region
    resource.id product productName productId productIdentifier productType productTypeId productFamily productDescription
    productQualifiers partNumber instanceData.partNumber skuId skuName sku availabilityId offerId offerName durableOfferId
    serviceFamily serviceName serviceType consumedService resourceType resourceGuid publisherId publisherName
    publisherType provider benefitType

    resourceLocation resourceLocationNormalized location instanceData.location region customerCountry

    kind type chargeType transactionType frequency billingFrequency billingCycleType term termAndBillingCycle pricingModel
    invoiceLineItemType billingProvider status isUpgraded isThirdParty reasonCode specialTaxationType azurePlan
    promotionId`),
  emptied: names(`
    tags instanceData.tags additionalInfo instanceData.additionalInfo serviceInfo serviceInfo1 serviceInfo2 infoFields
    attributes links etag budget customerSpendingBudget discountDetails priceAdjustmentDescription
    refundTransactionDetails`),
  meter: ['meterdetails'],
  customer: names(`
    customerName customerCompanyName customerDisplayName customerTenantId customerId customerBillableAccount`),
  domain: names('customerDomainName domainName'),
  partner: names('partnerName partnerTenantId partnerId partnerBillableAccountId partnerOnRecord'),
  partnerNumber: names('mpnId resellerMpnId tier2MpnId'),
  reseller: names('resellerName reseller'),
  account: names('billingAccountId billingAccountName accountName'),
  profile: names('billingProfileId billingProfileName billingProfileDisplayName'),
  section: names('invoiceSection invoiceSectionId invoiceSectionName invoiceSectionDisplayName'),
  invoice: names('invoice invoiceId previousInvoiceId invoiceNumber'),
  subscription: names(`
    subscriptionGuid subscriptionId subscriptionName subscriptionDescription entitlementId entitlementName
    entitlementDescription syndicationPartnerSubscriptionNumber`),
  order: names(
    'orderId orderName productOrderId productOrderName reservationOrderId benefitOrderId instanceData.orderNumber',
  ),
  benefit: names('reservationId reservationName benefitId benefitName'),
  plan: ['planname'],
  person: ['accountownerid'],
  costCenter: ['costcenter'],
  rule: ['costallocationrulename'],
  project: ['project'],
  resourceGroup: names('resourceGroup resourceGroupName'),
  resource: names('resourceName resourceId resourceUri instanceName instanceData.resourceUri'),
  record: names('id name'),
  reference: names('alternateId referenceId detailLineItemId'),
};

/** Where a name means something else: by the kind of the schema. */
const BY_SOURCE: Readonly<Record<string, Readonly<Record<string, Treatment>>>> = {
  'usage of customers': { resourcename: 'customer', name: 'customer', resourceid: 'customer', id: 'customer' },
  'usage of subscriptions': {
    ...{ resourcename: 'subscription', name: 'subscription', resourceid: 'subscription', id: 'subscription' },
  },
  'usage of meters': { name: 'resource', id: 'resource' },
  'usage of resources': { name: 'resource', id: 'resource' },
};

const TREATMENTS: ReadonlyMap<string, Treatment> = new Map(
  Object.entries(COLUMNS).flatMap(([treatment, columns]) => columns.map((name) => [name, treatment as Treatment])),
);

/** What becomes of a column; undefined for one that no list names, which has to be emptied. */
export function treatmentOf(source: string, column: string): Treatment | undefined {
  const name = column.toLowerCase();
  return BY_SOURCE[source]?.[name] ?? TREATMENTS.get(name);
}
