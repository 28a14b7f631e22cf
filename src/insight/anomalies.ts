import { folded } from './cellTexts.ts';
import type { DimensionName } from './costColumns.ts';
import type { DailyPeriod, DailySeries } from './dailySums.ts';
import { DayAmounts } from './dayAmounts.ts';
import { dayNumber, dayText } from './days.ts';
import {
  type ChangeKind,
  COUNTED_DAYS,
  changesOf,
  chargeChanges,
  isSparse,
  type SeriesChange,
} from './seriesChanges.ts';
import { joined } from './sideItems.ts';

/** An unusual change, told at the deepest level that explains its money. Amounts are estimates in its currency. */
export interface Anomaly {
  kind: ChangeKind;
  /** The dimensions of its level, outermost first, their values and their names for people. */
  by: readonly DimensionName[];
  values: readonly string[];
  labels: readonly string[];
  currency: string;
  /** First and last unusual day, `YYYY-MM-DD`, UTC. */
  from: string;
  to: string;
  /** Whether it lasted to the end of what is known. */
  stays: boolean;
  /** A usual day before and a day since, or of a charge what was usual and what came. */
  usual: number;
  now: number;
  /** Above the usual, negative below, over `days` days. */
  money: number;
  days: number;
  /** How many groups of the next level changed together; 0 when it is told at the deepest level. */
  across: number;
}

export interface SweepOptions {
  /** Today, `YYYY-MM-DD`, UTC: it is not over, and is not looked at. */
  today: string;
  by: readonly DimensionName[];
  /** Days before today whose use may still be reported, 3 when left out: use of a day arrives up to 72 hours later. */
  lateDays?: number;
  /** Changes that began earlier are not told. */
  since?: string;
  /** The least money that is told, as a part of what its outermost group costs in the period; 0.005 when left out. */
  leastShare?: number;
}

const LATE_DAYS = 3;
const LEAST_SHARE = 0.005;
/** What one group below explains so much of is told there. */
const EXPLAINS = 0.6;
/** Changes that begin within so many days began together. */
const TOGETHER = 2;

/** An anomaly under way, with the place that it began at. */
interface Found extends Anomaly {
  start: number;
  path: string;
}

/**
 * Looks for unusual changes in all series, at every level of their dimensions, and ranks them by money. Currencies are ranked apart, one
 * after the other in the order of their codes.
 */
export function sweepAnomalies(series: readonly DailySeries[], options: SweepOptions): Anomaly[] {
  const found: Anomaly[] = [];
  for (const [, ofCurrency] of [...grouped(series, ({ currency }) => currency)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    found.push(...sweepCurrency(ofCurrency, options));
  }
  return found;
}

function sweepCurrency(series: readonly DailySeries[], options: SweepOptions): Anomaly[] {
  const depths = options.by.length;
  let told: Found[] = [];
  let level: readonly DailySeries[] = series;
  for (let depth = depths; depth >= 1; depth--) {
    level = depth === depths ? series : summedAt(level, depth);
    const here = level.flatMap((one) => foundIn(one, depth, options));
    told = depth === depths ? here : withParents(told, here);
  }
  const share = options.leastShare ?? LEAST_SHARE;
  // A small customer has changes of its own, however large the others are.
  const least = new Map(level.map((outermost) => [outermostOf(outermost), share * totalOf(outermost)]));
  const since = options.since ?? '';
  return told
    .filter((one) => one.money !== 0 && Math.abs(one.money) >= (least.get(outermostOf(one)) ?? 0) && one.from >= since)
    .sort((a, b) => Math.abs(b.money) - Math.abs(a.money) || (a.path < b.path ? -1 : 1) || a.start - b.start)
    .map(({ start: _, path: __, ...anomaly }) => anomaly);
}

function foundIn(series: DailySeries, depth: number, { today, by, lateDays = LATE_DAYS }: SweepOptions): Found[] {
  const { first, usage, charges } = series;
  // Days that are not over, and late ones behind them.
  const days = Math.min(usage.days, dayNumber(today) - first);
  if (days <= 0) {
    return [];
  }
  const used = usage.numbers().subarray(0, days);
  const charged = charges?.numbers().subarray(0, days);
  const late = Math.min(days, dayNumber(today) - lateDays - first);
  const changes = [
    ...changesOf(used, first, late),
    ...(isSparse(used) ? chargeChanges(used) : []),
    ...(charged === undefined ? [] : chargeChanges(charged)),
  ];
  const path = joined(series.values.map(folded));
  return changes.map((change) => ({
    ...described(change, first),
    by: by.slice(0, depth),
    values: series.values,
    labels: series.labels,
    currency: series.currency,
    across: 0,
    start: change.from,
    path,
  }));
}

function described({ from, to, ...change }: SeriesChange, first: number) {
  return {
    ...change,
    from: dayText(first + from),
    to: dayText(first + to),
    days: Math.min(to - from + 1, COUNTED_DAYS),
  };
}

/**
 * Decides what is told of groups and of what they are in: a group that explains most of the change is told alone; where several changed together, what
 * they are in is told alone.
 */
function withParents(below: readonly Found[], above: readonly Found[]): Found[] {
  const parents: Found[] = [];
  const dropped = new Set<Found>();
  const byPath = new Map<string, Found[]>();
  for (const child of below) {
    for (let depth = 1; depth < child.values.length; depth++) {
      const path = joined(child.values.slice(0, depth).map(folded));
      byPath.set(path, [...(byPath.get(path) ?? []), child]);
    }
  }
  for (const parent of above) {
    const children = (byPath.get(parent.path) ?? []).filter(
      (child) =>
        !dropped.has(child) && child.money > 0 === parent.money > 0 && Math.abs(child.start - parent.start) <= TOGETHER,
    );
    const largest = Math.max(0, ...children.map(({ money }) => Math.abs(money)));
    if (children.length > 0 && largest >= EXPLAINS * Math.abs(parent.money)) {
      continue;
    }
    for (const child of children) {
      dropped.add(child);
    }
    parents.push({ ...parent, across: children.length });
  }
  return [...below.filter((child) => !dropped.has(child)), ...parents];
}

/** Series of the groups at a depth, added up from those below. */
function summedAt(series: readonly DailySeries[], depth: number): DailySeries[] {
  return [...grouped(series, ({ values }) => joined(values.slice(0, depth).map(folded))).values()].map((parts) => {
    const [one] = parts as [DailySeries, ...DailySeries[]];
    const usage = new DayAmounts(one.usage.days);
    let charges: DayAmounts | undefined;
    for (const part of parts) {
      usage.addAll(part.usage);
      if (part.charges !== undefined) {
        charges ??= new DayAmounts(one.usage.days);
        charges.addAll(part.charges);
      }
    }
    return { ...one, values: one.values.slice(0, depth), labels: one.labels.slice(0, depth), usage, charges };
  });
}

function outermostOf({ values }: { values: readonly string[] }): string {
  return folded(values[0] ?? '');
}

function totalOf({ usage, charges }: DailySeries): number {
  const sum = (amounts: DayAmounts | undefined) => amounts?.numbers().reduce((all, one) => all + Math.abs(one), 0) ?? 0;
  return sum(usage) + sum(charges);
}

function grouped<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [value]);
    } else {
      group.push(value);
    }
  }
  return groups;
}

/** The days to compare for the drivers of an anomaly: the unusual ones, and as many of the same weekdays before them. */
export function comparedDays({ from, to }: Anomaly): { before: DailyPeriod; after: DailyPeriod } {
  const first = dayNumber(from);
  const days = Math.min(dayNumber(to) - first + 1, 28);
  const back = Math.ceil(days / 7) * 7;
  const period = (start: number) => ({ from: dayText(start), to: dayText(start + days - 1) });
  return { before: period(first - back), after: period(first) };
}
