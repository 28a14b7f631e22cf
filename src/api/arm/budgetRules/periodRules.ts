import { addMonths, dayOf } from '../days.ts';
import { isMissing } from '../problems.ts';
import { isInSubscription, type PartContext } from './context.ts';
import type { Findings, Place } from './findings.ts';
import { BILLING_GRAINS, COST_GRAINS, GRAIN_MONTHS, LIMITS, MEMBERS, RESERVATION_GRAINS } from './words.ts';

/**
 * The time grain (REST reference: Budgets, `timeGrain`): how long a period is after which spend counts from 0 again.
 *
 * @returns the grain in the service's spelling, where it is one
 */
export function checkGrain(findings: Findings, place: Place, { reservation, scope }: PartContext): string | undefined {
  if (reservation) {
    return findings.word<string>(place, RESERVATION_GRAINS);
  }
  // Pay-as-you-go customers have subscriptions and no billing scope of this kind.
  const billing = isInSubscription(scope) ? BILLING_GRAINS : [];
  const grain = findings.word<string>(place, [...COST_GRAINS, ...billing]);
  if (grain !== undefined && isBillingGrain(grain)) {
    findings.add(
      place,
      'grainOfCustomer',
      `is ${grain}, which only pay-as-you-go subscriptions have; use Monthly, Quarterly or Annually for others.`,
      'uncertain',
    );
  }
  return grain;
}

/**
 * The time in which the budget is looked at (REST reference: Budgets, `timePeriod`). Days are UTC. The start of a budget that exists
 * is fixed.
 */
export function checkTimePeriod(
  findings: Findings,
  place: Place,
  grain: string | undefined,
  context: PartContext,
): void {
  const members = findings.members(place, MEMBERS.timePeriod);
  if (members === undefined) {
    return;
  }
  const startPlace = members.at('startDate', 'timePeriod.startDate');
  const start = dayOf(startPlace.value);
  if (start !== undefined) {
    checkStart(findings, startPlace, start, grain, context);
  } else if (isMissing(startPlace.value)) {
    findings.add(startPlace, 'missing', 'is missing; write the first of a month, such as 2026-11-01T00:00:00Z.');
  } else {
    findings.add(startPlace, 'notADate', 'is not a date; write the first of a month, such as 2026-11-01T00:00:00Z.');
  }
  const endPlace = members.at('endDate', 'timePeriod.endDate');
  if (!isMissing(endPlace.value)) {
    checkEnd(findings, endPlace, start, context);
  }
}

function checkEnd(
  findings: Findings,
  place: Place,
  start: string | undefined,
  { reservation, today }: PartContext,
): void {
  const end = dayOf(place.value);
  if (end === undefined) {
    findings.add(
      place,
      'notADate',
      'is not a date; write one such as 2027-10-31T00:00:00Z, or leave it out for ten years.',
    );
  } else if (start !== undefined && end <= start) {
    findings.add(place, 'endBeforeStart', `is not after the start (${start}); write a later day.`);
  } else if (start !== undefined && reservation && end > addMonths(start, LIMITS.reservationMonths)) {
    const latest = addMonths(start, LIMITS.reservationMonths);
    findings.add(place, 'endTooFar', `is more than three years after the start; write ${latest} or a day before.`);
  } else if (end < today) {
    findings.add(
      place,
      'neverAlerts',
      `is past (${end}), so that the budget never alerts; write a later day.`,
      'warning',
    );
  }
}

function checkStart(
  findings: Findings,
  place: Place,
  start: string,
  grain: string | undefined,
  context: PartContext,
): void {
  const { reservation, today, current } = context;
  const before = dayOf(current?.properties.timePeriod?.startDate);
  if (before !== undefined) {
    if (start !== before) {
      findings.add(
        place,
        'startFixed',
        `cannot be changed (it is ${before}); put it back, or delete the budget and create a new one.`,
      );
    }
    return;
  }
  if (reservation) {
    if (start < today) {
      findings.add(place, 'startPast', `is in the past; write today (${today}) or later.`);
    }
    return;
  }
  if (!start.endsWith('-01') && !(grain !== undefined && isBillingGrain(grain))) {
    findings.add(
      place,
      'notFirstOfMonth',
      `is not the first of a month (UTC); write ${start.slice(0, 7)}-01T00:00:00Z.`,
    );
  }
  if (start < LIMITS.firstStart) {
    findings.add(place, 'startTooEarly', `is before ${LIMITS.firstStart}, when budgets began; write a later month.`);
  } else if (start > addMonths(today, LIMITS.monthsAhead)) {
    findings.add(place, 'startTooFar', `is more than ${LIMITS.monthsAhead} months ahead; write an earlier month.`);
  } else {
    checkPast(findings, place, start, grain, today);
  }
}

/** A new budget may begin in the period that goes on. Whether a quarter or year may begin in any month is not documented. */
function checkPast(findings: Findings, place: Place, start: string, grain: string | undefined, today: string): void {
  const months = GRAIN_MONTHS.get(grain ?? '');
  if (months === undefined) {
    return;
  }
  const first = grainStart(today, months);
  if (addMonths(start, months) <= today) {
    findings.add(place, 'startPast', `is past: its first period is over already; write ${first}T00:00:00Z or later.`);
  } else if (start < first) {
    const sentence = `is before the ${grain?.toLowerCase()} period of the calendar that goes on; write ${first}T00:00:00Z or later.`;
    findings.add(place, 'startPast', sentence, 'uncertain');
  }
}

/** The first day of the calendar's month, quarter or year around a day. Days are `YYYY-MM-DD`. */
export function grainStart(day: string, months: number): string {
  const month = Number(day.slice(5, 7)) - 1;
  return `${day.slice(0, 5)}${String(month - (month % months) + 1).padStart(2, '0')}-01`;
}

function isBillingGrain(grain: string): boolean {
  return BILLING_GRAINS.some((word) => word === grain);
}
