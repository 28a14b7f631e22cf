import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ExportedFile, ExportJob } from '../../src/contributions.ts';
import { type Connected, connectSample, contentOf, eventually, openUsage, refusal } from './support.ts';

describe('exportUsage', () => {
  let connected: Connected;
  let folder: string;
  let account: string;
  let customers: string[];

  before(async () => {
    connected = await connectSample({ operations: { retryAfter: 1 } }, ['partnerCenter', 'graph']);
    const { tenant } = connected.service;
    const [main] = tenant.accounts;
    assert.ok(main);
    account = `/providers/Microsoft.Billing/billingAccounts/${main.name}`;
    customers = [0, 1, 2, 3].map((n) => tenant.customers(main).at(n)).map(({ name }) => `${account}/customers/${name}`);
  });

  after(() => connected.remove());

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-host-'));
  });

  afterEach(async () => {
    connected.service.setFault(undefined);
    await vscode.commands.executeCommand('azureBilling.removeFinishedJobs');
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (name: string) => path.join(folder, name);
  const run = async (argument: Record<string, unknown>): Promise<ExportedFile> => {
    const saved = await vscode.commands.executeCommand<ExportedFile | undefined>('azureBilling.exportUsage', {
      connection: connected.name,
      period: '2026-10',
      ...argument,
    });
    assert.ok(saved, 'exportUsage returned nothing');
    return saved;
  };
  const refused = (argument: Record<string, unknown>) =>
    refusal('azureBilling.exportUsage', { connection: connected.name, period: '2026-10', ...argument });
  const jobs = () => vscode.commands.executeCommand<ExportJob[]>('azureBilling.listJobs');
  const manifestOf = ({ manifest }: ExportedFile) =>
    JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, unknown>;
  const rowsOf = (text: string) => text.trimEnd().split('\n').slice(1);

  it('a file of usage details holds the rows of the document, and its manifest tells of them', async () => {
    const saved = await run({ scope: account, file: at('usage.csv'), formulaGuard: false });
    const text = readFileSync(at('usage.csv'), 'utf8');
    const uri = await openUsage({ connection: connected.name, scope: account, period: '2026-10', format: 'csv' });
    const document = await contentOf(uri);
    assert.equal(text.split('\n')[0], document.split('\n')[0]);
    assert.deepEqual(rowsOf(text).sort(), rowsOf(document).sort());
    assert.deepEqual(
      { file: saved.file, rows: saved.rows, bytes: saved.bytes, complete: saved.complete },
      { file: at('usage.csv'), rows: rowsOf(text).length, bytes: Buffer.byteLength(text), complete: true },
    );
    assert.ok(Object.keys(saved.totals).length > 0);
    const { sha256, rows, totals, requestIds } = manifestOf(saved);
    assert.equal(sha256, createHash('sha256').update(text).digest('hex'));
    assert.deepEqual({ rows, totals }, { rows: saved.rows, totals: saved.totals });
    assert.ok(Array.isArray(requestIds) && requestIds.length > 0);
    assert.deepEqual(readdirSync(folder).sort(), ['usage.csv', path.basename(saved.manifest)].sort());
  });

  it('several customers are in one file, whose rows tell whose they are', async () => {
    const scopes = customers.slice(0, 2).map((scope, n) => ({ scope, label: `Customer number ${n}` }));
    const saved = await run({ scopes, file: at('both.ndjson') });
    const rows = readFileSync(saved.file, 'utf8').trimEnd().split('\n');
    assert.equal(rows.length, saved.rows);
    const labels = new Set(rows.map((row) => (JSON.parse(row) as { scopeName: string }).scopeName));
    assert.deepEqual([...labels], ['Customer number 0', 'Customer number 1']);
    const alone = await Promise.all(scopes.map(({ scope }, n) => run({ scope, file: at(`${n}.ndjson`) })));
    assert.equal(
      saved.rows,
      alone.reduce((sum, { rows: some }) => sum + some, 0),
    );
  });

  for (const format of ['json', 'parquet', 'xlsx'] as const) {
    it(`a file without an ending becomes one of ${format}`, async () => {
      const saved = await run({ scope: customers[0], file: at('usage'), format });
      assert.equal(saved.file, at(`usage.${format}`));
      assert.equal(saved.bytes, readFileSync(saved.file).length);
      assert.ok(saved.rows > 0);
    });
  }

  it('FOCUS columns, the guard, line ends and the mark are as they are asked for', async () => {
    const saved = await run({
      scope: customers[0],
      file: at('focus.csv'),
      columns: 'focus',
      lineEnd: 'crlf',
      bom: true,
    });
    const text = readFileSync(saved.file, 'utf8');
    assert.match(text, /^\uFEFF\w+(,\w+)+\r\n/);
    assert.match(text.split('\r\n')[0] ?? '', /\bBilledCost\b/);
  });

  it('a share-safe file names nobody, and one thing alike in two files', async () => {
    const { tenant } = connected.service;
    const [main] = tenant.accounts;
    assert.ok(main);
    const names = [0, 1, 2, 3]
      .map((n) => tenant.customers(main).at(n))
      .flatMap(({ name, displayName }) => [name, displayName]);
    const saved = [];
    for (const file of ['one.csv', 'two.csv']) {
      saved.push(await run({ scope: customers[0], file: at(file), shareSafe: true, label: names[1] }));
    }
    const [one, two] = saved.map(({ file, manifest }) => ({
      text: readFileSync(file, 'utf8'),
      manifest: readFileSync(manifest, 'utf8'),
    }));
    assert.ok(one && two);
    assert.equal(one.text, two.text);
    for (const name of names) {
      assert.ok(!one.text.toLowerCase().includes(name.toLowerCase()), name);
      assert.ok(!one.manifest.toLowerCase().includes(name.toLowerCase()), name);
    }
  });

  it('the other kinds come by the fields that open them', async () => {
    const records = await run({ period: undefined, of: 'customers', file: at('records.csv') });
    assert.ok(records.rows > 0);
    const costs = await run({ scope: account, groupBy: ['ServiceName'], file: at('costs.csv') });
    assert.match(readFileSync(costs.file, 'utf8').split('\n')[0] ?? '', /ServiceName/);
    const rated = await run({ period: 'current', currency: 'EUR', file: at('rated.ndjson') });
    assert.equal(readFileSync(rated.file, 'utf8').split('\n').length - 1, rated.rows);
  });

  it('a wrong argument is refused with a sentence that names the field', async () => {
    mkdirSync(at('folder.csv'));
    writeFileSync(at('plain'), '');
    const scope = account;
    const refusals: [Record<string, unknown>, RegExp][] = [
      [{ period: undefined, file: at('x.csv') }, /^scope: is missing/],
      [{ scope, file: 'x.csv' }, /^file: 'x\.csv' is not an absolute path\./],
      [{ scope, file: at('x.csv'), format: 'json' }, /^file: 'x\.csv' ends as csv and the format is json/],
      [{ scope, file: at('nul.csv') }, /^file: 'nul\.csv' is a name that Windows keeps/],
      [{ scope, file: path.join(at('gone'), 'x.csv') }, /^file: the folder '.+gone' does not exist/],
      [{ scope, file: path.join(at('plain'), 'x.csv') }, /^file: '.+plain' is not a folder/],
      [{ scope, file: at('folder.csv') }, /^file: '.+folder\.csv' is a folder/],
      [{ scope, ask: false }, /^file: is missing/],
      [{ scope, ask: 'no', file: at('x.csv') }, /^ask: is neither true nor false/],
      [{ scope: `${account}x`, file: at('x.csv') }, /failed with HTTP 404/],
      [{ scopes: [account, customers[0]], file: at('x.csv') }, /^scopes: '.+' is part of/],
      [{ of: 'customers', columns: 'focus', period: undefined, file: at('x.csv') }, /^columns: FOCUS columns/],
    ];
    for (const [argument, sentence] of refusals) {
      assert.match(await refused(argument), sentence);
    }
    assert.ok(!existsSync(at('x.csv')));
  });

  it('a file that is there stays until the new one is whole', async () => {
    writeFileSync(at('usage.csv'), 'before');
    connected.service.setFault('403');
    assert.match(await refused({ scope: account, file: at('usage.csv') }), /HTTP 403/);
    assert.equal(readFileSync(at('usage.csv'), 'utf8'), 'before');
    connected.service.setFault(undefined);
    await run({ scope: account, file: at('usage.csv') });
    assert.notEqual(readFileSync(at('usage.csv'), 'utf8'), 'before');
  });

  describe('commands of the list', () => {
    let slow: Connected;

    before(async () => {
      slow = await connectSample({ usageRows: 60_000, latency: 400 });
    });

    after(() => slow.remove());

    const command = <T>(name: string, job: string) =>
      vscode.commands.executeCommand<T>(`azureBilling.${name}`, { job });
    const scopeOf = () => `/providers/Microsoft.Billing/billingAccounts/${slow.service.tenant.accounts[0]?.name}`;
    const begin = async (file: string): Promise<{ result: Promise<ExportedFile | undefined>; job: string }> => {
      const result = Promise.resolve(
        vscode.commands.executeCommand<ExportedFile | undefined>('azureBilling.exportUsage', {
          connection: slow.name,
          scope: scopeOf(),
          period: { from: '2026-08-01', to: '2026-10-31' },
          file,
        }),
      );
      result.catch(() => {});
      let listed: ExportJob[] = [];
      const found = await eventually(() => {
        void jobs().then((now) => {
          listed = now;
        });
        return listed.find((job) => job.file === file && job.state === 'running' && job.rows > 0);
      }, 30_000);
      return { result, job: found.job };
    };

    it('pause and resume give the same file as one without a pause', async () => {
      const { result, job } = await begin(at('paused.csv'));
      const paused = await command<ExportJob>('pauseJob', job);
      assert.equal(paused.state, 'paused');
      assert.ok(!existsSync(at('paused.csv')));
      assert.match(await refusal('azureBilling.pauseJob', { job }), /^job: it is paused and cannot be paused/);
      assert.match(await refusal('azureBilling.openJobFile', { job }), /^job: it is paused: there is no file yet/);
      const resumed = await command<ExportedFile>('resumeJob', job);
      const first = await result;
      assert.deepEqual(resumed, first);
      assert.equal(resumed.rows, rowsOf(readFileSync(at('paused.csv'), 'utf8')).length);
      const again = await command<ExportedFile>('repeatJob', job);
      assert.deepEqual({ ...again, manifest: '' }, { ...resumed, manifest: '' });
      assert.equal(manifestOf(again).sha256, manifestOf(resumed).sha256);
    });

    it('cancel leaves nothing, and the caller gets nothing', async () => {
      const { result, job } = await begin(at('cancelled.csv'));
      assert.equal((await command<ExportJob>('cancelJob', job)).state, 'cancelled');
      assert.equal(await result, undefined);
      assert.deepEqual(readdirSync(folder), []);
      await command('removeJob', job);
      assert.ok(!(await jobs()).some((one) => one.job === job));
    });

    it('one that failed tells why and goes on where it stopped', async () => {
      const { result, job } = await begin(at('failed.csv'));
      slow.service.setFault('403');
      await assert.rejects(result, /HTTP 403/);
      slow.service.setFault(undefined);
      const failed = (await jobs()).find((one) => one.job === job);
      assert.equal(failed?.state, 'failed');
      assert.match(failed?.problem ?? '', /HTTP 403/);
      const { rows } = await command<ExportedFile>('resumeJob', job);
      assert.equal(rows, rowsOf(readFileSync(at('failed.csv'), 'utf8')).length);
    });

    it('its file and manifest open, its path is copied', async () => {
      const { result, job } = await begin(at('done.csv'));
      const saved = await result;
      assert.ok(saved);
      assert.equal(await command('copyJobPath', job), saved.file);
      assert.equal(await vscode.env.clipboard.readText(), saved.file);
      assert.equal(await command('showJobManifest', job), saved.manifest);
      await eventually(
        () => vscode.window.tabGroups.activeTabGroup.activeTab?.label.endsWith('manifest.json') || undefined,
      );
      assert.equal(await command('openJobFile', job), saved.file);
      await eventually(() => vscode.window.tabGroups.activeTabGroup.activeTab?.label === 'done.csv' || undefined);
      rmSync(saved.file);
      assert.match(
        await refusal('azureBilling.openJobFile', { job }),
        /^job: its file '.+done\.csv' is not there any more/,
      );
      await vscode.commands.executeCommand('azureBilling.removeFinishedJobs');
      assert.ok(!(await jobs()).some((one) => one.job === job));
      assert.ok(existsSync(saved.manifest));
    });

    it('an id that is none is refused', async () => {
      for (const name of [
        'pauseJob',
        'resumeJob',
        'cancelJob',
        'repeatJob',
        'removeJob',
        'openJobFile',
        'copyJobPath',
      ]) {
        assert.match(await refusal(`azureBilling.${name}`, { job: 'none' }), /^job: there is no export 'none'/);
      }
    });
  });
});
