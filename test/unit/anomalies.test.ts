import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Anomaly, comparedDays, type SweepOptions, sweepAnomalies } from '../../src/insight/anomalies.ts';
import { DailySums } from '../../src/insight/dailySums.ts';
import { DayAmounts } from '../../src/insight/dayAmounts.ts';
import { dayNumber, dayText } from '../../src/insight/days.ts';
import { driverTables } from '../../src/insight/driverTables.ts';
import { anomalyText, driverReason } from '../../src/insight/insightTexts.ts';
import { SideRows } from '../../src/insight/sideSums.ts';
import { unitsText } from '../../src/insight/units.ts';
import { COST_HEADER, type CostRow, costRow } from '../support/insightRows.ts';

const BY = ['customer', 'service', 'resourceGroup'] as const;
/** 90 days; 4 March is day 62. */
const FROM = '2026-01-01';
const DAYS = 90;
const TODAY = '2026-04-01';
const FOURTH_OF_MARCH = 62;

type Daily = (day: number) => number;

/** Rows of one group, one a day. */
function rowsOf(daily: Daily, own: CostRow = {}, days = DAYS): (string | null)[][] {
  return Array.from({ length: days }, (_, day) => {
    const cost = daily(day).toFixed(4);
    const date = dayText(dayNumber(FROM) + day);
    return costRow({ date, costInPricingCurrency: cost, costInBillingCurrency: '9', ...own });
  });
}

function sums(rows: readonly (string | null)[][]): DailySums {
  const daily = new DailySums(COST_HEADER, BY, { from: FROM, to: '2026-03-31' });
  for (const row of rows) {
    daily.add(row);
  }
  return daily;
}

function sweep(rows: readonly (string | null)[][], own: Partial<SweepOptions> = {}): Anomaly[] {
  return sweepAnomalies(sums(rows).series, { today: TODAY, by: BY, ...own });
}

const told = (rows: readonly (string | null)[][], own?: Partial<SweepOptions>) =>
  sweep(rows, own).map((anomaly) => anomalyText(anomaly, { omit: 1 }));

/** Wanders by some percent without chance. */
const wander = (day: number, by = 0.1) => 1 + by * Math.sin(day * 12.9898 + (day % 5));

describe('anomalies', () => {
  it('are told with the day, the levels and the money', () => {
    const rows = rowsOf((day) => (day < FOURTH_OF_MARCH ? 12 : 55));
    assert.deepEqual(told(rows), [
      'Storage of resource group rg-1 rose on 4 March from about 12 to 55 USD a day and stayed; 1,200 USD above the usual in 28 days',
    ]);
  });

  it('are new and gone services, spikes, dips and drops', () => {
    const during = (from: number, to: number, inside: number) => (day: number) =>
      (day >= from && day <= to ? inside : 20) * wander(day);
    assert.match(
      told(rowsOf((day) => (day < 60 ? 0 : 20))).join(),
      /^Storage .* began on 2 March and costs about 20 USD/,
    );
    assert.match(told(rowsOf((day) => (day < 60 ? 20 : 0))).join(), /ended on 2 March, after about 20 USD/);
    assert.match(told(rowsOf(during(40, 43, 180))).join(), /rose from 10 February to 13 February from about 20 to 182/);
    assert.match(told(rowsOf(during(40, 40, 60))).join(), /rose on 10 February from/);
    assert.match(
      told(rowsOf(during(35, 39, 2))).join(),
      /fell from 5 February to 9 February .* below the usual in 5 days/,
    );
    assert.match(told(rowsOf((day) => (day < 60 ? 20 : 9) * wander(day))).join(), /fell on 2 March from .* and stayed/);
  });

  it('are none in what stays, wanders, grows slowly, or rests at weekends', () => {
    const weekend = (day: number) => [5, 6].includes((day + 3) % 7);
    for (const daily of [
      () => 20,
      (day: number) => 20 * wander(day, 0.15),
      (day: number) => 20 * (1 + day / 300) * wander(day, 0.05),
      (day: number) => (weekend(day) ? 5 : 20) * wander(day),
      (day: number) => (weekend(day) ? 0 : 20),
    ] satisfies Daily[]) {
      assert.deepEqual(told(rowsOf(daily)), []);
    }
  });

  it('are none of days whose use is still being reported', () => {
    const late = (day: number) => (day >= DAYS - 2 ? 3 : 20);
    assert.deepEqual(told(rowsOf(late)), []);
    assert.match(
      told(rowsOf(late), { lateDays: 0 }).join(),
      /fell on 30 March from about 20 to 3 USD a day and stayed/,
    );
    const rose = told(rowsOf((day) => (day >= DAYS - 2 ? 90 : 20)));
    assert.match(rose.join(), /rose on 30 March/);
  });

  it('are none of monthly purchases, but of charges out of rhythm', () => {
    const charge = (days: Record<number, number>) =>
      Object.entries(days).map(([day, amount]) =>
        costRow({
          date: dayText(dayNumber(FROM) + Number(day)),
          chargeType: 'Purchase',
          costInPricingCurrency: String(amount),
        }),
      );
    assert.deepEqual(told(charge({ 4: 500, 35: 500, 63: 510 })), []);
    assert.deepEqual(told(charge({ 4: 500, 35: 500, 63: 900 })), [
      'Storage of resource group rg-1 was charged 900 USD on 5 March, after about 500 a month before',
    ]);
    assert.match(told(charge({ 50: 496.14 })).join(), /charged 496 USD on 20 February, without a charge like it/);
    // The same without a column that tells charges apart.
    assert.deepEqual(told(rowsOf((day) => ([4, 35, 63].includes(day) ? 500 : 0))), []);
  });

  it('are told once, by the deepest level that explains the money', () => {
    const rose = (day: number) => (day < 60 ? 20 : 80);
    const calm = rowsOf((day) => 30 * wander(day), { meterCategory: 'Backup' });
    const one = sweep([...calm, ...rowsOf(rose)]);
    assert.deepEqual(
      one.map(({ labels }) => labels),
      [['Contoso', 'Storage', 'rg-1']],
    );
    const groups = ['rg-1', 'rg-2', 'rg-3'].flatMap((resourceGroup) => rowsOf(rose, { resourceGroup }));
    const together = sweep([...calm, ...groups]);
    assert.deepEqual(
      together.map(({ labels, across }) => [labels, across]),
      [[['Contoso', 'Storage'], 3]],
    );
    assert.match(anomalyText(together[0] ?? assert.fail()), /^Storage of Contoso rose on 2 March .*, across 3 groups;/);
  });

  it('are ranked by money, by currency, and only from a day on', () => {
    const rose = (by: number) => (day: number) => (day < 60 ? 20 : 20 + by);
    const rows = [
      ...rowsOf(rose(30), { customerTenantId: 'small' }),
      ...rowsOf(rose(300), { customerTenantId: 'large' }),
      ...rowsOf(rose(500), { customerTenantId: 'other', pricingCurrencyCode: 'EUR' }),
    ];
    assert.deepEqual(
      sweep(rows).map(({ values, currency }) => [values[0], currency]),
      [
        ['other', 'EUR'],
        ['large', 'USD'],
        ['small', 'USD'],
      ],
    );
    assert.deepEqual(sweep(rows, { since: '2026-03-05' }), []);
    // Of what the customer costs: 30 days of 30 are a third of it, 300 and 500 more than half.
    assert.equal(sweep(rows, { leastShare: 0.5 }).length, 2);
  });

  it('do not alarm when a constant day is added, and never for a constant', () => {
    const series = fc.array(fc.integer({ min: 90, max: 110 }), { minLength: DAYS, maxLength: DAYS });
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 1000 }), (days, more) => {
        assert.deepEqual(told(rowsOf(() => more)), []);
        assert.deepEqual(told(rowsOf((day) => (days[day] ?? 0) + more)), []);
      }),
      { numRuns: 60 },
    );
  });

  it('do not depend on the order of rows, and read nothing of other days', () => {
    const rows = [
      ...rowsOf((day) => (day < 60 ? 20 : 60) * wander(day)),
      ...rowsOf((day) => (day < 30 ? 90 : 40) * wander(day), { resourceGroup: 'RG-2', customerName: 'contoso' }),
    ];
    assert.deepEqual(sweep([...rows].reverse()), sweep(rows));
    const daily = sums([costRow({ date: '2025-12-31' }), costRow({ date: 'x' }), costRow({ date: '01/02/2026' })]);
    assert.deepEqual([daily.rows, daily.outside, daily.unread], [1, 1, 1]);
  });

  it('name the days to compare, and why they differ', () => {
    const [anomaly] = sweep(rowsOf((day) => (day < FOURTH_OF_MARCH ? 12 : 55)));
    const days = comparedDays(anomaly ?? assert.fail());
    assert.deepEqual(days, {
      before: { from: '2026-02-04', to: '2026-03-03' },
      after: { from: '2026-03-04', to: '2026-03-31' },
    });
    const side = (own: CostRow) => {
      const rows = new SideRows(COST_HEADER, { label: 'x' }, ['meter']);
      rows.add(costRow(own));
      return rows.sums;
    };
    const more = { quantity: '8', costInPricingCurrency: '4', costInBillingCurrency: '4.8' };
    assert.equal(driverReason(driverTables(side({}), side(more))[0] ?? assert.fail()), 'Mostly the quantity (+100 %)');
    assert.equal(driverReason(driverTables(side({}), side({}))[0] ?? assert.fail()), 'Nothing differs');
  });

  it('have names that stay text', () => {
    const [text = ''] = told(rowsOf((day) => (day < 60 ? 12 : 55), { resourceGroup: `a\u202e\n${'x'.repeat(200)}` }));
    assert.ok(text.includes('resource group a\\u{202e}\\u{a}xxx') && text.includes('…') && text.length < 250);
  });
});

describe('amounts of days', () => {
  it('add up exactly, whatever their digits', () => {
    const digits = fc.oneof(
      fc.tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.nat(1e9)).map(([whole, part]) => `${whole}.${part}00000000007`),
      fc.constantFrom('0', '-0.5', '5E-7', '1e3', '999999999999999.999999999999999999999999'),
    );
    fc.assert(
      fc.property(fc.array(digits, { maxLength: 60 }), (texts) => {
        const amounts = new DayAmounts(2);
        const others = new DayAmounts(2);
        let sum = 0n;
        texts.forEach((text, at) => {
          assert.ok((at % 2 === 0 ? amounts : others).add(1, text));
          const one = new DayAmounts(1);
          one.add(0, text);
          sum += one.units(0);
        });
        amounts.addAll(others);
        assert.equal(unitsText(amounts.units(1)), unitsText(sum));
        assert.equal(amounts.units(0), 0n);
      }),
    );
    assert.equal(new DayAmounts(1).add(0, 'x'), false);
    assert.equal(new DayAmounts(1).add(0, `0.${'0'.repeat(24)}1`), false);
  });
});
