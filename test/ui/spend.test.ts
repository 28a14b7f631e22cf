import assert from 'node:assert/strict';
import type { FrameLocator } from 'playwright-core';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import type { Workbench } from '../support/editor/page.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

const CUSTOMER = 'Emberstone Ferries';

describe('the spend panel', () => {
  let service: SampleService;
  let session: UiSession;
  let window: Workbench;

  before(async () => {
    service = await startSampleService({ customers: 12, usageRows: 20_000, now: new Date() });
    session = await startUiSession({
      vsix: vsixFile,
      machineSettings: {
        'azureBilling.connections': [
          {
            name: 'Partner',
            cloud: 'custom',
            credential: 'none',
            endpoints: { resourceManager: service.endpoints.resourceManager },
          },
        ],
      },
    });
    window = await session.open({ viewport: { width: 1400, height: 900 } });
    await openCustomers();
  });

  after(async () => {
    await session?.close();
    await service?.close();
  });

  afterEach(() => service.setFault(undefined));

  /** A reload collapses the tree. */
  async function openCustomers(): Promise<void> {
    await window.openView('Azure Billing');
    await window.expand('Partner');
    await window.expand('Harbourlight Cloud Partners', { level: 2 });
    await window.expand('Customers', { level: 3 });
  }

  const customer = () => window.treeItem(CUSTOMER, { level: 4 });
  const page = (): FrameLocator => window.webview();
  const summary = () => page().locator('.summary');
  const queries = () => service.counts().costQuery ?? 0;

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
    await openCustomers();
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
    service.setFault('500@query');
    await window.contextMenu(window.treeItem('Quillfield Analytics', { level: 4 }), 'Show Spend');
    await page()
      .getByText(/Query costs failed with HTTP 500/)
      .waitFor();
    await window.screenshot('spend-failed');
    assert.deepEqual(await window.notifications(), []);
  });
});
