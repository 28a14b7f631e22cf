import { badRequest } from './answers.ts';
import { isObject, member, oneOf } from './bodyMembers.ts';
import { firstDay, lastDay, monthOf, parseIsoDay } from './calendar.ts';
import { quoted } from './exactJson.ts';
import type { ExportDefinition, ExportSchedule } from './exportModel.ts';
import type { ExportVersion } from './exportVersions.ts';

const RECURRENCES = ['Daily', 'Weekly', 'Monthly', 'Annually'];

/** The schedule of a PUT (REST reference: Exports - ExportSchedule). Throws a Refusal that names the member. */
export function readSchedule(value: unknown): ExportSchedule | undefined {
  if (value === undefined) return undefined;
  const path = 'properties.schedule';
  if (!isObject(value)) throw badRequest(`${path} must be an object.`);
  const status = oneOf(
    member(value, 'status') ?? 'Inactive',
    ['Active', 'Inactive', 'SystemSuspended'],
    `${path}.status`,
  );
  const active = status === 'Active';
  const recurrence = member(value, 'recurrence');
  if (active && recurrence === undefined) throw badRequest(`${path}.recurrence is required when status is Active.`);
  const period = member(value, 'recurrencePeriod');
  if (active && period === undefined) throw badRequest(`${path}.recurrencePeriod is required when status is Active.`);
  return {
    // Only the service suspends: an export that is sent back as it was read stays switched off.
    status: active ? 'Active' : status === 'SystemSuspended' ? 'SystemSuspended' : 'Inactive',
    ...(recurrence === undefined ? {} : { recurrence: oneOf(recurrence, RECURRENCES, `${path}.recurrence`) }),
    ...(period === undefined ? {} : { period: readRecurrencePeriod(period, `${path}.recurrencePeriod`) }),
  };
}

function readRecurrencePeriod(value: unknown, path: string): { from: number; to?: number } {
  if (!isObject(value)) throw badRequest(`${path} must be an object.`);
  const from = readTime(member(value, 'from'), `${path}.from`);
  if (from === undefined) throw badRequest(`${path}.from is required.`);
  const to = readTime(member(value, 'to'), `${path}.to`);
  if (to !== undefined && to.moment < from.moment)
    throw badRequest(`${path}.from ${from.text} is after to ${to.text}.`);
  return { from: from.moment, ...(to ? { to: to.moment } : {}) };
}

/** Days that were given as a period, at most as long as the version allows. Throws a Refusal that names the member. */
export function readPeriod(
  value: unknown,
  path: string,
  version: ExportVersion,
): NonNullable<ExportDefinition['period']> {
  if (!isObject(value)) throw badRequest(`${path} is required and must be an object.`);
  const from = readTime(member(value, 'from'), `${path}.from`);
  const to = readTime(member(value, 'to'), `${path}.to`);
  if (!from) throw badRequest(`${path}.from is required.`);
  if (!to) throw badRequest(`${path}.to is required.`);
  if (from.day > to.day) throw badRequest(`${path}.from ${from.text} is after to ${to.text}.`);
  const { mostMonths } = version;
  if (mostMonths !== undefined && to.day > monthsAfter(from.day, mostMonths)) {
    throw badRequest(`${path} must not be longer than ${mostMonths === 1 ? 'one month' : `${mostMonths} months`}.`);
  }
  return { days: { from: from.day, to: to.day }, from: from.text, to: to.text };
}

function monthsAfter(day: number, months: number): number {
  const month = monthOf(day) + months;
  return Math.min(firstDay(month) + (day - firstDay(monthOf(day))), lastDay(month));
}

interface Time {
  readonly text: string;
  readonly day: number;
  readonly moment: number;
}

/** A date, or a date and time; without an offset it is UTC. */
function readTime(value: unknown, path: string): Time | undefined {
  if (value === undefined) return undefined;
  const match =
    typeof value === 'string'
      ? /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(value)
      : null;
  const day = parseIsoDay(match?.[1] ?? '');
  const moment = match ? Date.parse(`${match[1]}${match[2] ?? 'T00:00'}${match[3] ?? 'Z'}`) : Number.NaN;
  if (typeof value !== 'string' || day === undefined || Number.isNaN(moment)) {
    throw badRequest(`The value '${quoted(value)}' of ${path} is not a date such as 2026-11-01T00:00:00Z.`);
  }
  return { text: value, day, moment };
}
