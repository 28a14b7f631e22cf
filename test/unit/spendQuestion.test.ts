import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  addDays,
  comparedPeriods,
  dayCount,
  periodWords,
  spendGranularity,
  spendPeriod,
  stepsOf,
} from '../../src/spend/spendPeriod.ts';
import { spendParts } from '../../src/spend/spendPlan.ts';
import { checkSpendQuestion, spendIdentity } from '../../src/spend/spendQuestion.ts';

const NOW = new Date('2026-11-21T09:00:00Z');
const SCOPE = '/subscriptions/2f6a1c5e-0000-4000-8000-000000000001';
const PARTNER = '/partnerCenter/customers/2f6a1c5e-0000-4000-8000-000000000002';
const PRICED = { scope: SCOPE, currency: 'pricing' };

describe('a question about spend', () => {
  it('needs a scope only', () => {
    assert.deepEqual(checkSpendQuestion({ scope: `${SCOPE}/`, code: undefined }, NOW), {
      scope: SCOPE,
      period: 'MonthToDate',
      granularity: 'auto',
      groupBy: 'ServiceName',
      filters: [],
      metric: 'actual',
      currency: 'billing',
      top: 10,
      view: 'columns',
    });
    assert.equal(checkSpendQuestion({ scope: PARTNER }, NOW).groupBy, 'Subscription');
  });

  it('is the same in any order of its members', () => {
    const one = checkSpendQuestion({ scope: SCOPE, top: 3, view: 'table' }, NOW);
    const other = checkSpendQuestion({ view: 'table', top: 3, scope: SCOPE }, NOW);
    assert.equal(spendIdentity(one), spendIdentity(other));
    assert.notEqual(spendIdentity(one), spendIdentity({ ...one, top: 4 }));
  });

  const wrong: [string, unknown, RegExp][] = [
    ['no object', 'MonthToDate', /^question: /],
    ['no scope', { period: '2026-10' }, /^scope: is missing/],
    ['another scope', { scope: '/tenants/a' }, /^scope: /],
    ['a folder that leads upwards', { scope: '/partnerCenter/customers/..' }, /^scope: /],
    ['an unknown member', { scope: SCOPE, filter: [] }, /^filter: is not known/],
    ['a period of nowhere', { scope: SCOPE, period: 'LastWeek' }, /^period: 'LastWeek'/],
    ['a period to come', { scope: SCOPE, period: '2027-01' }, /^period: begins on 2027-01-01/],
    ['38 months', { scope: SCOPE, period: { from: '2023-10-01', to: '2026-11-21' } }, /^period: is longer than the 37/],
    ['half a day', { scope: SCOPE, period: { from: '2026-10-1', to: '2026-10-31' } }, /^period/],
    ['a filter without values', { scope: SCOPE, filters: [{ by: 'Meter', values: [] }] }, /^filters\.0\.values: /],
    ['a misspelled filter', { scope: SCOPE, filters: [{ by: 'Meter', values: ['a'], no: true }] }, /^filters\.0\.no: /],
    ['a filter by nothing', { scope: SCOPE, filters: [{ by: 'tag:', values: ['a'] }] }, /^filters\.0\.by: /],
    ['a tag without a key', { scope: SCOPE, groupBy: 'tag: ' }, /^groupBy: /],
    ['no groups', { scope: SCOPE, top: 0 }, /^top: /],
    ['a view of nothing', { scope: SCOPE, view: 'pie' }, /^view: /],
    ['a group that usage rows do not tell', { ...PRICED, groupBy: 'ResourceGuid' }, /^groupBy: usage rows/],
    ['such a filter', { ...PRICED, filters: [{ by: 'Nothing', values: ['a'] }] }, /^filters\.0\.by: usage rows/],
    ['the pricing currency of Partner Center', { scope: PARTNER, currency: 'pricing' }, /^currency: /],
    ['days of Partner Center', { scope: PARTNER, period: '2026-10' }, /^period: /],
    ['services of Partner Center', { scope: PARTNER, groupBy: 'ServiceName' }, /^groupBy: /],
    ['a comparison of Partner Center', { scope: PARTNER, compareWith: 'previous' }, /^compareWith: /],
  ];
  for (const [title, given, message] of wrong) {
    it(`with ${title} is refused with the name of the field`, () => {
      assert.throws(() => checkSpendQuestion(given, NOW), { name: 'BillingError', kind: 'argument', message });
    });
  }
});

describe('a period of spend', () => {
  const days = (period: string) => {
    const { from, to } = spendPeriod({ period }, NOW);
    return `${from} ${to}`;
  };

  it('has names that count from today, UTC', () => {
    assert.equal(days('MonthToDate'), '2026-11-01 2026-11-21');
    assert.equal(days('TheLast3Months'), '2026-09-01 2026-11-21');
    assert.equal(days('TheLast12Months'), '2025-12-01 2026-11-21');
    assert.equal(days('2026-11'), '2026-11-01 2026-11-30');
  });

  it('is by day up to a quarter, by month beyond, and as somebody wants it in any case', () => {
    const granularity = (period: string, wanted: 'auto' | 'daily' = 'auto') =>
      spendGranularity(
        { ...checkSpendQuestion({ scope: SCOPE, period }, NOW), granularity: wanted },
        spendPeriod({ period }, NOW),
      );
    assert.deepEqual(
      ['MonthToDate', 'TheLast3Months', 'TheLast6Months'].map((period) => granularity(period)),
      ['daily', 'daily', 'monthly'],
    );
    assert.equal(granularity('TheLast12Months', 'daily'), 'daily');
  });

  const compared: [string, string, 'previous' | 'lastYear', string][] = [
    ['2026-11-01', '2026-11-21', 'previous', '2026-11-01–2026-11-20 with 2026-10-01–2026-10-20'],
    ['2026-11-01', '2026-11-30', 'previous', '2026-11-01–2026-11-20 with 2026-10-01–2026-10-20'],
    ['2026-10-01', '2026-10-31', 'previous', '2026-10-01–2026-10-31 with 2026-09-01–2026-09-30'],
    ['2026-02-01', '2026-02-28', 'previous', '2026-02-01–2026-02-28 with 2026-01-01–2026-01-31'],
    ['2026-03-01', '2026-03-30', 'previous', '2026-03-01–2026-03-28 with 2026-02-01–2026-02-28'],
    ['2026-09-01', '2026-11-21', 'previous', '2026-09-01–2026-11-20 with 2026-06-01–2026-08-20'],
    ['2026-11-15', '2026-11-21', 'previous', '2026-11-15–2026-11-20 with 2026-11-08–2026-11-13'],
    ['2026-11-14', '2026-11-20', 'previous', '2026-11-14–2026-11-20 with 2026-11-07–2026-11-13'],
    ['2026-11-01', '2026-11-21', 'lastYear', '2026-11-01–2026-11-20 with 2025-11-01–2025-11-20'],
    ['2024-02-01', '2024-02-29', 'lastYear', '2024-02-01–2024-02-29 with 2023-02-01–2023-02-28'],
    ['2025-02-01', '2025-02-28', 'lastYear', '2025-02-01–2025-02-28 with 2024-02-01–2024-02-29'],
  ];
  for (const [from, to, how, days] of compared) {
    it(`${from} to ${to} is compared ${days} (${how})`, () => {
      const periods = comparedPeriods({ from, to }, how, NOW);
      assert.ok(periods);
      const { now, before } = periods;
      assert.equal(`${now.from}–${now.to} with ${before.from}–${before.to}`, days);
    });
  }

  it('that has begun today is compared with nothing', () => {
    assert.equal(comparedPeriods({ from: '2026-11-21', to: '2026-11-21' }, 'previous', NOW), undefined);
    const first = new Date('2026-11-01T23:00:00Z');
    assert.equal(comparedPeriods({ from: '2026-11-01', to: '2026-11-30' }, 'previous', first), undefined);
  });

  it('is compared by equal days, none of them today, unless months are whole', () => {
    const day = fc.integer({ min: 0, max: 900 }).map((days) => addDays('2024-06-01', days));
    fc.assert(
      fc.property(
        day,
        fc.integer({ min: 1, max: 31 }),
        fc.constantFrom('previous' as const, 'lastYear' as const),
        (from, length, how) => {
          const today = '2026-11-21';
          const to = addDays(from, length - 1);
          const found = comparedPeriods({ from, to }, how, NOW);
          if (found === undefined) {
            assert.ok(from >= today);
            return;
          }
          assert.ok(found.now.from === from && found.now.to <= to && found.now.to < today && found.before.to < from);
          const isWhole = addDays(found.now.to, 1).endsWith('-01') && from.endsWith('-01');
          // A leap day in between has none opposite.
          const sameDates = [found.now, found.before].map(({ from: one, to: other }) => one.slice(8) + other.slice(8));
          assert.ok(isWhole || dayCount(found.now) === dayCount(found.before) || sameDates[0] === sameDates[1]);
        },
      ),
    );
  });

  it('has steps without holes; months at its ends are cut', () => {
    assert.deepEqual(
      stepsOf({ from: '2024-02-28', to: '2024-03-01' }, 'daily').map(({ from }) => from),
      ['2024-02-28', '2024-02-29', '2024-03-01'],
    );
    assert.deepEqual(stepsOf({ from: '2026-09-10', to: '2026-10-31' }, 'monthly'), [
      { from: '2026-09-10', to: '2026-09-30' },
      { from: '2026-10-01', to: '2026-10-31' },
    ]);
  });

  it('is told in words', () => {
    assert.equal(periodWords({ from: '2026-10-01', to: '2026-10-31' }), 'October 2026');
    assert.match(periodWords({ from: '2026-10-01', to: '2026-10-20' }), /^1\s–\s20 October 2026$/);
    assert.equal(periodWords({ from: '2026-10-03', to: '2026-10-03' }), '3 October 2026');
  });
});

describe('the requests of a period', () => {
  const parts = (from: string, to: string, granularity: 'daily' | 'monthly', kept: string[] = []) =>
    spendParts({ from, to }, granularity, NOW, (kind, month) => kept.includes(`${kind} ${month}`)).map(
      ({ granularity: by, period }) => `${by} ${period.from} ${period.to}`,
    );

  it('are one for each month by day, the newest first', () => {
    assert.deepEqual(parts('2026-10-20', '2026-11-21', 'daily'), [
      'daily 2026-11-01 2026-11-30',
      'daily 2026-10-01 2026-10-31',
    ]);
  });

  it('are one for twelve months by month; parts of a month are asked for by day', () => {
    assert.deepEqual(parts('2025-10-15', '2026-11-21', 'monthly'), [
      'monthly 2025-12-01 2026-11-30',
      'monthly 2025-11-01 2025-11-30',
      'daily 2025-10-01 2025-10-31',
    ]);
  });

  it('leave out what is kept; days are as good as their sum, and not the other way round', () => {
    const kept = ['monthly 2026-08', 'daily 2026-09'];
    assert.deepEqual(parts('2026-07-01', '2026-10-31', 'monthly', kept), [
      'monthly 2026-10-01 2026-10-31',
      'monthly 2026-07-01 2026-07-31',
    ]);
    assert.deepEqual(parts('2026-08-01', '2026-09-30', 'daily', kept), ['daily 2026-08-01 2026-08-31']);
  });
});
