import { sliceText } from '../json/scan.ts';
import { entryOf } from '../records/currencySums.ts';
import { DecimalSum } from '../records/decimal.ts';
import { RecordReader } from '../records/recordReader.ts';
import { utcDay } from '../records/sumFinder.ts';
import { MODERN_USAGE } from '../records/usageDetails.ts';
import { type RowFilter, RowMatch, type RowPlace, RowText } from '../usage/rowFilter.ts';
import { usagePlace } from '../usage/usageFilter.ts';
import { parseAmount } from './amounts.ts';
import type { SpendQuery } from './spendQuery.ts';
import type { SpendRow } from './spendRows.ts';

/** A group on a day in a currency. */
interface Sum {
  cost: DecimalSum;
  usd: DecimalSum;
}

interface Group {
  /** As the row that came last spells it. */
  label: string;
  /** By currency and day. */
  sums: Map<string, Map<string, Sum>>;
}

/** Exact sums of modern usage rows by day, group and pricing currency. Memory holds the sums, not the rows. */
export class PricingSums {
  /** How many rows were read. */
  read = 0;
  /** Those of them that the filter keeps. */
  rows = 0;
  /** Those of these that tell no cost or no currency. */
  withoutCost = 0;
  readonly #reader = new RecordReader(MODERN_USAGE);
  readonly #match: RowMatch;
  readonly #key: RowText | undefined;
  readonly #label: RowText | undefined;
  /** A resource is called by the last part of its path. */
  readonly #isPath: boolean;
  readonly #day = this.#text({ column: 'date' });
  readonly #currency = this.#text({ column: 'pricingCurrencyCode' });
  readonly #cost = slotOf('costInPricingCurrency');
  readonly #usd = slotOf('costInUSD');
  readonly #groups = new Map<string, Group>();
  /** Days by what rows write. */
  readonly #days = new Map<string, string>();

  constructor({ groupBy, labels }: Pick<SpendQuery, 'groupBy' | 'labels'>, only: RowFilter) {
    const columns = MODERN_USAGE.columns.map(({ name }) => name);
    this.#match = new RowMatch(this.#reader, only);
    this.#key = groupBy === '' ? undefined : this.#text(usagePlace(groupBy, columns));
    this.#label = labels === undefined ? undefined : this.#text(usagePlace(labels, columns));
    this.#isPath = groupBy.toLowerCase() === 'resourceid';
  }

  /** @throws an error of any kind when the page cannot be read; the sums are of no use then */
  page(page: Uint8Array): void {
    this.read += this.#reader.readPage(page, (bytes) => {
      if (this.#match.matches(bytes)) {
        this.#add(bytes);
      }
    });
  }

  /** One for each sum; keys of groups are in lower case, because rows spell ids in several ways. */
  result(): SpendRow[] {
    const rows: SpendRow[] = [];
    for (const [key, { label, sums }] of this.#groups) {
      for (const [currency, days] of sums) {
        for (const [day, { cost, usd }] of days) {
          rows.push({ day, key, label, currency, cost: unitsOf(cost), usd: unitsOf(usd) });
        }
      }
    }
    return rows;
  }

  #add(bytes: Uint8Array): void {
    this.rows++;
    const currency = this.#currency.of(bytes);
    const cost = this.#digits(bytes, this.#cost);
    if (cost === '' || currency === '') {
      this.withoutCost++;
      return;
    }
    const sum = this.#sumOf(bytes, currency);
    sum.cost.add(cost);
    sum.usd.add(this.#digits(bytes, this.#usd) || '0');
  }

  #sumOf(bytes: Uint8Array, currency: string): Sum {
    const text = this.#key?.of(bytes) ?? '';
    const group = entryOf(this.#groups, text.toLowerCase(), (): Group => ({ label: '', sums: new Map() }));
    group.label = this.#label?.of(bytes) || this.#nameOf(text) || group.label;
    const days = entryOf(group.sums, currency, () => new Map<string, Sum>());
    return entryOf(days, this.#dayOf(bytes), () => ({ cost: new DecimalSum(), usd: new DecimalSum() }));
  }

  #nameOf(text: string): string {
    return this.#isPath ? text.slice(text.lastIndexOf('/') + 1) : text;
  }

  #dayOf(bytes: Uint8Array): string {
    const text = this.#day.of(bytes);
    return entryOf(this.#days, text, () => {
      const day = utcDay(text);
      if (day === '') {
        throw new RangeError(`'${text.slice(0, 60)}' is no day`);
      }
      return day;
    });
  }

  /** The digits of a number, which some services send as text; empty for none. */
  #digits(bytes: Uint8Array, slot: number): string {
    const start = this.#reader.starts[slot] ?? 0;
    const json = start === 0 ? 'null' : sliceText(bytes, start, this.#reader.ends[slot] ?? 0);
    return json === 'null' ? '' : json.startsWith('"') ? (JSON.parse(json) as string).trim() : json;
  }

  #text(place: RowPlace): RowText {
    return new RowText(this.#reader, place);
  }
}

function slotOf(column: string): number {
  return MODERN_USAGE.columns.findIndex(({ name }) => name === column);
}

function unitsOf(sum: DecimalSum): bigint {
  const digits = sum.toString();
  const units = parseAmount(digits);
  if (units === undefined) {
    throw new RangeError(`'${digits.slice(0, 60)}' is no amount`);
  }
  return units;
}
