import assert from 'node:assert/strict';
import { BillingError } from '../../src/api/http/errors.ts';
import { usageCurrency } from '../../src/api/partnerCenter/usageCurrency.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { JsonSyntaxError } from '../../src/json/scan.ts';
import { FORMATS } from '../../src/records/formats.ts';
import { CUSTOMER_USAGE, METER_USAGE, RESOURCE_USAGE, SUBSCRIPTION_USAGE } from '../../src/records/partnerUsage.ts';
import { RecordReader } from '../../src/records/recordReader.ts';
import { defineFlatSchema, type RecordSchema } from '../../src/records/schema.ts';
import { UTILIZATION } from '../../src/records/utilization.ts';
import { RecordsDocument, type RecordsSettings } from '../../src/usage/recordsDocument.ts';
import { MemorySink } from '../support/arm.ts';
import { csvCells } from '../support/csvCells.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const FLAT = defineFlatSchema(
  'test',
  ['Amount', 'Currency', 'properties'],
  { amount: 'Amount', currency: 'Currency' },
  { list: 'items' },
);
const ANY_CASE: RecordSchema = { ...FLAT, anyCase: true };

/** Column → JSON text, and the unknown members, of the reader's current record. */
function recordOf(reader: RecordReader, text: Uint8Array): Record<string, string> {
  const slice = (start: number, end: number) => Buffer.from(text.subarray(start, end)).toString();
  return Object.fromEntries([
    ...reader.schema.columns.flatMap(({ name }, i) =>
      reader.starts[i] === 0 ? [] : [[name, slice(reader.starts[i] ?? 0, reader.ends[i] ?? 0)]],
    ),
    ...reader.unknown.map((field) => [
      `unknown ${slice(field.keyStart, field.keyEnd)}`,
      slice(field.valueStart, field.valueEnd),
    ]),
  ]);
}

function read(schema: RecordSchema, page: string): Record<string, string>[] {
  const reader = new RecordReader(schema);
  const records: Record<string, string>[] = [];
  reader.readPage(bytes(page), (text) => records.push(recordOf(reader, text)));
  return records;
}

function line(schema: RecordSchema, text: string): Record<string, string> {
  const reader = new RecordReader(schema);
  return recordOf(reader, reader.readLine(bytes(text)));
}

describe('RecordReader of records without an envelope', () => {
  it('finds the list that the schema names, and no other', () => {
    assert.deepEqual(
      read(FLAT, '\ufeff{"totalCount":37,"value":[{}],"items":[{"Amount":1.10}],"links":{"items":[{}]}}'),
      [{ Amount: '1.10' }],
    );
    for (const page of ['{"value":[]}', '{"items":[],"items":[]}', '{"links":{"items":[]}}']) {
      assert.throws(() => read(FLAT, page), /one list named 'items', found/);
    }
    assert.throws(() => read(FLAT, '{"items":null}'), JsonSyntaxError);
  });

  it('takes a member named properties for one like all others', () => {
    assert.deepEqual(read(FLAT, '{"items":[{"properties":{"Amount":2},"Amount":1}]}'), [
      { Amount: '1', properties: '{"Amount":2}' },
    ]);
  });

  it('matches names in the case of the schema, unless it says that they differ', () => {
    const page = '{"items":[{"amount":1,"CURRENCY":"EUR","Other":[]}]}';
    assert.deepEqual(read(FLAT, page), [
      { 'unknown "amount"': '1', 'unknown "CURRENCY"': '"EUR"', 'unknown "Other"': '[]' },
    ]);
    assert.deepEqual(read(ANY_CASE, page), [{ Amount: '1', Currency: '"EUR"', 'unknown "Other"': '[]' }]);
  });

  it('loses neither value of two names that differ in case only', () => {
    assert.deepEqual(line(ANY_CASE, '{"Amount":1,"AMOUNT":2,"\\u0061mount":3}'), {
      Amount: '1',
      'unknown "AMOUNT"': '2',
      'unknown "\\u0061mount"': '3',
    });
  });

  it('reads one record by itself, and nothing behind it', () => {
    assert.deepEqual(line(FLAT, '\ufeff {"Amount":-0.50,"x":null} \r'), { Amount: '-0.50', 'unknown "x"': 'null' });
    for (const text of ['', ' ', '[]', '1', 'null', '{"Amount":1}{"Amount":2}', '{"Amount":1},', '{"Amount":1']) {
      assert.throws(() => line(FLAT, text), JsonSyntaxError, text);
    }
  });

  it('forgets the record before', () => {
    const reader = new RecordReader(FLAT);
    reader.readLine(bytes('{"Amount":1,"x":1}'));
    const second = reader.readLine(bytes('{"Currency":"USD"}'));
    assert.deepEqual(recordOf(reader, second), { Currency: '"USD"' });
  });
});

const settings = (schema: RecordSchema, more: Partial<RecordsSettings> = {}): RecordsSettings => ({
  schema,
  format: 'ndjson',
  operation: 'List usage records',
  currencyOf: (currencyLocale) => usageCurrency({ currencyLocale }) ?? '',
  ...more,
});

/** A document of these records, each a JSON text, as one page. */
async function documentOf(
  records: readonly string[],
  { schema, ...more }: Partial<RecordsSettings> & { schema: RecordSchema },
): Promise<{ document: RecordsDocument; text: string }> {
  const sink = new MemorySink();
  const document = new RecordsDocument(settings(schema, more), sink);
  await document.page(bytes(`{"totalCount":99,"items":[${records.join()}]}`));
  await document.end();
  return { document, text: sink.text };
}

const totalsOf = async (schema: RecordSchema, ...records: string[]) =>
  (await documentOf(records, { schema })).document.totals;

describe('totals of Partner Center records', () => {
  it('are by the currency of the code, or else of the culture, in both shapes of one list', async () => {
    assert.deepEqual(
      await totalsOf(
        CUSTOMER_USAGE,
        '{"totalCost":120.5682999999995904716,"currencyLocale":"en-US","usdTotalCost":0}',
        '{"totalCost":0.0000000000004095284,"currencyCode":"USD","usdTotalCost":7}',
        '{"totalCost":22.861172,"currencyLocale":"fr-FR"}',
        '{"totalCost":1,"currencyLocale":"de-DE"}',
        '{"totalCost":12345,"currencyLocale":"ja-JP"}',
        '{"totalCost":-12345,"currencyCode":"JPY","currencyLocale":"en-US"}',
      ),
      { EUR: '23.861172', JPY: '0', USD: '120.5683' },
    );
  });

  it('never take the amount in USD for one in the currency of the record', async () => {
    assert.deepEqual(await totalsOf(SUBSCRIPTION_USAGE, '{"totalCost":1.5,"currencyCode":"GBP","usdTotalCost":2}'), {
      GBP: '1.5',
    });
    const { document } = await documentOf(['{"usdTotalCost":2,"currencyCode":"GBP"}'], { schema: SUBSCRIPTION_USAGE });
    assert.deepEqual([document.totals, document.rowsWithoutCost], [{}, 1]);
  });

  it('keep cultures that nobody knows, and records that tell none, apart', async () => {
    assert.deepEqual(
      await totalsOf(
        METER_USAGE,
        '{"totalCost":1,"currencyLocale":"xx-YY"}',
        '{"totalCost":2,"currencyLocale":"es-ES_tradnl"}',
        '{"totalCost":3,"currencyLocale":null,"currencyCode":null}',
        '{"totalCost":4}',
        '{"totalCost":5,"currencyCode":" ","currencyLocale":"nb-NO"}',
        '{"totalCost":6,"currencyLocale":7}',
      ),
      { '': '13', NOK: '5', 'es-ES_tradnl': '2', 'xx-YY': '1' },
    );
  });

  it('add numbers that were sent as texts, and count what has none', async () => {
    const { document } = await documentOf(
      ['{"totalCost":"14.4","currencyCode":"EUR"}', '{"totalCost":""}', '{"totalCost":null}', '{"name":"a"}'],
      { schema: RESOURCE_USAGE },
    );
    assert.deepEqual([document.totals, document.rows, document.rowsWithoutCost], [{ EUR: '14.4' }, 4, 3]);
  });

  it('of utilization are quantities by unit, every digit of them', async () => {
    assert.deepEqual(
      await totalsOf(
        UTILIZATION,
        '{"quantity":0.000000000000001,"unit":"Hours"}',
        '{"quantity":24,"unit":"Hours"}',
        '{"quantity":-1.50,"unit":"10,000s"}',
        '{"quantity":0,"unit":"1 GB/Hr"}',
        '{"quantity":3}',
      ),
      { '': '3', '1 GB/Hr': '0', '10,000s': '-1.5', Hours: '24.000000000000001' },
    );
  });
});

describe('documents of Partner Center records', () => {
  const odd =
    '{"usageStartTime":"2026-10-31T17:00:00-07:00","quantity":-0.100,"unit":"10,000s","infoFields":null,' +
    '"instanceData":{"tags":{"a \\"b\\"":"c,d"},"additionalInfo":{"n":1.50}},"resource":{"name":""},"new":[1.0]}';

  it('keep digits, nested values and fields that no schema knows, in every format', async () => {
    const texts = await Promise.all(
      FORMATS.map(async (format) => (await documentOf([odd], { schema: UTILIZATION, format })).text),
    );
    const [csv = '', json = '', ndjson = ''] = texts;
    assert.equal(
      csv,
      'usageStartTime,usageEndTime,quantity,unit,' +
        'resource.category,resource.subcategory,resource.name,resource.region,resource.id,' +
        'instanceData.resourceUri,instanceData.location,instanceData.partNumber,instanceData.orderNumber,' +
        'instanceData.tags,instanceData.additionalInfo,infoFields,attributes,unknownFields\n' +
        '2026-10-31T17:00:00-07:00,,-0.100,"10,000s",,,,,,,,,,' +
        '"{""a \\""b\\"""":""c,d""}","{""n"":1.50}",,,"{""new"":[1.0]}"\n',
    );
    assert.deepEqual(parseJson(json), [parseJson(odd)]);
    assert.deepEqual(parseJson(ndjson), parseJson(odd));
    for (const digits of ['-0.100', '1.50', '[1.0]']) {
      assert.ok(json.includes(digits) && ndjson.includes(digits), digits);
    }
  });

  /** The cells of the row that say anything, and the fields that are told as unknown. */
  const rowOf = async (record: string) => {
    const { document, text } = await documentOf([record], { schema: UTILIZATION, format: 'csv' });
    const cells = Object.entries(csvCells(text)[0] ?? {}).filter(([, cell]) => cell !== '');
    return { unknown: document.unknownFields, cells: Object.fromEntries(cells) };
  };

  it('have the members of resource and instanceData in columns, with the digits and texts that were sent', async () => {
    const row = await rowOf(
      '{"resource":{"region":"EU, West","id":"AB-1","n\\u0061me":"a \\"b\\"","category":"","subcategory":null},' +
        '"instanceData":{"orderNumber":12345678901234567890.10,"partNumber":{"n":1.0},"tags":{},"location":"euwest",' +
        '"resourceUri":"/subscriptions/s","additionalInfo":{"azureStack.EventDateTime":"10/01/2026 00:00:00"}},' +
        '"infoFields":{"project":"p"}}',
    );
    assert.deepEqual(row, {
      unknown: [],
      cells: {
        'resource.name': 'a "b"',
        'resource.region': 'EU, West',
        'resource.id': 'AB-1',
        'instanceData.resourceUri': '/subscriptions/s',
        'instanceData.location': 'euwest',
        'instanceData.partNumber': '{"n":1.0}',
        'instanceData.orderNumber': '12345678901234567890.10',
        'instanceData.tags': '{}',
        'instanceData.additionalInfo': '{"azureStack.EventDateTime":"10/01/2026 00:00:00"}',
        infoFields: '{"project":"p"}',
      },
    });
  });

  it('keep and name the members of resource and instanceData that no schema knows, and those that come twice', async () => {
    const row = await rowOf(
      '{"resource":{"sku":"S1","id":"a","id":"b"},"instanceData":{"zone":{"n":1.0},"id":7},"zone":2,"id":8,' +
        '"resource":{"id":"c"}}',
    );
    assert.deepEqual(row, {
      unknown: ['id', 'instanceData.id', 'instanceData.zone', 'resource', 'resource.id', 'resource.sku', 'zone'],
      cells: {
        'resource.id': 'a',
        unknownFields:
          '{"resource.sku":"S1","resource.id":"b","instanceData.zone":{"n":1.0},"instanceData.id":7,"zone":2,"id":8,' +
          '"resource":{"id":"c"}}',
      },
    });
  });

  it('keep a resource and instanceData that are no objects, and have no cell for nothing', async () => {
    for (const [resource, instanceData] of [
      ['"a, b"', '[{"location":"x"}]'],
      ['1.50', 'true'],
    ]) {
      const record = `{"resource":${resource},"instanceData":${instanceData}}`;
      assert.deepEqual(await rowOf(record), {
        unknown: ['instanceData', 'resource'],
        cells: { unknownFields: record },
      });
      const { text } = await documentOf([record], { schema: UTILIZATION });
      assert.equal(text, `${record}\n`);
    }
    for (const nothing of ['{}', '{"resource":null,"instanceData":null}', '{"resource":{},"instanceData":{ }}']) {
      assert.deepEqual(await rowOf(nothing), { unknown: [], cells: {} }, nothing);
    }
  });

  it('name the fields that no schema knows', async () => {
    const { document } = await documentOf([odd, '{"zone":1,"new":2}'], { schema: UTILIZATION });
    assert.deepEqual(document.unknownFields, ['new', 'zone']);
  });

  it('without records are whole', async () => {
    for (const [format, text] of [
      ['csv', /^[^\n]+,unknownFields\n$/],
      ['json', /^\[\]\n$/],
      ['ndjson', /^$/],
    ] as const) {
      assert.match((await documentOf([], { schema: SUBSCRIPTION_USAGE, format })).text, text);
    }
  });

  it('count records themselves: the number that a page tells is of anything', async () => {
    assert.equal((await documentOf(['{}', '{}'], { schema: CUSTOMER_USAGE })).document.rows, 2);
  });

  it('have nothing of a page that cannot be read, and say so', async () => {
    for (const page of ['{"items":[{"totalCost":1},{"totalCost":"many"}]}', '{"items":[{"totalCost":1},', '[]']) {
      const sink = new MemorySink();
      const document = new RecordsDocument(settings(SUBSCRIPTION_USAGE), sink);
      await assert.rejects(document.page(bytes(page)), (error: unknown) => {
        assert.ok(error instanceof BillingError);
        assert.equal(error.kind, 'malformed');
        assert.match(error.message, /^List usage records failed: a page cannot be read \(/);
        return true;
      });
      assert.equal(sink.text, '');
    }
  });

  it('have nothing of a page that is not UTF-8, wherever that shows', async () => {
    const page = (text: string) => Buffer.from(`{"items":[${text}]}`, 'latin1');
    for (const text of ['{"name":"caf\xe9"}', '{"name":"a","budget":{"x":"\xe9"}}', '{"new":"\xe9"}', '{"\xe9":1}']) {
      for (const format of FORMATS) {
        const sink = new MemorySink();
        const document = new RecordsDocument(settings(CUSTOMER_USAGE, { format }), sink);
        await assert.rejects(document.page(page(text)), /cannot be read \(it is not UTF-8\)/);
        assert.equal(sink.text, '');
      }
    }
  });

  it('have nothing of lines of which one cannot be read', async () => {
    const sink = new MemorySink();
    const document = new RecordsDocument(settings(ANY_CASE), sink);
    await assert.rejects(document.lines([bytes('{"amount":1}'), bytes('{"amount":}')]), /a line cannot be read/);
    assert.equal(sink.text, '');
  });

  it('leave out what belongs to others, and count it', async () => {
    const { document, text } = await documentOf(
      [
        '{"subscriptionId":"ABC","totalCost":1,"currencyCode":"USD"}',
        '{"subscriptionId":"abc","totalCost":2,"currencyCode":"USD"}',
        '{"subscriptionId":"abcd","totalCost":4,"currencyCode":"USD","only":"here"}',
        '{"subscriptionId":null,"totalCost":8,"currencyCode":"USD"}',
        '{"subscriptionId":7,"totalCost":16,"currencyCode":"USD"}',
        '{"totalCost":32,"currencyCode":"USD"}',
      ],
      { schema: METER_USAGE, only: [{ column: 'subscriptionId', text: 'aBc' }] },
    );
    assert.equal(text.trimEnd().split('\n').length, 2);
    assert.deepEqual([document.rows, document.leftOut, document.totals], [2, 4, { USD: '3' }]);
    assert.deepEqual(document.unknownFields, []);
  });
});
