import type { Answer, SampleRequest } from '../answers.ts';
import { invalidQuery } from '../costDefinition.ts';
import { forecastColumns, forecastRows, readForecast } from '../costForecast.ts';
import { costPage } from '../costPages.ts';
import { type CostQuery, missingDataset, readCostQuery } from '../costQuery.ts';
import { costScope } from '../costScopes.ts';
import { type CostSum, sumCosts } from '../costSums.ts';
import type { Tenant } from '../tenant.ts';
import { COST_MANAGEMENT_VERSIONS, versionOf } from '../versions.ts';
import type { Route } from './table.ts';

const ROWS = 1000;
const MOST_ROWS = 5000;
const FORECAST_ROWS = 40;

/** REST reference: Query - Usage, and Forecast - Usage. */
export function costQueryRoutes(tenant: Tenant): Route[] {
  const { seed, now } = tenant.options;
  const query = (request: SampleRequest, [scopePath = '']: readonly string[]): Answer => {
    const version = versionOf(request, COST_MANAGEMENT_VERSIONS, 'query');
    const scope = costScope(tenant, scopePath);
    const asked = readCostQuery(request.body, scope, version, now);
    const rows = sumCosts(tenant, scope, {
      days: asked.days,
      granularity: asked.granularity,
      keys: (facts, month) => asked.groupings.flatMap((grouping) => grouping.values(facts, month)),
      includes: asked.filter.test,
      monthly: asked.filter.monthly || asked.groupings.some((grouping) => grouping.monthly),
      byCurrency: asked.byCurrency,
    });
    const size = rowLimit(request);
    return costPage(request, scope, sorted(rows, asked.sorting), asked.columns, {
      size,
      seed,
      first: version === '2019-10-01',
    });
  };

  const forecast = (request: SampleRequest, [scopePath = '']: readonly string[]): Answer => {
    const version = versionOf(request, COST_MANAGEMENT_VERSIONS.slice(1), 'forecast');
    const scope = costScope(tenant, scopePath);
    const asked = readForecast(request.body, scope, version, now);
    return costPage(request, scope, forecastRows(tenant, scope, asked), forecastColumns(asked), {
      size: FORECAST_ROWS,
      seed,
      first: false,
    });
  };

  // What a client gets that follows a nextLink without sending the query again.
  const withoutBody = (): Answer => {
    throw missingDataset();
  };
  return [
    {
      name: 'costQuery',
      path: '**/providers/microsoft.costmanagement/query',
      methods: { POST: query, GET: withoutBody },
    },
    { name: 'forecast', path: '**/providers/microsoft.costmanagement/forecast', methods: { POST: forecast } },
  ];
}

/** Equal rows keep the order of time, keys and currency. */
function sorted(rows: CostSum[], sorting: CostQuery['sorting']): CostSum[] {
  if (sorting.length === 0) return rows;
  return rows.toSorted((a, b) => {
    for (const { column, descending } of sorting) {
      const order = column.compare(a, b);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
}

function rowLimit(request: SampleRequest): number {
  const text = request.parameters.get('$top');
  if (text === undefined) return ROWS;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= MOST_ROWS) return value;
  throw invalidQuery(`the value '${text}' of $top must be a whole number from 1 to ${MOST_ROWS}.`);
}
