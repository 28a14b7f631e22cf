import { firstDay, isoDay, lastDay } from './calendar.ts';
import type { CellKind, Dataset } from './datasets/dataset.ts';
import { decimalText, PRICE_SCALE } from './decimal.ts';
import type { BillingProfile } from './directory.ts';
import { meterIdOf, productIdOf, productNameOf } from './meterIds.ts';
import { METERS, type Meter, REGIONS, type Region } from './meters.ts';
import { type Offer, RESERVATION_OFFERS } from './purchases.ts';
import type { Tenant } from './tenant.ts';

/** Versions of the columns: that of exports, and those of the two forms of the download. */
export const PRICE_SHEET_VERSIONS = ['2023-05-01', 'withoutMeterId', 'withOrderName'] as const;
export type PriceSheetVersion = (typeof PRICE_SHEET_VERSIONS)[number];

/** A line of a price sheet. */
interface Price {
  readonly meter: Meter | undefined;
  readonly region: Region | undefined;
  readonly serviceFamily: string;
  readonly product: string;
  readonly productId: string;
  readonly skuId: string;
  readonly unit: string;
  /** In 1e-10 USD per unit. */
  readonly price: bigint;
  readonly term: '' | 'P1Y' | 'P3Y';
  readonly type: 'Consumption' | 'ReservedInstance' | 'SavingsPlan';
}

/** Shares of the retail price under a savings plan, in percent. */
const SAVINGS = { P1Y: 83n, P3Y: 67n } as const;

/**
 * The price sheet of a billing profile in a month: what each meter costs in each region, and the offers of savings plans and
 * reservations (Cost Management documentation: price sheet file schema). Prices are retail prices in USD, the `unitPrice`
 * of usage details: quantity × UnitPrice × exchange rate is the pay-as-you-go cost of a row, and its cost where no partner
 * earned credit applies.
 */
export function priceSheet(
  tenant: Tenant,
  profile: BillingProfile,
  month: number,
  version: PriceSheetVersion,
): Dataset {
  const prices = [...consumption(), ...savingsPlans(), ...reservations()];
  const columns = columnsOf(tenant, profile, month).filter(({ name }) => isIn(version, name));
  return {
    columns,
    dataVersion: version,
    count: () => prices.length,
    *rows(from = 0, to = prices.length) {
      for (const price of prices.slice(from, to)) yield columns.map(({ cell }) => cell(price));
    },
  };
}

function isIn(version: PriceSheetVersion, column: string): boolean {
  if (column === 'MeterId') return version !== 'withoutMeterId';
  return column !== 'ProductOrderName' || version === 'withOrderName';
}

function retail(meter: Meter, region: Region): bigint {
  return (meter.price * region.factor) / 10_000n;
}

function* consumption(): Iterable<Price> {
  for (const meter of METERS) {
    for (const region of REGIONS) {
      yield { ...ofMeter(meter, region), price: retail(meter, region), term: '', type: 'Consumption' };
    }
  }
}

/** Savings plans lower the price of computing. */
function* savingsPlans(): Iterable<Price> {
  for (const meter of METERS.filter(({ serviceFamily }) => serviceFamily === 'Compute')) {
    for (const region of REGIONS) {
      for (const term of ['P1Y', 'P3Y'] as const) {
        const price = (retail(meter, region) * SAVINGS[term]) / 100n;
        yield { ...ofMeter(meter, region), price, term, type: 'SavingsPlan' };
      }
    }
  }
}

/** The reservations that customers of the tenant buy, at the price they pay. */
function reservations(): Price[] {
  return RESERVATION_OFFERS.map((offer: Offer) => ({
    meter: undefined,
    region: REGIONS.find(({ displayName }) => offer.displayName.includes(displayName)),
    serviceFamily: offer.family,
    product: offer.displayName,
    productId: offer.productTypeId,
    skuId: offer.skuId,
    unit: offer.unit,
    price: offer.price,
    term: offer.years === 1 ? 'P1Y' : 'P3Y',
    type: 'ReservedInstance',
  }));
}

function ofMeter(meter: Meter, region: Region): Omit<Price, 'price' | 'term' | 'type'> {
  return {
    meter,
    region,
    serviceFamily: meter.serviceFamily,
    product: productNameOf(meter, region),
    productId: productIdOf(meter),
    skuId: String(METERS.indexOf(meter) + 1).padStart(4, '0'),
    unit: meter.unit,
  };
}

interface Column {
  readonly name: string;
  readonly kind: CellKind;
  readonly cell: (price: Price) => string;
}

function columnsOf(tenant: Tenant, profile: BillingProfile, month: number): Column[] {
  const account = tenant.accounts[profile.account];
  const column = (name: string, cell: Column['cell'], kind: CellKind = 'text'): Column => ({ name, kind, cell });
  const date = (name: string, day: number): Column => column(name, () => fileDate(day), 'date');
  const amount = ({ price }: Price): string => decimalText(price, PRICE_SCALE);
  const { currency } = profile;
  return [
    column('BillingAccountId', () => account?.name ?? ''),
    column('BillingAccountName', () => account?.displayName ?? ''),
    column('BillingProfileId', () => profile.name),
    column('BillingProfileName', () => profile.displayName),
    column('ServiceFamily', ({ serviceFamily }) => serviceFamily),
    column('Product', ({ product }) => product),
    column('ProductId', ({ productId }) => productId),
    column('SkuId', ({ skuId }) => skuId),
    column('UnitOfMeasure', ({ unit }) => unit),
    column('MeterId', ({ meter }) => (meter ? meterIdOf(meter) : '')),
    column('MeterName', ({ meter }) => meter?.name ?? ''),
    column('MeterType', ({ unit }) => unit),
    column('MeterCategory', ({ meter }) => meter?.category ?? ''),
    column('MeterSubCategory', ({ meter }) => meter?.subCategory ?? ''),
    column('MeterRegion', ({ region }) => region?.displayName ?? ''),
    column('TierMinimumUnits', () => '0', 'number'),
    date('EffectiveStartDate', firstDay(month)),
    date('EffectiveEndDate', lastDay(month)),
    column('UnitPrice', amount, 'number'),
    column('BasePrice', amount, 'number'),
    column('MarketPrice', amount, 'number'),
    column('Currency', () => 'USD'),
    column('BillingCurrency', () => currency),
    column('Term', ({ term }) => term),
    column('PriceType', ({ type }) => type),
    column('ProductOrderName', () => 'Azure plan'),
  ];
}

function fileDate(day: number): string {
  const iso = isoDay(day);
  return `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)}`;
}
