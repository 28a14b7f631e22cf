import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DecimalSum } from '../../src/records/decimal.ts';
import { decimalOf, writeDecimal } from '../../src/records/decimalBytes.ts';
import { decimalUnits } from '../../src/records/decimalUnits.ts';
import { columnLetters, sheetText } from '../../src/records/excelText.ts';
import { excelRefusal, FILE_FORMATS, formatLabel, isTextFormat } from '../../src/records/fileFormats.ts';
import { parseInstant } from '../../src/records/instant.ts';

/** Units of 10^-20 in plain digits. */
function plain(units: bigint): string {
  const sum = new DecimalSum();
  const digits = (units < 0n ? -units : units).toString().padStart(21, '0');
  sum.add(`${units < 0n ? '-' : ''}${digits.slice(0, -20)}.${digits.slice(-20)}`);
  return sum.toString();
}

describe('decimalUnits', () => {
  it('is the exact number, or none', () => {
    const digits = fc
      .tuple(
        fc.constantFrom('', '-'),
        fc.bigInt({ min: 0n, max: 10n ** 22n }),
        fc.option(fc.stringMatching(/^\d{1,24}$/)),
        fc.option(fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-'), fc.integer({ min: 0, max: 30 }))),
      )
      .map(([sign, whole, fraction, exponent]) => {
        const point = fraction === null ? '' : `.${fraction}`;
        return `${sign}${whole}${point}${exponent?.join('') ?? ''}`;
      });
    fc.assert(
      fc.property(digits, (text) => {
        const exact = new DecimalSum();
        exact.add(text);
        const expected = exact.toString();
        const [whole = '', fraction = ''] = expected.replace('-', '').split('.');
        const units = decimalUnits(text, 38, 20);
        if (fraction.length > 20 || whole.length > 18) {
          assert.equal(units, undefined);
        } else {
          assert.equal(units === undefined ? undefined : plain(units), expected);
        }
      }),
      { numRuns: 1000 },
    );
  });

  for (const [digits, units] of [
    ['0', 0n],
    ['-0.000', 0n],
    ['0e999999999', 0n],
    ['1e999999999', undefined],
    ['1e-999999999', undefined],
    ['0.00000000000000000001', 1n],
    ['0.000000000000000000010', 1n],
    ['0.000000000000000000001', undefined],
    ['1000000000000000000000000000e-47', 1n],
    ['999999999999999999.99999999999999999999', 10n ** 38n - 1n],
    ['-999999999999999999.99999999999999999999', 1n - 10n ** 38n],
    ['1000000000000000000', undefined],
    ['', undefined],
    ['1,5', undefined],
    ['NaN', undefined],
  ] as const) {
    it(`takes '${digits}' for ${units ?? 'no number that fits'}`, () => {
      assert.equal(decimalUnits(digits, 38, 20), units);
    });
  }
});

describe('writeDecimal', () => {
  it('writes what decimalUnits says, or nothing', () => {
    const digits = fc
      .tuple(
        fc.constantFrom('', '-'),
        fc.bigInt({ min: 0n, max: 10n ** 19n }),
        fc.option(fc.stringMatching(/^\d{1,22}$/)),
        fc.constantFrom('', '', '', 'e2', 'E-3'),
      )
      .map(
        ([sign, whole, fraction, exponent]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent}`,
      );
    fc.assert(
      fc.property(digits, (text) => {
        const bytes = new Uint8Array(24).fill(0xaa);
        const units = decimalUnits(text, 38, 20);
        assert.equal(writeDecimal(bytes, 4, text, 38, 20), units !== undefined);
        if (units !== undefined) {
          assert.equal(decimalOf(bytes, 4), units);
        }
        assert.deepEqual([...bytes.subarray(0, 4), ...bytes.subarray(20)], Array(8).fill(0xaa));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('parseInstant', () => {
  for (const [text, iso, microseconds = 0] of [
    ['2026-10-01', '2026-10-01T00:00:00.000Z'],
    ['20261001', '2026-10-01T00:00:00.000Z'],
    ['10/31/2026', '2026-10-31T00:00:00.000Z'],
    ['2026-10-01T00:00:00', '2026-10-01T00:00:00.000Z'],
    ['2026-10-01T23:59:59.9999990Z', '2026-10-01T23:59:59.999Z', 999],
    ['2026-10-01T00:00:00.0000000Z', '2026-10-01T00:00:00.000Z'],
    ['2026-10-01 07:08:09 +00:00', '2026-10-01T07:08:09.000Z'],
    ['2026-10-01T00:00:00-07:00', '2026-10-01T07:00:00.000Z'],
    ['2026-01-01T00:30:00+05:45', '2025-12-31T18:45:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999Z', 999],
  ] as const) {
    it(`reads ${text}`, () => {
      const instant = parseInstant(text);
      assert.deepEqual([new Date(instant?.ms ?? Number.NaN).toISOString(), instant?.microseconds], [iso, microseconds]);
    });
  }

  for (const text of [
    ...['', 'soon', '2026', '2026-13-01', '2026-02-29', '2026-10-00', '31/10/2026', '1/1/2026', '20261301'],
    ...[
      '2026-10-01T24:00:00Z',
      '2026-10-01T00:60:00Z',
      '2026-10-01T00:00:00.0000001Z',
      '2026-10-01T00:00',
      ' 2026-10-01',
    ],
  ]) {
    it(`reads no date in '${text}'`, () => {
      assert.equal(parseInstant(text), undefined);
    });
  }
});

describe('text of a sheet', () => {
  it('is XML that holds any text', () => {
    const unit = fc.oneof(
      fc.constantFrom('_x', '_x0041_', '&', '<', ']]>', '_', 'x005F', '\r', '\ud800', '\udc00'),
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        const xml = sheetText(text);
        assert.match(xml, /^(?:&(?:amp|lt|gt);|[^&<>\p{Cs}])*$/u);
        // All that XML 1.0 has below the blank, without the carriage return, which its readers take for a line feed.
        assert.ok(Array.from(xml).every((c) => (c >= ' ' || c === '\t' || c === '\n') && !/[\ufffe\uffff]/.test(c)));
        const read = xml
          .replace(/_x([0-9A-F]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&amp;', '&');
        assert.equal(read, text);
      }),
      { numRuns: 1000 },
    );
  });

  it('stands in columns by letters', () => {
    assert.deepEqual([0, 25, 26, 51, 52, 701, 702, 16_383].map(columnLetters), [
      ...['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA', 'XFD'],
    ]);
  });
});

describe('formats of files', () => {
  it('are text that is written as rows come, or converted from it', () => {
    assert.deepEqual(
      FILE_FORMATS.map((format) => [formatLabel(format), isTextFormat(format)]),
      [
        ['CSV', true],
        ['JSON', true],
        ['JSON lines', true],
        ['Parquet', false],
        ['Excel', false],
      ],
    );
  });

  it('refuse what Excel cannot hold', () => {
    assert.equal(excelRefusal(1_000_000), undefined);
    assert.equal(
      excelRefusal(1_000_001),
      'An Excel file holds 1,000,000 rows and the export has more: choose Parquet or CSV.',
    );
  });
});
