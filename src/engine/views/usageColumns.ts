import type { ColumnKind } from '../cells.ts';

/** A column of the view `usage`. `from`: names in files, compared without case; the first that has a value counts. */
export interface UsageColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly meaning: string;
  readonly from: readonly string[];
  /** SQL around the value; `v` stands for it. */
  readonly made?: string;
  /** Costs that only files with such costs know. */
  readonly costs?: 'actual' | 'amortized';
}

const text = (name: string, meaning: string, from: readonly string[], made?: string): UsageColumn => ({
  name,
  kind: 'text',
  meaning,
  from: [name, ...from],
  ...(made !== undefined && { made }),
});
const amount = (name: string, meaning: string, from: readonly string[], costs?: UsageColumn['costs']): UsageColumn => ({
  name,
  kind: 'decimal',
  meaning,
  from: [name, ...from],
  ...(costs !== undefined && { costs }),
});
const day = (name: string, meaning: string, from: readonly string[], made?: string): UsageColumn => ({
  name,
  kind: 'date',
  meaning,
  from: [name, ...from],
  ...(made !== undefined && { made }),
});

/** FOCUS words for Azure's charge types; others stay as they are. */
const CATEGORY = `CASE lower(v) WHEN 'unusedreservation' THEN 'Usage' WHEN 'unusedsavingsplan' THEN 'Usage' WHEN 'usage' THEN 'Usage' WHEN 'purchase' THEN 'Purchase' WHEN 'refund' THEN 'Purchase' WHEN 'credit' THEN 'Credit' WHEN 'tax' THEN 'Tax' WHEN 'adjustment' THEN 'Adjustment' WHEN 'roundingadjustment' THEN 'Adjustment' ELSE v END`;

const COST = ['costInBillingCurrency', 'cost'];

/**
 * Usage by the names of FOCUS 1.2, from the columns of modern and legacy usage details and of cost files (Cost Management: Migrate from Usage
 * Details), or from FOCUS files themselves.
 */
export const USAGE_COLUMNS: readonly UsageColumn[] = [
  day('ChargePeriodStart', 'Day of the charge, UTC', ['date', 'usageDate']),
  text('x_CustomerName', 'Customer', ['customerName']),
  text('x_CustomerId', "The customer's tenant", ['customerTenantId', 'customerId']),
  text('SubAccountName', 'Subscription', ['subscriptionName']),
  text(
    'SubAccountId',
    'Path of the subscription',
    ['subscriptionGuid', 'subscriptionId'],
    `CASE WHEN starts_with(v, '/') THEN v ELSE '/subscriptions/' || v END`,
  ),
  text('x_ResourceGroupName', 'Resource group', ['resourceGroup', 'resourceGroupName']),
  text('ResourceId', 'Path of the resource', ['instanceName', 'instanceId']),
  text('ResourceName', 'Last part of the path', ['instanceName', 'resourceId', 'instanceId'], `split_part(v, '/', -1)`),
  text('RegionId', 'Region of the resource', ['resourceLocation']),
  text('RegionName', 'Region, in words', ['resourceLocationNormalized', 'location']),
  text('ServiceName', 'Service: the category of the meter', ['meterCategory']),
  text('x_SkuMeterSubcategory', 'Subcategory of the meter', ['meterSubCategory']),
  text('SkuMeter', 'Meter', ['meterName']),
  text('x_SkuMeterId', 'Id of the meter', ['meterId']),
  text('x_SkuServiceFamily', 'Family of services', ['serviceFamily']),
  text('ChargeDescription', 'Product', ['product', 'productName']),
  text('ChargeCategory', 'Usage, Purchase, Tax, Credit or Adjustment', ['chargeType'], CATEGORY),
  text('x_ChargeType', "Azure's charge type", ['chargeType']),
  text('x_PricingModel', 'OnDemand, Reservation, SavingsPlan or Spot', ['pricingModel']),
  text('x_Frequency', 'UsageBased, OneTime or Recurring', ['frequency']),
  amount('BilledCost', 'What is invoiced, in the billing currency', COST, 'actual'),
  amount('EffectiveCost', 'Purchases spread over their use, in the billing currency', COST, 'amortized'),
  text('BillingCurrency', 'Currency of the costs: never add different ones', [
    'billingCurrencyCode',
    'billingCurrency',
  ]),
  amount('ListCost', 'Cost at pay-as-you-go prices', ['paygCostInBillingCurrency']),
  amount('x_CostInPricingCurrency', 'Cost in the pricing currency', ['costInPricingCurrency']),
  text('PricingCurrency', 'Currency of the prices', ['pricingCurrencyCode', 'pricingCurrency']),
  amount('x_CostInUsd', 'Cost in US dollars', ['costInUSD', 'costInUsd']),
  amount('PricingQuantity', 'Quantity', ['quantity']),
  text('x_PricingUnitDescription', 'Unit of the quantity', ['unitOfMeasure']),
  amount('x_EffectiveUnitPrice', 'Price paid for one unit', ['effectivePrice']),
  amount('ContractedUnitPrice', 'Agreed price of one unit', ['unitPrice']),
  amount('ListUnitPrice', 'Pay-as-you-go price of one unit', ['payGPrice', 'marketPrice']),
  amount('x_BillingExchangeRate', 'From pricing to billing currency', ['exchangeRatePricingToBilling', 'exchangeRate']),
  text('CommitmentDiscountId', 'Reservation or savings plan', ['benefitId', 'reservationId']),
  text('CommitmentDiscountName', 'Its name', ['benefitName', 'reservationName']),
  text('PublisherName', 'Publisher', []),
  text('InvoiceId', 'Invoice, when there is one', []),
  text('BillingAccountId', 'Billing profile', ['billingProfileId']),
  text('BillingAccountName', 'Name of the billing profile', ['billingProfileName']),
  text('x_InvoiceSectionName', 'Invoice section', ['invoiceSectionName', 'invoiceSection']),
  text('x_CostCenter', 'Cost center', ['costCenter']),
  day('BillingPeriodStart', 'First day of the billing period', ['billingPeriodStartDate']),
  text('x_PartnerCreditApplied', 'Whether partner earned credit was applied', ['partnerEarnedCreditApplied']),
  amount('x_PartnerCreditRate', 'Rate of partner earned credit', ['partnerEarnedCreditRate']),
  text('Tags', 'Tags as JSON', []),
];
