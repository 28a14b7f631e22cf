import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import type { Workbench } from '../support/editor/page.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { type RenamingService, startRenamingService } from '../support/renamingService.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

const ACCOUNT = 'Harbourlight Cloud Partners';
const CUSTOMER = 'Emberstone Ferries';

describe('the spend panel, whatever happens', () => {
  let service: SampleService;
  let between: RenamingService;
  let session: UiSession;
  let window: Workbench;

  before(async () => {
    service = await startSampleService({ customers: 12, usageRows: 8_000, now: new Date() });
    between = await startRenamingService(service);
    session = await startUiSession({
      vsix: vsixFile,
      machineSettings: {
        'azureBilling.connections': [
          {
            name: 'Partner',
            cloud: 'custom',
            credential: 'none',
            endpoints: { resourceManager: between.base, partnerCenter: service.endpoints.partnerCenter },
          },
        ],
      },
    });
    window = await session.open({ viewport: { width: 1400, height: 1000 } });
    await openCustomers();
  });

  after(async () => {
    await session?.close();
    await between?.close();
    await service?.close();
  });

  afterEach(async () => {
    service.setFault(undefined);
    between.hold = async () => {};
    await window.runCommand('View: Close All Editors');
  });

  async function openCustomers(): Promise<void> {
    await window.openView('Azure Billing');
    await window.expand('Partner');
    await window.expand(ACCOUNT, { level: 2 });
    await window.expand('Customers', { level: 3 });
  }

  const page = (): FrameLocator => window.webview();
  const summary = () => page().locator('.summary');
  const notice = () => page().locator('.notice');
  const button = (label: string) => page().locator('vscode-button').filter({ hasText: label });
  const customer = (name = CUSTOMER) => window.treeItem(name, { level: 4 });
  const isQuery = (body: string) => body.includes('"aggregation"');

  async function show(row: Locator): Promise<void> {
    await row.scrollIntoViewIfNeeded();
    await window.contextMenu(row, 'Show Spend');
    await page().locator('h1').waitFor();
  }

  /** Shows a row whose figures are there. */
  async function showRead(row: Locator): Promise<string> {
    await show(row);
    await summary().filter({ hasText: /\d/ }).waitFor();
    return summary().innerText();
  }

  async function choose(control: string, option: string): Promise<void> {
    await page().locator(`#${control}`).click();
    await page().locator(`#${control} [role="option"]`).filter({ hasText: option }).first().click();
  }

  it('opens from every kind of row', async () => {
    await showRead(window.treeItem(ACCOUNT, { level: 2 }));
    await window.screenshot('spend-row-account');
    await window.expand('Billing profiles', { level: 3 });
    await showRead(
      window.page
        .locator('.part.sidebar [role="treeitem"][aria-level="4"]')
        .filter({ hasText: /EUR|JPY|USD/ })
        .last(),
    );
    await window.screenshot('spend-row-profile');
    await window.treeItem('Billing profiles', { level: 3 }).locator('.monaco-tl-twistie').click();
    await window.expand(CUSTOMER, { level: 4 });
    await showRead(window.treeItem('Production', { level: 5 }));
    await window.expand('Production', { level: 5 });
    const group = window.page.locator('.part.sidebar [role="treeitem"][aria-level="6"]').filter({ hasText: /^rg-|≈/ });
    await showRead(group.first());
    await window.screenshot('spend-row-resource-group');
    assert.equal((await window.tabs()).length, 4);
    await customer().locator('.monaco-tl-twistie').click();
  });

  it('opens from a customer of Partner Center', async () => {
    await window.expand('Partner Center', { level: 2 });
    const folder = window.treeItem('Customers', { level: 3, nth: 1 });
    await folder.locator('.monaco-tl-twistie').click();
    const rows = window.page.locator('.part.sidebar [role="treeitem"][aria-level="4"]');
    const plan = rows.filter({ hasText: CUSTOMER }).last();
    await window.scrollTo(plan);
    await show(plan);
    await page().locator('.summary:visible, .notice p').filter({ hasText: /\w/ }).first().waitFor();
    await window.screenshot('spend-row-partner-center');
    await folder.locator('.monaco-tl-twistie').click();
    await window.treeItem('Partner Center', { level: 2 }).locator('.monaco-tl-twistie').click();
  });

  it('waits for the limit of Azure and counts down', async () => {
    service.setFault('429-entity@query');
    await show(customer('Quillfield Analytics'));
    await notice()
      .getByText(/^Waiting \d+ s for Azure's limit/)
      .waitFor();
    await notice()
      .locator('.left')
      .filter({ hasText: /^\d+ s left$/ })
      .waitFor();
    await window.screenshot('spend-state-waiting', 'busy');
    service.setFault(undefined);
    await summary().filter({ hasText: 'USD' }).waitFor();
  });

  it('says who may not, what failed, and that it was cancelled, with a way to read again', async () => {
    service.setFault('403@query');
    await show(customer('Dappleridge Foods'));
    await notice()
      .getByText(/HTTP 403/)
      .waitFor();
    await window.screenshot('spend-state-permission');
    service.setFault('500@query');
    await button('Try Again').click();
    await notice()
      .getByText(/HTTP 500/)
      .waitFor();
    service.setFault('hang@query');
    await button('Try Again').click();
    await button('Cancel').click();
    await notice().getByText('Reading was cancelled.').waitFor();
    await window.screenshot('spend-state-cancelled');
    service.setFault(undefined);
    await button('Read Again').click();
    await summary().filter({ hasText: 'USD' }).waitFor();
    assert.deepEqual(await window.notifications(), []);
  });

  it('says why there is nothing', async () => {
    await show(customer('Oakenwick Dental Labs'));
    await notice().locator('p').filter({ hasText: /\w{4}/ }).first().waitFor();
    await notice()
      .getByText(/has no cost|HTTP 4|not/)
      .first()
      .waitFor();
    await window.screenshot('spend-state-empty');
  });

  it('shows what is there of a long question, and the answer to the last one of two', async () => {
    await showRead(customer());
    let open = () => {};
    const held = new Promise<void>((resolve) => {
      open = resolve;
    });
    let queries = 0;
    between.hold = ({ body }) => (isQuery(body) && queries++ > 0 ? held : Promise.resolve());
    await choose('period', 'Last 3 months');
    await page()
      .locator('.facts .incomplete')
      .filter({ hasText: /of \d months read so far/ })
      .waitFor();
    await window.screenshot('spend-state-partial', 'busy');
    open();
    await page().locator('.facts .incomplete').waitFor({ state: 'detached' });
    // The answer to the first question arrives when the second one is drawn.
    let late = () => {};
    const first = new Promise<void>((resolve) => {
      late = resolve;
    });
    between.hold = ({ body }) => (isQuery(body) && body.includes('"ResourceLocation"') ? first : Promise.resolve());
    await choose('groupBy', 'Location');
    await choose('groupBy', 'Resource group');
    await summary().filter({ hasText: 'by resource group' }).waitFor();
    late();
    await window.page.waitForTimeout(1_500);
    assert.match(await summary().innerText(), /by resource group/);
  });
});
