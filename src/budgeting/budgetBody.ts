import { MEMBERS } from '../api/arm/budgetRules/words.ts';
import type { Budget } from '../api/arm/budgets.ts';
import type { JsonNumber } from '../json/exact.ts';

/**
 * What a person edits of a budget: its `properties` without what the service finds out (REST reference: Budgets). Amounts and thresholds are
 * `JsonNumber`, so that no digit is lost; the types are what they should be, not what somebody may have typed: `checkBudget` tells.
 * Members that nobody knows are kept.
 */
export interface BudgetBody {
  category?: string;
  /** In `amountCurrency`. */
  amount?: JsonNumber;
  timeGrain?: string;
  /** Date-times, UTC, both inclusive. */
  timePeriod?: { startDate?: string; endDate?: string };
  filter?: unknown;
  /** By name. */
  notifications?: Record<string, NotificationBody>;
  [member: string]: unknown;
}

export interface NotificationBody {
  enabled?: boolean;
  operator?: string;
  /** Percent of the amount. */
  threshold?: JsonNumber;
  thresholdType?: string;
  frequency?: string;
  locale?: string;
  contactEmails?: string[];
  contactRoles?: string[];
  contactGroups?: string[];
  [member: string]: unknown;
}

/** What the service finds out: shown elsewhere, and not sent. */
const FOUND_OUT: ReadonlySet<string> = new Set(['currentSpend', 'forecastSpend']);

/** What names a resource: the address says it. */
const ADDRESS: ReadonlySet<string> = new Set(['id', 'name', 'type']);

/** What a person edits of a budget as it was read, in the order of a document. */
export function bodyOf(budget: Budget): BudgetBody {
  return inOrder(without(budget.properties, FOUND_OUT));
}

/**
 * What is sent to change a budget: the former one with the edited `properties`. Members of the resource that nobody knows survive.
 */
export function requestBody(former: Budget | undefined, body: BudgetBody): Record<string, unknown> {
  return { ...(former === undefined ? {} : without(former, ADDRESS)), properties: without(body, FOUND_OUT) };
}

/** The same budget with its members in the order of a document; those that nobody knows come last, as they came. */
export function inOrder(body: BudgetBody): BudgetBody {
  const { timePeriod, notifications } = body;
  return {
    ...ordered(body, MEMBERS.budget),
    ...(isPlain(timePeriod) && { timePeriod: ordered(timePeriod, MEMBERS.timePeriod) }),
    ...(isPlain(notifications) && {
      notifications: Object.fromEntries(
        Object.entries(notifications).map(([name, one]) => [
          name,
          isPlain(one) ? ordered(one, MEMBERS.notification) : one,
        ]),
      ),
    }),
  };
}

function ordered<T extends object>(object: T, names: readonly string[]): T {
  const entries = Object.entries(object);
  const place = (key: string): number => (names.includes(key) ? names.indexOf(key) : names.length);
  return Object.fromEntries(entries.sort(([a], [b]) => place(a) - place(b))) as T;
}

function without(object: object, names: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !names.has(key)));
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
