import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { recentMonths } from '../../src/usage/period.ts';
import type { Workbench } from '../support/editor/page.ts';
import { ExportsPane } from '../support/exportsPane.ts';
import { keepingPartner } from '../support/keepingPartner.ts';
import { packageWithoutEngine } from '../support/packageExtension.ts';
import type { Partner } from '../support/partner.ts';

const CUSTOMER = 'Emberstone Ferries';
const MISSING = /no engine for \S+; install the package that is made for it .* everything else works\./;

describe('the package for a platform that the engine is not made for', function () {
  this.timeout(120_000);
  const kept = keepingPartner(4_000, async (folder) => {
    const vsix = path.join(folder, 'none.vsix');
    await packageWithoutEngine(vsix);
    return vsix;
  });
  before(() => {
    ({ partner, window, folder } = kept());
  });
  let partner: Partner;
  let window: Workbench;
  let folder: string;

  const customer = () => window.treeItem(CUSTOMER, { level: 4 });
  /** Calls that fetch usage. */
  const fetched = () =>
    partner.service.requests().filter(({ path: asked }) => /usageDetails|generate/i.test(asked)).length;

  async function saysWhy(screenshot: string): Promise<void> {
    const notification = window.notification(MISSING);
    await notification.waitFor();
    await window.screenshot(screenshot);
    assert.equal((await window.notifications()).length, 1);
  }

  it('says in one sentence why usage is no table, before any is fetched', async () => {
    await window.contextMenu(customer(), 'Open Usage as Table…');
    await saysWhy('no-engine-table');
    assert.equal(fetched(), 0);
    assert.deepEqual((await window.tabs()).length, 0);
  });

  it('says the same where SQL is run, and where costs are compared, looked over or forecast', async () => {
    for (const [entry, screenshot] of [
      ['Compare Costs…', 'compare'],
      ['Show Unusual Costs', 'unusual'],
      ['Show Forecast by Customer and Service', 'forecast'],
    ] as const) {
      await window.contextMenu(customer(), entry);
      await saysWhy(`no-engine-${screenshot}`);
      await window.runCommand('Notifications: Clear All Notifications');
    }
    await window.contextMenu(customer(), 'New SQL Sheet');
    await window.page.locator('.codelens-decoration').getByText('Run').first().click();
    await saysWhy('no-engine-sql');
    // Nothing is wrong with the statement.
    assert.equal(await window.page.locator('.squiggly-error').count(), 0);
    assert.equal(fetched(), 0);
    await window.runCommand('View: Revert and Close Editor');
  });

  it('opens usage as CSV, and exports it', async () => {
    const [, month = ''] = recentMonths(new Date(), 2);
    await window.contextMenu(customer(), 'Open Usage as CSV');
    await window.quickPick(month);
    await window.tab(/\.csv$/).waitFor();
    const lines = await window.editorText();
    assert.match(lines[0] ?? '', /billingCurrency/i);
    assert.ok(lines.length > 10);
    await window.contextMenu(customer(), 'Export Usage…');
    await window.quickPick(month);
    await window.quickPick(/^CSV/);
    const file = await new ExportsPane(window, folder).saveAs('usage.csv');
    await window.notification(/Saved [\d,]+ rows to usage\.csv/).waitFor();
    const { rows, complete } = JSON.parse(readFileSync(`${file}.manifest.json`, 'utf8')) as Record<string, unknown>;
    assert.equal(complete, true);
    assert.equal(readFileSync(file, 'utf8').trimEnd().split('\n').length, Number(rows) + 1);
  });

  it('shows spend as a chart, and opens a budget', async () => {
    await window.contextMenu(customer(), 'Show Spend');
    const page = window.webview();
    await page.locator('.summary').filter({ hasText: /\d/ }).waitFor();
    await page.locator('[aria-roledescription="chart"]').first().waitFor();
    await window.screenshot('no-engine-spend');
    await window.expand(CUSTOMER, { level: 4 });
    await window.expand('Budgets', { level: 5 });
    await window.treeItem('monthly-plan').click();
    await window.tab('monthly-plan.budget.json').waitFor();
    assert.ok((await window.editorText()).some((line) => /"amount": [\d.]+/.test(line)));
    assert.deepEqual(await window.notifications(), []);
  });
});
