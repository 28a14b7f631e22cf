import { type DayRange, dayOf, firstDay, lastDay, monthOf, weekday } from './calendar.ts';

/** The names of periods that a cost query takes. Billing months of a partner agreement are calendar months. */
export const TIMEFRAMES = [
  'MonthToDate',
  'BillingMonthToDate',
  'TheCurrentMonth',
  'TheLastMonth',
  'TheLastBillingMonth',
  'TheLast3Months',
  'WeekToDate',
  'TheLastWeek',
  'TheLast7Days',
  'YearToDate',
  'TheLastYear',
  'Custom',
] as const;

export type Timeframe = (typeof TIMEFRAMES)[number];

/**
 * The UTC days of a named period at a moment, inclusive, the present day included. Weeks begin on Sunday; `TheLast3Months`
 * are the three whole months before the present one. `Custom` without a period is the month to date.
 */
export function daysOfTimeframe(timeframe: Timeframe, now: Date): DayRange {
  const today = dayOf(now);
  const month = monthOf(today);
  const sunday = today - weekday(today);
  const january = month - (month % 12);
  switch (timeframe) {
    case 'MonthToDate':
    case 'BillingMonthToDate':
    case 'Custom':
      return { from: firstDay(month), to: today };
    case 'TheCurrentMonth':
      return { from: firstDay(month), to: lastDay(month) };
    case 'TheLastMonth':
    case 'TheLastBillingMonth':
      return { from: firstDay(month - 1), to: lastDay(month - 1) };
    case 'TheLast3Months':
      return { from: firstDay(month - 3), to: lastDay(month - 1) };
    case 'WeekToDate':
      return { from: sunday, to: today };
    case 'TheLastWeek':
      return { from: sunday - 7, to: sunday - 1 };
    case 'TheLast7Days':
      return { from: today - 6, to: today };
    case 'YearToDate':
      return { from: firstDay(january), to: today };
    case 'TheLastYear':
      return { from: firstDay(january - 12), to: firstDay(january) - 1 };
  }
}
