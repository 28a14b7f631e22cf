import * as v from 'valibot';
import { refused } from './input.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;
const DATE_TIME = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const moment = v.pipe(
  v.string(),
  v.check(isMoment, 'is neither a day such as 2026-10-31 nor a date-time with an offset such as 2026-10-31T00:00:00Z.'),
);

/** First and last day, both inclusive, `YYYY-MM-DD`, UTC; or date-times with their offset, which are sent as they are. */
export const costPeriod = v.pipe(
  v.strictObject({ from: moment, to: moment }),
  // The service swaps the two silently.
  v.check(({ from, to }) => startOf(from) <= endOf(to), "ends before it begins; swap 'from' and 'to'."),
);

export type CostPeriod = v.InferOutput<typeof costPeriod>;

function isMoment(text: string): boolean {
  const day = DAY.test(text) ? text : DATE_TIME.exec(text)?.[1];
  // `new Date` turns 31 February into March.
  const date = day === undefined ? undefined : new Date(`${day}T00:00:00Z`);
  return date !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day ?? '');
}

function startOf(moment: string): number {
  return Date.parse(DAY.test(moment) ? `${moment}T00:00:00Z` : moment);
}

function endOf(moment: string): number {
  return Date.parse(DAY.test(moment) ? `${moment}T23:59:59Z` : moment);
}

/** Whether a period is longer than that many calendar months. */
export function isLongerThan(months: number, { from, to }: CostPeriod): boolean {
  const limit = new Date(startOf(from));
  limit.setUTCMonth(limit.getUTCMonth() + months);
  return endOf(to) > limit.getTime();
}

/** The period as date-times: whole days in UTC. */
export function writePeriod({ from, to }: CostPeriod): CostPeriod {
  return {
    from: DAY.test(from) ? `${from}T00:00:00+00:00` : from,
    to: DAY.test(to) ? `${to}T23:59:59+00:00` : to,
  };
}

/** `timeframe` and `timePeriod` have to agree; an ignored period would show the sums of another one. */
export function requirePeriod(timeframe: string, period: CostPeriod | undefined): void {
  if (timeframe === 'Custom' && period === undefined) {
    throw refused('timePeriod', "is missing; the timeframe 'Custom' needs it.");
  }
  if (timeframe !== 'Custom' && period !== undefined) {
    throw refused('timePeriod', `is ignored with the timeframe '${timeframe}'; use 'Custom', or leave it out.`);
  }
}
