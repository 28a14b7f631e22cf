import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { ComparedCosts, CostForecast, ExportedTable, ShownTable, SqlResult } from '../../src/contributions.ts';
import { recentMonths, resolvePeriod } from '../../src/usage/period.ts';
import { engineProcesses, tellsProcesses } from '../support/editor/extensionHosts.ts';
import { type Connected, connectSample, keepUsage } from './support.ts';

/** Milliseconds after which a process is killed: nothing tells when a question is half answered, so some moments are tried. */
const MOMENTS = [0, 20, 60, 150];

describe('commands whose engine is killed', function () {
  this.timeout(90_000);
  const now = new Date();
  const [, last = '', earlier = ''] = recentMonths(now, 3);
  const host = process.pid;
  let connected: Connected;
  let account: string;
  let folder: string;

  before(async function () {
    if (!tellsProcesses) {
      this.skip();
    }
    folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-engine-kills-'));
    await keepUsage(5);
    connected = await connectSample({ customers: 12, usageRows: 60_000, now });
    account = `/providers/Microsoft.Billing/billingAccounts/${connected.service.tenant.accounts[0]?.name}`;
  });
  after(async () => {
    await connected?.remove();
    await keepUsage(0);
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (name: string) => path.join(folder, name);
  const run = async <Result>(command: string, argument: object) =>
    vscode.commands.executeCommand<Result>(`azureBilling.${command}`, argument);
  const subject = () => ({
    connection: connected.name,
    scope: account,
    period: { from: `${earlier}-01`, to: resolvePeriod(last, now).to },
  });

  const verbs: Readonly<Record<string, () => Promise<unknown>>> = {
    runSql: async () => {
      const sql = `SELECT ChargePeriodStart, ServiceName, ResourceId, BillingCurrency, count(*) AS charges, sum(BilledCost) AS cost
        FROM usage GROUP BY ALL ORDER BY ALL`;
      const { rows, file } = await run<SqlResult>('runSql', { ...subject(), sql, show: false });
      await run('exportTable', { file, to: at('sql.csv') });
      assert.ok(rows > 100);
      return readFileSync(at('sql.csv'), 'utf8');
    },
    compareCosts: () =>
      run<ComparedCosts[]>('compareCosts', {
        connection: connected.name,
        before: { scope: account, period: earlier },
        after: { scope: account, period: last },
        show: false,
      }),
    showForecast: () =>
      run<CostForecast[]>('showForecast', { connection: connected.name, scope: account, show: false }),
    openStoredTable: async () => {
      const { columns } = await run<ShownTable>('openStoredTable', subject());
      const { rows } = await run<ExportedTable>('exportTable', {
        to: at('sorted.csv'),
        columns: ['date', 'meterId', 'costInBillingCurrency'],
        sort: [{ column: 'costInBillingCurrency', descending: true }, { column: 'meterId' }, { column: 'date' }],
      });
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      return [columns, rows, readFileSync(at('sorted.csv'), 'utf8')];
    },
  };
  for (const [name, verb] of Object.entries(verbs)) {
    it(`${name} gives its answer all the same, in the same extension host`, async () => {
      const told = await verb();
      for (const moment of MOMENTS) {
        const asked = verb();
        await wait(moment);
        const [engine] = engineProcesses(host);
        assert.ok(engine !== undefined, 'no engine runs');
        process.kill(engine, 'SIGKILL');
        assert.deepEqual(await asked, told);
        // The answer may have been there before the kill: the next one finds an engine, too, and only one.
        assert.deepEqual(await verb(), told);
        const running = engineProcesses(host);
        assert.equal(running.length, 1);
        assert.ok(!running.includes(engine));
      }
    });
  }
});
