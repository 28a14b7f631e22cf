import { badRequest, notFound, Refusal, type SampleRequest } from './answers.ts';
import { member, oneOf } from './bodyMembers.ts';
import { type DayRange, dayOf, firstDay, isoDay, lastDay, monthOf, parseIsoDay } from './calendar.ts';
import { type CostScope, costScope } from './costScopes.ts';
import type { Invoice } from './invoices.ts';
import { jsonBody } from './jsonBody.ts';
import type { Tenant } from './tenant.ts';

/** A report that was asked for and may be written. */
export interface CostReportRequest {
  readonly scope: CostScope;
  /** Inclusive, UTC. Empty where the invoice has no usage. */
  readonly days: DayRange;
  readonly metric: 'ActualCost' | 'AmortizedCost';
  /** The body as the manifest tells it. */
  readonly body: Readonly<Record<string, unknown>>;
}

const METRICS = ['ActualCost', 'AmortizedCost'] as const;
const PERIODS = ['timePeriod', 'invoiceId', 'billingPeriod'] as const;
const OLDEST_MONTHS = 13;
const EMPTY: DayRange = { from: 0, to: -1 };

/** The members of a body: the older operation also narrows the report on an invoice to one customer. */
export const COST_DETAILS_MEMBERS = ['metric', ...PERIODS] as const;
export const DETAILED_REPORT_MEMBERS = [...COST_DETAILS_MEMBERS, 'customerId'] as const;

/**
 * The scope of a report: a billing account, billing profile, customer or subscription. Throws a Refusal: 404 for what does
 * not exist and for resource groups, 400 for other scopes.
 */
export function reportScope(tenant: Tenant, path: string): CostScope {
  const scope = costScope(tenant, path);
  if (scope.kind === 'resourceGroup') {
    throw new Refusal(404, 'NotFound', `Cost reports are not available for the resource group ${path}.`);
  }
  return scope;
}

/**
 * Reads the body (REST reference: Generate Cost Details Report - Create Operation). Without a period it is the open month.
 * Throws a Refusal that names the member.
 */
export function readCostReport(
  tenant: Tenant,
  scope: CostScope,
  request: SampleRequest,
  members: readonly string[],
): CostReportRequest {
  const body = jsonBody(request);
  checkMembers(body, members);
  const asked = member(body, 'metric');
  const metric = METRICS.find((name) => name === oneOf(asked ?? METRICS[0], METRICS, 'metric')) ?? METRICS[0];
  const given = PERIODS.filter((name) => member(body, name) !== undefined);
  if (given.length > 1) {
    throw badRequest(`Only one of timePeriod, invoiceId and billingPeriod may be given, not ${given.join(' and ')}.`);
  }
  const customerId = member(body, 'customerId');
  if (customerId !== undefined && given[0] !== 'invoiceId') throw badRequest('customerId goes with invoiceId only.');
  const told = { metric, ...Object.fromEntries(given.map((name) => [name, member(body, name)])) };
  switch (given[0]) {
    case 'timePeriod':
      return { scope, metric, days: timePeriod(tenant, member(body, 'timePeriod')), body: told };
    case 'invoiceId': {
      const invoice = invoiceOf(tenant, scope, member(body, 'invoiceId'));
      const narrowed = customerId === undefined ? scope : customerScope(tenant, scope, customerId);
      return { scope: narrowed, metric, days: daysOf(invoice), body: told };
    }
    case 'billingPeriod':
      throw badRequest(
        'billingPeriod is supported for Enterprise Agreement enrolments only: use timePeriod or invoiceId.',
      );
    default: {
      const { openMonth } = tenant.ledger;
      return { scope, metric, days: { from: firstDay(openMonth), to: lastDay(openMonth) }, body: told };
    }
  }
}

function checkMembers(body: unknown, members: readonly string[]): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest('The body of the request must be a JSON object.');
  }
  const known = new Set(members.map((name) => name.toLowerCase()));
  const unknown = Object.keys(body).find((name) => !known.has(name.toLowerCase()));
  if (unknown !== undefined) throw badRequest(`The member '${unknown}' of the body is not known.`);
}

function timePeriod(tenant: Tenant, value: unknown): DayRange {
  const from = dayNamed('timePeriod.start', member(value, 'start'));
  const to = dayNamed('timePeriod.end', member(value, 'end'));
  if (from > to) throw badRequest(`timePeriod.start ${isoDay(from)} is after timePeriod.end ${isoDay(to)}.`);
  const oldest = monthsLater(dayOf(tenant.options.now), -OLDEST_MONTHS);
  if (from < oldest) {
    throw badRequest(`Start date must be after ${isoDay(oldest - 1)}: reports reach back ${OLDEST_MONTHS} months.`);
  }
  if (to > monthsLater(from, 1)) {
    throw badRequest(`timePeriod from ${isoDay(from)} to ${isoDay(to)} must not be longer than one month.`);
  }
  return { from, to };
}

function dayNamed(field: string, value: unknown): number {
  if (value === undefined) throw badRequest(`${field} is required.`);
  const day = typeof value === 'string' ? parseIsoDay(value) : undefined;
  if (day === undefined) throw badRequest(`The value '${value}' of ${field} is not a date such as 2026-10-31.`);
  return day;
}

/** The same day of another month, or that month's last day when it is shorter. */
function monthsLater(day: number, months: number): number {
  const month = monthOf(day);
  return Math.min(firstDay(month + months) + (day - firstDay(month)), lastDay(month + months));
}

/** An invoice that has rows at the scope: of the billing profile, or of the customer's. */
function invoiceOf(tenant: Tenant, { kind, parts }: CostScope, name: unknown): Invoice {
  if (kind !== 'billingProfile' && kind !== 'customer') {
    throw badRequest('invoiceId is supported at the scope of a billing profile or a customer only.');
  }
  if (typeof name !== 'string') throw badRequest('invoiceId must be the name of an invoice.');
  const invoice = tenant.invoiceNamed(name) ?? tenant.purchases.invoiceNamed(name);
  if (!invoice || invoice.profile !== parts[0]?.profile) throw notFound('invoice', name);
  return invoice;
}

/** Invoices of purchases have no usage. */
function daysOf({ isMonthly, month }: Invoice): DayRange {
  return isMonthly ? { from: firstDay(month), to: lastDay(month) } : EMPTY;
}

function customerScope(tenant: Tenant, { kind, id, parts }: CostScope, customerId: unknown): CostScope {
  if (typeof customerId !== 'string') throw badRequest('customerId must be the name of a customer.');
  if (kind !== 'billingProfile') throw badRequest('customerId is supported at the scope of a billing profile only.');
  const account = id.replace(/\/billingProfiles\/.*$/, '');
  const scope = costScope(tenant, `${account}/customers/${encodeURIComponent(customerId)}`);
  if (scope.parts[0]?.profile !== parts[0]?.profile) throw notFound('customer', customerId);
  return scope;
}
