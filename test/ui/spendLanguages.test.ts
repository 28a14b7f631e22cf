import assert from 'node:assert/strict';
import type { FrameLocator } from 'playwright-core';
import { Workbench } from '../support/editor/page.ts';
import { windowAddress } from '../support/editor/server.ts';
import { type Partner, startPartner } from '../support/partner.ts';

/** One with each number of digits behind the point. */
const CUSTOMERS = [
  { at: 0, currency: 'USD', decimals: 2 },
  { at: 6, currency: 'JPY', decimals: 0 },
  { at: 9, currency: 'KWD', decimals: 3 },
] as const;

describe('amounts of spend on the screen', () => {
  let partner: Partner;

  before(async () => {
    partner = await startPartner();
  });

  after(() => partner?.close());

  /** A window of an editor in another language, whose own words need a language pack and stay English. */
  async function openIn(language: string): Promise<Workbench> {
    const context = await partner.session.browser.newContext({ viewport: { width: 1400, height: 1000 } });
    await context.addInitScript((code) => {
      Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { get: () => code, set: () => {} });
    }, language);
    const window = new Workbench(await context.newPage(), context);
    await window.page.goto(windowAddress(partner.session.editor, partner.session.editor.workspace));
    await window.ready();
    await window.openView('Azure Billing');
    await window.expand('Partner');
    // The customer with three digits is of the second account.
    for (const nth of [0, 1]) {
      await window.expand(/^Harbourlight/, { level: 2, nth });
      await window.expand('Customers', { level: 3, nth });
    }
    return window;
  }

  for (const language of ['en', 'de', 'fr']) {
    it(`are those of the service to the digit, as ${language} writes them`, async () => {
      const window = await openIn(language);
      const page = (): FrameLocator => window.webview();
      for (const { at, currency, decimals } of CUSTOMERS) {
        const { name, displayName, account } = partner.service.tenant.directory.customer(at);
        const scope = `/providers/Microsoft.Billing/billingAccounts/${account.name}/customers/${name}`;
        const today = new Date().toISOString().slice(0, 10);
        const truth = partner.service.tenant.truth(scope, `${today.slice(0, 8)}01`, today).totals.get(currency);
        assert.ok(truth !== undefined);
        const digits = truth.split('.')[1]?.length ?? 0;
        const format = (most: number) =>
          new Intl.NumberFormat(language, {
            minimumFractionDigits: decimals,
            maximumFractionDigits: most,
          }).format(truth as `${number}`);
        await window.contextMenu(await window.scrollTo(window.treeItem(displayName, { level: 4 }), 44), 'Show Spend');
        const summary = page().locator('.summary').filter({ hasText: currency });
        await summary.waitFor();
        const words = await summary.innerText();
        assert.ok(words.includes(`${format(decimals)} ${currency}`), `${words} has no ${format(decimals)}`);
        await page().locator('#view-table').click();
        await page().locator('table').first().waitFor();
        const exact = format(Math.max(decimals, digits));
        const cells = await page().locator('table').first().locator('td, th').allInnerTexts();
        assert.ok(cells.includes(exact), `no cell says ${exact}`);
        await window.screenshot(`spend-language-${language}-${currency}`);
        await window.runCommand('View: Close All Editors');
      }
      await window.close();
    });
  }
});
