import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import type { Workbench } from '../support/editor/page.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

const FILE = 'october.spend.json';

describe('view files of spend', () => {
  let workspace: string;
  let service: SampleService;
  let session: UiSession;
  let window: Workbench;
  let scope: string;

  before(async () => {
    workspace = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-views-'));
    service = await startSampleService({ customers: 12, usageRows: 8_000, now: new Date('2026-11-21T12:00:00Z') });
    const { name, account } = service.tenant.directory.customer(0);
    scope = `/providers/Microsoft.Billing/billingAccounts/${account.name}/customers/${name}`;
    write(FILE, view());
    write('lost.spend.json', view({ connection: 'Nowhere' }));
    write('broken.spend.json', '{\n  "connection": "Partner",\n  "scope" "x"\n}\n');
    write('wrong.spend.json', view({ granularity: 'hourly' }));
    session = await startUiSession({
      vsix: vsixFile,
      workspace,
      workspaceTrust: true,
      machineSettings: {
        'azureBilling.connections': [
          {
            name: 'Partner',
            cloud: 'custom',
            credential: 'none',
            endpoints: { resourceManager: service.endpoints.resourceManager },
          },
        ],
      },
    });
    window = await session.open({ viewport: { width: 1400, height: 900 } });
  });
  after(async () => {
    await session?.close();
    await service?.close();
    rmSync(workspace, { recursive: true, force: true });
  });

  const view = (more: object = {}): string =>
    `${JSON.stringify({ connection: 'Partner', scope, label: 'Alder Mill', period: { from: '2026-10-01', to: '2026-10-31' }, ...more }, undefined, 2)}\n`;
  const fileOf = (name: string) => path.join(workspace, name);
  const write = (name: string, text: string) => writeFileSync(fileOf(name), text);
  const textOf = (name: string) => readFileSync(fileOf(name), 'utf8');
  const page = (): FrameLocator => window.webview();
  const status = (text: RegExp) => page().locator('.notice').getByText(text);
  const summary = () => page().locator('.summary');
  const asked = () => service.requests().length;

  async function open(name: string): Promise<void> {
    await window.runCommand('Go to File...');
    await window.quickInput.locator('input').first().fill(name);
    await window.quickInput
      .getByRole('option', { name: new RegExp(`^${name}`) })
      .first()
      .click();
    await window.tab(name).waitFor();
  }

  it('send nothing from a folder that nobody trusts, before the person in front says so', async () => {
    await window.page.locator('.part.statusbar').getByText('Restricted Mode').waitFor();
    const before = asked();
    await open(FILE);
    await status(
      /^Nothing was sent: this file asks for the costs of \/providers\/.* with the connection 'Partner'/,
    ).waitFor();
    await window.screenshot('spend-view-restricted');
    // A reload opens it by itself, which is nobody's word either.
    await window.reload();
    await status(/^Nothing was sent/).waitFor();
    assert.equal(asked(), before);
    await page().locator('vscode-button').filter({ hasText: 'Read Costs' }).click();
    await summary().filter({ hasText: 'USD' }).waitFor();
    assert.ok(asked() > before);
    // What was said holds for that scope, not for the one that the file comes to name.
    const read = asked();
    const other = service.tenant.directory.customer(1);
    write(
      FILE,
      view({ scope: `/providers/Microsoft.Billing/billingAccounts/${other.account.name}/customers/${other.name}` }),
    );
    await status(new RegExp(`^Nothing was sent: .*${other.name}`)).waitFor();
    assert.equal(asked(), read);
    write(FILE, view());
    await status(new RegExp(`^Nothing was sent: .*${scope.split('/').at(-1)}`)).waitFor();
    await window.runCommand('View: Close All Editors');
    const told = asked();
    await open(FILE);
    await status(/^Nothing was sent/).waitFor();
    assert.equal(asked(), told);
  });

  it('are read when the folder is trusted', async () => {
    await window.runCommand('Workspaces: Manage Workspace Trust');
    await window.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    await window.page.locator('.part.statusbar').getByText('Restricted Mode').waitFor({ state: 'hidden' });
    await window.runCommand('View: Close All Editors');
    await open(FILE);
    await summary().filter({ hasText: 'USD' }).waitFor();
    await window.screenshot('spend-view-file');
  });

  it('are changed by a choice in the panel, to be saved or undone', async () => {
    const text = textOf(FILE);
    await page().locator('#view-table').click();
    const tab = window.tab(FILE);
    await window.page.locator('.tabs-container .tab.dirty').waitFor();
    await page().locator('table').first().waitFor();
    assert.equal(textOf(FILE), text, 'not yet saved');
    await window.screenshot('spend-view-changed');
    await tab.click();
    await window.runCommand('Undo');
    await window.page.locator('.tabs-container .tab.dirty').waitFor({ state: 'detached' });
    await page().locator('.chart svg').first().waitFor();
    await page().locator('#view-table').click();
    await window.page.locator('.tabs-container .tab.dirty').waitFor();
    await window.runCommand('File: Save');
    await window.page.locator('.tabs-container .tab.dirty').waitFor({ state: 'detached' });
    const saved = JSON.parse(textOf(FILE)) as Record<string, unknown>;
    assert.equal(saved.view, 'table');
    assert.deepEqual(Object.keys(saved), [
      ...['connection', 'scope', 'label', 'period', 'granularity', 'groupBy', 'filters', 'metric', 'currency', 'top'],
      'view',
    ]);
  });

  it('hold the last of two choices that follow each other at once', async () => {
    await page().locator('#view-cumulative').click();
    await page().locator('#view-comparison').click();
    await window.page.locator('.tabs-container .tab.dirty').waitFor();
    await summary().filter({ hasText: 'USD' }).waitFor();
    await window.page.waitForTimeout(1_000);
    await window.runCommand('File: Save');
    await window.page.locator('.tabs-container .tab.dirty').waitFor({ state: 'detached' });
    const { view: shown, compareWith } = JSON.parse(textOf(FILE)) as Record<string, unknown>;
    assert.deepEqual([shown, compareWith], ['comparison', 'previous']);
  });

  it('show the same in two panels, and each its own question', async () => {
    await window.runCommand('View: Split Editor Right');
    await window.page.locator('iframe.webview.ready').nth(1).waitFor();
    await summary().filter({ hasText: 'USD' }).waitFor();
    await window.screenshot('spend-view-two');
    await window.runCommand('View: Close All Editors');
  });

  it('say the line and what to do when they cannot be read', async () => {
    await open('broken.spend.json');
    await status(/^Line 3: the view file is no JSON object, expected ':'/).waitFor();
    await window.screenshot('spend-view-broken');
    await open('wrong.spend.json');
    await status(/^Line \d+: granularity: is "hourly"/).waitFor();
    await open('lost.spend.json');
    await status(/^Line 2: connection: there is no connection 'Nowhere'/).waitFor();
    await window.screenshot('spend-view-lost');
    assert.deepEqual(await window.notifications(), []);
    assert.equal(textOf('broken.spend.json'), '{\n  "connection": "Partner",\n  "scope" "x"\n}\n');
    await window.runCommand('View: Close All Editors');
  });

  it('are written by "Save View As…"', async () => {
    await open(FILE);
    await summary().filter({ hasText: 'USD' }).waitFor();
    await page().locator('vscode-button').filter({ hasText: 'Save View As…' }).click();
    await window.answerFileDialog(fileOf('copy.spend.json'));
    await window.page.locator('.part.statusbar').getByText('Saved copy.spend.json').waitFor();
    assert.equal(textOf('copy.spend.json'), textOf(FILE));
    await window.runCommand('View: Close All Editors');
  });

  it('are completed as text by their schema', async () => {
    await open(FILE);
    await window.runCommand('View: Reopen Editor With...');
    await window.quickPick('Text Editor');
    const groupBy = window.page.locator('.view-line').filter({ hasText: '"groupBy"' });
    await groupBy.waitFor();
    await groupBy.click();
    await window.page.keyboard.press('End');
    for (let at = 0; at < '"ServiceName",'.length; at++) {
      await window.page.keyboard.press('Shift+ArrowLeft');
    }
    await window.page.keyboard.press('Backspace');
    await window.runCommand('Trigger Suggest');
    const widget = window.page.locator('.suggest-widget');
    await widget.getByText('"ResourceGroupName"').waitFor();
    await window.screenshot('spend-view-schema');
    await window.page.keyboard.press('Escape');
    await window.runCommand('File: Revert File');
    await window.runCommand('View: Close All Editors');
  });
});
