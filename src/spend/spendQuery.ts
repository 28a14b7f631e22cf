import type { ArmClient } from '../api/arm/armClient.ts';
import { allOf, type CostFilter } from '../api/arm/costFilter.ts';
import { type CostQuery, queryCost } from '../api/arm/costQuery.ts';
import { type CostPage, readCostTable } from '../api/arm/costTable.ts';
import { parseCostScope } from '../api/arm/scope.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import type { PageWalk } from '../api/http/paging.ts';
import type { Period } from '../usage/period.ts';
import { tagOf } from './groupNames.ts';
import { type SpendRow, spendRows } from './spendRows.ts';
import type { SpendFilter, SpendQuestion } from './spendShapes.ts';

/** What is sent: a question without its period, and without what is chosen among kept rows. */
export interface SpendQuery {
  scope: string;
  /** Usage rows tell the pricing currency; all else is asked of cost queries. */
  source: 'costs' | 'usageRows';
  metric: SpendQuestion['metric'];
  granularity: 'daily' | 'monthly';
  groupBy: string;
  /** The dimension with the names of what `groupBy` has the ids of. */
  labels?: string | undefined;
  filters: readonly SpendFilter[];
}

/** The largest page that the service takes. */
const PAGE = 5000;

/** A text that is the same for queries that have the same answer. */
export function queryKey({ scope, source, metric, granularity, groupBy, labels, filters }: SpendQuery): string {
  return JSON.stringify([scope.toLowerCase(), source, metric, granularity, groupBy, labels ?? '', filters]);
}

/**
 * The sums of a period by day or month and by group, in the billing currency and in US dollars.
 *
 * @param period at most 31 days by day and 12 months by month: the service cuts off more without saying so
 * @throws BillingError when any page fails: part of an answer is never returned
 */
export async function readSpendRows(
  arm: ArmClient,
  query: SpendQuery,
  period: Period,
  options: SendOptions,
): Promise<{ rows: SpendRow[]; fetchedAt: Date }> {
  const table = await readCostTable(spendWalk(arm, query, period), options);
  const tag = tagOf(query.groupBy);
  const key = tag === undefined ? query.groupBy || undefined : 'TagValue';
  return { rows: spendRows(table, { key, label: query.labels }), fetchedAt: table.fetchedAt };
}

function spendWalk(arm: ArmClient, query: SpendQuery, period: Period): PageWalk<CostPage> {
  const filter = costFilterOf(query.filters);
  const grouping = groupingOf(query);
  const costs: CostQuery = {
    type: costTypeOf(query.metric, arm.versions),
    timeframe: 'Custom',
    timePeriod: period,
    dataset: {
      granularity: query.granularity === 'daily' ? 'Daily' : 'Monthly',
      aggregation: {
        totalCost: { name: 'Cost', function: 'Sum' },
        totalCostUSD: { name: 'CostUSD', function: 'Sum' },
      },
      ...(grouping.length > 0 && { grouping }),
      ...(filter && { filter }),
    },
  };
  return queryCost(arm, parseCostScope(query.scope), costs, { top: PAGE });
}

/**
 * What kind of cost is asked for; the seed version knows usage without purchases only.
 *
 * @throws BillingError of kind `argument` when the version that is spoken has no amortized costs
 */
export function costTypeOf(metric: SpendQuestion['metric'], versions: ArmClient['versions']): CostQuery['type'] {
  if (versions === 'newest') {
    return metric === 'amortized' ? 'AmortizedCost' : 'ActualCost';
  }
  if (metric === 'amortized') {
    throw new BillingError('argument', 'metric: this version of the service has no amortized costs.', {
      advice: "Use 'actual'.",
    });
  }
  return 'Usage';
}

/** All of the filters as a condition of a query. */
export function costFilterOf(filters: readonly SpendFilter[]): CostFilter | undefined {
  return allOf(
    filters.map(({ by, values, not }) => {
      const tag = tagOf(by);
      const comparison = { name: tag ?? by, operator: 'In' as const, values };
      const condition: CostFilter = tag === undefined ? { dimensions: comparison } : { tags: comparison };
      return not === true ? { not: condition } : condition;
    }),
  );
}

function groupingOf({ groupBy, labels }: SpendQuery): NonNullable<CostQuery['dataset']['grouping']> {
  const tag = tagOf(groupBy);
  if (tag !== undefined) {
    return [{ type: 'TagKey', name: tag }];
  }
  return [groupBy, labels ?? ''].filter((name) => name !== '').map((name) => ({ type: 'Dimension', name }));
}
