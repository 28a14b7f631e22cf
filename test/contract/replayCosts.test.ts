import assert from 'node:assert/strict';
import { dismissAlert, getAlert, listAlerts } from '../../src/api/arm/alerts.ts';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { type CostQuery, queryCost } from '../../src/api/arm/costQuery.ts';
import type { CostPage } from '../../src/api/arm/costTable.ts';
import { listDimensions } from '../../src/api/arm/dimensions.ts';
import { type CostForecast, forecastCost } from '../../src/api/arm/forecast.ts';
import { parseCostScope } from '../../src/api/arm/scope.ts';
import type { PageWalk } from '../../src/api/http/paging.ts';
import { collect } from '../support/arm.ts';
import { describeReplay, type Parameters, parameter, type Replay, same } from '../support/replay.ts';

const scopeOf = (p: Parameters) => parseCostScope(parameter(p, 'scope'));

/** The example's body as our model spells it: the names of the newest version. */
function model(p: Parameters): unknown {
  const names = { dimension: 'dimensions', tag: 'tags', querySortingDirection: 'direction' };
  return JSON.parse(JSON.stringify(p.parameters), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value).map(([name, member]) => [names[name as keyof typeof names] ?? name, member]),
        )
      : value,
  );
}

/** Nothing of the answer is lost, and its columns and rows are the example's. */
const table =
  (call: (arm: ArmClient, p: Parameters) => PageWalk<CostPage>): Replay =>
  async (arm, { parameters, body }) => {
    const walk = call(arm, parameters);
    const page = await walk.nextPage();
    const { columns, rows, nextLink } = (body as { properties: Record<string, unknown> }).properties;
    assert.deepEqual(page?.value, { columns, rows, result: body });
    assert.equal(walk.more, typeof nextLink === 'string' && nextLink !== '');
  };

describeReplay(
  'replay of public example payloads: cost query, forecast, dimensions, alerts',
  ['query', 'forecast', 'dimensions', 'alerts'],
  {
    versions: (file) => (file.includes('-2023-11-01-') ? 'newest' : 'seed'),
    check(request, { parameters }) {
      assert.deepEqual(request.body === '' ? undefined : JSON.parse(request.body), parameters.parameters);
      const asked = new URL(request.target, 'http://localhost').searchParams;
      for (const name of ['$filter', '$expand', '$top']) {
        assert.equal(asked.get(name) ?? undefined, parameters[name]?.toString(), name);
      }
    },
    calls: {
      Query_Usage: table((arm, p) => queryCost(arm, scopeOf(p), model(p) as CostQuery)),
      Forecast_Usage: table((arm, p) => forecastCost(arm, scopeOf(p), model(p) as CostForecast)),
      Dimensions_List: same(async (arm, p) => {
        const category = /^properties\/category eq '(.*)'$/.exec(String(p.$filter))?.[1];
        const query = { category, values: p.$expand !== undefined, top: p.$top as number | undefined };
        // The first page only: its items link to the real service.
        return { value: (await listDimensions(arm, scopeOf(p), query).nextPage())?.value };
      }),
      Alerts_List: async (arm, { parameters, body }) => {
        const { value } = body as { value: unknown[] };
        assert.deepEqual(await collect(listAlerts(arm, scopeOf(parameters))), value);
      },
      Alerts_Get: same((arm, p) => getAlert(arm, scopeOf(p), parameter(p, 'alertId'))),
      Alerts_Dismiss: same((arm, p) => dismissAlert(arm, scopeOf(p), parameter(p, 'alertId'))),
    },
  },
);
