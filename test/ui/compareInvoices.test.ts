import assert from 'node:assert/strict';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import type { Workbench } from '../support/editor/page.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

const WIDE = { width: 1400, height: 900 };
const NARROW = { width: 700, height: 800 };

describe('invoices compared from the tree', function () {
  this.timeout(120_000);
  let service: SampleService;
  let session: UiSession;
  let window: Workbench;

  before(async () => {
    service = await startSampleService({ customers: 40, usageRows: 12_000, now: new Date() });
    const { resourceManager, partnerCenter, graph } = service.endpoints;
    session = await startUiSession({
      vsix: vsixFile,
      machineSettings: {
        'azureBilling.store.limit': 5,
        'azureBilling.connections': [
          {
            name: 'Partner',
            cloud: 'custom',
            credential: 'none',
            endpoints: { resourceManager, partnerCenter, graph },
          },
        ],
      },
    });
    window = await session.open({ viewport: WIDE });
    await window.openView('Azure Billing');
    await window.expand('Partner');
    await window.expand('Harbourlight Cloud Partners', { level: 2 });
    await window.expand('Invoices', { level: 3 });
    await window.expand(/^20\d\d/, { level: 4 });
  });
  after(async () => {
    await session?.close();
    await service?.close();
  });
  afterEach(async () => {
    await window.runCommand('View: Close All Editors');
    await window.runCommand('Notifications: Clear All Notifications');
  });

  const invoice = (nth: number) => window.treeItem(/^20\d\d-\d\d/, { level: 5, nth });
  const rows = (text: RegExp) =>
    window.webview().locator('.status .count').filter({ hasText: text }).waitFor({ timeout: 60_000 });
  /** Both sides of the comparison are drawn. */
  const drawnDiff = async () => {
    for (const side of ['original', 'modified']) {
      const lines = window.page.locator(`.monaco-diff-editor .editor.${side} .view-line`);
      await lines.filter({ hasText: 'Total' }).first().waitFor();
    }
  };

  it('one row is offered the invoice before it, others, and months; the drivers follow', async () => {
    await invoice(0).click({ button: 'right' });
    await window.page.getByRole('menuitem', { name: 'Compare Costs…' }).waitFor();
    await window.screenshot('compare-invoice-menu', 'busy');
    await window.page.keyboard.press('Escape');
    await window.contextMenu(invoice(0), 'Compare Costs…');
    const [first = '', ...others] = await window.quickPickChoices();
    assert.match(first, /^20\d\d-\d\d-\d\d, G\d+ · [\d.,]+ [A-Z]{3} · \w+, The invoice before it/);
    assert.match(others[0] ?? '', /^20\d\d-\d\d-\d\d, G\d+ .*Other invoices/);
    await window.screenshot('compare-invoice-choices', 'busy');
    await window.page.keyboard.press('Enter');
    await drawnDiff();
    await window.notification(/Invoice G\d+ \S+ ↔ Invoice G\d+ \S+: .*Mostly/).waitFor();
    await window.screenshot('compare-invoice-diff');
    await window.tab(/Drivers/).click();
    await rows(/rows/);
    for (const theme of ['dark', 'highContrast', 'light'] as const) {
      await window.setTheme(theme);
      await window.screenshot(`compare-invoice-drivers-${theme}`);
    }
  });

  it('one row in a narrow window and each theme', async () => {
    await window.page.setViewportSize(NARROW);
    for (const theme of ['dark', 'highContrast', 'light'] as const) {
      await window.setTheme(theme);
      await window.contextMenu(invoice(0), 'Compare Costs…');
      await window.quickPickChoices();
      await window.screenshot(`compare-invoice-narrow-${theme}`, 'busy');
      await window.page.keyboard.press('Escape');
    }
    await window.page.setViewportSize(WIDE);
  });

  it('two rows are compared at once, the older on the left', async () => {
    // Of the newest month, and of the month before it in the same currency.
    const [newer, older] = [invoice(0), invoice(3)];
    await older.click({ modifiers: ['Control'] });
    await newer.click({ modifiers: ['Control'] });
    await window.contextMenu(newer, 'Compare Costs…');
    const tab = window.tab(/^Invoice G\d+ 20\S+ ↔ Invoice G\d+ 20\S+/);
    await tab.waitFor();
    const [, left = '', right = ''] =
      /Invoice G\d+ (20[\d-]+) ↔ Invoice G\d+ (20[\d-]+)/.exec((await tab.getAttribute('aria-label')) ?? '') ?? [];
    assert.ok(left !== '' && left < right, `${left} ${right}`);
    await drawnDiff();
    await window.screenshot('compare-invoices-two');
  });

  it('of Partner Center are compared by customer and product', async () => {
    await window.treeItem('Harbourlight Cloud Partners', { level: 2 }).locator('.monaco-tl-twistie').click();
    await window.expand('Partner Center', { level: 2 });
    await window.expand('Invoices', { level: 3 });
    await window.contextMenu(window.treeItem(/^20\d\d-\d\d-\d\d/, { level: 4 }), 'Compare Costs…');
    const choices = await window.quickPickChoices();
    assert.match(choices[0] ?? '', /The invoice before it/);
    await window.screenshot('compare-partner-invoice-choices', 'busy');
    await window.page.keyboard.press('Enter');
    await drawnDiff();
    await window.screenshot('compare-partner-invoice-diff');
    await window.tab(/Drivers/).click();
    await rows(/rows/);
    const header = window.webview().getByRole('columnheader');
    assert.match((await header.allInnerTexts()).join(), /^Customer.*Product/s);
    await window.screenshot('compare-partner-invoice-drivers');
  });
});
