import { weekdayOf } from './days.ts';
import { type Levels, levelsOf, median } from './levels.ts';

/**
 * How the days to come are told from the days before:
 * `trend` a damped line, `combined` the mean of that and of the level of the last weeks (Bates and Granger 1969: a mean of forecasts is seldom
 * far off), `week` the mean of the last seven days; all since the last change of level, and with the weekdays of the series. `charges` are monthly charges that come again, `none` is nothing to come.
 */
export type ForecastMethod = 'combined' | 'week' | 'trend' | 'charges' | 'none';

/** A forecast of one series as doubles: an estimate, made exact by who adds it up. */
export interface SeriesForecast {
  method: ForecastMethod;
  /** From the first day that is not known. */
  days: Float64Array;
  /** Spread of one day, and of the level as a fraction of it, as standard deviations. */
  daily: number;
  level: number;
  /** Half the distance to the level before, where a change is so fresh that it may not stay; per day. */
  fresh: number;
}

type Smooth = 'combined' | 'week' | 'trend';
const SMOOTH: readonly Smooth[] = ['combined', 'week', 'trend'];

const WEEK = 7;
/** Another method has to be better by this part. */
const CLEARLY = 0.7;
/** Days that a level is learned from. */
const LEVEL_DAYS = 14;
const SPREAD_DAYS = 28;
const TREND_DAYS = 56;
const LEAST_TREND = 28;
const END_DAYS = 21;
/** A trend loses this part of itself from day to day (Gardner and McKenzie 1985). */
const DAMPING = 0.98;
/** Days before the end that forecasts of the past begin at. */
const ORIGINS = [14, 21, 28, 35] as const;
/** So many days are forecast from each. */
const TRIED = 14;
const LEAST_KNOWN = 14;
/** The spread of levels of which nothing is known, and that of the calmest. */
const UNKNOWN_LEVEL = 0.4;
const LEAST_LEVEL = 0.01;
const MAD = 1.4826;
const CLIPPED = 2.5;

/**
 * Forecasts a daily series. The method is the one that would have been nearest for the last weeks of the series itself.
 *
 * @param known all days that are reported in full
 * @param first day number of the first of them
 */
export function forecastSeries(known: Float64Array, first: number, steps: number): SeriesForecast {
  const nothing = { daily: 0, level: 0, fresh: 0 };
  const levels = levelsOf(known, first);
  const last = levels.segments.at(-1);
  if (last === undefined || last.level === 0) {
    return { method: 'none', days: new Float64Array(steps), ...nothing };
  }
  const origins = ORIGINS.filter((back) => known.length - back >= LEAST_KNOWN);
  const errors: Record<Smooth, number[]> = { combined: [], week: [], trend: [] };
  for (const back of origins) {
    const end = known.length - back;
    const then = levelsOf(known.subarray(0, end), first);
    const came = known.subarray(end, end + TRIED).reduce((a, b) => a + b, 0);
    for (const method of SMOOTH) {
      const told = smooth(method, known.subarray(0, end), first, then, TRIED).reduce((a, b) => a + b, 0);
      errors[method].push(came - told);
    }
  }
  const cost = (method: Smooth) => errors[method].reduce((sum, error) => sum + Math.abs(error), 0);
  let method: Smooth = 'combined';
  for (const other of SMOOTH) {
    if (cost(other) < CLEARLY * cost(method)) {
      method = other;
    }
  }
  const days = smooth(method, known, first, levels, steps);
  const daily = spreadOf(known, levels);
  const tried = Math.abs(last.level) * TRIED;
  // Errors of weeks hold the spread of their days too.
  const square = errors[method].reduce((sum, error) => sum + (error / tried) ** 2, 0) / Math.max(origins.length, 1);
  const level =
    origins.length === 0
      ? UNKNOWN_LEVEL
      : Math.max(LEAST_LEVEL, Math.sqrt(Math.max(0, square - (daily * Math.sqrt(TRIED)) ** 2 / tried ** 2)));
  const before = levels.segments.at(-2);
  const isFresh = before !== undefined && last.to - last.from < WEEK;
  return {
    method,
    days,
    daily,
    level: Math.min(level, UNKNOWN_LEVEL),
    fresh: isFresh ? Math.abs(last.level - before.level) / 2 : 0,
  };
}

function smooth(method: Smooth, known: Float64Array, first: number, levels: Levels, steps: number): Float64Array {
  const last = levels.segments.at(-1) ?? { from: 0, to: known.length, level: 0 };
  const length = known.length;
  const factors = weekFactors(levels, first, length);
  const adjusted = known.map((amount, day) => amount / (levels.weekdays[day] ?? 1));
  const of = (days: number) => adjusted.subarray(Math.max(last.from, length - days));
  const day = (step: number, level: number) => level * (factors[weekdayOf(first + length + step)] ?? 1);
  if (method === 'combined') {
    const level = clippedMean(of(LEVEL_DAYS));
    const trend = smooth('trend', known, first, levels, steps);
    return trend.map((amount, step) => (amount + day(step, level)) / 2);
  }
  if (method === 'week') {
    const level = clippedMean(of(WEEK));
    return new Float64Array(steps).map((_, step) => day(step, level));
  }
  const recent = of(TREND_DAYS);
  const slope = recent.length < LEAST_TREND ? 0 : believed(theilSen(recent), recent);
  // Where the line stands today, by the last weeks.
  const ends = recent.map((amount, at) => amount + slope * (recent.length - 1 - at)).subarray(-END_DAYS);
  const end = clippedMean(ends);
  let reach = 0;
  let damped = slope;
  return new Float64Array(steps).map((_, step) => {
    damped *= DAMPING;
    reach += damped;
    // A fall does not lead below nothing.
    return day(step, end > 0 ? Math.max(0, end + reach) : end + reach);
  });
}

/** The mean, with days far from the median moved nearer to it (Huber 1964): robust, and calmer than the median itself. */
function clippedMean(values: Float64Array): number {
  const middle = median(values);
  const most = CLIPPED * MAD * median(values.map((value) => Math.abs(value - middle)));
  const sum = values.reduce((all, value) => all + Math.min(middle + most, Math.max(middle - most, value)), 0);
  return values.length === 0 ? 0 : sum / values.length;
}

/** The median slope of pairs a week or more apart (Theil 1950, Sen 1968). */
function theilSen(values: Float64Array): number {
  const slopes: number[] = [];
  for (let from = 0; from < values.length; from += 2) {
    for (let to = from + WEEK; to < values.length; to += 2) {
      slopes.push(((values[to] as number) - (values[from] as number)) / (to - from));
    }
  }
  return median(Float64Array.from(slopes));
}

/** A slope less what may be chance in it (the positive-part estimator of James and Stein 1961): a slope that is all noise is none. */
function believed(slope: number, values: Float64Array): number {
  const middle = (values.length - 1) / 2;
  const level = median(values.map((value, at) => value - slope * (at - middle)));
  const spread = MAD * median(values.map((value, at) => Math.abs(value - level - slope * (at - middle))));
  const chance = (spread ** 2 * 12) / values.length ** 3;
  return slope === 0 ? 0 : slope * Math.max(0, 1 - chance / slope ** 2);
}

/** By weekday, as the last week of the series had them. */
function weekFactors({ weekdays }: Levels, first: number, length: number): number[] {
  const factors = new Array<number>(WEEK).fill(1);
  for (let day = Math.max(0, length - WEEK); day < length; day++) {
    factors[weekdayOf(first + day)] = weekdays[day] ?? 1;
  }
  return factors;
}

/** Spread of a day around its level in the last weeks. */
function spreadOf(known: Float64Array, { weekdays, segments }: Levels): number {
  const last = segments.at(-1) ?? { from: 0, to: known.length, level: 0 };
  const from = Math.max(last.from, known.length - SPREAD_DAYS);
  const off = known.subarray(from).map((amount, at) => Math.abs(amount - last.level * (weekdays[from + at] ?? 1)));
  return MAD * median(off);
}
