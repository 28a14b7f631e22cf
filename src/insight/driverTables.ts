import { folded } from './cellTexts.ts';
import type { DimensionName } from './costColumns.ts';
import { InsightError } from './side.ts';
import { joined, type SideItem } from './sideItems.ts';
import type { SideSums } from './sideSums.ts';
import { noParts, type Parts, splitDifference, type UnsplitReason } from './splitDifference.ts';
import { magnitude } from './units.ts';

/** What a group of items costs on both sides, and why it differs. Amounts are units of 10^-30 of the table's currency. */
export interface DriverRow {
  /** Tells rows of a table apart. */
  key: string;
  /** Values of the dimensions that rows are by, and their names for people. */
  values: readonly string[];
  labels: readonly string[];
  before: bigint;
  after: bigint;
  /** `after` less `before`; the parts add up to it exactly. */
  difference: bigint;
  parts: Parts;
}

/** The drivers of a difference in one billing currency. Currencies are never added together. */
export interface DriverTable {
  currency: string;
  by: readonly DimensionName[];
  /** The largest difference first, whatever its sign. */
  rows: DriverRow[];
  /** The rows added up, part by part. */
  total: Omit<DriverRow, 'key' | 'values' | 'labels'>;
}

/** Why a difference is not told apart, in words. */
export const UNSPLIT_TEXTS: Readonly<Record<UnsplitReason, string>> = {
  noQuantity: 'Some rows tell no quantity.',
  units: 'It is counted in another unit than before.',
  pricingCurrencies: 'It is priced in another currency than before.',
  credit: 'Credits, refunds and adjustments have no quantity and price of their own.',
  mixedPrices: 'It was charged at several prices, so quantity and price cannot be told apart.',
  noPrice: 'It cost nothing on one of the sides, so it has no price there.',
};

/**
 * Compares two sides.
 *
 * @param by some of the dimensions that both sides were added up by, all when left out. Fewer make fewer rows; the split stays that of
 * the items below them
 * @returns a table for each currency, in the order of their codes
 * @throws InsightError when the sides were added up by other dimensions
 */
export function driverTables(
  before: SideSums,
  after: SideSums,
  by: readonly DimensionName[] = before.by,
): DriverTable[] {
  if (joined(before.by) !== joined(after.by) || by.some((name) => !before.by.includes(name))) {
    throw new InsightError('Both sides have to be added up by the dimensions that they are compared by.');
  }
  const kept = by.map((name) => before.by.indexOf(name));
  const tables = new Map<string, Map<string, DriverRow>>();
  const rowOf = (item: SideItem): DriverRow => {
    let rows = tables.get(item.currency);
    if (rows === undefined) {
      rows = new Map();
      tables.set(item.currency, rows);
    }
    const values = kept.map((at) => item.values[at] ?? '');
    const labels = kept.map((at) => item.labels[at] ?? '');
    const key = joined(values.map(folded));
    let row = rows.get(key);
    if (row === undefined) {
      row = { key, values, labels, before: 0n, after: 0n, difference: 0n, parts: noParts() };
      rows.set(key, row);
    } else if (isLess([...labels, ...values], [...row.labels, ...row.values])) {
      // Of several spellings the first in the order of code units stands for all.
      row.values = values;
      row.labels = labels;
    }
    return row;
  };
  const leftBefore: SideItem[] = [];
  for (const old of before.items.values()) {
    const item = after.items.get(old.key);
    if (item === undefined) {
      leftBefore.push(old);
    } else {
      addTo(rowOf(item), old.cost, item.cost, splitDifference(old, item, item.chargeType));
      if (!sameTexts(old.labels, item.labels) || !sameTexts(old.values, item.values)) {
        rowOf(old);
      }
    }
  }
  const leftAfter = [...after.items.values()].filter(({ key }) => !before.items.has(key));
  addUnmatched(leftBefore, leftAfter, rowOf);
  return [...tables]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, rows]) => tableOf(currency, by, [...rows.values()]));
}

/** Items that one side has alone: new or gone, unless the same is charged in another unit or pricing currency. */
function addUnmatched(before: readonly SideItem[], after: readonly SideItem[], rowOf: (item: SideItem) => DriverRow) {
  const units = new Map<string, Set<string>>();
  for (const item of before) {
    units.set(item.subject, (units.get(item.subject) ?? new Set()).add(folded(item.unit)));
  }
  const changed = new Map<string, boolean>();
  for (const item of after) {
    const old = units.get(item.subject);
    if (old !== undefined) {
      changed.set(item.subject, (changed.get(item.subject) ?? false) || old.has(folded(item.unit)));
    }
  }
  const reasonOf = (item: SideItem): UnsplitReason | undefined => {
    const sameUnit = changed.get(item.subject);
    return sameUnit === undefined ? undefined : sameUnit ? 'pricingCurrencies' : 'units';
  };
  for (const item of before) {
    const reason = reasonOf(item);
    const parts = noParts();
    if (reason === undefined) {
      parts.gone = -item.cost;
    } else {
      parts.unsplit[reason] = -item.cost;
    }
    addTo(rowOf(item), item.cost, 0n, parts);
  }
  for (const item of after) {
    const reason = reasonOf(item);
    const parts = noParts();
    if (reason === undefined) {
      parts.new = item.cost;
    } else {
      parts.unsplit[reason] = item.cost;
    }
    addTo(rowOf(item), 0n, item.cost, parts);
  }
}

type Sums = Omit<DriverRow, 'key' | 'values' | 'labels'>;

function addTo(row: Sums, before: bigint, after: bigint, parts: Parts): void {
  row.before += before;
  row.after += after;
  row.difference += after - before;
  row.parts.new += parts.new;
  row.parts.gone += parts.gone;
  row.parts.quantity += parts.quantity;
  row.parts.price += parts.price;
  row.parts.rate += parts.rate;
  for (const [reason, amount] of Object.entries(parts.unsplit) as [UnsplitReason, bigint][]) {
    row.parts.unsplit[reason] = (row.parts.unsplit[reason] ?? 0n) + amount;
  }
}

function tableOf(currency: string, by: readonly DimensionName[], rows: DriverRow[]): DriverTable {
  const total: Sums = { before: 0n, after: 0n, difference: 0n, parts: noParts() };
  for (const { before, after, parts } of rows) {
    addTo(total, before, after, parts);
  }
  rows.sort((a, b) => {
    const larger = magnitude(b.difference) - magnitude(a.difference);
    return larger > 0n ? 1 : larger < 0n ? -1 : a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
  });
  return { currency, by, rows, total };
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.every((text, i) => text === b[i]);
}

function isLess(a: readonly string[], b: readonly string[]): boolean {
  const at = a.findIndex((text, i) => text !== b[i]);
  return at >= 0 && (a[at] ?? '') < (b[at] ?? '');
}
