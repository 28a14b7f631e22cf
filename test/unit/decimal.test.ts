import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DecimalSum } from '../../src/records/decimal.ts';
import { RecordReader } from '../../src/records/recordReader.ts';
import { defineSchema } from '../../src/records/schema.ts';
import { CostTotals } from '../../src/records/totals.ts';

function sum(...numbers: string[]): string {
  const total = new DecimalSum();
  for (const digits of numbers) {
    total.add(digits);
  }
  return total.toString();
}

describe('DecimalSum', () => {
  const DECIMALS = 80;

  interface Term {
    digits: string;
    /** The value times 10^DECIMALS. */
    units: bigint;
  }

  const term = fc
    .record({
      negative: fc.boolean(),
      whole: fc.bigInt({ min: 0n, max: 10n ** 30n }),
      fraction: fc.oneof(fc.constant(''), fc.stringMatching(/^\d{1,24}$/)),
      exponent: fc.option(fc.integer({ min: -40, max: 40 })),
      mark: fc.constantFrom('e', 'E', 'e+', 'E+'),
    })
    .map(({ negative, whole, fraction, exponent, mark }): Term => {
      const shift = exponent ?? 0;
      const sign = shift < 0 ? (mark[0] ?? 'e') : mark;
      const units = BigInt(`${whole}${fraction}`) * 10n ** BigInt(DECIMALS - fraction.length + shift);
      return {
        digits: `${negative ? '-' : ''}${whole}${fraction && `.${fraction}`}${exponent === null ? '' : sign + exponent}`,
        units: negative ? -units : units,
      };
    });

  it('adds any numbers without an error in any digit', () => {
    fc.assert(
      fc.property(fc.array(term, { maxLength: 12 }), (terms) => {
        const text = sum(...terms.map(({ digits }) => digits));
        const [, sign = '', whole = '', fraction = ''] = /^(-?)(0|[1-9]\d*)(?:\.(\d*[1-9]))?$/.exec(text) ?? [];
        assert.notEqual(whole, '', text);
        const units = BigInt(whole + fraction.padEnd(DECIMALS, '0'));
        assert.equal(
          sign === '-' ? -units : units,
          terms.reduce((total, { units }) => total + units, 0n),
        );
        assert.notEqual(text, '-0');
      }),
      { numRuns: 500 },
    );
  });

  for (const [numbers, expected] of [
    [[], '0'],
    [['0'], '0'],
    [['-0', '-0.00'], '0'],
    [['0.1', '0.2'], '0.3'],
    [['1.50', '-1.5'], '0'],
    [['-0.05'], '-0.05'],
    [['0.00000000000000000001', '12345678901234567890'], '12345678901234567890.00000000000000000001'],
    [['1e3', '1E-3', '1.5e+1'], '1015.001'],
    [['100', '-0.0'], '100'],
  ] as const) {
    it(`of ${numbers.join(' and ') || 'nothing'} is ${expected}`, () => assert.equal(sum(...numbers), expected));
  }

  it('refuses what is no number and keeps its sum', () => {
    const total = new DecimalSum();
    total.add('1.5');
    const wrong = ['', ' ', '1,5', '1.', '.5', '+1', '1e', '1e5.5', 'NaN', 'Infinity', '0x10', '1_000', '1 ', '--1'];
    for (const text of [...wrong, '1.5\n', '١', '1e1000', 'null', '12 USD']) {
      assert.throws(() => total.add(text), RangeError, JSON.stringify(text));
    }
    assert.equal(total.toString(), '1.5');
  });
});

describe('CostTotals', () => {
  const SCHEMA = defineSchema('test', ['cost', 'currency'], ['name'], { amount: 'cost', currency: 'currency' });

  /** @param properties the JSON text of each record's properties */
  function totals(...properties: string[]): Record<string, string> {
    const reader = new RecordReader(SCHEMA);
    const costs = new CostTotals(reader);
    const page = new TextEncoder().encode(`{"value":[${properties.map((text) => `{"properties":${text}}`).join()}]}`);
    reader.readPage(page, (bytes) => costs.add(bytes));
    return costs.result();
  }

  it('keeps currencies apart and lists them by code', () => {
    const result = totals(
      '{"cost":1.10,"currency":"USD"}',
      '{"currency":"EUR","cost":0.00000000000000000001}',
      '{"cost":-0.10,"currency":"USD"}',
      '{"cost":5e2,"currency":"JPY"}',
    );
    assert.deepEqual(result, { EUR: '0.00000000000000000001', JPY: '500', USD: '1' });
    assert.deepEqual(Object.keys(result), ['EUR', 'JPY', 'USD']);
  });

  it('adds numbers that were sent as text', () => {
    assert.deepEqual(totals('{"cost":"1.25","currency":"USD"}', '{"cost":0.75,"currency":"USD"}'), { USD: '2' });
  });

  it('adds nothing for a cost that is null, missing or empty', () => {
    assert.deepEqual(
      totals('{"cost":null,"currency":"USD"}', '{"currency":"USD"}', '{"cost":"","currency":"USD"}'),
      {},
    );
    assert.deepEqual(totals('{"cost":" ","currency":"USD"}', '{"cost":0,"currency":"USD"}', '{}'), { USD: '0' });
  });

  it('keeps costs without a currency apart from all others', () => {
    assert.deepEqual(
      totals('{"cost":1}', '{"cost":2,"currency":null}', '{"cost":4,"currency":""}', '{"cost":8,"currency":"USD"}'),
      { '': '7', USD: '8' },
    );
  });

  it('refuses a cost that is no number rather than leaving it out', () => {
    for (const cost of ['"free"', 'true', '{}', '[1]', '"1,50"']) {
      assert.throws(() => totals(`{"cost":${cost},"currency":"USD"}`), RangeError, cost);
    }
  });
});
