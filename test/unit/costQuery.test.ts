import assert from 'node:assert/strict';
import { allOf, anyOf, type CostFilter } from '../../src/api/arm/costFilter.ts';
import { type CostQuery, writeCostQuery } from '../../src/api/arm/costQuery.ts';
import { spellingOf } from '../../src/api/arm/costSpelling.ts';
import { BillingError } from '../../src/api/http/errors.ts';

const NEWEST = spellingOf('costQuery', 'newest');
const SEED = spellingOf('costQuery', 'seed');

const SUM = { total: { name: 'Cost', function: 'Sum' } } as const;

const query = (members: object = {}, dataset: object = {}) =>
  ({ type: 'ActualCost', timeframe: 'MonthToDate', dataset, ...members }) as CostQuery;

const place: CostFilter = { dimensions: { name: 'ResourceLocation', operator: 'In', values: ['EU West', 'US East'] } };
const team: CostFilter = { tags: { name: 'team', operator: 'In', values: [''] } };

describe('cost query body', () => {
  const whole = query(
    { timeframe: 'Custom', timePeriod: { from: '2026-09-01', to: '2026-09-30' } },
    {
      granularity: 'Daily',
      aggregation: { ...SUM, usd: { name: 'CostUSD', function: 'Sum' } },
      grouping: [
        { type: 'Dimension', name: 'ServiceName' },
        { type: 'TagKey', name: 'team' },
      ],
      filter: { and: [{ or: [place, team] }, { not: place }] },
      sorting: [{ direction: 'Descending', name: 'total' }],
    },
  );

  it('is spelled as the newest version is', () => {
    assert.deepEqual(writeCostQuery(whole, NEWEST), {
      ...whole,
      timePeriod: { from: '2026-09-01T00:00:00+00:00', to: '2026-09-30T23:59:59+00:00' },
    });
  });

  it('is spelled as the first version is', () => {
    const dimension = { name: 'ResourceLocation', operator: 'In', values: ['EU West', 'US East'] };
    const tag = { name: 'team', operator: 'In', values: [''] };
    const { dataset } = writeCostQuery(whole, SEED) as { dataset: Record<string, unknown> };
    assert.deepEqual(dataset.filter, { and: [{ or: [{ dimension }, { tag }] }, { not: { dimension } }] });
    assert.deepEqual(dataset.grouping, [
      { type: 'Dimension', name: 'ServiceName' },
      { type: 'Tag', name: 'team' },
    ]);
    assert.deepEqual(dataset.sorting, [{ querySortingDirection: 'Descending', name: 'total' }]);
  });

  it('asks for plain rows by their columns', () => {
    const rows = query({}, { configuration: { columns: ['UsageDate', 'MeterId'] } });
    assert.deepEqual(writeCostQuery(rows, NEWEST), rows);
  });

  it('takes date-times as they are', () => {
    const timePeriod = { from: '2026-09-01T00:00:00Z', to: '2026-09-01T12:00:00.5+02:00' };
    assert.deepEqual(
      (writeCostQuery(query({ timeframe: 'Custom', timePeriod }), NEWEST) as CostQuery).timePeriod,
      timePeriod,
    );
  });

  it('takes 37 months to the day', () => {
    const timePeriod = { from: '2023-10-01', to: '2026-10-31' };
    assert.doesNotThrow(() => writeCostQuery(query({ timeframe: 'Custom', timePeriod }), NEWEST));
  });

  it('does not change what it was given', () => {
    const before = structuredClone(whole);
    writeCostQuery(whole, SEED);
    assert.deepEqual(whole, before);
  });

  const custom = (from: string, to: string) => query({ timeframe: 'Custom', timePeriod: { from, to } });
  const group = (...names: string[]) => names.map((name) => ({ type: 'Dimension', name }));
  const refusals: [string, CostQuery, RegExp][] = [
    ['an unknown type', query({ type: 'Cost' }), /^type: /],
    ['no timeframe', query({ timeframe: undefined }), /^timeframe: is missing/],
    ['no dataset', query({ dataset: undefined }), /^dataset: is missing/],
    ['a misspelled member', query({}, { agregation: SUM }), /^dataset\.agregation: /],
    ['Custom without a period', query({ timeframe: 'Custom' }), /^timePeriod: /],
    [
      'a period that would be ignored',
      { ...custom('2026-01-01', '2026-01-31'), timeframe: 'MonthToDate' },
      /^timePeriod: /,
    ],
    ['a period that ends before it begins', custom('2026-02-01', '2026-01-01'), /^timePeriod: /],
    ['a day that does not exist', custom('2026-02-29', '2026-03-01'), /^timePeriod\.from: /],
    ['a date-time without an offset', custom('2026-02-01', '2026-02-03T00:00:00'), /^timePeriod\.to: /],
    ['more than 37 months', custom('2023-10-01', '2026-11-01'), /^timePeriod: /],
    [
      'three aggregations',
      query({}, { aggregation: { a: SUM.total, b: { ...SUM.total, name: 'CostUSD' }, c: SUM.total } }),
      /^dataset\.aggregation: /,
    ],
    [
      'another function',
      query({}, { aggregation: { a: { name: 'Cost', function: 'Avg' } } }),
      /^dataset\.aggregation\.a\.function: /,
    ],
    ['three groupings', query({}, { grouping: group('A', 'B', 'C') }), /^dataset\.grouping: /],
    ['the same grouping twice', query({}, { grouping: group('Meter', 'meter') }), /^dataset\.grouping: /],
    [
      'a grouping by what is summed',
      query({}, { aggregation: SUM, grouping: group('cost') }),
      /^dataset\.grouping: 'cost'/,
    ],
    ['a grouping without a name', query({}, { grouping: group(' ') }), /^dataset\.grouping\.0\.name: is empty/],
    [
      'columns beside an aggregation',
      query({}, { aggregation: SUM, configuration: { columns: ['A'] } }),
      /^dataset\.configuration: /,
    ],
    ['no columns', query({}, { configuration: { columns: [] } }), /^dataset\.configuration\.columns: /],
    [
      'sorting by a column that is not there',
      query({}, { aggregation: SUM, sorting: [{ direction: 'Ascending', name: 'Meter' }] }),
      /^dataset\.sorting: 'Meter'/,
    ],
    ['and with one condition', query({}, { filter: { and: [place] } }), /^dataset\.filter\.and: /],
    ['or with one condition', query({}, { filter: { not: { or: [place] } } }), /^dataset\.filter\.not\.or: /],
    ['not with a list', query({}, { filter: { not: [place] } }), /^dataset\.filter\.not: /],
    ['two conditions side by side', query({}, { filter: { ...place, ...team } }), /^dataset\.filter: /],
    ['an empty filter', query({}, { filter: {} }), /^dataset\.filter: /],
    ['a filter of the first version', query({}, { filter: { dimension: {} } }), /^dataset\.filter: /],
    [
      'a condition without values',
      query({}, { filter: { and: [place, { tags: { name: 'a', operator: 'In', values: [] } }] } }),
      /^dataset\.filter\.and\.1\.tags\.values: /,
    ],
  ];
  for (const [title, input, message] of refusals) {
    it(`refuses ${title}`, () => {
      assert.throws(
        () => writeCostQuery(input, NEWEST),
        (error: unknown) =>
          error instanceof BillingError && error.kind === 'argument' && !!error.advice && message.test(error.message),
      );
    });
  }
});

describe('cost filters', () => {
  it('need no wrapper around none or one', () => {
    assert.equal(allOf([]), undefined);
    assert.equal(anyOf([place]), place);
    assert.deepEqual(allOf([place, team]), { and: [place, team] });
    assert.deepEqual(anyOf([place, team]), { or: [place, team] });
  });
});
