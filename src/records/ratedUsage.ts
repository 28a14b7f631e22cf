import { defineFlatSchema, type RecordSchema } from './schema.ts';

/**
 * Daily rated usage as line items of Partner Center (REST reference: Invoice resources, `DailyRatedUsageLineItem`). Numbers are texts in
 * some rows; tags and additional information are JSON as text. When, who, what, how much come first.
 */
export const RATED_USAGE_LINES: RecordSchema = defineFlatSchema(
  'daily rated usage',
  [
    ...['usageDate', 'customerName', 'customerDomainName', 'subscriptionDescription', 'entitlementDescription'],
    ...['resourceGroup', 'meterCategory', 'meterSubCategory', 'meterName', 'skuName'],
    ...['productName', 'publisherName', 'chargeType', 'quantity', 'unitOfMeasure'],
    ...['unitPrice', 'effectiveUnitPrice', 'billingPreTaxTotal', 'billingCurrency', 'pricingPreTaxTotal'],
    ...[
      'pricingCurrency',
      'pcToBCExchangeRate',
      'pcToBCExchangeRateDate',
      'rateOfPartnerEarnedCredit',
      'hasPartnerEarnedCredit',
    ],
    ...['rateOfCredit', 'creditType', 'unitType', 'resourceLocation', 'meterRegion'],
    ...['consumedService', 'resourceUri', 'meterType', 'meterId', 'productId'],
    ...['skuId', 'availabilityId', 'publisherId', 'chargeStartDate', 'chargeEndDate'],
    ...['invoiceNumber', 'subscriptionId', 'entitlementId', 'customerId', 'customerCountry'],
    ...['partnerId', 'partnerName', 'mpnId', 'resellerMpnId', 'benefitOrderId'],
    ...['benefitId', 'benefitType', 'serviceInfo1', 'serviceInfo2', 'tags'],
    ...['additionalInfo', 'invoiceLineItemType', 'billingProvider', 'attributes'],
  ],
  { amount: 'billingPreTaxTotal', currency: 'billingCurrency', day: 'usageDate' },
  { list: 'items' },
);

/** Usage of an invoice of legacy commerce by meter (same reference, `UsageBasedLineItem`); the total is before tax. */
export const LEGACY_USAGE_LINES: RecordSchema = defineFlatSchema(
  'usage of legacy commerce',
  [
    ...['chargeStartDate', 'chargeEndDate', 'customerCompanyName', 'customerName', 'domainName'],
    ...['subscriptionName', 'subscriptionDescription', 'serviceName', 'serviceType', 'resourceName'],
    ...['region', 'sku', 'consumedQuantity', 'includedQuantity', 'overageQuantity'],
    ...['unit', 'listPrice', 'pretaxCharges', 'taxAmount', 'postTaxTotal'],
    ...['currency', 'pretaxEffectiveRate', 'postTaxEffectiveRate', 'chargeType', 'billingCycleType'],
    ...['resourceGuid', 'detailLineItemId', 'invoiceNumber', 'subscriptionId', 'orderId'],
    ...['customerId', 'partnerId', 'partnerName', 'partnerBillableAccountId', 'mpnId'],
    ...['tier2MpnId', 'invoiceLineItemType', 'billingProvider', 'attributes'],
  ],
  { amount: 'pretaxCharges', currency: 'currency', day: 'chargeStartDate' },
  { list: 'items' },
);

/** The same usage in the exports of Microsoft Graph (Graph reference: attributes of billed and unbilled usage); lines, not pages. */
export const EXPORTED_USAGE: RecordSchema = defineFlatSchema(
  'exported rated usage',
  [
    ...['UsageDate', 'CustomerName', 'CustomerDomainName', 'SubscriptionDescription', 'EntitlementDescription'],
    ...['ResourceGroup', 'MeterCategory', 'MeterSubCategory', 'MeterName', 'SkuName'],
    ...['ProductName', 'PublisherName', 'ChargeType', 'Quantity', 'Unit'],
    ...['UnitPrice', 'EffectiveUnitPrice', 'BillingPreTaxTotal', 'BillingCurrency', 'PricingPreTaxTotal'],
    ...[
      'PricingCurrency',
      'PCToBCExchangeRate',
      'PCToBCExchangeRateDate',
      'PartnerEarnedCreditPercentage',
      'CreditPercentage',
    ],
    ...['CreditType', 'UnitType', 'ResourceLocation', 'MeterRegion', 'ConsumedService'],
    ...['ResourceURI', 'MeterType', 'MeterId', 'ProductId', 'SkuId'],
    ...['AvailabilityId', 'PublisherId', 'ChargeStartDate', 'ChargeEndDate', 'InvoiceNumber'],
    ...['SubscriptionId', 'EntitlementId', 'CustomerId', 'CustomerCountry', 'PartnerId'],
    ...['PartnerName', 'MpnId', 'Tier2MpnId', 'BenefitOrderId', 'BenefitId'],
    ...['BenefitType', 'ServiceInfo1', 'ServiceInfo2', 'Tags', 'AdditionalInfo'],
  ],
  { amount: 'BillingPreTaxTotal', currency: 'BillingCurrency', day: 'UsageDate' },
  { anyCase: true },
);
