import assert from 'node:assert/strict';
import type { FrameLocator } from 'playwright-core';
import type { Workbench } from '../support/editor/page.ts';
import { openPartner, type Partner, startPartner } from '../support/partner.ts';

const CUSTOMER = 'Emberstone Ferries';

describe('the view of the selected row', () => {
  let partner: Partner;
  let window: Workbench;

  before(async () => {
    partner = await startPartner();
    window = await openPartner(partner, { viewport: { width: 1100, height: 900 } });
    await window.page
      .locator('.pane-header')
      .filter({ hasText: /^Spend/ })
      .click();
  });

  after(() => partner?.close());

  afterEach(() => partner.service.setFault(undefined));

  const customer = (name = CUSTOMER) => window.treeItem(name, { level: 4 });
  const page = (): FrameLocator => window.webview();
  const pane = () =>
    window.page.locator('.part.sidebar .pane').filter({ has: window.page.locator('[aria-label^="Spend"]') });
  const line = (text: string | RegExp) =>
    window.page.locator('.part.sidebar [role="treeitem"]').filter({ hasText: text });

  it('keeps amount and day of the peak in sight where the side bar is narrow', async () => {
    await customer().click();
    await line('month to date').waitFor();
    const sash = window.page.locator('.monaco-sash.vertical:not(.disabled)');
    const side = await window.page.locator('.part.sidebar').boundingBox();
    assert.ok(side);
    await sash.first().waitFor();
    await window.page.mouse.move(side.x + side.width, 500);
    await window.page.mouse.down();
    await window.page.mouse.move(side.x + 185, 500, { steps: 5 });
    await window.page.mouse.up();
    const narrow = await window.page.locator('.part.sidebar').boundingBox();
    assert.ok(narrow && narrow.width < 230, JSON.stringify(narrow));
    const peak = line('peak,');
    const box = await peak.locator('.label-name, .monaco-icon-name-container').first().boundingBox();
    assert.ok(box && box.x + box.width <= narrow.x + narrow.width, JSON.stringify(box));
    await window.screenshot('spend-side-bar-narrow');
  });

  it('is read and opened by keyboard, in high contrast too', async () => {
    await window.setTheme('highContrast');
    await line('month to date').click();
    await page().locator('.summary').filter({ hasText: 'USD' }).waitFor();
    await window.page
      .locator('.pane-header')
      .filter({ hasText: /^Spend/ })
      .focus();
    await window.page.keyboard.press('Tab');
    await window.page.keyboard.press('Home');
    await window.page.keyboard.press('ArrowDown');
    await window.page.keyboard.press('ArrowDown');
    await window.screenshot('spend-side-bar-high-contrast');
    assert.match((await line(/▁|█/).first().getAttribute('aria-label')) ?? '', /^By day, .*Peak on \d{4}-\d\d-\d\d: /);
    await window.setTheme('light');
    await window.runCommand('View: Close All Editors');
  });

  it('tells a failure once', async () => {
    partner.service.setFault('500@query');
    await customer('Quillfield Analytics').click();
    await pane()
      .getByText(/Query costs failed with HTTP 500/)
      .waitFor();
    assert.deepEqual(await window.notifications(), []);
    await window.screenshot('spend-side-bar-failed');
    // A line that is pressed opens the panel, which says what fails there.
    partner.service.setFault(undefined);
    await customer('Dappleridge Foods').click();
    await line('month to date').waitFor();
    partner.service.setFault('500@query');
    await line('month to date').click();
    await page()
      .getByText(/Query costs failed with HTTP 500/)
      .waitFor();
    assert.deepEqual(await window.notifications(), []);
    await window.screenshot('spend-side-bar-failed-panel');
  });
});
