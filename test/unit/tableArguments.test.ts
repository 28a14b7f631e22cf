import assert from 'node:assert/strict';
import { copyText, groupSheet } from '../../src/tables/copySheet.ts';
import { keptReport, tableExport, tableFiles } from '../../src/tables/tableArguments.ts';
import { refusal } from '../support/refusal.ts';

describe('arguments of commands on tables', () => {
  it('name files by absolute paths', () => {
    assert.deepEqual(tableFiles({ file: '/a/usage.csv' }), ['/a/usage.csv']);
    assert.deepEqual(tableFiles({ files: ['/a/1.parquet', '/a/2.parquet'] }), ['/a/1.parquet', '/a/2.parquet']);
    assert.match(refusal(() => tableFiles({})).message, /^file: is missing/);
    assert.match(refusal(() => tableFiles({ file: 'usage.csv' })).message, /^file: is not an absolute path/);
    assert.match(refusal(() => tableFiles({ files: [] })).message, /^files: names no file/);
    assert.match(
      refusal(() => tableFiles({ file: '/a.csv', files: ['/b.csv'] })).message,
      /^files: cannot stand beside file/,
    );
    assert.match(refusal(() => tableFiles({ file: '/a.csv', sql: 'x' })).message, /^sql: is not a member/);
  });

  it('say how a report is asked for again, by the commands that make reports and by no other', () => {
    const report = {
      command: 'azureBilling.compareCosts' as const,
      argument: { connection: 'Contoso', before: { scope: '/a', period: '2026-10' }, after: { scope: '/b' }, by: [] },
    };
    assert.deepEqual(tableFiles({ file: '/a.csv', report }), ['/a.csv']);
    // A page keeps it: the same question has to be the same text after a reload.
    assert.equal(JSON.stringify(keptReport(JSON.parse(JSON.stringify(report)))), JSON.stringify(report));
    const others = [
      { ...report, command: 'azureBilling.clearStore' },
      { ...report, argument: {} },
      { ...report, more: 1 },
    ];
    for (const other of [...others, undefined, 'x', null]) {
      assert.equal(keptReport(other), undefined, JSON.stringify(other));
    }
    for (const other of others) {
      assert.match(refusal(() => tableFiles({ file: '/a.csv', report: other })).message, /^report/);
    }
  });

  it('tell what is exported where', () => {
    assert.deepEqual(tableExport({ to: '/out/a.PARQUET' }), {
      files: undefined,
      to: '/out/a.PARQUET',
      format: 'parquet',
      columns: undefined,
      view: undefined,
    });
    const filters = [{ column: 'Cost', test: 'between', from: '1' }];
    const full = tableExport({ file: '/a.csv', to: '/o', format: 'csv', sort: [{ column: 'Cost' }], filters });
    assert.deepEqual(full.view, { sort: [{ column: 'Cost', descending: false }], filters });
    assert.match(refusal(() => tableExport({ to: '/out/a.xlsx' })).message, /^to: ends neither with/);
    assert.match(
      refusal(() => tableExport({ to: '/a.csv', filters: [{ column: 'a', test: 'is' }] })).message,
      /^filters/,
    );
    assert.match(refusal(() => tableExport({ to: '/a.csv', columns: [] })).message, /^columns: names no column/);
  });
});

describe('what is copied of a table', () => {
  it('is what spreadsheets take, and no formula of a name', () => {
    const sheet = [
      ['Name', 'Cost'],
      ['=1+1', '-5.5'],
      ['a\tb', null],
      ['say "x"\nno', ''],
    ];
    assert.equal(copyText(sheet, true), 'Name\tCost\r\n\'=1+1\t-5.5\r\n"a\tb"\t\r\n"say ""x""\nno"\t\r\n');
    assert.match(copyText(sheet, false), /\r\n=1\+1\t/);
  });

  it('has a column for each currency of a sum', () => {
    const cost = (currency: string, sum: string) => ({ column: 'Cost', currency, sum, values: 1 });
    const sheet = groupSheet({ columns: [{ column: 'Date', by: 'day' }], sums: ['Cost'] }, [
      { keys: ['2026-11-01'], rows: 2, sums: [cost('EUR', '1.5'), cost('USD', '2')] },
      { keys: [null], rows: 1, sums: [cost('EUR', '7')] },
    ]);
    assert.deepEqual(sheet, [
      ['Date by day', 'Rows', 'Cost (EUR)', 'Cost (USD)'],
      ['2026-11-01', '2', '1.5', '2'],
      [null, '1', '7', null],
    ]);
  });
});
