import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { guardText, mayRun } from '../../src/records/formulaGuard.ts';
import { MODERN_USAGE } from '../../src/records/usageDetails.ts';
import { writeFile, writePage } from '../support/writeRows.ts';

describe('the guard against formulas', () => {
  it('puts an apostrophe before what a spreadsheet would run', () => {
    for (const text of [
      ...[
        '=1+1',
        '+cmd',
        '-cmd|x',
        '@SUM(A1)',
        '=',
        '-',
        '\tx',
        '\rx',
        '\nx',
        ' =1',
        '\u00a0=1',
        '\u3000-x',
        '\u200b=1',
      ],
      ...['"=1', `'=1`, ` "' =1`, '＝1', '＋x', '－x', '＠x', '-1+1', '+49 30 1234', '--1', '-.e5', '-0x1F'],
    ]) {
      assert.equal(guardText(text), `'${text}`, JSON.stringify(text));
    }
  });

  it('leaves numbers and all other text alone', () => {
    for (const text of [
      '-1',
      '-0.10',
      '+1.5',
      '-2E+3',
      '-.5',
      '1-2',
      'a=b',
      '',
      ' ',
      'x\n=1',
      '{"a":"=1"}',
      '2026-10-01',
      "it's",
    ]) {
      assert.equal(guardText(text), text);
    }
  });

  it('is asked for each text that it would change, by its first byte', () => {
    const start = fc.constantFrom(
      ' ',
      '\t',
      '\u00a0',
      '\u2003',
      '\ufeff',
      '"',
      "'",
      '=',
      '-',
      '＋',
      '@',
      '\u0007',
      '\u{e0001}',
      'x',
    );
    fc.assert(
      fc.property(fc.array(start, { maxLength: 5 }), fc.string(), (starts, rest) => {
        const text = starts.join('') + rest;
        if (guardText(text) !== text) {
          assert.ok(mayRun(Buffer.from(text)[0]));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('changes the cells that need it in CSV of records, and nothing else', () => {
    const page = Buffer.from(
      '{"value":[{"properties":{"customerName":"=1+1","subscriptionName":"\\u003d1","meterName":"a,b","quantity":-1.50,"costInBillingCurrency":"-2","resourceGroup":"-rg","tags":{"=":1}}}]}',
    );
    const [plain, guarded] = [false, true].map((formulaGuard) =>
      writePage(MODERN_USAGE, page, 'csv', { formulaGuard }),
    );
    assert.equal(guarded, plain?.replace('=1+1', "'=1+1").replace(',=1,', ",'=1,").replace('-rg', "'-rg"));
  });

  it('changes the cells that need it in CSV of cost files, and copies all other rows byte for byte', () => {
    const header = '=name,quantity,note\n';
    const file = `${header}"plain",-1.5,"a ""b"""\n"=1+1",-2,x\n ,+3,"""@x"\n`;
    assert.equal(writeFile(file, 'csv', { formulaGuard: false }), file);
    assert.equal(
      writeFile(file, 'csv', { formulaGuard: true }),
      `'=name,quantity,note\n"plain",-1.5,"a ""b"""\n'=1+1,-2,x\n ,+3,"'""@x"\n`,
    );
  });

  it('finds every text that needs it, in records and in cost files', () => {
    const start = fc.constantFrom(
      ' ',
      '\t',
      '\u00a0',
      '\ufeff',
      '"',
      "'",
      '=',
      '-',
      '＋',
      '@',
      '\u0007',
      '\\',
      ',',
      '7',
      'é',
    );
    const text = fc
      .tuple(fc.array(start, { maxLength: 4 }), fc.string())
      .map(([starts, rest]) => starts.join('') + rest);
    const cells = (csv: string) => parse(csv, { from_line: 2, record_delimiter: '\n' })[0] ?? [];
    fc.assert(
      fc.property(text, text, (one, other) => {
        const expected = [one, other].map(guardText);
        const page = Buffer.from(JSON.stringify({ value: [{ properties: { date: one, customerName: other } }] }));
        assert.deepEqual(cells(writePage(MODERN_USAGE, page, 'csv', { formulaGuard: true })).slice(0, 2), expected);
        // A quoted cell may hold any text, so the file is the hostile one as well.
        const quoted = [one, other].map((cell) => `"${cell.replaceAll('"', '""')}"`).join();
        assert.deepEqual(cells(writeFile(`a,b\n${quoted}\n`, 'csv', { formulaGuard: true })), expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('does not touch JSON, which nobody runs', () => {
    const page = Buffer.from('{"value":[{"properties":{"customerName":"=1+1"}}]}');
    assert.match(
      writePage(MODERN_USAGE, page, 'json', { formulaGuard: true, bom: true, lineEnd: '\r\n' }),
      /^\[\n[^\r']*"=1\+1"/,
    );
  });
});
