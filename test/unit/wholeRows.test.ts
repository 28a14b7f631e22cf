import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CsvReader } from '../../src/records/csvReader.ts';
import { firstRowEnd, wholeRows } from '../../src/usage/plan/wholeRows.ts';

async function* chunks(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function cut(text: string, sizes: readonly number[], enough = 1): Promise<Buffer[]> {
  const parts: Buffer[] = [];
  for await (const part of wholeRows(chunks(Buffer.from(text), sizes), enough)) {
    parts.push(Buffer.from(part));
  }
  return parts;
}

/** Rows as the project's own reader finds them, of parts that are read one by one behind a header of their own. */
function rowsOf(header: string, parts: readonly Uint8Array[]): string[][] {
  const rows: string[][] = [];
  for (const part of parts) {
    const reader = new CsvReader(
      () => {},
      (row) => rows.push(row.texts()),
    );
    reader.write(Buffer.from(header));
    reader.write(part);
    reader.endPart();
  }
  return rows;
}

const plain = fc.string({ unit: fc.constantFrom('a', 'ä', '"', ' ', '€') }).filter((text) => !text.startsWith('"'));
const quoted = fc
  .string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'ß') })
  .map((text) => `"${text.replaceAll('"', '""')}"`);
const cells = fc.array(fc.oneof(plain, quoted), { minLength: 3, maxLength: 3 });

describe('whole rows of CSV', () => {
  it('are what came, cut where the reader of the records sees the end of a row', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(cells, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        async (table, lineEnd, sizes) => {
          const text = `${table.map((row) => ['x', ...row].join(',')).join(lineEnd)}${lineEnd}`;
          const parts = await cut(text, sizes);
          assert.equal(Buffer.concat(parts).toString(), text);
          assert.deepEqual(rowsOf('x,a,b,c\n', parts), rowsOf('x,a,b,c\n', [Buffer.from(text)]));
        },
      ),
    );
  });

  it('keep a last row without an end', async () => {
    assert.deepEqual((await cut('a,b\n1,2', [3])).map(String), ['a,b\n', '1,2']);
  });

  it('have nothing of a file without bytes', async () => {
    assert.deepEqual(await cut('', [1]), []);
  });

  it('refuse a row that does not end', async () => {
    const endless = `a,b\n"${'x'.repeat(17 * 1024 * 1024)}`;
    await assert.rejects(cut(endless, [1024 * 1024]), RangeError);
  });

  it('begin with the header', () => {
    const end = (text: string) => firstRowEnd(Buffer.from(text));
    assert.equal(end('a,"b\nc"\r\n1,2\r\n'), 9);
    assert.equal(end('a,b'), 3);
    assert.equal(end('a\r1\r'), 2);
  });
});
