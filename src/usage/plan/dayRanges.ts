import { type Period, splitMonths } from '../period.ts';

/** Days of one month that are asked for together, or runs of whole months. */
export interface Unit {
  period: Period;
  /** Rows that are expected, in any measure that all units share. */
  weight: number;
  /** Whose they are: units of different owners are never joined. */
  owner: number;
  /** Whether it is all that is asked for of its month, so that it can be joined with the months beside it. */
  whole: boolean;
}

const DAY = 86_400_000;

/** Days from the first to the last, both counted. */
export function daysIn({ from, to }: Period): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY) + 1;
}

/** Days that can have rows: the future has none. */
export function daysUntil({ from, to }: Period, today: string): number {
  return from > today ? 0 : daysIn({ from, to: to < today ? to : today });
}

/** The parts of a period that lie within one month each, newest first: the order in which usage details come. */
export function monthsNewestFirst(period: Period): Period[] {
  return splitMonths(period).reverse();
}

/** The first days of a period, and the rest of it. */
export function splitAfter({ from, to }: Period, days: number): [Period, Period | undefined] {
  const last = addDays(from, days - 1);
  return last >= to
    ? [{ from, to }, undefined]
    : [
        { from, to: last },
        { from: addDays(last, 1), to },
      ];
}

/**
 * Units as so many periods of about the same weight, as far as days and months allow it; in the order of the units. A period never has
 * days of a month beside another month: usage details come newest month first, so the rows would be in another order then.
 */
export function cutUnits(
  units: readonly Unit[],
  count: number,
  today: string,
): { period: Period; owner: number; weight: number }[] {
  const groups = joined(units, count);
  const parts = groups.map(() => 1);
  const most = groups.map(({ period, single }) => (single ? Math.max(1, daysUntil(period, today)) : 1));
  for (let total = groups.length; total < count; total++) {
    const share = (i: number) => (groups[i]?.weight ?? 0) / (parts[i] ?? 1);
    const open = groups.flatMap((_, i) => ((parts[i] ?? 0) < (most[i] ?? 0) ? [i] : []));
    const [heaviest] = open.sort((a, b) => share(b) - share(a) || a - b);
    if (heaviest === undefined) {
      break;
    }
    parts[heaviest] = (parts[heaviest] ?? 0) + 1;
  }
  return groups.flatMap(({ period, owner, weight }, i) => {
    const ranges = cutDays(period, parts[i] ?? 1, today);
    return ranges.map((range) => ({ period: range, owner, weight: weight / ranges.length }));
  });
}

interface Group {
  period: Period;
  weight: number;
  owner: number;
  whole: boolean;
  /** Whether it lies within one month. */
  single: boolean;
}

/** Neighbouring whole months put together, the lightest first, until no more than `count` are left. */
function joined(units: readonly Unit[], count: number): Group[] {
  const groups: Group[] = units.map((unit) => ({ ...unit, single: true }));
  while (groups.length > count) {
    let best: { at: number; weight: number } | undefined;
    for (let at = 0; at + 1 < groups.length; at++) {
      const [a, b] = [groups[at], groups[at + 1]];
      if (a === undefined || b === undefined || a.owner !== b.owner || !a.whole || !b.whole) {
        continue;
      }
      const weight = a.weight + b.weight;
      if (best === undefined || weight < best.weight) {
        best = { at, weight };
      }
    }
    const [newer, older] = best === undefined ? [] : groups.slice(best.at, best.at + 2);
    if (best === undefined || newer === undefined || older === undefined) {
      break;
    }
    const period = { from: older.period.from, to: newer.period.to };
    groups.splice(best.at, 2, { period, weight: best.weight, owner: newer.owner, whole: true, single: false });
  }
  return groups;
}

/** Days as so many periods, oldest first, whose lengths differ by a day at most; what lies in the future goes with the last. */
function cutDays(period: Period, parts: number, today: string): Period[] {
  const days = daysUntil(period, today);
  const ranges: Period[] = [];
  let from = period.from;
  for (let part = 0; part < parts; part++) {
    const length = Math.floor((days * (part + 1)) / parts) - Math.floor((days * part) / parts);
    const to = part === parts - 1 ? period.to : addDays(from, length - 1);
    ranges.push({ from, to });
    from = addDays(to, 1);
  }
  return ranges;
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}
