import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import type { Workbench } from '../support/editor/page.ts';
import { ExportsPane } from '../support/exportsPane.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

describe('line items and JSON of Partner Center in tabs', () => {
  let service: SampleService;
  let session: UiSession;
  let window: Workbench;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-lines-'));
    service = await startSampleService({ customers: 12, usageRows: 20_000, now: new Date('2026-11-21T12:00:00Z') });
    const { endpoints } = service;
    session = await startUiSession({
      vsix: vsixFile,
      settings: { 'files.simpleDialog.enable': true },
      machineSettings: {
        'azureBilling.connections': [
          {
            name: 'Partner',
            cloud: 'custom',
            credential: 'none',
            endpoints: {
              resourceManager: endpoints.resourceManager,
              partnerCenter: endpoints.partnerCenter,
              graph: endpoints.graph,
            },
          },
        ],
      },
    });
    window = await session.open({ folder, viewport: { width: 1300, height: 900 } });
    await window.openView('Azure Billing');
    await window.setTheme('dark');
    await window.expand('Partner');
    await window.expand('Partner Center', { level: 2 });
    await window.expand('Invoices', { level: 3 });
  });

  after(async () => {
    await session?.close();
    await service?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const row = (text: string | RegExp) =>
    window.page.locator('.part.sidebar [role="treeitem"]').filter({ hasText: text }).first();
  const dialogText = async (name: string): Promise<string> => {
    await window.runCommand('Azure Billing: Show Completeness of the Usage Document');
    const dialog = window.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const text = await dialog.innerText();
    await window.screenshot(name, 'busy');
    await window.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    return text;
  };

  it('opens a kind of lines of an invoice by a click, and says where they are from and why', async () => {
    await row(/ · legacy/)
      .locator('.monaco-tl-twistie')
      .click();
    await row('Licence charges').click();
    await window.tab(/^licence charges invoice D\w+\.csv$/).waitFor();
    const [header = ''] = await window.editorText();
    assert.match(header, /^chargeStartDate,chargeEndDate,customerName,domainName/);
    await window.screenshot('line-items');
    const facts = await dialogText('line-items-completeness');
    assert.match(facts, /Line items: licence charges/);
    assert.match(facts, /Closed: licence charges of an invoice\./);
    assert.match(facts, /Cost before tax: [\d.]+ [A-Z]{3}/);
    assert.match(
      facts,
      /with Partner Center v1, licence-based line items, because legacy commerce has no billing exports/,
    );
  });

  it('exports the same lines from the row', async () => {
    await window.contextMenu(row('Licence charges'), 'Export Usage…');
    await window.quickPick(/^CSV/);
    const file = await new ExportsPane(window, folder).saveAs('licences.csv');
    await window.notification(/Saved [\d,]+ rows to licences\.csv/).waitFor();
    await window.screenshot('line-items-export', 'busy');
    const [header = '', ...rows] = readFileSync(file, 'utf8').trimEnd().split('\n');
    assert.match(header, /^chargeStartDate,chargeEndDate,customerName,domainName/);
    assert.deepEqual(
      rows.map((line) => line.split(',', 1)[0]),
      (await window.editorText()).slice(1, 1 + rows.length).map((line) => line.split(',', 1)[0]),
    );
    await window.runCommand('Notifications: Clear All Notifications');
  });

  it('asks which lines and which currency where there is no invoice yet', async () => {
    await row('Not billed yet').click();
    assert.deepEqual(await window.quickPickChoices(), [
      'Charges, this month, An estimate: it goes on',
      'Charges, last month, Until it has an invoice',
      'Daily rated usage, this month, An estimate: usage arrives up to a day late',
      'Daily rated usage, last month, Until it has an invoice',
    ]);
    await window.screenshot('line-items-unbilled', 'busy');
    await window.quickPick('Charges, this month');
    const input = window.quickInput.locator('input').first();
    await input.fill('Euro');
    await window.page.getByText("currency: 'Euro' is not a currency; give its ISO code, such as USD.").waitFor();
    await window.screenshot('line-items-currency', 'busy');
    await window.inputBox('eur');
    await window.tab('charges unbilled current EUR.csv').waitFor();
    const facts = await dialogText('line-items-unbilled-completeness');
    assert.match(facts, /Period: the running month, in EUR/);
    assert.match(facts, /Open: estimate of the open period, not an invoice/);
    assert.match(facts, /with Microsoft Graph v1\.0, unbilled reconciliation export/);
  });

  it('opens an invoice as JSON', async () => {
    await window.contextMenu(row(/ · legacy/), 'Open as JSON');
    await window.tab(/^.*D\w+.*\.json$/).waitFor();
    const lines = await window.editorText();
    assert.equal(lines[0], '{');
    assert.match(lines[1] ?? '', /^\s*"id": "D\w+",$/);
    await window.screenshot('partner-json');
  });
});
