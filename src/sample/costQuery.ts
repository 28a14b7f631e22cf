import { type DayRange, day, firstDay, isoDay, monthOf } from './calendar.ts';
import { costRefusal, invalidQuery, Members, timePeriod } from './costDefinition.ts';
import { type CostDimension, dimensionNamed, spellingOf, tagOf } from './costDimensions.ts';
import type { CostFacts } from './costFacts.ts';
import { type CostFilter, costFilter, NO_FILTER } from './costFilter.ts';
import type { CostScope } from './costScopes.ts';
import type { CostSum, Granularity } from './costSums.ts';
import { daysOfTimeframe, TIMEFRAMES } from './costTimeframes.ts';
import { COST_SCALE, exactNumber, QUANTITY_SCALE } from './decimal.ts';

/** A column of the answer, and the value it takes from a group. */
export interface CostColumn {
  readonly name: string;
  readonly type: 'Number' | 'String' | 'Datetime';
  readonly value: (sum: CostSum) => unknown;
  readonly compare: (a: CostSum, b: CostSum) => number;
}

/** What a group's rows share: a dimension is one column, a tag two. */
interface Grouping {
  readonly names: readonly string[];
  readonly values: (facts: CostFacts, month: number) => ReadonlyArray<string | null>;
  readonly monthly: boolean;
}

/** A cost query that was understood. */
export interface CostQuery {
  readonly days: DayRange;
  readonly granularity: Granularity;
  readonly filter: CostFilter;
  readonly groupings: readonly Grouping[];
  readonly columns: readonly CostColumn[];
  readonly byCurrency: boolean;
  /** Columns to sort by, first one first. */
  readonly sorting: ReadonlyArray<{ readonly column: CostColumn; readonly descending: boolean }>;
}

const TYPES = ['Usage', 'ActualCost', 'AmortizedCost'] as const;
const EARLIEST = day('2014-05-01');
const MOST_MONTHS = 37;
const MOST_AGGREGATIONS = 2;
const MOST_GROUPINGS = 2;

const COSTS = ['Cost', 'PreTaxCost'] as const;
const COSTS_IN_USD = ['CostUSD', 'PreTaxCostUSD'] as const;
const AMOUNTS = [...COSTS, ...COSTS_IN_USD, 'UsageQuantity'] as const;
export type Amount = (typeof AMOUNTS)[number];

/**
 * Reads the body of a cost query (REST reference: Query - Usage). Throws a Refusal that names the member for everything
 * that the operation does not take.
 */
export function readCostQuery(body: string, scope: CostScope, version: string, now: Date): CostQuery {
  const definition = new Members(parsedBody(body), 'properties');
  const type = definition.oneOf('type', version === '2019-10-01' ? TYPES.slice(0, 1) : TYPES);
  if (type === undefined) throw invalidQuery('type is required.');
  const timeframe = definition.oneOf('timeframe', TIMEFRAMES);
  if (timeframe === undefined) throw invalidQuery('timeframe is required.');
  const dataset = definition.child('dataset');
  if (!dataset) throw missingDataset();
  const days = (timeframe === 'Custom' ? timePeriod(definition) : undefined) ?? daysOfTimeframe(timeframe, now);
  checkRange(days);
  const granularity = dataset.oneOf('granularity', ['None', 'Daily', 'Monthly'] as const) ?? 'None';
  const filter = dataset.has('filter') ? costFilter(dataset.get('filter'), scope, dataset.at('filter')) : NO_FILTER;

  const aggregations = readAggregations(dataset);
  const groupings = readGroupings(dataset, scope, version);
  const raw = aggregations.length === 0 && groupings.length === 0 ? rawColumns(dataset, scope) : undefined;
  const amounts = raw?.amounts ?? aggregations.map(({ amount }) => amount);
  const shown = raw?.groupings ?? groupings;
  const byCurrency = amounts.length === 0 || amounts.some((a) => a !== 'CostUSD' && a !== 'PreTaxCostUSD');
  const columns = [
    ...amounts.map(amountColumn),
    ...dateColumns(granularity),
    ...shown.flatMap((g) => g.names).map(keyColumn),
    currencyColumn,
  ];
  return {
    days,
    granularity,
    filter,
    groupings: shown,
    columns,
    byCurrency,
    sorting: readSorting(dataset, columns, new Map(aggregations.map(({ alias, amount }) => [alias, amount]))),
  };
}

/** The body as JSON; an empty one and one that is no JSON are told as a query without dataset. */
function parsedBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw missingDataset();
  }
}

export function missingDataset() {
  return costRefusal(400, 'BadRequest', 'Invalid query definition, Dataset is invalid or not supplied.');
}

function checkRange({ from, to }: DayRange): void {
  if (from < EARLIEST) {
    throw invalidQuery(`timePeriod.from ${isoDay(from)} is before ${isoDay(EARLIEST)}, the first day with data.`);
  }
  const end = monthOf(from) + MOST_MONTHS;
  if (to >= firstDay(end) + (from - firstDay(monthOf(from)))) {
    throw invalidQuery(`timePeriod must not be longer than ${MOST_MONTHS} months.`);
  }
}

interface Aggregation {
  readonly alias: string;
  readonly amount: Amount;
}

/** At most two sums, each of another amount. */
export function readAggregations(dataset: Members): Aggregation[] {
  const map = dataset.get('aggregation');
  if (map === undefined) return [];
  const where = dataset.at('aggregation');
  if (typeof map !== 'object' || map === null || Array.isArray(map)) throw invalidQuery(`${where} must be an object.`);
  const result = Object.entries(map).map(([alias, value]) => {
    const entry = new Members(value, `${where}.${alias}`);
    entry.required('name');
    entry.required('function');
    entry.oneOf('function', ['Sum']);
    return { alias: alias.toLowerCase(), amount: entry.oneOf('name', AMOUNTS) ?? 'Cost' };
  });
  if (result.length > MOST_AGGREGATIONS) throw invalidQuery(`${where} must not have more than two entries.`);
  if (new Set(result.map(({ amount }) => amount)).size < result.length) {
    throw invalidQuery(`${where} names the same column twice.`);
  }
  return result;
}

function readGroupings(dataset: Members, scope: CostScope, version: string): Grouping[] {
  const list = dataset.list('grouping') ?? [];
  const where = dataset.at('grouping');
  if (list.length > MOST_GROUPINGS) throw invalidQuery(`${where} must not have more than two entries.`);
  const tagType = version < '2022-10-01' ? 'Tag' : 'TagKey';
  const seen = new Set<unknown>();
  return list.map((value, i) => {
    const entry = new Members(value, `${where}[${i}]`);
    entry.required('type');
    const type = entry.oneOf('type', ['Dimension', tagType] as const);
    const name = entry.required('name');
    const dimension = type === 'Dimension' ? groupingDimension(entry, name, scope) : undefined;
    const identity = dimension ?? `tag ${name.toLowerCase()}`;
    if (seen.has(identity)) throw invalidQuery(`${where} names '${name}' twice.`);
    seen.add(identity);
    return dimension ? dimensionGrouping(dimension, name) : tagGrouping(name);
  });
}

function groupingDimension(entry: Members, name: string, scope: CostScope): CostDimension {
  if (AMOUNTS.some((amount) => amount.toLowerCase() === name.toLowerCase())) {
    throw invalidQuery(`${entry.at('name')} '${name}' is a column of aggregation.`);
  }
  const dimension = dimensionNamed(scope.kind, name);
  if (dimension?.groupingScopes.has(scope.kind)) return dimension;
  throw invalidQuery(`${entry.at('name')} '${name}' is not a valid dimension to group by for this scope.`);
}

function dimensionGrouping(dimension: CostDimension, name: string): Grouping {
  return {
    names: [spellingOf(dimension, name)],
    values: (facts, month) => [dimension.value(facts, month)],
    monthly: dimension.monthly,
  };
}

function tagGrouping(name: string): Grouping {
  return {
    names: ['TagKey', 'TagValue'],
    values: (facts) => [name, tagOf(facts, name) ?? null],
    monthly: false,
  };
}

/** Without aggregation and grouping: the columns asked for, or those that the service chooses. */
function rawColumns(dataset: Members, scope: CostScope): { amounts: Amount[]; groupings: Grouping[] } {
  const configuration = dataset.child('configuration');
  const names = configuration?.list('columns') ?? ['PreTaxCost', 'ResourceGroup'];
  const amounts: Amount[] = [];
  const groupings: Grouping[] = [];
  const used = new Set<unknown>();
  for (const name of names) {
    const where = 'dataset.configuration.columns';
    if (typeof name !== 'string') throw invalidQuery(`${where} must be a list of texts.`);
    // These come by themselves.
    if (['usagedate', 'currency'].includes(name.toLowerCase())) continue;
    const amount = AMOUNTS.find((a) => a.toLowerCase() === name.toLowerCase());
    const dimension = amount ? undefined : dimensionNamed(scope.kind, name);
    if (!amount && !dimension) throw invalidQuery(`${where} '${name}' is not valid for this scope.`);
    const identity = amount ?? dimension;
    if (used.has(identity)) throw invalidQuery(`${where} names '${name}' twice.`);
    used.add(identity);
    if (amount) amounts.push(amount);
    if (dimension) groupings.push(dimensionGrouping(dimension, name));
  }
  return { amounts, groupings };
}

const compareNumbers = (a: bigint | number, b: bigint | number): number => (a < b ? -1 : a > b ? 1 : 0);
const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Sums of an amount. Amounts carry all their decimals. */
export function amountColumn(amount: Amount): CostColumn {
  const units = (sum: CostSum): bigint =>
    amount === 'UsageQuantity' ? sum.quantity : amount === 'Cost' || amount === 'PreTaxCost' ? sum.cost : sum.usd;
  const scale = amount === 'UsageQuantity' ? QUANTITY_SCALE : COST_SCALE;
  return {
    name: amount,
    type: 'Number',
    value: (sum) => exactNumber(units(sum), scale),
    compare: (a, b) => compareNumbers(units(a), units(b)),
  };
}

/** UsageDate is the number YYYYMMDD; BillingMonth is text. */
export function dateColumns(granularity: Granularity): CostColumn[] {
  const compare = (a: CostSum, b: CostSum): number => a.bucket - b.bucket;
  if (granularity === 'Daily') {
    const value = ({ bucket }: CostSum): number => Number(isoDay(bucket).replaceAll('-', ''));
    return [{ name: 'UsageDate', type: 'Number', value, compare }];
  }
  if (granularity === 'None') return [];
  const value = ({ bucket }: CostSum): string => `${isoDay(firstDay(bucket))}T00:00:00`;
  return [{ name: 'BillingMonth', type: 'Datetime', value, compare }];
}

function keyColumn(name: string, position: number): CostColumn {
  const key = ({ keys }: CostSum): string | null => keys[position] ?? null;
  return { name, type: 'String', value: key, compare: (a, b) => compareTexts(key(a) ?? '', key(b) ?? '') };
}

export const currencyColumn: CostColumn = {
  name: 'Currency',
  type: 'String',
  value: ({ currency }) => currency,
  compare: (a, b) => compareTexts(a.currency, b.currency),
};

/** Names are columns of the answer or aliases of the aggregation; the direction has another member name in old versions. */
function readSorting(
  dataset: Members,
  columns: readonly CostColumn[],
  aliases: ReadonlyMap<string, Amount>,
): CostQuery['sorting'] {
  return (dataset.list('sorting') ?? []).map((value, i) => {
    const entry = new Members(value, `${dataset.at('sorting')}[${i}]`);
    const name = entry.required('name');
    const member = entry.has('direction') ? 'direction' : 'querySortingDirection';
    const direction = entry.oneOf(member, ['Ascending', 'Descending'] as const) ?? 'Ascending';
    const wanted = (aliases.get(name.toLowerCase()) ?? name).toLowerCase();
    const column = columns.find((c) => c.name.toLowerCase() === wanted);
    if (!column) throw invalidQuery(`${entry.at('name')} '${name}' is neither aggregated nor grouped by.`);
    return { column, descending: direction === 'Descending' };
  });
}
