import { cellDay, folded, trimmed } from './cellTexts.ts';
import type { Dimension, DimensionName } from './costColumns.ts';
import { costColumns, dimensionsIn, dimensionTitle } from './costColumns.ts';
import { InsightError, type Side } from './side.ts';
import { addItem, type ItemIdentity, type ItemSums, joined, type SideItem } from './sideItems.ts';
import { unitsOf } from './units.ts';

/** Rows as a table has them, in the order of its header; an empty cell is null or an empty text. */
export type Cells = readonly (string | null)[];

/**
 * Adds up the rows of one side of a comparison by item. Rows pass once; memory grows with items. The order of rows makes no
 * difference.
 */
export class SideSums {
  readonly side: Side;
  readonly by: readonly DimensionName[];
  /** Rows that were added. */
  rows = 0;
  /** Rows of the side that have a cost which is no number: their money is in no sum, so whoever shows the sums has to say so. */
  unread = 0;
  readonly #items = new Map<string, SideItem>();

  constructor(side: Side, by: readonly DimensionName[]) {
    this.side = side;
    this.by = by;
  }

  /** Adds what several rows of an item add up to already. */
  add(identity: ItemIdentity, sums: ItemSums): void {
    const subject = joined([
      ...identity.values.map(folded),
      folded(identity.meter),
      folded(identity.location),
      folded(identity.chargeType),
      folded(identity.currency),
    ]);
    const key = subject + joined([folded(identity.unit), folded(identity.pricingCurrency)]);
    const item = this.#items.get(key);
    this.rows += sums.rows;
    if (item === undefined) {
      this.#items.set(key, { ...identity, ...sums, subject, key });
      return;
    }
    addItem(item, sums);
    // Of several spellings the first in the order of code units stands for all, so that the order of rows makes no difference.
    item.values = leastOf(item.values, identity.values);
    item.labels = leastOf(item.labels, identity.labels);
    item.meterLabel = least(item.meterLabel, identity.meterLabel);
    item.unit = least(item.unit, identity.unit);
    item.chargeType = least(item.chargeType, identity.chargeType);
  }

  get items(): ReadonlyMap<string, SideItem> {
    return this.#items;
  }
}

/** Reads rows of a table into the sums of a side. */
export class SideRows {
  readonly sums: SideSums;
  readonly #places: SidePlaces;
  readonly #conditions: { at: number; values: ReadonlySet<string>; not: boolean }[];

  /**
   * @param header names of the table's columns
   * @throws InsightError where the table does not tell what the comparison needs
   */
  constructor(header: readonly string[], side: Side, by: readonly DimensionName[]) {
    this.sums = new SideSums(side, by);
    this.#places = placesOf(header, side, by);
    this.#conditions = (side.only ?? []).map(({ dimension, values, not }) => ({
      at: header.indexOf(dimensionOf(header, dimension).key),
      values: new Set(values.map((value) => folded(trimmed(value)))),
      not: not === true,
    }));
  }

  add(cells: Cells): void {
    if (!this.#isOfSide(cells)) {
      return;
    }
    const places = this.#places;
    const text = (at: number) => trimmed(cells[at]);
    const number = (at: number) => {
      const digits = text(at);
      return digits === '' ? undefined : unitsOf(digits);
    };
    const cost = number(places.cost);
    if (cost === undefined) {
      this.sums.unread += text(places.cost) === '' ? 0 : 1;
      return;
    }
    const pricingCost = number(places.pricingCost);
    const quantity = number(places.quantity);
    const price = number(places.price);
    this.sums.add(
      {
        values: places.by.map(({ key }) => text(key)),
        labels: places.by.map(({ key, label }) => text(label) || text(key)),
        meter: text(places.meter),
        meterLabel: text(places.meterLabel) || text(places.meter),
        location: text(places.location),
        chargeType: text(places.chargeType),
        unit: text(places.unit),
        currency: text(places.currency).toUpperCase(),
        pricingCurrency: text(places.pricingCurrency).toUpperCase(),
      },
      {
        rows: 1,
        cost,
        pricingCost: pricingCost ?? 0n,
        pricingRows: pricingCost === undefined ? 0 : 1,
        quantity: quantity ?? 0n,
        quantityRows: quantity === undefined ? 0 : 1,
        lowPrice: price,
        highPrice: price,
      },
    );
  }

  #isOfSide(cells: Cells): boolean {
    const { from, to } = this.sums.side;
    if (from !== undefined || to !== undefined) {
      const day = cellDay(trimmed(cells[this.#places.day]));
      if (day === '' || (from !== undefined && day < from) || (to !== undefined && day > to)) {
        return false;
      }
    }
    return this.#conditions.every(({ at, values, not }) => values.has(folded(trimmed(cells[at]))) !== not);
  }
}

/** Positions of what a side's rows are read from; -1 for what the table does not have. */
interface SidePlaces {
  cost: number;
  currency: number;
  pricingCost: number;
  pricingCurrency: number;
  quantity: number;
  unit: number;
  price: number;
  day: number;
  meter: number;
  meterLabel: number;
  location: number;
  chargeType: number;
  by: { key: number; label: number }[];
}

/** The columns behind {@link SidePlaces}, for those who read them by name. */
export function sideColumns(header: readonly string[], side: Side, by: readonly DimensionName[]) {
  const columns = costColumns(header);
  const { cost, currency, day } = columns;
  if (cost === undefined || currency === undefined) {
    throw new InsightError(
      `This table has no column for the ${cost === undefined ? 'cost' : 'billing currency'}: open usage details, a cost file, FOCUS rows or invoice lines.`,
    );
  }
  if (day === undefined && (side.from !== undefined || side.to !== undefined)) {
    throw new InsightError(`This table has no day, so '${side.label}' cannot be cut out of it: compare whole files.`);
  }
  const dimensions = dimensionsIn(header);
  const named = (name: DimensionName) => dimensions.find((dimension) => dimension.name === name);
  const meter = named('meter') ?? named('product');
  return {
    ...columns,
    cost,
    currency,
    // What was paid; the list price stands in where a table has no other.
    price: columns.effectivePrice ?? columns.unitPrice,
    meter: meter?.key,
    meterLabel: meter?.label,
    location: named('location')?.key,
    chargeType: named('chargeType')?.key,
    by: by.map((name) => dimensionOf(header, name)),
  };
}

/** @throws InsightError where the table does not have the dimension */
export function dimensionOf(header: readonly string[], name: DimensionName): Dimension {
  const dimension = dimensionsIn(header).find((one) => one.name === name);
  if (dimension === undefined) {
    throw new InsightError(`This table does not tell the ${dimensionTitle(name).toLowerCase()}: choose another.`);
  }
  return dimension;
}

function placesOf(header: readonly string[], side: Side, by: readonly DimensionName[]): SidePlaces {
  const columns = sideColumns(header, side, by);
  const at = (name: string | undefined) => (name === undefined ? -1 : header.indexOf(name));
  return {
    cost: at(columns.cost),
    currency: at(columns.currency),
    pricingCost: at(columns.pricingCost),
    pricingCurrency: at(columns.pricingCurrency),
    quantity: at(columns.quantity),
    unit: at(columns.unit),
    price: at(columns.price),
    day: at(columns.day),
    meter: at(columns.meter),
    meterLabel: at(columns.meterLabel),
    location: at(columns.location),
    chargeType: at(columns.chargeType),
    by: columns.by.map(({ key, label }) => ({ key: at(key), label: at(label) })),
  };
}

function least(a: string, b: string): string {
  return b < a ? b : a;
}

function leastOf(a: readonly string[], b: readonly string[]): readonly string[] {
  return a.every((text, i) => text <= (b[i] ?? '')) ? a : a.map((text, i) => least(text, b[i] ?? ''));
}
