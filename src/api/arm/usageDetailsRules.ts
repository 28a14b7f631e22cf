import { dayOf } from './days.ts';
import { refused } from './input.ts';
import { listed, quoted } from './problems.ts';
import type { Scope } from './scope.ts';
import type { UsageDetailsQuery } from './usageDetails.ts';

/** What the costs of usage rows are; the service compares them without case. */
export const USAGE_METRICS = ['ActualCost', 'AmortizedCost', 'Usage'] as const;

export type UsageMetric = (typeof USAGE_METRICS)[number];

const EXPANSIONS = ['meterDetails', 'additionalInfo'] as const;

/** A member of legacy rows that is only sent when it is asked for. */
export type UsageExpansion = (typeof EXPANSIONS)[number];

const MOST_ROWS = 1000;

/**
 * Checks a query before it is sent (REST reference: Consumption, Usage Details - List). The service ignores what it does not
 * support, and a filter that was ignored would pass for a larger sum.
 *
 * @throws BillingError of kind `argument` that names the field
 */
export function checkUsageDetails(query: UsageDetailsQuery): void {
  const { scope, metric, expand = [], filter, billingPeriod, top } = query;
  if (metric !== undefined && !USAGE_METRICS.includes(metric)) {
    throw refused('metric', `${quoted(metric)} is not a metric; use ${listed(USAGE_METRICS)}.`);
  }
  const unknown = expand.find((name) => !EXPANSIONS.includes(name));
  if (unknown !== undefined) {
    throw refused('expand', `${quoted(unknown)} cannot be expanded; use ${listed(EXPANSIONS)}.`);
  }
  if (top !== undefined && !(Number.isInteger(top) && top >= 1 && top <= MOST_ROWS)) {
    throw refused('top', `${quoted(top)} is not a whole number from 1 to ${MOST_ROWS}.`);
  }
  checkDays(query);
  if (filter !== undefined) {
    checkFilter(scope, filter);
  }
  if (billingPeriod !== undefined) {
    checkBillingPeriod(query, billingPeriod);
  }
}

/** One day alone would be ignored, and the current period would come back in its place. */
function checkDays({ from, to }: UsageDetailsQuery): void {
  for (const [field, day] of Object.entries({ from, to })) {
    if (day !== undefined && dayOf(day) !== day) {
      throw refused(field, `${quoted(day)} is not a day such as 2026-10-31.`);
    }
  }
  if ((from === undefined) !== (to === undefined)) {
    throw refused(from === undefined ? 'from' : 'to', 'is missing; give the first and the last day.');
  }
  if (from !== undefined && to !== undefined && from > to) {
    throw refused('from', `${from} is after the last day (${to}).`);
  }
}

function checkFilter(scope: Scope, filter: unknown): void {
  if (typeof filter !== 'string' || filter.trim() === '') {
    throw refused('filter', 'is empty.');
  }
  if (!mayBeLegacy(scope)) {
    throw refused(
      'filter',
      'is ignored for partner and customer agreements, so the rows would be those of the whole scope; choose days and filter the rows.',
    );
  }
}

function checkBillingPeriod({ scope, from }: UsageDetailsQuery, billingPeriod: unknown): void {
  if (typeof billingPeriod !== 'string' || !/^\d{4}(0[1-9]|1[0-2])$/.test(billingPeriod)) {
    throw refused('billingPeriod', `${quoted(billingPeriod)} is not a billing period such as 202610.`);
  }
  if (!mayBeLegacy(scope)) {
    throw refused('billingPeriod', 'is only known for enrolments and pay-as-you-go; choose days.');
  }
  if (from !== undefined) {
    throw refused('billingPeriod', 'stands beside days; use one of them.');
  }
}

/**
 * Whether a scope can have legacy rows: an enrolment, or a subscription, of which only its rows tell. Accounts of partner and
 * customer agreements have two ids in their name.
 */
export function mayBeLegacy(scope: Scope): boolean {
  return scope.kind === 'subscription' || (scope.kind === 'billingAccount' && !scope.account.includes(':'));
}
