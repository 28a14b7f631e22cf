import assert from 'node:assert/strict';
import type { SheetView } from '../../src/sheets/completion.ts';
import { suggestionsAt } from '../../src/sheets/completion.ts';
import { KNOWN_VIEWS, type SheetGround, sheetGround } from '../../src/sheets/sheetViews.ts';
import { statementsOf } from '../../src/sheets/statements.ts';
import type { StoredUsage } from '../../src/store/readTypes.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { ASKER, OCTOBER, read, StoreBench, usageOf } from '../support/storedUsage.ts';

const NAMES = ['usage', 'customers', 'invoices', 'usage_files'];

describe('what the SQL of a sheet can name', function () {
  this.timeout(60_000);
  let bench: StoreBench;
  let test: TestEngine;
  let usage: StoredUsage;
  let sheet: SheetGround;

  before(async () => {
    bench = await StoreBench.start(2_000);
    test = await startEngine();
    const { account } = bench.scopes;
    usage = await read(bench, bench.store('views'), usageOf(account, OCTOBER), bench.client().arm);
    const source = { connection: ASKER.connection, scopes: [account], period: OCTOBER, metric: 'ActualCost' } as const;
    sheet = await sheetGround(test.engine, usage.tables, source, new AbortController().signal);
  });
  after(async () => {
    await usage.release();
    await test.close();
    await bench.close();
  });

  const columnsOf = (views: readonly SheetView[], name: string) =>
    views.find((view) => view.name === name)?.columns ?? [];
  const suggested = (views: readonly SheetView[], sql: string) =>
    suggestionsAt(sql, sql.indexOf('.') + 1, statementsOf(sql), views).map(({ text }) => text);

  it('is offered before it is run: the same views, with columns that the engine knows', async () => {
    for (const views of [KNOWN_VIEWS, sheet.views]) {
      assert.deepEqual(views.map(({ name }) => name).toSorted(), NAMES.toSorted());
    }
    for (const name of NAMES) {
      const known = columnsOf(KNOWN_VIEWS, name);
      const told = new Map(columnsOf(sheet.views, name).map((column) => [column.name, column.type]));
      assert.ok(known.length > 0, name);
      assert.deepEqual(
        known.map((column) => [column.name, column.type]),
        known.map((column) => [column.name, told.get(column.name)]),
        name,
      );
    }
  });

  it('has where rows are from, in usage and in usage_files', async () => {
    const facts = ['x_Connection', 'x_Scope', 'x_Month'];
    for (const view of ['usage', 'usage_files']) {
      assert.deepEqual(suggested(KNOWN_VIEWS, `select u. from ${view} u`).slice(0, 3), facts);
      const rows: unknown[] = [];
      const sql = `SELECT DISTINCT ${facts.join(', ')} FROM ${view}`;
      for await (const { values } of test.engine.query({ sql, ground: sheet.ground })) {
        rows.push(...values);
      }
      assert.deepEqual(rows, [[ASKER.connection], [bench.scopes.account], ['2026-10']]);
    }
    assert.ok(suggested(KNOWN_VIEWS, 'select u. from usage_files u').includes('costInBillingCurrency'));
    // Once it was run: exactly the columns of its files.
    const columns = columnsOf(sheet.views, 'usage_files').map(({ name }) => name);
    assert.deepEqual(suggested(sheet.views, 'select u. from usage_files u'), columns);
  });
});
