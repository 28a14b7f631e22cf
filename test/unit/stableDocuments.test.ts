import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SideRows } from '../../src/insight/sideSums.ts';
import { stableDocuments } from '../../src/insight/stableDocuments.ts';
import { COST_HEADER, type CostRow, costRow, costRows } from '../support/insightRows.ts';

function documents(before: readonly (string | null)[][], after: readonly (string | null)[][]): [string, string] {
  const [a, b] = [before, after].map((rows) => {
    const reader = new SideRows(COST_HEADER, { label: 'side' }, ['customer', 'service']);
    for (const row of rows) {
      reader.add(row);
    }
    return reader.sums;
  });
  return stableDocuments(a ?? assert.fail(), b ?? assert.fail());
}

const of = (before: CostRow[], after: CostRow[]) => documents(before.map(costRow), after.map(costRow));

describe('documents of two sides', () => {
  it('have an item on the same line, and say which side does not have it', () => {
    const [before, after] = of([{}, { meterCategory: 'Backup' }], [{ quantity: '6' }]);
    assert.equal(
      before,
      [
        'Customer  |  Service  |  Meter    |  Location  |  Charge type  |  Quantity  |  Price  |  Cost',
        'Contoso   |  Backup   |  Hot LRS  |  (none)    |  Usage        |  4 × 1 GB  |  0.5 USD  |  2.4 EUR',
        'Contoso   |  Storage  |  Hot LRS  |  (none)    |  Usage        |  4 × 1 GB  |  0.5 USD  |  2.4 EUR',
        'Total EUR  |  4.8',
        '',
      ].join('\n'),
    );
    assert.deepEqual(after.split('\n').slice(1, 4), [
      'Contoso   |  Backup   |  Hot LRS  |  (none)    |  Usage        |  not on this side',
      'Contoso   |  Storage  |  Hot LRS  |  (none)    |  Usage        |  6 × 1 GB  |  0.3333333333 USD  |  2.4 EUR',
      'Total EUR  |  2.4',
    ]);
  });

  it('show nothing of days and ids of rows, so equal costs are equal texts', () => {
    const [before, after] = of([{ date: '2026-10-01', invoiceId: 'G1' }], [{ date: '2026-11-01', invoiceId: 'G2' }]);
    assert.equal(before, after);
  });

  it('keep hostile names text on one line', () => {
    const [text] = of([{ customerName: 'a\nTotal EUR  |  0\u202e' }], []);
    assert.match(text, /^a\\u\{a\}Total EUR {2}\| {2}0\\u\{202e\}/m);
    assert.equal(text.split('\n').length, 4);
  });

  it('say that costs were left out, and mark mean prices of several', () => {
    const [text] = of([{}, { effectivePrice: '9' }, { costInBillingCurrency: 'x' }], []);
    assert.match(text, /0\.5 USD on average/);
    assert.match(text, /^Not in here: 1 row with/m);
  });

  it('depend on no order, and have as many lines of items on both sides', () => {
    const lines = (text: string) => text.split('\n').filter((line) => !/^Total|^Not in here/.test(line)).length;
    fc.assert(
      fc.property(costRows, costRows, (before, after) => {
        const [a, b] = documents(before, after);
        assert.deepEqual(documents([...before].reverse(), after), [a, b]);
        assert.equal(lines(a), lines(b));
      }),
    );
  });
});
