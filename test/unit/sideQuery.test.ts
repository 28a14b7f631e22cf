import assert from 'node:assert/strict';
import { InsightError } from '../../src/insight/side.ts';
import { answerSums, sideQuery } from '../../src/insight/sideQuery.ts';

const side = { label: 'x', from: '2026-10-01', only: [{ dimension: 'service', values: ["Sto'rage; --"] }] } as const;

describe('questions for the sums of a side', () => {
  it('quote names, and have values as parameters alone', () => {
    const columns = ['Date', 'meterCategory', 'cost', 'currency', 'customer"Name'].map((name) => ({
      name,
      isDecimal: name === 'cost',
    }));
    const { sql, parameters } = sideQuery(side, ['service'], { name: 'us"age', columns });
    assert.deepEqual(parameters, ["sto'rage; --", '2026-10-01']);
    assert.match(sql, /FROM "us""age" WHERE/);
    assert.ok(!sql.includes('Sto') && !sql.includes('2026-10-01') && !sql.includes(';'));
  });

  it('are answered in their own shape alone', () => {
    assert.throws(() => answerSums(side, ['service'], [['Storage']]), InsightError);
    const texts = ['Storage', 'Storage', 'm', 'Meter', '', 'Usage', 'GB', 'EUR', 'USD'];
    const sums = answerSums(side, ['service'], [[...texts, '2', '1', '3.5', '3', '2', '7', '2', '0.5', '0.5']]);
    assert.deepEqual([sums.rows, sums.unread, sums.items.size], [2, 1, 1]);
    assert.throws(
      () => answerSums(side, ['service'], [[...texts, '2', '1', 'x', '3', '2', '7', '2', '0.5', '0.5']]),
      /'x' of the answer is no decimal/,
    );
  });
});
