import assert from 'node:assert/strict';
import fc from 'fast-check';
import { JsonSyntaxError } from '../../src/json/scan.ts';
import { firstRecordKind, RecordReader } from '../../src/records/recordReader.ts';
import { defineSchema } from '../../src/records/schema.ts';

const SCHEMA = defineSchema('test', ['cost', 'currency', 'note'], ['kind', 'name'], {
  amount: 'cost',
  currency: 'currency',
});

const bytes = (text: string) => new TextEncoder().encode(text);

interface Read {
  /** Column → JSON text of its value. */
  columns: Record<string, string>;
  /** `record` or `properties`, the key and the value, as JSON texts. */
  unknown: string[];
}

function read(text: string): Read[] {
  const reader = new RecordReader(SCHEMA);
  const page = bytes(text);
  const records: Read[] = [];
  const count = reader.readPage(page, (bytes) => {
    const slice = (start: number, end: number) => Buffer.from(bytes.subarray(start, end)).toString();
    const columns: Record<string, string> = {};
    SCHEMA.columns.forEach(({ name }, i) => {
      if (reader.starts[i] !== 0) {
        columns[name] = slice(reader.starts[i] ?? 0, reader.ends[i] ?? 0);
      }
    });
    records.push({
      columns,
      unknown: reader.unknown.map(
        (field) => `${field.within} ${slice(field.keyStart, field.keyEnd)}:${slice(field.valueStart, field.valueEnd)}`,
      ),
    });
  });
  assert.equal(count, records.length);
  return records;
}

const columnsOf = (text: string) => read(text).map(({ columns }) => columns);

function refuses(text: string, message = /./): void {
  assert.throws(
    () => read(text),
    (error: unknown) => error instanceof JsonSyntaxError && message.test(error.message),
    text,
  );
}

describe('RecordReader', () => {
  it('finds members of the record and of its properties in any order, around any white space', () => {
    const expected = [{ cost: '1.10', currency: '"USD"', kind: '"modern"', name: '"a"' }];
    for (const text of [
      '{"value":[{"kind":"modern","name":"a","properties":{"cost":1.10,"currency":"USD"}}]}',
      '{"nextLink":null,"value":[{"properties":{"currency":"USD","cost":1.10},"name":"a","kind":"modern"}],"count":1}',
      '\ufeff \r\n{ "value" :\t[ { "name" : "a" ,\n"properties" : { "cost" : 1.10 , "currency" : "USD" } , "kind" : "modern" } ] }\n ',
    ]) {
      assert.deepEqual(columnsOf(text), expected, text);
    }
  });

  it('forgets what the record before had', () => {
    assert.deepEqual(read('{"value":[{"kind":"a","x":1,"properties":{"cost":1}},{"name":"b"},{}]}'), [
      { columns: { kind: '"a"', cost: '1' }, unknown: ['record "x":1'] },
      { columns: { name: '"b"' }, unknown: [] },
      { columns: {}, unknown: [] },
    ]);
  });

  it('takes a list without records', () => {
    assert.deepEqual(read('{"value":[]}'), []);
    assert.deepEqual(read('{"value": [ ] , "nextLink":"x"}'), []);
  });

  it('keeps a name on the level where it stands', () => {
    assert.deepEqual(read('{"value":[{"cost":1,"properties":{"kind":"x","cost":2}}]}'), [
      { columns: { cost: '2' }, unknown: ['record "cost":1', 'properties "kind":"x"'] },
    ]);
  });

  it('keeps unknown members of both levels in the order they were sent', () => {
    assert.deepEqual(
      read('{"value":[{"b":{"c":[1]},"properties":{"z":null,"cost":1,"y":"\\n"},"a":1.0}]}')[0]?.unknown,
      ['record "b":{"c":[1]}', 'properties "z":null', 'properties "y":"\\n"', 'record "a":1.0'],
    );
  });

  it('loses neither value of a doubled key', () => {
    assert.deepEqual(read('{"value":[{"kind":"a","kind":"b","properties":{"cost":1,"cost":2,"x":1,"x":2}}]}'), [
      {
        columns: { kind: '"a"', cost: '1' },
        unknown: ['record "kind":"b"', 'properties "cost":2', 'properties "x":1', 'properties "x":2'],
      },
    ]);
  });

  it('keeps properties that are no object as an unknown member', () => {
    for (const value of ['null', '"text"', '7', '[{"cost":1}]', 'true']) {
      assert.deepEqual(
        read(`{"value":[{"name":"a","properties":${value}}]}`),
        [{ columns: { name: '"a"' }, unknown: [`record "properties":${value}`] }],
        value,
      );
    }
  });

  it('knows a name however it is escaped', () => {
    assert.deepEqual(
      read('{"val\\u0075e":[{"\\u006bind":"m","pr\\u006Fperties":{"co\\u0073t":1,"co\\u0073t\\u0000":2}}]}'),
      [{ columns: { kind: '"m"', cost: '1' }, unknown: ['properties "co\\u0073t\\u0000":2'] }],
    );
  });

  it('finds members in another order than the record before had them, and with others between', () => {
    const names = ['cost', 'currency', 'note', 'costs', 'cos', 'x'];
    const members = fc.shuffledSubarray(names).map((some) => Object.fromEntries(some.map((name, i) => [name, i])));
    fc.assert(
      fc.property(fc.array(members, { minLength: 2, maxLength: 6 }), (records) => {
        const expected = records.map((record) =>
          Object.fromEntries(
            SCHEMA.columns.flatMap(({ name }) => (record[name] === undefined ? [] : [[name, String(record[name])]])),
          ),
        );
        const pages = JSON.stringify({ value: records.map((properties) => ({ properties })) });
        assert.deepEqual(columnsOf(pages), expected);
      }),
    );
  });

  it('is not confused by names that JavaScript objects have', () => {
    assert.deepEqual(read('{"value":[{"__proto__":1,"constructor":2,"properties":{"toString":3}}]}')[0]?.unknown, [
      'record "__proto__":1',
      'record "constructor":2',
      'properties "toString":3',
    ]);
  });

  it('refuses a page without exactly one list named value', () => {
    refuses('{}', /found 0/);
    refuses('{"values":[]}', /found 0/);
    refuses('{"inner":{"value":[]}}', /found 0/);
    refuses('{"value":[],"value":[]}', /found 2/);
    refuses('{"value":[],"val\\u0075e":[{"name":"hidden"}]}', /found 2/);
    for (const value of ['null', '{}', '"x"', '1', 'true']) {
      refuses(`{"value":${value}}`, /a list/);
    }
  });

  it('refuses records that are no objects', () => {
    for (const record of ['1', 'null', '"x"', '[]', 'true', '{"name":"a"},null']) {
      refuses(`{"value":[${record}]}`, /an object/);
    }
  });

  it('refuses pages that are no object, and text behind the page', () => {
    for (const page of ['', '\ufeff', ' ', '[]', 'null', '"value"', '{"value":[]}x', '{"value":[]}{"value":[]}']) {
      refuses(page);
    }
  });

  it('reads deep values, and refuses those that are deeper than any record', () => {
    const nested = (depth: number) =>
      `{"value":[{"name":"a","properties":{"note":${'['.repeat(depth)}${']'.repeat(depth)}}}]}`;
    assert.equal(columnsOf(nested(400))[0]?.note, `${'['.repeat(400)}${']'.repeat(400)}`);
    refuses(nested(5_000), /deep/);
    refuses(`{"value":[{"x":${'{"x":'.repeat(100_000)}`, /deep/);
  });

  it('throws wherever a page is cut, and never takes a part for the whole', () => {
    const page = bytes(
      '\ufeff{"value":[{"kind":"modern","tags":{"a":["é"]},"properties":{"cost":-1.5e-7,"note":"\\u00e9\\"","x":null}},{"name":"b"}],"nextLink":"https://a/?b"}',
    );
    for (let length = 0; length < page.length; length++) {
      assert.throws(
        () => new RecordReader(SCHEMA).readPage(page.subarray(0, length), () => {}),
        JsonSyntaxError,
        `cut at ${length}`,
      );
    }
    assert.equal(
      new RecordReader(SCHEMA).readPage(page, () => {}),
      2,
    );
  });
});

describe('firstRecordKind', () => {
  const kind = (text: string) => firstRecordKind(bytes(text));

  it('is that of the first record, without regard to case', () => {
    assert.equal(kind('{"value":[{"name":"a","kind":"Legacy"},{"kind":"modern"}]}'), 'legacy');
    assert.equal(kind('\ufeff{"nextLink":"","value":[ {"k\\u0069nd":"modern"}]}'), 'modern');
  });

  it('tells a record without a kind from a page without records', () => {
    assert.equal(kind('{"value":[{"name":"a"},{"kind":"modern"}]}'), '');
    assert.equal(kind('{"value":[{"kind":null}]}'), '');
    assert.equal(kind('{"value":[{"properties":{"kind":"legacy"}}]}'), '');
    assert.equal(kind('{"value":[]}'), undefined);
    assert.throws(() => kind('{}'), JsonSyntaxError);
  });
});
