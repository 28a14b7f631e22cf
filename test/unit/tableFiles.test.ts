import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { digitsOf, type JsonNumber } from '../../src/json/exact.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { JsonSyntaxError } from '../../src/json/scan.ts';
import { convert } from '../../src/records/convert.ts';
import { DecimalSum } from '../../src/records/decimal.ts';
import { ExcelFile } from '../../src/records/excelFile.ts';
import { ExcelLimitError } from '../../src/records/fileFormats.ts';
import { Pseudonyms } from '../../src/records/pseudonyms.ts';
import { UNKNOWN_FIELDS } from '../../src/records/schema.ts';
import type { TableColumn } from '../../src/records/tableRows.ts';
import { excelSheets, zipTexts } from '../support/excelRows.ts';
import { parquetRows } from '../support/parquetRows.ts';
import { FILE_COLUMNS, SCHEMAS } from '../support/rowFixtures.ts';
import { converted, FACTS, type Spool, spoolOf, withSpool } from '../support/tableFiles.ts';

type Row = Record<string, unknown>;

/** Columns of a test of its own. */
const COLUMNS: readonly TableColumn[] = [
  { name: 'what', type: 'text' },
  { name: 'cost', type: 'number' },
  { name: 'when', type: 'date' },
  { name: 'flag', type: 'boolean' },
  { name: 'tags', type: 'json' },
];

function spool(...rows: readonly (Row | string)[]): Spool {
  const lines = rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`);
  return { columns: COLUMNS, text: lines.join('') };
}

/** What a file of typed columns has to say of a row of the spool. */
function expected(columns: readonly TableColumn[], line: string): Record<string, string> {
  const row = parseJson(line) as Row;
  const cells = columns.flatMap(({ name, type }): [string, string][] => {
    const value = row[name];
    if (value === undefined || value === null || value === '') return [];
    if (type === 'number') return [[name, plain(typeof value === 'string' ? value : digitsOf(value as JsonNumber))]];
    if (type === 'date') return [[name, new Date(utc(String(value))).toISOString()]];
    return [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
  });
  const unknown = row[UNKNOWN_FIELDS];
  return Object.fromEntries(unknown === undefined ? cells : [...cells, [UNKNOWN_FIELDS, JSON.stringify(unknown)]]);
}

/** The importer takes CRLF for LF; what stands in the file has a test of its own. */
function withLineFeeds(row: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cell.replaceAll('\r\n', '\n')]));
}

/** Cost files write days with the month first. */
function utc(date: string): string {
  return date.replace(/^(\d\d)\/(\d\d)\/(\d{4})$/, '$3-$1-$2');
}

/** A number in plain digits: what two spellings of it have in common. */
function plain(digits: string): string {
  const sum = new DecimalSum();
  sum.add(digits.trim());
  return sum.toString();
}

/** Cells that hold something. */
function filled(row: Record<string, string>, columns: readonly TableColumn[]): Record<string, string> {
  const numbers = new Set(columns.filter(({ type }) => type === 'number').map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(row)
      .filter(([, cell]) => cell !== '')
      .map(([name, cell]) => [name, numbers.has(name) ? plain(cell) : cell]),
  );
}

async function assertSame(rows: Spool): Promise<void> {
  const lines = rows.text.split('\n').filter((line) => line !== '');
  const wanted = lines.map((line) => expected(rows.columns, line));
  const parquet = await converted(rows, 'parquet');
  const table = await parquetRows(parquet.file);
  assert.deepEqual(
    table.rows.map((row) => filled(row, rows.columns)),
    wanted,
  );
  assert.deepEqual(
    table.schema.slice(1).map(({ name }) => name),
    [...rows.columns.map(({ name }) => name), UNKNOWN_FIELDS],
  );
  assert.deepEqual([parquet.rows, parquet.bytes, parquet.notes], [lines.length, parquet.file.length, []]);
  const excel = await converted(rows, 'xlsx');
  const [sheet] = await excelSheets(excel.file);
  // Rows without any cell at the end of a sheet are none to the importer.
  const found = Array.from(wanted, (_, i) => filled(sheet?.rows[i] ?? {}, rows.columns));
  assert.deepEqual(found, wanted.map(withLineFeeds));
  assert.deepEqual(sheet?.active, []);
  assert.deepEqual([excel.rows, excel.bytes], [lines.length, excel.file.length]);
}

describe('rows as Parquet and as Excel', () => {
  for (const kind of [...Object.keys(SCHEMAS), ...Object.keys(FILE_COLUMNS)]) {
    it(`are the values that were sent: ${kind}`, async () => {
      await assertSame(spoolOf(kind));
    });
  }

  for (const kind of ['modern', 'legacy', 'accountFile', 'subscriptionFile']) {
    it(`have the columns of FOCUS, and are safe to share: ${kind}`, async () => {
      await assertSame(spoolOf(kind, { columns: 'focus', pseudonyms: new Pseudonyms(new Uint8Array(32).fill(7)) }));
    });
  }

  it('tell their scope', async () => {
    const rows = spoolOf('utilization', {}, { scope: '/subscriptions/1', label: 'First' });
    assert.deepEqual(
      rows.columns.slice(0, 2).map(({ name }) => name),
      ['scopeName', 'scopeId'],
    );
    await assertSame(rows);
  });

  it('are files of their own when there are no rows', async () => {
    const none = spool();
    const { rows, schema } = await parquetRows((await converted(none, 'parquet')).file);
    assert.deepEqual([rows, schema.length], [[], COLUMNS.length + 2]);
    const [sheet, about] = await excelSheets((await converted(none, 'xlsx')).file);
    assert.deepEqual([sheet?.name, sheet?.rows, sheet?.filter], ['Usage details', [], 'A1:F1']);
    assert.equal(about?.name, 'About');
  });

  it('need no line end behind the last row, and take empty lines for none', async () => {
    const { columns, text } = spool({ what: 'a' }, { what: 'b' });
    const { rows } = await converted({ columns, text: `\n${text.replace('\n', '\n\n').trimEnd()}` }, 'parquet');
    assert.equal(rows, 2);
  });

  it('keep their order and number over many groups and chunks', async () => {
    const count = 30_001;
    const many = spool(...Array.from({ length: count }, (_, i) => `{"what":"row ${i}","cost":${i}.5}`));
    const { file } = await converted(many, 'parquet');
    const groups = parquetMetadata(new Uint8Array(file).buffer).row_groups;
    assert.ok(groups.length > 1);
    assert.ok(groups.every(({ columns }) => columns.length === COLUMNS.length + 1));
    assert.equal(
      groups.reduce((sum, { num_rows }) => sum + Number(num_rows), 0),
      count,
    );
    const { rows } = await parquetRows(file);
    assert.deepEqual(
      rows.map(({ what }) => what),
      Array.from({ length: count }, (_, i) => `row ${i}`),
    );
    assert.equal(rows[count - 1]?.cost, plain(`${count - 1}.5`));
    const [sheet] = await excelSheets((await converted(many, 'xlsx')).file);
    assert.deepEqual(
      [sheet?.rows.length, sheet?.rows[count - 1]],
      [count, { what: `row ${count - 1}`, cost: `${count - 1}.5` }],
    );
  });

  it('hold what repeats, what never does, and nothing at all, in groups of their own', async () => {
    const count = 45_000;
    const lines = Array.from({ length: count }, (_, i) => {
      const members = [
        `"what":"${i % 3 === 0 ? 'same' : `only ${i} ${'x'.repeat(40)}`}"`,
        `"cost":${i - 500}.${i % 10}`,
      ];
      return `{${members.join(',')}${i % 1000 === 0 ? ',"when":"2026-10-01","flag":true,"tags":{"a":"b"}' : ''}}`;
    });
    const { file } = await converted(spool(...lines), 'parquet');
    const { rows } = await parquetRows(file);
    assert.equal(rows.length, count);
    for (const i of [0, 1, 2, 3, 19_999, 20_000, 20_001, 40_000, count - 1]) {
      const line = JSON.parse(lines[i] ?? '') as Row;
      assert.equal(rows[i]?.what, line.what);
      assert.equal(rows[i]?.cost, plain(String(line.cost)));
      assert.equal(rows[i]?.flag, i % 1000 === 0 ? 'true' : '');
    }
    const [first] = parquetMetadata(new Uint8Array(file).buffer).row_groups;
    const chunk = (name: string) => first?.columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === name);
    const { min_value, max_value, null_count } = chunk('cost')?.meta_data?.statistics ?? {};
    assert.equal(Math.round(Number(min_value)), -500);
    assert.ok(Number(max_value) > 0);
    assert.equal(Number(null_count), 0);
    assert.equal(Number(chunk(UNKNOWN_FIELDS)?.meta_data?.statistics?.null_count), Number(first?.num_rows));
  });

  it('are the same bytes for the same rows', async () => {
    const rows = spool({ what: 'a', cost: 1 }, { tags: { b: 'c' } });
    for (const format of ['parquet', 'xlsx'] as const) {
      assert.deepEqual((await converted(rows, format)).file, (await converted(rows, format)).file);
    }
  });

  it('tell their progress', async () => {
    const seen: number[] = [];
    const rows = spool(...Array.from({ length: 5000 }, (_, i) => ({ what: `${i} ${'x'.repeat(200)}` })));
    await converted(rows, 'parquet', { onRows: (count) => seen.push(count) });
    assert.ok(seen.length > 1);
    assert.equal(seen.at(-1), 5000);
  });
});

const GOLDEN = path.join(import.meta.dirname, 'golden', 'tables');

describe('golden files of tables (UPDATE_GOLDEN=1 writes them anew)', () => {
  const assertGolden = (name: string, text: string) => {
    const file = path.join(GOLDEN, `${name}.golden`);
    if (process.env.UPDATE_GOLDEN === '1') {
      writeFileSync(file, text);
    }
    assert.equal(text, readFileSync(file, 'utf8'));
  };

  for (const kind of ['modern', 'utilization', 'accountFile']) {
    it(`${kind} as Parquet: columns, rows`, async () => {
      const { rows, schema } = await parquetRows((await converted(spoolOf(kind), 'parquet')).file);
      const columns = schema.slice(1).map(({ name, type, logical_type }) => [name, type, logical_type]);
      assertGolden(`${kind}.parquet`, [...columns, ...rows].map((line) => `${JSON.stringify(line)}\n`).join(''));
    });

    it(`${kind} as Excel: parts of the workbook`, async () => {
      const parts = await zipTexts((await converted(spoolOf(kind), 'xlsx')).file);
      const lines = Array.from(
        parts,
        ([name, xml]) =>
          `${name}\n${xml.replace(/<(?=row |c |si>|xf |sheet |col |Override |Relationship )/g, '\n<')}\n`,
      );
      assertGolden(`${kind}.xlsx`, lines.join('\n'));
    });
  }
});

describe('values that do not fit', () => {
  const ODD = spool(
    '{"what":{"a":1.10},"cost":1e400,"when":"soon","flag":"maybe","tags":"plain","unknownFields":{"new":1.0}}',
    '{"what":true,"cost":0.000000000000000000001,"when":"2026-02-30","flag":1}',
    '{"cost":" 12.50 ","when":"2026-10-01T02:00:00+02:00","flag":"FALSE","what":7.0}',
    '{"cost":"","when":"","flag":"","what":"","tags":null}',
    '{"cost":"n/a","when":"2026-10-01T00:00:00.1234567Z"}',
  );

  it('go into the unknown fields of their row in Parquet, and are reported', async () => {
    const { file, notes } = await converted(ODD, 'parquet');
    const { rows } = await parquetRows(file);
    const empty = { what: '', cost: '', when: '', flag: '', tags: '', unknownFields: '' };
    assert.deepEqual(rows, [
      {
        ...empty,
        what: '{"a":1.10}',
        tags: 'plain',
        unknownFields: '{"new":1.0,"cost":1e400,"when":"soon","flag":"maybe"}',
      },
      { ...empty, what: 'true', unknownFields: '{"cost":0.000000000000000000001,"when":"2026-02-30","flag":1}' },
      { ...empty, what: '7.0', cost: '12.5', when: '2026-10-01T00:00:00.000Z', flag: 'false' },
      empty,
      { ...empty, unknownFields: '{"cost":"n/a","when":"2026-10-01T00:00:00.1234567Z"}' },
    ]);
    assert.deepEqual(notes, [
      '3 values of cost did not fit its type and went into unknownFields.',
      '3 values of when did not fit its type and went into unknownFields.',
      '2 values of flag did not fit its type and went into unknownFields.',
    ]);
    const facts = parquetMetadata(new Uint8Array(file).buffer).key_value_metadata ?? [];
    assert.deepEqual(Object.fromEntries(facts.map(({ key, value }) => [key, value])), {
      Source: 'Usage Details 2023-11-01',
      Period: '2026-10-01 to 2026-10-31',
      Rows: '5',
      'Total EUR': '12345678901234567.12345678901234567890',
      'Total USD': '-0.5',
      'Written by': 'azure-billing-explorer 0.0.0',
      Notes: notes.join('\n'),
    });
  });

  it('stay text in their cell in Excel, and are reported', async () => {
    const { file, notes } = await converted(ODD, 'xlsx');
    const [sheet, about] = await excelSheets(file);
    assert.deepEqual(sheet?.rows.slice(0, 3), [
      { what: '{"a":1.10}', cost: '1e400', when: 'soon', flag: 'maybe', tags: 'plain', unknownFields: '{"new":1.0}' },
      { what: 'true', cost: '0.000000000000000000001', when: '2026-02-30', flag: '1' },
      { what: '7.0', cost: '12.50', when: '2026-10-01T00:00:00.000Z', flag: 'false' },
    ]);
    assert.deepEqual(sheet?.rows[4], { cost: 'n/a', when: '2026-10-01T00:00:00.1234567Z' });
    assert.deepEqual(notes, [
      '2 values of cost did not fit its type and stayed text.',
      '3 values of when did not fit its type and stayed text.',
      '2 values of flag did not fit its type and stayed text.',
    ]);
    const said = about?.rows.map((row) => Object.values(row));
    assert.deepEqual(said?.slice(0, 5), [
      ['Source', 'Usage Details 2023-11-01'],
      ['Period', '2026-10-01 to 2026-10-31'],
      ['Rows', '5'],
      ['Total EUR', '12345678901234567.12345678901234567890'],
      ['Total USD', '-0.5'],
    ]);
    assert.deepEqual(
      said?.slice(6),
      notes.map((note) => ['Note', note]),
    );
  });

  it('may be numbers of any length', async () => {
    const digits = `0.${'1'.repeat(5_000_000)}`;
    const rows = spool(`{"cost":${digits}}`);
    const table = await parquetRows((await converted(rows, 'parquet')).file);
    assert.equal(table.rows[0]?.unknownFields, `{"cost":${digits}}`);
    const { notes } = await converted(rows, 'xlsx');
    assert.deepEqual(notes, [
      '1 value of cost did not fit its type and stayed text.',
      '1 cell cut to the 32,767 characters that Excel holds, see the sheet Notes; Parquet and CSV keep the whole text.',
    ]);
  });

  it('say when Excel rounds numbers', async () => {
    const rows = spool('{"cost":1.2345678901234567}', '{"cost":0.00012}', '{"cost":123456789012345000}');
    const { notes } = await converted(rows, 'xlsx');
    assert.deepEqual(notes, [
      '1 number with more than 15 digits: Excel rounds to 15; Parquet and CSV keep all digits.',
    ]);
  });
});

describe('hostile texts', () => {
  const TEXTS = [
    ...["=cmd|'/c calc'!A0", '+1', '-2+3', '@SUM(A1)', '\t=1', '{=1}', 'https://example.com', 'mailto:a@b.example'],
    ...['<script>&amp;"\'', ']]>', '_x0041_', '_x005F_', '_X0041_', ' lead', 'trail ', 'two\nlines', 'tab\there'],
    ...['\u0000\u0001\u000b\u001f\ufffe\uffff', '\u202eevil\u202c', 'שלום עולם', '日本 😀', 'e\u0301'],
    ...['true', '007', '1e5', '2026-10-01'],
  ];

  it('come back as the texts they were', async () => {
    await assertSame(spool(...TEXTS.map((what) => ({ what, tags: what }))));
    const { file } = await converted(spool({ what: 'cr\r\nlf\r' }), 'xlsx');
    assert.match(
      (await zipTexts(file)).get('xl/sharedStrings.xml') ?? '',
      /<t xml:space="preserve">cr_x000D_\nlf_x000D_<\/t>/,
    );
  });

  it('are no formulas and no links, shared or not', async () => {
    const long = TEXTS.map((text) => text + ' '.repeat(300));
    const { file } = await converted(
      spool(...[...TEXTS, ...long].map((what) => ({ what, [UNKNOWN_FIELDS]: what }))),
      'xlsx',
    );
    const parts = await zipTexts(file);
    const xml = parts.get('xl/worksheets/sheet1.xml') ?? '';
    assert.match(xml, /t="inlineStr"/);
    assert.doesNotMatch(xml, /<f[ >]|<hyperlink/);
    assert.deepEqual((await excelSheets(file))[0]?.active, []);
    assert.doesNotMatch([...parts.keys()].join(), /external|Links/i);
  });

  it('keep a mark of byte order at their start', async () => {
    const rows = spool({ what: '\ufeffmark' });
    // The reader of the test drops it; it has to be in the file.
    assert.ok(Buffer.from((await converted(rows, 'parquet')).file).includes('\ufeffmark'));
    assert.deepEqual((await excelSheets((await converted(rows, 'xlsx')).file))[0]?.rows, [{ what: '\ufeffmark' }]);
  });

  it('survive with half of a surrogate pair', async () => {
    const rows = spool('{"what":"a\\ud800b"}');
    const parquet = await parquetRows((await converted(rows, 'parquet')).file);
    assert.deepEqual([parquet.rows[0]?.what, parquet.rows[0]?.unknownFields], ['', '{"what":"a\\ud800b"}']);
    const [sheet] = await excelSheets((await converted(rows, 'xlsx')).file);
    assert.deepEqual(sheet?.rows, [{ what: 'a\ud800b' }]);
  });

  it('are cut in Excel where a cell is full, which is said by cell', async () => {
    const longest = 'x'.repeat(32_767);
    const rows = spool({ what: longest }, { what: `${longest}yz` }, { tags: `${'x'.repeat(32_766)}😀` });
    const { file, notes } = await converted(rows, 'xlsx');
    assert.deepEqual(notes, [
      '2 cells cut to the 32,767 characters that Excel holds, see the sheet Notes; Parquet and CSV keep the whole text.',
    ]);
    const [sheet, , cut] = await excelSheets(file);
    assert.deepEqual(sheet?.rows, [{ what: longest }, { what: longest }, { tags: 'x'.repeat(32_766) }]);
    assert.deepEqual(cut?.name, 'Notes');
    assert.deepEqual(cut?.rows, [
      { Cell: 'A3', Column: 'what', Note: 'Cut: 32767 of 32769 characters.' },
      { Cell: 'E4', Column: 'tags', Note: 'Cut: 32766 of 32768 characters.' },
    ]);
    const table = await parquetRows((await converted(rows, 'parquet')).file);
    assert.equal(table.rows[1]?.what, `${longest}yz`);
  });

  it('make no bad sheet name', async () => {
    for (const [title, name] of [
      ["'a/b:c?d*e[f]g\\h'", 'a b c d e f g h'],
      ['history', 'Rows'],
      ['', 'Rows'],
      ['About', 'Rows'],
      ['😀'.repeat(20), '😀'.repeat(15)],
      ['R&D <"it\'s">', 'R&D <"it\'s">'],
    ] as const) {
      const { file } = await converted(spool({ what: 'a' }), 'xlsx', { facts: { ...FACTS, title } });
      assert.equal((await excelSheets(file))[0]?.name, name);
    }
  });
});

describe('more than an Excel file takes', () => {
  it('is refused before anything is written where the rows are known', async () => {
    const written: Uint8Array[] = [];
    await assert.rejects(
      convert(
        { file: '/nowhere', columns: COLUMNS },
        'xlsx',
        { write: (chunk) => void written.push(chunk) },
        { facts: FACTS, rows: 1_000_001 },
      ),
      new ExcelLimitError('An Excel file holds 1,000,000 rows and the export has more: choose Parquet or CSV.'),
    );
    assert.deepEqual(written, []);
  });

  it('fails with the same words where they are not', async () => {
    const file = new ExcelFile(COLUMNS, FACTS, { write() {} });
    for (let row = 1; row <= 1_000_000; row++) {
      file.endRow();
    }
    assert.throws(() => file.endRow(), /^ExcelLimitError: An Excel file holds 1,000,000 rows/);
    await file.abandon();
  });
});

describe('a conversion that ends early', () => {
  const MANY = spool(...Array.from({ length: 20_000 }, (_, i) => ({ what: `${i} ${'x'.repeat(100)}`, cost: i })));

  for (const format of ['parquet', 'xlsx'] as const) {
    it(`stops when it is cancelled, and writes nothing from then on: ${format}`, async () => {
      const stop = new AbortController();
      let chunks = 0;
      await withSpool(MANY.text, async (file) => {
        await assert.rejects(
          convert(
            { file, columns: COLUMNS },
            format,
            { write: () => void chunks++ },
            { facts: FACTS, signal: stop.signal, onRows: (rows) => rows > 5000 && stop.abort(new Error('enough')) },
          ),
          /^Error: enough$/,
        );
      });
      const before = chunks;
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(chunks, before);
    });

    it(`fails as its sink does, and writes nothing from then on: ${format}`, async () => {
      let calls = 0;
      const full = async () => {
        calls++;
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      };
      await withSpool(MANY.text, (file) =>
        assert.rejects(convert({ file, columns: COLUMNS }, format, { write: full }, { facts: FACTS }), {
          code: 'ENOSPC',
        }),
      );
      assert.equal(calls, 1);
    });

    it(`fails where the rows are cut short, or are none: ${format}`, async () => {
      for (const text of [MANY.text.slice(0, -5), '{"what":"a"}\nrow\n', '[1]\n']) {
        await assert.rejects(converted({ columns: COLUMNS, text }, format), JsonSyntaxError);
      }
      await assert.rejects(converted(spool({ what: 'a', more: 1 }), format), {
        name: 'RangeError',
        message: 'A row has a field that none of the columns holds.',
      });
    });
  }

  it('leaves the reason to whoever opens files', async () => {
    await assert.rejects(
      convert({ file: '/nowhere/rows.ndjson', columns: COLUMNS }, 'parquet', { write() {} }, { facts: FACTS }),
      { code: 'ENOENT' },
    );
  });
});
