import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { EngineError } from '../../src/engine/engineErrors.ts';
import { makeBareInstance } from '../../src/engine/process/bareInstance.ts';
import { Instance } from '../../src/engine/process/instance.ts';
import { openUsageTable } from '../../src/engine/table/openTable.ts';
import { resultTable } from '../../src/engine/table/resultTable.ts';
import type { UsageTable } from '../../src/engine/table/usageTable.ts';
import { NOWHERE, startEngine, type TestEngine } from '../support/engine.ts';

const ALL = { sort: [], filters: [] };

describe('amounts and days that the engine tells', function () {
  this.timeout(60_000);
  let test: TestEngine;
  before(async () => {
    test = await startEngine();
  });
  after(() => test.close());

  const csv = async (name: string, text: string) => {
    const file = test.at(name);
    await writeFile(file, text);
    return openUsageTable(test.engine, [file]);
  };

  it('are of UTC on every connection, wherever the machine stands', async () => {
    const { TZ } = process.env;
    process.env.TZ = 'America/New_York';
    try {
      const bare = await makeBareInstance({ threads: 1, scratchLimit: 256 }, test.at('zone'));
      const instance = await Instance.open(bare, NOWHERE, [], 256);
      const connection = await instance.connect();
      const reader = await connection.runAndReadAll(
        "SELECT current_setting('TimeZone'), CAST(CAST(TIMESTAMPTZ '2026-10-01T00:00:00Z' AS DATE) AS VARCHAR)",
      );
      assert.deepEqual(reader.getRows(), [['UTC', '2026-10-01']]);
      connection.closeSync();
      instance.close();
    } finally {
      if (TZ === undefined) {
        delete process.env.TZ;
      } else {
        process.env.TZ = TZ;
      }
    }
  });

  it('are added up for each currency, whatever their column is called', async () => {
    const table = await csv(
      'report.csv',
      'Service,Difference,By use,Currency\na,10.5,1,USD\nb,20,2,EUR\nc,0.25,3,USD\n',
    );
    await table.count(ALL);
    const { sums } = await table.sums(ALL, ['Difference', 'By use']);
    assert.deepEqual(sums.map(({ column, currency, sum }) => `${column} ${sum} ${currency}`).sort(), [
      'By use 2 EUR',
      'By use 4 USD',
      'Difference 10.75 USD',
      'Difference 20 EUR',
    ]);
    await table.close();
  });

  it('in the pricing currency are never said to be in that of the invoice', async () => {
    const columns = ['BilledCost', 'x_CostInPricingCurrency', 'x_EffectiveUnitPrice'];
    const lines = 'EUR,USD,1,2,3\nEUR,GBP,4,5,6\n';
    const told = async (table: UsageTable) => {
      await table.count(ALL);
      const { sums } = await table.sums(ALL, columns);
      const { rows } = await table.groups(
        ALL,
        { columns: [{ column: 'BillingCurrency' }], sums: columns },
        { descending: false },
        0,
        9,
      );
      await table.close();
      const texts = sums.map(({ column, currency, sum }) => `${column} ${sum} ${currency}`);
      assert.deepEqual(
        rows.flatMap((group) => group.sums).map(({ column, currency, sum }) => `${column} ${sum} ${currency}`),
        texts,
      );
      return texts;
    };
    const head = `BillingCurrency,x_PricingCurrency,${columns.join()}\n`;
    assert.deepEqual(await told(await csv('pricing.csv', head + lines)), [
      'BilledCost 5 EUR',
      'x_CostInPricingCurrency 5 GBP',
      'x_CostInPricingCurrency 2 USD',
      'x_EffectiveUnitPrice 6 GBP',
      'x_EffectiveUnitPrice 3 USD',
    ]);
    const file = await test.make(
      'pricing.parquet',
      "SELECT 'EUR' AS BillingCurrency, 1 AS BilledCost, 2 AS x_CostInPricingCurrency, 3 AS x_EffectiveUnitPrice",
    );
    // A file of usage without a pricing currency has its prices in the only one that it tells.
    assert.deepEqual(await told(await openUsageTable(test.engine, [file])), [
      'BilledCost 1 EUR',
      'x_CostInPricingCurrency 2 null',
      'x_EffectiveUnitPrice 3 EUR',
    ]);
    const ground = { files: [file], views: [{ name: 'usage', sql: `SELECT * FROM read_parquet('${file}')` }] };
    assert.deepEqual(await told(await resultTable(test.engine, { ground }, { sql: 'FROM usage' })), [
      'BilledCost 1 EUR',
      'x_CostInPricingCurrency 2 null',
      'x_EffectiveUnitPrice 3 null',
    ]);
  });

  it('with thousands separators stay text, since nobody knows whether 1,000 is one', async () => {
    const table = await csv('thousands.csv', 'Service,Cost\na,"1,000"\nb,"12,500"\nc,250\n');
    await table.count(ALL);
    assert.equal(table.columns[1]?.kind, 'text');
    assert.deepEqual(await table.rows(ALL, 0, 9, ['Cost']), [['1,000'], ['12,500'], ['250']]);
    await table.close();
    const other = await csv('decimals.csv', 'Service;Cost\na;1,5\nb;12,25\n');
    await other.count(ALL);
    assert.equal(other.columns[1]?.kind, 'decimal');
    await other.close();
  });

  it('below a title, empty lines and a title cell of two lines begin after the header', async () => {
    for (const title of ['Title\r\n\r\n', '\r\n\r\n', '"Title\r\nof two lines"\r\n\r\n']) {
      const table = await csv('title.csv', `${title}Date,Cost,Currency\r\n2026-10-01,1.5,USD\r\n2026-10-02,2,USD\r\n`);
      assert.equal(await table.count(ALL), 2, JSON.stringify(title));
      assert.deepEqual(
        table.columns.map(({ name, kind }) => `${name} ${kind}`),
        ['Date date', 'Cost decimal', 'Currency text'],
      );
      await table.close();
    }
  });

  it('that are sums of integers keep all digits in Parquet', async () => {
    const file = await test.make('big.parquet', 'SELECT 9007199254740993 AS n FROM range(3)');
    const ground = { files: [file], views: [{ name: 'usage', sql: `SELECT * FROM read_parquet('${file}')` }] };
    const table = await resultTable(test.engine, { ground }, { sql: 'SELECT sum(n) AS s, count(*) AS c FROM usage' });
    const out = test.at('sums.parquet');
    await table.export(ALL, ['s', 'c'], { file: out, format: 'parquet' });
    await table.close();
    const written = await openUsageTable(test.engine, [out]);
    assert.deepEqual(await written.rows(ALL, 0, 9, ['s', 'c']), [['27021597764222979', '3']]);
    await written.close();
  });

  it('cannot be changed by SQL that hides behind comments', async () => {
    const file = await test.make('kept.parquet', "SELECT i AS cost, 'Storage' AS service FROM range(5) t(i)");
    const bytes = await readFile(file);
    const ground = { files: [file], views: [{ name: 'usage', sql: `SELECT * FROM read_parquet('${file}')` }] };
    const evil = [
      `explain /* /* */ SELECT 1 -- */ ANALYZE COPY (SELECT 7 AS a) TO '${file}' (FORMAT parquet, USE_TMP_FILE false)`,
      'explain /* /* */ SELECT 1 -- */ ANALYZE CREATE OR REPLACE VIEW usage AS SELECT 1 AS cost',
      'explain /* /* */ SELECT 1 -- */ ANALYZE DROP VIEW usage',
      `/* /* */ SELECT 1 -- */ SELECT 1 AS x; COPY (SELECT 7 AS a) TO '${file}' (FORMAT parquet, USE_TMP_FILE false)`,
      '/* /* */ SELECT 1 -- */ SELECT 1 AS x; DROP VIEW usage',
    ];
    for (const sql of evil) {
      const answer = resultTable(test.engine, { ground }, { sql });
      await answer.then(
        async (table) => {
          await table.rows(ALL, 0, 1, [table.columns[0]?.name ?? '']);
          await table.close();
        },
        (error: unknown) => assert.ok(error instanceof EngineError, String(error)),
      );
      assert.deepEqual(await readFile(file), bytes, sql);
      const table = await resultTable(test.engine, { ground }, { sql: 'SELECT sum(cost) AS s FROM usage' });
      assert.deepEqual(await table.rows(ALL, 0, 1, ['s']), [['10']], sql);
      await table.close();
    }
  });
});
