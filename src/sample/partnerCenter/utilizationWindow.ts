import type { PartnerCall } from './call.ts';
import { countOf, wordOf } from './call.ts';
import { invalidInput, refused } from './errors.ts';
import { HOURS_PER_DAY } from './meteredResources.ts';

const GRANULARITIES = ['Daily', 'Hourly'] as const;
export type Granularity = (typeof GRANULARITIES)[number];
const DETAILS = ['True', 'False'] as const;
const MS_PER_HOUR = 3_600_000;
const MOST_ROWS = 1000;
/** Later ends than so long before now find no data yet. */
const UNREADY_MS = 2 * MS_PER_HOUR;

/** A window over the time at which use was reported to billing (Partner Center: get a customer's utilization records for Azure). */
export interface UtilizationWindow {
  /** Hours since 1970 (UTC), first inclusive, end exclusive; whole days when daily. */
  readonly startHour: number;
  readonly endHour: number;
  readonly granularity: Granularity;
  readonly showDetails: boolean;
  /** Rows on a page, 1 to 1000. */
  readonly size: number;
}

/**
 * Reads the window of a request, cut to midnight UTC (daily) or to the full hour (hourly). A missing time is 400 with code 2001
 * that names it in `data`; other wrong input is 400, too. `isReady` is false when the end, as it was asked for, is within two
 * hours of the present moment or after it.
 */
export function windowOf(call: PartnerCall, now: Date): { window: UtilizationWindow; isReady: boolean } {
  const start = timeOf(call, 'start_time');
  const end = timeOf(call, 'end_time');
  if (start >= end) throw invalidInput('start_time must be before end_time.');
  const granularity = wordOf(call, 'granularity', GRANULARITIES, 'Daily');
  const showDetails = wordOf(call, 'show_details', DETAILS, 'True') === 'True';
  const size = countOf(call, 'size', { least: 1, most: MOST_ROWS, otherwise: MOST_ROWS });
  const hours = granularity === 'Daily' ? HOURS_PER_DAY : 1;
  const cut = (time: number): number => Math.floor(time / (hours * MS_PER_HOUR)) * hours;
  return {
    window: { startHour: cut(start), endHour: cut(end), granularity, showDetails, size },
    isReady: end <= now.getTime() - UNREADY_MS,
  };
}

/** The query of a window with all defaults, as links echo it. */
export function echoOf({ startHour, endHour, granularity, showDetails, size }: UtilizationWindow): string {
  const details = showDetails ? 'True' : 'False';
  return `start_time=${hourText(startHour)}&end_time=${hourText(endHour)}&granularity=${granularity}&show_details=${details}&size=${size}`;
}

/** `2026-11-20T00:00:00Z` */
export function hourText(hour: number): string {
  return `${new Date(hour * MS_PER_HOUR).toISOString().slice(0, 19)}Z`;
}

function timeOf(call: PartnerCall, name: string): number {
  const text = call.parameters.get(name);
  if (!text) throw refused(400, 2001, `${name} is required`, [name]);
  const time = Date.parse(text);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(time)) return time;
  throw invalidInput(
    `The value '${text}' of ${name} is not a date and time with an offset, such as 2026-10-31T00:00:00Z.`,
  );
}
