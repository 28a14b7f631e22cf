import { cellType, fileCellType } from '../../src/records/columnTypes.ts';
import { COST_DETAILS_COLUMNS } from '../../src/records/costFiles.ts';
import {
  EXPORTED_RECONCILIATION,
  LEGACY_DAILY_USAGE_LINES,
  LICENCE_LINES,
  ONE_TIME_LINES,
} from '../../src/records/lineItems.ts';
import { CUSTOMER_USAGE, METER_USAGE, RESOURCE_USAGE, SUBSCRIPTION_USAGE } from '../../src/records/partnerUsage.ts';
import { EXPORTED_USAGE, LEGACY_USAGE_LINES, RATED_USAGE_LINES } from '../../src/records/ratedUsage.ts';
import type { Column, RecordSchema } from '../../src/records/schema.ts';
import { TRANSACTIONS } from '../../src/records/transactions.ts';
import { LEGACY_USAGE, MODERN_USAGE } from '../../src/records/usageDetails.ts';
import { UTILIZATION } from '../../src/records/utilization.ts';

/** Every kind of record, by a short name. */
export const SCHEMAS: Readonly<Record<string, RecordSchema>> = {
  modern: MODERN_USAGE,
  legacy: LEGACY_USAGE,
  customerUsage: CUSTOMER_USAGE,
  subscriptionUsage: SUBSCRIPTION_USAGE,
  meterUsage: METER_USAGE,
  resourceUsage: RESOURCE_USAGE,
  utilization: UTILIZATION,
  oneTimeLines: ONE_TIME_LINES,
  exportedReconciliation: EXPORTED_RECONCILIATION,
  legacyDailyLines: LEGACY_DAILY_USAGE_LINES,
  licenceLines: LICENCE_LINES,
  ratedUsageLines: RATED_USAGE_LINES,
  legacyUsageLines: LEGACY_USAGE_LINES,
  exportedUsage: EXPORTED_USAGE,
  transactions: TRANSACTIONS,
};

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Columns of Cost Details at a partner's subscriptions and resource groups. */
const SUBSCRIPTION_COLUMNS = words(`
  billingAccountName partnerName resellerName resellerMpnId customerTenantId customerName costCenter
  billingPeriodEndDate billingPeriodStartDate servicePeriodEndDate servicePeriodStartDate date serviceFamily
  productOrderId productOrderName consumedService meterId meterName meterCategory meterSubCategory meterRegion
  ProductId ProductName SubscriptionId subscriptionName publisherType publisherId publisherName resourceGroupName
  ResourceId resourceLocation location effectivePrice quantity unitOfMeasure chargeType billingCurrency
  pricingCurrency costInBillingCurrency costInUsd exchangeRatePricingToBilling exchangeRateDate serviceInfo1
  serviceInfo2 additionalInfo tags PayGPrice frequency term reservationId reservationName PricingModel unitPrice
  benefitId benefitName provider`);

export const FILE_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  accountFile: COST_DETAILS_COLUMNS,
  subscriptionFile: SUBSCRIPTION_COLUMNS,
};

/** A word that is in every text that must not leave. */
export const SECRET = 'quillwort';

/** The first digits of every GUID that must not leave, and the partner's number. */
export const SECRET_DIGITS = ['5ec4e7a1', '53177531'];

/** Values that tell nothing of anybody, in three rows. What has none here is a secret, so that a new column cannot pass unseen. */
const HARMLESS: Readonly<Record<string, readonly [string, string]>> = {
  chargeType: ['Usage', 'Refund'],
  pricingModel: ['OnDemand', 'Reservation'],
  unitOfMeasure: ['1 Hour', '100 GB'],
  unit: ['Hours', 'GB'],
  unitType: ['1 Hour', 'Licenses'],
  frequency: ['UsageBased', 'OneTime'],
  billingFrequency: ['Monthly', 'Annual'],
  billingCycleType: ['%BillingCycleTypeMonthly%', '%BillingCycleTypeAnnual%'],
  termAndBillingCycle: ['One-Month commitment, monthly', '1 Year, monthly'],
  term: ['P1M', 'P1Y'],
  serviceFamily: ['Compute', 'Storage'],
  meterName: ['D2 v3', 'Hot "Read", Operations'],
  meterCategory: ['Virtual Machines', 'Storage'],
  meterSubCategory: ['Dv3 Series', 'Tables'],
  meterRegion: ['EU West', 'US East'],
  meterType: ['1 Compute Hour', '10K'],
  meterDescription: ['Virtual Machines - D2 v3', 'Storage'],
  meterId: ['0a1b2c3d-0000-4000-8000-000000000001', '0a1b2c3d-0000-4000-8000-000000000002'],
  product: ['Virtual Machines Dv3 - D2 v3 - EU West', 'Tables, "Hot"'],
  productName: ['Virtual Machines', 'Tables'],
  productIdentifier: ['DZH318Z0BQPW0001', 'DZH318Z0BQPW0002'],
  productId: ['DZH318Z0BQPW', 'DZH318Z0BQPX'],
  productType: ['Azure', 'Software'],
  productTypeId: ['A1', 'S1'],
  productFamily: ['Azure', 'Software'],
  productDescription: ['D2 v3 in EU West', 'Tables'],
  productQualifiers: ['Standard', 'Trial'],
  partNumber: ['AAA-00001', 'AAA-00002'],
  skuId: ['0001', '0002'],
  skuName: ['Standard', 'Premium'],
  sku: ['Standard', 'Premium'],
  availabilityId: ['DZH318Z0AAAA', 'DZH318Z0AAAB'],
  offerId: ['MS-AZR-0145P', 'MS-AZR-0017P'],
  offerName: ['Microsoft Azure', 'Office'],
  durableOfferId: ['MS-AZR-0145P', 'MS-AZR-0017P'],
  serviceName: ['Virtual Machines', 'Storage'],
  serviceType: ['D2 v3', 'Tables'],
  consumedService: ['Microsoft.Compute', 'Microsoft.Storage'],
  meteredService: ['Compute', 'Storage'],
  meteredServiceType: ['D2 v3', 'Tables'],
  meteredRegion: ['EU West', 'US East'],
  category: ['Virtual Machines', 'Storage'],
  subcategory: ['Dv3 Series', 'Tables'],
  'resource.name': ['D2 v3', 'Tables'],
  'resource.id': ['0a1b2c3d-0000-4000-8000-000000000001', '0a1b2c3d-0000-4000-8000-000000000002'],
  resourceType: ['Microsoft.Compute', 'Microsoft.Storage'],
  resourceGuid: ['0a1b2c3d-0000-4000-8000-000000000001', '0a1b2c3d-0000-4000-8000-000000000002'],
  resourceLocation: ['westeurope', 'eastus'],
  resourceLocationNormalized: ['West Europe', 'US East'],
  location: ['West Europe', 'US East'],
  region: ['EU West', 'US East'],
  customerCountry: ['DE', 'US'],
  publisherId: ['', 'pub1'],
  publisherName: ['Microsoft', 'Any Vendor, Inc.'],
  publisherType: ['Microsoft', 'Marketplace'],
  provider: ['Microsoft.Compute', 'Microsoft.Storage'],
  benefitType: ['', 'SavingsPlan'],
  creditType: ['', 'Azure Credit Applied'],
  creditReasonCode: ['', 'Credit Note'],
  reasonCode: ['', 'R1'],
  partnerEarnedCreditApplied: ['1', '0'],
  billingCurrency: ['EUR', 'USD'],
  billingCurrencyCode: ['EUR', 'USD'],
  pricingCurrency: ['USD', 'USD'],
  pricingCurrencyCode: ['USD', 'USD'],
  currency: ['EUR', 'USD'],
  currencyCode: ['EUR', 'USD'],
  currencyLocale: ['de-DE', 'en-US'],
  kind: ['modern', 'modern'],
  type: ['Microsoft.Consumption/usageDetails', 'Microsoft.Consumption/usageDetails'],
  transactionType: ['Purchase', 'Usage Charge'],
  specialTaxationType: ['', 'SubtotalLevel'],
  invoiceLineItemType: ['usage_line_items', 'billing_line_items'],
  billingProvider: ['azure', 'one_time'],
  status: ['active', 'suspended'],
  azurePlan: ['Microsoft Azure Plan', 'Microsoft Azure Plan for DevTest'],
  promotionId: ['', '39NFJQT1PJ05:0001'],
};

/** Starts that spreadsheets take for formulas, in front of the names of the second row. */
const HOSTILE = ['=cmd|', '+', '-', '@', '\t=', '\r\n', ' =', '"=', "'=", '＝', '\u00a0@'];

const NUMBERS = ['12.34567890123456789012', '-0.10', '1.5e-7', '-2E+3', '0', '1.0'];

const RESOURCE = `/subscriptions/5ec4e7a1-0000-4000-8000-00000000000a/resourceGroups/RG-${SECRET}/providers/Microsoft.Compute/virtualMachines/${SECRET}-vm`;

/** Lower case → value; names differ in case between kinds. */
const HARMLESS_BY_NAME = new Map(Object.entries(HARMLESS).map(([name, values]) => [name.toLowerCase(), values]));

function hash(text: string): number {
  return Array.from(text).reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 9973, 7);
}

/** The text of a value of one of two rows. */
function textOf(name: string, row: 0 | 1): string {
  const known =
    HARMLESS_BY_NAME.get(name.toLowerCase()) ??
    HARMLESS_BY_NAME.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase());
  if (known !== undefined) {
    return known[row];
  }
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (row === 0 && /^(?:reservation|benefit)/i.test(last)) {
    return '';
  }
  if (row === 0 && last === 'id') {
    return `/providers/Microsoft.Billing/billingAccounts/${SECRET}:1/customers/5ec4e7a1-0000-4000-8000-00000000000a/providers/Microsoft.Consumption/usageDetails/${SECRET}-1`;
  }
  if (/^(?:resourceId|resourceUri|instanceName)$/i.test(last)) {
    return row === 0 ? RESOURCE : RESOURCE.toUpperCase();
  }
  if (/mpnId$/i.test(last)) {
    return '53177531';
  }
  if (/domain/i.test(last)) {
    return `${SECRET}.onmicrosoft.com`;
  }
  if (/(?:Id|Guid)$/.test(last)) {
    return row === 0 ? '5ec4e7a1-0000-4000-8000-00000000000a' : `${SECRET}-${last}`;
  }
  const start = row === 0 ? '' : (HOSTILE[hash(name) % HOSTILE.length] ?? '');
  return `${start}Quillwort ${last}`;
}

function dateOf(name: string, row: 0 | 1): readonly [year: string, month: string, day: string] {
  const day = /End/.test(name) ? '31' : /Start/.test(name) ? '01' : row === 0 ? '03' : '04';
  return ['2026', '10', day];
}

function numberOf(name: string, row: 0 | 1): string {
  return NUMBERS[(hash(name) + row) % NUMBERS.length] ?? '0';
}

const TAGS = JSON.stringify({ owner: `${SECRET}`, [`${SECRET} "key"`]: '=1+1' });

function jsonOf(name: string, row: 0 | 1): string {
  switch (cellType(name)) {
    case 'number':
      return /rate/i.test(name) && row === 1 ? `"${numberOf(name, row)}"` : numberOf(name, row);
    case 'boolean':
      return row === 0 ? 'true' : 'false';
    case 'date':
      return `"${dateOf(name, row).join('-')}T00:00:00${row === 0 ? '.0000000' : ''}Z"`;
    case 'json':
      if (name === 'meterDetails') {
        const names = ['meterName', 'meterCategory', 'meterSubCategory', 'unitOfMeasure', 'serviceFamily'];
        return JSON.stringify({ ...Object.fromEntries(names.map((one) => [one, textOf(one, row)])), owner: SECRET });
      }
      return name === 'productQualifiers' ? '["Standard"]' : TAGS;
    case 'text':
      return JSON.stringify(textOf(name, row));
  }
}

function objectOf(columns: readonly Column[], path: string, row: 0 | 1): string[] {
  return columns.map(({ name, members }) => {
    const value =
      members === undefined
        ? jsonOf(path + name, row)
        : `{${members.map((member) => `"${member}":${jsonOf(`${name}.${member}`, row)}`).join(',')}}`;
    return `${JSON.stringify(name)}:${value}`;
  });
}

/** A page of three records: one as they mostly are, one with hostile texts and a field nobody knows, one with next to nothing. */
export function fixturePage(schema: RecordSchema): Uint8Array {
  const within = (place: Column['within']) => schema.columns.filter((column) => column.within === place);
  const record = (row: 0 | 1, more: readonly string[]) => {
    const envelope = objectOf(within('record'), '', row);
    const members = [...objectOf(within('properties'), '', row), ...more];
    const own = schema.flat === true ? [...envelope, ...members] : [...envelope, `"properties":{${members.join(',')}}`];
    return `{${own.join(',')}}`;
  };
  const records = [record(0, []), record(1, [`"newField":"${SECRET}","new${SECRET}":{"a":1}`]), '{}'];
  return Buffer.from(`{"${schema.list ?? 'value'}":[${records.join(',')}]}`);
}

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The same as a file: tags without braces in the second row, dates with the month first, empty cells in the third. */
export function fixtureFile(header: readonly string[]): string {
  const cell = (name: string, row: 0 | 1): string => {
    if (/^tags$/i.test(name)) {
      return row === 0 ? TAGS : TAGS.slice(1, -1);
    }
    switch (fileCellType(name)) {
      case 'number':
        return numberOf(name, row);
      case 'date': {
        const [year, month, day] = dateOf(name, row);
        return `${month}/${day}/${year}`;
      }
      default:
        return /^isAzure/.test(name) ? 'True' : textOf(name, row);
    }
  };
  const lines = ([0, 1] as const).map((row) => header.map((name) => quoted(cell(name, row))).join(','));
  return `${[header.join(','), ...lines, ','.repeat(header.length - 1)].join('\r\n')}\r\n`;
}
