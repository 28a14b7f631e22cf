import * as v from 'valibot';
import { parseCostScope, scopePath } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import { hasUsageColumn } from '../usage/usageFilter.ts';
import { tagOf } from './groupNames.ts';
import { spendPeriod } from './spendPeriod.ts';
import { type SpendFilter, type SpendQuestion, spendQuestionShape } from './spendShapes.ts';

/** A customer of Partner Center, by its tenant id: there is no path of Azure Resource Manager for it. */
const PARTNER_SCOPE = /^\/partnerCenter\/customers\/([0-9a-z][0-9a-z-]{0,63})$/i;

/** What is asked where nothing else is said. */
const DEFAULTS: Omit<SpendQuestion, 'scope'> = {
  period: 'MonthToDate',
  granularity: 'auto',
  groupBy: 'ServiceName',
  filters: [],
  metric: 'actual',
  currency: 'billing',
  top: 10,
  view: 'columns',
};

/** What Partner Center can split its estimates by. */
export const PARTNER_GROUPS = ['Subscription', 'Meter', 'Resource'] as const;

const MEMBERS: ReadonlySet<string> = new Set(Object.keys(spendQuestionShape.entries));
const FILTER_MEMBERS: ReadonlySet<string> = new Set(Object.keys(spendQuestionShape.entries.filters.item.entries));

/** The tenant id of a customer of Partner Center, where a scope names one. */
export function partnerCustomerOf(scope: string): string | undefined {
  return PARTNER_SCOPE.exec(scope)?.[1];
}

export function isPartnerScope(scope: string): boolean {
  return partnerCustomerOf(scope) !== undefined;
}

/**
 * A whole question from what somebody gave: the scope is needed, everything else has a default. Members that are not known are
 * refused, because a misspelled filter would pass for a smaller sum.
 *
 * @throws BillingError of kind `argument` whose message starts with the field
 */
export function checkSpendQuestion(given: unknown, now: Date): SpendQuestion {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw wrong('question', 'is not an object.', "Give an object with 'scope'.");
  }
  requireKnown(given, MEMBERS, '');
  const present: Record<string, unknown> = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  const scope = scopeOf(present.scope);
  const partner = isPartnerScope(scope);
  const result = v.safeParse(spendQuestionShape, {
    ...DEFAULTS,
    ...(partner && { groupBy: PARTNER_GROUPS[0] }),
    ...present,
    scope,
  });
  if (!result.success) {
    const [issue] = result.issues;
    throw wrong(v.getDotPath(issue) ?? 'question', `is ${issue.received.slice(0, 60)}, not ${issue.expected}.`);
  }
  for (const [at, filter] of (present.filters === undefined ? [] : (present.filters as object[])).entries()) {
    requireKnown(filter, FILTER_MEMBERS, `filters.${at}.`);
  }
  const question = { ...result.output, filters: result.output.filters.map(checkedFilter) };
  requireGroup(question.groupBy);
  if (partner) {
    requirePartnerQuestion(question);
  } else if (question.currency === 'pricing') {
    requireUsageColumns(question);
  }
  spendPeriod(question, now);
  return question;
}

/** One text for all spellings of the same question: the order of members does not count. */
export function spendIdentity(question: SpendQuestion): string {
  return JSON.stringify([...MEMBERS].map((member) => question[member as keyof SpendQuestion] ?? null));
}

function requireKnown(given: object, members: ReadonlySet<string>, path: string): void {
  const unknown = Object.keys(given).find((member) => !members.has(member));
  if (unknown !== undefined) {
    throw wrong(`${path}${unknown.slice(0, 60)}`, 'is not known.', `Use ${[...members].join(', ')}.`);
  }
}

function scopeOf(given: unknown): string {
  if (typeof given !== 'string' || given === '') {
    throw wrong('scope', 'is missing.');
  }
  const path = `/${given.trim().replace(/^\/+|\/+$/g, '')}`;
  return PARTNER_SCOPE.test(path) ? path : scopePath(parseCostScope(given));
}

function checkedFilter(filter: SpendFilter, at: number): SpendFilter {
  if (filter.by.trim() === '' || tagOf(filter.by) === '') {
    throw wrong(`filters.${at}.by`, 'is empty.', 'Give a dimension such as ServiceName, or tag:<key>.');
  }
  if (filter.values.length === 0) {
    throw wrong(`filters.${at}.values`, 'is empty.', 'Give at least one value, or leave the filter out.');
  }
  return filter;
}

function requireGroup(groupBy: string): void {
  if (tagOf(groupBy)?.trim() === '') {
    throw wrong('groupBy', 'names no tag.', 'Use tag:<key>, for example tag:environment.');
  }
}

/** Costs in the pricing currency are sums of usage rows: what these do not tell cannot be grouped or filtered by. */
function requireUsageColumns({ groupBy, filters }: SpendQuestion): void {
  const advice = 'Choose another one, or the billing currency.';
  const why = (by: string) => `usage rows, which alone have the pricing currency, do not tell '${by.slice(0, 60)}'.`;
  if (groupBy !== '' && !hasUsageColumn(groupBy)) {
    throw wrong('groupBy', why(groupBy), advice);
  }
  const at = filters.findIndex(({ by }) => !hasUsageColumn(by));
  if (at >= 0) {
    throw wrong(`filters.${at}.by`, why(filters[at]?.by ?? ''), advice);
  }
}

/** Partner Center has one sum of the open period for each thing. */
function requirePartnerQuestion({ period, groupBy, filters, metric, currency, compareWith }: SpendQuestion): void {
  const groups: readonly string[] = ['', ...PARTNER_GROUPS];
  const only = 'Partner Center tells estimates of the open billing period only.';
  if (period !== DEFAULTS.period) {
    throw wrong('period', `can be '${String(DEFAULTS.period)}' only.`, only);
  }
  if (!groups.includes(groupBy)) {
    throw wrong('groupBy', `is '${groupBy.slice(0, 60)}', not one of ${PARTNER_GROUPS.join(', ')}.`, only);
  }
  if (filters.some(({ by }) => by !== groupBy)) {
    throw wrong('filters', 'can name the groups that are shown only.', only);
  }
  if (metric !== 'actual') {
    throw wrong('metric', "can be 'actual' only.", only);
  }
  if (currency === 'pricing') {
    throw wrong('currency', "can be 'billing' or 'usd' only.", only);
  }
  if (compareWith !== undefined) {
    throw wrong('compareWith', 'is not possible.', only);
  }
}

function wrong(field: string, sentence: string, advice?: string): BillingError {
  return new BillingError('argument', `${field}: ${sentence}`, { advice });
}
