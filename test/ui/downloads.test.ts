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
    await row.hover();
    await row.getByRole('button', { name: 'Download Invoice…' }).click();
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
});
