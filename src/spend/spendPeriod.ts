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

/**
 * The days that a period is compared with. Of days to come there is nothing to compare, so it counts up to today. `lastYear` is the same
 * days a year earlier. `previous` is as many months before it where it begins with a month (1 to 20 November: 1 to 20 October; a month
 * that is shorter ends earlier), else as many days.
 */
export function comparedPeriod(period: Period, compareWith: 'previous' | 'lastYear', now: Date): Period {
  const today = utcDay(now);
  const { from } = period;
  const to = period.to > today ? today : period.to;
  if (compareWith === 'lastYear') {
    return earlier({ from, to }, 12);
  }
  if (from.endsWith('-01')) {
    return earlier({ from, to }, splitMonths({ from, to }).length);
  }
  const length = dayCount({ from, to });
  return { from: addDays(from, -length), to: addDays(from, -1) };
}

/** Whole months stay whole: the last day of one becomes the last day of the other. */
function earlier({ from, to }: Period, months: number): Period {
  const isMonthEnd = addDays(to, 1).endsWith('-01');
  const end = addMonths(to, -months);
  return { from: addMonths(from, -months), to: isMonthEnd ? monthEnd(end) : end };
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

/** Whether the cost of some days can still grow: of the open month, or of the last one while late usage arrives. */
export function isOpen(days: Period, now: Date): boolean {
  return periodState(days, now) !== 'closed';
}

/** A period for people: `October 2026`, `1–20 October 2026`. English, as all texts are. */
export function periodWords(period: Period): string {
  const label = periodLabel(period);
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    month: 'long',
    year: 'numeric',
    ...(label.length > 'YYYY-MM'.length && { day: 'numeric' }),
  });
  return format.formatRange(dateOf(period.from), dateOf(label.length > 'YYYY-MM'.length ? period.to : period.from));
}

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
