import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CsvError, CsvReader } from '../../src/records/csvReader.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** Reads parts, each given in chunks, and gives the header and the rows as texts. */
function read(...parts: Uint8Array[][]): { header: readonly string[] | undefined; rows: string[][] } {
  const rows: string[][] = [];
  const reader = new CsvReader(
    () => {},
    (row) => rows.push(row.texts()),
  );
  for (const chunks of parts) {
    for (const chunk of chunks) {
      reader.write(chunk);
      // A reader that keeps the caller's bytes would notice now.
      chunk.fill(0x3f);
    }
    reader.endPart();
  }
  assert.equal(reader.rows, rows.length);
  return { header: reader.header, rows };
}

const readText = (...parts: string[]) => read(...parts.map((text) => [bytes(text)]));

/** The text in pieces of the given sizes, over and over. */
function pieces(text: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, i = 0; at < text.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    chunks.push(text.slice(at, at + size));
    at += size;
  }
  return chunks;
}

function refuses(message: RegExp, ...parts: string[]): void {
  assert.throws(
    () => readText(...parts),
    (error: unknown) => error instanceof CsvError && message.test(error.message),
  );
}

const cell = fc.string({
  unit: fc.constantFrom('a', 'é', '漢', ' ', '"', ',', '\r', '\n', '7', '.', '\ufeff'),
  maxLength: 6,
});

/** A header and rows of as many cells. */
const table = fc.integer({ min: 1, max: 5 }).chain((columns) =>
  fc.record({
    header: fc.constant(Array.from({ length: columns }, (_, i) => `c${i}`)),
    rows: fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { maxLength: 8 }),
  }),
);

/** RFC 4180; a row of one empty cell needs quotes, else it is no row. */
function write(rows: readonly (readonly string[])[], newline: string, quoteAll: boolean): string {
  const text = (value: string, alone: boolean) =>
    quoteAll || /[",\r\n\ufeff]/.test(value) || (alone && value === '') ? `"${value.replaceAll('"', '""')}"` : value;
  return rows.map((row) => row.map((value) => text(value, row.length === 1)).join(',')).join(newline);
}

describe('CsvReader', () => {
  it('reads back any table, whatever its line ends, quotes, byte order mark and chunks', () => {
    fc.assert(
      fc.property(
        table,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        ({ header, rows }, newline, quoteAll, mark, lastNewline, sizes) => {
          const text = `${mark ? '\ufeff' : ''}${write([header, ...rows], newline, quoteAll)}${lastNewline ? newline : ''}`;
          const expected = { header, rows };
          assert.deepEqual(readText(text), expected);
          assert.deepEqual(read(pieces(bytes(text), sizes)), expected);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('reads parts as one table, each with its header, whatever the case of names', () => {
    const { header, rows } = readText('Id,PricingModel\n1,a\n', '\ufeffid,pricingModel\r\n2,"b"', 'ID,pricingmodel\n');
    assert.deepEqual(header, ['Id', 'PricingModel']);
    assert.deepEqual(rows, [
      ['1', 'a'],
      ['2', 'b'],
    ]);
  });

  it('refuses parts of different tables, naming the column', () => {
    refuses(/column 2 is 'b' in the first and 'c' in another/, 'a,b\n1,2\n', 'a,c\n1,2\n');
    refuses(/column 3 is nothing in the first and 'c' in another/, 'a,b\n', 'a,b,c\n');
    refuses(/column 2 is 'b' in the first and nothing in another/, 'a,b\n', 'a\n');
  });

  it('refuses a file that was cut short', () => {
    refuses(/row 3 has 1 cells, its header 2/, 'a,b\n1,2\n3');
    refuses(/row 2 ends inside of a quoted cell/, 'a,b\n1,"tags');
  });

  it('refuses rows with too many cells, text behind a quote, and names that stand twice', () => {
    refuses(/row 2 has 3 cells, its header 2/, 'a,b\n1,2,3\n');
    refuses(/row 2 has text behind a closing quote/, 'a,b\n"1"x,2\n');
    refuses(/two columns are named 'a'/, 'a,b,a\n');
  });

  it('refuses quotes that never end before they fill the memory', () => {
    const reader = new CsvReader(
      () => {},
      () => {},
    );
    const chunk = Buffer.alloc(4 * 1024 * 1024, 'x');
    reader.write(bytes('a\n"'));
    assert.throws(() => {
      for (let i = 0; i < 8; i++) {
        reader.write(chunk);
      }
    }, /row 2 is longer than 16 MB/);
  });

  it('keeps a quote inside of an unquoted cell, and skips empty lines', () => {
    assert.deepEqual(readText('a,b\n\n5" disk,x\n\r\n\n').rows, [['5" disk', 'x']]);
  });

  it('takes a part without a byte for one without rows', () => {
    assert.deepEqual(readText('', 'a\n1\n', ''), { header: ['a'], rows: [['1']] });
    assert.equal(readText('').header, undefined);
  });
});
