import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { recentMonths } from '../../src/usage/period.ts';
import type { Workbench } from '../support/editor/page.ts';
import { ExportsPane } from '../support/exportsPane.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { type SmallPages, startSmallPages } from '../support/smallPages.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

describe('exports as a person sees them', () => {
  let service: SampleService;
  let pages: SmallPages;
  let session: UiSession;
  let window: Workbench;
  let exports: ExportsPane;
  let folder: string;
  const months = recentMonths(new Date(), 4);
  /** So much that a person is asked first. */
  const days = `${months[3]}-01 to ${months[0]}-01`;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-exports-'));
    service = await startSampleService({
      customers: 12,
      usageRows: 40_000,
      latency: 150,
      operations: { retryAfter: 1 },
    });
    pages = await startSmallPages(service.endpoints.resourceManager, 10);
    session = await startUiSession({
      vsix: vsixFile,
      settings: { 'files.simpleDialog.enable': true },
      machineSettings: {
        'azureBilling.connections': [
          { name: 'Slow', cloud: 'custom', credential: 'none', endpoints: { resourceManager: pages.base } },
        ],
      },
    });
    window = await session.open({ folder, viewport: { width: 1280, height: 900 } });
    exports = new ExportsPane(window, folder);
    await window.openView('Azure Billing');
  });

  after(async () => {
    await session?.close();
    await pages?.close();
    await service?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const exportAll = (name: string) => exports.exportAll(name, days);

  // A test that fails leaves no fault for the next one.
  afterEach(() => service.setFault(undefined));

  it('have a list that says what it is for', async () => {
    await exports.show();
    await exports.pane.getByText('Exports to a file: their progress').waitFor();
    await window.screenshot('exports-empty');
  });

  it('take several customers into one file, after telling what it takes', async () => {
    await window.expand('Slow', { level: 1 });
    await window.expand('Harbourlight Cloud Partners', { level: 2 });
    await window.expand('Customers', { level: 3 });
    const customers = window.page.locator('.part.sidebar [role="treeitem"][aria-level="4"]');
    await customers.nth(2).waitFor();
    for (const n of [0, 1, 2]) {
      await customers.nth(n).click({ modifiers: ['Control'] });
    }
    await window.contextMenu(customers.nth(1), 'Export Usage…');
    await window.quickPick('Days…');
    await window.inputBox(days);
    await window.quickInput.getByRole('option', { name: /^Parquet/ }).waitFor();
    await window.screenshot('export-format', 'busy');
    await window.quickPick(/Options…/);
    await window.quickInput.getByText('FOCUS columns').waitFor();
    await window.screenshot('export-options', 'busy');
    await window.page.keyboard.press('Enter');
    await window.quickPick(/^CSV/);
    const file = await exports.saveAs();
    assert.equal(path.basename(file), `3 customers usage ${days}.csv`);
    const question = window.page.getByPlaceholder(/^This takes (about|at least) \d+ calls.* at the present quota/);
    await question.waitFor();
    await window.screenshot('export-question', 'busy');
    await window.quickPick('Run in Background');

    await exports.job(/3 customers.* % · .*rows/).waitFor();
    await window.page.locator('.part.activitybar .badge-content').getByText('1', { exact: true }).waitFor();
    await window.screenshot('export-running', 'busy');
    await exports.press(exports.job(/3 customers/), 'Pause');
    await exports.job(/3 customers.*paused/).waitFor();
    assert.ok(!existsSync(file));
    await window.screenshot('export-paused', 'busy');
    await exports.press(exports.job(/3 customers/), 'Resume');
    await window.notification(/Saved [\d,]+ rows to 3 customers usage/).waitFor({ timeout: 120_000 });
    await exports.job(/3 customers.*done · .*USD|3 customers.*done · .*EUR/).waitFor();
    await window.screenshot('export-done', 'busy');
    const [header = '', ...rows] = readFileSync(file, 'utf8').trimEnd().split('\n');
    assert.match(header, /^scopeName,scopeId,/);
    assert.equal(new Set(rows.map((row) => row.slice(0, row.indexOf('/')))).size, 3);
    assert.ok(readdirSync(folder).includes(`${path.basename(file)}.manifest.json`));
    await window.runCommand('Notifications: Clear All Notifications');
  });

  it('are cancelled, and leave nothing behind', async () => {
    const before = readdirSync(folder);
    await exportAll('cancelled.csv');
    await exports.press(exports.job(/cancelled\.csv/), 'Cancel Export');
    await exports.job(/cancelled\.csv.*cancelled/).waitFor();
    assert.deepEqual(readdirSync(folder), before);
    await window.contextMenu(exports.job(/cancelled\.csv/), 'Remove from List');
    await exports.job(/cancelled\.csv/).waitFor({ state: 'detached' });
  });

  it('that fail say why, and go on where they stopped', async () => {
    await exportAll('failed.csv');
    service.setFault('403');
    await exports.job(/failed\.csv.*failed: .*HTTP 403/).waitFor({ timeout: 60_000 });
    await window.notification(/HTTP 403/).waitFor();
    assert.equal((await window.notifications()).length, 1);
    await window.screenshot('export-failed', 'busy');
    service.setFault(undefined);
    await window.answerNotification(/HTTP 403/, 'Resume');
    await exports.job(/failed\.csv.*rows/).waitFor();
    await exports.press(exports.job(/failed\.csv/), 'Cancel Export');
    await exports.job(/failed\.csv.*cancelled/).waitFor();
  });

  it('that the end of the editor interrupted go on after one question', async () => {
    await exportAll('interrupted.csv');
    await window.reload();
    await window.notification(/An export was interrupted by the end of the editor/).waitFor({ timeout: 60_000 });
    await exports.job(/interrupted\.csv.*interrupted/).waitFor();
    await window.screenshot('export-interrupted', 'busy');
    await window.answerNotification(/An export was interrupted/, 'Resume');
    await exports.job(/interrupted\.csv.*rows/).waitFor();
    await window.notification(/Saved [\d,]+ rows to interrupted\.csv/).waitFor({ timeout: 120_000 });
  });

  it('are readable in every theme, in a narrow bar, with long and right-to-left names', async () => {
    await exportAll(`${'Fabrikam Manufacturing and Logistics International '.repeat(2)}usage.csv`);
    await exports.press(exports.job(/Fabrikam/), 'Pause');
    await exports.job(/Fabrikam.*paused/).waitFor();
    await exportAll('شركة الأفق للخدمات.csv');
    await exports.press(exports.job(/الأفق/), 'Pause');
    await exports.job(/الأفق.*paused/).waitFor();
    await exports.job(/interrupted\.csv/).hover();
    for (const theme of ['light', 'highContrast', 'highContrastLight'] as const) {
      await window.setTheme(theme);
      await window.screenshot(`exports-list-${theme}`, 'busy');
    }
    await window.setTheme('dark');
    await window.page.setViewportSize({ width: 700, height: 700 });
    await window.screenshot('exports-list-narrow', 'busy');
    await window.page.setViewportSize({ width: 1280, height: 900 });
    const labels = await exports.pane
      .locator('[role="treeitem"]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
    assert.ok(
      labels.some((label) => /^interrupted\.csv, done · /.test(label)),
      labels.join('\n'),
    );
  });
});
