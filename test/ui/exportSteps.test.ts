import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { recentMonths } from '../../src/usage/period.ts';
import { csvCells } from '../support/csvCells.ts';
import type { Workbench } from '../support/editor/page.ts';
import { ExportsPane } from '../support/exportsPane.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { type SmallPages, startSmallPages } from '../support/smallPages.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

describe('the steps of an export as a person takes them', () => {
  let service: SampleService;
  let pages: SmallPages;
  let session: UiSession;
  let window: Workbench;
  let exports: ExportsPane;
  let folder: string;
  const months = recentMonths(new Date(), 4);
  const lastMonth = months[1] ?? '';
  /** So much that a person is asked first. */
  const days = `${months[3]}-01 to ${months[0]}-01`;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-steps-'));
    service = await startSampleService({ customers: 12, usageRows: 40_000, latency: 150, now: new Date() });
    pages = await startSmallPages(service.endpoints.resourceManager, 10);
    const connection = (name: string, resourceManager: string) => ({
      name,
      cloud: 'custom',
      credential: 'none',
      endpoints: { resourceManager },
    });
    session = await startUiSession({
      vsix: vsixFile,
      settings: { 'files.simpleDialog.enable': true },
      machineSettings: {
        'azureBilling.connections': [
          connection('Quick', service.endpoints.resourceManager),
          connection('Slow', pages.base),
        ],
      },
    });
    window = await session.open({ folder, viewport: { width: 1280, height: 900 } });
    exports = new ExportsPane(window, folder);
    await window.openView('Azure Billing');
    await exports.show();
    await window.expand('Quick', { level: 1 });
    await window.expand('Harbourlight Cloud Partners', { level: 2 });
  });

  after(async () => {
    await session?.close();
    await pages?.close();
    await service?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  // A menu or question that a test left open is none of the next one's.
  beforeEach(() => window.page.keyboard.press('Escape'));

  const at = (name: string) => path.join(folder, name);
  const saved = (name: string) =>
    window.notification(new RegExp(`Saved [\\d,]+ rows to ${name.replaceAll('.', '\\.')}`));
  const account = () => window.treeItem('Harbourlight Cloud Partners', { level: 2 });
  const clear = () => window.runCommand('Notifications: Clear All Notifications');
  /** Chooses one of a list of which several can be chosen. */
  const tick = async (label: string) => {
    const row = window.quickInput.locator('.monaco-list-row').filter({ hasText: label }).first();
    // A list that was just shown may take no notice.
    do {
      await row.click();
      await window.page.waitForTimeout(300);
    } while ((await row.getAttribute('aria-checked')) === 'false');
  };
  /** Up to the question whether so much shall be exported. */
  const askMuch = async (name: string) => {
    await window.runCommand('Azure Billing: Export Usage…');
    await window.quickPick('Slow');
    await window.quickPick('Harbourlight Cloud Partners');
    await window.quickPick('Whole billing account');
    await window.quickPick('Days…');
    await window.inputBox(days);
    await window.quickPick(/^CSV/);
    await exports.saveAs(name);
    await window.page.getByPlaceholder(/^This takes /).waitFor();
  };

  it('is narrowed from the question before it, and written for the shorter period', async () => {
    await askMuch('narrow.csv');
    assert.deepEqual(await window.notifications(), []);
    await window.quickPick('Narrow the Period…');
    await window.quickPickChoices();
    await window.screenshot('export-narrow', 'busy');
    await window.quickPick('Days…');
    await window.inputBox(`${lastMonth}-03 to ${lastMonth}-03`);
    await saved('narrow.csv').waitFor({ timeout: 60_000 });
    await window.screenshot('export-narrowed', 'busy');
    const rows = csvCells(readFileSync(at('narrow.csv'), 'utf8'));
    assert.ok(rows.length > 0);
    assert.deepEqual([...new Set(rows.map(({ date }) => date?.slice(0, 10)))], [`${lastMonth}-03`]);
    assert.equal(await exports.pane.locator('[role="treeitem"]').filter({ hasText: 'narrow.csv' }).count(), 1);
    await clear();
  });

  it('of a tab takes its period and format over', async () => {
    await window.contextMenu(account(), 'Open Usage as CSV');
    await window.quickPick('Days…');
    await window.inputBox(`${lastMonth}-03 to ${lastMonth}-04`);
    const title = `Harbourlight Cloud Partners usage ${lastMonth}-03 to ${lastMonth}-04`;
    await window.tab(`${title}.csv`).waitFor();
    await window.page.locator('.editor-actions').getByRole('button', { name: 'Export Usage…' }).click();
    assert.match((await window.quickPickChoices())[0] ?? '', /^CSV/);
    await window.screenshot('export-of-tab', 'busy');
    await window.quickPick(/^Excel/);
    assert.equal(path.basename(await exports.saveAs()), `${title}.xlsx`);
    await saved(`${title}.xlsx`).waitFor();
    await clear();
    await window.contextMenu(window.tab(`${title}.csv`), 'Export Usage…');
    await window.quickPick(/^CSV/);
    await exports.saveAs('tab.csv');
    await saved('tab.csv').waitFor();
    const rows = csvCells(readFileSync(at('tab.csv'), 'utf8'));
    assert.deepEqual([...new Set(rows.map(({ date }) => date?.slice(0, 10)))].sort(), [
      `${lastMonth}-03`,
      `${lastMonth}-04`,
    ]);
    await clear();
  });

  it('of costs asks for what the table of costs asks for, and the tab of one needs no question', async () => {
    await window.contextMenu(account(), 'Export Costs…');
    await window.quickPick(lastMonth);
    await tick('Service name');
    await window.screenshot('export-costs', 'busy');
    await window.page.keyboard.press('Enter');
    await window.quickPick('Each month');
    await window.quickPick(/^CSV/);
    await exports.saveAs('costs.csv');
    await saved('costs.csv').waitFor();
    await window.screenshot('export-costs-done', 'busy');
    const rows = csvCells(readFileSync(at('costs.csv'), 'utf8'));
    assert.ok(rows.length > 1);
    assert.ok(Object.keys(rows[0] ?? {}).includes('ServiceName'), JSON.stringify(rows[0]));
    await clear();

    await window.contextMenu(account(), 'Open Costs…');
    await window.quickPick(lastMonth);
    await tick('Service name');
    await window.page.keyboard.press('Enter');
    await window.quickPick('Each month');
    await window.tab(/ costs .*\.csv$/).waitFor();
    await window.page.locator('.editor-actions').getByRole('button', { name: 'Export Costs…' }).click();
    await window.quickPick(/^CSV/);
    await exports.saveAs('costs of tab.csv');
    await saved('costs of tab.csv').waitFor();
    assert.equal(readFileSync(at('costs of tab.csv'), 'utf8'), readFileSync(at('costs.csv'), 'utf8'));
    await clear();
  });

  it('of transactions is offered on a month of them, and on an invoice', async () => {
    await window.expand('Billing profiles', { level: 3 });
    await window.expand(/./, { level: 4 });
    await window.expand('More', { level: 5 });
    await window.expand('Transactions', { level: 6 });
    await window.contextMenu(window.treeItem(lastMonth, { level: 7 }), 'Export Transactions…');
    await window.quickPick(/^CSV/);
    const file = await exports.saveAs();
    assert.match(path.basename(file), new RegExp(`transactions ${lastMonth}\\.csv$`));
    await saved(path.basename(file)).waitFor();
    await window.screenshot('export-transactions', 'busy');
    assert.ok(csvCells(readFileSync(file, 'utf8')).length > 0);
    await clear();
    await window.treeItem('Billing profiles', { level: 3 }).locator('.monaco-tl-twistie').click();
    await window.expand('Invoices', { level: 3 });
    await window.expand(/./, { level: 4 });
    await window.treeItem(/./, { level: 5 }).click({ button: 'right' });
    await window.page.getByRole('menuitem', { name: 'Export Transactions…' }).waitFor();
    await window.screenshot('export-invoice-menu', 'busy');
    await window.page.getByRole('menuitem', { name: 'Export Transactions…' }).click({ delay: 400 });
    await window.quickPick(/^NDJSON/);
    const lines = await exports.saveAs();
    await saved(path.basename(lines)).waitFor();
    assert.ok(readFileSync(lines, 'utf8').trimEnd().split('\n').length > 0);
    await clear();
  });

  it('that is share-safe has other pseudonyms after they were reset, and not before', async () => {
    const share = async (name: string) => {
      await window.contextMenu(account(), 'Export Usage…');
      await window.quickPick('Days…');
      await window.inputBox(`${lastMonth}-03 to ${lastMonth}-03`);
      await window.quickPick(/Options…/);
      await tick('Share-safe');
      await window.page.keyboard.press('Enter');
      await window.quickPick(/^CSV/);
      await exports.saveAs(name);
      await saved(name).waitFor();
      await clear();
      return csvCells(readFileSync(at(name), 'utf8'));
    };
    const reset = async (answer: 'Reset' | 'Cancel') => {
      await window.runCommand('Azure Billing: Reset Pseudonyms of Share-Safe Exports…');
      const dialog = window.page.locator('.monaco-dialog-box');
      await dialog.waitFor();
      await window.screenshot('reset-pseudonyms', 'busy');
      await dialog.getByRole('button', { name: answer }).click();
      await dialog.waitFor({ state: 'hidden' });
    };
    const one = await share('one.csv');
    await reset('Cancel');
    assert.deepEqual(await share('two.csv'), one);
    await reset('Reset');
    await window.notification('Share-safe exports have new pseudonyms from now on.').waitFor();
    await window.screenshot('reset-pseudonyms-done', 'busy');
    const three = await share('three.csv');
    const named = (rows: Record<string, string>[]) => new Set(rows.map(({ customerName }) => customerName));
    assert.equal(three.length, one.length);
    assert.ok(named(one).size > 1);
    for (const name of named(three)) {
      assert.ok(!named(one).has(name), name);
    }
  });

  for (const choice of ['never', 'automatically', 'ask'] as const) {
    it(`that a reload of the window interrupts goes on as the setting says: ${choice}`, async () => {
      mkdirSync(at('.vscode'), { recursive: true });
      writeFileSync(at('.vscode/settings.json'), JSON.stringify({ 'azureBilling.export.resumeInterrupted': choice }));
      const name = `${choice}.csv`;
      const row = (text: string) => exports.job(new RegExp(`${choice}\\.csv.*${text}`));
      // A key that arrives late would be typed into a document in front.
      await window.runCommand('View: Close All Editors');
      await askMuch(name);
      await window.quickPick('Run in Background');
      await row('\\d rows').waitFor();
      await window.reload();
      const question = window.notification(/An export was interrupted by the end of the editor/);
      if (choice === 'automatically') {
        await row('%').waitFor({ timeout: 60_000 });
        assert.equal(await question.count(), 0);
        await window.screenshot('export-resumed', 'busy');
        await saved(name).waitFor({ timeout: 120_000 });
        assert.ok(existsSync(at(name)));
      } else {
        await row('interrupted').waitFor({ timeout: 60_000 });
        if (choice === 'ask') {
          await question.waitFor();
        } else {
          await window.page.waitForTimeout(4_000);
          assert.equal(await question.count(), 0);
        }
        await window.screenshot(`export-interrupted-${choice}`, 'busy');
        await exports.press(exports.job(new RegExp(name)), 'Cancel Export');
        await row('cancelled').waitFor();
        assert.ok(readdirSync(folder).every((entry) => !entry.includes('.partial')));
      }
      await clear();
    });
  }
});
