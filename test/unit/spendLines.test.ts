import assert from 'node:assert/strict';
import type { Budget } from '../../src/api/arm/budgets.ts';
import { ExactNumber } from '../../src/json/exact.ts';
import { amountText, parseAmount } from '../../src/spend/amounts.ts';
import { budgetLines } from '../../src/spend/budgetLines.ts';
import { forecastLine, standardDeviation } from '../../src/spend/forecastLine.ts';
import { addDays, stepsOf } from '../../src/spend/spendPeriod.ts';

function units(text: string): bigint {
  return parseAmount(text) ?? assert.fail(text);
}

function budget(properties: Partial<Budget['properties']>): Budget {
  return {
    id: '/x/budgets/plan',
    name: 'plan',
    properties: {
      category: 'Cost',
      amount: 310,
      timeGrain: 'Monthly',
      timePeriod: { startDate: '2026-01-01T00:00:00Z', endDate: '2027-12-31T00:00:00Z' },
      currentSpend: { amount: 1, unit: 'USD' },
      ...properties,
    },
  };
}

function values(
  properties: Partial<Budget['properties']>,
  from: string,
  to: string,
  granularity: 'daily' | 'monthly' = 'daily',
) {
  const { lines } = budgetLines([budget(properties)], from, stepsOf({ from, to }, granularity), 'USD', 2);
  return lines[0]?.values;
}

describe('a budget beside a cumulative cost', () => {
  it('is spread evenly over the days of its time grain', () => {
    const line = values({}, '2026-10-01', '2026-10-31');
    assert.deepEqual([line?.[0], line?.[9], line?.[30]], ['10', '100', '310']);
  });

  it('goes on over months of other lengths, exactly', () => {
    assert.deepEqual(values({ amount: new ExactNumber('100.10') }, '2026-01-01', '2026-03-31', 'monthly'), [
      '100.1',
      '200.2',
      '300.3',
    ]);
    assert.deepEqual(values({}, '2026-10-22', '2026-11-30', 'monthly'), ['100', '410']);
  });

  it('counts quarters and years from its first day', () => {
    const properties = {
      timeGrain: 'Quarterly',
      amount: 900,
      timePeriod: { startDate: '2026-02-01', endDate: '2027-01-31' },
    };
    assert.deepEqual(values(properties, '2026-02-01', '2026-04-30', 'monthly')?.at(-1), '900');
    assert.deepEqual(
      values({ ...properties, timeGrain: 'Annually' }, '2026-02-01', '2027-01-31', 'monthly')?.at(-1),
      '900',
    );
  });

  it('is only there where it holds', () => {
    const timePeriod = { startDate: '2026-10-03', endDate: '2026-10-04' };
    const line = values({ timePeriod }, '2026-10-01', '2026-10-06');
    assert.deepEqual(line, [null, null, '10', '20', null, null]);
    assert.equal(values({ timePeriod }, '2026-11-01', '2026-11-02'), undefined);
  });

  it('is left out, and counted, where it does not compare', () => {
    const odd = [
      { currentSpend: { amount: 1, unit: 'EUR' } },
      { filter: { dimensions: { name: 'ResourceGroupName', operator: 'In', values: ['a'] } } },
      { timeGrain: 'Last30Days' },
      { amount: null },
    ].map(budget);
    const { lines, left } = budgetLines(
      odd,
      '2026-10-01',
      stepsOf({ from: '2026-10-01', to: '2026-10-02' }, 'daily'),
      'USD',
      2,
    );
    assert.deepEqual([lines, left], [[], 4]);
  });
});

describe('a forecast beside a cumulative cost', () => {
  const steps = stepsOf({ from: '2026-11-18', to: '2026-11-24' }, 'daily');
  const days = (cost: string, count = 4) =>
    new Map(Array.from({ length: count }, (_, at) => [addDays('2026-11-21', at), units(cost)]));
  const input = {
    spent: units('30'),
    joint: units('30'),
    today: '2026-11-21',
    steps,
    decimals: 2,
    spread: [] as bigint[],
  };

  it('goes on from what was spent, with all digits of the service', () => {
    const line = forecastLine({ ...input, days: days('1.00000000000000000001') });
    assert.deepEqual(line?.values, [
      null,
      null,
      '30',
      '31.00000000000000000001',
      '32.00000000000000000002',
      '33.00000000000000000003',
      '34.00000000000000000004',
    ]);
    assert.equal(line?.total, '34.00000000000000000004');
    assert.deepEqual(line?.high, [null, null, '30', null, null, null, null], 'no days, no range');
  });

  it('has a range that grows with the root of the days ahead', () => {
    // Of these days the standard deviation is 2.
    const spread = ['8', '10', '12'].map(units);
    assert.equal(standardDeviation([8, 10, 12]), 2);
    const line = forecastLine({ ...input, days: days('10'), spread });
    assert.deepEqual(line?.high.slice(3), ['42.56', '53.62', '64.44', '75.13']);
    assert.deepEqual(line?.low.slice(3), ['37.44', '46.38', '55.56', '64.87']);
    assert.match(line?.method ?? '', /28 days/);
  });

  it('does not fall below what is spent, unless there were credits', () => {
    const low = (spread: string[]) =>
      forecastLine({ ...input, days: days('1'), spread: spread.map(units) })?.low.at(-1);
    assert.equal(low(['0', '100']), amountText(input.spent));
    assert.ok(Number(low(['-50', '50'])) < 30);
  });

  it('is none when it does not reach the end', () => {
    assert.equal(forecastLine({ ...input, days: days('1', 3) }), undefined);
  });
});
