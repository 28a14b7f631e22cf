import type { ArmClient } from '../api/arm/armClient.ts';
import { type CostQuery, queryCost } from '../api/arm/costQuery.ts';
import { readCostTable } from '../api/arm/costTable.ts';
import { addMonths } from '../api/arm/days.ts';
import type { CostScope } from '../api/arm/scope.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import { digitsOf, ExactNumber } from '../json/exact.ts';
import { amountCurrency } from './amountCurrency.ts';
import type { DailyCost, Days } from './backTest.ts';

/** What a scope cost on each day, through a budget's filter. */
export interface DailyCosts {
  window: Days;
  /** By currency, in any order; days without an entry cost nothing. */
  byCurrency: Map<string, DailyCost[]>;
}

/** The last months that are over. */
export const MONTHS_OF_DAYS = 12;

/**
 * The cost by day of the last 12 months that are over, in the currency of the scope's budgets: one query a month, since the service
 * cuts longer ones off without saying so.
 *
 * @param filter of the budget, as the service takes it in queries too
 * @param today the current day, `YYYY-MM-DD`, UTC
 * @param onMonth told before each query, with how many are done
 * @throws BillingError as any query, also of kind `argument` for a filter that queries do not take; never a part of the days
 */
export async function dailyCosts(
  arm: ArmClient,
  scope: CostScope,
  filter: unknown,
  today: string,
  options: SendOptions & { onMonth?: ((month: string, done: number) => void) | undefined } = {},
): Promise<DailyCosts> {
  const first = `${today.slice(0, 7)}-01`;
  const byCurrency = new Map<string, DailyCost[]>();
  const usd = amountCurrency(scope, undefined);
  for (let done = 0; done < MONTHS_OF_DAYS; done++) {
    const from = addMonths(first, done - MONTHS_OF_DAYS);
    const to = dayBefore(addMonths(from, 1));
    options.onMonth?.(from.slice(0, 7), done);
    const query: CostQuery = {
      // The seed version knows no other type.
      type: arm.versions === 'newest' ? 'ActualCost' : 'Usage',
      timeframe: 'Custom',
      timePeriod: { from: `${from}T00:00:00Z`, to: `${to}T23:59:59Z` },
      dataset: {
        granularity: 'Daily',
        aggregation: { totalCost: { name: usd === undefined ? 'Cost' : 'CostUSD', function: 'Sum' } },
        // Checked as any other before it is sent.
        ...(isFilter(filter) && { filter: filter as NonNullable<CostQuery['dataset']['filter']> }),
      },
    };
    const { columns, rows } = await readCostTable(queryCost(arm, scope, query, { top: 5000 }), options);
    if (rows.length === 0) {
      continue;
    }
    const at = (...names: string[]): number => columns.findIndex(({ name }) => names.includes(name.toLowerCase()));
    const [cost, day, currency] = [at('totalcost', 'cost', 'costusd'), at('usagedate'), at('currency')];
    if (cost < 0 || day < 0) {
      throw new BillingError('malformed', 'Query costs failed: the answer has no column of costs or days.');
    }
    for (const row of rows) {
      const amount = row[cost];
      const digits = String(row[day] ?? '');
      if (typeof amount !== 'number' && !(amount instanceof ExactNumber)) {
        continue;
      }
      const code = usd ?? String(row[currency] ?? '');
      const entry = {
        day: `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`,
        cost: digitsOf(amount),
      };
      byCurrency.set(code, [...(byCurrency.get(code) ?? []), entry]);
    }
  }
  return { window: { from: addMonths(first, -MONTHS_OF_DAYS), to: dayBefore(first) }, byCurrency };
}

function isFilter(filter: unknown): boolean {
  return typeof filter === 'object' && filter !== null && Object.keys(filter).length > 0;
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
