import assert from 'node:assert/strict';
import fc from 'fast-check';
import { JsonSyntaxError } from '../../src/json/scan.ts';
import { ByteBuffer } from '../../src/records/output.ts';
import { RecordReader } from '../../src/records/recordReader.ts';
import { defineFlatSchema, defineSchema } from '../../src/records/schema.ts';

const FLAT = defineFlatSchema('flat', ['a', 'b'], { amount: 'a', currency: 'b' });
const NESTED = defineSchema('nested', ['a', 'c'], ['b'], { amount: 'a', currency: 'b' });

const encoded = (text: string) => new TextEncoder().encode(text);

function cell(reader: RecordReader, bytes: Uint8Array, name: string): string {
  const { slot = 0 } = reader.cells.find((one) => one.name === name) ?? {};
  return Buffer.from(bytes.subarray(reader.starts[slot] ?? 0, reader.ends[slot] ?? 0)).toString();
}

/** The value of `a` in each record. */
function valuesOf(reader: RecordReader, page: Uint8Array): string[] {
  const values: string[] = [];
  reader.readPage(page, (bytes) => values.push(cell(reader, bytes, 'a')));
  return values;
}

describe('readers that share the memory of the walk', () => {
  it('take turns, page by page and line by line', () => {
    const flat = new RecordReader(FLAT);
    const nested = new RecordReader(NESTED);
    for (let turn = 0; turn < 3; turn++) {
      assert.deepEqual(valuesOf(flat, encoded(`{"value":[{"b":0,"a":${turn}},{"a":"x"}]}`)), [`${turn}`, '"x"']);
      assert.deepEqual(valuesOf(nested, encoded(`{"value":[{"a":0,"properties":{"a":${turn}}}]}`)), [`${turn}`]);
      assert.equal(cell(flat, flat.readLine(encoded('{"a":7,"b":8}')), 'b'), '8');
    }
  });

  it('read within the record of another', () => {
    const outer = new RecordReader(FLAT);
    const inner = new RecordReader(NESTED);
    const seen: string[] = [];
    outer.readPage(encoded('{"value":[{"a":1,"b":2},{"a":3,"b":4}]}'), (bytes) => {
      assert.deepEqual(valuesOf(inner, encoded('{"value":[{"properties":{"a":9}}]}')), ['9']);
      seen.push(cell(outer, bytes, 'a'), cell(outer, bytes, 'b'));
    });
    assert.deepEqual(seen, ['1', '2', '3', '4']);
  });

  it('go on after a page that was refused', () => {
    const reader = new RecordReader(FLAT);
    assert.throws(
      () => reader.readPage(encoded('{"value":[{"a":1,"zz":2},{"a":tru}]}'), () => {}),
      /expected 'true' at byte 30/,
    );
    assert.throws(
      () =>
        reader.readPage(encoded('{"value":[{"a":1}]}'), () => {
          throw new Error('the writer');
        }),
      /the writer/,
    );
    assert.deepEqual(valuesOf(reader, encoded('{"value":[{"a":1}]}')), ['1']);
  });
});

describe('a reader', () => {
  it('takes pages of any size, the next as well', () => {
    const reader = new RecordReader(FLAT);
    for (const size of [10, 5_000_000, 70_000, 0]) {
      const text = JSON.stringify('é,"'.repeat(size));
      assert.deepEqual(valuesOf(reader, encoded(`{"value":[{"a":${text}},{"a":1}]}`)), [text, '1']);
    }
  });

  it('finds the same whatever a page is longer than, and says where it ends too early', () => {
    // The walk sees a part of a page at a time: records lie across its borders, or are longer than it.
    const size = fc.oneof(
      { weight: 20, arbitrary: fc.nat(3000) },
      { weight: 4, arbitrary: fc.nat(40_000) },
      { weight: 1, arbitrary: fc.nat(500_000) },
    );
    const sizes = fc.array(size, { minLength: 100, maxLength: 400, size: 'max' });
    fc.assert(
      fc.property(sizes, fc.nat(), (lengths, cut) => {
        const records = lengths.map((length, i) => ({ a: i, x: 'é"\\'.repeat(length / 6), b: `${i}` }));
        const page = encoded(JSON.stringify({ value: records }));
        const reader = new RecordReader(FLAT);
        const found: unknown[] = [];
        reader.readPage(page, (bytes) => {
          const [unknown] = reader.unknown;
          assert.equal(reader.unknown.length, 1);
          const x = Buffer.from(bytes.subarray(unknown?.valueStart ?? 0, unknown?.valueEnd ?? 0)).toString();
          found.push({
            a: Number(cell(reader, bytes, 'a')),
            x: JSON.parse(x),
            b: JSON.parse(cell(reader, bytes, 'b')),
          });
        });
        assert.deepEqual(found, records);
        const shorter = page.subarray(0, cut % page.length);
        assert.throws(
          () => reader.readPage(shorter, () => {}),
          (error: unknown) => error instanceof JsonSyntaxError && error.offset <= shorter.length,
        );
      }),
      { numRuns: 25 },
    );
  });

  it('keeps any number of unknown members', () => {
    const names = Array.from({ length: 3000 }, (_, i) => `unknown${i}`);
    const record = JSON.stringify(Object.fromEntries([...names.map((name, i) => [name, i]), ['a', 1]]));
    const reader = new RecordReader(FLAT);
    for (let turn = 0; turn < 2; turn++) {
      const bytes = reader.readLine(encoded(record));
      const found = reader.unknown.map(({ keyStart, keyEnd }) =>
        Buffer.from(bytes.subarray(keyStart + 1, keyEnd - 1)).toString(),
      );
      assert.deepEqual(found, names);
      assert.equal(cell(reader, bytes, 'a'), '1');
    }
  });

  it('knows its columns among ever other keys, short and long', () => {
    const reader = new RecordReader(FLAT);
    for (let i = 0; i < 6000; i++) {
      const bytes = reader.readLine(encoded(`{"${'k'.repeat(i % 400)}${i}":0,"a":${i},"b":"${i}"}`));
      assert.equal(cell(reader, bytes, 'a'), `${i}`);
      assert.equal(cell(reader, bytes, 'b'), `"${i}"`);
      assert.equal(reader.unknown.length, 1);
    }
  });

  it('refuses more than 512 lists within each other, and takes as many', () => {
    const reader = new RecordReader(FLAT);
    const nested = (depth: number) => encoded(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    reader.readLine(nested(510));
    assert.throws(() => reader.readLine(nested(511)), /nested more than 512 deep at byte 515/);
    assert.throws(() => reader.readLine(nested(1_000_000)), /nested more than 512 deep/);
  });
});

describe('cells of CSV', () => {
  function cells(record: string, slots: number[], guard?: (json: string) => string): string {
    const reader = new RecordReader(FLAT);
    const out = new ByteBuffer();
    reader.readLine(encoded(record));
    reader.writeCells(Int32Array.from(slots), out, guard);
    return Buffer.from(out.take()).toString();
  }

  it('may be the same value many times', () => {
    const long = 'x'.repeat(100_000);
    assert.equal(cells(`{"a":"${long}","b":"\\""}`, [0, 1, 0, 0, 1]), `${long},"""",${long},${long},""""`);
  });

  it('may be none', () => {
    assert.equal(cells('{"a":1}', []), '');
  });

  it('are given to the guard where they could run, as JSON', () => {
    const asked: string[] = [];
    const guard = (json: string) => {
      asked.push(json);
      return `[${asked.length}]`;
    };
    assert.equal(cells('{"a":"=1","b":"\\t"}', [0, 1, 0], guard), '[1],[2],[3]');
    assert.equal(cells('{"a":-1,"b":"a=1"}', [0, 1], guard), '-1,a=1');
    assert.deepEqual(asked, ['"=1"', '"\\t"', '"=1"']);
  });
});
