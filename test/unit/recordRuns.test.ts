import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { createWriter, type Format } from '../../src/records/formats.ts';
import { ByteBuffer } from '../../src/records/output.ts';
import { RecordReader } from '../../src/records/recordReader.ts';
import type { RowOptions } from '../../src/records/rowOptions.ts';
import type { RecordSchema } from '../../src/records/schema.ts';
import { CostTotals } from '../../src/records/totals.ts';
import { JsonTexts } from '../support/jsonTexts.ts';

/** Columns with members would make every record odd; see the records of `test/unit/recordWalk.property.test.ts` for these. */
const SCHEMA: RecordSchema = {
  kind: 'test',
  columns: [
    { name: 'id', within: 'record' },
    { name: 'cost', within: 'properties' },
    { name: 'currency', within: 'properties' },
    { name: 'date', within: 'properties' },
    { name: 'note', within: 'properties' },
    { name: 'aNameThatIsLongerThanABlock', within: 'properties' },
    { name: 'tags', within: 'record' },
    { name: 'place', within: 'properties', members: ['zone', 'id'] },
  ],
  cost: { amount: 'cost', currency: 'currency', day: 'date' },
};

const OPTIONS: readonly { format: Format; options: RowOptions }[] = [
  { format: 'csv', options: {} },
  { format: 'csv', options: { formulaGuard: true, lineEnd: '\r\n', bom: true } },
  { format: 'csv', options: { scope: { scope: '/customers/1', label: '=Müller, "Söhne"' }, formulaGuard: true } },
  { format: 'ndjson', options: {} },
  { format: 'ndjson', options: { scope: { scope: '/customers/1', label: 'Müller' } } },
];

interface Written {
  text: string;
  records: number;
  sums: unknown;
  /** How many records were written by runs. */
  inRuns: number;
}

// Kept over all cases: what a reader learned from one page must not harm the next.
const runReader = new RecordReader(SCHEMA);
const otherReader = new RecordReader(SCHEMA);

function write(page: Uint8Array, { format, options }: (typeof OPTIONS)[number], isRun: boolean): Written {
  const reader = isRun ? runReader : otherReader;
  const writer = createWriter(format, reader, options);
  const totals = new CostTotals(reader);
  const out = new ByteBuffer();
  let inRuns = 0;
  const rows = isRun ? writer.rows?.() : undefined;
  writer.begin(out);
  const records = reader.readPage(
    page,
    (bytes) => {
      writer.record(bytes, out);
      totals.add(bytes);
    },
    rows && {
      rows,
      costs: totals.slots,
      out,
      onRun: (written) => {
        inRuns += written;
      },
      sum: () => totals.last,
    },
  );
  writer.end(out);
  return { text: Buffer.from(out.take()).toString(), records, sums: totals.sums.snapshot(), inRuns };
}

/** Writes with runs and without, which has to be the same; or both have to fail with the same words. */
function compare(page: Uint8Array, how: (typeof OPTIONS)[number]): Written | undefined {
  let alone: Written;
  try {
    alone = write(page, how, false);
  } catch (error) {
    assert.throws(() => write(page, how, true), { message: (error as Error).message });
    return undefined;
  }
  const written = write(page, how, true);
  assert.deepEqual({ ...written, inRuns: 0 }, alone);
  return written;
}

/** The records, each in a page of its own: nothing stands before them that they could be compared with. */
function writeOneByOne(records: readonly string[], how: (typeof OPTIONS)[number]): { text: string; sums: unknown } {
  const reader = new RecordReader(SCHEMA);
  const writer = createWriter(how.format, reader, how.options);
  const totals = new CostTotals(reader);
  const out = new ByteBuffer();
  writer.begin(out);
  for (const record of records) {
    reader.readPage(Buffer.from(`{"value":[${record}]}`), (bytes) => {
      writer.record(bytes, out);
      totals.add(bytes);
    });
  }
  writer.end(out);
  return { text: Buffer.from(out.take()).toString(), sums: totals.sums.snapshot() };
}

/** Members with their keys and values as texts; records that follow are like them but for some values. */
type Members = [key: string, value: string][];

function money(texts: JsonTexts): string {
  return texts.choose(40) === 39 ? texts.value() : texts.choose(6) === 5 ? `"${texts.number()}"` : texts.number();
}

function memberValue(texts: JsonTexts, key: string): string {
  switch (key) {
    case 'cost':
      return money(texts);
    case 'currency':
      return texts.choose(8) < 7 ? '"EUR"' : texts.pick(['"USD"', '""', 'null', '"JPY"']);
    case 'date':
      return texts.choose(8) < 7 ? '"2026-10-01T00:00:00Z"' : texts.pick(['"2026-10-02"', 'null']);
    default:
      return texts.value();
  }
}

interface Page {
  bytes: Uint8Array;
  records: string[];
}

function pageOf(texts: JsonTexts, count: number): Page {
  const properties: Members = ['cost', 'currency', 'date', 'note', 'aNameThatIsLongerThanABlock', 'place']
    .filter(() => texts.choose(12) !== 11)
    .map((key) => [key, memberValue(texts, key)]);
  const record: Members = [
    ['id', texts.string()],
    ['tags', texts.value()],
  ];
  const object = (members: Members, more = '') =>
    `{${members.map(([key, value]) => `"${key}"${texts.choose(40) === 39 ? texts.space() : ''}:${value}`).join(',')}${more}}`;
  const records = Array.from({ length: count }, () => {
    for (const member of [...record, ...properties]) {
      if (texts.choose(3) === 2) {
        member[1] = memberValue(texts, member[0]);
      }
    }
    const more = texts.choose(30) === 29 ? `,${texts.string()}:${texts.value()}` : '';
    return object(record, `,"properties":${object(properties, more)}`);
  });
  const between = texts.choose(30) === 29 ? ` ,${texts.space()}` : ',';
  return { bytes: Buffer.from(`{"value":[${records.join(between)}]}`), records };
}

const pages = fc
  .tuple(fc.integer({ min: 2, max: 12 }), fc.uint8Array({ maxLength: 500, size: 'max' }))
  .map(([count, choices]) => pageOf(new JsonTexts(choices), count));

describe('runs of records', function () {
  this.timeout(300_000);

  it('write what a call for each record writes, to the last byte and digit', () => {
    let inRuns = 0;
    fc.assert(
      fc.property(pages, fc.constantFrom(...OPTIONS), ({ bytes, records }, how) => {
        const written = compare(bytes, how);
        if (written === undefined) {
          // A cost that is none.
          assert.throws(() => writeOneByOne(records, how), RangeError);
        } else {
          const { text, sums } = written;
          assert.deepEqual({ text, sums }, writeOneByOne(records, how));
          inRuns += written.inRuns;
        }
      }),
      { numRuns: 15_000 },
    );
    assert.ok(inRuns > 5000, `only ${inRuns} records were written by runs`);
  });

  it('fail where a call for each record fails and JSON.parse does, however a page was damaged', () => {
    let refused = 0;
    fc.assert(
      fc.property(
        pages,
        fc.constantFrom(...OPTIONS),
        fc.nat(),
        fc.nat(6),
        fc.boolean(),
        (page, how, where, bit, isCut) => {
          const at = where % page.bytes.length;
          const damaged = isCut ? page.bytes.subarray(0, at) : Uint8Array.from(page.bytes);
          if (!isCut) {
            damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
          }
          // Documents look at this first.
          fc.pre(isUtf8(damaged));
          if (compare(damaged, how) === undefined) {
            refused++;
          } else {
            JSON.parse(Buffer.from(damaged).toString());
          }
        },
      ),
      { numRuns: 15_000 },
    );
    assert.ok(refused > 5000);
  });

  it('go on over pages and records of any size', () => {
    const length = fc.oneof(
      { weight: 40, arbitrary: fc.nat(3000) },
      { weight: 3, arbitrary: fc.nat(30_000) },
      { weight: 1, arbitrary: fc.nat(400_000) },
    );
    const sizes = fc.array(length, { minLength: 50, maxLength: 400, size: 'max' });
    fc.assert(
      fc.property(sizes, fc.constantFrom(...OPTIONS), fc.nat(), (lengths, how, cut) => {
        const records = lengths.map((size, i) => ({
          id: `${i >> 2}`,
          properties: { cost: i / 8, currency: 'EUR', date: `2026-10-${10 + (i >> 6)}`, note: 'a"é,'.repeat(size / 5) },
          tags: { a: i % 3 },
        }));
        const page = Buffer.from(JSON.stringify({ value: records }));
        const { inRuns = 0 } = compare(page, how) ?? {};
        assert.ok(inRuns > records.length / 2, `${inRuns} of ${records.length}`);
        compare(page.subarray(0, cut % page.length), how);
      }),
      { numRuns: 40 },
    );
  });

  it('keep sums exact that doubles could not hold', () => {
    const records = Array.from({ length: 500 }, (_, i) => ({
      id: i,
      properties: { cost: 0, currency: 'EUR', date: '2026-10-01' },
    }));
    const text = JSON.stringify({ value: records }).replaceAll(
      '"cost":0',
      '"cost":-999999999999999.999999999999999999999999',
    );
    const { inRuns = 0 } = compare(Buffer.from(text), { format: 'ndjson', options: {} }) ?? {};
    assert.ok(inRuns > 400, `${inRuns}`);
  });

  it('leave all to others when what stands before each row is long', () => {
    const page = Buffer.from('{"value":[{"id":"1"},{"id":"2"}]}');
    const label = 'x'.repeat(5000);
    for (const format of ['ndjson', 'csv'] as const) {
      assert.equal(compare(page, { format, options: { scope: { scope: '/', label } } })?.inRuns, 0);
    }
  });
});
