import type { Period } from '../usage/period.ts';
import type { SpendSlice } from './spendRead.ts';
import type { SpendRow } from './spendRows.ts';
import type { SpendQuestion } from './spendShapes.ts';

/** A group over the steps of a period, in units of 10^-30. */
export interface GroupSum {
  key: string;
  /** What people call it, where the service told. */
  label: string;
  /** One for each step. */
  values: bigint[];
  total: bigint;
}

/** Which amount of a row counts; undefined where the row does not. */
export type AmountOf = (row: SpendRow) => bigint | undefined;

/** The amounts of one currency: the one that rows are in, or US dollars of all rows. */
export function amountOfCurrency(view: SpendQuestion['currency'], currency: string): AmountOf {
  return view === 'usd' ? ({ usd }) => usd : (row) => (row.currency === currency ? row.cost : undefined);
}

/** Adds up the rows of some days by group and step. Exact; the order of groups is that of the rows. */
export function groupSums(slice: SpendSlice, steps: readonly Period[], amountOf: AmountOf): GroupSum[] {
  const groups = new Map<string, GroupSum>();
  const places = new Map<string, number | undefined>();
  const placeOf = (day: string): number | undefined => {
    // There are many rows of each day.
    if (!places.has(day)) {
      places.set(day, stepOf(day, steps));
    }
    return places.get(day);
  };
  for (const row of rowsOf(slice)) {
    const amount = amountOf(row);
    const step = placeOf(row.day);
    if (amount === undefined || step === undefined) {
      continue;
    }
    let group = groups.get(row.key);
    if (group === undefined) {
      group = { key: row.key, label: row.label, values: steps.map(() => 0n), total: 0n };
      groups.set(row.key, group);
    }
    // The newest name counts: things are renamed.
    group.label = row.label || group.label;
    group.values[step] = (group.values[step] ?? 0n) + amount;
    group.total += amount;
  }
  return [...groups.values()];
}

/** The currencies of the rows, the one with the largest cost (in US dollars) first. */
export function currenciesOf(slices: readonly SpendSlice[]): string[] {
  const sizes = new Map<string, bigint>();
  for (const slice of slices) {
    for (const { currency, usd } of rowsOf(slice)) {
      sizes.set(currency, (sizes.get(currency) ?? 0n) + (usd < 0n ? -usd : usd));
    }
  }
  return [...sizes]
    .sort(([one, a], [other, b]) => (a === b ? (one < other ? -1 : 1) : a > b ? -1 : 1))
    .map(([currency]) => currency);
}

/** The rows of the slice's own days that its filters leave. */
function* rowsOf({ period, months, filters }: SpendSlice): Generator<SpendRow> {
  const tests = filters.map(({ values, not }) => {
    const texts = new Set(values.map((value) => value.toLowerCase()));
    return (key: string) => texts.has(key.toLowerCase()) !== (not === true);
  });
  for (const { rows } of months.values()) {
    for (const row of rows) {
      if (row.day >= period.from && row.day <= period.to && tests.every((test) => test(row.key))) {
        yield row;
      }
    }
  }
}

/** Where a day stands among steps that follow each other. */
function stepOf(day: string, steps: readonly Period[]): number | undefined {
  let [low, high] = [0, steps.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const step = steps[middle];
    if (step === undefined || day < step.from) {
      high = middle - 1;
    } else if (day > step.to) {
      low = middle + 1;
    } else {
      return middle;
    }
  }
  return undefined;
}
