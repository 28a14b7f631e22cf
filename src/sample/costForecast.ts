import { type DayRange, dayOf, firstDay, lastDay, monthOf } from './calendar.ts';
import { costRefusal, InvalidDefinition, Members, timePeriod } from './costDefinition.ts';
import { type CostFilter, costFilter, NO_FILTER } from './costFilter.ts';
import {
  type Amount,
  amountColumn,
  type CostColumn,
  currencyColumn,
  dateColumns,
  readAggregations,
} from './costQuery.ts';
import type { CostScope } from './costScopes.ts';
import { type CostSum, sumCosts } from './costSums.ts';
import { daysOfTimeframe, TIMEFRAMES } from './costTimeframes.ts';
import type { Tenant } from './tenant.ts';

/** A forecast that was understood. */
export interface ForecastQuery {
  readonly days: DayRange;
  readonly granularity: 'Daily' | 'Monthly';
  readonly amounts: readonly Amount[];
  readonly filter: CostFilter;
  readonly includeActualCost: boolean;
  readonly includeFreshPartialCost: boolean;
}

interface ForecastRow extends CostSum {
  readonly status: 'Actual' | 'Forecast';
}

const TYPES = ['Usage', 'ActualCost', 'AmortizedCost'] as const;
const LONGEST_DAYS = 3653;
/** Days of usage that are looked at; with fewer than a week of them nothing is foreseen. */
const TRAINING_DAYS = 28;
const FEWEST_DAYS = 7;

/** Reads the body of a forecast (REST reference: Forecast - Usage). Throws a Refusal with the code of its rule. */
export function readForecast(body: string, scope: CostScope, version: string, now: Date): ForecastQuery {
  try {
    return readDefinition(body, scope, version, now);
  } catch (error) {
    if (error instanceof InvalidDefinition) throw costRefusal(400, 'InvalidForecastRequestBody', error.rule);
    throw error;
  }
}

function readDefinition(body: string, scope: CostScope, version: string, now: Date): ForecastQuery {
  const refuse = (code: string, message: string) => costRefusal(400, code, message);
  if (body.trim() === '') throw refuse('EmptyForecastRequestBody', 'The body of the forecast is empty.');
  const invalid = (message: string) => new InvalidDefinition(message);
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw invalid('The body of the forecast is not valid JSON.');
  }
  const first = version === '2019-11-01';
  const definition = new Members(parsed, 'properties');
  if (definition.oneOf('type', TYPES) === undefined) throw invalid('type is required.');
  const timeframe = definition.oneOf('timeframe', first ? TIMEFRAMES : (['Custom'] as const));
  if (timeframe === undefined) throw invalid('timeframe is required.');
  const dataset = definition.child('dataset');
  if (!dataset) throw refuse('DontContainsDataSet', 'The forecast has no dataset.');
  if (dataset.list('grouping')?.length) throw invalid('dataset.grouping is not supported by the forecast.');
  const granularity = dataset.oneOf('granularity', ['Daily', 'Monthly'] as const) ?? 'Daily';
  const amounts = readAggregations(dataset).map(({ amount }) => amount);
  if (amounts.length === 0 && !first) throw invalid('dataset.aggregation is required.');
  if (amounts.includes('UsageQuantity')) throw invalid('dataset.aggregation must name a cost.');

  const includeActualCost = definition.boolean('includeActualCost') ?? true;
  const fresh = definition.boolean('includeFreshPartialCost');
  if (fresh && !includeActualCost) {
    throw refuse(
      'DontContainIncludeActualCostWhileIncludeFreshPartialCost',
      'includeFreshPartialCost is true and includeActualCost is not.',
    );
  }
  const days = timeframe === 'Custom' ? timePeriod(definition) : toMonthEnd(daysOfTimeframe(timeframe, now));
  if (!days) {
    throw refuse('DontContainsValidTimeRangeWhileContainsPeriod', 'timePeriod with from and to is required.');
  }
  if (days.to < dayOf(now)) throw refuse('CantForecastOnThePast', 'timePeriod.to must be in the future.');
  if (days.to - days.from > LONGEST_DAYS) throw invalid('timePeriod must not be longer than 10 years.');
  if (granularity === 'Monthly' && includeActualCost && days.from !== firstDay(monthOf(days.from))) {
    throw refuse(
      'DontContainsValidTimeRangeWhileMonthlyAndIncludeCost',
      'timePeriod.from must be the first day of a month for monthly rows with actual cost.',
    );
  }
  return {
    days,
    granularity,
    amounts: amounts.length > 0 ? amounts : ['PreTaxCost'],
    filter: dataset.has('filter') ? costFilter(dataset.get('filter'), scope, dataset.at('filter')) : NO_FILTER,
    includeActualCost,
    includeFreshPartialCost: includeActualCost && (fresh ?? true),
  };
}

/** Before `timeframe` was Custom only, a named period meant the rest of its month too. */
function toMonthEnd({ from, to }: DayRange): DayRange {
  return { from, to: lastDay(monthOf(to)) };
}

export function forecastColumns({ amounts, granularity }: ForecastQuery): CostColumn[] {
  return [
    ...amounts.map(amountColumn),
    ...dateColumns(granularity),
    {
      name: 'CostStatus',
      type: 'String',
      value: (row) => ('status' in row ? row.status : ''),
      compare: () => 0,
    },
    currencyColumn,
  ];
}

/**
 * Past days as they were, and each day from today on as the mean of the same weekday in the four weeks before, cut after
 * 20 decimals. Monthly rows are the sums of their days: the present month has an Actual row for the days that are over (only
 * with includeFreshPartialCost) and a Forecast row for the rest. Empty for a scope without any usage in those weeks. Throws
 * a Refusal (424) for several billing currencies when an amount in billing currency is asked for, and for too little
 * history.
 */
export function forecastRows(tenant: Tenant, scope: CostScope, query: ForecastQuery): ForecastRow[] {
  const inCurrency = query.amounts.some((amount) => amount === 'Cost' || amount === 'PreTaxCost');
  const { window } = tenant.ledger;
  const daily = (days: DayRange): Map<number, CostSum> => {
    const sums = sumCosts(tenant, scope, {
      days,
      granularity: 'Daily',
      keys: () => [],
      // A rounding row is no habit: it would be foreseen on the wrong days.
      includes: (facts, month) => (days !== training || facts.line !== undefined) && query.filter.test(facts, month),
      monthly: query.filter.monthly,
      byCurrency: inCurrency,
    });
    if (new Set(sums.map(({ currency }) => currency)).size > 1) {
      throw costRefusal(
        424,
        'FailedDependency',
        'The forecast is not possible over several currencies: filter one of them or aggregate CostUSD.',
      );
    }
    return new Map(sums.map((sum) => [sum.bucket, sum]));
  };
  const training: DayRange = { from: window.to - TRAINING_DAYS + 1, to: window.to };
  const past = daily({ from: Math.min(query.days.from, training.from), to: window.to });
  const known = daily(training);
  if (known.size === 0) return [];
  if (known.size < FEWEST_DAYS) {
    throw costRefusal(424, 'FailedDependency', 'The forecast is not possible: there are too few days with cost.');
  }
  const currency = [...known.values()][0]?.currency ?? 'USD';
  const rows: ForecastRow[] = [];
  for (let day = query.days.from; day <= query.days.to; day++) {
    const status = day <= window.to ? 'Actual' : 'Forecast';
    const sum = status === 'Actual' ? past.get(day) : foreseen(known, day, window.to);
    if (!sum || (status === 'Actual' && !query.includeActualCost)) continue;
    rows.push({ bucket: day, keys: [], currency, cost: sum.cost, usd: sum.usd, quantity: 0n, status });
  }
  return query.granularity === 'Daily' ? rows : monthly(rows, tenant.ledger.openMonth, query.includeFreshPartialCost);
}

/** The mean of the four days of the same weekday that were last known. */
function foreseen(known: ReadonlyMap<number, CostSum>, day: number, last: number): { cost: bigint; usd: bigint } {
  const weeks = BigInt(TRAINING_DAYS / 7);
  let cost = 0n;
  let usd = 0n;
  for (let at = last - ((((last - day) % 7) + 7) % 7); at > last - TRAINING_DAYS; at -= 7) {
    cost += known.get(at)?.cost ?? 0n;
    usd += known.get(at)?.usd ?? 0n;
  }
  return { cost: cost / weeks, usd: usd / weeks };
}

function monthly(days: readonly ForecastRow[], openMonth: number, includeFreshPartialCost: boolean): ForecastRow[] {
  const months = new Map<string, ForecastRow>();
  for (const row of days) {
    const month = monthOf(row.bucket);
    if (month === openMonth && row.status === 'Actual' && !includeFreshPartialCost) continue;
    const name = `${month}/${row.status}`;
    const sum = months.get(name);
    months.set(name, {
      ...row,
      bucket: month,
      cost: row.cost + (sum?.cost ?? 0n),
      usd: row.usd + (sum?.usd ?? 0n),
    });
  }
  return [...months.values()];
}
