import { badRequest } from './answers.ts';
import { isObject, member, oneOf } from './bodyMembers.ts';
import { RESERVATION_DIMENSIONS, RESERVATION_GRAMMAR, readFilter } from './budgetFilter.ts';
import { type Budget, type BudgetInput, COST, RESERVATION } from './budgetModel.ts';
import { readNotifications } from './budgetNotifications.ts';
import type { BudgetScope } from './budgetScopes.ts';
import { GRAIN_MONTHS, grainAround } from './budgetSpend.ts';
import type { BudgetVersion } from './budgetVersions.ts';
import { day, dayOf, firstDay, isoDay, lastDay, monthOf, parseIsoDay } from './calendar.ts';
import { dimensionNamed } from './costDimensions.ts';
import { digitsOf, quoted } from './exactJson.ts';

const EARLIEST = day('2017-06-01');
const YEARS_BY_DEFAULT = 10;
const MOST_RESERVATION_YEARS = 3;
const WEB_DIRECT_GRAINS = ['BillingMonth', 'BillingQuarter', 'BillingAnnual'];
const RESERVATION_GRAINS = ['Last7Days', 'Last30Days'];

/**
 * Reads the body of a PUT (REST reference: Budgets - Create Or Update). `today` is a UTC day; `existing` is what the
 * PUT would replace. Throws a Refusal (400) that names the member which breaks a rule.
 */
export function readBudget(
  body: unknown,
  scope: BudgetScope,
  version: BudgetVersion,
  today: number,
  existing: Budget | undefined,
): BudgetInput {
  const properties = member(body, 'properties');
  if (!isObject(properties)) throw badRequest('properties is required and must be an object.');
  const category = oneOf(member(properties, 'category'), version.categories, 'properties.category');
  const reservation = category === RESERVATION;
  if (reservation && scope.kind !== 'customer') {
    throw badRequest(`properties.category ${RESERVATION} is supported at the scope of a customer only.`);
  }
  const amount = readAmount(member(properties, 'amount'), !reservation);
  const timeGrain = readTimeGrain(member(properties, 'timeGrain'), reservation);
  const period = readPeriod(
    member(properties, 'timePeriod'),
    timeGrain,
    version,
    today,
    existing?.startDay,
    reservation,
  );
  const grammar = reservation ? RESERVATION_GRAMMAR : version.filter;
  const filter = readFilter(member(properties, 'filter'), grammar, (name) =>
    reservation ? RESERVATION_DIMENSIONS.has(name.toLowerCase()) : dimensionNamed(scope.kind, name) !== undefined,
  );
  const notifications = readNotifications(
    member(properties, 'notifications'),
    scope,
    version,
    reservation ? timeGrain : undefined,
  );
  return {
    category,
    ...(reservation ? {} : { amount }),
    timeGrain,
    ...period,
    ...(filter ? { filter } : {}),
    notifications,
  };
}

/** The name in the address: 1 to 63 letters, digits, hyphens and underscores. */
export function checkName(name: string): void {
  if (/^[\w-]{1,63}$/.test(name)) return;
  throw badRequest(
    `The budget name '${name}' is not valid: it must have 1 to 63 letters, digits, hyphens and underscores.`,
  );
}

function readAmount(value: unknown, required: boolean): unknown {
  if (!required) return undefined;
  if (value === undefined) throw badRequest(`properties.amount is required when properties.category is ${COST}.`);
  const digits = digitsOf(value);
  if (digits !== undefined && Number(digits) > 0) return value;
  throw badRequest(`The value '${quoted(value)}' of properties.amount is not valid: it must be a number above 0.`);
}

function readTimeGrain(value: unknown, reservation: boolean): string {
  const path = 'properties.timeGrain';
  if (reservation) return oneOf(value, RESERVATION_GRAINS, path);
  const webDirect = WEB_DIRECT_GRAINS.find((grain) => grain.toLowerCase() === quoted(value).toLowerCase());
  if (webDirect !== undefined) {
    throw badRequest(`The value '${webDirect}' of ${path} is only supported for Web Direct customers.`);
  }
  return oneOf(value, [...GRAIN_MONTHS.keys()], path);
}

function readPeriod(
  value: unknown,
  timeGrain: string,
  version: BudgetVersion,
  today: number,
  existingStart: number | undefined,
  reservation: boolean,
): { startDay: number; endDay: number } {
  if (!isObject(value)) throw badRequest('properties.timePeriod is required and must be an object.');
  const startPath = 'properties.timePeriod.startDate';
  const startDay = readDay(member(value, 'startDate'), startPath);
  if (startDay === undefined) throw badRequest(`${startPath} is required.`);
  const given = isoDay(startDay);
  if (!reservation && startDay !== firstDay(monthOf(startDay))) {
    throw badRequest(`${startPath} ${given} must be the first day of a month.`);
  }
  if (!reservation && startDay < EARLIEST)
    throw badRequest(`${startPath} ${given} must be on or after ${isoDay(EARLIEST)}.`);
  // These two hold on the day of creation; a budget that is older than its time grain can still be changed.
  if (existingStart === undefined) {
    if (reservation && startDay < today) throw badRequest(`${startPath} ${given} must be today or later.`);
    if (!reservation && startDay < grainAround(today, timeGrain).from) {
      throw badRequest(`${startPath} ${given} is in the past, before the current time grain of ${timeGrain}.`);
    }
    if (!reservation && monthOf(startDay) > monthOf(today) + version.monthsAhead) {
      throw badRequest(`${startPath} ${given} must not be more than ${version.monthsAhead} months in the future.`);
    }
  }
  const endPath = 'properties.timePeriod.endDate';
  const endDay =
    readDay(member(value, 'endDate'), endPath) ??
    yearsAfter(startDay, reservation ? MOST_RESERVATION_YEARS : YEARS_BY_DEFAULT);
  if (endDay <= startDay) throw badRequest(`${endPath} ${isoDay(endDay)} must be after startDate ${given}.`);
  if (reservation && endDay > yearsAfter(startDay, MOST_RESERVATION_YEARS)) {
    throw badRequest(`${endPath} ${isoDay(endDay)} must be within ${MOST_RESERVATION_YEARS} years of startDate.`);
  }
  return { startDay, endDay };
}

/** The same day some years later; 28 February for the 29th. */
function yearsAfter(start: number, years: number): number {
  const month = monthOf(start);
  const later = month + years * 12;
  return Math.min(firstDay(later) + (start - firstDay(month)), lastDay(later));
}

/** The UTC day of a date, or of a date and time; one without an offset is UTC. */
function readDay(value: unknown, path: string): number | undefined {
  if (value === undefined) return undefined;
  const match =
    typeof value === 'string'
      ? /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?)?$/i.exec(value.trim())
      : null;
  const [, date = '', time, offset = 'Z'] = match ?? [];
  const parsed = parseIsoDay(date);
  const moment = parsed === undefined ? Number.NaN : Date.parse(`${date}T${time ?? '00:00'}${offset.toUpperCase()}`);
  if (Number.isNaN(moment)) {
    throw badRequest(`The value '${quoted(value)}' of ${path} is not a date such as 2026-11-01T00:00:00Z.`);
  }
  return dayOf(new Date(moment));
}
