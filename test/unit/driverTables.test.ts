import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { DimensionName } from '../../src/insight/costColumns.ts';
import { type DriverTable, driverTables, UNSPLIT_TEXTS } from '../../src/insight/driverTables.ts';
import { InsightError, type Side } from '../../src/insight/side.ts';
import { type Cells, SideRows, type SideSums } from '../../src/insight/sideSums.ts';
import type { Parts } from '../../src/insight/splitDifference.ts';
import { unitsText } from '../../src/insight/units.ts';
import { COST_HEADER, type CostRow, costRow, costRows } from '../support/insightRows.ts';

const BY: DimensionName[] = ['customer', 'service'];

function sumsOf(rows: readonly Cells[], side: Partial<Side> = {}, by: readonly DimensionName[] = BY): SideSums {
  const reader = new SideRows(COST_HEADER, { label: 'side', ...side }, by);
  for (const row of rows) {
    reader.add(row);
  }
  return reader.sums;
}

function compared(before: readonly CostRow[], after: readonly CostRow[]): DriverTable[] {
  return driverTables(sumsOf(before.map(costRow)), sumsOf(after.map(costRow)));
}

/** Parts that are not zero, in plain digits. */
function told({ unsplit, ...parts }: Parts): Record<string, string> {
  const all = Object.entries({ ...parts, ...unsplit }).filter(([, amount]) => amount !== 0n);
  return Object.fromEntries(all.map(([name, amount]) => [name, unitsText(amount)]));
}

function onlyRow(tables: readonly DriverTable[]) {
  assert.equal(tables.length, 1);
  const row = tables[0]?.rows[0];
  assert.ok(row !== undefined && tables[0]?.rows.length === 1);
  return row;
}

const sumOf = ({ unsplit, ...parts }: Parts) =>
  Object.values({ ...parts, ...unsplit }).reduce((sum, amount) => sum + amount, 0n);

describe('driver tables', () => {
  it('tell what quantity, price and exchange rate did alone', () => {
    const more = compared([{}], [{ quantity: '6', costInPricingCurrency: '3', costInBillingCurrency: '3.6' }]);
    assert.deepEqual(told(onlyRow(more).parts), { quantity: '1.2' });
    const dearer = compared(
      [{}],
      [{ effectivePrice: '0.75', costInPricingCurrency: '3', costInBillingCurrency: '3.6' }],
    );
    assert.deepEqual(told(onlyRow(dearer).parts), { price: '1.2' });
    const weaker = compared([{}], [{ costInBillingCurrency: '2.6' }]);
    assert.deepEqual(told(onlyRow(weaker).parts), { rate: '0.2' });
  });

  it('share what came together as the mean of all orders', () => {
    // 1 × 1 × 1 becomes 2 × 3 × 5: quantity (1·(2·(1+15)+3+5))/6, price (2·(2·(1+10)+2+5))/6, rate (4·(2·(1+6)+2+3))/6.
    const one = { quantity: '1', effectivePrice: '1', costInPricingCurrency: '1', costInBillingCurrency: '1' };
    const thirty = { quantity: '2', effectivePrice: '3', costInPricingCurrency: '6', costInBillingCurrency: '30' };
    const { parts, difference } = onlyRow(compared([one], [thirty]));
    assert.equal(unitsText(difference), '29');
    assert.deepEqual(told(parts), { quantity: '6.6666666667', price: '9.6666666667', rate: '12.6666666666' });
  });

  it('are in the billing currency alone where a table has no other', () => {
    const header = ['customerName', 'quantity', 'cost', 'currency'];
    const side = (rows: string[][]) => {
      const reader = new SideRows(header, { label: 'file' }, ['customer']);
      for (const row of rows) {
        reader.add(row);
      }
      return reader.sums;
    };
    const row = onlyRow(driverTables(side([['a', '2', '10', 'USD']]), side([['a', '3', '12', 'USD']])));
    assert.deepEqual(told(row.parts), { quantity: '4.5', price: '-2.5' });
  });

  it('name what is new and gone, and never add currencies', () => {
    const [eur, jpy] = compared(
      [{ meterCategory: 'Backup' }, { billingCurrencyCode: 'JPY' }],
      [{ meterCategory: 'Bandwidth' }],
    );
    assert.deepEqual([eur?.currency, jpy?.currency], ['EUR', 'JPY']);
    assert.deepEqual(
      eur?.rows.map(({ labels, parts }) => [labels, told(parts)]),
      [
        [['Contoso', 'Backup'], { gone: '-2.4' }],
        [['Contoso', 'Bandwidth'], { new: '2.4' }],
      ],
    );
    assert.deepEqual(told(eur?.total.parts ?? assert.fail()), { new: '2.4', gone: '-2.4' });
    assert.deepEqual(told(jpy?.total.parts ?? assert.fail()), { gone: '-2.4' });
  });

  it('give a reason for what cannot be told apart', () => {
    const reason = (before: CostRow[], after: CostRow[]) => {
      const parts = told(onlyRow(compared(before, after)).parts);
      for (const name of Object.keys(parts)) {
        assert.match(UNSPLIT_TEXTS[name as keyof typeof UNSPLIT_TEXTS] ?? '', /\.$/);
      }
      return parts;
    };
    const more = { costInBillingCurrency: '3' };
    assert.deepEqual(reason([{ quantity: '' }], [more]), { noQuantity: '0.6' });
    assert.deepEqual(reason([{ unitOfMeasure: '10 GB' }], [more]), { units: '0.6' });
    assert.deepEqual(reason([{ pricingCurrencyCode: 'EUR' }], [more]), { pricingCurrencies: '0.6' });
    assert.deepEqual(reason([{ chargeType: 'Refund' }], [{ ...more, chargeType: 'Refund' }]), { credit: '0.6' });
    assert.deepEqual(reason([{ costInBillingCurrency: '-1' }], [more]), { credit: '4' });
    assert.deepEqual(reason([{ costInBillingCurrency: '0', costInPricingCurrency: '0' }], [more]), { noPrice: '3' });
  });

  it('tell the exchange rate of what has several prices, and leave the rest together', () => {
    const two = [{}, { effectivePrice: '1', costInPricingCurrency: '4', costInBillingCurrency: '4.8' }];
    // 6 USD at 1.2 become 2 USD at 1.5.
    const { parts } = onlyRow(compared(two, [{ costInBillingCurrency: '3' }]));
    assert.deepEqual(told(parts), { rate: '1.2', mixedPrices: '-5.4' });
  });

  it('are one row for what is spelled in several ways', () => {
    const [table] = compared([{ customerTenantId: 'C-1 ', meterCategory: 'storage' }], [{}]);
    assert.deepEqual(
      table?.rows.map(({ labels, difference }) => [labels, difference]),
      [[['Contoso', 'Storage'], 0n]],
    );
  });

  it('cut sides by days of either form, and by conditions', () => {
    const rows = [{ date: '10/31/2026' }, { date: '2026-11-01' }, { date: '2026-11-30T23:00:00Z', invoiceId: '' }];
    const cells = rows.map(costRow);
    assert.equal(sumsOf(cells, { from: '2026-11-01', to: '2026-11-30' }).rows, 2);
    assert.equal(sumsOf(cells, { only: [{ dimension: 'invoice', values: [''] }] }).rows, 1);
    assert.equal(sumsOf(cells, { only: [{ dimension: 'invoice', values: ['g1'], not: true }] }).rows, 1);
  });

  it('count costs that are no number instead of dropping them unsaid', () => {
    assert.equal(sumsOf([costRow({ costInBillingCurrency: 'n/a' }), costRow()]).unread, 1);
  });

  it('say in one sentence what a table does not tell', () => {
    assert.throws(() => new SideRows(['name'], { label: 'x' }, []), /no column for the cost/);
    assert.throws(() => new SideRows(['cost', 'currency'], { label: 'x' }, ['service']), /does not tell the service/);
    assert.throws(() => new SideRows(['cost', 'currency'], { label: 'May', from: '2026-05-01' }, []), /no day/);
    assert.throws(() => driverTables(sumsOf([]), sumsOf([], {}, ['service'])), InsightError);
  });

  it('have parts that add up exactly, rows that add up to the total, and coarser tables with the same total', () => {
    fc.assert(
      fc.property(costRows, costRows, (before, after) => {
        const sides = [sumsOf(before), sumsOf(after)] as const;
        const tables = driverTables(...sides);
        for (const { rows, total } of tables) {
          for (const row of [...rows, total]) {
            assert.equal(sumOf(row.parts), row.difference);
            assert.equal(row.after - row.before, row.difference);
          }
          assert.equal(
            rows.reduce((sum, { difference }) => sum + difference, 0n),
            total.difference,
          );
        }
        for (const by of [['service'], ['customer'], []] as DimensionName[][]) {
          assert.deepEqual(
            driverTables(...sides, by).map(({ currency, total }) => [currency, total]),
            tables.map(({ currency, total }) => [currency, total]),
          );
        }
      }),
    );
  });

  it('turn to their negative when sides are swapped', () => {
    fc.assert(
      fc.property(costRows, costRows, (before, after) => {
        const there = driverTables(sumsOf(before), sumsOf(after));
        const back = driverTables(sumsOf(after), sumsOf(before));
        const negative = ({ unsplit, ...parts }: Parts) => {
          return told({
            new: -parts.gone,
            gone: -parts.new,
            quantity: -parts.quantity,
            price: -parts.price,
            rate: -parts.rate,
            unsplit: Object.fromEntries(Object.entries(unsplit).map(([reason, amount]) => [reason, -amount])),
          });
        };
        assert.deepEqual(
          back.map(({ rows }) => rows.map(({ key, parts }) => [key, told(parts)])),
          there.map(({ rows }) => rows.map(({ key, parts }) => [key, negative(parts)])),
        );
      }),
    );
  });

  it('do not depend on the order of rows', () => {
    const shuffled = costRows.chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
    );
    fc.assert(
      fc.property(shuffled, costRows, ([rows, others], after) => {
        assert.deepEqual(driverTables(sumsOf(others), sumsOf(after)), driverTables(sumsOf(rows), sumsOf(after)));
      }),
    );
  });
});
