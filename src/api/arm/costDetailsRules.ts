import { BillingError } from '../http/errors.ts';
import { addMonths, dayOf } from './days.ts';
import { listed, quoted } from './problems.ts';
import type { Scope } from './scope.ts';

/** What a Cost Details report is about. Of the last three at most one; without any, the current month. */
export interface CostDetailsRequest {
  /** Left out: ActualCost. */
  metric?: 'ActualCost' | 'AmortizedCost';
  /** First and last day, inclusive, `YYYY-MM-DD`, UTC; at most a month, at most 13 months back. */
  timePeriod?: { start: string; end: string };
  /** Name of an invoice; at billing profiles and customers. */
  invoiceId?: string;
  /** `YYYYMM`; enrolments only. */
  billingPeriod?: string;
}

const METRICS = ['ActualCost', 'AmortizedCost'] as const;
const LONGEST_MONTHS = 1;
const OLDEST_MONTHS = 13;

/**
 * Checks a request before it costs quota (REST reference: Generate Cost Details Report - Create Operation).
 *
 * @param today the current day, `YYYY-MM-DD`, UTC
 * @throws BillingError of kind `argument` that names the field
 */
export function checkCostDetails(scope: Scope, request: CostDetailsRequest, today: string): void {
  const { metric, timePeriod, invoiceId, billingPeriod } = request;
  if (scope.kind === 'invoice') {
    throw refused('scope: cost details of an invoice are asked for at its billing profile.', 'Use invoiceId there.');
  }
  if (metric !== undefined && !METRICS.includes(metric)) {
    throw refused(`metric: ${quoted(metric)} is not a metric.`, `Use ${listed(METRICS)}.`);
  }
  const given = Object.entries({ timePeriod, invoiceId, billingPeriod }).filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    const names = given.map(([name]) => name);
    throw refused(`${names[0]}: stands beside ${names.slice(1).join(' and ')}.`, 'Use one of them.');
  }
  if (timePeriod !== undefined) {
    checkTimePeriod(timePeriod, today);
  }
  if (invoiceId !== undefined) {
    checkInvoiceId(scope, invoiceId);
  }
  if (billingPeriod !== undefined) {
    checkBillingPeriod(scope, billingPeriod);
  }
}

function checkTimePeriod(period: { start: string; end: string }, today: string): void {
  const start = plainDay('timePeriod.start', period.start);
  const end = plainDay('timePeriod.end', period.end);
  if (start > end) {
    throw refused(`timePeriod.start: ${start} is after the end (${end}).`, 'Swap the two days.');
  }
  if (end > addMonths(start, LONGEST_MONTHS)) {
    throw refused(`timePeriod.end: ${start} to ${end} is longer than a month.`, 'Ask for one month at a time.');
  }
  const oldest = addMonths(today, -OLDEST_MONTHS);
  if (start < oldest) {
    throw refused(
      `timePeriod.start: ${start} is more than ${OLDEST_MONTHS} months ago.`,
      `Start on ${oldest} or later; older data needs an export.`,
    );
  }
}

function plainDay(field: string, value: unknown): string {
  const day = typeof value === 'string' && value.length === 10 ? dayOf(value) : undefined;
  if (day === undefined) {
    throw refused(`${field}: ${quoted(value)} is not a day.`, 'Use YYYY-MM-DD, for example 2026-10-31.');
  }
  return day;
}

function checkInvoiceId(scope: Scope, invoiceId: unknown): void {
  if (typeof invoiceId !== 'string' || invoiceId.trim() === '') {
    throw refused('invoiceId: is empty.', 'Use the name of an invoice, for example G012345678.');
  }
  if (scope.kind !== 'billingProfile' && scope.kind !== 'customer') {
    throw refused(
      'invoiceId: is only known at billing profiles and customers.',
      'Use the scope of the billing profile or of one customer.',
    );
  }
}

function checkBillingPeriod(scope: Scope, billingPeriod: unknown): void {
  if (typeof billingPeriod !== 'string' || !/^\d{4}(0[1-9]|1[0-2])$/.test(billingPeriod)) {
    throw refused(
      `billingPeriod: ${quoted(billingPeriod)} is not a billing period.`,
      'Use YYYYMM, for example 202610.',
    );
  }
  // Accounts of partner and customer agreements have two ids in their name; enrolments a number.
  const enrolment = scope.kind === 'subscription' || (scope.kind === 'billingAccount' && !scope.account.includes(':'));
  if (!enrolment) {
    throw refused('billingPeriod: is only known for enrolments.', 'Use timePeriod or invoiceId.');
  }
}

function refused(message: string, advice: string): BillingError {
  return new BillingError('argument', message, { advice });
}
