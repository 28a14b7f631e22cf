import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import type { Workbench } from '../support/editor/page.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { HOSTILE_NAMES, type RenamingService, startRenamingService } from '../support/renamingService.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

const [MARKUP, LINK, TURNED, FORMULA, LONG] = HOSTILE_NAMES;

/** Customers that have costs, by what they are called here; the formula is a service. */
const CUSTOMERS = [
  { real: 'Emberstone Ferries', name: MARKUP, row: /^<img src=x/, screenshot: 'spend-names-markup' },
  { real: 'Quillfield Analytics', name: LINK, row: /^\[run\]/, screenshot: 'spend-names-link' },
  { real: 'Dappleridge Foods', name: TURNED, row: /redro esrever/, screenshot: 'spend-names-turned' },
  { real: 'Pebblecrest Water Systems', name: LONG, row: /^🧾💥/, screenshot: 'spend-names-long' },
] as const;

describe('hostile names in spend', () => {
  let service: SampleService;
  let between: RenamingService;
  let session: UiSession;
  let window: Workbench;
  const dialogs: string[] = [];

  before(async () => {
    service = await startSampleService({ customers: 12, usageRows: 8_000, now: new Date() });
    between = await startRenamingService(service);
    for (const { real, name } of CUSTOMERS) {
      between.names.set(real, name);
    }
    for (const [real, name] of [
      ['Virtual Machines', FORMULA],
      ['Bandwidth', `${MARKUP} too`],
      ['Log Analytics', `${LINK} too`],
      ['Key Vault', `${TURNED} too`],
    ] as const) {
      between.names.set(real, name);
    }
    session = await startUiSession({
      vsix: vsixFile,
      machineSettings: {
        'azureBilling.connections': [
          { name: 'Partner', cloud: 'custom', credential: 'none', endpoints: { resourceManager: between.base } },
        ],
      },
    });
    window = await session.open({ viewport: { width: 1400, height: 1000 } });
    window.page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await window.openView('Azure Billing');
    await window.expand('Partner');
    await window.expand('Harbourlight Cloud Partners', { level: 2 });
    await window.expand('Customers', { level: 3 });
    await window.page
      .locator('.pane-header')
      .filter({ hasText: /^Spend/ })
      .click();
  });

  after(async () => {
    await session?.close();
    await between?.close();
    await service?.close();
  });

  const page = (): FrameLocator => window.webview();
  const customer = (label: RegExp): Locator => window.treeItem(label, { level: 4 });

  for (const { name, row, screenshot } of CUSTOMERS) {
    it(`are text in the panel, its tab, the side bar and the status bar: ${name.slice(0, 24)}`, async () => {
      await window.scrollTo(customer(row));
      await window.contextMenu(customer(row), 'Show Spend');
      await page()
        .locator('.summary')
        .filter({ hasText: /USD|EUR/ })
        .waitFor();
      const heading = page().locator('h1');
      const shown = await heading.innerText();
      assert.ok(shown.length > 10 && shown.length <= 330, String(shown.length));
      assert.doesNotMatch(shown, /[\u202a-\u202e\u2066-\u2069]/);
      // A name has a frame of its own, so that it turns nothing around.
      assert.equal(await heading.locator(':not(bdi)').count(), 0);
      assert.equal(await page().locator('main img, main h1 h1, main a').count(), 0);
      const [tab = ''] = await window.tabs();
      assert.ok([...tab].length <= 66, tab);
      await customer(row).click();
      await window.page.locator('.part.sidebar [role="treeitem"]').filter({ hasText: 'month to date' }).waitFor();
      await window.contextMenu(customer(row), 'Pin Spend to Status Bar');
      const pin = window.statusBarItem('azureBilling.spend');
      await pin.filter({ hasText: /USD|EUR/ }).waitFor();
      assert.equal(await pin.locator('a[href^="command:"], img, .codicon-sync').count(), 0);
      await pin.hover();
      await window.page.locator('.monaco-hover:visible, .workbench-hover:visible').first().waitFor();
      await window.screenshot(screenshot);
      await page().locator('#view-table').click();
      await page().locator('table').first().waitFor();
      assert.equal(await page().locator('table img, table a, table h1').count(), 0);
      await window.screenshot(`${screenshot}-table`);
      await window.runCommand('View: Close All Editors');
      assert.deepEqual(dialogs, []);
      assert.deepEqual(await window.notifications(), []);
    });
  }
});
