import { refused } from '../arm/input.ts';
import type { BillingError } from '../http/errors.ts';

const GRANULARITIES = ['daily', 'hourly'] as const;

/** Length of the slices of time that utilization records sum up. */
export type Granularity = (typeof GRANULARITIES)[number];

/**
 * A window of utilization: the time in which use was *reported* to billing, not in which it happened. Half open: records reported at
 * `start` are in it, those reported at `end` are not, so windows that touch share no record.
 */
export interface UtilizationWindow {
  /** UTC, `YYYY-MM-DDTHH:MM:SSZ`, on a boundary of the granularity. */
  start: string;
  end: string;
  granularity: Granularity;
}

/** A window as a caller gives it; unknown because commands take plain objects. */
export interface WindowInput {
  /** Date-time with `Z` or an offset, or a day (its midnight in UTC). */
  start?: unknown;
  end?: unknown;
  /** `daily` or `hourly` in any case; left out: daily, as the service does. */
  granularity?: unknown;
}

export interface WindowRules {
  /** Milliseconds since 1970, UTC. */
  now: number;
  /** A time that is not on a boundary: moved to the one before it, as the service does (the default), or refused. */
  offBoundary?: 'move' | 'refuse';
  /** An end so near now that the service may not have all data: refused (the default), or asked for, which may mean waiting. */
  recent?: 'refuse' | 'ask';
}

/** A window as it will be asked for, and what was changed about it, in sentences for the user. */
export interface CheckedWindow {
  window: UtilizationWindow;
  /** The times as they were given, in UTC. */
  asked: { start: string; end: string };
  notes: string[];
}

const HOUR = 3_600_000;
/** Milliseconds. */
export const DAY = 24 * HOUR;
const STEP: Readonly<Record<Granularity, number>> = { daily: DAY, hourly: HOUR };

/** Windows that end later than this before now come back without data, or with a part of it. */
const SETTLING = 2 * HOUR;

/** No limit is published; nobody who means one window means more than this. */
const LONGEST_DAYS = 1100;

/** Nothing was sold through this offer before. */
const EARLIEST = Date.parse('2013-01-01T00:00:00Z');

/**
 * Checks a window and moves its times to UTC boundaries as the service does: midnights for daily records, full hours for hourly
 * ones (REST reference: Get a customer's utilization records for Azure).
 *
 * @throws BillingError of kind `argument` that names the field and what to do
 */
export function checkWindow(input: WindowInput, rules: WindowRules): CheckedWindow {
  const granularity = readGranularity(input.granularity);
  const step = STEP[granularity];
  const notes: string[] = [];
  const times = (['start', 'end'] as const).map((field) => {
    const given = readTime(field, input[field]);
    const moved = Math.floor(given / step) * step;
    if (moved !== given) {
      const boundary = `${stamp(given)} is no ${granularity === 'daily' ? 'midnight' : 'full hour'} in UTC`;
      if (rules.offBoundary === 'refuse') {
        throw refused(field, `${boundary}; use ${stamp(moved)} or ${stamp(moved + step)}.`);
      }
      notes.push(`${field}: ${boundary}; for ${granularity} records the service takes ${stamp(moved)}.`);
    }
    return { given, moved };
  });
  const [start, end] = times as [(typeof times)[0], (typeof times)[0]];
  refuseOrder(start.given, end.given);
  if (start.moved >= end.moved) {
    throw refused(
      'end',
      `${stamp(end.given)} is within the same UTC ${granularity === 'daily' ? 'day' : 'hour'} as start; use ${stamp(start.moved + step)} or later.`,
    );
  }
  refuseLength(start.moved, end.moved);
  refuseRecent(end.moved, step, rules);
  return {
    window: { start: stamp(start.moved), end: stamp(end.moved), granularity },
    asked: { start: stamp(start.given), end: stamp(end.given) },
    notes,
  };
}

function readGranularity(value: unknown): Granularity {
  if (value === undefined || value === null) {
    return 'daily';
  }
  const word = GRANULARITIES.find((known) => typeof value === 'string' && value.trim().toLowerCase() === known);
  if (word === undefined) {
    throw refused('granularity', `'${String(value).slice(0, 60)}' is not known; use daily or hourly.`);
  }
  return word;
}

const EXAMPLE = 'for example 2026-10-01T00:00:00Z';

function readTime(field: string, value: unknown): number {
  if (value instanceof Date && !Number.isNaN(value.getTime())) {
    return within(field, value.getTime());
  }
  if (value === undefined || value === null || value === '') {
    throw refused(field, `is missing; give a time in UTC, ${EXAMPLE}.`);
  }
  const text = String(value).trim();
  const [, day, time, zone] =
    /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?)?$/i.exec(text) ?? [];
  if (typeof value !== 'string' || day === undefined || !isRealDay(day)) {
    throw notATime(field, text);
  }
  if (time === undefined) {
    return within(field, Date.parse(`${day}T00:00:00Z`));
  }
  if (zone === undefined) {
    throw refused(field, `'${text}' does not tell its time zone; add Z for UTC, or an offset.`);
  }
  const moment = Date.parse(text);
  if (Number.isNaN(moment)) {
    throw notATime(field, text);
  }
  return within(field, moment);
}

function notATime(field: string, text: string): BillingError {
  return refused(field, `'${text.slice(0, 60)}' is not a time; use a day or a date-time in UTC, ${EXAMPLE}.`);
}

function isRealDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

function within(field: string, moment: number): number {
  if (moment < EARLIEST) {
    throw refused(field, `${stamp(moment)} is before there were such subscriptions; use 2013-01-01 or later.`);
  }
  return moment;
}

function refuseOrder(start: number, end: number): void {
  if (start >= end) {
    throw refused('start', `${stamp(start)} is not before end (${stamp(end)}); swap or correct the two.`);
  }
}

function refuseLength(start: number, end: number): void {
  if (end - start > LONGEST_DAYS * DAY) {
    throw refused(
      'end',
      `the window is ${Math.ceil((end - start) / DAY)} days long; use at most ${LONGEST_DAYS}, that is an end until ${stamp(start + LONGEST_DAYS * DAY)}.`,
    );
  }
}

function refuseRecent(end: number, step: number, { now, recent = 'refuse' }: WindowRules): void {
  const latest = stamp(Math.floor((now - SETTLING) / step) * step);
  if (end > now) {
    throw refused('end', `${stamp(end)} is in the future; use ${latest} or earlier.`);
  }
  if (recent === 'refuse' && end > now - SETTLING) {
    throw refused(
      'end',
      `${stamp(end)} is less than two hours ago, and not all use is reported yet; use ${latest} or earlier.`,
    );
  }
}

/** A moment without fractions of a second, as the service takes it. */
export function stamp(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}
