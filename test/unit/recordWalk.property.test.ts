import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { JsonSyntaxError } from '../../src/json/scan.ts';
import { CsvReader } from '../../src/records/csvReader.ts';
import { createWriter, type Format } from '../../src/records/formats.ts';
import { guardText } from '../../src/records/formulaGuard.ts';
import { ByteBuffer } from '../../src/records/output.ts';
import { RecordReader } from '../../src/records/recordReader.ts';
import type { RecordSchema } from '../../src/records/schema.ts';
import { JsonTexts } from '../support/jsonTexts.ts';

const SCHEMA: RecordSchema = {
  kind: 'test',
  columns: [
    { name: 'cost', within: 'properties' },
    { name: 'note', within: 'properties' },
    { name: 'aVeryLongNameOfAColumn', within: 'properties' },
    { name: 'place', within: 'properties', members: ['zone', 'id'] },
    { name: 'kind', within: 'record' },
    { name: 'id', within: 'record' },
    { name: 'resource', within: 'record', members: ['id', 'name'] },
  ],
  cost: { amount: 'cost', currency: 'kind' },
};

const NAMES = ['cost', 'note', 'aVeryLongNameOfAColumn', 'aVeryLongNameOfAColumm', 'place', 'kind', 'id', 'resource'];
const MORE_NAMES = [...NAMES, 'properties', 'zone', 'name', 'x', '', '__proto__', 'é', 'value'];

/** A member as it was written. */
interface Member {
  name: string;
  key: string;
  value: string;
  /** Those of its value when that is an object that was written here. */
  members?: Member[];
}

interface Expected {
  /** Name of a cell → the JSON text of its value. */
  cells: Record<string, string>;
  /** Path and key, and the JSON text of the value, in the order they were sent. */
  unknown: string[];
}

function object(texts: JsonTexts, members: readonly Member[]): string {
  return `{${texts.join(members.map(({ key, value }) => `${key}${texts.space()}:${texts.space()}${value}`))}}`;
}

function members(texts: JsonTexts, depth: number): Member[] {
  return Array.from({ length: texts.choose(depth === 0 ? 7 : 9) }, (): Member => {
    const name = texts.pick(MORE_NAMES);
    const key = name === '' ? '""' : texts.escaped(name);
    const isObject = depth < 2 && (name === 'properties' || name === 'resource' || name === 'place');
    if (isObject && texts.choose(8) !== 7) {
      const inner = members(texts, depth + 1);
      return { name, key, value: object(texts, inner), members: inner };
    }
    return { name, key, value: texts.value() };
  });
}

/** What a reader has to find, by the members that were written: an independent account of the same rules. */
function expectedOf(record: readonly Member[]): Expected {
  const cells: Record<string, string> = {};
  const unknown: string[] = [];
  const taken = new Set<string>();
  const place = (level: 'record' | 'properties', path: string, all: readonly Member[]): void => {
    for (const { name, key, value, members: inner } of all) {
      if (level === 'record' && name === 'properties' && value.startsWith('{')) {
        place('properties', 'properties.', inner ?? []);
        continue;
      }
      const column = SCHEMA.columns.find((one) => one.within === level && one.name === name);
      const id = `${level} ${name}`;
      if (column === undefined || taken.has(id)) {
        unknown.push(`${path}${key}:${value}`);
        continue;
      }
      taken.add(id);
      if (column.members === undefined) {
        cells[name] = value;
      } else if (inner !== undefined) {
        for (const one of inner) {
          const cell = `${name}.${one.name}`;
          if (column.members.includes(one.name) && cells[cell] === undefined) {
            cells[cell] = one.value;
          } else {
            unknown.push(`${path}${name}.${one.key}:${one.value}`);
          }
        }
      } else if (value !== 'null') {
        unknown.push(`${path}${key}:${value}`);
      }
    }
  };
  place('record', '', record);
  return { cells, unknown };
}

/** A value that an object must not be where columns have members: the walk would find members that this test did not write. */
function isTold(all: readonly Member[]): boolean {
  return all.every(({ name, value, members: inner }) =>
    inner === undefined
      ? !(value.startsWith('{') && ['properties', 'resource', 'place'].includes(name))
      : isTold(inner),
  );
}

interface Page {
  bytes: Uint8Array;
  records: Member[][];
}

function pageOf(texts: JsonTexts): Page {
  const records = Array.from({ length: 1 + texts.choose(3) }, () => members(texts, 0)).filter(isTold);
  const list = `[${texts.join(records.map((record) => object(texts, record)))}]`;
  const others = texts.choose(4) === 3 ? [`"nextLink":${texts.string()}`, `"x":${texts.value()}`] : [];
  const all = [`${texts.escaped('value')}${texts.space()}:${texts.space()}${list}`, ...others];
  const mark = texts.choose(8) === 7 ? '\ufeff' : '';
  const text = `${mark}${texts.space()}{${texts.join(texts.choose(2) === 0 ? all : all.reverse())}}${texts.space()}`;
  return { bytes: new TextEncoder().encode(text), records };
}

// One reader for all cases: what it learned from the keys of one page must not harm the next.
const reader = new RecordReader(SCHEMA);

function read(page: Uint8Array): Expected[] {
  const found: Expected[] = [];
  reader.readPage(page, (bytes) => {
    const slice = (start: number, end: number) => Buffer.from(bytes.subarray(start, end)).toString();
    const cells: Record<string, string> = {};
    for (const { name, slot } of reader.cells) {
      const start = reader.starts[slot] ?? 0;
      if (start !== 0) {
        cells[name] = slice(start, reader.ends[slot] ?? 0);
      }
    }
    const unknown = reader.unknown.map(
      ({ path, keyStart, keyEnd, valueStart, valueEnd }) =>
        `${path}${slice(keyStart, keyEnd)}:${slice(valueStart, valueEnd)}`,
    );
    found.push({ cells, unknown });
  });
  return found;
}

function write(format: Format, page: Uint8Array, formulaGuard = false): Uint8Array {
  const writer = createWriter(format, reader, { formulaGuard });
  const out = new ByteBuffer();
  writer.begin(out);
  reader.readPage(page, (bytes) => writer.record(bytes, out));
  writer.end(out);
  return out.take();
}

function rowsOf(csv: Uint8Array): string[][] {
  const rows: string[][] = [];
  const csvReader = new CsvReader(
    () => {},
    (row) => rows.push(row.texts()),
  );
  csvReader.write(csv);
  csvReader.endPart();
  return rows;
}

/** The text of a cell for a JSON text. */
function cellText(json: string | undefined, guard: boolean): string {
  if (json === undefined || json === 'null') {
    return '';
  }
  if (!json.startsWith('"')) {
    return json;
  }
  const text = (JSON.parse(json) as string).toWellFormed();
  return guard ? guardText(text) : text;
}

const pages = fc.uint8Array({ maxLength: 300 }).map((choices) => pageOf(new JsonTexts(choices)));

/** Deep nesting is within the limit here, so what `JSON.parse` takes is a page when its parts are where they belong. */
function isPage(text: string): boolean | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return false;
  }
  const isObject = (one: unknown) => typeof one === 'object' && one !== null && !Array.isArray(one);
  const list = isObject(value) ? (value as { value?: unknown }).value : undefined;
  // Of two lists of one name JSON.parse shows the last.
  return Array.isArray(list) && list.every(isObject) ? undefined : false;
}

describe('record walk', function () {
  this.timeout(300_000);

  it('finds in any page what was written into it, byte for byte', () => {
    fc.assert(
      fc.property(pages, ({ bytes, records }) => {
        assert.deepEqual(read(bytes), records.map(expectedOf));
      }),
      { numRuns: 50_000 },
    );
  });

  it('writes cells that a strict reader of CSV reads back, with the guard against formulas and without', () => {
    fc.assert(
      fc.property(pages, fc.boolean(), ({ bytes, records }, guard) => {
        const names = reader.cells.map(({ name }) => name);
        const expected = records.map((record) => {
          const { cells } = expectedOf(record);
          return names.map((name) => cellText(cells[name], guard));
        });
        assert.deepEqual(
          rowsOf(write('csv', bytes, guard)).map((row) => row.slice(0, -1)),
          expected,
        );
      }),
      { numRuns: 20_000 },
    );
  });

  it('writes lines that are the records as JSON.parse knows them', () => {
    fc.assert(
      fc.property(pages, ({ bytes, records }) => {
        const lines = Buffer.from(write('ndjson', bytes)).toString().split('\n');
        assert.equal(lines.pop(), '');
        const { value } = JSON.parse(new TextDecoder().decode(bytes)) as { value: unknown[] };
        assert.equal(lines.length, records.length);
        assert.deepEqual(
          lines.map((line) => JSON.parse(line)),
          value,
        );
      }),
      { numRuns: 10_000 },
    );
  });

  it('takes what JSON.parse takes and refuses what it refuses, however a page was damaged', () => {
    const damaged = fc.tuple(pages, fc.nat(), fc.nat(7), fc.boolean()).map(([{ bytes }, where, bit, isCut]) => {
      const at = where % bytes.length;
      if (isCut) {
        return bytes.subarray(0, at);
      }
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] as number) ^ (1 << bit);
      return flipped;
    });
    let refused = 0;
    fc.assert(
      fc.property(damaged, (bytes) => {
        // Documents look at this first.
        fc.pre(isUtf8(bytes));
        const taken = isPage(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
        try {
          read(bytes);
          assert.notEqual(taken, false);
        } catch (error) {
          assert.ok(error instanceof JsonSyntaxError, String(error));
          assert.ok(error.offset <= bytes.length, error.message);
          assert.ok(taken === false || /found 2/.test(error.message), error.message);
          refused++;
        }
      }),
      { numRuns: 40_000 },
    );
    assert.ok(refused > 10_000);
  });
});
