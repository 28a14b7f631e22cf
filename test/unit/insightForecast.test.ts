import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DailySums } from '../../src/insight/dailySums.ts';
import { dayNumber, dayText } from '../../src/insight/days.ts';
import { type Forecast, forecastNodes, forecastTree } from '../../src/insight/forecast.ts';
import { unitsText } from '../../src/insight/units.ts';
import { COST_HEADER, type CostRow, costRow } from '../support/insightRows.ts';

const FROM = '2026-01-01';
const TODAY = '2026-03-21';
const DAYS = 79;
const MARCH = { from: '2026-03-01', to: '2026-03-31' };

function rowsOf(daily: (day: number) => number, own: CostRow = {}): (string | null)[][] {
  return Array.from({ length: DAYS }, (_, day) => {
    const cost = daily(day).toFixed(7);
    const date = dayText(dayNumber(FROM) + day);
    return costRow({ date, costInPricingCurrency: cost, ...own });
  });
}

function forecast(rows: readonly (string | null)[][], horizon = MARCH, lateDays = 0): Forecast[] {
  const sums = new DailySums(COST_HEADER, ['customer', 'service'], { from: FROM, to: '2026-03-20' });
  for (const row of rows) {
    sums.add(row);
  }
  return forecastTree(forecastNodes(sums.series), horizon, { today: TODAY, lateDays });
}

const only = (rows: readonly (string | null)[][], horizon = MARCH, lateDays = 0) => {
  const [tree, ...others] = forecast(rows, horizon, lateDays);
  assert.ok(tree !== undefined && others.length === 0);
  return tree;
};

const about = (units: bigint, expected: number, part = 0.02) => {
  const value = Number(unitsText(units));
  assert.ok(Math.abs(value - expected) <= part * Math.abs(expected), `${value} is about ${expected}`);
};

/** Days, by place, from a first of January that is a Thursday. */
const isWeekend = (day: number) => [6, 0].includes((day + 4) % 7);

describe('forecasts of trees', () => {
  it('are what was spent and what goes on', () => {
    const tree = only(rowsOf(() => 10));
    assert.deepEqual([unitsText(tree.spent), unitsText(tree.rest), unitsText(tree.total)], ['200', '110', '310']);
    assert.equal(tree.days.length, 31);
    assert.ok(tree.low >= tree.spent && tree.low < tree.total && tree.total < tree.high);
    assert.equal(
      unitsText(
        only(
          rowsOf(() => 10),
          { from: '2026-04-01', to: '2026-04-30' },
        ).total,
      ),
      '300',
    );
  });

  it('know weekdays, levels that changed, and slopes', () => {
    const office = only(rowsOf((day) => (isWeekend(day) ? 2 : 10)));
    about(office.total, 31 * 10 - 9 * 8);
    about(only(rowsOf((day) => (day < 50 ? 10 : 30))).rest, 11 * 30);
    const grown = only(rowsOf((day) => 100 + day)).rest;
    about(grown, 11 * 184, 0.03);
    assert.ok(Number(unitsText(grown)) > 11 * 178);
  });

  it('do not take a spike for a level, and expect nothing of what ended', () => {
    about(only(rowsOf((day) => (day >= 60 && day < 63 ? 900 : 10))).rest, 110);
    const ended = only(rowsOf((day) => (day < 60 ? 10 : 0)));
    assert.equal(ended.rest, 0n);
    assert.deepEqual([ended.low, ended.high], [ended.total, ended.total]);
  });

  it('are unsure of what began lately', () => {
    const width = ({ high, low }: Forecast) => Number(unitsText(high - low));
    assert.ok(width(only(rowsOf((day) => (day < 75 ? 10 : 90)))) > 4 * width(only(rowsOf(() => 90))));
  });

  it('expect what late days still bring', () => {
    const tree = only(
      rowsOf((day) => (day >= DAYS - 2 ? 3 : 10)),
      MARCH,
      2,
    );
    assert.deepEqual([unitsText(tree.spent), unitsText(tree.rest)], ['186', '124']);
  });

  it('have monthly charges again, and what came once not', () => {
    const charge = (days: readonly number[], amount: number) =>
      days.map((day) =>
        costRow({
          date: dayText(dayNumber(FROM) + day),
          chargeType: 'Purchase',
          costInPricingCurrency: String(amount),
        }),
      );
    // 25 January and 25 February.
    const monthly = only(charge([24, 55], 500));
    assert.deepEqual([unitsText(monthly.rest), monthly.low === monthly.high], ['500', true]);
    assert.equal(unitsText(monthly.days[24] ?? 0n), '500');
    assert.equal(unitsText(only(charge([24, 55], 500), { from: '2026-04-01', to: '2026-05-31' }).rest), '1000');
    assert.equal(only(charge([55], 500)).rest, 0n);
    assert.equal(only(charge([9, 40, 68], 500)).rest, 0n);
    const leaf = monthly.children[0]?.children[0];
    assert.equal(leaf?.method, 'charges');
  });

  it('have children that add up to their parents exactly, day by day, one tree a currency', () => {
    const amount = fc.integer({ min: 0, max: 10_000_000 }).map((micro) => micro / 1e5);
    const series = fc.record({
      customerTenantId: fc.constantFrom('a', 'b', 'c'),
      meterCategory: fc.constantFrom('x', 'y'),
      pricingCurrencyCode: fc.constantFrom('USD', 'EUR'),
      level: amount,
      noise: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const check = (node: Forecast) => {
      assert.equal(node.spent + node.rest, node.total);
      assert.ok(node.low <= node.total && node.total <= node.high);
      assert.equal(
        node.days.reduce((sum, one) => sum + one, 0n),
        node.rest,
      );
      if (node.children.length > 0) {
        const sum = (of: (child: Forecast) => bigint) => node.children.reduce((all, child) => all + of(child), 0n);
        assert.equal(
          sum(({ total }) => total),
          node.total,
        );
        assert.equal(
          sum(({ spent }) => spent),
          node.spent,
        );
        node.days.forEach((one, day) => {
          assert.equal(
            sum(({ days }) => days[day] ?? 0n),
            one,
          );
        });
        // A whole is never less sure than its parts one by one.
        assert.ok(node.high - node.total <= sum(({ high, total }) => high - total) + 10n ** 24n);
      }
      node.children.forEach(check);
    };
    fc.assert(
      fc.property(fc.array(series, { maxLength: 6 }), (all) => {
        const rows = all.flatMap(({ level, noise, ...own }) =>
          rowsOf((day) => level * (1 + noise * Math.sin(day * 7.13)), own),
        );
        const trees = forecast(rows, MARCH, 3);
        assert.equal(trees.length, new Set(all.map((one) => one.pricingCurrencyCode)).size);
        trees.forEach(check);
      }),
      { numRuns: 40 },
    );
  });
});
