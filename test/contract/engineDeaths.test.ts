import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { allRows } from '../../src/engine/allRows.ts';
import { openUsageTable } from '../../src/engine/table/openTable.ts';
import { resultTable } from '../../src/engine/table/resultTable.ts';
import type { TableView, UsageTable } from '../../src/engine/table/usageTable.ts';
import { friendlyViews } from '../../src/engine/views/friendlyViews.ts';
import { driverTables } from '../../src/insight/driverTables.ts';
import { answerSums, sideQuery } from '../../src/insight/sideQuery.ts';
import { costTables } from '../../src/insights/costTables.ts';
import { dailyCosts } from '../../src/insights/dailyCosts.ts';
import { COST_COLUMNS, costRows, csvText } from '../support/costFileRows.ts';
import { engineChild, NOWHERE, startEngine, type TestEngine } from '../support/engine.ts';
import { projectFolder } from '../support/project.ts';

const ALL: TableView = { sort: [], filters: [] };
const SORTED: TableView = { sort: [{ column: 'costInBillingCurrency', descending: true }], filters: [] };
/** Takes as long as it is let. */
const ENDLESS = 'SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE hash(a.range, b.range) = 1';
const NEVER = new AbortController().signal;
const KILLS = Number(process.env.ENGINE_KILLS ?? 3);

describe('The engine in its process', function () {
  this.timeout(120_000 + KILLS * 20_000);
  let test: TestEngine;
  let table: UsageTable;
  let csv: string;
  before(async () => {
    test = await startEngine();
    csv = test.at('usage.csv');
    await writeFile(csv, csvText(COST_COLUMNS, costRows(60_000)));
    const first = await openUsageTable(test.engine, [csv]);
    await first.export(ALL, COST_COLUMNS, { file: test.at('usage.parquet'), format: 'parquet' });
    await first.close();
    table = await openUsageTable(test.engine, [test.at('usage.parquet')]);
  });
  after(() => test.close());

  const kill = ({ engine }: TestEngine) => {
    if (engine.pid !== undefined) {
      process.kill(engine.pid, 'SIGKILL');
    }
  };

  const verbs: Readonly<Record<string, () => Promise<unknown>>> = {
    rows: () => table.rows(ALL, 40_000, 50, COST_COLUMNS),
    'sorted rows': async () => {
      // A table keeps blocks of sorted rows: a new one has to ask.
      const opened = await openUsageTable(test.engine, [test.at('usage.parquet')]);
      return opened.rows(SORTED, 30_000, 50, COST_COLUMNS);
    },
    count: () => table.count({ sort: [], filters: [{ column: 'note', test: 'contains', text: 'plain' }] }),
    groups: () =>
      table.groups(
        ALL,
        { columns: [{ column: 'Date', by: 'day' }, { column: 'ResourceId' }], sums: ['costInBillingCurrency'] },
        { sum: 'costInBillingCurrency', descending: true },
        0,
        20,
      ),
    sums: () => table.sums(SORTED, ['costInBillingCurrency'], { first: 5, count: 40_000 }),
    find: () => table.find(SORTED, 'row 59999', COST_COLUMNS, 3, false),
    values: () => table.values(ALL, 'ResourceId', 'vm-1', 20),
    export: async () => {
      const told = await table.export(SORTED, COST_COLUMNS, { file: test.at('out.csv'), format: 'csv' });
      return [told, await readFile(test.at('out.csv'), 'utf8')];
    },
    'opening CSV': async () => {
      const opened = await openUsageTable(test.engine, [csv]);
      const answer = [await opened.count(ALL), await opened.rows(ALL, 100, 5, COST_COLUMNS)];
      await opened.close();
      return answer;
    },
    SQL: async () => {
      const views = await friendlyViews(test.engine, [
        { file: test.at('usage.parquet'), holds: 'usage', connection: 'c', scope: '/s', month: '2026-10' },
      ]);
      const result = await resultTable(test.engine, views, {
        sql: 'SELECT ServiceName, BillingCurrency, sum(BilledCost) AS cost FROM usage GROUP BY ALL ORDER BY ALL',
      });
      const answer = await result.rows(ALL, 0, 50, ['ServiceName', 'BillingCurrency', 'cost']);
      await result.close();
      return answer;
    },
  };
  const months = () => costTables(test.engine, [{ file: test.at('usage.parquet'), facts: { rows: 60_000 } }], NEVER);
  const insights: typeof verbs = {
    'the sums of a comparison': async () => {
      const by = ['service'] as const;
      const side = { label: 'October', from: '2026-10-02', to: '2026-10-30' };
      const sums = [];
      for (const { ground, table: of } of await months()) {
        const { sql, parameters } = sideQuery(side, by, of);
        sums.push(answerSums(side, by, await allRows(test.engine, { sql, params: parameters, ground })));
      }
      const [first] = sums;
      assert.ok(first !== undefined && first.rows > 50_000);
      return [first.rows, first.unread, driverTables(first, first, by)];
    },
    'daily costs': async () => {
      const period = { from: '2026-10-01', to: '2026-10-31' };
      const { series, unread } = await dailyCosts(test.engine, await months(), ['service'], period, NEVER);
      assert.equal(series.length, 6);
      // The order of groups is the engine's own.
      const texts = series.map(({ values, currency, usage }) =>
        [...values, currency, ...Array.from({ length: usage.days }, (_, day) => usage.units(day))].join(),
      );
      return [texts.sort(), unread];
    },
  };
  for (const [name, verb] of Object.entries({ ...verbs, ...insights })) {
    it(`answers ${name} although the process is killed meanwhile`, async () => {
      const told = await verb();
      let deaths = test.engine.state.deaths;
      for (let round = 0; round < KILLS; round++) {
        const again = verb();
        // Nothing can be awaited for the middle of a question: some moments are tried.
        await wait(round * 7);
        kill(test);
        assert.deepEqual(await again, told);
        // The next question finds an engine, too.
        assert.deepEqual(await verb(), told);
        assert.equal(test.engine.state.deaths, ++deaths);
      }
      assert.deepEqual(
        (await readdir(test.folder)).filter((file) => file.endsWith('.partial')),
        [],
      );
    });
  }

  it('gives up a question that sees the process die twice, in one sentence; others are answered', async () => {
    const bad = allRows(test.engine, { sql: ENDLESS, ground: NOWHERE });
    const good = test.rows('SELECT 42');
    let over = false;
    const failed = assert.rejects(bad, /ended twice while it worked on this question; filter the rows/).finally(() => {
      over = true;
    });
    assert.deepEqual(await good, [['42']]);
    while (!over) {
      if (test.engine.state.state === 'running') {
        kill(test);
      }
      await wait(50);
    }
    await failed;
    assert.deepEqual(await test.rows('SELECT 43'), [['43']]);
  });

  it('tells when an answer was cut off after a part of it was given', async () => {
    const batches = test.engine.query({ sql: 'SELECT range FROM range(10000000)', ground: NOWHERE });
    assert.equal((await batches.next()).done, false);
    kill(test);
    await assert.rejects(
      async () => {
        while ((await batches.next()).done !== true);
      },
      { name: 'EngineError', kind: 'cut' },
    );
  });

  it('cancels at once, and the next question works in the same process', async () => {
    await test.rows('SELECT 1');
    const { pid } = test.engine;
    for (const when of [0, 30]) {
      const controller = new AbortController();
      const asked = allRows(test.engine, { sql: ENDLESS, ground: NOWHERE, signal: controller.signal });
      await wait(when);
      controller.abort();
      await assert.rejects(asked, { name: 'AbortError' });
      assert.deepEqual(await test.rows('SELECT 1'), [['1']]);
    }
    const aborted = AbortSignal.abort();
    await assert.rejects(table.count(ALL, aborted), { name: 'AbortError' });
    assert.equal(test.engine.pid, pid);
  });

  it('leaves off an answer that nobody reads on', async () => {
    for await (const batch of test.engine.query({ sql: 'SELECT range FROM range(100000000000)', ground: NOWHERE })) {
      assert.ok(batch.rows > 0);
      break;
    }
    assert.deepEqual(await test.rows('SELECT 1'), [['1']]);
  });

  it('keeps to its memory limit, and says what to do', async () => {
    const small = await startEngine({ memoryLimit: 64, scratchLimit: 64 });
    try {
      const sql = "SELECT list(hash(range)::VARCHAR || repeat('x', 200)) FROM range(5000000)";
      await assert.rejects(small.rows(sql), (error: Error) => {
        assert.match(error.message, /needs more (memory|scratch space)/);
        return true;
      });
      assert.deepEqual(await small.rows('SELECT 1'), [['1']]);
      assert.equal(small.engine.state.deaths, 0);
    } finally {
      await small.close();
    }
  });

  it('leaves no scratch files: neither a closed engine, nor one whose program was killed', async () => {
    const own = (await readdir(path.join(test.folder, 'scratch')))[0] ?? '';
    assert.match(own, /^engine-\d+-/);
    // Of the same number, as a container that was built anew gives it, but of another start.
    const dead = path.join(test.folder, 'scratch', own.replace(/^(engine-\d+-)\d*/, '$11'));
    await mkdir(dead, { recursive: true });
    const other = await startEngine({ scratch: path.join(test.folder, 'scratch') });
    await other.rows('SELECT count(*) FROM (SELECT hash(range) h FROM range(1000000) ORDER BY h)');
    const { scratch } = other.engine;
    await other.close();
    assert.ok(!existsSync(scratch));
    assert.ok(!existsSync(dead));
  });

  const partials = async (folder: string) =>
    (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.partial'));

  /** Waits until a file is being written. @returns false when none came */
  const writing = async (folder: string, over: () => boolean): Promise<boolean> => {
    while (!over()) {
      for (const name of await partials(folder)) {
        if (((await stat(path.join(folder, name)).catch(() => undefined))?.size ?? 0) > 0) {
          return true;
        }
      }
      await wait(2);
    }
    return false;
  };

  it('leaves nothing of a file that it was writing when it was killed, also when the question was cancelled', async () => {
    const to = { file: test.at('long/out.csv'), format: 'csv' as const };
    const folder = path.dirname(to.file);
    await mkdir(folder);
    for (let round = 0; round < Math.ceil(KILLS / 3); round++) {
      let over = false;
      const sql = 'SELECT range, hash(range) FROM range(2000000)';
      const written = test.engine.write({ sql, ground: NOWHERE }, to).finally(() => {
        over = true;
      });
      assert.ok(await writing(folder, () => over));
      kill(test);
      assert.equal((await written).rows, 2_000_000);
      assert.deepEqual(await readdir(folder), ['out.csv']);
      const controller = new AbortController();
      const endless = 'SELECT a.range, hash(b.range) FROM range(100000) a, range(1000000) b';
      const cancelled = test.engine.write({ sql: endless, ground: NOWHERE, signal: controller.signal }, to);
      assert.ok(await writing(folder, () => false));
      controller.abort();
      kill(test);
      await assert.rejects(cancelled, { name: 'AbortError' });
      while ((await partials(folder)).length > 0) {
        await wait(10);
      }
      await test.rows('SELECT 1');
    }
  });

  it('leaves nothing that it spilled when it was killed', async () => {
    const small = await startEngine({ memoryLimit: 86 });
    try {
      const sql = `SELECT count(*) FROM (SELECT repeat('x', 100) || hash(range) AS h FROM range(800000) ORDER BY h)
        WHERE h <> ''`;
      const asked = small.rows(sql);
      const spills = async () => (await readdir(small.engine.scratch)).filter((name) => name.startsWith('spill-'));
      while ((await spills().catch(() => [])).length === 0) {
        await wait(5);
      }
      const dead = `spill-${small.engine.pid}-`;
      kill(small);
      assert.deepEqual(await asked, [['800000']]);
      assert.deepEqual(
        (await spills()).filter((name) => name.startsWith(dead)),
        [],
      );
    } finally {
      await small.close();
    }
  });

  it('ends with its parent, in the middle of a question, and of a file', async () => {
    await mkdir(test.at('orphaned'));
    const program = `
      import { readdirSync } from 'node:fs';
      import { ProcessEngine } from './src/engine/process/processEngine.ts';
      const engine = new ProcessEngine({ childModule: ${JSON.stringify(engineChild)}, scratch: ${JSON.stringify(test.at('orphan'))}, memoryLimit: 256 });
      const ground = { files: [], views: [] };
      const asked = engine.query({ sql: ${JSON.stringify(ENDLESS)}, ground }).next();
      const sql = 'SELECT a.range, hash(b.range) FROM range(100000) a, range(1000000) b';
      void engine.write({ sql, ground }, { file: ${JSON.stringify(test.at('orphaned/out.csv'))}, format: 'csv' });
      const timer = setInterval(() => {
        if (readdirSync(${JSON.stringify(test.at('orphaned'))}).length > 0) {
          clearInterval(timer);
          console.log(engine.pid);
          process.kill(process.pid, 'SIGKILL');
        }
      }, 20);
      await asked;`;
    const child = await new Promise<number>((resolve) => {
      execFile(process.execPath, ['--input-type=module', '-e', program], { cwd: projectFolder }, (_, stdout) =>
        resolve(Number(stdout)),
      );
    });
    assert.ok(child > 0);
    const alive = () => {
      try {
        process.kill(child, 0);
        return true;
      } catch {
        return false;
      }
    };
    while (alive()) {
      await wait(20);
    }
    assert.deepEqual(await readdir(test.at('orphaned')), []);
  });

  it('says why there is no engine when the package has none for this platform', async () => {
    await writeFile(
      test.at('child.mjs'),
      "process.once('message', () => {}); process.send({ is: 'missing', why: \"Error: Cannot find module '@duckdb/node-bindings-plan9-x64/duckdb.node'\" });\n",
    );
    const without = await startEngine({ childModule: test.at('child.mjs') });
    try {
      await assert.rejects(without.engine.started(), { name: 'EngineMissing' });
      for (const round of [1, 2]) {
        await assert.rejects(without.engine.started(), { name: 'EngineMissing' });
        await assert.rejects(
          without.rows('SELECT 1'),
          {
            name: 'EngineMissing',
            message:
              /^This package of the extension has no engine for \w+-\w+; install the package .* everything else works\.$/,
          },
          String(round),
        );
      }
      await assert.rejects(openUsageTable(without.engine, [test.at('usage.parquet')]), { name: 'EngineMissing' });
    } finally {
      await without.close();
    }
  });

  it('is started before the first question for those who wait for it, also when its process is killed meanwhile', async () => {
    const fresh = await startEngine();
    try {
      const started = [fresh.engine.started(), fresh.engine.started()];
      kill(fresh);
      await Promise.all(started);
      assert.deepEqual(fresh.engine.state, { state: 'running', deaths: 1 });
      await fresh.engine.started();
      kill(fresh);
      while (fresh.engine.state.state === 'running') {
        await wait(5);
      }
      await fresh.engine.started();
      assert.deepEqual(fresh.engine.state, { state: 'running', deaths: 2 });
      assert.deepEqual(await fresh.rows('SELECT 42'), [['42']]);
    } finally {
      await fresh.close();
    }
  });

  it('tells those who wait for it that it cannot be started, or was closed', async () => {
    await writeFile(test.at('broken.mjs'), 'process.exit(3);\n');
    const broken = await startEngine({ childModule: test.at('broken.mjs') });
    try {
      await assert.rejects(broken.engine.started(), /could not be started \(code 3\)/);
      const started = broken.engine.started();
      await Promise.all([broken.engine.close(), assert.rejects(started, { kind: 'closed' })]);
      await assert.rejects(broken.engine.started(), { kind: 'closed' });
    } finally {
      await broken.close();
    }
  });

  it('refuses questions when it is closed', async () => {
    const closed = await startEngine();
    const asked = allRows(closed.engine, { sql: ENDLESS, ground: NOWHERE });
    await wait(10);
    await Promise.all([closed.close(), assert.rejects(asked, { kind: 'closed' })]);
    await assert.rejects(closed.rows('SELECT 1'), /engine was closed/);
  });
});
