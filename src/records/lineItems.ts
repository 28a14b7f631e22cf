import { defineFlatSchema, type RecordSchema } from './schema.ts';

/**
 * Charges of an invoice of new commerce, or of what has none yet, as line items of Partner Center (REST reference: Invoice resources,
 * `OneTimeInvoiceLineItem`). Numbers are texts in some rows; the total is before tax. What, who and how much come first.
 */
export const ONE_TIME_LINES: RecordSchema = defineFlatSchema(
  'charges of new commerce',
  [
    ...['chargeStartDate', 'chargeEndDate', 'customerName', 'customerDomainName', 'subscriptionDescription'],
    ...['productName', 'skuName', 'publisherName', 'meterDescription', 'chargeType'],
    ...['quantity', 'billableQuantity', 'unitType', 'unitPrice', 'effectiveUnitPrice'],
    ...['subtotal', 'taxTotal', 'totalForCustomer', 'currency', 'pricingCurrency'],
    ...['pcToBCExchangeRate', 'pcToBCExchangeRateDate', 'termAndBillingCycle', 'billingFrequency'],
    ...['priceAdjustmentDescription', 'discountDetails', 'creditReasonCode', 'promotionId', 'orderDate'],
    ...['orderId', 'subscriptionId', 'subscriptionStartDate', 'subscriptionEndDate', 'productId'],
    ...['skuId', 'availabilityId', 'productQualifiers', 'publisherId', 'alternateId'],
    ...['referenceId', 'reservationOrderId', 'invoiceNumber', 'customerId', 'customerCountry'],
    ...['partnerId', 'mpnId', 'resellerMpnId', 'invoiceLineItemType', 'billingProvider', 'attributes'],
  ],
  { amount: 'subtotal', currency: 'currency', day: 'chargeStartDate' },
  { list: 'items' },
);

/** The same charges in the exports of Microsoft Graph, in the fields of the reconciliation file; lines, not pages. */
export const EXPORTED_RECONCILIATION: RecordSchema = defineFlatSchema(
  'exported charges',
  [
    ...['ChargeStartDate', 'ChargeEndDate', 'CustomerName', 'CustomerDomainName', 'SubscriptionDescription'],
    ...['ProductName', 'SkuName', 'PublisherName', 'MeterDescription', 'ChargeType'],
    ...['Quantity', 'BillableQuantity', 'UnitType', 'UnitPrice', 'EffectiveUnitPrice'],
    ...['Subtotal', 'TaxTotal', 'Total', 'Currency', 'PricingCurrency'],
    ...['PCToBCExchangeRate', 'PCToBCExchangeRateDate', 'TermAndBillingCycle', 'BillingFrequency'],
    ...['PriceAdjustmentDescription', 'CreditReasonCode', 'OrderDate', 'OrderId', 'SubscriptionId'],
    ...['ProductId', 'SkuId', 'AvailabilityId', 'PublisherId', 'AlternateId'],
    ...['ReservationOrderId', 'InvoiceNumber', 'CustomerId', 'CustomerCountry', 'PartnerId'],
    ...['MpnId', 'ResellerMpnId'],
  ],
  { amount: 'Subtotal', currency: 'Currency', day: 'ChargeStartDate' },
  { anyCase: true },
);

/** Use of legacy Azure by day and resource, behind an invoice (`DailyUsageLineItem`): no prices, added up per unit. */
export const LEGACY_DAILY_USAGE_LINES: RecordSchema = defineFlatSchema(
  'daily use of legacy commerce',
  [
    ...['usageDate', 'customerCompanyName', 'customerName', 'domainName', 'subscriptionName'],
    ...['subscriptionDescription', 'serviceName', 'serviceType', 'resourceName', 'region'],
    ...['project', 'consumedQuantity', 'unit', 'meteredService', 'meteredServiceType'],
    ...['meteredRegion', 'serviceInfo', 'chargeStartDate', 'chargeEndDate', 'billingCycleType'],
    ...['resourceGuid', 'invoiceNumber', 'subscriptionId', 'orderId', 'customerId'],
    ...['customerBillableAccount', 'partnerId', 'partnerName', 'partnerBillableAccountId', 'mpnId'],
    ...['tier2MpnId', 'invoiceLineItemType', 'billingProvider', 'attributes'],
  ],
  { amount: 'consumedQuantity', currency: 'unit', day: 'usageDate' },
  { list: 'items' },
);

/** Licences of an invoice of legacy commerce (`LicenseBasedLineItem`); the total is before tax. */
export const LICENCE_LINES: RecordSchema = defineFlatSchema(
  'licences',
  [
    ...['chargeStartDate', 'chargeEndDate', 'customerName', 'domainName', 'subscriptionName'],
    ...['subscriptionDescription', 'offerName', 'chargeType', 'quantity', 'unitPrice'],
    ...['amount', 'totalOtherDiscount', 'subtotal', 'tax', 'totalForCustomer'],
    ...['currency', 'billingCycleType', 'subscriptionStartDate', 'subscriptionEndDate', 'offerId'],
    ...['durableOfferId', 'subscriptionId', 'syndicationPartnerSubscriptionNumber', 'orderId'],
    ...['customerId', 'partnerId', 'mpnId', 'tier2MpnId', 'invoiceLineItemType', 'billingProvider', 'attributes'],
  ],
  { amount: 'subtotal', currency: 'currency', day: 'chargeStartDate' },
  { list: 'items' },
);
