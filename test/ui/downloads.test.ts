import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Workbench } from '../support/editor/page.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

describe('downloads as a person sees them', () => {
  let session: UiSession;
  let window: Workbench;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-saved-'));
    session = await startUiSession({ vsix: vsixFile, environment: { AZURE_BILLING_EXPLORER_SAMPLE: '1' } });
    window = await session.open({ folder });
    await window.openView('Azure Billing');
    await window.expand('Sample tenant', { level: 1 });
    await window.expand('Harbourlight Cloud Partners', { level: 2 });
  });

  after(async () => {
    await session?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('saves an invoice from its row, and offers to open it', async () => {
    await window.expand('Invoices', { level: 3 });
    await window.expand(/^20\d\d/, { level: 4 });
    const row = window.treeItem(/^20\d\d-\d\d/, { level: 5 });
    await window.pressInRow(row, 'Download Invoice…');
    const input = window.page.locator('.quick-input-widget input');
    await input.waitFor();
    // The dialog shows the folder first.
    while (!(await input.inputValue()).endsWith('.pdf')) {
      await window.page.waitForTimeout(100);
    }
    await window.screenshot('download-save');
    const file = await input.inputValue();
    const name = path.basename(file);
    assert.equal(path.dirname(file), folder);
    assert.match(name, /^[A-Z]\d+\.pdf$/);
    await input.press('Enter');
    await window.notification(/Saved the invoice [A-Z]\d+ \([\d.]+ \w+\)\./).waitFor();
    await window.screenshot('download-saved');
    assert.match(readFileSync(path.join(folder, name), 'latin1'), /^%PDF-/);
    assert.deepEqual(readdirSync(folder), [name]);
  });

  it('saves a price sheet as one table', async () => {
    await window.treeItem('Invoices', { level: 3 }).locator('.monaco-tl-twistie').click();
    await window.expand('Billing profiles', { level: 3 });
    await window.expand('Harbourlight US dollar', { level: 4 });
    const save = async () => {
      const input = window.page.locator('.quick-input-widget input').first();
      await input.waitFor();
      while (!(await input.inputValue()).startsWith(folder)) {
        await window.page.waitForTimeout(100);
      }
      await window.page.waitForTimeout(500);
      await window.screenshot('download-price-sheet', 'busy');
      await input.press('Enter');
    };
    const sheet = window.treeItem('Price sheet', { level: 5 });
    await sheet.hover();
    await sheet.getByRole('button', { name: 'Download Price Sheet…' }).click();
    await save();
    await window.notification(/Saved the price sheet/).waitFor();
    await window.screenshot('price-sheet-saved');
    const prices = readdirSync(folder).find((name) => name.endsWith('.csv')) ?? assert.fail();
    assert.match(readFileSync(path.join(folder, prices), 'utf8'), /^[^\n]*UnitPrice[^\n]*\n[^\n]*Azure/);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.partial')),
      [],
    );
  });
});
