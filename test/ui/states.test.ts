import assert from 'node:assert/strict';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import type { Workbench } from '../support/editor/page.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

const local = (name: string, resourceManager: string) => ({
  name,
  cloud: 'custom',
  credential: 'none',
  endpoints: { resourceManager },
});

describe('states of the tree and of documents', () => {
  let service: SampleService;
  let session: UiSession;
  let window: Workbench;

  before(async () => {
    service = await startSampleService({ customers: 70, usageRows: 30_000 });
    session = await startUiSession({
      vsix: vsixFile,
      machineSettings: {
        'azureBilling.connections': [
          local('Partner', service.endpoints.resourceManager),
          local('Second window to the same partner', service.endpoints.resourceManager),
          local('Switched off', 'http://127.0.0.1:9'),
          { ...local('Far away', 'https://management.azure.com') },
        ],
      },
    });
    window = await session.open();
    await window.openView('Azure Billing');
  });

  after(async () => {
    await session?.close();
    await service?.close();
  });

  afterEach(() => service.setFault(undefined));

  const message = (text: string | RegExp) =>
    window.page.locator('.part.sidebar [role="treeitem"]').filter({ hasText: text }).first();
  const toggle = (label: string, level?: number) =>
    window
      .treeItem(label, level === undefined ? {} : { level })
      .locator('.monaco-tl-twistie')
      .click();

  it('names the entry and the field of a malformed connection, the others work', async () => {
    await message(/^Connection 4 is wrong.*entry 4: endpoints\.resourceManager: the credential 'none'/).waitFor();
    assert.equal((await window.treeItems()).length, 4);
    await window.screenshot('connection-malformed');
  });

  it('shows in one row that a service is down', async () => {
    await window.expand('Switched off');
    await message(/^Not reachable.*List billing accounts failed: nothing listens at 127\.0\.0\.1:9/).waitFor();
    await window.screenshot('service-down');
    await toggle('Switched off');
  });

  it('shows that a level loads, and a wait that the service asked for', async () => {
    service.setFault('429*1@billingAccounts?');
    await window.expand('Partner');
    await message(/^Waiting 2 s for Azure's limit…$/).waitFor();
    await window.screenshot('waiting', 'busy');
    await window.treeItem('Harbourlight Cloud Partners').waitFor();
  });

  it('shows a refusal with its advice; its refresh button recovers', async () => {
    await window.expand('Harbourlight Cloud Partners');
    service.setFault('403@customers');
    await window.expand('Customers');
    const row = message(/^Not allowed.*List customers failed with HTTP 403 RBACAccessDenied/);
    await row.waitFor();
    await row.hover();
    await window.screenshot('refused');
    service.setFault(undefined);
    await row.getByRole('button', { name: 'Refresh' }).click();
    await window.treeItem('Emberstone Ferries').waitFor();
  });

  it('opens the log from a failure, and the log names request and cause without a query secret', async () => {
    service.setFault('500@billingSubscriptions');
    await toggle('Emberstone Ferries');
    const row = message(/^Refused by the service.*List billing subscriptions failed with HTTP 500/);
    await row.waitFor();
    await row.click();
    const log = window.page.locator('.part.panel .view-lines');
    await log.filter({ hasText: /HTTP\s500/ }).waitFor();
    assert.doesNotMatch(await log.innerText(), /Emberstone/);
    await window.screenshot('log');
    await window.runCommand('View: Hide Panel');
    await toggle('Emberstone Ferries');
  });

  it('loads more customers on request and keeps them over a refresh', async () => {
    const more = await window.scrollTo(message(/^Load more…/));
    await window.screenshot('load-more');
    await more.click();
    await more.waitFor({ state: 'hidden' });
    const before = service.counts()['customers.list'] ?? 0;
    await window.runCommand('Azure Billing: Refresh');
    const deadline = Date.now() + 20_000;
    while ((service.counts()['customers.list'] ?? 0) < before + 2 && Date.now() < deadline) {
      await window.page.waitForTimeout(100);
    }
    assert.equal(service.counts()['customers.list'], before + 2, 'a refresh asks for both pages');
    assert.equal(await more.count(), 0);
  });

  it('shows the same partner twice without mixing up rows', async () => {
    await window.scrollTo(window.treeItem('Partner', { level: 1 }), -400);
    await toggle('Partner', 1);
    await window.expand('Second window to the same partner');
    await window.expand('Harbourlight Cloud Partners');
    await window.expand('Customers');
    assert.ok((await window.treeItems()).includes('Quillfield Analytics'));
    assert.deepEqual(await window.notifications(), []);
  });

  it('tells why a level is empty', async () => {
    const { tenant } = service;
    const account = tenant.accounts[0];
    assert.ok(account);
    const customers = tenant.customers(account);
    const empty = Array.from({ length: customers.length }, (_, i) => customers.at(i)).find(
      (customer) => tenant.subscriptions(customer).length === 0,
    );
    assert.ok(empty, 'the sample has a customer without subscriptions');
    await window.scrollTo(window.treeItem(empty.displayName));
    await window.expand(empty.displayName);
    await message(/^No subscriptions\s?the customer bought none/).waitFor();
    await window.screenshot('empty');
  });

  it('opens nothing when fetching is cancelled', async () => {
    service.setFault('hang@usageDetails');
    await window.runCommand('Azure Billing: Open Usage…');
    await window.quickPick('Second window to the same partner');
    await window.quickPick('Harbourlight Cloud Partners');
    await window.quickPick('Whole billing account');
    await window.quickPick('Month to date');
    const progress = window.notification(/Usage of Harbourlight Cloud Partners/);
    await progress.waitFor();
    await window.screenshot('fetching', 'busy');
    await progress.getByRole('button', { name: 'Cancel' }).click();
    await progress.waitFor({ state: 'hidden' });
    assert.deepEqual(await window.tabs(), []);
    assert.deepEqual(await window.notifications(), []);
  });

  it('shows a failed document as one sentence with a way to the log', async () => {
    service.setFault('html@usageDetails');
    await window.runCommand('Azure Billing: Open Usage…');
    await window.quickPick('Partner');
    await window.quickPick('Harbourlight Cloud Partners');
    await window.quickPick('Whole billing account');
    await window.quickPick('Month to date');
    const toast = window.notification(/List usage details failed: the answer is a web page, not data\./);
    await toast.waitFor();
    await toast.getByRole('button', { name: 'Show Log' }).waitFor();
    await window.screenshot('document-failed');
    await window.runCommand('Notifications: Clear All Notifications');
  });

  it('keeps what a reloaded tab cannot show, with the reason', async () => {
    service.setFault(undefined);
    await window.runCommand('Azure Billing: Open Usage…');
    await window.quickPick('Partner');
    await window.quickPick('Harbourlight Gulf');
    await window.quickPick('Whole billing account');
    await window.quickPick('Month to date');
    await window.editorText();
    service.setFault('403@usageDetails');
    await window.reload();
    await window.notification(/List usage details failed with HTTP 403/).waitFor();
    await window.screenshot('tab-failed');
    service.setFault(undefined);
    await window.page
      .locator('.part.editor')
      .getByRole('button', { name: /Try Again/ })
      .click();
    assert.match((await window.editorText())[0] ?? '', /^date,customerName/);
  });

  for (const theme of ['dark', 'light', 'highContrast'] as const) {
    it(`reads well in ${theme}`, async () => {
      await window.setTheme(theme);
      await window.openView('Azure Billing');
      await window.expand('Partner');
      await window.screenshot(`theme-${theme}`);
    });
  }

  it('reads well in a narrow window', async () => {
    await window.page.setViewportSize({ width: 620, height: 700 });
    await window.treeItem('Harbourlight Cloud Partners').waitFor();
    await window.screenshot('narrow');
  });
});
