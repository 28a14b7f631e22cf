import { isUtf8 } from 'node:buffer';
import type { ArmClient } from '../api/arm/armClient.ts';
import { listUsageDetails } from '../api/arm/usageDetails.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import { MODERN_USAGE } from '../records/usageDetails.ts';
import { usageDetailsSchema } from '../usage/pagesDocument.ts';
import type { Period } from '../usage/period.ts';
import { readable } from '../usage/readable.ts';
import { usageDetailsQuery } from '../usage/usageDetailsQuery.ts';
import { rowFilter } from '../usage/usageFilter.ts';
import { usageScope } from '../usage/usageScope.ts';
import { PricingSums } from './pricingSums.ts';
import type { SpendQuery } from './spendQuery.ts';
import type { SpendRow } from './spendRows.ts';

/** The sums of the usage rows of some days. */
export interface PricingRead {
  /** One for each day, group and pricing currency. */
  rows: SpendRow[];
  /** Usage rows that tell no cost in a pricing currency, and so are in no sum. */
  withoutCost: number;
  /** Requests that it took. */
  calls: number;
  /** When the last page arrived. */
  fetchedAt: Date;
}

/** The service's error codes are others. */
const NO_PRICING_CURRENCY = 'noPricingCurrency';

/** Whether a scope's costs cannot be told in a pricing currency. */
export function isWithoutPricing(error: unknown): boolean {
  return error instanceof BillingError && error.code === NO_PRICING_CURRENCY;
}

/**
 * Costs in the pricing currency, which usage details alone tell (REST reference: Consumption, Usage Details - List, `ModernUsageDetail`):
 * `costInPricingCurrency` of all rows of some days, added up while the pages come. Rows are not kept.
 *
 * @param query its filters and its group are taken from the rows, in the columns that drill-through looks at
 * @throws BillingError when any page fails: part of the sums is never returned; see {@link isWithoutPricing} for rows without such costs
 */
export async function readPricingRows(
  arm: ArmClient,
  query: SpendQuery,
  period: Period,
  options: SendOptions,
): Promise<PricingRead> {
  const { scope, conditions } = usageScope(query.scope);
  const columns = MODERN_USAGE.columns.map(({ name }) => name);
  const sums = new PricingSums(query, rowFilter([...conditions, ...query.filters], columns));
  const metric = query.metric === 'amortized' ? 'AmortizedCost' : undefined;
  const walk = listUsageDetails(arm, usageDetailsQuery({ scope, period, metric }));
  let fetchedAt = new Date(arm.http.clock.now());
  for await (const { value, answer } of walk.rest(options)) {
    fetchedAt = answer.receivedAt;
    addPage(value, sums);
  }
  if (sums.read > 0 && sums.withoutCost === sums.read) {
    throw withoutPricing();
  }
  const { withoutCost } = sums;
  return { rows: sums.result(), withoutCost, calls: walk.pages, fetchedAt };
}

function addPage(page: Uint8Array, sums: PricingSums): void {
  if (page.length === 0) {
    return;
  }
  if (sums.read === 0) {
    const schema = usageDetailsSchema(page);
    if (schema !== undefined && schema !== MODERN_USAGE) {
      throw withoutPricing();
    }
  }
  readable('List usage details', 'a page', () => {
    // Names of groups are texts of the service: no other may take their place.
    if (!isUtf8(page)) {
      throw new TypeError('it is not UTF-8');
    }
    sums.page(page);
  });
}

function withoutPricing(): BillingError {
  return new BillingError('argument', 'The usage rows of this scope have no cost in a pricing currency.', {
    code: NO_PRICING_CURRENCY,
    advice: 'Rows of partner and customer agreements have; use the billing currency or US dollars here.',
  });
}
