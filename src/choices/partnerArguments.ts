import { BillingError } from '../api/http/errors.ts';
import { checkWindow, type WindowRules } from '../api/partnerCenter/utilizationWindow.ts';
import {
  DOCUMENT_FORMATS,
  type DocumentFormat,
  type OpenRatedUsageArgument,
  type OpenUsageRecordsArgument,
  type OpenUtilizationArgument,
} from '../contributions.ts';
import type { Given } from './commandInput.ts';
import {
  type LineItemsSpec,
  type RatedUsageSpec,
  USAGE_RECORD_SUBJECTS,
  type UsageRecordsSpec,
  type UtilizationSpec,
} from './partnerSpecs.ts';

/** Checks the argument of `openUsageRecords`. Errors name the field. */
export function usageRecordsSpec(
  given: Given<OpenUsageRecordsArgument>,
  connection: string,
  usual: DocumentFormat,
): UsageRecordsSpec {
  const customer = optionalId('customerId', given.customerId);
  const subscription = optionalId('subscriptionId', given.subscriptionId);
  const of =
    given.of === undefined
      ? customer === undefined
        ? 'customers'
        : subscription === undefined
          ? 'subscriptions'
          : 'meters'
      : word('of', given.of, USAGE_RECORD_SUBJECTS);
  const wantsSubscription = of === 'meters' || of === 'resources';
  if (of === 'customers' && customer !== undefined) {
    throw refusal('customerId', `usage of customers is that of all of them; leave it out, or ask for subscriptions.`);
  }
  if (of !== 'customers' && customer === undefined) {
    throw refusal('customerId', `is missing; give the tenant id of the customer, or ask for customers.`);
  }
  if (wantsSubscription && subscription === undefined) {
    throw refusal('subscriptionId', `is missing; give the id that it has in Partner Center.`);
  }
  if (!wantsSubscription && subscription !== undefined) {
    throw refusal(
      'subscriptionId',
      `usage of ${of} is that of all of them; leave it out, or ask for meters or resources.`,
    );
  }
  return { kind: 'usageRecords', connection, format: format(given.format, usual), of, customer, subscription };
}

/**
 * Checks the argument of `openUtilization`. Errors name the field.
 *
 * @param rules whether times within a day or hour are refused, or become the boundary before them, as the service does it
 */
export function utilizationSpec(
  given: Given<OpenUtilizationArgument>,
  connection: string,
  usual: DocumentFormat,
  rules: WindowRules,
): UtilizationSpec {
  const customer = requiredId('customerId', given.customerId, 'the tenant id of the customer');
  const subscription = requiredId('subscriptionId', given.subscriptionId, 'the id that it has in Partner Center');
  const { showDetails = true, size } = given;
  if (typeof showDetails !== 'boolean') {
    throw refusal('showDetails', 'is neither true nor false; use true for a row for each resource.');
  }
  if (size !== undefined && (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size > 1000)) {
    throw refusal('size', `'${shown(size)}' is not a number of records a page; use 1 to 1000.`);
  }
  const { window, asked } = checkWindow(given, rules);
  return {
    kind: 'utilization',
    connection,
    format: format(given.format, usual),
    customer,
    subscription,
    ...window,
    showDetails,
    ...(size === undefined ? {} : { size }),
    ...(asked.start === window.start ? {} : { askedStart: asked.start }),
    ...(asked.end === window.end ? {} : { askedEnd: asked.end }),
  };
}

/** Checks the argument of `openRatedUsage`; what is open has a currency then. Errors name the field. */
export function ratedUsageSpec(
  given: Given<OpenRatedUsageArgument>,
  connection: string,
  usual: DocumentFormat,
): RatedUsageSpec {
  const invoice = optionalId('invoice', given.invoice);
  if (invoice !== undefined && given.period !== undefined) {
    throw refusal('period', 'an invoice has its own period; leave it out.');
  }
  if (invoice?.toLowerCase() === 'unbilled') {
    throw refusal('invoice', `'unbilled' is no invoice; leave it out and give a period.`);
  }
  const subscription = optionalId('subscriptionId', given.subscriptionId);
  const customer = optionalId('customerId', given.customerId);
  if (subscription !== undefined && customer === undefined) {
    throw refusal('customerId', 'is missing; give the tenant id of the customer that the subscription belongs to.');
  }
  const fragment =
    given.fragment === undefined ? undefined : word('fragment', given.fragment, ['full', 'basic'] as const);
  const common = {
    kind: 'ratedUsage',
    connection,
    format: format(given.format, usual),
    customer,
    subscription,
    fragment,
  } as const;
  const code = currency(given.currency);
  return invoice === undefined
    ? { ...common, period: word('period', given.period ?? 'current', ['current', 'last'] as const), currency: code }
    : { ...common, invoice, currency: code };
}

/** An open period is rated in one currency. */
export function requireCurrency<T extends RatedUsageSpec | LineItemsSpec>(spec: T): T {
  if (spec.invoice === undefined && spec.currency === undefined) {
    throw refusal('currency', 'is missing; give the ISO code of the billing currency, such as USD.');
  }
  return spec;
}

/** The ISO 4217 code in upper case; undefined when none was given. */
export function currency(value: unknown): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (typeof value !== 'string' || !/^[a-z]{3}$/i.test(value.trim())) {
    throw refusal('currency', `'${shown(value)}' is not a currency; give its ISO code, such as USD.`);
  }
  return value.trim().toUpperCase();
}

function format(value: unknown, usual: DocumentFormat): DocumentFormat {
  return word('format', value ?? usual, DOCUMENT_FORMATS);
}

function requiredId(field: string, value: unknown, what: string): string {
  const id = optionalId(field, value);
  if (id === undefined) {
    throw refusal(field, `is missing; give ${what}.`);
  }
  return id;
}

/** Ids go into addresses of documents and of calls, where other characters would mean something. */
function optionalId(field: string, value: unknown): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (typeof value !== 'string' || !/^[\w-]{1,100}$/.test(value.trim())) {
    throw refusal(field, `'${shown(value)}' is no id; use the one that Partner Center lists.`);
  }
  return value.trim();
}

function word<T extends string>(field: string, value: unknown, words: readonly T[]): T {
  const found = words.find((known) => typeof value === 'string' && value.trim().toLowerCase() === known);
  if (found === undefined) {
    throw refusal(field, `'${shown(value)}' is not known; use ${words.join(', ')}.`);
  }
  return found;
}

function shown(value: unknown): string {
  return String(value).slice(0, 60);
}

function refusal(field: string, problem: string): BillingError {
  return new BillingError('argument', `${field}: ${problem}`);
}
