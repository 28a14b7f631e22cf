import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { openUsageTable } from '../../src/engine/table/openTable.ts';
import type { TableView, UsageTable } from '../../src/engine/table/usageTable.ts';
import { DecimalSum } from '../../src/records/decimal.ts';
import { guardText } from '../../src/records/formulaGuard.ts';
import { COST_COLUMNS, costRows, csvText, shownCell } from '../support/costFileRows.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';

const ALL: TableView = { sort: [], filters: [] };
const COST = 'costInBillingCurrency';
const ROWS = 12_000;

describe('The usage table', function () {
  this.timeout(60_000);
  let test: TestEngine;
  const texts = costRows(ROWS);
  const shown = texts.map((row) => row.map(shownCell));
  const at = (name: string) => COST_COLUMNS.indexOf(name);
  before(async () => {
    test = await startEngine();
    await writeFile(test.at('usage.csv'), csvText(COST_COLUMNS, texts));
    const csv = await openUsageTable(test.engine, [test.at('usage.csv')]);
    await csv.export(ALL, COST_COLUMNS, { file: test.at('usage.parquet'), format: 'parquet' });
    await csv.close();
  });
  after(() => test.close());

  const sumOf = (rows: readonly (readonly string[])[], currency: string) => {
    const sum = new DecimalSum();
    let values = 0;
    for (const row of rows) {
      const cost = row[at(COST)] ?? '';
      if (row[at('billingCurrency')] === currency && cost !== '') {
        sum.add(cost);
        values++;
      }
    }
    return { column: COST, currency, sum: sum.toString(), values };
  };

  for (const name of ['usage.csv', 'usage.parquet']) {
    describe(`over ${name}`, () => {
      let table: UsageTable;
      // Exports type their dates: a Parquet file has no form of them.
      const dated = (row: readonly (string | null)[]) =>
        name === 'usage.csv' ? row : row.map((cell, i) => (i === 0 ? `2026-10-${cell?.slice(3, 5)}` : cell));
      before(async () => {
        table = await openUsageTable(test.engine, [test.at(name)]);
      });
      after(() => table.close());

      it('knows its columns', () => {
        assert.deepEqual(
          table.columns.map(({ name: column, kind }) => [column, kind]),
          COST_COLUMNS.map((column) => [
            column,
            { Date: 'date', [COST]: 'decimal', quantity: 'decimal' }[column] ?? 'text',
          ]),
        );
      });

      it('shows rows by window in the order of the file, before and after it was read to its end', async () => {
        for (const round of [1, 2]) {
          for (const [first, count] of [
            [0, 50],
            [4_990, 20],
            [ROWS - 5, 50],
            [ROWS + 5, 10],
          ] as const) {
            const rows = await table.rows(ALL, first, count, COST_COLUMNS);
            assert.deepEqual(rows, shown.slice(first, first + count).map(dated), `${round}: ${first}`);
          }
          assert.equal(await table.count(ALL), ROWS);
        }
        assert.deepEqual(await table.rows(ALL, 3, 1, ['__row', 'Date']), [
          [shown[3]?.[at('__row')], dated(shown[3] ?? [])[0]],
        ]);
      });

      it('sorts, with empty cells last and equal rows in the order of the file, at any place', async () => {
        for (const descending of [false, true]) {
          const view = {
            sort: [
              { column: 'MeterCategory', descending },
              { column: 'billingCurrency', descending: !descending },
            ],
            filters: [],
          };
          const key = (row: readonly (string | null)[]) => [row[at('MeterCategory')], row[at('billingCurrency')]];
          const compare = (a: string | null | undefined, b: string | null | undefined, down: boolean) =>
            a === b ? 0 : a == null ? 1 : b == null ? -1 : (a < b ? -1 : 1) * (down ? -1 : 1);
          const sorted = shown.toSorted((a, b) => {
            const [[a1, a2], [b1, b2]] = [key(a), key(b)];
            return compare(a1, b1, descending) || compare(a2, b2, !descending);
          });
          for (const [first, count] of [
            [0, 40],
            [980, 40],
            [7_000, 700],
            [ROWS - 20, 50],
          ] as const) {
            assert.deepEqual(
              await table.rows(view, first, count, COST_COLUMNS),
              sorted.slice(first, first + count).map(dated),
              String(first),
            );
          }
        }
      });

      it('sorts numbers as numbers', async () => {
        const rows = await table.rows({ sort: [{ column: COST, descending: true }], filters: [] }, 0, 100, [COST]);
        const numbers = rows.map(([cost]) => Number(cost));
        assert.deepEqual(
          numbers,
          numbers.toSorted((a, b) => b - a),
        );
      });

      const filters: [string, TableView['filters'], (row: readonly (string | null)[]) => boolean][] = [
        [
          'one of',
          [{ column: 'MeterCategory', test: 'oneOf', values: ['Storage', null] }],
          (row) => ['Storage', null].includes(row[at('MeterCategory')] ?? null),
        ],
        [
          'none of',
          [{ column: 'MeterCategory', test: 'noneOf', values: ['Storage', 'nothing'] }],
          (row) => row[at('MeterCategory')] !== 'Storage',
        ],
        [
          'none of with empty',
          [{ column: 'MeterCategory', test: 'noneOf', values: [null] }],
          (row) => row[at('MeterCategory')] !== null,
        ],
        ['one of nothing', [{ column: 'MeterCategory', test: 'oneOf', values: [] }], () => false],
        [
          'one of numbers',
          [{ column: 'quantity', test: 'oneOf', values: ['2.5', '3.25'] }],
          (row) => ['2.5', '3.25'].includes(row[at('quantity')] ?? ''),
        ],
        [
          'contains',
          [{ column: 'ResourceId', test: 'contains', text: 'RG-1/VM-1' }],
          (row) => (row[at('ResourceId')] ?? '').includes('rg-1/vm-1'),
        ],
        ['does not contain', [{ column: 'note', test: 'notContains', text: "'; DROP TABLE base; --" }], () => true],
        [
          'starts with',
          [{ column: 'note', test: 'startsWith', text: 'äö' }],
          (row) => row[at('note')]?.startsWith('ÄÖ') === true,
        ],
        [
          'between numbers',
          [{ column: COST, test: 'between', from: '-10', to: '12.5' }],
          (row) => row[at(COST)] !== null && Number(row[at(COST)]) >= -10 && Number(row[at(COST)]) <= 12.5,
        ],
        [
          'between days',
          [{ column: 'Date', test: 'between', from: '2026-10-03', to: '2026-10-05' }],
          (row) => ['03', '04', '05'].includes(row[0]?.slice(3, 5) ?? ''),
        ],
        ['empty', [{ column: COST, test: 'empty' }], (row) => row[at(COST)] === null],
        [
          'not empty and one more',
          [
            { column: COST, test: 'notEmpty' },
            { column: 'billingCurrency', test: 'oneOf', values: ['EUR'] },
          ],
          (row) => row[at(COST)] !== null && row[at('billingCurrency')] === 'EUR',
        ],
      ];
      for (const [what, list, keeps] of filters) {
        it(`filters: ${what}`, async () => {
          const view = { sort: [], filters: list };
          const kept = shown.filter(keeps);
          assert.equal(await table.count(view), kept.length);
          assert.deepEqual(await table.rows(view, 0, 60, COST_COLUMNS), kept.slice(0, 60).map(dated));
          assert.deepEqual(await table.rows(view, 1_200, 300, COST_COLUMNS), kept.slice(1_200, 1_500).map(dated));
        });
      }

      it('adds exactly, per currency: all rows, a range, a range of a sorted view', async () => {
        const quantity = new DecimalSum();
        for (const row of texts) {
          quantity.add(row[at('quantity')] ?? '');
        }
        assert.deepEqual(await table.sums(ALL, [COST, 'quantity']), {
          rows: ROWS,
          sums: [
            sumOf(texts, 'EUR'),
            sumOf(texts, 'USD'),
            {
              column: 'quantity',
              currency: null,
              sum: quantity.toString(),
              values: ROWS,
            },
          ],
        });
        const part = texts.slice(100, 350);
        assert.deepEqual(await table.sums(ALL, [COST], { first: 100, count: 250 }), {
          rows: 250,
          sums: [sumOf(part, 'EUR'), sumOf(part, 'USD')],
        });
        const view: TableView = { sort: [], filters: [{ column: 'billingCurrency', test: 'oneOf', values: ['EUR'] }] };
        const euros = texts.filter((row) => row[at('billingCurrency')] === 'EUR');
        assert.deepEqual(await table.sums(view, [COST], { first: 10, count: 20 }), {
          rows: 20,
          sums: [sumOf(euros.slice(10, 30), 'EUR')],
        });
        await assert.rejects(table.sums(ALL, ['note']), /note has no numbers/);
      });

      it('groups by day and service with sums per currency, in pages', async () => {
        const by = { columns: [{ column: 'Date', by: 'day' as const }, { column: 'MeterCategory' }], sums: [COST] };
        const { rows, total } = await table.groups(ALL, by, { descending: false }, 0, 1_000);
        assert.equal(total, 31 * 4);
        assert.equal(rows.length, total);
        for (const {
          keys: [day, service],
          rows: size,
          sums,
        } of rows) {
          const group = texts.filter(
            (row) => row[0] === `10/${day?.slice(8)}/2026` && row[at('MeterCategory')] === (service ?? ''),
          );
          assert.equal(size, group.length);
          assert.deepEqual(
            sums,
            ['EUR', 'USD'].map((currency) => sumOf(group, currency)).filter(({ values }) => values > 0),
          );
        }
        const largest = await table.groups(ALL, by, { sum: COST, descending: true }, 0, 5);
        const money = (sums: readonly { sum: string }[]) => Math.max(...sums.map(({ sum }) => Number(sum)));
        assert.deepEqual(
          largest.rows.map(({ sums }) => money(sums)),
          rows
            .map(({ sums }) => money(sums))
            .toSorted((a, b) => b - a)
            .slice(0, 5),
        );
        const next = await table.groups(ALL, by, { sum: COST, descending: true }, 3, 2);
        assert.deepEqual(next.rows, largest.rows.slice(3));
        assert.deepEqual(await table.groups(ALL, by, { descending: false }, 500, 5), { rows: [], total });
        const months = await table.groups(
          ALL,
          { columns: [{ column: 'Date', by: 'month' }], sums: [] },
          { descending: false },
          0,
          5,
        );
        assert.deepEqual(months, { rows: [{ keys: ['2026-10'], rows: ROWS, sums: [] }], total: 1 });
      });

      it('finds text forwards, backwards and around the end, in sorted views too', async () => {
        assert.deepEqual(await table.find(ALL, 'ROW 777', ['note', '__row'], 0, false), { row: 777, column: '__row' });
        assert.deepEqual(await table.find(ALL, 'row 777', ['__row'], 778, false), { row: 7_770, column: '__row' });
        assert.deepEqual(await table.find(ALL, 'row 777', ['__row'], 777, true), { row: 7_779, column: '__row' });
        assert.deepEqual(await table.find(ALL, 'row 777', ['__row'], 7_779, true), { row: 7_778, column: '__row' });
        assert.equal(await table.find(ALL, 'no such text', COST_COLUMNS, 5, false), undefined);
        const view: TableView = {
          sort: [{ column: COST, descending: true }],
          filters: [{ column: COST, test: 'notEmpty' }],
        };
        const hit = await table.find(view, 'row 1234', ['__row'], 0, false);
        assert.deepEqual(await table.rows(view, hit?.row ?? 0, 1, ['__row']), [['row 1234']]);
      });

      it('lists the values of a column with their counts', async () => {
        assert.deepEqual(await table.values(ALL, 'MeterCategory', '', 10), [
          { value: 'Bandwidth', rows: 3_000 },
          { value: 'Storage', rows: 3_000 },
          { value: 'Virtual Machines', rows: 3_000 },
          { value: null, rows: 3_000 },
        ]);
        assert.deepEqual(await table.values(ALL, 'MeterCategory', 'STOR', 10), [{ value: 'Storage', rows: 3_000 }]);
        assert.equal((await table.values(ALL, 'ResourceId', 'vm', 7)).length, 7);
      });

      it('exports what is shown, with formulas made harmless', async () => {
        const view: TableView = {
          sort: [{ column: '__row', descending: false }],
          filters: [{ column: 'billingCurrency', test: 'oneOf', values: ['EUR'] }],
        };
        const columns = ['note', COST, '__row'];
        const rows = await table.rows(view, 0, ROWS, columns);
        const told = await table.export(view, columns, { file: test.at('out.csv'), format: 'csv' });
        const text = await readFile(test.at('out.csv'), 'utf8');
        assert.deepEqual(told, { rows: rows.length, bytes: Buffer.byteLength(text) });
        assert.deepEqual(parse(text), [
          columns,
          ...rows.map(([note, cost, row]) => [guardText(note ?? ''), cost ?? '', row ?? '']),
        ]);
        await table.export(view, columns, { file: test.at('out.parquet'), format: 'parquet' });
        const again = await openUsageTable(test.engine, [test.at('out.parquet')]);
        assert.deepEqual(await again.rows(ALL, 0, ROWS, columns), rows);
        await again.close();
      });

      it('says in a sentence what is wrong with a question', async () => {
        await assert.rejects(
          table.rows({ sort: [{ column: 'gone', descending: true }], filters: [] }, 0, 1, ['note']),
          /no column gone/,
        );
        await assert.rejects(
          table.count({ sort: [], filters: [{ column: COST, test: 'between', from: 'much' }] }),
          /'much' is no number for the column cost/,
        );
      });
    });
  }

  it('joins files by the names of their columns, in their order', async () => {
    await writeFile(
      test.at('a.csv'),
      csvText(
        ['day', 'cost', 'currency'],
        [
          ['2026-01-31', '1.50', 'USD'],
          ['2026-02-01', '2', 'EUR'],
        ],
      ),
    );
    await writeFile(test.at('b.csv'), csvText(['Cost', 'day', 'place'], [['0.125', '2026-03-01', 'x']]));
    const table = await openUsageTable(test.engine, [test.at('a.csv'), test.at('b.csv')]);
    const columns = ['day', 'cost', 'currency', 'place'];
    const rows = [
      ['2026-01-31', '1.5', 'USD', null],
      ['2026-02-01', '2', 'EUR', null],
      ['2026-03-01', '0.125', null, 'x'],
    ];
    assert.deepEqual(await table.rows(ALL, 0, 9, columns), rows);
    assert.equal(await table.count(ALL), 3);
    assert.deepEqual(await table.rows(ALL, 1, 2, columns), rows.slice(1));
    assert.deepEqual((await table.find(ALL, 'x', columns, 0, false))?.row, 2);
    assert.deepEqual(
      (await table.sums(ALL, ['cost'])).sums.map(({ currency, sum }) => [currency, sum]),
      [
        [null, '0.125'],
        ['EUR', '2'],
        ['USD', '1.5'],
      ],
    );
    await table.close();
  });

  const files: [string, string | Buffer, string, string[][], [string, string][]][] = [
    [
      'a BOM and semicolons, as Excel writes them',
      '\ufeffDatum;Kosten;Text\r\n24.12.2026;1,50;a;\r\n'.replace(';a;', ';a'),
      'excel.csv',
      [['24.12.2026', '1,5', 'a']],
      [
        ['Datum', 'date'],
        ['Kosten', 'decimal'],
        ['Text', 'text'],
      ],
    ],
    [
      'UTF-16',
      Buffer.from('\ufeffa,b\r\n1,Ä\r\n', 'utf16le'),
      'utf16.csv',
      [['1', 'Ä']],
      [
        ['a', 'decimal'],
        ['b', 'text'],
      ],
    ],
    [
      'Windows characters',
      Buffer.from('a,b\n1,M\xfcnchen\n', 'latin1'),
      'latin.csv',
      [['1', 'München']],
      [
        ['a', 'decimal'],
        ['b', 'text'],
      ],
    ],
    [
      'gzip',
      gzipSync('a,b\n1,x\n2,y\n'),
      'small.csv.gz',
      [
        ['1', 'x'],
        ['2', 'y'],
      ],
      [
        ['a', 'decimal'],
        ['b', 'text'],
      ],
    ],
    [
      'no rows',
      'a,b\n',
      'none.csv',
      [],
      [
        ['a', 'text'],
        ['b', 'text'],
      ],
    ],
    ['no line break at the end, one column', 'only\nx', 'one.csv', [['x']], [['only', 'text']]],
    [
      'a title before the header',
      'Cost report,,\nday,cost,note\n2026-01-01,1,a\n2026-01-02,2,b\n'.replace(',,', ''),
      'title.csv',
      [
        ['2026-01-01', '1', 'a'],
        ['2026-01-02', '2', 'b'],
      ],
      [
        ['day', 'date'],
        ['cost', 'decimal'],
        ['note', 'text'],
      ],
    ],
    [
      'names twice, and none',
      'a,A,\n1,2,3\n',
      'twice.csv',
      [['1', '2', '3']],
      [
        ['a', 'decimal'],
        ['A (2)', 'decimal'],
        ['column 3', 'decimal'],
      ],
    ],
    [
      'names that the engine has itself',
      'rid,file_row_number,rowid,c1,base\n1,2,3,4,5\n',
      'names.csv',
      [['1', '2', '3', '4', '5']],
      [
        ['rid', 'decimal'],
        ['file_row_number', 'decimal'],
        ['rowid', 'decimal'],
        ['c1', 'decimal'],
        ['base', 'decimal'],
      ],
    ],
    [
      'numbers with leading zeros, and with too many digits, stay texts',
      'a,b\n007,1.000000000000000000001\n',
      'digits.csv',
      [['007', '1.000000000000000000001']],
      [
        ['a', 'text'],
        ['b', 'text'],
      ],
    ],
    [
      'times',
      'a,b\n2026-10-01T00:00:00Z,10/31/2026\n',
      'times.csv',
      [['2026-10-01T00:00:00Z', '10/31/2026']],
      [
        ['a', 'timestamp'],
        ['b', 'date'],
      ],
    ],
  ];
  for (const [what, content, name, rows, columns] of files) {
    it(`reads CSV with ${what}`, async () => {
      await writeFile(test.at(name), content);
      const table = await openUsageTable(test.engine, [test.at(name)]);
      assert.deepEqual(
        table.columns.map(({ name: column, kind }) => [column, kind]),
        columns,
      );
      const names = table.columns.map(({ name: column }) => column);
      assert.deepEqual(await table.rows(ALL, 0, 9, names), rows);
      assert.equal(await table.count(ALL), rows.length);
      assert.deepEqual(
        await table.rows({ sort: [{ column: names[0] ?? '', descending: false }], filters: [] }, 0, 9, names),
        rows,
      );
      await table.close();
    });
  }

  it('takes a column for text when a later value does not fit, and loses no digit', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => [String(i), `${i}.5`, '10/01/2026']);
    rows[29_000] = ['n/a', '1.00000000000000000001', '31/12/2026'];
    await writeFile(test.at('late.csv'), csvText(['a', 'cost', 'day'], rows));
    const table = await openUsageTable(test.engine, [test.at('late.csv')]);
    assert.deepEqual(
      table.columns.map(({ kind }) => kind),
      ['decimal', 'decimal', 'date'],
    );
    assert.equal(await table.count(ALL), 30_000);
    assert.deepEqual(
      table.columns.map(({ kind }) => kind),
      ['text', 'decimal', 'text'],
    );
    assert.deepEqual(await table.rows(ALL, 28_999, 3, ['a', 'cost', 'day']), [
      ['28999', '28999.5', '10/01/2026'],
      ['n/a', '1.00000000000000000001', '31/12/2026'],
      ['29001', '29001.5', '10/01/2026'],
    ]);
    await table.close();
  });

  it('says in a sentence what is wrong with a file', async () => {
    await writeFile(test.at('empty.csv'), '');
    await writeFile(test.at('wrong.parquet'), 'no Parquet');
    await writeFile(test.at('binary.csv'), Buffer.from([0, 1, 2, 0]));
    await assert.rejects(openUsageTable(test.engine, [test.at('empty.csv')]), /is empty; there is no header row/);
    await assert.rejects(openUsageTable(test.engine, [test.at('binary.csv')]), /no CSV file/);
    await assert.rejects(openUsageTable(test.engine, [test.at('gone.csv')]), /cannot be read/);
    await assert.rejects(openUsageTable(test.engine, [test.at('wrong.parquet')]), {
      name: 'EngineError',
      kind: 'file',
    });
    await assert.rejects(
      openUsageTable(test.engine, [test.at('usage.csv'), test.at('usage.parquet')]),
      /do not make one table/,
    );
  });

  it('reads Parquet files whose columns have the names that the engine gives itself, and whose path is a pattern', async () => {
    const file = await test.make(
      'we[i]rd*.parquet',
      "SELECT i AS file_row_number, 'x' AS rid, 1.5::DOUBLE AS Cost, [1] AS list, TIMESTAMP '2026-01-02 03:04:05' AS at FROM range(3) t(i)",
    );
    const table = await openUsageTable(test.engine, [file]);
    const names = table.columns.map(({ name }) => name);
    const rows = ['0', '1', '2'].map((i) => [i, 'x', '1.5', '[1]', '2026-01-02T03:04:05Z']);
    assert.deepEqual(await table.rows(ALL, 0, 9, names), rows);
    assert.deepEqual(
      await table.rows({ sort: [{ column: 'file_row_number', descending: true }], filters: [] }, 0, 9, names),
      rows.toReversed(),
    );
    assert.deepEqual((await table.sums(ALL, ['Cost'])).sums, [
      { column: 'Cost', currency: null, sum: '4.5', values: 3 },
    ]);
    await table.close();
  });
});
