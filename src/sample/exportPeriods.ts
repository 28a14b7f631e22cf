import { type DayRange, firstDay, lastDay, monthOf, weekday } from './calendar.ts';
import { daysOfTimeframe, type Timeframe } from './costTimeframes.ts';
import type { ExportDefinition, ExportSchedule } from './exportModel.ts';

/** The words of `definition.timeframe`. */
export const EXPORT_TIMEFRAMES = [
  'MonthToDate',
  'BillingMonthToDate',
  'TheLastMonth',
  'TheLastBillingMonth',
  'WeekToDate',
  'Custom',
  'TheCurrentMonth',
] as const satisfies readonly Timeframe[];

const DAY_MS = 86_400_000;

/** The UTC days of an export's data, inclusive, for a run at a moment. */
export function daysOfExport({ timeframe, period }: ExportDefinition, now: Date): DayRange {
  if (period) return period.days;
  return daysOfTimeframe(EXPORT_TIMEFRAMES.find((word) => word === timeframe) ?? 'MonthToDate', now);
}

/** The days in the name of a run's folder: the whole month or week that the data is part of, or just its own days. */
export function folderOfDays(timeframe: string, days: DayRange): DayRange {
  if (timeframe === 'Custom') return days;
  if (timeframe === 'WeekToDate') {
    const sunday = days.from - weekday(days.from);
    return { from: sunday, to: sunday + 6 };
  }
  return { from: firstDay(monthOf(days.from)), to: lastDay(monthOf(days.from)) };
}

/** The first moment after `now` at which a schedule starts a run; undefined when it does not start any more. */
export function nextRun(schedule: ExportSchedule | undefined, now: number): number | undefined {
  if (schedule?.status !== 'Active' || !schedule.period) return undefined;
  const { from, to = Number.POSITIVE_INFINITY } = schedule.period;
  let next = from;
  for (let n = firstGuess(schedule.recurrence, from, now); next <= now; n++) next = occurrence(schedule, from, n);
  return next <= to ? next : undefined;
}

/** The moments up to `now` at which a schedule started runs, newest first, at most so many. */
export function pastRuns(schedule: ExportSchedule, now: number, most: number): number[] {
  if (!schedule.period) return [];
  const { from, to = Number.POSITIVE_INFINITY } = schedule.period;
  const last = Math.min(now, to);
  const runs: number[] = [];
  let n = firstGuess(schedule.recurrence, from, last);
  while (occurrence(schedule, from, n + 1) <= last) n++;
  for (; n >= 0 && runs.length < most; n--) {
    const moment = occurrence(schedule, from, n);
    if (moment <= last) runs.push(moment);
  }
  return runs;
}

/** An occurrence that is certainly not after the first one past `now`, so that a schedule of decades is not walked. */
function firstGuess(recurrence: string | undefined, from: number, now: number): number {
  const longest = { daily: 1, weekly: 7, monthly: 31, annually: 366 }[recurrence?.toLowerCase() ?? 'daily'] ?? 1;
  return Math.max(0, Math.floor((now - from) / (longest * DAY_MS)) - 1);
}

/** The n-th moment, from 0: the same time of day, and the same day of the month as far as the month has it. */
function occurrence({ recurrence = 'Daily' }: ExportSchedule, from: number, n: number): number {
  switch (recurrence) {
    case 'Weekly':
      return from + n * 7 * DAY_MS;
    case 'Monthly':
      return monthsLater(from, n);
    case 'Annually':
      return monthsLater(from, n * 12);
    default:
      return from + n * DAY_MS;
  }
}

function monthsLater(moment: number, months: number): number {
  const day = Math.floor(moment / DAY_MS);
  const time = moment - day * DAY_MS;
  const month = monthOf(day) + months;
  const inMonth = day - firstDay(monthOf(day));
  return Math.min(firstDay(month) + inMonth, lastDay(month)) * DAY_MS + time;
}
