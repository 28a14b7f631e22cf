import assert from 'node:assert/strict';
import { spellingOf } from '../../src/api/arm/costSpelling.ts';
import { type CostForecast, writeForecast } from '../../src/api/arm/forecast.ts';
import type { VersionSet } from '../../src/api/arm/versions.ts';
import { BillingError } from '../../src/api/http/errors.ts';

const write = (forecast: object, versions: VersionSet = 'newest') =>
  writeForecast(forecast as CostForecast, spellingOf('forecast', versions), versions);

const FORECAST = {
  type: 'ActualCost',
  timeframe: 'Custom',
  timePeriod: { from: '2026-10-01', to: '2026-12-31' },
  dataset: { granularity: 'Daily', aggregation: { total: { name: 'Cost', function: 'Sum' } } },
};

describe('forecast body', () => {
  it('asks for whole days', () => {
    assert.deepEqual(write(FORECAST), {
      ...FORECAST,
      timePeriod: { from: '2026-10-01T00:00:00+00:00', to: '2026-12-31T23:59:59+00:00' },
    });
  });

  for (const versions of ['newest', 'seed'] as const) {
    it(`has plural filters (${versions})`, () => {
      const filter = { tags: { name: 'team', operator: 'In', values: ['a'] } };
      const { dataset } = write({ ...FORECAST, dataset: { ...FORECAST.dataset, filter } }, versions) as CostForecast;
      assert.deepEqual(dataset.filter, filter);
    });
  }

  it('leaves out fresh partial cost with the actual cost, as the service demands', () => {
    const body = write({ ...FORECAST, includeActualCost: false }) as CostForecast;
    assert.deepEqual([body.includeActualCost, body.includeFreshPartialCost], [false, false]);
  });

  const refusals: [string, object, RegExp][] = [
    ['named timeframes', { ...FORECAST, timeframe: 'MonthToDate' }, /^timeframe: /],
    ['no period', { ...FORECAST, timePeriod: undefined }, /^timePeriod: /],
    ['more than ten years', { ...FORECAST, timePeriod: { from: '2026-01-01', to: '2036-01-02' } }, /^timePeriod: /],
    ['no aggregation', { ...FORECAST, dataset: {} }, /^dataset\.aggregation: /],
    [
      'quantities',
      { ...FORECAST, dataset: { aggregation: { q: { name: 'UsageQuantity', function: 'Sum' } } } },
      /^dataset\.aggregation: 'UsageQuantity'/,
    ],
    ['groupings', { ...FORECAST, dataset: { ...FORECAST.dataset, grouping: [] } }, /^dataset\.grouping: /],
    [
      'fresh partial cost without the actual cost',
      { ...FORECAST, includeActualCost: false, includeFreshPartialCost: true },
      /^includeFreshPartialCost: /,
    ],
  ];
  for (const [title, input, message] of refusals) {
    it(`refuses ${title}`, () => {
      assert.throws(
        () => write(input),
        (error: unknown) => error instanceof BillingError && error.kind === 'argument' && message.test(error.message),
      );
    });
  }

  it('takes what the first version knows', () => {
    assert.doesNotThrow(() => write({ type: 'Usage', timeframe: 'MonthToDate', dataset: {} }, 'seed'));
  });
});
