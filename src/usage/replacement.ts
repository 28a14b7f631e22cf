import type { ArmClient } from '../api/arm/armClient.ts';
import { type CostDetailsRequest, checkCostDetails } from '../api/arm/costDetailsRules.ts';
import { getInvoice, invoiceScope } from '../api/arm/invoices.ts';
import type { Scope } from '../api/arm/scope.ts';
import type { UsageMetric } from '../api/arm/usageDetailsRules.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import { type Period, splitMonths } from './period.ts';

/** One Cost Details report of those that together hold what usage details would have brought. */
export interface ReportRequest {
  scope: Scope;
  request: CostDetailsRequest;
}

interface Wanted {
  arm: ArmClient;
  scope: Scope;
  period?: Period | undefined;
  metric?: UsageMetric | undefined;
}

/**
 * The Cost Details reports with the rows of a scope and a period, one a month, or one of an invoice at its billing profile; undefined
 * when Cost Details cannot bring them: another metric, a period too long ago, an invoice whose profile is not known.
 *
 * @param today the current day, `YYYY-MM-DD`, UTC
 */
export async function replacementFor(
  wanted: Wanted,
  today: string,
  options: SendOptions,
): Promise<ReportRequest[] | undefined> {
  const { metric } = wanted;
  if (metric === 'Usage') {
    return undefined;
  }
  const reports = await reportsOf(wanted, options);
  const own = reports?.map(({ scope, request }) => ({
    scope,
    request: { ...(metric === undefined ? {} : { metric }), ...request },
  }));
  return own?.every(({ scope, request }) => isAllowed(scope, request, today)) ? own : undefined;
}

async function reportsOf({ arm, scope, period }: Wanted, options: SendOptions): Promise<ReportRequest[] | undefined> {
  if (scope.kind !== 'invoice') {
    // Without days the service means the month that is open, as usage details do.
    return period === undefined
      ? [{ scope, request: {} }]
      : splitMonths(period).map(({ from, to }) => ({ scope, request: { timePeriod: { start: from, end: to } } }));
  }
  const whole = scope.profile === undefined ? await findProfile(arm, scope, options) : scope;
  return whole?.kind === 'invoice' && whole.profile !== undefined
    ? [
        {
          scope: { kind: 'billingProfile', account: whole.account, profile: whole.profile },
          request: { invoiceId: whole.invoice },
        },
      ]
    : undefined;
}

/** The invoice with its billing profile, which ids of newer versions leave out. */
async function findProfile(
  arm: ArmClient,
  { account, invoice }: Scope & { kind: 'invoice' },
  options: SendOptions,
): Promise<Scope | undefined> {
  try {
    return invoiceScope(await getInvoice(arm, { account }, invoice, options));
  } catch (error) {
    // What is told is why usage details were refused, not that no other way was found.
    if (error instanceof BillingError) {
      return undefined;
    }
    throw error;
  }
}

function isAllowed(scope: Scope, request: CostDetailsRequest, today: string): boolean {
  try {
    checkCostDetails(scope, request, today);
    return true;
  } catch (error) {
    if (error instanceof BillingError) {
      return false;
    }
    throw error;
  }
}

/** Codes with which usage details refuse a scope or an offer that Cost Details may know ("Troubleshoot Cost Management errors"). */
const UNSUPPORTED_CODES = new Set(['subscriptiontypenotsupported', 'notsupported', 'unsupportedscope']);

/** ARM gives up on a provider after a minute, and drops answers above 8 MB. */
const TOO_MUCH_STATUS = new Set([413, 504]);

/**
 * Why usage details cannot bring the rows while Cost Details may, in words that follow "because"; undefined for failures that say
 * nothing about usage details: no right, not found, throttled, broken.
 */
export function reasonToReplace(error: unknown): string | undefined {
  if (!(error instanceof BillingError) || error.kind !== 'refused') {
    return undefined;
  }
  const { status = 0, code = '', message } = error;
  if (TOO_MUCH_STATUS.has(status) || (status === 500 && /\b8 ?MB\b|too large/i.test(message))) {
    return 'it is too much for usage details';
  }
  const unsupported = UNSUPPORTED_CODES.has(code.toLowerCase()) || /\b(?:not|un)[ -]?supported\b/i.test(message);
  return (status === 400 || status === 422 || status === 501) && unsupported
    ? 'usage details do not support this scope or offer'
    : undefined;
}
