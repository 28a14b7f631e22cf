import assert from 'node:assert/strict';
import { type Dimension, dimensionFilter, mergeDimensions } from '../../src/api/arm/dimensions.ts';

const item = (properties: object) => ({ properties }) as Dimension;

describe('dimensions', () => {
  it('tell what can be grouped and filtered', () => {
    const merged = mergeDimensions([
      item({ category: 'Meter', description: 'Meter', groupingEnabled: true, filterEnabled: true, data: ['a', 'b'] }),
      item({ category: 'ResourceId', description: null, groupingEnabled: false, filterEnabled: true }),
      item({ category: 'meter', groupingEnabled: true, filterEnabled: true, data: ['b', null, 'c'] }),
      item({ category: 'Unknown' }),
      item({ category: null, groupingEnabled: true }),
    ]);
    assert.deepEqual(merged, [
      { category: 'Meter', description: 'Meter', canGroup: true, canFilter: true, values: ['a', 'b', 'c'] },
      { category: 'ResourceId', description: 'ResourceId', canGroup: false, canFilter: true, values: [] },
      { category: 'Unknown', description: 'Unknown', canGroup: false, canFilter: false, values: [] },
    ]);
  });

  it('are selected by category and days', () => {
    assert.equal(dimensionFilter({}), undefined);
    assert.equal(dimensionFilter({ category: "it's" }), "properties/category eq 'it''s'");
    assert.equal(
      dimensionFilter({ category: 'Meter', period: { from: '2026-09-01', to: '2026-09-30' } }),
      "properties/category eq 'Meter' and properties/usageStart ge '2026-09-01' and properties/usageEnd le '2026-09-30'",
    );
    assert.throws(
      () => dimensionFilter({ period: { from: '2026-09-31', to: '2026-10-01' } }),
      /^BillingError: period\.from: /,
    );
  });
});
