import type { ArmClient } from '../api/arm/armClient.ts';
import { type Budget, listBudgets } from '../api/arm/budgets.ts';
import { parseCostScope } from '../api/arm/scope.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import type { Period } from '../usage/period.ts';
import { readForecast, type SpendForecastRead } from './readForecast.ts';
import type { ClientSpend } from './spendCache.ts';
import type { SpendRead } from './spendRead.ts';
import type { SpendQuestion } from './spendShapes.ts';

/** The budgets of a scope, or why they could not be read: the costs are there all the same. */
export async function keptBudgets(
  arm: ArmClient,
  scope: string,
  kept: ClientSpend,
  now: Date,
  options: SendOptions,
): Promise<Pick<SpendRead, 'budgets' | 'noBudgets'>> {
  const known = kept.budgets.get(scope, now.getTime());
  if (known !== undefined) {
    return { budgets: known };
  }
  try {
    const of = parseCostScope(scope);
    const budgets: Budget[] = [];
    for await (const { value } of listBudgets(arm, { scope: of, category: 'Cost' }).rest(options)) {
      // The list of an account has those of its profiles too.
      budgets.push(...value.filter(({ id }) => of.kind !== 'billingAccount' || !/\/billingProfiles\//i.test(id)));
    }
    kept.budgets.put(scope, budgets, now.getTime());
    return { budgets };
  } catch (error) {
    return { noBudgets: `Budgets could not be read: ${reasonOf(error, options)}` };
  }
}

/**
 * The forecast of what a question shows, or why there is none.
 *
 * @param period from today on, inclusive
 */
export async function keptForecast(
  arm: ArmClient,
  question: SpendQuestion,
  period: Period,
  kept: ClientSpend,
  now: Date,
  options: SendOptions,
): Promise<SpendForecastRead> {
  const { scope, metric, currency, filters } = question;
  const key = JSON.stringify([scope, metric, currency, filters, period]);
  const known = kept.forecasts.get(key, now.getTime());
  if (known !== undefined) {
    return known;
  }
  try {
    const forecast = await readForecast(arm, question, period, options);
    kept.forecasts.put(key, forecast, now.getTime());
    return forecast;
  } catch (error) {
    return { none: `There is no forecast: ${reasonOf(error, options)}` };
  }
}

/** What went wrong with a part that a picture can do without; what ends the reading is thrown on. */
export function reasonOf(error: unknown, { signal }: SendOptions): string {
  if (signal?.aborted === true || !(error instanceof BillingError)) {
    throw error;
  }
  return error.message;
}
