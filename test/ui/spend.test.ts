import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import type { Workbench } from '../support/editor/page.ts';
import { openCustomers, openPartner, type Partner, startPartner } from '../support/partner.ts';

const CUSTOMER = 'Emberstone Ferries';

describe('the spend panel', () => {
  let partner: Partner;
  let window: Workbench;

  before(async () => {
    partner = await startPartner(20_000);
    window = await openPartner(partner, { viewport: { width: 1400, height: 900 } });
  });

  after(() => partner?.close());

  afterEach(() => partner.service.setFault(undefined));

  const customer = () => window.treeItem(CUSTOMER, { level: 4 });
  const page = (): FrameLocator => window.webview();
  const summary = () => page().locator('.summary');
  const queries = () => partner.service.counts().costQuery ?? 0;

  it('opens from a row of the tree with the month to date by service', async () => {
    await window.contextMenu(customer(), 'Show Spend');
    await summary().filter({ hasText: 'USD' }).waitFor();
    assert.deepEqual(await window.tabs(), [`${CUSTOMER} spend`]);
    assert.equal(await page().locator('h1').innerText(), CUSTOMER);
    await page().locator('.chart svg').first().waitFor();
    await window.screenshot('spend-from-row');
  });

  it('opens the usage rows behind a mark with Enter, filtered by its group', async () => {
    await page().getByRole('application').focus();
    await window.page.keyboard.press('Home');
    await window.page.keyboard.press('ArrowDown');
    await window.screenshot('spend-mark');
    await window.page.keyboard.press('Enter');
    await window.tab(new RegExp(`^${CUSTOMER} usage \\d{4}-\\d\\d-\\d\\d .+\\.csv$`)).waitFor();
    const [header = '', first = ''] = await window.editorText();
    assert.match(header, /^date,customerName/);
    assert.ok(first.includes(CUSTOMER), first);
    await window.screenshot('spend-drilled');
  });

  it('opens them with a click as well', async () => {
    await window.runCommand('View: Close Editor');
    // The chart takes the pointer where its marks are: the first column stands right of the amounts.
    const chart = await page().locator('.chart svg').first().boundingBox();
    assert.ok(chart);
    await page()
      .locator('.chart svg')
      .first()
      .hover({ position: { x: 60, y: chart.height - 40 } });
    await page().locator('.detail').filter({ hasText: 'USD' }).waitFor();
    await page()
      .locator('.chart svg')
      .first()
      .click({ position: { x: 60, y: chart.height - 40 } });
    await window.tab(new RegExp(`^${CUSTOMER} usage \\d{4}-\\d\\d-\\d\\d .+\\.csv$`)).waitFor();
    await window.runCommand('View: Close Editor');
  });

  it('saves its amounts where the dialog says', async () => {
    await page().locator('vscode-button').filter({ hasText: 'Save as CSV…' }).click();
    const file = await window.answerFileDialog(path.join(partner.session.editor.workspace, 'amounts.csv'));
    await window.page.locator('.part.statusbar').getByText('Saved amounts.csv').waitFor();
    const [head = '', ...rows] = readFileSync(file, 'utf8').trimEnd().split('\r\n');
    assert.match(head, /^Period \(UTC\),.*,Total/);
    assert.match(rows[0] ?? '', /^[^,]*\d.*,\d+\.\d+$/);
  });

  it('is there again after a reload, asked the same', async () => {
    await window.tab(`${CUSTOMER} spend`).click();
    await summary().filter({ hasText: 'USD' }).waitFor();
    const text = await summary().innerText();
    await window.reload();
    await window.tab(`${CUSTOMER} spend`).click();
    await summary().filter({ hasText: 'USD' }).waitFor();
    assert.equal(await summary().innerText(), text);
    await window.screenshot('spend-reloaded');
  });

  it('has its actions in the title, and asks as what to save', async () => {
    await window.page.locator('.editor-actions').getByRole('button', { name: 'Save Spend…' }).click();
    const choices = await window.quickPickChoices();
    assert.equal(choices.length, 5, choices.join('\n'));
    await window.screenshot('spend-save');
    await window.quickPick('Markdown Table');
    await window.page.locator('.part.statusbar').getByText('Copied the table').waitFor();
  });

  it('tells in the side bar what the selected row costs this month, asked once', async () => {
    await openCustomers(window);
    await window.page
      .locator('.pane-header')
      .filter({ hasText: /^Spend/ })
      .click();
    await customer().click();
    const line = window.page.locator('.part.sidebar [role="treeitem"]').filter({ hasText: 'month to date' });
    await line.waitFor();
    await window.screenshot('spend-side-bar');
    const title = window.page.locator('.pane-header').filter({ hasText: /^Spend/ });
    await window.treeItem('Production', { level: 5 }).click();
    await title.filter({ hasText: 'Production' }).waitFor();
    // The costs of the rows below come with a query of their own.
    await window.page.waitForTimeout(3_000);
    const asked = queries();
    await customer().click();
    await title.filter({ hasText: new RegExp(`^Spend\\s*${CUSTOMER}$`) }).waitFor();
    await window.page.waitForTimeout(1_500);
    assert.equal(queries(), asked);
  });

  it('pins a scope to the status bar', async () => {
    await window.contextMenu(customer(), 'Pin Spend to Status Bar');
    await window.statusBarItem('azureBilling.spend').filter({ hasText: 'USD' }).waitFor();
    await window.screenshot('spend-pinned');
    await window.runCommand('Azure Billing: Unpin Spend from Status Bar');
    await window.statusBarItem('azureBilling.spend').waitFor({ state: 'detached' });
  });

  it('says what failed in the panel, with a way to read again', async () => {
    await window.runCommand('View: Close All Editors');
    partner.service.setFault('500@query');
    await window.contextMenu(window.treeItem('Quillfield Analytics', { level: 4 }), 'Show Spend');
    await page()
      .getByText(/Query costs failed with HTTP 500/)
      .waitFor();
    await window.screenshot('spend-failed');
    assert.deepEqual(await window.notifications(), []);
  });
});
