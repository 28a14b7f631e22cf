import { addMonths } from '../api/arm/days.ts';
import { BillingError } from '../api/http/errors.ts';
import { type Period, periodLabel, periodState, resolvePeriod, splitMonths } from '../usage/period.ts';
import type { SpendQuestion } from './spendShapes.ts';

/** Months back to the first of a named period; it ends today. */
const SPANS: Readonly<Record<string, number>> = { TheLast3Months: 2, TheLast6Months: 5, TheLast12Months: 11 };

/** Periods to choose from, beside days and months such as `2026-10`. */
export const SPEND_PRESETS: readonly { id: string; label: string }[] = [
  { id: 'MonthToDate', label: 'This month' },
  { id: 'TheLastMonth', label: 'Last month' },
  { id: 'TheLast7Days', label: 'Last 7 days' },
  { id: 'TheLast30Days', label: 'Last 30 days' },
  { id: 'TheLast3Months', label: 'Last 3 months' },
  { id: 'TheLast6Months', label: 'Last 6 months' },
  { id: 'TheLast12Months', label: 'Last 12 months' },
  { id: 'YearToDate', label: 'This year' },
];

/** More than a quarter has so many days that a month each is easier to read, and four queries a minute take their time. */
const LONGEST_DAILY = 92;

/** What the service answers at most ("Query - Usage", limits of the time period). */
const LONGEST_MONTHS = 37;

/**
 * The days that a question means, UTC, both inclusive. The end may lie in the future, the beginning may not.
 *
 * @throws BillingError of kind `argument` that names the field
 */
export function spendPeriod({ period }: Pick<SpendQuestion, 'period'>, now: Date): Period {
  const today = utcDay(now);
  const months = typeof period === 'string' ? SPANS[period] : undefined;
  const days =
    months === undefined
      ? resolvePeriod(period, now)
      : { from: addMonths(`${today.slice(0, 7)}-01`, -months), to: today };
  if (days.from > today) {
    throw new BillingError('argument', `period: begins on ${days.from}, which is still to come.`, {
      advice: 'Use a period that has begun.',
    });
  }
  if (splitMonths(days).length > LONGEST_MONTHS) {
    throw new BillingError(
      'argument',
      `period: is longer than the ${LONGEST_MONTHS} months that the service answers.`,
      {
        advice: 'Use a shorter period.',
      },
    );
  }
  return days;
}

/** How fine a picture is in time. */
export function spendGranularity({ granularity }: SpendQuestion, period: Period): 'daily' | 'monthly' {
  if (granularity !== 'auto') {
    return granularity;
  }
  return dayCount(period) > LONGEST_DAILY ? 'monthly' : 'daily';
}

/** Days that are compared, and those that they are compared with. */
export interface ComparedPeriods {
  now: Period;
  before: Period;
}

/**
 * The days of a period that are compared, and those that they are compared with. Today is not over and its usage hardly reported, so the
 * days to compare end yesterday, and what stands opposite to the days left out is left out as well. `lastYear` is the same days a year
 * earlier. `previous` is as many months before where the period begins with a month (on 21 November, 1 to 20 November: 1 to 20 October),
 * else as many days. Whole months are compared with whole months; of other ones with equal days: 1 to 30 March with February is 1 to 28
 * March.
 *
 * @returns undefined where the period has no day that is over
 */
export function comparedPeriods(
  period: Period,
  compareWith: 'previous' | 'lastYear',
  now: Date,
): ComparedPeriods | undefined {
  const today = utcDay(now);
  const days = { from: period.from, to: period.to < today ? period.to : addDays(today, -1) };
  if (days.from > days.to) {
    return undefined;
  }
  const shown = { from: period.from, to: period.to > today ? today : period.to };
  if (compareWith === 'lastYear') {
    return monthsEarlier(days, 12);
  }
  if (period.from.endsWith('-01')) {
    return monthsEarlier(days, splitMonths(shown).length);
  }
  const length = dayCount(shown);
  return { now: days, before: { from: addDays(days.from, -length), to: addDays(days.to, -length) } };
}

function monthsEarlier({ from, to }: Period, months: number): ComparedPeriods {
  const start = addMonths(from, -months);
  const end = addMonths(to, -months);
  // Whole months stay whole: the last day of one becomes the last day of the other.
  if (addDays(to, 1).endsWith('-01') && from.endsWith('-01')) {
    return { now: { from, to }, before: { from: start, to: monthEnd(end) } };
  }
  // A shorter month has no such day.
  const last = `${to.slice(0, 7)}${end.slice(7)}`;
  return { now: { from, to: last < from ? from : last }, before: { from: start, to: end } };
}

/** Days or months of a period without holes, the first one first. Months at the ends may be cut. */
export function stepsOf(period: Period, granularity: 'daily' | 'monthly'): Period[] {
  if (granularity === 'monthly') {
    return splitMonths(period);
  }
  const steps: Period[] = [];
  for (let day = period.from; day <= period.to; day = addDays(day, 1)) {
    steps.push({ from: day, to: day });
  }
  return steps;
}

/** The first day whose cost can still grow: of the open month, or of the last one while late usage arrives. */
export function openFrom(now: Date): string {
  const month = `${utcDay(now).slice(0, 7)}-01`;
  const last = addMonths(month, -1);
  return periodState({ from: last, to: last }, now) === 'closed' ? month : last;
}

/** A period for people: `October 2026`, `1–20 October 2026`. English, as all texts are. */
export function periodWords(period: Period): string {
  const isMonth = periodLabel(period).length === 'YYYY-MM'.length;
  return isMonth ? MONTHS.format(dateOf(period.from)) : DAYS.formatRange(dateOf(period.from), dateOf(period.to));
}

const MONTHS = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' });
const DAYS = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric', day: 'numeric' });

export function dayCount({ from, to }: Period): number {
  return Math.round((dateOf(to).getTime() - dateOf(from).getTime()) / MILLISECONDS) + 1;
}

export function addDays(day: string, days: number): string {
  return utcDay(new Date(dateOf(day).getTime() + days * MILLISECONDS));
}

/** The last day of a day's month. */
export function monthEnd(day: string): string {
  return addDays(addMonths(`${day.slice(0, 7)}-01`, 1), -1);
}

/** `YYYY-MM-DD`, UTC. */
export function utcDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

const MILLISECONDS = 86_400_000;

function dateOf(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}
