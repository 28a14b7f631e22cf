import assert from 'node:assert/strict';
import type { Workbench } from '../support/editor/page.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

describe('places of the tree beyond customers and invoices', () => {
  let session: UiSession;
  let window: Workbench;

  before(async () => {
    session = await startUiSession({ vsix: vsixFile, environment: { AZURE_BILLING_EXPLORER_SAMPLE: '1' } });
    window = await session.open({ viewport: { width: 1200, height: 1200 } });
    await window.openView('Azure Billing');
    await window.expand('Sample tenant');
    await window.expand('Harbourlight Cloud Partners');
  });

  after(() => session?.close());

  const menu = (label: string | RegExp, entry: string) => window.contextMenu(window.treeItem(label), entry);
  /** Opens a row and closes it again when the work is done: the tree stays short enough to be on screen. */
  async function inside(label: string | RegExp, work: () => Promise<void>, level?: number): Promise<void> {
    const query = level === undefined ? {} : { level };
    await window.expand(label, query);
    await work();
    await window.treeItem(label, query).locator('.monaco-tl-twistie').click();
  }

  it('shows a billing profile with everything in it', async () => {
    await inside('Billing profiles', () =>
      inside('Harbourlight euro', async () => {
        const rows = await window.treeItems();
        const from = rows.indexOf('Harbourlight euro EUR');
        assert.deepEqual(rows.slice(from + 1, from + 7), [
          'Customers',
          'Invoices',
          'Price sheet',
          'Invoice sections',
          'Budgets',
          'More',
        ]);
        await inside(
          'More',
          async () => {
            await window.treeItem('Available balance').waitFor();
            await window.expand('Available balance');
            await window.expand('Transactions');
            await window.expand('Not billed yet');
            await window.screenshot('billing-profile');
            for (const theme of ['light', 'highContrast'] as const) {
              await window.setTheme(theme);
              await window.screenshot(`billing-profile-${theme}`);
            }
            await window.setTheme('dark');
          },
          5,
        );
      }),
    );
  });

  it('shows what a subscription costs by resource group, and budgets with their share', async () => {
    await window.expand('Customers');
    await inside('Emberstone Ferries', async () => {
      await window.expand('Budgets', { level: 5 });
      await window.treeItem('monthly-plan').waitFor();
      await window.expand('Production', { level: 5 });
      const group = window.treeItem(/^rg-/);
      await group.waitFor();
      const rows = await window.treeItems();
      assert.match(rows.find((row) => row.startsWith('rg-')) ?? '', /≈ [\d.]+K? USD/);
      assert.match(
        rows.find((row) => row.startsWith('monthly-plan')) ?? '',
        /^monthly-plan \d+ % · .* of .* · (forecast .* · )?(\d+ days? left|last day)$/,
      );
      await window.screenshot('resource-groups');
    });
  });

  it('opens a row as JSON, and a list with all its rows', async () => {
    await menu('Emberstone Ferries', 'Open as JSON');
    await window.tab('Emberstone Ferries.json').waitFor();
    assert.ok((await window.editorText()).some((line) => line.includes('"displayName": "Emberstone Ferries"')));
    await window.screenshot('open-as-json');
  });

  it('copies a request as the style that was picked', async () => {
    await menu('Emberstone Ferries', 'Copy Request…');
    assert.deepEqual((await window.quickPickChoices()).length, 4);
    await window.screenshot('copy-request', 'busy');
    await window.quickPick(/^curl/);
  });

  it('asks before it changes a cost policy, and tells what it means', async () => {
    await menu('Emberstone Ferries', 'Change Cost Policy…');
    await window.quickPick(/^Off/);
    const dialog = window.page.locator('.monaco-dialog-box');
    await dialog.getByText('Turn the cost policy of Emberstone Ferries off?').waitFor();
    await dialog.getByText("People in the customer's tenant see no charges.").waitFor();
    await window.screenshot('cost-policy-confirmation', 'busy');
    await dialog.getByRole('button', { name: 'Turn Off' }).click();
    await window.expand('Emberstone Ferries');
    await window.expand('Cost policy');
    await window.treeItem('Off').waitFor();
    await window.screenshot('cost-policy-off');
  });

  it('dismisses an alert, whose row then tells so', async () => {
    await window.treeItem('Customers').locator('.monaco-tl-twistie').click();
    await window.expand('More', { level: 3 });
    await window.expand('Alerts');
    await window.treeItem('all-customers').hover();
    await window.screenshot('alerts');
    await menu('all-customers', 'Dismiss Alert');
    await window.page
      .locator('.part.sidebar [role="treeitem"]')
      .filter({ hasText: /Dismissed/ })
      .first()
      .waitFor();
  });
});
