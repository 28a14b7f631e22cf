import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { FrameLocator } from 'playwright-core';
import { recentMonths } from '../../src/usage/period.ts';
import type { Workbench } from '../support/editor/page.ts';
import { ExportsPane } from '../support/exportsPane.ts';
import { keepingPartner } from '../support/keepingPartner.ts';
import { openCustomers, type Partner } from '../support/partner.ts';

const CUSTOMER = 'Emberstone Ferries';
const WITHOUT_USAGE = 'Mistlestead Optics';

describe('usage that is kept', function () {
  this.timeout(120_000);
  const kept = keepingPartner(20_000);
  before(() => {
    ({ partner, window, folder } = kept());
  });
  let partner: Partner;
  let window: Workbench;
  let folder: string;

  const customer = () => window.treeItem(CUSTOMER, { level: 4 });
  const page = (): FrameLocator => window.webview();
  const rows = (text: RegExp) =>
    page().locator('.status .count').filter({ hasText: text }).waitFor({ timeout: 60_000 });
  const requests = () => partner.service.requests().length;

  it('opens as a table from a row of the tree', async () => {
    await window.contextMenu(customer(), 'Open Usage as Table…');
    await rows(/rows/);
    await window.screenshot('stored-table');
  });

  it('tells in its table how old it is, is fetched again there, and comes back after a reload of the window', async () => {
    const usage = () => partner.service.requests().filter(({ path: asked }) => /usageDetails/i.test(asked)).length;
    await window.contextMenu(customer(), 'Open Usage as Table…');
    await rows(/rows/);
    const count = await page().locator('.status .count').innerText();
    const about = page()
      .locator('.about')
      .filter({ hasText: /^Fetched at .*, the oldest part\. The month goes on\./ });
    await about.waitFor();
    const before = usage();
    await about.getByRole('button', { name: 'Fetch Again' }).click();
    while (usage() === before) {
      await window.page.waitForTimeout(100);
    }
    await rows(new RegExp(`^${count}$`));
    await window.screenshot('stored-table-age');
    const after = usage();
    await window.reload();
    await rows(new RegExp(`^${count}$`));
    await about.waitFor();
    assert.equal(usage(), after);
    await openCustomers(window);
  });

  it('tells in a report how old it is, and is fetched again there in the same tab, after a reload of the window too', async () => {
    const usage = () => partner.service.requests().filter(({ path: asked }) => /usageDetails/i.test(asked)).length;
    const about = page()
      .locator('.about')
      .filter({ hasText: /^Fetched at .*, the oldest part\. The month goes on\./ });
    const forecasts = async () => (await window.tabs()).filter((tab) => tab.startsWith('Forecast of ')).length;
    await window.contextMenu(customer(), 'Show Forecast by Customer and Service');
    await about.waitFor();
    await window.screenshot('report-age');
    for (const reload of [false, true]) {
      if (reload) {
        await window.reload();
        await about.waitFor();
      }
      await rows(/rows?$/);
      const before = usage();
      const text = await about.innerText();
      await about.getByRole('button', { name: 'Fetch Again' }).click();
      await about.filter({ hasNotText: text.replace(/\s*Fetch Again\s*$/, '') }).waitFor({ timeout: 60_000 });
      assert.ok(usage() > before);
      assert.equal(await forecasts(), 1);
    }
    await openCustomers(window);
  });

  it('is asked for from the palette: for which customer is asked first', async () => {
    for (const [command, tab] of [
      ['Azure Billing: Show Forecast by Customer and Service', /^Forecast of/],
      ['Azure Billing: New SQL Sheet', /^-- connection/],
      ['Azure Billing: Compare Costs…', /^Drivers/],
    ] as const) {
      await window.runCommand(command);
      await window.quickPick('Harbourlight Cloud Partners');
      await window.quickPick(CUSTOMER);
      if (command.includes('Compare')) {
        await window.quickPick(/^\d{4}-\d\d with \d{4}-\d\d/);
      }
      await window.tab(tab).waitFor({ timeout: 60_000 });
      await window.screenshot(`palette ${command.slice(15, 22)}`);
      // A sheet that was not saved would ask before it is closed.
      await window.runCommand('View: Revert and Close Editor');
    }
  });

  it('tells how old it is where a report comes to nothing, too, and is fetched again from there', async () => {
    const usage = () => partner.service.requests().filter(({ path: asked }) => /usageDetails/i.test(asked)).length;
    await window.contextMenu(window.treeItem(WITHOUT_USAGE, { level: 4 }), 'Show Forecast by Customer and Service');
    const said = /There is no usage to forecast from\. Fetched at .*, the oldest part\. The month goes on\./;
    await window.notification(said).waitFor();
    await window.screenshot('report-nothing');
    const before = usage();
    await window.answerNotification(said, 'Fetch Again');
    while (usage() === before) {
      await window.page.waitForTimeout(100);
    }
    await window.notification(said).waitFor();
    assert.ok(!(await window.tabs()).some((tab) => tab.startsWith('Forecast of ')));
  });

  it('is exported without a request, with a word on how old it is and a way to fetch it again', async () => {
    const usage = () => partner.service.requests().filter(({ path: asked }) => /usageDetails/i.test(asked)).length;
    const before = usage();
    await window.contextMenu(customer(), 'Export Usage…');
    await window.quickPick(recentMonths(new Date(), 2)[1] ?? '');
    await window.quickPick(/^CSV/);
    const file = await new ExportsPane(window, folder).saveAs('kept.csv');
    const said = /Saved [\d,]+ rows to kept\.csv, as of /;
    await window.notification(said).waitFor();
    await window.screenshot('export-stored');
    assert.equal(usage(), before);
    const sums = () => {
      const { rows, totals } = JSON.parse(readFileSync(`${file}.manifest.json`, 'utf8')) as Record<string, unknown>;
      return { rows, totals };
    };
    const kept = sums();
    await window.answerNotification(said, 'Fetch Again');
    await window.notification(/Saved [\d,]+ rows to kept\.csv\./).waitFor();
    assert.ok(usage() > before);
    assert.deepEqual(sums(), kept);
  });

  it('is asked by SQL: a new sheet from a row, run at the cursor, without a request', async () => {
    const before = requests();
    await window.contextMenu(customer(), 'New SQL Sheet');
    await window.page.locator('.codelens-decoration').getByText('Run').first().waitFor();
    const [first = ''] = await window.editorText();
    assert.match(first, /^-- connection: /);
    await window.screenshot('sql-sheet');
    const { keyboard } = window.page;
    await window.page.locator('.monaco-editor .view-lines').first().click();
    await keyboard.press('Control+End');
    await keyboard.press('Control+Enter');
    await rows(/rows/);
    assert.ok((await window.tabs()).some((tab) => /^SELECT date_trunc/.test(tab)));
    await window.screenshot('sql-answer');
    assert.equal(requests(), before);
  });

  it('is drawn by SQL: a chart beside the sheet by the keyboard, which comes back after a reload of the window', async () => {
    await window.contextMenu(customer(), 'New SQL Sheet');
    await window.page.locator('.codelens-decoration').getByText('Chart').first().waitFor();
    const { keyboard } = window.page;
    await window.page.locator('.monaco-editor .view-lines').first().click();
    await keyboard.press('Control+End');
    await keyboard.press('Control+Shift+Enter');
    const chart = page().locator('[aria-roledescription="chart"]').first();
    await chart.waitFor({ timeout: 60_000 });
    await page()
      .getByText(/: Cost by Month, x_CustomerName$/)
      .first()
      .waitFor();
    await chart.focus();
    await page()
      .locator('.detail')
      .first()
      .filter({ hasText: /^\d{4}-\d\d, .*: \d+(\.\d+)? [A-Z]{3}$/ })
      .waitFor();
    await window.screenshot('sql-chart');
    await window.reload();
    await page().locator('[aria-roledescription="chart"]').first().waitFor({ timeout: 60_000 });
    await window.screenshot('sql-chart-reloaded');
    await openCustomers(window);
  });

  it('completes columns and views, and shows where SQL is wrong', async () => {
    await window.contextMenu(customer(), 'New SQL Sheet');
    await window.page.locator('.codelens-decoration').getByText('Run').first().waitFor();
    const { keyboard } = window.page;
    await window.page.locator('.monaco-editor .view-lines').first().click();
    await keyboard.press('Control+End');
    await keyboard.insertText('\nSELECT u. FROM usage u');
    for (let i = 0; i < ' FROM usage u'.length; i++) {
      await keyboard.press('ArrowLeft');
    }
    await keyboard.press('Control+Space');
    const widget = window.page.locator('.suggest-widget.visible');
    await widget.getByText('ChargePeriodStart').first().waitFor();
    await window.screenshot('sql-completion', 'busy');
    await keyboard.press('Escape');
    await keyboard.insertText('Nonsense');
    await keyboard.press('Control+Enter');
    await window.notification(/Nonsense/).waitFor();
    await window.page.locator('.squiggly-error').first().waitFor();
    await window.screenshot('sql-problem');
  });

  it('is compared: two months beside each other, and what drove the difference', async () => {
    await window.contextMenu(customer(), 'Compare Costs…');
    await window.quickInput.getByText('The last two months that are over').waitFor();
    await window.screenshot('compare-questions');
    await window.quickPick(/The last two months that are over/);
    await window.page.locator('.monaco-diff-editor').first().waitFor();
    await window.notification(/Mostly/).waitFor();
    await window.screenshot('compare-diff');
    await window.tab(/Drivers/).click();
    await rows(/rows/);
    await window.screenshot('compare-drivers');
  });

  it('tells unusual costs and a forecast of a whole account', async () => {
    const account = window.treeItem('Harbourlight Cloud Partners');
    await window.contextMenu(account, 'Show Unusual Costs');
    await window.tab(/Unusual costs/).waitFor();
    await rows(/rows/);
    await window.screenshot('unusual-costs');
    await window.contextMenu(account, 'Show Forecast by Customer and Service');
    await window.tab(/Forecast of/).waitFor();
    await rows(/rows/);
    for (const theme of ['dark', 'highContrast', 'light'] as const) {
      await window.setTheme(theme);
      await window.screenshot(`forecast-${theme}`);
    }
  });

  it('says what is stored', async () => {
    await window.runCommand('Azure Billing: Show Stored Data');
    await window.tab(/Stored data/).waitFor();
    const text = (await window.editorText()).join('\n');
    assert.match(text, /Usage: .* months of a scope/);
    await window.screenshot('stored-data');
  });
});
