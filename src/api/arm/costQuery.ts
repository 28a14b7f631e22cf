import * as v from 'valibot';
import type { Call } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath } from './armClient.ts';
import { costFilter, writeFilter } from './costFilter.ts';
import { costAggregation, costGranularity, costTimeframe, costType } from './costModel.ts';
import { costPeriod, isLongerThan, requirePeriod, writePeriod } from './costPeriod.ts';
import { type CostSpelling, spellingOf } from './costSpelling.ts';
import { type CostPage, walkCostBytes, walkCostTable } from './costTable.ts';
import { checked, nameInput, refused } from './input.ts';
import { type CostScope, scopePath } from './scope.ts';

const grouping = v.strictObject({
  /** A tag gives two columns, `TagKey` and `TagValue`. */
  type: v.picklist(['Dimension', 'TagKey']),
  name: nameInput,
});

const sorting = v.strictObject({
  direction: v.picklist(['Ascending', 'Descending']),
  /** A column of the answer. */
  name: nameInput,
});

const dataset = v.strictObject({
  granularity: v.optional(costGranularity),
  aggregation: v.optional(costAggregation),
  /** Two at most. Which names a scope takes, its dimensions tell. */
  grouping: v.optional(
    v.pipe(v.array(grouping), v.maxLength(2, 'has more than two entries; the service takes two at most.')),
  ),
  filter: v.optional(costFilter),
  sorting: v.optional(v.array(sorting)),
  /** Columns of plain rows, in place of aggregation and grouping, beside which the service ignores them. */
  configuration: v.optional(
    v.strictObject({ columns: v.pipe(v.array(v.string()), v.minLength(1, 'needs at least one column.')) }),
  ),
});

type Dataset = v.InferOutput<typeof dataset>;

const costQuery = v.strictObject({
  type: costType,
  timeframe: costTimeframe,
  /** With the timeframe `Custom`, and only then. */
  timePeriod: v.optional(costPeriod),
  dataset,
});

/**
 * A question to Cost Management (REST reference: Query - Usage), spelled as the newest version is, whichever is spoken.
 *
 * The service answers at most 37 months, and may shorten `Daily` to a month and anything else to a year without saying so:
 * ask for longer periods in parts.
 */
export type CostQuery = v.InferOutput<typeof costQuery>;

export interface CostQueryOptions {
  /** Rows a page, 1 to 5000; the service's default is 1000. */
  top?: number | undefined;
}

const LONGEST_MONTHS = 37;
const LARGEST_PAGE = 5000;

/**
 * Costs of a scope as a table, page by page; see `readCostTable` for all of it.
 *
 * @throws BillingError of kind `argument` before anything is sent
 */
export function queryCost(
  arm: ArmClient,
  scope: CostScope,
  query: CostQuery,
  options: CostQueryOptions = {},
): PageWalk<CostPage> {
  return walkCostTable(arm, queryCall(arm, scope, query, options));
}

/** The same table as the bytes of each page. */
export function queryCostPages(
  arm: ArmClient,
  scope: CostScope,
  query: CostQuery,
  options: CostQueryOptions = {},
): PageWalk<Uint8Array> {
  return walkCostBytes(arm, queryCall(arm, scope, query, options));
}

function queryCall(arm: ArmClient, scope: CostScope, query: CostQuery, { top }: CostQueryOptions): Call {
  if (top !== undefined && !(Number.isInteger(top) && top >= 1 && top <= LARGEST_PAGE)) {
    throw refused('top', `is ${top}, not a whole number from 1 to ${LARGEST_PAGE}.`);
  }
  const body = writeCostQuery(query, spellingOf('costQuery', arm.versions));
  const path = `${scopePath(scope)}/providers/Microsoft.CostManagement/query`;
  const address = armPath(arm, 'costQuery', path, { $top: top });
  const quota = { area: 'costQuery', scope: scopePath(scope).toLowerCase(), units: unitsOf(query) } as const;
  return { operation: 'Query costs', method: 'POST', address, body, repeatable: true, quota };
}

/** Query processing units: one for each month of data ("Manage costs with automation"). */
function unitsOf({ timeframe, timePeriod }: CostQuery): number {
  if (timePeriod !== undefined) {
    const [from, to] = [new Date(timePeriod.from), new Date(timePeriod.to)];
    return (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth() + 1;
  }
  return LONG_TIMEFRAMES[timeframe] ?? 1;
}

const LONG_TIMEFRAMES: Readonly<Record<string, number>> = { YearToDate: 12, TheLastYear: 12, TheLast3Months: 3 };

/**
 * The body of a query in the spelling of a version.
 *
 * @throws BillingError of kind `argument` whose message starts with the field
 */
export function writeCostQuery(query: CostQuery, spelling: CostSpelling): unknown {
  const { timePeriod, dataset, ...rest } = checked(costQuery, query);
  requirePeriod(rest.timeframe, timePeriod);
  if (timePeriod !== undefined && isLongerThan(LONGEST_MONTHS, timePeriod)) {
    throw refused('timePeriod', `is longer than the ${LONGEST_MONTHS} months that the service answers.`);
  }
  requireConsistent(dataset);
  const { grouping, filter, sorting } = dataset;
  return {
    ...rest,
    ...(timePeriod && { timePeriod: writePeriod(timePeriod) }),
    dataset: {
      ...dataset,
      ...(grouping && {
        grouping: grouping.map(({ type, name }) => ({ type: type === 'TagKey' ? spelling.tagGrouping : type, name })),
      }),
      ...(filter && { filter: writeFilter(filter, spelling) }),
      ...(sorting && {
        sorting: sorting.map(({ direction, name }) => ({ [spelling.sortingDirection]: direction, name })),
      }),
    },
  };
}

/** Rules between the members of a dataset. Names are compared as the service does, without case. */
function requireConsistent({ aggregation = {}, grouping = [], sorting = [], configuration }: Dataset): void {
  const lower = (text: string) => text.toLowerCase();
  const sums = Object.entries(aggregation).flatMap(([alias, { name }]) => [lower(alias), lower(name)]);
  const plain = sums.length === 0 && grouping.length === 0;
  if (configuration !== undefined && !plain) {
    throw refused('dataset.configuration', 'is ignored beside aggregation or grouping; leave one of them out.');
  }
  const groups = grouping.map(({ type, name }) => lower(`${type} ${name}`));
  if (new Set(groups).size < groups.length) {
    throw refused('dataset.grouping', 'names the same column twice.');
  }
  const summed = grouping.find(({ type, name }) => type === 'Dimension' && sums.includes(lower(name)));
  if (summed !== undefined) {
    throw refused('dataset.grouping', `'${summed.name}' is summed in the aggregation and cannot group as well.`);
  }
  const known = new Set([...sums, ...grouping.map(({ name }) => lower(name)), ...OWN_COLUMNS]);
  const unknown = plain ? undefined : sorting.find(({ name }) => !known.has(lower(name)));
  if (unknown !== undefined) {
    throw refused('dataset.sorting', `'${unknown.name}' is neither aggregated nor grouped.`);
  }
}

/** Columns that the service adds to a sum. */
const OWN_COLUMNS = ['usagedate', 'billingmonth', 'currency', 'tagkey', 'tagvalue'];
