import { firstDay, isoDay } from '../calendar.ts';
import { COST_SCALE, decimalText, decimalUnits, QUANTITY_SCALE, RATE_SCALE } from '../decimal.ts';
import type { CostRow } from './costRows.ts';
import type { CellKind, DatasetColumn } from './dataset.ts';
import { pricingUnit, serviceCategory } from './focusTerms.ts';

/**
 * Columns of the FOCUS dataset, by name as its files have them (FinOps Open Cost and Usage Specification; Cost Management
 * documentation: FOCUS file schema). The billing account of the specification is Azure's billing profile, which has
 * one currency; Azure's own billing account is x_BillingAccountId. Prices and costs are in the billing currency where
 * the name does not say USD. The ends of the specification's own periods are exclusive.
 */
export function focusColumns(dataVersion: string): readonly DatasetColumn[] {
  const version = VERSIONS.get(dataVersion);
  if (!version) {
    throw new RangeError(`dataVersion '${dataVersion}' is not valid: use one of ${[...VERSIONS.keys()].join(', ')}.`);
  }
  const { without = [], added = [], time } = version;
  return [...COMMON, ...LATER.filter(({ name }) => added.includes(name))]
    .filter(({ name }) => !without.includes(name))
    .map(({ name, kind, cell }): DatasetColumn => {
      if (kind !== 'date') return { name, kind, cell };
      return { name, kind, cell: (row) => `${cell(row)}${time}` };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface Version {
  /** What follows the day in cells of dates. */
  readonly time: string;
  /** Columns that it lacks, and has beyond those of 1.0. */
  readonly without?: readonly string[];
  readonly added?: readonly string[];
}

const MINUTES = 'T00:00Z';
const SECONDS = 'T00:00:00Z';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const ADDED_IN_1_2 = words(`
  CapacityReservationId CapacityReservationStatus CommitmentDiscountQuantity CommitmentDiscountUnit InvoiceId
  PricingCurrency ServiceSubcategory SkuMeter SkuPriceDetails x_AmortizationClass x_ServiceModel x_SkuPlanName`);
const GONE_IN_1_2 = words('x_InvoiceId x_PricingCurrency x_SkuMeterName');

const VERSIONS: ReadonlyMap<string, Version> = new Map([
  [
    '1.0-preview(v1)',
    {
      time: MINUTES,
      without: words(`
        ChargeClass CommitmentDiscountStatus ConsumedQuantity ConsumedUnit ContractedCost ContractedUnitPrice RegionId
        RegionName x_AccountId x_ContractedCostInUsd x_ListCostInUsd`),
      added: words(`
        AvailabilityZone ChargeSubcategory Region UsageQuantity UsageUnit x_ChargeId x_OnDemandCost x_OnDemandCostInUsd
        x_OnDemandUnitPrice`),
    },
  ],
  ['1.0', { time: MINUTES }],
  ['1.0r2', { time: SECONDS }],
  ['1.2-preview', { time: SECONDS, without: GONE_IN_1_2, added: ADDED_IN_1_2 }],
  ['1.2', { time: SECONDS, without: [...GONE_IN_1_2, 'x_SkuDetails'], added: ADDED_IN_1_2 }],
]);

const of =
  (kind: CellKind) =>
  (name: string, cell: DatasetColumn['cell']): DatasetColumn => ({ name, kind, cell });
const text = of('text');
const number = of('number');
const boolean = of('boolean');
/** The cell is the day, YYYY-MM-DD; the version adds the time. */
const date = of('date');
const constant = (name: string, value: string): DatasetColumn => text(name, () => value);
const empty = (names: string): DatasetColumn[] => words(names).map((name) => constant(name, ''));
const field =
  (name: string): DatasetColumn['cell'] =>
  ({ fields }) =>
    fields[name] ?? '';

const product = (a: string, b: string): string =>
  decimalText(decimalUnits(a, COST_SCALE) * decimalUnits(b, RATE_SCALE), COST_SCALE + RATE_SCALE);

/** A unit price in billing currency. */
const price =
  (name: string): DatasetColumn['cell'] =>
  ({ fields }) =>
    product(fields[name] ?? '0', fields.exchangeRatePricingToBilling ?? '1');

const unitOf = ({ fields }: CostRow) => pricingUnit(fields.unitOfMeasure ?? '');

/** Quantities are priced in blocks and consumed in units. */
const consumed: DatasetColumn['cell'] = (row) =>
  row.line ? decimalText(decimalUnits(row.quantity, QUANTITY_SCALE) * unitOf(row).block, QUANTITY_SCALE) : '';
const consumedUnit: DatasetColumn['cell'] = (row) => (row.line ? unitOf(row).name : '');

const cost: DatasetColumn['cell'] = (row) => row.costInBillingCurrency;
const costInUsd: DatasetColumn['cell'] = (row) => row.costInUSD;
const listCost: DatasetColumn['cell'] = (row) => row.paygCostInBillingCurrency;
const listCostInUsd: DatasetColumn['cell'] = (row) => row.paygCostInUSD;

const lastSegment = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const profilePath = ({ fields }: CostRow): string =>
  `/providers/Microsoft.Billing/billingAccounts/${fields.billingAccountId}/billingProfiles/${fields.billingProfileId}`;
const isCredited = ({ fields }: CostRow): string => String(fields.partnerEarnedCreditApplied === '1');

/** Columns of 1.0. Partner earned credit is what lies between contracted and billed cost. */
const COMMON: readonly DatasetColumn[] = [
  number('BilledCost', cost),
  text('BillingAccountId', profilePath),
  text('BillingAccountName', field('billingProfileName')),
  constant('BillingAccountType', 'Billing Profile'),
  text('BillingCurrency', field('billingCurrencyCode')),
  date('BillingPeriodEnd', ({ month }) => isoDay(firstDay(month + 1))),
  date('BillingPeriodStart', ({ month }) => isoDay(firstDay(month))),
  text('ChargeCategory', ({ line }) => (line ? 'Usage' : 'Adjustment')),
  text('ChargeDescription', field('product')),
  text('ChargeFrequency', ({ line }) => (line ? 'Usage-Based' : 'One-Time')),
  date('ChargePeriodEnd', ({ day }) => isoDay(day + 1)),
  date('ChargePeriodStart', ({ day }) => isoDay(day)),
  number('ConsumedQuantity', consumed),
  text('ConsumedUnit', consumedUnit),
  number('ContractedCost', listCost),
  number('ContractedUnitPrice', price('unitPrice')),
  number('EffectiveCost', cost),
  constant('InvoiceIssuerName', 'Microsoft'),
  number('ListCost', listCost),
  number('ListUnitPrice', price('payGPrice')),
  text('PricingCategory', ({ line }) => (line ? 'Standard' : '')),
  number('PricingQuantity', ({ quantity }) => quantity),
  text('PricingUnit', (row) => unitOf(row).name),
  constant('ProviderName', 'Microsoft'),
  text('PublisherName', field('publisherName')),
  text('RegionId', (row) => field('resourceLocation')(row).toLowerCase()),
  text('RegionName', field('resourceLocationNormalized')),
  text('ResourceId', field('instanceName')),
  text('ResourceName', (row) => lastSegment(field('instanceName')(row))),
  text('ResourceType', ({ line }) => lastSegment(line?.meter.resourceType ?? '')),
  text('ServiceCategory', ({ line }) => (line ? serviceCategory(line.meter.serviceFamily) : '')),
  text('ServiceName', field('meterCategory')),
  text('SkuId', field('productIdentifier')),
  text('SkuPriceId', (row) => (row.line ? `${field('productIdentifier')(row)}_${field('meterId')(row)}` : '')),
  text('SubAccountId', ({ fields }) => (fields.subscriptionGuid ? `/subscriptions/${fields.subscriptionGuid}` : '')),
  text('SubAccountName', field('subscriptionName')),
  text('SubAccountType', ({ fields }) => (fields.subscriptionGuid ? 'Subscription' : '')),
  text('Tags', ({ fields }) => fields.tags || '{}'),
  number('x_BilledCostInUsd', costInUsd),
  number('x_BilledUnitPrice', price('effectivePrice')),
  text('x_BillingAccountId', field('billingAccountId')),
  text('x_BillingAccountName', field('billingAccountName')),
  number('x_BillingExchangeRate', field('exchangeRatePricingToBilling')),
  date('x_BillingExchangeRateDate', (row) => field('exchangeRateDate')(row).slice(0, 10)),
  text('x_BillingProfileId', field('billingProfileId')),
  text('x_BillingProfileName', field('billingProfileName')),
  number('x_ContractedCostInUsd', listCostInUsd),
  text('x_CustomerId', field('customerTenantId')),
  text('x_CustomerName', field('customerName')),
  number('x_EffectiveCostInUsd', costInUsd),
  number('x_EffectiveUnitPrice', price('effectivePrice')),
  text('x_InvoiceId', field('invoiceId')),
  number('x_ListCostInUsd', listCostInUsd),
  boolean('x_PartnerCreditApplied', isCredited),
  number('x_PartnerCreditRate', field('partnerEarnedCreditRate')),
  number('x_PricingBlockSize', (row) => String(unitOf(row).block)),
  text('x_PricingCurrency', field('pricingCurrencyCode')),
  text('x_PricingSubcategory', ({ line }) => (line ? 'On-Demand' : '')),
  text('x_PricingUnitDescription', field('unitOfMeasure')),
  constant('x_PublisherCategory', 'Cloud Provider'),
  text('x_PublisherId', field('publisherId')),
  text('x_ResourceGroupName', field('resourceGroup')),
  text('x_ResourceType', ({ line }) => line?.meter.resourceType.toLowerCase() ?? ''),
  date('x_ServicePeriodEnd', (row) => field('servicePeriodEndDate')(row).slice(0, 10)),
  date('x_ServicePeriodStart', (row) => field('servicePeriodStartDate')(row).slice(0, 10)),
  text('x_SkuDescription', field('product')),
  text('x_SkuDetails', ({ fields }) => fields.additionalInfo || '{}'),
  boolean('x_SkuIsCreditEligible', field('isAzureCreditEligible')),
  text('x_SkuMeterCategory', field('meterCategory')),
  text('x_SkuMeterId', field('meterId')),
  text('x_SkuMeterName', field('meterName')),
  text('x_SkuMeterSubcategory', field('meterSubCategory')),
  text('x_SkuOrderId', field('productOrderId')),
  text('x_SkuOrderName', field('productOrderName')),
  text('x_SkuRegion', field('resourceLocation')),
  text('x_SkuServiceFamily', field('serviceFamily')),
  ...empty(`
    ChargeClass CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName CommitmentDiscountStatus
    CommitmentDiscountType x_AccountId x_AccountName x_AccountOwnerId x_CostAllocationRuleName x_CostCenter
    x_InvoiceIssuerId x_InvoiceSectionId x_InvoiceSectionName x_ResellerId x_ResellerName x_SkuOfferId x_SkuPartNumber
    x_SkuTerm x_SkuTier`),
];

/** Columns that only other versions have. */
const LATER: readonly DatasetColumn[] = [
  text('InvoiceId', field('invoiceId')),
  text('PricingCurrency', field('pricingCurrencyCode')),
  text('Region', field('resourceLocationNormalized')),
  text('ServiceSubcategory', field('meterSubCategory')),
  text('SkuMeter', field('meterName')),
  text('SkuPriceDetails', ({ fields }) => fields.additionalInfo || '{}'),
  number('UsageQuantity', consumed),
  text('UsageUnit', consumedUnit),
  text('ChargeSubcategory', ({ line }) => (line ? 'On-Demand' : 'Rounding')),
  number('x_OnDemandCost', listCost),
  number('x_OnDemandCostInUsd', listCostInUsd),
  number('x_OnDemandUnitPrice', price('payGPrice')),
  ...empty(`
    AvailabilityZone CapacityReservationId CapacityReservationStatus CommitmentDiscountQuantity CommitmentDiscountUnit
    x_AmortizationClass x_ChargeId x_ServiceModel x_SkuPlanName`),
];
