import assert from 'node:assert/strict';
import { BUDGET_STORIES } from '../../src/sample/budgetStories.ts';
import { startSampleService } from '../../src/sample/service.ts';
import type { Workbench } from '../support/editor/page.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

/** What the browser has, and Node has not. */
interface Styles {
  getComputedStyle(element: unknown, part: string): { content: string };
}

describe('budgets of many customers', () => {
  let session: UiSession;
  let window: Workbench;
  let names: Record<'near' | 'over' | 'expired' | 'silent', string>;

  before(async () => {
    const service = await startSampleService();
    const name = (index: number) => service.tenant.directory.customer(index).displayName;
    names = {
      near: name(BUDGET_STORIES.nearLimit.customer),
      over: name(BUDGET_STORIES.exceeded.customer),
      expired: name(BUDGET_STORIES.expired.customer),
      silent: name(BUDGET_STORIES.silent.customer),
    };
    await service.close();
    session = await startUiSession({ vsix: vsixFile, environment: { AZURE_BILLING_EXPLORER_SAMPLE: '1' } });
    window = await session.open({ viewport: { width: 1400, height: 1000 } });
    await window.openView('Azure Billing');
    await window.expand('Sample tenant');
    await window.expand('Harbourlight Cloud Partners');
    await window.expand('Customers');
  });

  after(() => session?.close());

  const table = () => window.webview();
  const answer = async (prompt: string | RegExp, text: string) => {
    const input = window.page.locator('.quick-input-widget');
    await input.getByText(prompt).first().waitFor();
    await input.locator('input[type="text"]').first().fill(text);
    await window.page.keyboard.press('Enter');
  };

  it('badges and colours budgets near and over their limit, and marks the expired', async () => {
    for (const name of [names.expired, names.near, names.over]) {
      await window.expand(name);
      await window.expand('Budgets', { level: 5, nth: name === names.expired ? 0 : name === names.near ? 1 : 2 });
    }
    const rows = await window.treeItems();
    assert.match(rows.find((row) => row.startsWith('pilot')) ?? '', /^pilot expired on \d{4}-\d{2}-\d{2}$/);
    const [near, over] = rows.filter((row) => row.startsWith('monthly-limit'));
    assert.match(near ?? '', /^monthly-limit 9\d % · .* of .*/);
    assert.match(over ?? '', /^monthly-limit 11\d % · .* of .*/);
    const badge = async (label: string, nth: number): Promise<unknown> => {
      const row = window.treeItem(label, { nth }).locator('.monaco-icon-label').first();
      for (;;) {
        const content = await row.evaluate(
          (element) => (globalThis as unknown as Styles).getComputedStyle(element, '::after').content,
        );
        // The editor asks for badges after it drew the rows.
        if (content !== 'none') return content;
        await window.page.waitForTimeout(100);
      }
    };
    assert.equal(await badge('monthly-limit', 0), '"!"');
    assert.equal(await badge('monthly-limit', 1), '"!!"');
    for (const theme of ['light', 'highContrast', 'dark'] as const) {
      await window.setTheme(theme);
      await window.screenshot(`budget-rows-${theme}`);
    }
    await window.treeItem('monthly-limit', { nth: 1 }).hover();
    await window.page.waitForTimeout(1500);
    await window.screenshot('budget-row-tooltip');
  });

  it('tells on which days a budget would have fired', async () => {
    await window.contextMenu(window.treeItem('monthly-limit', { nth: 1 }), 'Back-Test Budget');
    await table()
      .getByText(/^Would have fired on|^No actual cost/)
      .waitFor({ timeout: 60_000 });
    await window.screenshot('budget-back-test-editor');
  });

  it('tells who has no budget that alerts, and leads to one for them', async () => {
    await window.contextMenu(window.treeItem('Customers'), 'Show Budget Coverage');
    await table().getByText('No budget').first().waitFor({ timeout: 60_000 });
    await window.screenshot('budget-coverage-editor');
    await table()
      .getByRole('button', { name: `Edit ${names.silent}` })
      .click();
    await window.tab('no-alerts.budget.json').waitFor();
    await window.openTab(/^Budget coverage/);
    await table().getByRole('button', { name: 'Read Again' }).click();
    await table()
      .getByText(/^\d+ of \d+ scopes read…$/)
      .waitFor();
    await window.screenshot('budget-coverage-again', 'busy');
    await table()
      .getByText(/have a budget that alerts\.$/)
      .waitFor({ timeout: 60_000 });
    await table()
      .getByRole('button', { name: /^Create Budgets for \d+…$/ })
      .click();
    await window.quickPick(/A new budget/);
    await answer(/Name of the budget/, 'team-limit');
    await window.page.getByPlaceholder(/several currencies/).waitFor();
    await window.screenshot('budget-template-currency', 'busy');
    await window.quickPick(/The same number in every currency/);
    await answer(/Amount of a month/, '2500.00');
    await answer(/at these percentages/, '80, 100');
    await answer(/Mail addresses/, 'billing@harbourlight.example');
    await table()
      .getByRole('button', { name: /^Write \d+ Budgets$/ })
      .waitFor({ timeout: 60_000 });
    await window.screenshot('budget-preview-editor');
  });

  it('writes them while it is watched, stops, and goes on after a reload', async () => {
    await table()
      .getByRole('button', { name: /^Write \d+ Budgets$/ })
      .click();
    await table()
      .getByRole('button', { name: /^Done [3-9]/ })
      .waitFor({ timeout: 60_000 });
    await window.screenshot('budget-run-editor', 'busy');
    await table().getByRole('button', { name: 'Stop' }).click();
    await table()
      .getByRole('button', { name: /^Go On with \d+$/ })
      .waitFor({ timeout: 60_000 });
    // Its folder in the tree is open.
    await window.treeItem('team-limit').waitFor();
    await window.screenshot('budget-run-stopped-editor');
    const goOn = table().getByRole('button', { name: /^Go On with \d+$/ });
    await goOn.click();
    await table()
      .getByRole('button', { name: /^Done 1\d/ })
      .waitFor({ timeout: 60_000 });
    // In the middle of it.
    await window.reload();
    await goOn.waitFor({ timeout: 60_000 });
    await window.screenshot('budget-run-reloaded-editor');
    await goOn.click();
    await table().getByText('nothing is left to do').waitFor({ timeout: 60_000 });
    await window.screenshot('budget-run-done-editor');
  });
});
