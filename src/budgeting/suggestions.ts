import type { BudgetContext } from '../api/arm/budgetRules/context.ts';
import { isInSubscription } from '../api/arm/budgetRules/context.ts';
import { grainStart } from '../api/arm/budgetRules/periodRules.ts';
import { GRAIN_MONTHS } from '../api/arm/budgetRules/words.ts';
import { isObject } from '../api/arm/problems.ts';
import type { BudgetBody } from './budgetBody.ts';
import { addDigits, compareDigits, divideDigits, groupedDigits, multiplyDigits } from './decimal.ts';
import type { MonthCost } from './lastMonths.ts';

/** An amount that a person may take. */
export interface AmountSuggestion {
  /** Plain digits. */
  amount: string;
  currency: string;
  /** Where it comes from: `average of 2026-08 to 2026-10`. */
  why: string;
}

/**
 * Amounts from the cost of the last months: their average, the dearest one, and a tenth above it, each for as many months as the grain has,
 * rounded up to two digits that count.
 *
 * @param months of one currency, oldest first
 */
export function amountSuggestions(months: readonly MonthCost[], timeGrain: string): AmountSuggestion[] {
  const [first] = months;
  const last = months.at(-1);
  const times = GRAIN_MONTHS.get(timeGrain) ?? 1;
  if (first === undefined || last === undefined) {
    return [];
  }
  const dearest = months.reduce((most, one) => (compareDigits(one.cost, most.cost) > 0 ? one : most), first);
  const sum = months.reduce((total, { cost }) => addDigits(total, cost), '0');
  const span = first === last ? first.month : `${first.month} to ${last.month}`;
  const of = (cost: string, why: string): AmountSuggestion => ({
    amount: roundedUp(multiplyDigits(cost, String(times))),
    currency: first.currency,
    why: times === 1 ? why : `${times} × ${why}`,
  });
  const all = [
    of(divideDigits(sum, String(months.length), 20), `average of ${span}`),
    of(dearest.cost, `the dearest month, ${dearest.month}: ${groupedDigits(shortened(dearest.cost))}`),
    of(multiplyDigits(dearest.cost, '1.1'), `10 % above the dearest month, ${dearest.month}`),
  ];
  return all.filter(
    ({ amount }, index) =>
      compareDigits(amount, '0') > 0 && all.findIndex((other) => other.amount === amount) === index,
  );
}

/** Up to the next number with two digits that count, and no less than a hundredth: 1,234.5 → 1300. */
function roundedUp(digits: string): string {
  if (compareDigits(digits, '0') <= 0) {
    return '0';
  }
  const whole = digits.split('.')[0] ?? '0';
  const step = whole === '0' ? '0.01' : `1${'0'.repeat(Math.max(whole.length - 2, 0))}`;
  const down = multiplyDigits(divideDigits(digits, step, 0), step);
  return compareDigits(down, digits) < 0 ? addDigits(down, step) : down;
}

function shortened(digits: string): string {
  return divideDigits(digits, '1', 2);
}

/**
 * A new budget after another one: begins with the period that goes on, ends as long after it as the other one did, and leaves out what this
 * scope does not take.
 */
export function bodyAfter(other: BudgetBody, { scope, today }: Pick<BudgetContext, 'scope' | 'today'>): BudgetBody {
  const { timePeriod, notifications } = other;
  const months = GRAIN_MONTHS.get(other.timeGrain ?? '');
  const start = months === undefined ? today : grainStart(today, months);
  const end = timePeriod?.endDate?.slice(0, 10);
  const keepsEnd = end !== undefined && end > today;
  return {
    ...other,
    timePeriod: { startDate: `${start}T00:00:00Z`, ...(keepsEnd && { endDate: `${end}T00:00:00Z` }) },
    ...(isObject(notifications) && {
      notifications: Object.fromEntries(
        Object.entries(notifications).map(([name, one]) => [name, isInSubscription(scope) ? one : withMailsOnly(one)]),
      ),
    }),
  };
}

function withMailsOnly<T>(notification: T): T {
  if (!isObject(notification)) {
    return notification;
  }
  const { contactRoles: _roles, contactGroups: _groups, ...rest } = notification;
  return rest as T;
}
