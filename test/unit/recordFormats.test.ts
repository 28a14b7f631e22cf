import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { digitsOf, ExactNumber } from '../../src/json/exact.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { createWriter, FORMATS, type Format } from '../../src/records/formats.ts';
import { ByteBuffer } from '../../src/records/output.ts';
import { RecordReader } from '../../src/records/recordReader.ts';
import { type Column, defineSchema, type RecordSchema, UNKNOWN_FIELDS } from '../../src/records/schema.ts';
import { LEGACY_USAGE, MODERN_USAGE } from '../../src/records/usageDetails.ts';

type Members = Record<string, unknown>;

function write(format: Format, schema: RecordSchema, page: Uint8Array): string {
  const reader = new RecordReader(schema);
  const writer = createWriter(format, reader);
  const out = new ByteBuffer();
  writer.begin(out);
  reader.readPage(page, (bytes) => writer.record(bytes, out));
  writer.end(out);
  return Buffer.from(out.take()).toString('utf8');
}

/** RFC 4180, with LF between the lines; throws at whatever the grammar does not allow. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length; at++) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        assert.ok(at < text.length, 'a quoted cell does not end');
        at += text[at] === '"' ? 1 : 0;
        cell += text[at];
      }
      at++;
    } else {
      for (; at < text.length && text[at] !== ',' && text[at] !== '\n'; at++) {
        assert.doesNotMatch(text[at] ?? '', /["\r]/, 'a bare quote or carriage return');
        cell += text[at];
      }
    }
    row.push(cell);
    assert.ok(text[at] === ',' || text[at] === '\n', `'${text[at]}' behind a cell`);
    if (text[at] === '\n') {
      rows.push(row);
      row = [];
    }
  }
  assert.deepEqual(row, [], 'the last line does not end');
  return rows;
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** What a cell means: text as it is, numbers as their digits, nested values as parsed JSON. */
function assertCell(cell: string, value: unknown, column: string): void {
  if (value === undefined || value === null) {
    assert.equal(cell, '', column);
  } else if (typeof value === 'string') {
    assert.equal(cell, value.toWellFormed(), column);
  } else if (typeof value === 'number' || value instanceof ExactNumber) {
    assert.equal(cell, digitsOf(value), column);
  } else if (typeof value === 'boolean') {
    assert.equal(cell, String(value), column);
  } else {
    assert.deepEqual(parseJson(cell), value, column);
  }
}

/** The members of a record that no column holds, named as the last column names them. */
function unknownOf(record: Members, schema: RecordSchema): Members {
  const unknownWithin = (within: Column['within'], members: Members, path: string) =>
    Object.entries(members).flatMap(([name, value]): [string, unknown][] => {
      const column = schema.columns.find((one) => one.within === within && one.name === name);
      if (column !== undefined && (column.members === undefined || value === null)) {
        return [];
      }
      return column !== undefined && isObject(value)
        ? Object.entries(value)
            .filter(([member]) => !column.members?.includes(member))
            .map(([member, inner]) => [`${path}${name}.${member}`, inner])
        : [[`${path}${name}`, value]];
    });
  const { properties } = record;
  return Object.fromEntries([
    ...unknownWithin('record', record, '').filter(([name]) => !(name === 'properties' && isObject(properties))),
    ...unknownWithin('properties', isObject(properties) ? properties : {}, 'properties.'),
  ]);
}

/** Name and value of the cells of a column: its own, or those of the members of its object. */
function cellsOf({ name, members }: Column, from: unknown): [string, unknown][] {
  const of = (object: unknown, member: string) =>
    isObject(object) && Object.hasOwn(object, member) ? object[member] : undefined;
  const value = of(from, name);
  return members === undefined ? [[name, value]] : members.map((member) => [`${name}.${member}`, of(value, member)]);
}

function assertCsv(text: string, page: string, schema: RecordSchema): void {
  const [header, ...rows] = readCsv(text);
  const records = (parseJson(page.replace(/^\ufeff/, '')) as { value: Members[] }).value;
  const names = schema.columns.flatMap((column) => cellsOf(column, {}).map(([name]) => name));
  assert.deepEqual(header, [...names, UNKNOWN_FIELDS]);
  assert.equal(rows.length, records.length);
  rows.forEach((row, number) => {
    const record = records[number] as Members;
    assert.equal(row.length, header.length);
    const cells = schema.columns.flatMap((column) =>
      cellsOf(column, column.within === 'record' ? record : record.properties),
    );
    cells.forEach(([name, value], i) => {
      assertCell(row[i] ?? '', value, name);
    });
    const unknown = unknownOf(record, schema);
    const cell = row.at(-1) ?? '';
    assert.deepEqual(cell === '' ? {} : parseJson(cell), unknown);
  });
}

const GOLDEN = path.join(import.meta.dirname, 'golden');

describe('golden files (UPDATE_GOLDEN=1 writes them anew)', () => {
  for (const [name, schema] of [
    ['modern', MODERN_USAGE],
    ['legacy', LEGACY_USAGE],
  ] as const) {
    const page = readFileSync(path.join(GOLDEN, `${name}.page`));
    for (const format of FORMATS) {
      it(`${name} usage details as ${format}`, () => {
        const file = path.join(GOLDEN, `${name}.${format}.golden`);
        const text = write(format, schema, page);
        if (process.env.UPDATE_GOLDEN === '1') {
          writeFileSync(file, text);
        }
        assert.equal(text, readFileSync(file, 'utf8'));
      });
    }
  }
});

const PROPERTY_NAMES = ['cost', 'currency', 'note', 'details', 'meter'];
const RECORD_NAMES = ['kind', 'tags', 'id', 'place'];
/** All objects stay one cell each. */
const WHOLE = defineSchema('test', PROPERTY_NAMES, RECORD_NAMES, { amount: 'cost', currency: 'currency' });
const MEMBERS: Readonly<Record<string, readonly string[]>> = { meter: ['id', 'cost'], place: ['kind', 'zone'] };
const SCHEMA: RecordSchema = {
  ...WHOLE,
  columns: WHOLE.columns.map((column) => {
    const members = MEMBERS[column.name];
    return members === undefined ? column : { ...column, members };
  }),
};

const text = fc.string({ unit: 'binary', maxLength: 8 });
const awkwardText = fc
  .array(fc.constantFrom('"', ',', '\n', '\r', ' ', '\\', '\t', '=', 'ש', '🌿', '\ud83c', 'x'), { maxLength: 6 })
  .map((parts) => parts.join(''));
const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.bigInt({ min: 0n, max: 10n ** 25n }),
    fc.constantFrom('', '.0', '.10', '.00000000000000000042', 'e5', 'E-9', '.5e+0'),
  )
  .map(([sign, whole, rest]) => new ExactNumber(`${sign}${whole}${rest}`));
const value = fc.oneof(text, awkwardText, number, fc.jsonValue({ maxDepth: 3 }), fc.boolean(), fc.constant(null));
const objectOf = (names: readonly string[], inner: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...names) }, text), inner, { maxKeys: 7 });
const nested = objectOf(Object.values(MEMBERS).flat(), value);
const membersOf = (names: readonly string[]) =>
  objectOf(names, fc.oneof({ weight: 2, arbitrary: value }, { weight: 1, arbitrary: nested }));
const record = fc
  .record(
    {
      envelope: membersOf(RECORD_NAMES),
      properties: fc.oneof({ weight: 5, arbitrary: membersOf(PROPERTY_NAMES) }, fc.constant(null), text),
      propertiesFirst: fc.boolean(),
    },
    { requiredKeys: ['envelope', 'propertiesFirst'] },
  )
  .map(({ envelope, propertiesFirst, ...properties }): Members => {
    return propertiesFirst ? { ...properties, ...envelope } : { ...envelope, ...properties };
  });

/** The same JSON written in the ways that services write it. */
const style = fc.constantFrom<(page: unknown) => string>(
  (page) => JSON.stringify(page),
  (page) => JSON.stringify(page, undefined, 2),
  (page) => `\ufeff${JSON.stringify(page, undefined, '\t').replaceAll('\n', '\r\n')}\r\n`,
  (page) => JSON.stringify(page).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  (page) => JSON.stringify(page).replaceAll('"cost', '"c\\u006fst').replaceAll('"kind', '"\\u006bind'),
);
const page = fc
  .tuple(fc.array(record, { maxLength: 4 }), style)
  .map(([records, write]) => write({ value: records, nextLink: '' }));
const bytes = (json: string) => new TextEncoder().encode(json);
const recordsOf = (json: string) => (parseJson(json.replace(/^\ufeff/, '')) as { value: Members[] }).value;

describe('formats of any records', () => {
  it('CSV reads back as the values that were sent', () => {
    fc.assert(
      fc.property(page, (json) => assertCsv(write('csv', SCHEMA, bytes(json)), json, SCHEMA)),
      { numRuns: 400 },
    );
  });

  it('JSON reads back as the records that were sent, digit by digit', () => {
    fc.assert(
      fc.property(page, (json) => {
        assert.deepEqual(parseJson(write('json', SCHEMA, bytes(json))), recordsOf(json));
      }),
      { numRuns: 400 },
    );
  });

  it('JSON is the same, byte for byte, whether members of objects have columns of their own', () => {
    fc.assert(
      fc.property(page, fc.constantFrom('json' as const, 'ndjson' as const), (json, format) => {
        assert.equal(write(format, SCHEMA, bytes(json)), write(format, WHOLE, bytes(json)));
      }),
      { numRuns: 400 },
    );
  });

  it('NDJSON has one line for each record, which reads back as it was sent', () => {
    fc.assert(
      fc.property(page, (json) => {
        const lines = write('ndjson', SCHEMA, bytes(json)).split('\n');
        assert.equal(lines.pop(), '');
        assert.deepEqual(lines.map(parseJson), recordsOf(json));
        assert.ok(lines.every((line) => !line.includes('\r')));
      }),
      { numRuns: 400 },
    );
  });

  it('does not depend on the order in which known members were sent, but for lines, which are records as sent', () => {
    // Where an object should be, all else is as good as unknown, and stays in the order it was sent.
    const inShape = (members: Members): Members =>
      Object.fromEntries(
        Object.entries(members).map(([name, any]) => [
          name,
          name in MEMBERS ? { [MEMBERS[name]?.[0] ?? '']: any } : any,
        ]),
      );
    const known = fc.tuple(
      fc.dictionary(fc.constantFrom(...RECORD_NAMES), value, { maxKeys: 3 }).map(inShape),
      fc.dictionary(fc.constantFrom(...PROPERTY_NAMES), value, { maxKeys: 4 }).map(inShape),
    );
    fc.assert(
      fc.property(known, fc.constantFrom('csv' as const, 'json' as const), ([envelope, properties], format) => {
        const turned = (members: Members): Members => Object.fromEntries(Object.entries(members).reverse());
        const written = [
          { ...envelope, properties },
          { properties: turned(properties), ...turned(envelope) },
        ].map((one) => write(format, SCHEMA, bytes(JSON.stringify({ value: [one] }))));
        assert.equal(written[0], written[1]);
      }),
    );
  });

  it('keeps a page of real columns whole', () => {
    const legacy = readFileSync(path.join(GOLDEN, 'legacy.page'), 'utf8');
    assertCsv(write('csv', LEGACY_USAGE, bytes(legacy)), legacy, LEGACY_USAGE);
    assert.deepEqual(parseJson(write('json', LEGACY_USAGE, bytes(legacy))), recordsOf(legacy));
  });

  it('writes documents without records that are still documents', () => {
    const empty = bytes('{"value":[]}');
    assert.equal(
      write('csv', SCHEMA, empty),
      'cost,currency,note,details,meter.id,meter.cost,kind,tags,id,place.kind,place.zone,unknownFields\n',
    );
    assert.deepEqual(JSON.parse(write('json', SCHEMA, empty)), []);
    assert.equal(write('ndjson', SCHEMA, empty), '');
  });

  it('writes records of any size', () => {
    const long = 'é"'.repeat(300_000);
    const json = JSON.stringify({ value: [{ id: long, properties: { note: long } }] });
    assertCsv(write('csv', SCHEMA, bytes(json)), json, SCHEMA);
  });
});
