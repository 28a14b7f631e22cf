import { Refusal } from './answers.ts';
import { isMonthly, matches } from './budgetFilter.ts';
import type { BudgetInput } from './budgetModel.ts';
import type { BudgetScope } from './budgetScopes.ts';
import { type DayRange, dayOf, firstDay, intersect, lastDay, monthOf } from './calendar.ts';
import { type CostFilter, NO_FILTER } from './costFilter.ts';
import { forecastRows } from './costForecast.ts';
import { sumCosts } from './costSums.ts';
import type { Tenant } from './tenant.ts';

/** Months of the calendar that a time grain covers. */
export const GRAIN_MONTHS: ReadonlyMap<string, number> = new Map([
  ['Monthly', 1],
  ['Quarterly', 3],
  ['Annually', 12],
]);

/** The days of the calendar month, quarter or year of that day. */
export function grainAround(day: number, timeGrain: string): DayRange {
  const months = GRAIN_MONTHS.get(timeGrain) ?? 1;
  const first = monthOf(day) - (monthOf(day) % months);
  return { from: firstDay(first), to: lastDay(first + months - 1) };
}

/**
 * The days that the last evaluation looked at: today's time grain, or the last one of a budget that has ended; only days
 * of the budget's own period count. Empty before the budget starts.
 */
export function evaluatedDays(tenant: Tenant, { timeGrain, startDay, endDay }: BudgetInput): DayRange {
  const today = dayOf(tenant.options.now);
  return intersect(grainAround(Math.min(today, endDay), timeGrain), { from: startDay, to: endDay });
}

/** What the last evaluation found, exact, in 10^-20 of the scope's currency. */
export function currentSpend(tenant: Tenant, scope: BudgetScope, budget: BudgetInput): bigint {
  return spendOf(tenant, scope, budget, evaluatedDays(tenant, budget));
}

/**
 * The current spend and, for every day of the time grain that is still to come, what a forecast of the scope foresees
 * (nothing where it has too little history). In 10^-20 of the scope's currency.
 */
export function forecastSpend(tenant: Tenant, scope: BudgetScope, budget: BudgetInput): bigint {
  const spent = currentSpend(tenant, scope, budget);
  const { from, to } = evaluatedDays(tenant, budget);
  const days = { from: Math.max(from, tenant.ledger.window.to + 1), to };
  if (days.from > days.to) return spent;
  const inUsd = isInUsd(scope);
  try {
    const rows = forecastRows(tenant, scope, {
      days,
      granularity: 'Daily',
      amounts: [inUsd ? 'CostUSD' : 'Cost'],
      filter: filterOf(scope, budget),
      includeActualCost: true,
      includeFreshPartialCost: true,
    });
    return rows.reduce((sum, { cost, usd }) => sum + (inUsd ? usd : cost), spent);
  } catch (error) {
    if (error instanceof Refusal) return spent;
    throw error;
  }
}

function filterOf({ kind }: BudgetScope, { filter }: BudgetInput): CostFilter {
  if (!filter) return NO_FILTER;
  return { test: (facts, month) => matches(filter, kind, facts, month), monthly: isMonthly(filter, kind) };
}

/** A billing account has several billing currencies, so that its budgets are in USD. */
const isInUsd = ({ kind }: BudgetScope): boolean => kind === 'billingAccount';

function spendOf(tenant: Tenant, scope: BudgetScope, budget: BudgetInput, days: DayRange): bigint {
  const { test, monthly } = filterOf(scope, budget);
  const sums = sumCosts(tenant, scope, {
    days,
    granularity: 'None',
    keys: () => [],
    includes: test,
    monthly,
    byCurrency: false,
  });
  return sums.reduce((sum, { cost, usd }) => sum + (isInUsd(scope) ? usd : cost), 0n);
}
