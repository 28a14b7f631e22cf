import type { ArmClient } from '../api/arm/armClient.ts';
import { readCostTable } from '../api/arm/costTable.ts';
import { forecastCost } from '../api/arm/forecast.ts';
import { parseCostScope } from '../api/arm/scope.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import type { Period } from '../usage/period.ts';
import { costFilterOf, costTypeOf } from './spendQuery.ts';
import { forecastDays } from './spendRows.ts';
import type { SpendQuestion } from './spendShapes.ts';

/** What the service expects of each day, or why it expects nothing. Amounts are in units of 10^-30. */
export type SpendForecastRead =
  | { days: ReadonlyMap<string, bigint>; currency: string; none?: never }
  | { none: string };

/** Something that the forecast needs is not there: history, or one currency for all. */
const FAILED_DEPENDENCY = 424;

/**
 * The service's forecast, by day (REST reference: Forecast - Usage). It knows no groups, so it is one of all that the filters leave.
 * That the service has none is an answer too.
 *
 * @param period from today on, inclusive
 * @throws BillingError as any call
 */
export async function readForecast(
  arm: ArmClient,
  { scope, metric, currency, filters }: SpendQuestion,
  period: Period,
  options: SendOptions,
): Promise<SpendForecastRead> {
  const filter = costFilterOf(filters);
  const walk = forecastCost(arm, parseCostScope(scope), {
    type: costTypeOf(metric, arm.versions),
    timeframe: 'Custom',
    timePeriod: period,
    dataset: {
      granularity: 'Daily',
      aggregation: { totalCost: { name: currency === 'usd' ? 'CostUSD' : 'Cost', function: 'Sum' } },
      ...(filter && { filter }),
    },
    includeActualCost: false,
  });
  try {
    const found = forecastDays(await readCostTable(walk, options));
    return found ?? { none: 'The service has no forecast: there was no cost in the last four weeks.' };
  } catch (error) {
    if (error instanceof BillingError && error.status === FAILED_DEPENDENCY) {
      return { none: 'The service has no forecast: it needs about four weeks of cost, all of it in one currency.' };
    }
    throw error;
  }
}
