import { BillingError } from '../api/http/errors.ts';

/** First and last day, both inclusive, `YYYY-MM-DD`, UTC. */
export interface Period {
  from: string;
  to: string;
}

/** What a caller may give: days, a month (`2026-10`), or a name that is counted from today (UTC). */
export type PeriodInput = Period | string;

/**
 * How final the figures of a period are: `open` includes the current month, `settling` ends in the last month while late
 * usage still arrives (Azure re-runs the previous month's data during the first five days), `closed` is neither.
 */
export type PeriodState = 'open' | 'settling' | 'closed';

const LATE_USAGE_DAYS = 5;

const NAMED = new Map<string, (today: Date) => Period>(
  Object.entries({
    MonthToDate: (today: Date) => ({ from: day(monthStart(today, 0)), to: day(today) }),
    TheLastMonth: (today: Date) => ({ from: day(monthStart(today, -1)), to: day(monthEnd(today, -1)) }),
    TheLast7Days: (today: Date) => ({ from: day(addDays(today, -6)), to: day(today) }),
    TheLast30Days: (today: Date) => ({ from: day(addDays(today, -29)), to: day(today) }),
    YearToDate: (today: Date) => ({ from: `${today.getUTCFullYear()}-01-01`, to: day(today) }),
  }),
);

/** The names that {@link resolvePeriod} knows beside months and days. */
const PERIOD_NAMES: readonly string[] = [...NAMED.keys()];

/**
 * The days that an input means.
 *
 * @throws BillingError of kind `argument` that names the field
 */
export function resolvePeriod(input: PeriodInput, now: Date): Period {
  if (typeof input === 'string') {
    const named = NAMED.get(input);
    return named === undefined ? monthPeriod(input) : named(now);
  }
  const from = validDay('period.from', input.from);
  const to = validDay('period.to', input.to);
  if (from > to) {
    throw new BillingError('argument', `period: 'from' (${from}) is after 'to' (${to}).`, {
      advice: 'Swap the two days.',
    });
  }
  return { from, to };
}

function monthPeriod(text: string): Period {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  if (match === null) {
    throw new BillingError('argument', `period: '${text.slice(0, 60)}' is not a period.`, {
      advice: `Use a month such as 2026-10, one of ${PERIOD_NAMES.join(', ')}, or {from, to} with days.`,
    });
  }
  const first = new Date(`${text}-01T00:00:00Z`);
  return { from: day(first), to: day(monthEnd(first, 0)) };
}

function validDay(field: string, value: unknown): string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value) || !isRealDay(value)) {
    throw new BillingError('argument', `${field}: '${String(value).slice(0, 60)}' is not a day.`, {
      advice: 'Use YYYY-MM-DD, for example 2026-10-31.',
    });
  }
  return value;
}

function isRealDay(value: string): boolean {
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && day(date) === value;
}

/** Figures of a month that is not final change a few times a day ("Manage costs with automation"): so long they are not asked for again. Milliseconds. */
export const OPEN_MONTH_FOR = 4 * 60 * 60_000;

/** See {@link PeriodState}. */
export function periodState(period: Period, now: Date): PeriodState {
  if (period.to >= day(monthStart(now, 0))) {
    return 'open';
  }
  const settling = now.getUTCDate() <= LATE_USAGE_DAYS && period.to >= day(monthStart(now, -1));
  return settling ? 'settling' : 'closed';
}

/** A short name: `2026-10` for a whole month, `2026-10-01 to 2026-10-15` otherwise. */
export function periodLabel(period: Period): string {
  const month = period.from.slice(0, 7);
  const whole = resolvePeriod(month, new Date(0));
  if (whole.from === period.from && whole.to === period.to) {
    return month;
  }
  return period.from === period.to ? period.from : `${period.from} to ${period.to}`;
}

/** The parts of a period that lie within one month each, oldest first. */
export function splitMonths({ from, to }: Period): Period[] {
  const parts: Period[] = [];
  for (let start = from; start <= to; ) {
    const last = day(monthEnd(new Date(`${start}T00:00:00Z`), 0));
    parts.push({ from: start, to: last < to ? last : to });
    start = day(addDays(new Date(`${last}T00:00:00Z`), 1));
  }
  return parts;
}

/** All days of the months that a period lies in. */
export function wholeMonths({ from, to }: Period, now: Date): Period {
  return { from: `${from.slice(0, 7)}-01`, to: resolvePeriod(to.slice(0, 7), now).to };
}

/** The last `count` months, newest first, the current one included, as `YYYY-MM`. */
export function recentMonths(now: Date, count: number): string[] {
  return Array.from({ length: count }, (_, back) => day(monthStart(now, -back)).slice(0, 7));
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function addDays(date: Date, days: number): Date {
  return new Date(date.getTime() + days * 86_400_000);
}

function monthStart(date: Date, offset: number): Date {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1));
}

function monthEnd(date: Date, offset: number): Date {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset + 1, 0));
}
