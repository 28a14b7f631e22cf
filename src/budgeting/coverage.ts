import { LIMITS } from '../api/arm/budgetRules/words.ts';
import type { Budget } from '../api/arm/budgets.ts';
import { dayOf } from '../api/arm/days.ts';
import { isObject } from '../api/arm/problems.ts';
import { ExactNumber } from '../json/exact.ts';
import { bodyOf } from './budgetBody.ts';

/** Why a budget tells nobody. */
export type AlertGap =
  | 'ended'
  | 'notStarted'
  | 'noAmount'
  | 'noNotifications'
  | 'allOff'
  | 'noContacts'
  | 'thresholdTooHigh';

/** What a table says of each. */
export const GAP_TEXTS: Readonly<Record<AlertGap, string>> = {
  ended: 'It has ended; create a new one or set a later end.',
  notStarted: 'It has not begun yet.',
  noAmount: 'It has no amount above 0, so that no threshold is ever reached.',
  noNotifications: 'It has no notifications; add one.',
  allOff: 'All its notifications are switched off; set enabled to true.',
  noContacts: 'Its notifications name nobody; add a mail address.',
  thresholdTooHigh: `Its thresholds are above ${LIMITS.costThreshold} %, which the service does not take; lower them.`,
};

export interface BudgetCoverage {
  name: string;
  budget: Budget;
  /** Why it tells nobody today; none: it alerts. */
  gaps: AlertGap[];
  /** Last day, UTC, where one is known. */
  ends: string | undefined;
}

/**
 * `covered`: some budget alerts. `silent`: there are budgets in force, and none tells anybody. `expired`: all have ended. `future`: none has
 * begun. `none`: there is no budget. `unknown`: the budgets could not be read.
 */
export type CoverageState = 'covered' | 'silent' | 'expired' | 'future' | 'none' | 'unknown';

/** One row of the table of coverage. */
export interface ScopeCoverage {
  /** Scope path. */
  scope: string;
  label: string;
  state: CoverageState;
  budgets: BudgetCoverage[];
  /** Why the budgets could not be read. */
  failure: string | undefined;
}

/**
 * How well a scope is covered by its own budgets.
 *
 * @param budgets all budgets of the scope, or why they could not be read
 * @param today the current day, `YYYY-MM-DD`, UTC
 */
export function coverageOf(
  { scope, label }: Pick<ScopeCoverage, 'scope' | 'label'>,
  budgets: readonly Budget[] | { failure: string },
  today: string,
): ScopeCoverage {
  if ('failure' in budgets) {
    return { scope, label, state: 'unknown', budgets: [], failure: budgets.failure };
  }
  // Budgets on reservations say nothing about cost.
  const ofCost = budgets.filter(({ properties }) => !/^reservationutilization$/i.test(properties.category ?? ''));
  const rows = ofCost.map((budget) => ({
    name: budget.name,
    budget,
    gaps: gapsOf(budget, today),
    ends: dayOf(budget.properties.timePeriod?.endDate),
  }));
  return { scope, label, state: stateOf(rows), budgets: rows, failure: undefined };
}

function stateOf(rows: readonly BudgetCoverage[]): CoverageState {
  if (rows.length === 0) {
    return 'none';
  }
  const all = (gap: AlertGap): boolean => rows.every(({ gaps }) => gaps.includes(gap));
  if (rows.some(({ gaps }) => gaps.length === 0)) {
    return 'covered';
  }
  return all('ended') ? 'expired' : all('notStarted') ? 'future' : 'silent';
}

/** Why a budget tells nobody today. */
export function gapsOf(budget: Budget, today: string): AlertGap[] {
  const { amount, timePeriod, notifications } = bodyOf(budget);
  const gaps: AlertGap[] = [];
  const [start, end] = [dayOf(timePeriod?.startDate), dayOf(timePeriod?.endDate)];
  if (end !== undefined && end < today) {
    gaps.push('ended');
  }
  if (start !== undefined && start > today) {
    gaps.push('notStarted');
  }
  if (!((typeof amount === 'number' || amount instanceof ExactNumber) && Number(amount) > 0)) {
    gaps.push('noAmount');
  }
  // Values that are no notifications were seen.
  const all = Object.values(isObject(notifications) ? notifications : {}).filter((one) => isObject(one));
  const on = all.filter(({ enabled }) => enabled !== false);
  const told = on.filter(namesSomebody);
  if (all.length === 0) {
    gaps.push('noNotifications');
  } else if (on.length === 0) {
    gaps.push('allOff');
  } else if (told.length === 0) {
    gaps.push('noContacts');
  } else if (told.every(({ threshold }) => Number(threshold) > LIMITS.costThreshold)) {
    gaps.push('thresholdTooHigh');
  }
  return gaps;
}

function namesSomebody(notification: Record<string, unknown>): boolean {
  return ['contactEmails', 'contactRoles', 'contactGroups'].some((name) => {
    const list = notification[name];
    return Array.isArray(list) && list.length > 0;
  });
}

/** How many scopes there are of each state. */
export function countStates(rows: readonly ScopeCoverage[]): Record<CoverageState, number> {
  const counts = { covered: 0, silent: 0, expired: 0, future: 0, none: 0, unknown: 0 };
  for (const { state } of rows) {
    counts[state]++;
  }
  return counts;
}
