import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { engineProcesses, extensionHosts, tellsProcesses } from '../support/editor/extensionHosts.ts';
import type { Workbench } from '../support/editor/page.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

const ROWS = 200_000;

const NAMES = [
  'Alder Mill',
  'מאפיית השחר',
  'The Extraordinarily Long-Named Consolidated Harbour and Inland Waterways',
  '',
];

function usageCsv(): string {
  const lines = ['Date,Customer,ServiceFamily,ResourceId,CostInBillingCurrency,BillingCurrency,Quantity'];
  for (let row = 0; row < ROWS; row++) {
    const day = String((row % 30) + 1).padStart(2, '0');
    const resource = `/subscriptions/s/resourceGroups/rg-${row % 50}/providers/Microsoft.Compute/virtualMachines/vm-${row}`;
    const cost = `${row % 1_000}.${String(row).padStart(20, '0')}`;
    lines.push(
      `11/${day}/2026,${NAMES[row % 4]},${['Compute', 'Storage', 'Networking'][row % 3]},${resource},${cost},${row % 5 === 0 ? 'USD' : 'EUR'},${row % 24}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

describe('the usage table in the editor', function () {
  this.timeout(90_000);

  let session: UiSession;
  let window: Workbench;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-usage-table-'));
    writeFileSync(path.join(folder, 'usage.csv'), usageCsv());
    session = await startUiSession({ workspace: folder });
    window = await session.open({ viewport: { width: 1400, height: 900 } });
  });

  after(async () => {
    await session?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const page = (): FrameLocator => window.webview();
  const count = (text: string) =>
    page().locator('.status .count').filter({ hasText: text }).waitFor({ timeout: 60_000 });
  const cell = (row: number, column: number) =>
    page().locator(`[role="row"][aria-rowindex="${row + 2}"] [aria-colindex="${column + 1}"]`);
  const selection = (text: RegExp) => page().locator('.selection').filter({ hasText: text }).waitFor();

  it('opens a file, shows its rows, and reaches the last', async () => {
    await window.openView('Explorer');
    await window.contextMenu(window.treeItem('usage.csv'), 'Open as Usage Table…');
    await window.tab('usage.csv').waitFor();
    await count('200,000 rows');
    assert.equal(await cell(0, 0).innerText(), '11/01/2026');
    await cell(0, 0).click();
    await window.page.keyboard.press('Control+End');
    await cell(ROWS - 1, 6)
      .filter({ hasText: String((ROWS - 1) % 24) })
      .waitFor();
    await window.screenshot('usage-table-editor');
  });

  it('sorts, adds up, filters and groups by the keyboard', async () => {
    const { keyboard } = window.page;
    await cell(ROWS - 1, 6).click();
    await keyboard.press('Control+Home');
    for (const key of ['ArrowUp', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter', 'Enter']) {
      await keyboard.press(key);
    }
    await cell(0, 4).filter({ hasText: '999.00000000000000199999' }).waitFor();
    for (const key of ['ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowRight']) {
      await keyboard.press(key);
    }
    await selection(/4 cells in 2 rows · CostInBillingCurrency: 1,998\.00000000000000398998 EUR/);
    await keyboard.press('Control+c');
    await selection(/Copied 4 cells with headers\./);
    await keyboard.press('Control+f');
    await keyboard.type('vm-77777');
    await keyboard.press('Enter');
    await page()
      .locator('.result')
      .filter({ hasText: /Row [\d,]+, ResourceId/ })
      .waitFor();
    await keyboard.press('Escape');
    await page().getByRole('button', { name: 'Group…' }).click();
    await page().getByLabel('Group by').selectOption('Date by day');
    await page().getByRole('button', { name: 'Apply' }).click();
    await count('30 groups');
    await window.screenshot('usage-table-editor-groups');
    await page().getByRole('grid').locator('[aria-selected="true"]').first().focus();
    await keyboard.press('Enter');
    await count('rows');
    await page().getByRole('button', { name: '← Groups' }).waitFor();
  });

  it('is as it was after a reload of the window', async () => {
    const chip = await page().locator('.chip').first().innerText();
    const rows = await page().locator('.status .count').innerText();
    await window.reload();
    await window.tab('usage.csv').waitFor();
    await count(rows);
    assert.equal(await page().locator('.chip').first().innerText(), chip);
    await window.screenshot('usage-table-editor-reloaded');
  });

  it('offers to read a file again that changed', async () => {
    const { length } = readFileSync(path.join(folder, 'usage.csv'), 'utf8').split('\n');
    assert.equal(length, ROWS + 2);
    appendFileSync(path.join(folder, 'usage.csv'), '11/01/2026,Alder Mill,Compute,/x,1,EUR,1\n');
    // The editor may not watch the folder yet: then the next question tells.
    await page().locator('.chip').first().click();
    const reload = page().getByRole('button', { name: 'Reload' });
    await reload.waitFor();
    await window.screenshot('usage-table-editor-changed');
    await reload.click();
    await count('200,001 rows');
    assert.deepEqual(await window.notifications(), []);
  });

  it('sorts and groups although its engine is killed meanwhile, and the extension host lives on', async function () {
    if (!tellsProcesses) {
      this.skip();
    }
    const hosts = extensionHosts(session.editor);
    const engines = () => hosts.flatMap((host) => engineProcesses(host));
    const killed: number[] = [];
    // One that was killed is started again for the next question.
    const kill = async () => {
      for (;;) {
        const [engine] = engines().filter((pid) => !killed.includes(pid));
        if (engine !== undefined) {
          process.kill(engine, 'SIGKILL');
          killed.push(engine);
          return;
        }
        await window.page.waitForTimeout(10);
      }
    };
    const { keyboard } = window.page;
    await cell(0, 0).click();
    for (const key of ['End', 'ArrowUp', 'Enter']) {
      await keyboard.press(key);
    }
    await cell(0, 6).filter({ hasText: /^0$/ }).waitFor();
    await Promise.all([keyboard.press('Enter'), kill()]);
    await cell(0, 6).filter({ hasText: /^23$/ }).waitFor();
    await page().getByRole('button', { name: 'Group…' }).click();
    await page().getByLabel('Group by').selectOption('Date by day');
    await Promise.all([page().getByRole('button', { name: 'Apply' }).click(), kill()]);
    await count('30 groups');
    await window.screenshot('usage-table-editor-killed');
    assert.equal(killed.length, 2);
    assert.deepEqual(extensionHosts(session.editor), hosts);
    assert.deepEqual(await window.notifications(), []);
  });
});
