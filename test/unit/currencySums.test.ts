import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CsvReader } from '../../src/records/csvReader.ts';
import { CsvTotals } from '../../src/records/csvTotals.ts';
import { CurrencySums } from '../../src/records/currencySums.ts';
import { DecimalSum } from '../../src/records/decimal.ts';
import { RecordReader } from '../../src/records/recordReader.ts';
import type { RecordSchema } from '../../src/records/schema.ts';
import { utcDay } from '../../src/records/sumFinder.ts';
import { CostTotals } from '../../src/records/totals.ts';
import { MODERN_USAGE } from '../../src/records/usageDetails.ts';
import { UTILIZATION } from '../../src/records/utilization.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a sum of the usual numbers', () => {
  const digits = fc
    .tuple(fc.boolean(), fc.stringMatching(/^\d{1,15}$/), fc.option(fc.stringMatching(/^\d{1,24}$/)))
    .map(([negative, whole, fraction]) => `${negative ? '-' : ''}${whole}${fraction === null ? '' : `.${fraction}`}`);

  it('is the sum of all numbers, to the last digit', () => {
    fc.assert(
      fc.property(fc.array(digits, { maxLength: 40 }), (numbers) => {
        const usual = new DecimalSum();
        const any = new DecimalSum();
        for (const number of numbers) {
          assert.ok(usual.addUsual(bytes(` ${number} `), 1, 1 + number.length), number);
          any.add(number);
        }
        assert.equal(String(usual), String(any));
      }),
      { numRuns: 2000 },
    );
  });

  it('stays exact over more rows than doubles could hold', () => {
    const sum = new DecimalSum();
    const number = bytes('999999999999999.999999999999999999999999');
    for (let i = 0; i < 20_000; i++) {
      sum.addUsual(number, 0, number.length);
    }
    assert.equal(String(sum), '19999999999999999999.99999999999999999998');
  });

  it('leaves all else to the one that knows what it is, and adds nothing of it', () => {
    const sum = new DecimalSum();
    for (const text of [
      '',
      '-',
      '.5',
      '1.',
      '1e3',
      '1.5E2',
      '--1',
      '+1',
      '1,5',
      ' 1',
      'x',
      '1.2x',
      '1.123456789012x',
      '1 ',
    ]) {
      assert.equal(sum.addUsual(bytes(text), 0, text.length), false, text);
    }
    assert.equal(sum.addUsual(bytes('1234567890123456'), 0, 16), false);
    assert.equal(sum.addUsual(bytes(`0.${'1'.repeat(25)}`), 0, 27), false);
    assert.equal(String(sum), '0');
  });
});

describe('sums per currency and day', () => {
  function totals(schema: RecordSchema, ...records: string[]): CurrencySums {
    const reader = new RecordReader(schema);
    const costs = new CostTotals(reader);
    reader.readPage(bytes(`{"${schema.list ?? 'value'}":[${records.join()}]}`), (page) => costs.add(page));
    return costs.sums;
  }
  const usage = (date: string, cost: string, currency: string) =>
    `{"properties":{"date":${date},"costInBillingCurrency":${cost},"billingCurrencyCode":"${currency}"}}`;

  it('keeps days apart, and adds them up', () => {
    const sums = totals(
      MODERN_USAGE,
      usage('"2026-10-02T00:00:00.0000000Z"', '1.10', 'USD'),
      usage('"2026-10-01"', '0.00000000000000000001', 'USD'),
      usage('"2026-10-02"', '2', 'EUR'),
      usage('"2026-10-02T00:00:00Z"', '"0.05"', 'USD'),
      usage('"2026-10-02T00:00:00Z"', '1e-2', 'USD'),
      usage('"2026-10-02T00:00:00Z"', 'null', 'USD'),
    );
    assert.deepEqual(sums.days(), {
      '2026-10-01': { USD: '0.00000000000000000001' },
      '2026-10-02': { EUR: '2', USD: '1.16' },
    });
    assert.deepEqual(sums.result(), { EUR: '2', USD: '1.16000000000000000001' });
    assert.equal(sums.withoutCost, 1);
  });

  it('takes the day in UTC, whatever offset a time has', () => {
    const record = (time: string) => `{"usageStartTime":"${time}","quantity":1,"unit":"Hours"}`;
    const sums = totals(
      UTILIZATION,
      record('2026-10-01T17:00:00-07:00'),
      record('2026-10-01T16:59:59.9999999-07:00'),
      record('2026-10-02T00:30:00+01:00'),
    );
    assert.deepEqual(sums.days(), { '2026-10-01': { Hours: '2' }, '2026-10-02': { Hours: '1' } });
  });

  it('loses no cost of a record that tells no day', () => {
    const sums = totals(
      MODERN_USAGE,
      usage('null', '1', 'USD'),
      usage('"soon"', '2', 'USD'),
      usage('"2026-13-40"', '4', 'USD'),
      usage(`"${'9'.repeat(100)}"`, '8', 'USD'),
    );
    assert.deepEqual(sums.days(), { '': { USD: '15' } });
    assert.deepEqual(sums.result(), { USD: '15' });
  });

  it('adds the same whatever order rows come in, and however long they go on', () => {
    const row = fc.record({
      day: fc.constantFrom('2026-10-01', '2026-10-02', '2026-10-03'),
      currency: fc.constantFrom('USD', 'EUR', 'US', ''),
      cents: fc.integer(),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
        const expected = new CurrencySums();
        const records = rows.map(({ day, currency, cents }) => {
          const digits = (cents / 100).toFixed(2);
          expected.add(digits, currency, day);
          return usage(`"${day}T00:00:00Z"`, digits, currency);
        });
        assert.deepEqual(totals(MODERN_USAGE, ...records).snapshot(), expected.snapshot());
      }),
    );
  });

  it('goes on behind what was added before, and joins parts', () => {
    const whole = totals(
      MODERN_USAGE,
      usage('"2026-10-01"', '1.5', 'USD'),
      usage('"2026-10-02"', 'null', 'USD'),
      usage('null', '2', 'EUR'),
    );
    const joined = new CurrencySums();
    for (const record of [
      usage('"2026-10-01"', '1.5', 'USD'),
      usage('"2026-10-02"', 'null', 'USD'),
      usage('null', '2', 'EUR'),
    ]) {
      joined.merge(JSON.parse(JSON.stringify(totals(MODERN_USAGE, record).snapshot())));
    }
    assert.deepEqual(joined.snapshot(), whole.snapshot());
    assert.deepEqual(joined.days(), whole.days());
    assert.equal(joined.withoutCost, 1);
  });

  it('knows the day of rows of cost files, in which the month stands first', () => {
    let sums: CsvTotals | undefined;
    const reader = new CsvReader(
      () => {
        sums = new CsvTotals(reader.header ?? []);
      },
      (row) => sums?.add(row),
    );
    reader.write(
      bytes(
        'Date,costInBillingCurrency,billingCurrency\n10/02/2026,1.25,USD\n10/02/2026,2,USD\n2026-10-03,4,USD\n,8,USD\n',
      ),
    );
    reader.endPart();
    assert.deepEqual(sums?.sums.days(), {
      '': { USD: '8' },
      '2026-10-02': { USD: '3.25' },
      '2026-10-03': { USD: '4' },
    });
  });

  it('has no day for what is no date', () => {
    for (const text of ['', 'x', '2026', '2026-02-30', '31/12/2026', '2026-10-01T25:00:00Z']) {
      assert.equal(utcDay(text), '', text);
    }
  });
});
