import assert from 'node:assert/strict';
import { BillingError } from '../../src/api/http/errors.ts';
import { periodLabel, periodState, recentMonths, resolvePeriod } from '../../src/usage/period.ts';

const NOW = new Date('2026-03-01T00:30:00Z');

describe('resolvePeriod', () => {
  it('counts names from today, in UTC', () => {
    assert.deepEqual(resolvePeriod('MonthToDate', NOW), { from: '2026-03-01', to: '2026-03-01' });
    assert.deepEqual(resolvePeriod('TheLastMonth', NOW), { from: '2026-02-01', to: '2026-02-28' });
    assert.deepEqual(resolvePeriod('TheLast7Days', NOW), { from: '2026-02-23', to: '2026-03-01' });
    assert.deepEqual(resolvePeriod('YearToDate', NOW), { from: '2026-01-01', to: '2026-03-01' });
    assert.deepEqual(resolvePeriod('TheLastMonth', new Date('2026-01-31T23:59:00Z')), {
      from: '2025-12-01',
      to: '2025-12-31',
    });
  });

  it('knows the length of months', () => {
    assert.deepEqual(resolvePeriod('2028-02', NOW), { from: '2028-02-01', to: '2028-02-29' });
    assert.deepEqual(resolvePeriod({ from: '2026-01-05', to: '2026-01-05' }, NOW), {
      from: '2026-01-05',
      to: '2026-01-05',
    });
  });

  for (const [input, field] of [
    ['2026-13', /^period: '2026-13' is not a period/],
    ['yesterday', /^period: 'yesterday'/],
    [{ from: '2026-02-30', to: '2026-03-01' }, /^period\.from: '2026-02-30' is not a day/],
    [{ from: '2026-02-01', to: '01-03-2026' }, /^period\.to: '01-03-2026'/],
    [{ from: '2026-03-02', to: '2026-03-01' }, /^period: 'from' \(2026-03-02\) is after 'to'/],
    [{ from: '2026-03-02' } as { from: string; to: string }, /^period\.to: 'undefined'/],
  ] as const) {
    it(`refuses ${JSON.stringify(input)} with a sentence that names the field`, () => {
      assert.throws(
        () => resolvePeriod(input, NOW),
        (error: unknown) =>
          error instanceof BillingError &&
          error.kind === 'argument' &&
          field.test(error.message) &&
          error.advice !== undefined,
      );
    });
  }
});

describe('periodState', () => {
  const state = (to: string, now: string) => periodState({ from: '2026-01-01', to }, new Date(now));

  it('tells open, settling and closed apart', () => {
    assert.equal(state('2026-03-01', '2026-03-01T00:00:00Z'), 'open');
    assert.equal(state('2026-02-28', '2026-03-05T23:59:59Z'), 'settling');
    assert.equal(state('2026-02-28', '2026-03-06T00:00:00Z'), 'closed');
    assert.equal(state('2026-01-31', '2026-03-01T00:00:00Z'), 'closed');
  });
});

describe('labels', () => {
  it('name whole months as such', () => {
    assert.equal(periodLabel({ from: '2026-02-01', to: '2026-02-28' }), '2026-02');
    assert.equal(periodLabel({ from: '2026-02-01', to: '2026-02-27' }), '2026-02-01 to 2026-02-27');
    assert.equal(periodLabel({ from: '2026-02-03', to: '2026-02-03' }), '2026-02-03');
  });

  it('list months newest first over the turn of the year', () => {
    assert.deepEqual(recentMonths(new Date('2026-01-31T12:00:00Z'), 3), ['2026-01', '2025-12', '2025-11']);
  });
});
