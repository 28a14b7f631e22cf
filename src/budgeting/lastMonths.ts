import type { ArmClient } from '../api/arm/armClient.ts';
import { queryCost } from '../api/arm/costQuery.ts';
import { readCostTable } from '../api/arm/costTable.ts';
import { addMonths } from '../api/arm/days.ts';
import type { CostScope } from '../api/arm/scope.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import { digitsOf, ExactNumber } from '../json/exact.ts';
import { amountCurrency } from './amountCurrency.ts';
import { addDigits } from './decimal.ts';

/** What a scope cost in one month (UTC) that is over, in one currency, exact. */
export interface MonthCost {
  /** `YYYY-MM`. */
  month: string;
  currency: string;
  cost: string;
}

/**
 * The cost of the last months that are over, in the currency of the scope's budgets, with one query. Months without cost are 0, so
 * that every currency has all months; none at all: the scope never cost anything then.
 *
 * @param today the current day, `YYYY-MM-DD`, UTC
 * @throws BillingError as any query; of kind `malformed` when the answer lacks a column
 */
export async function lastMonths(
  arm: ArmClient,
  scope: CostScope,
  today: string,
  count = 3,
  options?: SendOptions,
): Promise<MonthCost[]> {
  const first = `${today.slice(0, 7)}-01`;
  const months = Array.from({ length: count }, (_, index) => addMonths(first, index - count).slice(0, 7));
  const from = `${months[0]}-01`;
  const to = new Date(Date.parse(`${first}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  const inUsd = amountCurrency(scope, undefined);
  const table = await readCostTable(
    queryCost(arm, scope, {
      // The seed version knows no other type.
      type: arm.versions === 'newest' ? 'ActualCost' : 'Usage',
      timeframe: 'Custom',
      timePeriod: { from: `${from}T00:00:00Z`, to: `${to}T23:59:59Z` },
      dataset: {
        granularity: 'Monthly',
        aggregation: { totalCost: { name: inUsd === undefined ? 'Cost' : 'CostUSD', function: 'Sum' } },
      },
    }),
    options,
  );
  if (table.rows.length === 0) {
    return [];
  }
  const at = (...names: string[]): number => {
    const index = table.columns.findIndex(({ name }) => names.includes(name.toLowerCase()));
    if (index < 0) {
      throw new BillingError('malformed', `Query costs failed: the answer has no column '${names[0]}'.`);
    }
    return index;
  };
  // The column of a sum has the alias or the name of what was summed.
  const [cost, month] = [at('totalcost', 'cost', 'costusd'), at('billingmonth')];
  const currency = inUsd === undefined ? at('currency') : undefined;
  const sums = new Map<string, Map<string, string>>();
  for (const row of table.rows) {
    const amount = row[cost];
    if (typeof amount !== 'number' && !(amount instanceof ExactNumber)) {
      continue;
    }
    const code = currency === undefined ? (inUsd ?? '') : String(row[currency] ?? '');
    const name = String(row[month] ?? '').slice(0, 7);
    const ofCode = sums.get(code) ?? new Map<string, string>();
    sums.set(code, ofCode.set(name, addDigits(ofCode.get(name) ?? '0', digitsOf(amount))));
  }
  return [...sums].flatMap(([code, ofCode]) =>
    months.map((name) => ({ month: name, currency: code, cost: ofCode.get(name) ?? '0' })),
  );
}
