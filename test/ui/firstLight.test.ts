import assert from 'node:assert/strict';
import type { Workbench } from '../support/editor/page.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

describe('first light: the sample tenant as a person sees it', () => {
  let session: UiSession;
  let window: Workbench;

  before(async () => {
    session = await startUiSession({ vsix: vsixFile });
    window = await session.open();
  });

  after(async () => {
    await session?.close();
  });

  it('welcomes a new user with the way to the sample tenant', async () => {
    await window.openView('Azure Billing');
    const button = window.page.getByRole('button', { name: 'Explore the Sample Tenant' }).first();
    await button.waitFor();
    await window.screenshot('welcome');
    await button.click();
    await window.treeItem('Sample tenant').waitFor();
  });

  it('expands four levels, each when it is opened', async () => {
    await window.expand('Sample tenant', { level: 1 });
    await window.expand('Harbourlight Cloud Partners', { level: 2 });
    await window.expand('Customers', { level: 3 });
    await window.expand('Emberstone Ferries', { level: 4 });
    const labels = (await window.treeItems()).slice(0, 9).map((row) => row.replace(/ ≈ .*$/, ''));
    assert.deepEqual(labels, [
      'Sample tenant made-up data',
      'Harbourlight Cloud Partners Partner agreement',
      'Customers',
      'Emberstone Ferries',
      'Cost policy',
      'Partner Center',
      'Budgets',
      'More',
      'Production',
    ]);
    await window.screenshot('tree-customers');
  });

  it('shows the month to date beside customers and subscriptions, and hides it on request', async () => {
    const row = (text: RegExp) => window.page.locator('.part.sidebar [role="treeitem"]').filter({ hasText: text });
    await row(/^Emberstone Ferries.?≈ [\d.]+K? USD$/).waitFor();
    await row(/^Production.?≈ [\d.]+K? USD$/).waitFor();
    await window.screenshot('tree-costs');
    await window.runCommand('Azure Billing: Hide Costs');
    await row(/^Emberstone Ferries$/).waitFor();
    await window.runCommand('Azure Billing: Show Costs');
    await row(/^Emberstone Ferries.?≈/).waitFor();
  });

  it('opens a subscription as CSV by its inline button', async () => {
    const row = window.treeItem('Production', { level: 5 });
    await window.pressInRow(row, 'Open Usage…');
    const choices = await window.quickPickChoices();
    assert.match(choices[0] ?? '', /^Month to date/);
    await window.screenshot('pick-period');
    await window.quickPick(choices.find((choice) => /Last month/.test(choice))?.split(',')[0] ?? '');
    const [header = '', first = ''] = await window.editorText();
    assert.match(header, /^date,customerName,subscriptionName/);
    assert.match(first, /^\d{4}-\d\d-01T00:00:00\.0000000Z,Emberstone Ferries,Production,/);
    assert.match((await window.tabs())[0] ?? '', /^Emberstone Ferries Production usage \d{4}-\d\d\.csv$/);
    await window
      .statusBarItem('azureBilling.completeness')
      .filter({ hasText: /rows · (closed|settling)/ })
      .waitFor();
    await window.screenshot('usage-csv');
  });

  it('opens an invoice as JSON from its menu', async () => {
    await window.treeItem('Customers', { level: 3 }).locator('.monaco-tl-twistie').click();
    await window.expand('Invoices', { level: 3 });
    const year = (await window.treeItems()).find((row) => /^\d{4}$/.test(row)) ?? '';
    await window.expand(year, { level: 4 });
    await window.screenshot('tree-invoices');
    // The smallest of the newest month's invoices, in yen.
    const yen = window.page.locator('.part.sidebar [role="treeitem"]').filter({ hasText: 'JPY' }).first();
    await yen.click({ button: 'right' });
    await window.page.getByRole('menuitem', { name: 'Open Usage as JSON' }).click();
    await window.tab(/^Invoice .*\.json$/).waitFor();
    const [open, brace] = await window.editorText();
    assert.equal(open, '[');
    assert.equal(brace?.trim(), '{');
    await window.screenshot('usage-json');
  });

  it('fills the tabs again after the window was reloaded', async () => {
    const tabs = await window.tabs();
    assert.equal(tabs.length, 2);
    await window.reload();
    assert.deepEqual(await window.tabs(), tabs);
    assert.equal((await window.editorText())[0], '[');
    await window.openTab(tabs[0] ?? '');
    assert.match((await window.editorText())[0] ?? '', /^date,customerName/);
    await window.statusBarItem('azureBilling.completeness').filter({ hasText: /rows/ }).waitFor();
    await window.screenshot('reloaded');
  });

  it('tells how complete the document is, also in a dialog', async () => {
    await window.runCommand('Azure Billing: Show Completeness of the Usage Document');
    const dialog = window.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const text = await dialog.innerText();
    for (const fact of [
      /Complete: \d+ rows in 1 page/,
      /Period: \d{4}-\d\d \(.*UTC, inclusive\)/,
      /Cost.*: [\d.]+ USD/,
      /Fetched at .*Z with Usage Details 2023-11-01/,
    ]) {
      assert.match(text, fact);
    }
    await window.screenshot('completeness');
    await window.page.keyboard.press('Escape');
  });

  it('removes the sample tenant on request', async () => {
    await window.runCommand('Azure Billing: Remove Connection…');
    await window.quickPick('Sample tenant');
    await window.page.getByRole('button', { name: 'Explore the Sample Tenant' }).first().waitFor();
  });
});
