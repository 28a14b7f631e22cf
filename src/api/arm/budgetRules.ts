import { ExactNumber } from '../../json/exact.ts';
import { checkBudgetFilter } from './budgetFilter.ts';
import { checkNotifications } from './budgetNotifications.ts';
import { addMonths, dayOf } from './days.ts';
import { isMissing, type Problem, ProblemList } from './problems.ts';
import type { CostScope } from './scope.ts';
import type { VersionSet } from './versions.ts';

/** Both keep the same kind of budget, under different rules. */
export type BudgetProvider = 'costManagement' | 'consumption';

/** What a budget's body is checked for. */
export interface BudgetContext {
  scope: CostScope;
  provider: BudgetProvider;
  versions: VersionSet;
  name: string;
  /** The current day, `YYYY-MM-DD`, UTC. */
  today: string;
  /** The budget as it was read, when the body changes one. */
  current?: { properties: { timePeriod?: { startDate?: string | null | undefined } | null | undefined } } | undefined;
}

const COST_GRAINS = ['Monthly', 'Quarterly', 'Annually'] as const;
/** Of pay-as-you-go customers. */
const BILLING_GRAINS = ['BillingMonth', 'BillingQuarter', 'BillingAnnual'] as const;
const RESERVATION_GRAINS = ['Last7Days', 'Last30Days'] as const;

/** Months of a grain that follows the calendar. */
const GRAIN_MONTHS: Readonly<Record<string, number>> = { Monthly: 1, Quarterly: 3, Annually: 12 };

const FIRST_START = '2017-06-01';
const LONGEST_RESERVATION_MONTHS = 36;

/**
 * Checks the body of a budget as a user wrote it, before it is sent (REST reference: Cost Management and Consumption, Budgets -
 * Create Or Update). Rules that depend on the kind of customer are left to the service.
 *
 * @returns the problems in the order of the body; none for a body that can be sent
 */
export function checkBudget(body: unknown, context: BudgetContext): Problem[] {
  const list = new ProblemList();
  if (!/^[A-Za-z0-9_-]{1,63}$/.test(context.name)) {
    list.add('name', 'is not 1 to 63 letters, digits, dashes and underscores.');
  }
  const root = list.object('body', body);
  if (root === undefined) {
    return list.problems;
  }
  checkETag(list, root.eTag, context);
  const properties = list.object('properties', root.properties);
  if (properties === undefined) {
    return list.problems;
  }
  const category = list.word('properties.category', properties.category, categories(context));
  // Where the category is not known, the rest is still read as what it was meant to be.
  const reservation = /^reservationutilization$/i.test(String(properties.category));
  if (category !== undefined && reservation && !holdsReservations(context.scope)) {
    list.add('properties.category', 'is ReservationUtilization, which this scope has no budgets for; use a customer.');
  }
  checkAmount(list, properties.amount, reservation);
  const grain = checkGrain(list, properties.timeGrain, reservation, context.scope);
  checkTimePeriod(list, properties.timePeriod, grain, reservation, !isMissing(root.eTag), context);
  checkBudgetFilter(list, properties.filter, { ...context, reservation });
  checkNotifications(list, properties.notifications, { ...context, reservation });
  return list.problems;
}

function categories({ provider, versions }: BudgetContext): readonly string[] {
  if (provider === 'consumption') {
    return ['Cost'];
  }
  return versions === 'seed' ? ['Cost', 'Usage'] : ['Cost', 'ReservationUtilization'];
}

function checkETag(list: ProblemList, eTag: unknown, { provider, versions, current }: BudgetContext): void {
  if (isMissing(eTag)) {
    if (current !== undefined && provider === 'costManagement' && versions === 'seed') {
      list.add('eTag', 'is missing; this version needs that of the budget as it was read.');
    }
  } else {
    list.text('eTag', eTag);
  }
}

/** Subscriptions and resource groups have none; of billing accounts only enrolments, whose name is a number. */
function holdsReservations(scope: CostScope): boolean {
  const billing = scope.kind !== 'subscription' && scope.kind !== 'resourceGroup';
  return billing && !(scope.kind === 'billingAccount' && scope.account.includes(':'));
}

function checkAmount(list: ProblemList, amount: unknown, reservation: boolean): void {
  const path = 'properties.amount';
  if (isMissing(amount)) {
    if (!reservation) {
      list.add(path, 'is missing; use a number.');
    }
  } else if (typeof amount !== 'number' && !(amount instanceof ExactNumber)) {
    list.add(path, 'is not a number.');
  } else if (!(Number(amount) >= 0)) {
    list.add(path, 'is below zero.');
  }
}

function checkGrain(list: ProblemList, value: unknown, reservation: boolean, scope: CostScope): string | undefined {
  if (reservation) {
    return list.word('properties.timeGrain', value, RESERVATION_GRAINS);
  }
  // Web Direct customers have subscriptions and no billing scope of this kind.
  const grains =
    scope.kind === 'subscription' || scope.kind === 'resourceGroup' ? [...COST_GRAINS, ...BILLING_GRAINS] : COST_GRAINS;
  return list.word<string>('properties.timeGrain', value, grains);
}

function checkTimePeriod(
  list: ProblemList,
  value: unknown,
  grain: string | undefined,
  reservation: boolean,
  update: boolean,
  context: BudgetContext,
): void {
  const path = 'properties.timePeriod';
  const period = list.object(path, value);
  if (period === undefined) {
    return;
  }
  const start = dayOf(period.startDate);
  if (start === undefined) {
    const missing = isMissing(period.startDate) ? 'is missing' : 'is not a date';
    list.add(`${path}.startDate`, `${missing}; use the first of a month, such as 2026-11-01T00:00:00Z.`);
  } else {
    checkStart(list, `${path}.startDate`, start, grain, reservation, update, context);
  }
  if (isMissing(period.endDate)) {
    return;
  }
  const end = dayOf(period.endDate);
  if (end === undefined) {
    list.add(`${path}.endDate`, 'is not a date; use one such as 2027-10-31T00:00:00Z, or leave it out for ten years.');
  } else if (start !== undefined && end <= start) {
    list.add(`${path}.endDate`, `is not after the start (${start}).`);
  } else if (start !== undefined && reservation && end > addMonths(start, LONGEST_RESERVATION_MONTHS)) {
    list.add(`${path}.endDate`, 'is more than three years after the start.');
  }
}

function checkStart(
  list: ProblemList,
  path: string,
  start: string,
  grain: string | undefined,
  reservation: boolean,
  update: boolean,
  { provider, versions, today, current }: BudgetContext,
): void {
  const before = dayOf(current?.properties.timePeriod?.startDate);
  if (before !== undefined) {
    if (start !== before) {
      list.add(path, `cannot be changed (it is ${before}); delete the budget and create a new one.`);
    }
    return;
  }
  if (!reservation && !start.endsWith('-01')) {
    list.add(path, 'is not the first of a month.');
  }
  if (!reservation && start < FIRST_START) {
    list.add(path, `is before ${FIRST_START}.`);
  }
  // What follows is about new budgets: one that is changed keeps the start it had.
  if (update) {
    return;
  }
  if (reservation) {
    if (start < today) {
      list.add(path, 'is in the past; use today or later.');
    }
    return;
  }
  const ahead = provider === 'costManagement' && versions === 'seed' ? 3 : 12;
  if (start > addMonths(today, ahead)) {
    list.add(path, `is more than ${ahead} months ahead.`);
  }
  const months = GRAIN_MONTHS[grain ?? ''];
  if (months !== undefined && addMonths(start, months) <= today) {
    list.add(path, `is past: a ${grain?.toLowerCase()} budget that begins then is over its first period already.`);
  }
}
