import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { execPath } from 'node:process';
import fc from 'fast-check';
import { chooseLayout } from '../../src/records/chooseLayout.ts';
import { CsvReader } from '../../src/records/csvReader.ts';
import { CsvTable, csvColumns } from '../../src/records/csvTable.ts';
import { createWriter } from '../../src/records/formats.ts';
import { ByteBuffer } from '../../src/records/output.ts';
import { ParquetFile } from '../../src/records/parquetFile.ts';
import { RecordReader } from '../../src/records/recordReader.ts';
import { RecordTable, recordColumns } from '../../src/records/recordTable.ts';
import type { RecordSchema } from '../../src/records/schema.ts';
import type { TableColumn } from '../../src/records/tableRows.ts';
import { MODERN_USAGE } from '../../src/records/usageDetails.ts';
import { parquetRows } from '../support/parquetRows.ts';
import { FILE_COLUMNS, fixtureFile, fixturePage, SCHEMAS } from '../support/rowFixtures.ts';
import { converted, FACTS, spoolOf } from '../support/tableFiles.ts';

type Rows = Record<string, string>[];

const fileOf = (columns: readonly TableColumn[]) => {
  const chunks: Uint8Array[] = [];
  const file = new ParquetFile(columns, FACTS, { write: (chunk) => void chunks.push(chunk) });
  const rows = async (): Promise<Rows> => {
    await file.finish();
    return (await parquetRows(Buffer.concat(chunks))).rows;
  };
  return { file, rows };
};

/** Takes pages straight into a file. */
function tableOf(schema: RecordSchema) {
  const reader = new RecordReader(schema);
  const { file, rows } = fileOf(recordColumns(reader));
  const table = new RecordTable(reader, file);
  const slotOf = (name: string) => reader.cells.find((cell) => cell.name === name)?.slot ?? -1;
  const costs = { amount: slotOf('paygCostInUSD'), currency: slotOf('billingCurrencyCode'), day: -1 };
  return {
    /** Rows that the walk put on its own. */
    inRuns: 0,
    async take(page: Uint8Array, isRun: boolean): Promise<void> {
      table.beginPage();
      const onRecord = (bytes: Uint8Array) => {
        table.record(bytes);
        if (isRun) {
          table.beginPage();
        }
      };
      const onRun = (records: number) => {
        this.inRuns += records;
      };
      const sum = () => ({ addLimbs() {} });
      reader.readPage(
        page,
        onRecord,
        isRun ? { rows: table.rows, costs, out: new ByteBuffer(), onRun, sum } : undefined,
      );
      await table.drain();
    },
    end(): Promise<Rows> {
      table.end();
      return rows();
    },
  };
}

async function direct(schema: RecordSchema, pages: readonly Uint8Array[], isRun = false): Promise<Rows> {
  const table = tableOf(schema);
  for (const page of pages) {
    await table.take(page, isRun);
  }
  return table.end();
}

/** The same over lines of JSON, as exports do it. */
async function byLines(schema: RecordSchema, pages: readonly Uint8Array[]): Promise<Rows> {
  const reader = new RecordReader(schema);
  const writer = createWriter('ndjson', reader, { layout: chooseLayout({ always: true }) });
  const out = new ByteBuffer();
  for (const page of pages) {
    reader.readPage(page, (bytes) => writer.record(bytes, out));
  }
  const columns = recordColumns(reader).slice(0, -1);
  const { file } = await converted({ columns, text: Buffer.from(out.take()).toString() }, 'parquet');
  return (await parquetRows(file)).rows;
}

/** Values of a column: some repeat, some never do, some are not of its type, some are none. */
const value = (usual: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 6, arbitrary: usual },
    {
      weight: 1,
      arbitrary: fc.constantFrom('null', '""', '" "', '"n/a"', 'true', '{"a":[1,2]}', '"\\ud800"', '1e400'),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)) },
  );

const number = fc.oneof(
  fc.constantFrom(
    '0',
    '-0',
    '1.50',
    '0.00000000000000000001',
    '-12.5',
    '1e3',
    '123456789012345678.12345678901234567890',
  ),
  fc.tuple(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.nat(99_999_999)).map(([a, b]) => `${a}.${b}`),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => JSON.stringify(one)),
);

const text = fc.oneof(
  fc.constantFrom('"Storage"', '"Virtual \\"Machines\\""', '"Größe"'),
  fc.uuid().map((id) => `"${id}"`),
);

const record = fc
  .record({
    id: value(text),
    tags: fc.option(fc.constantFrom('{"a":"b"}', '{"c":{"d":[1]}}'), { nil: undefined }),
    date: value(fc.constantFrom('"2026-10-01T00:00:00Z"', '"2026-10-02T00:00:00.0000000Z"', '"2026-10-03"')),
    cost: value(number),
    quantity: value(number),
    meter: value(text),
    eligible: value(fc.constantFrom('true', 'false')),
    payg: fc.constantFrom('1.5', '"2"', '-0.25', 'null', '1e2'),
    currency: fc.constantFrom('"EUR"', '"EUR"', '"USD"'),
    odd: fc.option(fc.constantFrom('{"x":1}', '7', '"more"'), { nil: undefined, freq: 1 }),
  })
  .map(({ id, tags, date, cost, quantity, meter, eligible, payg, currency, odd }) => {
    const own = [`"id":${id}`, ...(tags === undefined ? [] : [`"tags":${tags}`])];
    const inner = [
      `"date":${date},"costInBillingCurrency":${cost},"quantity":${quantity}`,
      `"meterName":${meter},"isAzureCreditEligible":${eligible}`,
      `"paygCostInUSD":${payg},"billingCurrencyCode":${currency}`,
      ...(odd === undefined ? [] : [`"oddField":${odd}`]),
    ];
    return `{${own.join(',')},"properties":{${inner.join(',')}}}`;
  });

describe('columns of a file, made of pages in one walk', () => {
  for (const [kind, schema] of Object.entries(SCHEMAS)) {
    it(`hold what an export to Parquet holds: ${kind}`, async () => {
      const { file } = await converted(spoolOf(kind), 'parquet');
      const expected = (await parquetRows(file)).rows;
      assert.ok(expected.length > 0);
      assert.deepEqual(await direct(schema, [fixturePage(schema)]), expected);
    });
  }

  for (const [kind, header] of Object.entries(FILE_COLUMNS)) {
    it(`hold it for files, too: ${kind}`, async () => {
      const { file: whole } = await converted(spoolOf(kind), 'parquet');
      const { file, rows } = fileOf(csvColumns(header));
      const table = new CsvTable(header, file);
      const reader = new CsvReader(
        () => {},
        (row) => table.row(row),
      );
      reader.write(Buffer.from(fixtureFile(header)));
      reader.endPart();
      table.end();
      assert.deepEqual(await rows(), (await parquetRows(whole)).rows);
    });
  }

  it('hold it whatever the values are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(record, { maxLength: 12 }), { maxLength: 4 }), async (lists) => {
        const pages = lists.map((records) => Buffer.from(`{"value":[${records.join(',')}]}`));
        const expected = await byLines(MODERN_USAGE, pages);
        assert.deepEqual(await direct(MODERN_USAGE, pages), expected);
        assert.deepEqual(await direct(MODERN_USAGE, pages, true), expected);
      }),
      { numRuns: 60 },
    );
  });

  it('hold it when two files are written page by page from one memory, with more text than it keeps', async () => {
    const pageOf = (file: number, page: number) => {
      const records = Array.from({ length: 250 }, (_, i) => {
        const long = 'x'.repeat(3000) + ((i * 7) % 200);
        const inner = `"customerName":"${long}","paygCostInUSD":1,"billingCurrencyCode":"EUR","meterName":"meter ${file * page + (i % 3)}"`;
        return `{"id":"/id/${i % 5}","properties":{${inner}}}`;
      });
      return Buffer.from(`{"value":[${records.join(',')}]}`);
    };
    const files = [1, 2].map((file) => ({
      table: tableOf(MODERN_USAGE),
      pages: [0, 1, 2].map((n) => pageOf(file, n)),
    }));
    for (const n of [0, 1, 2]) {
      for (const { table, pages } of files) {
        await table.take(pages[n] ?? Buffer.of(), true);
      }
    }
    for (const { table, pages } of files) {
      assert.ok(table.inRuns >= 700);
      assert.deepEqual(await table.end(), await byLines(MODERN_USAGE, pages));
    }
  });

  it('hold it over many groups of rows, with values that repeat and values that never do', async () => {
    const quantities = fc.sample(value(number), { numRuns: 4000, seed: 11 });
    const notes = fc.sample(value(fc.string({ unit: 'grapheme' }).map((one) => JSON.stringify(one))), {
      numRuns: 4000,
      seed: 12,
    });
    const pages = Array.from({ length: 13 }, (_, page) => {
      const records = Array.from({ length: 4000 }, (_each, i) => {
        const cost = page === 7 && i === 5 ? '"n/a"' : `${page * 4000 + i}.${i % 10}`;
        const inRun = `"paygCostInUSD":${i}.5,"billingCurrencyCode":"${page === 9 && i % 100 === 0 ? 'USD' : 'EUR'}"`;
        const rest = `"meterName":"meter ${Math.floor(i / 700)}",${inRun},"quantity":${quantities[i]},"invoiceId":${notes[i]}`;
        return `{"id":"/id/${page}/${i}","properties":{"date":"2026-10-0${1 + (page % 9)}","costInBillingCurrency":${cost},${rest}}}`;
      });
      return Buffer.from(`{"value":[${records.join(',')}]}`);
    });
    const expected = await byLines(MODERN_USAGE, pages);
    assert.equal(expected.length, 52_000);
    assert.deepEqual(await direct(MODERN_USAGE, pages), expected);
    const table = tableOf(MODERN_USAGE);
    for (const page of pages) {
      await table.take(page, true);
    }
    assert.ok(table.inRuns > 50_000);
    assert.deepEqual(await table.end(), expected);
  }).timeout(60_000);

  it('hold no row twice when there is no memory for a page, which fails', () => {
    const process = spawnSync(execPath, [path.join(import.meta.dirname, '../support/walkWithoutMemory.ts')]);
    const { refused, failed, ids } = JSON.parse(process.stdout.toString()) as Record<string, unknown>;
    assert.deepEqual([refused, failed], [true, true], process.stderr.toString());
    assert.deepEqual(
      ids,
      Array.from({ length: 50 }, (_, i) => `a${i}`),
    );
  });
});
