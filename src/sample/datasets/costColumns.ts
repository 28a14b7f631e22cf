import { isoDay } from '../calendar.ts';
import type { CostScope } from '../costScopes.ts';
import type { CostRow } from './costRows.ts';
import type { CellKind, DatasetColumn } from './dataset.ts';

/**
 * Columns of actual and amortized cost under a partner agreement, in the order and the mixed case of the files (Cost
 * Management documentation: cost and usage details file schema). All versions have the same; the oldest writes tags
 * without the outer braces.
 */
export function costColumns(kind: CostScope['kind'], dataVersion: string): readonly DatasetColumn[] {
  if (!VERSIONS.includes(dataVersion)) {
    throw new RangeError(`dataVersion '${dataVersion}' is not valid: use one of ${VERSIONS.join(', ')}.`);
  }
  const isSubscription = kind === 'subscription' || kind === 'resourceGroup';
  return (isSubscription ? SUBSCRIPTION_COLUMNS : BILLING_COLUMNS).map((name) => column(name, dataVersion));
}

const BARE_TAGS = '2019-11-01';
const VERSIONS = [BARE_TAGS, '2021-01-01', '2021-10-01', '2023-12-01-preview'];

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const BILLING_COLUMNS = words(`
  invoiceId previousInvoiceId billingAccountId billingAccountName billingProfileId billingProfileName invoiceSectionId
  invoiceSectionName partnerTenantId partnerName resellerName resellerMpnId customerTenantId customerName costCenter
  billingPeriodEndDate billingPeriodStartDate servicePeriodEndDate servicePeriodStartDate date serviceFamily
  productOrderId productOrderName consumedService meterId meterName meterCategory meterSubCategory meterRegion ProductId
  ProductName SubscriptionId subscriptionName publisherType publisherId publisherName resourceGroupName ResourceId
  resourceLocation location effectivePrice quantity unitOfMeasure chargeType billingCurrency pricingCurrency
  costInBillingCurrency costInPricingCurrency costInUsd paygCostInBillingCurrency paygCostInUsd
  exchangeRatePricingToBilling exchangeRateDate isAzureCreditEligible serviceInfo1 serviceInfo2 additionalInfo tags
  partnerEarnedCreditRate partnerEarnedCreditApplied PayGPrice frequency term reservationId reservationName pricingModel
  unitPrice benefitId benefitName provider`);

/** What subscriptions and resource groups do not tell: whose invoice it is on, and what the partner earns. */
const WITHHELD = new Set(
  words(`
  invoiceId previousInvoiceId billingAccountId billingProfileId billingProfileName invoiceSectionId invoiceSectionName
  partnerTenantId costInPricingCurrency paygCostInBillingCurrency paygCostInUsd isAzureCreditEligible
  partnerEarnedCreditRate partnerEarnedCreditApplied`),
);

const SUBSCRIPTION_COLUMNS = BILLING_COLUMNS.filter((name) => !WITHHELD.has(name)).map((name) =>
  name === 'pricingModel' ? 'PricingModel' : name,
);

/** Columns that usage details have under another name. */
const RENAMED: Readonly<Record<string, string>> = {
  ProductId: 'productIdentifier',
  ProductName: 'product',
  SubscriptionId: 'subscriptionGuid',
  resourceGroupName: 'resourceGroup',
  ResourceId: 'instanceName',
  location: 'resourceLocationNormalized',
  billingCurrency: 'billingCurrencyCode',
  pricingCurrency: 'pricingCurrencyCode',
  PayGPrice: 'payGPrice',
  PricingModel: 'pricingModel',
};

const AMOUNTS: Readonly<Record<string, (row: CostRow) => string>> = {
  quantity: (row) => row.quantity,
  costInBillingCurrency: (row) => row.costInBillingCurrency,
  costInPricingCurrency: (row) => row.costInPricingCurrency,
  costInUsd: (row) => row.costInUSD,
  paygCostInBillingCurrency: (row) => row.paygCostInBillingCurrency,
  paygCostInUsd: (row) => row.paygCostInUSD,
};

const NUMBERS = words('effectivePrice exchangeRatePricingToBilling partnerEarnedCreditRate PayGPrice unitPrice');
const DATES = words(
  'billingPeriodEndDate billingPeriodStartDate servicePeriodEndDate servicePeriodStartDate exchangeRateDate',
);
const BOOLEANS = words('isAzureCreditEligible partnerEarnedCreditApplied');

function column(name: string, dataVersion: string): DatasetColumn {
  const amount = AMOUNTS[name];
  if (amount) return { name, kind: 'number', cell: amount };
  if (name === 'date') return { name, kind: 'date', cell: ({ day }) => fileDate(isoDay(day)) };
  const member = RENAMED[name] ?? name;
  const value = ({ fields }: CostRow): string => fields[member] ?? '';
  const of = (kind: CellKind, cell: DatasetColumn['cell']): DatasetColumn => ({ name, kind, cell });
  if (NUMBERS.includes(name)) return of('number', value);
  if (DATES.includes(name)) return of('date', (row) => fileDate(value(row)));
  if (BOOLEANS.includes(name)) return of('boolean', (row) => fileBoolean(value(row)));
  if (name === 'tags' && dataVersion === BARE_TAGS) return of('text', (row) => value(row).replace(/^\{|\}$/g, ''));
  return of('text', value);
}

/** MM/dd/yyyy, from ISO 8601. */
function fileDate(iso: string): string {
  return `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)}`;
}

function fileBoolean(text: string): string {
  return text === 'true' || text === '1' ? 'True' : 'False';
}
