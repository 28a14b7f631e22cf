import type { PageDays } from './pageDays.ts';
import type { Period } from './period.ts';

/** What a job will cost, before most of it is done. */
export interface UsageEstimate {
  /** Calls to the service, those that were made included; a lower bound when `calls` cannot be told better. */
  calls: number;
  /** From the first call to the last, about. */
  seconds: number;
  /** False when the first page does not tell how much more there is; then `calls` counts what is known. */
  known: boolean;
  source: UsageSource;
  /** Why this source and not usage details, in words that follow "because"; undefined for usage details. */
  why: string | undefined;
}

export type UsageSource = 'usageDetails' | 'costDetails';

/** Above either of these a person is told beforehand, and Cost Details may take the place of usage details. */
export const MANY_CALLS = 60;
const LONG_SECONDS = 60;

/** A report is worth its minute when it saves nine calls of ten. */
const WORTH_A_REPORT = 10;

/**
 * What one Cost Details report takes: it is asked for, looked after twice (once in 30 s, as the service asks), and its files are
 * fetched. Reports of a scope are limited to ten an hour ("Cost Management API latency and rate limits").
 */
const CALLS_A_REPORT = 4;
const SECONDS_A_REPORT = 60;
const REPORTS_AN_HOUR = 10;

const DAY = 86_400_000;

/** Where only a lower bound is known there may be any number of calls: for choices, so many times what is seen. */
export const UNSEEN = 4;

/** Whether a job is one to tell of before it is done. */
export function isBig({ calls, seconds, known }: Pick<UsageEstimate, 'calls' | 'seconds' | 'known'>): boolean {
  return (known ? calls : calls * UNSEEN) > MANY_CALLS || seconds > LONG_SECONDS;
}

/**
 * Estimates a walk over usage details from its first page. Rows come by billing period, newest first, and mostly by day within one: then
 * the days on the first page against those of the period tell how much is left. A page that jumps between days tells nothing.
 *
 * @param period undefined where the scope has its own, an invoice: that is the month of its first row
 * @param seconds that the first page took
 * @param more whether there is another page
 */
export function estimateWalk(
  page: PageDays,
  period: Period | undefined,
  today: string,
  seconds: number,
  more: boolean,
): UsageEstimate {
  const walk = (calls: number, known: boolean): UsageEstimate => {
    return { calls, seconds: Math.ceil(calls * seconds), known, source: 'usageDetails', why: undefined };
  };
  if (!more) {
    return walk(1, true);
  }
  const inOrder = page.days > 0 && page.changes <= 2 * page.days;
  if (!inOrder) {
    return walk(2, false);
  }
  const total = Math.max(page.days, daysOf(period, today, page.first));
  // The last day of the page goes on, on average by half.
  return walk(Math.max(2, Math.ceil(total / Math.max(page.days - 0.5, 0.5))), true);
}

/** Days of a period that can have rows; months of 31 days where it is not known. */
function daysOf(period: Period | undefined, today: string, first: string | undefined): number {
  if (period === undefined) {
    const [year = 0, month = 1] = (first ?? today).split('-').map(Number);
    return new Date(Date.UTC(year, month, 0)).getUTCDate();
  }
  const last = period.to < today ? period.to : today;
  return Math.max(1, Math.round((Date.parse(last) - Date.parse(period.from)) / DAY) + 1);
}

/** What so many Cost Details reports take. */
export function estimateReports(reports: number, why: string): UsageEstimate {
  const waits = Math.max(0, Math.ceil(reports / REPORTS_AN_HOUR) - 1);
  return {
    calls: reports * CALLS_A_REPORT,
    seconds: reports * SECONDS_A_REPORT + waits * 3600,
    known: true,
    source: 'costDetails',
    why,
  };
}

/** Whether reports should take the place of a walk that is big: when they are faster, or spare the service most of the calls. */
export function isBetter(reports: UsageEstimate, walk: UsageEstimate): boolean {
  return isBig(walk) && (reports.seconds < walk.seconds || reports.calls * WORTH_A_REPORT <= walk.calls);
}

/** `about 240 calls, about 4 minutes`; at least so many where more is not known. */
export function estimateText({ calls, seconds, known }: UsageEstimate): string {
  return known ? `about ${calls} calls, about ${duration(seconds)}` : `at least ${calls} calls`;
}

/** Why a walk is not done, in words that follow "because". */
export function tooSlowText({ calls, seconds }: UsageEstimate): string {
  const time = seconds > LONG_SECONDS ? `, about ${duration(seconds)}` : '';
  return `usage details would have taken about ${calls} calls${time}`;
}

function duration(seconds: number): string {
  const unit = (count: number, name: string) => `${count} ${name}${count === 1 ? '' : 's'}`;
  if (seconds < 90) {
    return unit(Math.max(1, Math.round(seconds)), 'second');
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? unit(minutes, 'minute') : unit(Math.round(minutes / 60), 'hour');
}
