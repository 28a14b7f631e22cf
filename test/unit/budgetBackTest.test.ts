import assert from 'node:assert/strict';
import fc from 'fast-check';
import { backTest, type DailyCost, type Days } from '../../src/budgeting/backTest.ts';
import type { BudgetBody } from '../../src/budgeting/budgetBody.ts';
import { ExactNumber } from '../../src/json/exact.ts';

const YEAR: Days = { from: '2025-12-01', to: '2026-11-30' };

/** A cost for every day of some days. */
function daily({ from, to }: Days, cost: (day: string) => string): DailyCost[] {
  const days: DailyCost[] = [];
  for (let time = Date.parse(from); time <= Date.parse(to); time += 86_400_000) {
    const day = new Date(time).toISOString().slice(0, 10);
    days.push({ day, cost: cost(day) });
  }
  return days;
}

const budget = (members: object = {}, notification: object = {}): BudgetBody => ({
  category: 'Cost',
  amount: 1000,
  timeGrain: 'Monthly',
  notifications: { it: { enabled: true, operator: 'GreaterThanOrEqualTo', threshold: 80, ...notification } },
  ...members,
});

const days = (body: BudgetBody, costs: readonly DailyCost[], window = YEAR) =>
  backTest(body, costs, window).firings.map(({ day }) => day);

describe('back-test of a budget', () => {
  const spikes = daily(YEAR, (day) => (day === '2026-03-04' || day === '2026-06-02' ? '900' : '1'));

  it('tells the days on which it would have fired', () => {
    assert.deepEqual(days(budget(), spikes), ['2026-03-04', '2026-06-02']);
    const { firings } = backTest(budget(), spikes, YEAR);
    assert.deepEqual(firings[0], {
      notification: 'it',
      thresholdType: 'Actual',
      day: '2026-03-04',
      period: { from: '2026-03-01', to: '2026-03-31' },
      percent: '90.3',
      estimated: false,
      partial: false,
    });
  });

  it('counts from 0 in each month, quarter and year, and fires once in each', () => {
    const costs = daily(YEAR, () => '10');
    assert.equal(days(budget({ amount: 100 }), costs).length, 12);
    assert.deepEqual(days(budget({ amount: 310, timeGrain: 'Quarterly' }, { threshold: 100 }), costs), [
      '2025-12-31',
      '2026-01-31',
      '2026-05-01',
      '2026-07-31',
      '2026-10-31',
    ]);
    const { firings } = backTest(budget({ amount: 310, timeGrain: 'Annually' }, { threshold: 100 }), costs, YEAR);
    assert.deepEqual(
      firings.map(({ day, partial }) => [day, partial]),
      [
        ['2025-12-31', true],
        ['2026-01-31', false],
      ],
    );
  });

  it('compares to the last digit', () => {
    const costs = [
      { day: '2026-11-01', cost: '799.99999999999999999999' },
      { day: '2026-11-02', cost: '0.00000000000000000001' },
      { day: '2026-11-03', cost: '1e-20' },
    ];
    const november = { from: '2026-11-01', to: '2026-11-30' };
    const of = (operator: string) =>
      days(budget({ amount: new ExactNumber('1000.000') }, { operator }), costs, november);
    assert.deepEqual(of('GreaterThanOrEqualTo'), ['2026-11-02']);
    assert.deepEqual(of('EqualTo'), ['2026-11-02']);
    assert.deepEqual(of('GreaterThan'), ['2026-11-03']);
  });

  it('foresees by the days before, says that this is an estimate, and needs a week of them', () => {
    const costs = daily(YEAR, () => '30');
    const body = budget({ amount: 900 }, { thresholdType: 'Forecasted', operator: 'GreaterThan', threshold: 100 });
    const { firings } = backTest(body, costs, YEAR);
    // 31 days of 30 are more than 900: foreseen on the first day of each such month, and on the seventh where nothing was known before.
    assert.deepEqual(
      firings.map(({ day, estimated, percent }) => [day, estimated, percent]),
      ['2025-12-07', '2026-01-01', '2026-03-01', '2026-05-01', '2026-07-01', '2026-08-01', '2026-10-01'].map((day) => [
        day,
        true,
        '103.33',
      ]),
    );
  });

  it('says what it cannot replay', () => {
    const reasons = (body: BudgetBody) =>
      backTest(body, spikes, YEAR)
        .notTested.map(({ reason }) => reason)
        .join();
    assert.match(reasons(budget({ timeGrain: 'BillingMonth' })), /monthly, quarterly and yearly/);
    assert.match(reasons(budget({ amount: undefined })), /amount is missing/);
    assert.match(reasons(budget({}, { operator: 'LessThan' })), /cannot be compared/);
    assert.deepEqual(backTest({ amount: 5, timeGrain: 'Monthly' }, spikes, YEAR), { firings: [], notTested: [] });
  });

  const cents = fc.array(fc.integer({ min: -500, max: 5000 }), { minLength: 366, maxLength: 366 });
  const case_ = fc.record({
    cents,
    timeGrain: fc.constantFrom('Monthly', 'Quarterly', 'Annually'),
    amount: fc.integer({ min: 1, max: 5000 }),
    threshold: fc.integer({ min: 1, max: 300 }),
    thresholdType: fc.constantFrom('Actual', 'Forecasted'),
  });
  const costsOf = (list: readonly number[]) => {
    let index = 0;
    return daily(YEAR, () => ((list[index++] ?? 0) / 100).toFixed(2));
  };

  it('fires on the first day of a period on which a plain sum passes the threshold', () => {
    fc.assert(
      fc.property(case_, ({ cents: list, timeGrain, amount, threshold }) => {
        const costs = costsOf(list);
        const months = { Monthly: 1, Quarterly: 3, Annually: 12 }[timeGrain] ?? 1;
        const expected: string[] = [];
        let [period, sum, done] = [-1, 0, false];
        costs.forEach(({ day }, index) => {
          const own = Math.floor((Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1) / months);
          [sum, done] = own === period ? [sum, done] : [0, false];
          period = own;
          sum += list[index] ?? 0;
          if (!done && sum >= threshold * amount) {
            expected.push(day);
            done = true;
          }
        });
        assert.deepEqual(days(budget({ timeGrain, amount }, { threshold }), costs), expected);
      }),
      { numRuns: 300 },
    );
  });

  it('fires as often or less, and no earlier, for a larger amount; the same for shuffled or split costs', () => {
    fc.assert(
      fc.property(
        case_,
        fc.integer({ min: 1, max: 500 }),
        ({ cents: list, timeGrain, amount, threshold, thresholdType }, more) => {
          const costs = costsOf(list);
          const body = (of: number) => budget({ timeGrain, amount: of }, { threshold, thresholdType });
          const [one, larger] = [
            backTest(body(amount), costs, YEAR).firings,
            backTest(body(amount + more), costs, YEAR).firings,
          ];
          for (const { day, period } of larger) {
            const same = one.find((firing) => firing.period.from === period.from);
            assert.ok(same !== undefined && same.day <= day);
          }
          const split = costs.toReversed().flatMap(({ day, cost }) => [
            { day, cost },
            { day, cost: '0.10' },
            { day, cost: '-0.1' },
          ]);
          assert.deepEqual(backTest(body(amount), split, YEAR).firings, one);
        },
      ),
      { numRuns: 200 },
    );
  });
});
