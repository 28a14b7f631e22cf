import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ExportedFile, ShownSqlChart, ShownTable, SqlResult, StoredDataReport } from '../../src/contributions.ts';
import { resolvePeriod } from '../../src/usage/period.ts';
import {
  type Connected,
  connectSample,
  contentOf,
  eventually,
  keepUsage,
  openUsage,
  refusal,
  tabNamed,
} from './support.ts';

describe('stored usage', () => {
  const period = resolvePeriod('TheLastMonth', new Date());
  const month = period.from.slice(0, 7);
  let connected: Connected;
  let account: string;

  before(async () => {
    await keepUsage(5);
    connected = await connectSample({ customers: 12, usageRows: 7_000, now: new Date() });
    account = `/providers/Microsoft.Billing/billingAccounts/${connected.service.tenant.accounts[0]?.name}`;
  });
  after(async () => {
    await connected.remove();
    await keepUsage(0);
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const about = (more: object = {}) => ({ connection: connected.name, scope: account, period: month, ...more });
  const truth = () => connected.service.tenant.truth(account, period.from, period.to);
  const requests = () => connected.service.requests().length;
  const sql = (text: string, more: object = {}) =>
    vscode.commands.executeCommand<SqlResult>('azureBilling.runSql', about({ sql: text, show: false, ...more }));

  it('is fetched once: a document that is opened again sends no request and says when it was fetched', async () => {
    const first = await contentOf(await openUsage({ ...about(), format: 'csv' }));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const before = requests();
    const uri = await openUsage({ ...about(), format: 'csv', label: 'Again' });
    assert.equal(await contentOf(uri), first);
    assert.equal(requests(), before);
    const json = await contentOf(await openUsage({ ...about(), format: 'ndjson' }));
    assert.equal(json.trimEnd().split('\n').length, truth().rows);
    assert.equal(requests(), before);
  });

  it('answers days of a month that is kept: a document of them sends no request', async () => {
    const days = { from: `${month}-10`, to: `${month}-12` };
    const whole = await contentOf(await openUsage({ ...about(), format: 'ndjson' }));
    const before = requests();
    const part = await contentOf(await openUsage({ ...about({ period: days }), format: 'ndjson' }));
    assert.equal(requests(), before);
    const of = (row: string) => (JSON.parse(row) as { properties: { date: string } }).properties.date.slice(0, 10);
    const rows = whole.split('\n').filter((row) => row !== '' && of(row) >= days.from && of(row) <= days.to);
    assert.equal(rows.length, connected.service.tenant.truth(account, days.from, days.to).rows);
    assert.equal(part, `${rows.join('\n')}\n`);
  });

  it('is listed with its sums, to the digit', async () => {
    const report = await vscode.commands.executeCommand<StoredDataReport>('azureBilling.showStore');
    const own = report.usage.find((each) => each.connection === connected.name && each.month === month);
    assert.equal(own?.rows, truth().rows);
    assert.deepEqual(own?.totals, Object.fromEntries(truth().totals));
    assert.ok(existsSync(own?.file ?? ''));
    const { document } = vscode.window.activeTextEditor ?? assert.fail('no report is shown');
    assert.match(document.getText(), new RegExp(`${month}.*${connected.name}`));
  });

  it('answers SQL over friendly views to the digit, without a request', async () => {
    const before = requests();
    const { columns, rows, file, about } = await sql(
      'SELECT BillingCurrency, sum(BilledCost) AS Cost FROM usage GROUP BY ALL ORDER BY 1',
    );
    assert.match(about ?? '', /^Fetched at .*, the oldest part\.$/);
    assert.deepEqual(columns, ['BillingCurrency', 'Cost']);
    assert.equal(rows, truth().totals.size);
    assert.ok(existsSync(file));
    for (const view of ['customers', 'invoices', 'usage_files']) {
      assert.ok((await sql(`SELECT * FROM ${view} LIMIT 3`)).rows > 0, view);
    }
    assert.equal(requests(), before);
    const none = await sql('FROM usage', { period: { from: period.from, to: period.from } });
    assert.ok(none.rows < truth().rows, 'days of the period alone');
  });

  it('shows an answer as a table', async () => {
    const { file, about } = await sql('SELECT 1 AS one', { show: undefined });
    await tabNamed(/^SELECT 1 AS one$/);
    const shown = await vscode.commands.executeCommand<ShownTable>('azureBilling.openTable', { file });
    assert.equal(shown.about, about ?? 'its age');
  });

  it('opens as a table over its months', async () => {
    const before = requests();
    const table = await vscode.commands.executeCommand<ShownTable>('azureBilling.openStoredTable', about());
    assert.equal(table.files.length, 1);
    assert.ok(table.columns.includes('costInBillingCurrency'), table.columns.join());
    assert.match(table.about ?? '', /^Fetched at .*, the oldest part\.$/);
    assert.equal(requests(), before);
    const files = await vscode.commands.executeCommand<ShownTable>('azureBilling.openStoredTable', {
      ...about(),
      anew: true,
      show: false,
    });
    assert.deepEqual(files.files, table.files);
    assert.equal(requests(), before, 'a month that is closed stays as it is');
  });

  it('is not a way for SQL to files, to changes or to other connections', async () => {
    for (const text of [
      "SELECT * FROM read_csv('/etc/passwd')",
      "COPY usage TO '/tmp/usage.csv'",
      'DELETE FROM usage',
      "ATTACH '/tmp/x.db'",
      'SELECT 1; SELECT 2',
    ]) {
      assert.match(await refusal('azureBilling.runSql', about({ sql: text, show: false })), /allowed|not/i, text);
    }
    assert.match(
      await refusal('azureBilling.runSql', { ...about({ sql: 'FROM usage' }), connection: 'nobody' }),
      /^connection: there is no connection 'nobody'/,
    );
    assert.match(await refusal('azureBilling.runSql', about({ sql: '' })), /^sql: is missing/);
    assert.match(await refusal('azureBilling.runSql', about({ sql: 'FROM nothing' })), /nothing/);
  });

  it('is asked by a sheet that says what it is about, and shows where a statement is wrong', async () => {
    const uri = await vscode.commands.executeCommand<vscode.Uri>('azureBilling.newSqlSheet', about());
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.languageId, 'azure-billing-sql');
    assert.ok(document.getText().startsWith(`-- connection: ${connected.name}\n-- scope: ${account}\n`));
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 9);
    assert.deepEqual(
      lenses.map(({ command }) => command?.title),
      ['$(play) Run', '$(graph) Chart', '$(play) Run', '$(graph) Chart'],
    );
    const run = (offset: number) =>
      vscode.commands.executeCommand<SqlResult>('azureBilling.runSql', { sheet: uri, offset });
    const { columns } = await run(document.getText().indexOf('date_trunc'));
    assert.deepEqual(columns, ['Month', 'x_CustomerName', 'BillingCurrency', 'Cost']);
    const offered = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      uri,
      document.positionAt(document.getText().indexOf('ServiceName')),
    );
    const labels = offered.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(
      ['x_Connection', 'x_Scope', 'x_Month'].every((name) => labels.includes(name)),
      labels.join(),
    );
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, document.positionAt(document.getText().length), '\nSELECT Bill FROM usage');
    await vscode.workspace.applyEdit(edit);
    const wrong = document.getText().lastIndexOf('Bill FROM');
    await assert.rejects(async () => run(wrong), /Bill/);
    const [problem] = vscode.languages.getDiagnostics(uri);
    assert.equal(problem && document.getText(problem.range), 'Bill');
  });

  it('is exported without a request, and the file says how old it is', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-host-'));
    const run = (name: string, more: object = {}) =>
      vscode.commands.executeCommand<ExportedFile>(
        'azureBilling.exportUsage',
        about({ file: path.join(folder, name), formulaGuard: false, ...more }),
      );
    const text = (name: string) => readFileSync(path.join(folder, name), 'utf8');
    try {
      await openUsage({ ...about(), format: 'csv' });
      const before = requests();
      const kept = await run('kept.csv');
      assert.equal(requests(), before);
      assert.deepEqual([kept.rows, kept.totals], [truth().rows, Object.fromEntries(truth().totals)]);
      const age = Date.now() - Date.parse(kept.asOf ?? '');
      assert.ok(age >= 0 && age < 3_600_000, kept.asOf);
      const manifest = JSON.parse(text('kept.csv.manifest.json')) as { asOf: string; fetchedAt: { first: string } };
      assert.deepEqual([manifest.asOf, manifest.fetchedAt.first], [kept.asOf, kept.asOf]);
      const fetched = await run('fetched.csv', { anew: true });
      assert.ok(requests() > before);
      assert.equal(fetched.asOf, undefined);
      assert.equal(text('fetched.csv'), text('kept.csv'));
      await keepUsage(0);
      const off = requests();
      assert.equal((await run('off.csv')).asOf, undefined);
      assert.ok(requests() > off);
    } finally {
      await keepUsage(5);
      rmSync(folder, { recursive: true, force: true });
      await vscode.commands.executeCommand('azureBilling.removeFinishedJobs');
    }
  });

  const chart = (argument: object) => vscode.commands.executeCommand<ShownSqlChart>('azureBilling.chartSql', argument);
  const chartTabs = () =>
    vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(({ label }) => label.startsWith('Chart: ')));

  it('is drawn: a chart for each currency, or one sentence that says why there is none', async () => {
    const before = requests();
    const text =
      'SELECT ServiceName, BillingCurrency, sum(BilledCost) AS Cost FROM usage GROUP BY ALL ORDER BY Cost DESC';
    const shown = await chart(about({ sql: text }));
    assert.deepEqual(shown.columns, ['ServiceName', 'BillingCurrency', 'Cost']);
    assert.equal(shown.rows, (await sql(text)).rows);
    const currencies = [...truth().totals.keys()].map((currency) => `${currency}: Cost by ServiceName`);
    assert.deepEqual(shown.charts.toSorted(), currencies.toSorted());
    await tabNamed(/^Chart: SELECT ServiceName, BillingCurrency/);
    const big = await chart(about({ sql: 'FROM range(5001)' }));
    assert.deepEqual([big.rows, big.charts], [5001, []]);
    assert.match(
      big.message ?? '',
      /^The answer has 5,001 rows and a chart shows 5,000 at most: group or limit it in SQL/,
    );
    const wide = await chart(about({ sql: 'FROM usage' }));
    assert.equal(wide.rows, truth().rows);
    assert.match(wide.message ?? '', /group or limit it in SQL, or open the table\.$/);
    const none = await chart(about({ sql: 'SELECT ServiceName, 1 AS n FROM usage WHERE false' }));
    assert.match(none.message ?? '', /^No rows/);
    assert.equal(requests(), before);
  });

  it('keeps one panel for a statement of a sheet, which is drawn anew in it', async () => {
    const uri = await vscode.commands.executeCommand<vscode.Uri>('azureBilling.newSqlSheet', about());
    const document = await vscode.workspace.openTextDocument(uri);
    const month = document.getText().indexOf('date_trunc');
    const first = await chart({ sheet: uri, offset: month });
    assert.ok(first.charts.length > 0, first.message);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, document.positionAt(month), 'InvoiceId, ');
    await vscode.workspace.applyEdit(edit);
    const second = await chart({ sheet: uri, offset: month });
    assert.equal(second.columns[0], 'InvoiceId');
    await eventually(() => chartTabs().find(({ label }) => label.startsWith('Chart: SELECT InvoiceId')));
    assert.equal(chartTabs().length, 1);
    await chart({ sheet: uri, offset: document.getText().indexOf('ServiceName') });
    await eventually(() => (chartTabs().length === 2 ? true : undefined));
  });

  it('is refused a chart as it is refused a table, and opens no panel for it', async () => {
    const bad = (argument: object) => refusal('azureBilling.chartSql', argument);
    assert.match(await bad(about({ sql: '' })), /^sql: is missing/);
    assert.match(await bad(about({ sql: 'DELETE FROM usage' })), /allowed|not/i);
    assert.match(await bad({ ...about({ sql: 'FROM usage' }), connection: 'nobody' }), /^connection: there is no/);
    assert.match(await bad({ sheet: 'usage.billing.sql' }), /^sheet: is no address/);
    const uri = await vscode.commands.executeCommand<vscode.Uri>('azureBilling.newSqlSheet', about());
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, document.positionAt(document.getText().length), '\nSELECT Bill FROM usage');
    await vscode.workspace.applyEdit(edit);
    assert.match(await bad({ sheet: uri, offset: document.getText().lastIndexOf('Bill FROM') }), /Bill/);
    const [problem] = vscode.languages.getDiagnostics(uri);
    assert.equal(problem && document.getText(problem.range), 'Bill');
    assert.deepEqual(chartTabs(), []);
  });

  it('moves to another folder with all it has, and is not fetched again there', async () => {
    const list = () => vscode.commands.executeCommand<StoredDataReport>('azureBilling.showStore');
    await openUsage({ ...about(), format: 'csv' });
    const before = await list();
    const requested = requests();
    const folder = path.join(mkdtempSync(path.join(tmpdir(), 'azure-billing-moved-')), 'kept here');
    assert.match(await refusal('azureBilling.moveStore', { folder: 'kept here' }), /^folder: is no absolute path/);
    try {
      const moved = await vscode.commands.executeCommand('azureBilling.moveStore', { folder });
      assert.deepEqual(moved, { folder });
      const after = await list();
      assert.equal(after.folder, folder);
      const facts = ({ usage }: StoredDataReport) => usage.map(({ file, ...facts }) => [path.basename(file), facts]);
      assert.deepEqual(facts(after), facts(before));
      assert.ok(after.usage.length > 0 && after.usage.every(({ file }) => path.dirname(file).startsWith(folder)));
      assert.ok(after.usage.every(({ file }) => existsSync(file)));
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await openUsage({ ...about(), format: 'csv', label: 'Moved' });
      assert.equal(requests(), requested);
    } finally {
      await vscode.commands.executeCommand('azureBilling.moveStore', { folder: before.folder });
      rmSync(path.dirname(folder), { recursive: true, force: true });
    }
    assert.equal((await list()).usage.length, before.usage.length);
  });

  it('goes when it is cleared, and is fetched again', async () => {
    const { tenant } = connected.service;
    const { name, account: of } = tenant.directory.customer(0);
    const scope = `/providers/Microsoft.Billing/billingAccounts/${of.name}/customers/${name}`;
    await openUsage({ ...about({ scope }), format: 'json' });
    const outcome = await vscode.commands.executeCommand<{ removed: number }>('azureBilling.clearStore', {
      connection: connected.name,
    });
    assert.ok(outcome.removed > 0);
    assert.match(await refusal('azureBilling.clearStore', { month: '2026' }), /^month: '2026' is no month/);
    const before = requests();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await openUsage({ ...about({ scope }), format: 'ndjson' });
    assert.ok(requests() > before);
  });
});
