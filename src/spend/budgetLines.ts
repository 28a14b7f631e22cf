import type { Budget } from '../api/arm/budgets.ts';
import { addMonths, dayOf } from '../api/arm/days.ts';
import { digitsOf } from '../json/exact.ts';
import type { Period } from '../usage/period.ts';
import { amountText, parseAmount, roundAmount } from './amounts.ts';
import { addDays, dayCount } from './spendPeriod.ts';
import type { BudgetLine } from './spendShapes.ts';

/** Months of the time grains that follow the calendar (REST reference: Budgets - Create Or Update). */
const GRAINS: Readonly<Record<string, number>> = { monthly: 1, quarterly: 3, annually: 12 };

export interface BudgetLines {
  lines: BudgetLine[];
  /** Budgets that cannot be drawn beside this cost: their own filter, another currency or another kind of period. */
  left: number;
}

/**
 * Budgets as lines beside a cumulative cost: the amount is spread evenly over the days of its time grain, which begins anew every so
 * many months from the budget's first day. A line begins at 0 with the period, so over one whole grain it ends at the amount.
 *
 * @param currency of the cost; budgets of another one are left out
 * @param decimals that values are rounded to
 */
export function budgetLines(
  budgets: readonly Budget[],
  from: string,
  steps: readonly Period[],
  currency: string,
  decimals: number,
): BudgetLines {
  const lines: BudgetLine[] = [];
  let left = 0;
  for (const budget of budgets) {
    const line = budgetLine(budget, from, steps, currency, decimals);
    if (line === undefined) {
      left++;
    } else if (line.values.some((value) => value !== null)) {
      lines.push(line);
    }
  }
  return { lines, left };
}

function budgetLine(
  { name, properties }: Budget,
  from: string,
  steps: readonly Period[],
  currency: string,
  decimals: number,
): BudgetLine | undefined {
  const { amount, timeGrain, timePeriod, filter, currentSpend } = properties;
  const months = GRAINS[timeGrain?.toLowerCase() ?? ''];
  const start = dayOf(timePeriod?.startDate);
  const units = amount === undefined || amount === null ? undefined : parseAmount(digitsOf(amount));
  const isOther = currentSpend?.unit !== undefined && currentSpend.unit !== null && currentSpend.unit !== currency;
  const hasFilter = filter !== undefined && filter !== null && Object.keys(filter).length > 0;
  if (months === undefined || start === undefined || units === undefined || isOther || hasFilter) {
    return undefined;
  }
  const end = dayOf(timePeriod?.endDate) ?? steps.at(-1)?.to ?? start;
  const first = from < start ? start : from;
  const values = steps.map(({ from: begin, to }) => {
    if (to < start || begin > end) {
      return null;
    }
    const allowed = allowedIn({ from: first, to: to < end ? to : end }, units, start, months);
    return amountText(roundAmount(allowed, decimals));
  });
  return { name, amount: amountText(units), values };
}

/** The share of the amount that falls on some days. */
function allowedIn({ from, to }: Period, units: bigint, start: string, months: number): bigint {
  let allowed = 0n;
  for (
    let grain = grainAt(from, start, months);
    grain.from <= to;
    grain = grainAt(addDays(grain.to, 1), start, months)
  ) {
    const days = dayCount({ from: from > grain.from ? from : grain.from, to: to < grain.to ? to : grain.to });
    allowed += (units * BigInt(days)) / BigInt(dayCount(grain));
  }
  return allowed;
}

/** The time grain that a day lies in. */
function grainAt(day: string, start: string, months: number): Period {
  const between = monthNumber(day) - monthNumber(start);
  const first = addMonths(`${start.slice(0, 7)}-01`, between - (((between % months) + months) % months));
  return { from: first, to: addDays(addMonths(first, months), -1) };
}

function monthNumber(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
}
