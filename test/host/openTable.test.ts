import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import {
  type ExportedTable,
  type ShownTable,
  type StoredDataReport,
  USAGE_TABLE_EDITOR,
} from '../../src/contributions.ts';
import { newHolder } from '../../src/disk/holder.ts';
import { type Connected, connectSample, eventually, openUsage, refusal } from './support.ts';

const CSV = `Date,Service,Cost,BillingCurrency
11/01/2026,Storage,0.10000000000000000001,EUR
11/02/2026,=HYPERLINK("x"),2.5,USD
11/02/2026,Compute,-0.3,EUR
`.replace('=HYPERLINK("x")', '"=HYPERLINK(""x"")"');

describe('openTable and exportTable', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-table-'));
    writeFileSync(at('a.csv'), CSV);
    writeFileSync(at('b.csv'), CSV.replaceAll('2026', '2025'));
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (name: string) => path.join(folder, name);
  const open = (argument: unknown) =>
    vscode.commands.executeCommand<ShownTable | undefined>('azureBilling.openTable', argument);
  const write = (argument: Record<string, unknown>) =>
    vscode.commands.executeCommand<ExportedTable>('azureBilling.exportTable', argument);
  const lines = (name: string) => readFileSync(at(name), 'utf8').replaceAll('\r', '').trimEnd().split('\n');
  const inFront = () => vscode.window.tabGroups.activeTabGroup.activeTab;

  it('opens a file in the editor of tables, once', async () => {
    const shown = await open({ file: at('a.csv') });
    assert.deepEqual(shown, { files: [at('a.csv')], columns: ['Date', 'Service', 'Cost', 'BillingCurrency'] });
    const tab = inFront();
    assert.ok(tab?.input instanceof vscode.TabInputCustom, String(tab?.label));
    assert.equal(tab.input.viewType, USAGE_TABLE_EDITOR);
    const { length } = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
    await open(vscode.Uri.file(at('a.csv')));
    assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, length);
  });

  it('opens several files as one table, in a panel', async () => {
    const files = [at('a.csv'), at('b.csv')];
    assert.deepEqual((await open({ files }))?.files, files);
    await eventually(() => (inFront()?.input instanceof vscode.TabInputWebview ? true : undefined));
    assert.equal(inFront()?.label, 'a and 1 more');
    // The table in front is what is exported without a word about files.
    const written = await write({ to: at('both.csv') });
    assert.equal(written.rows, 6);
    assert.equal(lines('both.csv').length, 7);
  });

  it('writes what is asked for, without showing it: columns, order, conditions', async () => {
    const written = await write({
      file: at('a.csv'),
      to: at('out.csv'),
      columns: ['Service', 'Cost'],
      sort: [{ column: 'Cost', descending: true }],
      filters: [{ column: 'Date', test: 'between', from: '2026-11-02' }],
    });
    assert.deepEqual({ file: written.file, rows: written.rows }, { file: at('out.csv'), rows: 2 });
    assert.deepEqual(lines('out.csv'), ['Service,Cost', '"\'=HYPERLINK(""x"")",2.5', 'Compute,-0.3']);
    const parquet = await write({ file: at('a.csv'), to: at('out.parquet') });
    assert.equal(parquet.rows, 3);
    assert.deepEqual((await open({ file: at('out.parquet') }))?.columns, [
      'Date',
      'Service',
      'Cost',
      'BillingCurrency',
    ]);
    await write({ file: at('out.parquet'), to: at('back.csv'), columns: ['Cost'] });
    assert.deepEqual(lines('back.csv'), ['Cost', '0.10000000000000000001', '2.5', '-0.3']);
  });

  it('refuses what it cannot do in one sentence', async () => {
    const refused = (argument: unknown) => refusal('azureBilling.openTable', argument);
    assert.match(await refused({}), /^file: is missing; give the absolute path/);
    assert.match(await refused({ file: 'a.csv' }), /^file: is not an absolute path/);
    assert.match(await refused({ file: at('gone.csv') }), /^gone\.csv is not there any more, or is no file/);
    writeFileSync(at('odd.parquet'), 'PAR1 and no more');
    assert.match(await refused({ file: at('odd.parquet') }), /odd\.parquet/);
    const no = await refusal('azureBilling.exportTable', { file: at('a.csv'), to: at('x.csv'), columns: ['Nothing'] });
    assert.match(no, /^There is no column 'Nothing'/);
    assert.equal(readdirSync(folder).includes('x.csv'), false);
  });

  it('opens a document of usage as it is', async () => {
    let connected: Connected | undefined;
    try {
      connected = await connectSample({ usageRows: 500 });
      const scope = `/providers/Microsoft.Billing/billingAccounts/${connected.service.tenant.accounts[0]?.name}`;
      const uri = await openUsage({ connection: connected.name, scope, period: '2026-10', format: 'csv' });
      const shown = await open(uri);
      assert.ok((shown?.columns.length ?? 0) > 20, JSON.stringify(shown));
      const written = await write({ to: at('usage.csv') });
      const document = Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
      assert.equal(lines('usage.csv')[0], document.split('\n')[0]);
      assert.equal(written.rows, lines('usage.csv').length - 1);
    } finally {
      await connected?.remove();
    }
  });

  it('leaves no copy of a document that is closed while it is being read', async () => {
    const store = await vscode.commands.executeCommand<StoredDataReport>('azureBilling.showStore');
    const copies = path.join(path.dirname(store.folder), 'tables');
    const copied = () => (existsSync(copies) ? readdirSync(copies) : []);
    // What a window left that was killed.
    mkdirSync(copies, { recursive: true });
    writeFileSync(path.join(copies, `${newHolder().replace(/^\d+/, '99999999')}.csv`), CSV);
    const before = copied().slice(1);
    let begun = false;
    let give = (_content: Uint8Array) => {};
    const content = new Promise<Uint8Array>((resolve) => {
      give = resolve;
    });
    const nothing = () => {};
    const provider: vscode.FileSystemProvider = {
      onDidChangeFile: () => new vscode.Disposable(nothing),
      watch: () => new vscode.Disposable(nothing),
      stat: () => ({ type: vscode.FileType.File, ctime: 0, mtime: 0, size: CSV.length }),
      readDirectory: () => [],
      createDirectory: nothing,
      readFile: () => {
        begun = true;
        return content;
      },
      writeFile: nothing,
      delete: nothing,
      rename: nothing,
    };
    const registered = vscode.workspace.registerFileSystemProvider('slow-table', provider);
    try {
      const opening = open(vscode.Uri.parse('slow-table:/slow.csv')).then(nothing, nothing);
      await eventually(() => (begun ? true : undefined));
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      give(Buffer.from(CSV));
      await opening;
      // Another one is copied for as long as it is open.
      assert.equal((await open(vscode.Uri.parse('slow-table:/next.csv')))?.columns.length, 4);
      assert.ok(copied().length > before.length);
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      await eventually(() => (copied().length === before.length ? true : undefined));
    } finally {
      registered.dispose();
    }
  });

  it('opens a file again that was moved away and came back', async () => {
    renameSync(at('b.csv'), at('c.csv'));
    assert.match(await refusal('azureBilling.openTable', { file: at('b.csv') }), /^b\.csv is not there/);
    renameSync(at('c.csv'), at('b.csv'));
    assert.deepEqual((await open({ file: at('b.csv') }))?.files, [at('b.csv')]);
  });
});
