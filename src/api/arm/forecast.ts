import * as v from 'valibot';
import type { PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath } from './armClient.ts';
import { costFilter, writeFilter } from './costFilter.ts';
import { costAggregation, costGranularity, costTimeframe, costType } from './costModel.ts';
import { costPeriod, isLongerThan, requirePeriod, writePeriod } from './costPeriod.ts';
import { type CostSpelling, spellingOf } from './costSpelling.ts';
import { type CostPage, walkCostTable } from './costTable.ts';
import { checked, refused } from './input.ts';
import { type CostScope, scopePath } from './scope.ts';
import type { VersionSet } from './versions.ts';

const costForecast = v.strictObject({
  type: costType,
  /** Newest version: `Custom` only. */
  timeframe: costTimeframe,
  /** `from` may lie in the past; `to` has to lie in the future, at most ten years after. */
  timePeriod: v.optional(costPeriod),
  dataset: v.strictObject({
    granularity: v.optional(costGranularity),
    /** Required by the newest version: `Cost`, `CostUSD`, `PreTaxCost` or `PreTaxCostUSD`. */
    aggregation: v.optional(costAggregation),
    filter: v.optional(costFilter),
  }),
  /** Days that have passed come with their actual cost; the service's default is yes. */
  includeActualCost: v.optional(v.boolean()),
  /** So do days whose cost is not complete yet; needs `includeActualCost`; the service's default is yes. */
  includeFreshPartialCost: v.optional(v.boolean()),
});

/** A question for the expected cost (REST reference: Forecast - Usage). It cannot be grouped. */
export type CostForecast = v.InferOutput<typeof costForecast>;

const LONGEST_MONTHS = 120;
const FORECAST_COLUMNS = ['cost', 'costusd', 'pretaxcost', 'pretaxcostusd'];

/**
 * The expected cost of a scope as a table, page by page. Its column `CostStatus` tells `Forecast` from `Actual`. No rows: the
 * service has no forecast. It refuses (424) when the scope has too little history (about four weeks), or several currencies.
 *
 * @throws BillingError of kind `argument` before anything is sent
 */
export function forecastCost(arm: ArmClient, scope: CostScope, forecast: CostForecast): PageWalk<CostPage> {
  const body = writeForecast(forecast, spellingOf('forecast', arm.versions), arm.versions);
  const path = `${scopePath(scope)}/providers/Microsoft.CostManagement/forecast`;
  const address = armPath(arm, 'forecast', path);
  const quota = { area: 'costQuery', scope: scopePath(scope).toLowerCase() } as const;
  return walkCostTable(arm, { operation: 'Forecast costs', method: 'POST', address, body, repeatable: true, quota });
}

/**
 * The body of a forecast in the spelling of a version.
 *
 * @throws BillingError of kind `argument` whose message starts with the field
 */
export function writeForecast(forecast: CostForecast, spelling: CostSpelling, versions: VersionSet): unknown {
  const { timePeriod, dataset, ...rest } = checked(costForecast, forecast);
  if (versions === 'newest' && rest.timeframe !== 'Custom') {
    throw refused('timeframe', `is '${rest.timeframe}'; a forecast takes 'Custom' with a timePeriod only.`);
  }
  requirePeriod(rest.timeframe, timePeriod);
  if (timePeriod !== undefined && isLongerThan(LONGEST_MONTHS, timePeriod)) {
    throw refused('timePeriod', 'is longer than the ten years that the service forecasts.');
  }
  requireForecastColumns(dataset.aggregation, versions);
  if (rest.includeActualCost === false) {
    if (rest.includeFreshPartialCost === true) {
      throw refused('includeFreshPartialCost', 'needs includeActualCost.');
    }
    // Left out it would mean yes, which the service refuses here.
    rest.includeFreshPartialCost = false;
  }
  return {
    ...rest,
    ...(timePeriod && { timePeriod: writePeriod(timePeriod) }),
    dataset: { ...dataset, ...(dataset.filter && { filter: writeFilter(dataset.filter, spelling) }) },
  };
}

function requireForecastColumns(aggregation: CostForecast['dataset']['aggregation'], versions: VersionSet): void {
  const columns = Object.values(aggregation ?? {});
  if (columns.length === 0 && versions === 'newest') {
    throw refused('dataset.aggregation', 'is missing; a forecast sums a cost.');
  }
  const other = columns.find(({ name }) => !FORECAST_COLUMNS.includes(name.toLowerCase()));
  if (other !== undefined) {
    throw refused(
      'dataset.aggregation',
      `'${other.name}' cannot be forecast; use Cost, CostUSD, PreTaxCost or PreTaxCostUSD.`,
    );
  }
}
