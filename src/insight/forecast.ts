import { folded } from './cellTexts.ts';
import type { DailyPeriod, DailySeries } from './dailySums.ts';
import { dayNumber } from './days.ts';
import { type ForecastMethod, forecastSeries } from './forecastMethods.ts';
import { recurringCharges } from './recurringCharges.ts';
import { isSparse } from './seriesChanges.ts';
import { joined } from './sideItems.ts';
import { SCALE } from './units.ts';

/** A part of the costs of one currency: with a series, or with parts of its own. */
export interface ForecastNode {
  /** Values of the dimensions from the outermost on; empty for all costs of a currency. */
  values: readonly string[];
  labels: readonly string[];
  currency: string;
  series?: DailySeries;
  children: readonly ForecastNode[];
}

export interface ForecastOptions {
  /** Today, `YYYY-MM-DD`, UTC: the first day of which nothing is known. */
  today: string;
  /** Days before today whose use may still be reported, 3 when left out. */
  lateDays?: number;
}

/**
 * What a part comes to in a period. Amounts are units of 10^-30 of its currency. Children add up to their parent exactly: in `spent`, in
 * `rest`, and in each of the `days`.
 */
export interface Forecast {
  values: readonly string[];
  labels: readonly string[];
  currency: string;
  /** Reported in the period before today, to the last digit. */
  spent: bigint;
  /** Expected beside it, rounded to millionths. */
  rest: bigint;
  /** `spent` and `rest`. */
  total: bigint;
  /** Of the total, with a chance of 80 % between them. */
  low: bigint;
  high: bigint;
  /** What is expected for each day of the period; of days before today only what they are expected to bring late. */
  days: bigint[];
  /** How a part without parts was forecast. */
  method?: ForecastMethod;
  children: Forecast[];
}

const LATE_DAYS = 3;
/** Forecasts are whole multiples of this. */
const STEP = 10n ** BigInt(SCALE - 6);
const STEPS_OF_ONE = 1e6;
/** Quantile of Student's distribution with 80 % between it and its negative: spreads are learned from few errors. */
const EIGHTY_PERCENT = 1.533;
/**
 * How much of the error parts of one whole are taken to have in common. A parent's range follows from its parts' by
 * w² = (1 − ρ)·Σwᵢ² + ρ·(Σwᵢ)²: independent parts would be ρ = 0, ranges that are added up ρ = 1.
 */
const IN_COMMON = 0.1;

/** Groups series into trees, one a currency, by their dimensions from the outermost to the innermost. */
export function forecastNodes(series: readonly DailySeries[]): ForecastNode[] {
  const byCurrency = new Map<string, DailySeries[]>();
  for (const one of series) {
    byCurrency.set(one.currency, [...(byCurrency.get(one.currency) ?? []), one]);
  }
  return [...byCurrency]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, own]) => ({ values: [], labels: [], currency, children: childrenOf(own, 1) }));
}

function childrenOf(series: readonly DailySeries[], depth: number): ForecastNode[] {
  const groups = new Map<string, DailySeries[]>();
  for (const one of series) {
    const key = joined(one.values.slice(0, depth).map(folded));
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [one]);
    } else {
      group.push(one);
    }
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, own]) => {
      const [one] = own;
      if (one === undefined) {
        return [];
      }
      const { values, labels, currency } = one;
      const node = { values: values.slice(0, depth), labels: labels.slice(0, depth), currency };
      return values.length <= depth
        ? own.map((leaf) => ({ ...node, series: leaf, children: [] }))
        : [{ ...node, children: childrenOf(own, depth + 1) }];
    });
}

/**
 * Forecasts each part of the trees for a period, bottom-up: series are forecast alone, all else is their sum.
 *
 * @param horizon the period, both days inclusive: a month that is open, or one to come
 */
export function forecastTree(
  nodes: readonly ForecastNode[],
  horizon: DailyPeriod,
  options: ForecastOptions,
): Forecast[] {
  return nodes.map((node) => forecastOf(node, horizon, options).forecast);
}

/** A forecast with how far below and above it the range reaches, before it is cut at what is certain. */
interface Ranged {
  forecast: Forecast;
  down: number;
  up: number;
}

function forecastOf(node: ForecastNode, horizon: DailyPeriod, options: ForecastOptions): Ranged {
  const { values, labels, currency, series } = node;
  const parts = node.children.map((child) => forecastOf(child, horizon, options));
  if (series !== undefined) {
    parts.push(leafOf(node, series, horizon, options));
  }
  const only = parts[0];
  if (series !== undefined && parts.length === 1 && only !== undefined) {
    return only;
  }
  const days = new Array<bigint>(dayNumber(horizon.to) - dayNumber(horizon.from) + 1).fill(0n);
  let spent = 0n;
  let rest = 0n;
  for (const { forecast } of parts) {
    spent += forecast.spent;
    rest += forecast.rest;
    forecast.days.forEach((amount, day) => {
      days[day] = (days[day] ?? 0n) + amount;
    });
  }
  const down = combined(parts.map((part) => part.down));
  const up = combined(parts.map((part) => part.up));
  const children = parts.map(({ forecast }) => forecast);
  const own = { values, labels, currency, spent, rest, days, children };
  return { forecast: { ...own, ...rangeOf(spent, rest, down, up) }, down, up };
}

function combined(widths: readonly number[]): number {
  const sum = widths.reduce((a, b) => a + b, 0);
  const squares = widths.reduce((a, b) => a + b * b, 0);
  return Math.sqrt((1 - IN_COMMON) * squares + IN_COMMON * sum * sum);
}

function rangeOf(spent: bigint, rest: bigint, down: number, up: number) {
  const total = spent + rest;
  return { total, low: total - unitsOfNumber(down), high: total + unitsOfNumber(up) };
}

function leafOf(
  { values, labels, currency }: ForecastNode,
  { first, usage, charges }: DailySeries,
  horizon: DailyPeriod,
  { today, lateDays = LATE_DAYS }: ForecastOptions,
): Ranged {
  const [start, end] = [dayNumber(horizon.from) - first, dayNumber(horizon.to) - first];
  const reported = Math.min(usage.days, dayNumber(today) - first);
  const known = Math.max(0, Math.min(reported, dayNumber(today) - lateDays - first));
  const used = usage.numbers();
  const steps = Math.max(0, end - known + 1);
  const isCharges = isSparse(used.subarray(0, reported));
  const smooth = isCharges ? undefined : forecastSeries(used.subarray(0, known), first, steps);
  const charged = (amounts: Float64Array) =>
    recurringCharges(amounts.subarray(0, reported), first, Math.max(0, end - reported + 1));
  const ofCharges = [...(isCharges ? [charged(used)] : []), ...(charges ? [charged(charges.numbers())] : [])];
  const days: bigint[] = [];
  let spent = 0n;
  let rest = 0n;
  let counted = 0;
  let expected = 0;
  for (let day = start; day <= end; day++) {
    if (day >= 0 && day < reported) {
      spent += usage.units(day) + (charges?.units(day) ?? 0n);
    }
    let amount = 0;
    if (smooth !== undefined && day >= known) {
      const whole = smooth.days[day - known] ?? 0;
      // What is reported of a late day stays; the rest of it is expected.
      amount += day < reported ? Math.max(0, whole - (used[day] ?? 0)) : whole;
      counted++;
      expected += whole;
    }
    for (const one of ofCharges) {
      amount += one[day - reported] ?? 0;
    }
    const units = unitsOfNumber(amount);
    days.push(units);
    rest += units;
  }
  const method = smooth?.method ?? 'none';
  const width = smooth === undefined ? 0 : widthOf(smooth, counted, expected);
  // What is still to come is not below nothing, unless the series is one of credits.
  const down = expected >= 0 ? Math.min(width, Number(rest / STEP) / STEPS_OF_ONE) : width;
  const own = { values, labels, currency, spent, rest, days, children: [] };
  const told = method === 'none' && ofCharges.some((one) => one.some((amount) => amount !== 0)) ? 'charges' : method;
  return { forecast: { ...own, ...rangeOf(spent, rest, down, width), method: told }, down, up: width };
}

function widthOf({ daily, level, fresh }: ReturnType<typeof forecastSeries>, days: number, expected: number): number {
  return EIGHTY_PERCENT * Math.sqrt(days * daily ** 2 + (level * expected) ** 2) + fresh * days;
}

/** A double as units, rounded to millionths. */
function unitsOfNumber(value: number): bigint {
  return BigInt(Math.round(value * STEPS_OF_ONE)) * STEP;
}
