import type { Period } from '../usage/period.ts';
import { amountNumber, amountOf, amountText, roundAmount } from './amounts.ts';
import { addDays, dayCount } from './spendPeriod.ts';
import type { SpendForecast } from './spendShapes.ts';

/** Of a normal distribution, 80 % lies within so many standard deviations around the mean. */
const OF_80_PERCENT = 1.2816;

const METHOD =
  'The line is the forecast of the service. The range is our own: daily costs of the last 28 days vary by their standard deviation, and if days vary independently, four of five outcomes lie within 1.28 times that, times the square root of the days ahead.';

const METHOD_WITHOUT_RANGE = 'The line is the forecast of the service; there are too few days for a range.';

export interface ForecastLineInput {
  /** What the service expects of each day from today on, in units of 10^-30. */
  days: ReadonlyMap<string, bigint>;
  /** The cost of the period up to yesterday, in units of 10^-30. */
  spent: bigint;
  /** The actual line at the last step that is over, where there is one: the forecast is drawn from there. */
  joint: bigint | undefined;
  /** The cost of each of the last 28 days; empty when they are not known. */
  spread: readonly bigint[];
  /** UTC, `YYYY-MM-DD`. */
  today: string;
  /** Without holes; they may begin before today. */
  steps: readonly Period[];
  /** That the range is rounded to. */
  decimals: number;
}

/**
 * A forecast as a cumulative line with a range around it.
 *
 * The range is that of a random walk: with s, the standard deviation of the daily costs of the last 28 days, the sum of n days to come
 * lies within ±1.28·s·√n of its forecast in four of five cases, if days vary independently of each other. It does not go below what
 * is spent, unless days of the last four weeks were negative (credits). The range is an estimate, so doubles are good enough for it.
 *
 * @returns undefined when the service's days do not reach the end of the steps
 */
export function forecastLine({
  days,
  spent,
  joint,
  spread,
  today,
  steps,
  decimals,
}: ForecastLineInput): SpendForecast | undefined {
  const last = steps.findLastIndex(({ to }) => to < today);
  const deviation = standardDeviation(spread.map(amountNumber));
  const canFall = spread.some((cost) => cost < 0n);
  const line: SpendForecast = {
    values: [],
    low: [],
    high: [],
    total: '0',
    method: deviation === undefined ? METHOD_WITHOUT_RANGE : METHOD,
  };
  let expected = spent;
  let next = today;
  for (const [index, step] of steps.entries()) {
    if (step.to < today) {
      const value = index === last && joint !== undefined ? amountText(joint) : null;
      line.values.push(value);
      line.low.push(value);
      line.high.push(value);
      continue;
    }
    for (; next <= step.to; next = addDays(next, 1)) {
      const cost = days.get(next);
      if (cost === undefined) {
        return undefined;
      }
      expected += cost;
    }
    line.values.push(amountText(expected));
    if (deviation === undefined) {
      line.low.push(null);
      line.high.push(null);
      continue;
    }
    const half = amountOf(OF_80_PERCENT * deviation * Math.sqrt(dayCount({ from: today, to: step.to })), decimals);
    const low = roundAmount(expected - half, decimals);
    line.low.push(amountText(canFall || low > spent ? low : spent));
    line.high.push(amountText(roundAmount(expected + half, decimals)));
  }
  return { ...line, total: amountText(expected) };
}

/** Of a sample; undefined for fewer than two values. */
export function standardDeviation(values: readonly number[]): number | undefined {
  if (values.length < 2) {
    return undefined;
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
