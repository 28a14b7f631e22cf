import assert from 'node:assert/strict';
import type { Workbench } from '../support/editor/page.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

describe('exports in the tree', () => {
  let session: UiSession;
  let window: Workbench;

  before(async () => {
    session = await startUiSession({ vsix: vsixFile, environment: { AZURE_BILLING_EXPLORER_SAMPLE: '1' } });
    window = await session.open({ viewport: { width: 1200, height: 1000 } });
    await window.openView('Azure Billing');
    await window.expand('Sample tenant');
    await window.expand('Harbourlight Cloud Partners');
    await window.expand('More', { level: 3 });
    await window.expand('Exports');
  });

  after(() => session?.close());

  const menu = (label: string, entry: string) => window.contextMenu(window.treeItem(label), entry);
  const row = (text: RegExp) =>
    window.page.locator('.part.sidebar [role="treeitem"]').filter({ hasText: text }).first();

  it('tell what they hold, when they run, and how their runs went', async () => {
    const rows = await window.treeItems();
    assert.ok(rows.includes('daily-costs ActualCost · Csv · daily'));
    assert.ok(rows.includes('focus-monthly FocusCost · Parquet · monthly'));
    await window.expand('daily-costs');
    await row(/completed/).waitFor();
    await window.screenshot('exports');
    await window.setTheme('light');
    await window.screenshot('exports-light');
    await window.setTheme('dark');
    await window.treeItem('daily-costs').locator('.monaco-tl-twistie').click();
  });

  it('are paused and resumed', async () => {
    await menu('daily-costs', 'Pause Export');
    await row(/daily-costs.*paused/).waitFor();
    await window.screenshot('export-paused');
    await menu('daily-costs', 'Resume Export');
    await row(/daily-costs.*daily$/).waitFor();
  });

  it('are made by answering questions, each with its rule', async () => {
    await window.treeItem('Exports').hover();
    await menu('Exports', 'New Export…');
    await window.quickPick(/^FOCUS cost/);
    await window.screenshot('new-export-format', 'busy');
    await window.quickPick(/^Parquet/);
    await window.quickPick(/^Every month/);
    await window.screenshot('new-export-destination', 'busy');
    await window.quickPick(/^Another storage account/);
    const input = window.quickInput.getByRole('textbox').first();
    await input.fill('partnercosts');
    await window.quickInput.getByText('Use /subscriptions/').first().waitFor();
    await window.screenshot('new-export-storage-rule', 'busy');
    await window.page.keyboard.press('Escape');

    await menu('Exports', 'New Export…');
    await window.quickPick(/^FOCUS cost/);
    await window.quickPick(/^Parquet/);
    await window.quickPick(/^Every month/);
    await window.quickPick(/^harbourlightcosts/);
    await window.inputBox('for-finance');
    await row(/for-finance.*FocusCost · Parquet · monthly/).waitFor();
    await window.screenshot('new-export');
  });

  it('run when told to', async () => {
    await menu('for-finance', 'Run Export Now');
    await window.notification(/The export for-finance was started/).waitFor();
    await window.expand('for-finance');
    await row(/(running|completed)/).waitFor();
    await window.screenshot('export-run');
  });

  it('are deleted when their name was typed', async () => {
    await menu('for-finance', 'Delete Export…');
    const input = window.quickInput.getByRole('textbox').first();
    await input.fill('for-finances');
    await window.quickInput.getByText('Type the name of the export exactly.').waitFor();
    await window.screenshot('delete-export', 'busy');
    await window.inputBox('for-finance');
    await window.treeItem('for-finance').waitFor({ state: 'detached' });
    assert.ok(!(await window.treeItems()).some((text) => text.startsWith('for-finance')));
  });
});
