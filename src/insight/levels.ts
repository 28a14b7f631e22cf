import { weekdayOf } from './days.ts';

/** Days of a series that have one level, `to` exclusive. */
export interface Segment {
  from: number;
  to: number;
  /** The median day, weekdays taken out. */
  level: number;
}

/** A series taken apart: what a day of each weekday is of a usual day, and the levels that it had. */
export interface Levels {
  /** Factor by place in the series. */
  weekdays: Float64Array;
  /** The series without weekends that are quiet for no reason known yet. */
  calm: Float64Array;
  segments: Segment[];
  /** Spread of a day around its level, as a fraction of it. */
  noise: number;
}

const WEEK = 7;
const SATURDAY = 6;
/** Weekdays are told apart from so many weeks on, and when they differ so much. */
const WEEKS = 3;
const WEEKDAYS_DIFFER = 0.15;
const LEAST_FACTOR = 0.1;
/** No series is believed to be calmer than this. */
const LEAST_NOISE = 0.02;
/** Of a large day: what is small beside it counts as nothing. */
const SMALL = 0.02;
/** What another level has to gain, in spreads and logarithms of days. */
const PENALTY = 3;
/** A change smaller than a fifth is everyday business. */
const LEAST_JUMP = 0.2;
const JUMP_NOISES = 3.5;
const WHOLE = 0.8;
/** From the median absolute deviation of a normal distribution to its standard deviation. */
const MAD = 1.4826;

/**
 * Finds the levels of a daily series, robustly: weekday factors are medians of ratios to the centred week; levels are the segments of
 * least absolute deviation on a logarithmic scale with a penalty per change (optimal partitioning, Jackson et al. 2005, with the robust cost that Fearnhead and
 * Rigaill 2019 advise); the spread is the median absolute difference of neighbours. A change counts when the weeks on both sides of it
 * differ by a fifth and by several spreads, so slow growth is none.
 */
export function levelsOf(amounts: Float64Array, first: number): Levels {
  const weekdays = weekdayFactors(amounts, first);
  const adjusted = amounts.map((amount, day) => amount / (weekdays[day] ?? 1));
  const largest = adjusted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const level = median(adjusted);
  if (largest === 0) {
    return { weekdays, calm: amounts, segments: [{ from: 0, to: amounts.length, level }], noise: LEAST_NOISE };
  }
  const small = SMALL * quantile(adjusted.map(Math.abs), 0.9);
  const scale = 2 * (small || SMALL * largest);
  const filled = withoutQuietWeekends(adjusted, first);
  const logs = filled.map((value) => Math.asinh(value / scale));
  const noise = noiseOf(logs);
  const jump = Math.max(Math.log1p(LEAST_JUMP), JUMP_NOISES * noise);
  const middle = median(logs);
  if (logs.every((value) => Math.abs(value - middle) < jump / 2)) {
    const calm = filled.map((value, day) => value * (weekdays[day] ?? 1));
    return { weekdays, calm, segments: [{ from: 0, to: amounts.length, level }], noise };
  }
  const edges = settled(logs, partition(logs, PENALTY * noise * Math.log(logs.length)), jump);
  return { ...ownLevels(amounts, first, weekdays, edges), noise };
}

/** Levels between edges. Each that lasts for weeks has weekdays of its own: what began or ended had another rhythm. */
function ownLevels(amounts: Float64Array, first: number, common: Float64Array, edges: readonly number[]) {
  const weekdays = Float64Array.from(common);
  const segments = edges.slice(1).map((to, at): Segment => {
    const from = edges[at] ?? 0;
    if (to - from >= WEEK * WEEKS) {
      weekdays.set(weekdayFactors(amounts.subarray(from, to), first + from), from);
    }
    const days = amounts.subarray(from, to).map((amount, day) => amount / (weekdays[from + day] ?? 1));
    return { from, to, level: median(days) };
  });
  const adjusted = amounts.map((amount, day) => amount / (weekdays[day] ?? 1));
  const calm = withoutQuietWeekends(adjusted, first).map((value, day) => value * (weekdays[day] ?? 1));
  return { weekdays, calm, segments };
}

/**
 * A rhythm of weeks that began lately is in no factor yet: a weekend that is below the days on both sides of it stands at the lower of
 * them, the last one at the day before it.
 */
function withoutQuietWeekends(values: Float64Array, first: number): Float64Array {
  const filled = Float64Array.from(values);
  for (let day = 1; day < values.length; day++) {
    if (weekdayOf(first + day) === SATURDAY) {
      const friday = values[day - 1] as number;
      const least = Math.min(friday, values[day + 2] ?? friday);
      for (const weekend of [day, day + 1]) {
        if (weekend < values.length) {
          filled[weekend] = Math.max(values[weekend] as number, least);
        }
      }
    }
  }
  return filled;
}

/** Edges of the best partition, 0 and the number of days among them. */
function partition(values: Float64Array, penalty: number): number[] {
  const days = values.length;
  const best = new Float64Array(days + 1);
  const from = new Int32Array(days + 1);
  best[0] = -penalty;
  for (let to = 1; to <= days; to++) {
    best[to] = Number.POSITIVE_INFINITY;
  }
  const sorted = new Float64Array(days);
  for (let start = 0; start < days; start++) {
    const base = (best[start] as number) + penalty;
    // The cost of a growing segment: the sum of distances to its median, kept up to date with each day.
    let size = 0;
    let cost = 0;
    for (let end = start; end < days; end++) {
      const value = values[end] as number;
      const middle = size === 0 ? value : (sorted[size >> 1] as number);
      const other = size === 0 || size % 2 === 1 ? middle : (sorted[(size >> 1) - 1] as number);
      // With an even number of days any point between the two middle ones is a median.
      cost += value > middle ? value - middle : value < other ? other - value : 0;
      let at = size++;
      while (at > 0 && (sorted[at - 1] as number) > value) {
        sorted[at] = sorted[at - 1] as number;
        at--;
      }
      sorted[at] = value;
      const total = base + cost;
      if (total < (best[end + 1] as number)) {
        best[end + 1] = total;
        from[end + 1] = start;
      }
    }
  }
  const edges = [days];
  for (let at = days; at > 0; ) {
    at = from[at] as number;
    edges.push(at);
  }
  return edges.reverse();
}

/** Drops edges whose sides do not differ enough near the edge, the weakest first. */
function settled(values: Float64Array, edges: number[], jump: number): number[] {
  const kept = [...edges];
  for (;;) {
    let weakest = -1;
    let least = jump;
    for (let at = 1; at < kept.length - 1; at++) {
      const edge = kept[at] as number;
      const [start, end] = [kept[at - 1] as number, kept[at + 1] as number];
      const near =
        median(values.subarray(edge, Math.min(end, edge + WEEK))) -
        median(values.subarray(Math.max(start, edge - WEEK), edge));
      const whole = median(values.subarray(edge, end)) - median(values.subarray(start, edge));
      // Levels as a whole may lie a little closer than the weeks at the edge.
      const differs = Math.sign(near) === Math.sign(whole) ? Math.min(Math.abs(near), Math.abs(whole) / WHOLE) : 0;
      if (differs < least) {
        least = differs;
        weakest = at;
      }
    }
    if (weakest < 0) {
      return kept;
    }
    kept.splice(weakest, 1);
  }
}

function noiseOf(logs: Float64Array): number {
  const steps = new Float64Array(Math.max(logs.length - 1, 0));
  let size = 0;
  for (let day = 1; day < logs.length; day++) {
    // Days without anything are calm and say nothing about the others.
    if (logs[day] !== 0 || logs[day - 1] !== 0) {
      steps[size++] = Math.abs((logs[day] as number) - (logs[day - 1] as number));
    }
  }
  return Math.max(LEAST_NOISE, (MAD * median(steps.subarray(0, size))) / Math.SQRT2);
}

/** What each day's weekday is of a usual day; 1 where weekdays do not differ, or too few weeks tell. */
function weekdayFactors(amounts: Float64Array, first: number): Float64Array {
  const factors = new Float64Array(amounts.length).fill(1);
  if (amounts.length < WEEK * WEEKS) {
    return factors;
  }
  const ratios: number[][] = Array.from({ length: WEEK }, () => []);
  // Sums of doubles leave dust where nothing was.
  const dust = 1e-9 * amounts.reduce((most, amount) => Math.max(most, Math.abs(amount)), 0);
  let sum = 0;
  for (let day = 0; day < amounts.length; day++) {
    sum += (amounts[day] as number) - (day < WEEK ? 0 : (amounts[day - WEEK] as number));
    const middle = day - (WEEK >> 1);
    if (day >= WEEK - 1 && sum > dust) {
      ratios[weekdayOf(first + middle)]?.push(((amounts[middle] as number) * WEEK) / sum);
    }
  }
  if (ratios.some(({ length }) => length < WEEKS - 1)) {
    return factors;
  }
  const own = ratios.map((some) => Math.max(LEAST_FACTOR, median(Float64Array.from(some))));
  if (Math.max(...own) - Math.min(...own) < WEEKDAYS_DIFFER) {
    return factors;
  }
  const mean = own.reduce((a, b) => a + b, 0) / WEEK;
  return factors.map((_, day) => (own[weekdayOf(first + day)] ?? 1) / mean);
}

/** 0 of nothing. */
export function median(values: Float64Array): number {
  return quantile(values, 0.5);
}

/** Between the two nearest values where none is there; 0 of nothing. */
function quantile(values: Float64Array, part: number): number {
  if (values.length === 0) {
    return 0;
  }
  const sorted = Float64Array.from(values).sort();
  const place = part * (sorted.length - 1);
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}
