import assert from 'node:assert/strict';
import type { FrameLocator } from 'playwright-core';
import type { Workbench } from '../support/editor/page.ts';
import { openCustomers, openPartner, type Partner, startPartner } from '../support/partner.ts';

const CUSTOMER = 'Emberstone Ferries';

describe('spend over a restart', () => {
  let partner: Partner;
  let window: Workbench;

  before(async () => {
    partner = await startPartner();
    window = await openPartner(partner, { viewport: { width: 1400, height: 900 } });
  });

  after(() => partner?.close());

  const page = (): FrameLocator => window.webview();
  const summary = () => page().locator('.summary').filter({ hasText: 'USD' });
  const customer = () => window.treeItem(CUSTOMER, { level: 4 });
  const pin = () => window.statusBarItem('azureBilling.spend');

  it('goes on reading after a reload of the window', async () => {
    partner.service.setFault('hang@query');
    await window.contextMenu(customer(), 'Show Spend');
    await page().locator('vscode-button').filter({ hasText: 'Cancel' }).waitFor();
    partner.service.setFault(undefined);
    await window.reload();
    await window.tab(`${CUSTOMER} spend`).waitFor();
    await summary().waitFor({ timeout: 90_000 });
    await window.screenshot('spend-restart-reloaded');
    assert.deepEqual(await window.notifications(), []);
  });

  it('keeps a pin', async () => {
    await openCustomers(window);
    await window.contextMenu(customer(), 'Pin Spend to Status Bar');
    await pin().filter({ hasText: 'USD' }).waitFor();
    const text = await pin().innerText();
    await window.reload();
    await pin().filter({ hasText: 'USD' }).waitFor({ timeout: 90_000 });
    assert.equal(await pin().innerText(), text);
    await window.screenshot('spend-restart-pinned');
  });

  it('says in an open panel and at a pin that their connection is gone, and asks nothing', async () => {
    await window.tab(`${CUSTOMER} spend`).click();
    await summary().waitFor();
    await openCustomers(window);
    await window.contextMenu(window.treeItem('Partner', { level: 1 }), 'Remove Connection');
    await window.treeItem('Partner', { level: 1 }).waitFor({ state: 'detached' });
    await pin().filter({ hasText: 'Spend' }).waitFor();
    assert.match(
      (await pin().getAttribute('aria-label')) ?? '',
      /The pinned spend cannot be read: .*no connection 'Partner'/,
    );
    await pin().hover();
    const before = partner.service.requests().length;
    await page().locator('vscode-button').filter({ hasText: 'Refresh' }).first().click();
    await page()
      .locator('.notice')
      .getByText(/connection/)
      .first()
      .waitFor();
    await window.screenshot('spend-restart-connection-gone');
    assert.equal(partner.service.requests().length, before);
  });

  it('closes a panel whose connection is gone with one sentence, and keeps the pin until it is taken off', async () => {
    await window.reload();
    await window.notification(/A spend panel cannot be shown again: .*'Partner'/).waitFor();
    assert.equal((await window.notifications()).length, 1);
    await pin().filter({ hasText: 'Spend' }).waitFor();
    await window.screenshot('spend-restart-gone');
    await window.runCommand('Azure Billing: Unpin Spend from Status Bar');
    await pin().waitFor({ state: 'detached' });
  });
});
