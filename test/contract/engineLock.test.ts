import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { allRows } from '../../src/engine/allRows.ts';
import type { Ground } from '../../src/engine/engine.ts';
import { resultTable } from '../../src/engine/table/resultTable.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';

describe('The lock of the engine', function () {
  this.timeout(60_000);
  let test: TestEngine;
  let ground: Ground;
  let secret: string;
  before(async () => {
    test = await startEngine();
    secret = test.at('secret.csv');
    await writeFile(secret, 'word\nhidden-word\n');
    const file = await test.make('usage.parquet', "SELECT i AS cost, 'Storage' AS service FROM range(5) t(i)");
    ground = { files: [file], views: [{ name: 'usage', sql: `SELECT * FROM read_parquet('${file}')` }] };
  });
  after(() => test.close());

  /** What a person's SQL could try. `$secret` is a file beside those that may be read, `$out` one that must not appear. */
  const TRICKS: Readonly<Record<string, readonly string[]>> = {
    'reading files': [
      "FROM read_csv('$secret')",
      "SELECT * FROM read_csv_auto('$secret')",
      "FROM read_text('$secret')",
      "FROM read_blob('$secret')",
      "FROM read_json('$secret')",
      "FROM read_json_auto('$secret')",
      "FROM read_json_objects('$secret')",
      "FROM read_ndjson('$secret')",
      "FROM read_parquet('$secret')",
      "FROM parquet_scan('$secret')",
      "FROM parquet_metadata('$secret')",
      "FROM parquet_schema('$secret')",
      "FROM parquet_kv_metadata('$secret')",
      "FROM parquet_file_metadata('$secret')",
      "FROM parquet_bloom_probe('$secret', 'a', 1)",
      "FROM read_duckdb('$secret')",
      "FROM sniff_csv('$secret')",
      "FROM glob('/*')",
      "FROM glob('$secret')",
      "FROM '$secret'",
      'FROM "$secret"',
      "SELECT * FROM '/etc/passwd'",
      "DESCRIBE '$secret'",
      "DESCRIBE FROM read_csv('$secret')",
      "SUMMARIZE '$secret'",
      "SUMMARIZE FROM read_text('$secret')",
      "EXPLAIN FROM read_csv('$secret')",
      "EXPLAIN ANALYZE FROM read_csv('$secret')",
      "SELECT (SELECT content FROM read_text('$secret'))",
      "WITH a AS (FROM read_text('$secret')) FROM a",
      "WITH a AS MATERIALIZED (FROM '$secret') FROM a",
      `SELECT * FROM usage, (WITH "$secret" AS (SELECT 1) FROM "$secret"), '$secret'`,
      "SELECT 1 UNION ALL SELECT content FROM read_text('$secret')",
      "SELECT * FROM usage WHERE EXISTS (FROM read_text('$secret'))",
      "SELECT * FROM usage ORDER BY (SELECT content FROM read_text('$secret'))",
      "SELECT * FROM usage LIMIT (SELECT length(content) FROM read_text('$secret'))",
      "FROM main.read_text('$secret')",
      "FROM system.main.read_text('$secret')",
      'FROM READ_TEXT($$$secret$$)',
      "FROM /* usage */ read_text('$secret') -- usage",
      "SELECT * FROM usage JOIN LATERAL (FROM read_text('$secret')) ON true",
      "FROM usage SELECT unnest([1]), (FROM read_blob('$secret') SELECT content)",
      "VALUES ((SELECT content FROM read_text('$secret')))",
    ],
    'SQL inside of texts': [
      "FROM query('FROM read_text(''$secret'')')",
      "FROM query_table('$secret')",
      "FROM query_table(['usage', '$secret'])",
      "FROM json_execute_serialized_sql(json_serialize_sql('FROM read_text(''$secret'')'))",
      "SELECT json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
      "SELECT json_deserialize_sql(json_serialize_sql('SELECT 1'))",
    ],
    'writing files': [
      "COPY usage TO '$out'",
      "COPY (SELECT 1) TO '$out' (FORMAT parquet)",
      "EXPORT DATABASE '$out'",
      "EXPLAIN ANALYZE COPY usage TO '$out'",
      "WITH a AS (SELECT 1) COPY a TO '$out'",
      "FROM enable_logging(storage := 'file', storage_path := '$out')",
      "FROM enable_profiling(save_location := '$out')",
      "SELECT write_log('x')",
      'CREATE TABLE t AS SELECT 1',
      'CREATE VIEW v AS SELECT 1',
      "INSERT INTO usage VALUES (1, 'a')",
      'DELETE FROM usage',
      'UPDATE usage SET cost = 0',
      'DROP VIEW usage',
      'EXPLAIN ANALYZE DROP VIEW usage',
      'WITH a AS (INSERT INTO usage VALUES (1) RETURNING *) FROM a',
    ],
    'other databases and extensions': [
      "IMPORT DATABASE '$secret'",
      "ATTACH '$secret' AS other",
      "ATTACH ':memory:' AS other",
      'DETACH memory',
      'USE memory',
      'INSTALL httpfs',
      'LOAD httpfs',
      "LOAD '$secret'",
      'FORCE INSTALL spatial FROM community',
      'UPDATE EXTENSIONS',
    ],
    'the network': [
      "FROM 'https://127.0.0.1:1/a.parquet'",
      "FROM read_csv('https://127.0.0.1:1/a.csv')",
      "FROM read_parquet('s3://bucket/a.parquet')",
      "FROM read_parquet('hf://datasets/a/b.parquet')",
      "FROM read_blob('http://127.0.0.1:1/')",
    ],
    'settings, secrets and the machine': [
      'SET enable_external_access = true',
      "SET allowed_paths = ['/etc/passwd']",
      "SET GLOBAL memory_limit = '1TB'",
      'RESET lock_configuration',
      'PRAGMA database_list',
      "PRAGMA enable_profiling = 'json'",
      'CALL pragma_version()',
      'CALL enable_logging()',
      "SELECT getenv('HOME')",
      "SELECT current_setting('temp_directory')",
      'FROM duckdb_settings()',
      'FROM duckdb_secrets()',
      "FROM which_secret('s3://a', 's3')",
      "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
      'CREATE PERSISTENT SECRET s (TYPE s3)',
      'DROP SECRET s',
      'FROM duckdb_logs()',
      'FROM duckdb_temporary_files()',
      'FROM checkpoint()',
      'CHECKPOINT',
      'VACUUM',
    ],
    'more than one statement': [
      'SELECT 1; SELECT 2',
      "SELECT 1; COPY usage TO '$out'",
      "SELECT 1; -- COPY\nCOPY usage TO '$out'",
      '/* ; */ SELECT 1; SET threads = 9',
      "SELECT ';' ; DROP VIEW usage",
      "EXPLAIN SELECT 1; COPY usage TO '$out'",
      "DESCRIBE usage; COPY usage TO '$out'",
      "SELECT 1) TO '$out'; COPY (SELECT 1",
    ],
    'things that outlive a statement': [
      'PREPARE p AS SELECT 1',
      'EXECUTE p',
      'DEALLOCATE p',
      'CREATE MACRO m() AS 1',
      "CREATE MACRO m() AS TABLE FROM read_text('$secret')",
      'CREATE TEMP TABLE t AS SELECT 1',
      "CREATE TYPE t AS ENUM ('a')",
      'CREATE SEQUENCE s',
      'SET VARIABLE a = 1',
      "SELECT getvariable('a')",
      'BEGIN TRANSACTION',
      'COMMIT',
      "COMMENT ON VIEW usage IS 'a'",
    ],
    'nothing at all': ['', ' ;', '-- only a comment', '/* never closed', 'SELECT', 'SELECT $1', "SELECT 'a\0b'"],
  };

  for (const [what, tricks] of Object.entries(TRICKS)) {
    it(`refuses a person's SQL: ${what}`, async () => {
      const out = test.at('out');
      const kept: string[] = [];
      for (const trick of tricks) {
        const sql = trick.replaceAll('$secret', secret).replaceAll('$out', out);
        try {
          const table = await resultTable(test.engine, { ground }, { sql });
          kept.push(
            `${trick} → ${JSON.stringify(
              await table.rows(
                { sort: [], filters: [] },
                0,
                5,
                table.columns.map(({ name }) => name),
              ),
            )}`,
          );
        } catch (error) {
          assert.ok(error instanceof Error);
          assert.equal(error.name, 'EngineError', `${trick}: ${error.message}`);
          assert.ok(!error.message.includes('hidden-word'), trick);
        }
        assert.ok(!existsSync(out), trick);
      }
      assert.deepEqual(kept, []);
      assert.equal(test.engine.state.deaths, 0);
    });
  }

  it('holds below the check, too: the engine itself opens no other file, and keeps its settings', async () => {
    const refused = [
      ...['read_csv', 'read_text', 'read_blob', 'read_parquet', 'read_json', 'sniff_csv', 'glob'].map(
        (name) => `FROM ${name}('${secret}')`,
      ),
      `FROM '${secret}'`,
      `COPY (SELECT 1) TO '${test.at('out')}'`,
      `EXPORT DATABASE '${test.at('out')}'`,
      `ATTACH '${test.at('out')}'`,
      'INSTALL httpfs',
      'LOAD httpfs',
      "FROM read_csv('https://127.0.0.1:1/a.csv')",
      'SET enable_external_access = true',
      'SET lock_configuration = false',
      "SET allowed_paths = ['/']",
      "SET allowed_directories = ['/']",
      "SET temp_directory = '/tmp'",
      "SET allowed_configs = ['memory_limit', 'threads']",
    ];
    for (const sql of refused) {
      await assert.rejects(allRows(test.engine, { sql, ground }), { name: 'EngineError' }, sql);
    }
    assert.ok(!existsSync(test.at('out')));
  });

  it('tells the columns of a statement without running it', async () => {
    const endless =
      'SELECT count(*) AS n FROM range(100000000) a, range(100000000) b WHERE hash(a.range, b.range) = 1;';
    const table = await resultTable(test.engine, { ground }, { sql: `${endless} -- takes years` });
    assert.deepEqual(
      table.columns.map(({ name, kind }) => [name, kind]),
      [['n', 'integer']],
    );
    await table.close();
  });

  it('names columns of the same name apart, as their answer does', async () => {
    const table = await resultTable(
      test.engine,
      { ground },
      { sql: 'SELECT 1 AS a, NULL AS a, \'x\' AS "a_1", 2::HUGEINT' },
    );
    const names = table.columns.map(({ name }) => name);
    assert.equal(new Set(names).size, 4);
    assert.deepEqual(await table.rows({ sort: [], filters: [] }, 0, 5, names), [['1', null, 'x', '2']]);
  });

  it('lets a person read: SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN', async () => {
    const all = { sort: [], filters: [] };
    const answers: [string, number][] = [
      ['SELECT service, sum(cost) AS cost FROM usage GROUP BY service', 1],
      ['-- words\nFROM usage;', 5],
      ['WITH a AS (FROM usage WHERE cost > 2) SELECT * FROM a -- end', 2],
      ['WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4) FROM n', 4],
      ['FROM range(3)', 3],
      ['VALUES (1), (2)', 2],
      ['(SELECT 1) UNION ALL (SELECT 2)', 2],
      ["SELECT * FROM USAGE WHERE service = '; DROP VIEW usage; --'", 0],
      ["SELECT '; --' ; -- end", 1],
      ['DESCRIBE usage', 2],
      ['DESCRIBE SELECT 1 AS a; -- end', 1],
      ['SUMMARIZE usage', 2],
      ["PIVOT usage ON service IN ('Storage') USING sum(cost)", 1],
      ['SELECT 1 AS a, 2 AS a', 1],
    ];
    for (const [sql, rows] of answers) {
      const table = await resultTable(test.engine, { ground }, { sql });
      assert.equal(await table.count(all), rows, sql);
      await table.close();
    }
    for (const sql of ['EXPLAIN FROM usage', '/* a */ explain analyze SELECT sum(cost) FROM usage', 'SHOW TABLES']) {
      const table = await resultTable(test.engine, { ground }, { sql });
      assert.ok((await table.count(all)) > 0, sql);
    }
  });
});
