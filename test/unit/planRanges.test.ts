import assert from 'node:assert/strict';
import fc from 'fast-check';
import { splitMonths } from '../../src/usage/period.ts';
import { chooseChains, secondsOf } from '../../src/usage/plan/chains.ts';
import {
  cutUnits,
  daysIn,
  daysUntil,
  monthsNewestFirst,
  splitAfter,
  type Unit,
} from '../../src/usage/plan/dayRanges.ts';

const day = (number: number) => new Date(Date.UTC(2025, 0, 1) + number * 86_400_000).toISOString().slice(0, 10);

const periods = fc
  .tuple(fc.nat(700), fc.nat(500))
  .map(([from, length]) => ({ from: day(from), to: day(from + length) }));

const unitsOf = (period: { from: string; to: string }, owner = 0, today = '2099-01-01'): Unit[] =>
  monthsNewestFirst(period).map((month) => ({
    period: month,
    owner,
    whole: true,
    weight: daysUntil(month, today),
  }));

/** Every day of a period, in the order in which usage details come: newest month first, ascending within. */
const inOrderOfService = (period: { from: string; to: string }) =>
  splitMonths(period)
    .reverse()
    .flatMap((month) => daysOf(month));

const daysOf = ({ from, to }: { from: string; to: string }) =>
  Array.from({ length: daysIn({ from, to }) }, (_, i) =>
    new Date(Date.parse(from) + i * 86_400_000).toISOString().slice(0, 10),
  );

describe('ranges of days', () => {
  it('have every day once, in the order of one list, however many there are', () => {
    fc.assert(
      fc.property(periods, fc.integer({ min: 1, max: 40 }), fc.nat(1300), (period, count, today) => {
        const ranges = cutUnits(unitsOf(period, 0, day(today)), count, day(today)).map((range) => range.period);
        assert.deepEqual(ranges.flatMap(inOrderOfService), inOrderOfService(period));
      }),
    );
  });

  it('are never more than asked for, but for months beside a part of one', () => {
    fc.assert(
      fc.property(periods, fc.integer({ min: 1, max: 40 }), (period, count) => {
        assert.ok(cutUnits(unitsOf(period), count, '2099-01-01').length <= count);
      }),
    );
  });

  it('of one month differ by a day at most', () => {
    const lengths = cutUnits(unitsOf({ from: '2026-10-01', to: '2026-10-31' }), 9, '2026-11-21').map(({ period }) =>
      daysIn(period),
    );
    assert.equal(lengths.length, 9);
    assert.ok(Math.max(...lengths) - Math.min(...lengths) <= 1);
  });

  it('leave what is in the future to the last of a month', () => {
    const ranges = cutUnits(unitsOf({ from: '2026-11-01', to: '2026-11-30' }, 0, '2026-11-04'), 8, '2026-11-04');
    assert.deepEqual(
      ranges.map(({ period }) => period),
      [
        { from: '2026-11-01', to: '2026-11-01' },
        { from: '2026-11-02', to: '2026-11-02' },
        { from: '2026-11-03', to: '2026-11-03' },
        { from: '2026-11-04', to: '2026-11-30' },
      ],
    );
  });

  it('never join what belongs to different owners', () => {
    const autumn = { from: '2026-09-01', to: '2026-10-31' };
    const ranges = cutUnits([...unitsOf(autumn, 0), ...unitsOf(autumn, 1)], 1, '2026-11-21');
    assert.deepEqual(
      ranges.map(({ period, owner }) => [owner, period]),
      [
        [0, autumn],
        [1, autumn],
      ],
    );
  });

  it('split after some days, or not at all', () => {
    const week = { from: '2026-02-26', to: '2026-03-04' };
    assert.deepEqual(splitAfter(week, 3), [
      { from: '2026-02-26', to: '2026-02-28' },
      { from: '2026-03-01', to: '2026-03-04' },
    ]);
    assert.deepEqual(splitAfter(week, 7), [week, undefined]);
  });
});

describe('the number of lists', () => {
  const subscription = { secondsAPage: 0.25, startsNow: 8, startsAMinute: 9 };

  it('is one for few pages, whatever may be begun', () => {
    assert.equal(chooseChains({ ...subscription, pages: 0 }), 1);
    assert.equal(chooseChains({ ...subscription, pages: 3 }), 1);
  });

  it('is all that may be begun for a month of many pages', () => {
    const expected = { ...subscription, pages: 180 };
    assert.equal(chooseChains(expected), 8);
    assert.ok(secondsOf(8, expected) <= 6);
  });

  it('grows beyond a minute only where the job is that long', () => {
    const slow = { secondsAPage: 4, startsNow: 5, startsAMinute: 6 };
    assert.equal(chooseChains({ ...slow, pages: 60 }), 5);
    assert.ok(chooseChains({ ...slow, pages: 600 }) > 5);
  });

  it('waits for the next minute where too few are left and the job is long', () => {
    const few = { secondsAPage: 1, startsNow: 1, startsAMinute: 9 };
    assert.equal(chooseChains({ ...few, pages: 30 }), 1);
    assert.ok(chooseChains({ ...few, pages: 600 }) >= 9);
  });

  it('never takes longer than one list', () => {
    fc.assert(
      fc.property(
        fc.record({
          pages: fc.nat(20_000),
          secondsAPage: fc.double({ min: 0.05, max: 10, noNaN: true }),
          startsNow: fc.nat(10),
          startsAMinute: fc.integer({ min: 1, max: 10 }),
        }),
        (expected) => {
          const chains = chooseChains(expected);
          assert.ok(chains >= 1 && chains <= 12);
          assert.ok(secondsOf(chains, expected) <= secondsOf(1, expected));
        },
      ),
    );
  });
});
