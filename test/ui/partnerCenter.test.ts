import assert from 'node:assert/strict';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import type { Workbench } from '../support/editor/page.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

const connection = (name: string, { endpoints }: SampleService) => ({
  name,
  cloud: 'custom',
  credential: 'none',
  endpoints: { resourceManager: endpoints.resourceManager, partnerCenter: endpoints.partnerCenter },
});

describe('Partner Center in the tree', () => {
  let service: SampleService;
  let appOnly: SampleService;
  let session: UiSession;
  let window: Workbench;

  before(async () => {
    const options = { customers: 12, usageRows: 20_000, now: new Date('2026-11-21T12:00:00Z') };
    service = await startSampleService(options);
    appOnly = await startSampleService({ ...options, partnerCenter: { signIn: 'appOnly' } });
    session = await startUiSession({
      vsix: vsixFile,
      machineSettings: {
        'azureBilling.connections': [connection('Partner', service), connection('Service principal', appOnly)],
      },
    });
    window = await session.open({ viewport: { width: 1200, height: 1000 } });
    await window.openView('Azure Billing');
    await window.setTheme('dark');
    await window.expand('Partner');
  });

  after(async () => {
    await session?.close();
    await appOnly?.close();
    await service?.close();
  });

  const story = (name: 'legacy' | 'mixed') => service.partnerCenter.stories[name] ?? assert.fail(`no story ${name}`);
  const toggle = (label: string | RegExp, level: number) =>
    window.treeItem(label, { level }).locator('.monaco-tl-twistie').click();
  /** A row by all that it shows. */
  const row = (text: string | RegExp) =>
    window.page.locator('.part.sidebar [role="treeitem"]').filter({ hasText: text }).first();
  const rowsBelow = async (label: string): Promise<string[]> => {
    const rows = await window.treeItems();
    return rows.slice(rows.findIndex((text) => text.startsWith(label)) + 1);
  };
  const input = () => window.page.locator('.quick-input-widget input').first();
  /** Opens the customers of Partner Center, narrowed down to one. */
  async function showOnly(name: string): Promise<void> {
    await window.contextMenu(window.treeItem('Customers', { level: 3 }), 'Filter Customers by Name…');
    await window.inputBox(name);
    await row(`Name: ${name}…`).waitFor();
  }
  const nameOf = (customer: string): string => {
    const [account] = service.tenant.accounts;
    const customers = service.tenant.customers(account ?? assert.fail());
    for (let n = 0; n < customers.length; n++) {
      if (customers.at(n).name === customer) {
        return customers.at(n).displayName;
      }
    }
    return assert.fail(`no customer ${customer}`);
  };

  it('stands behind the billing accounts, with its own customers, invoices, balance and prices', async () => {
    await window.expand('Partner Center', { level: 2 });
    assert.deepEqual((await rowsBelow('Partner Center')).slice(0, 5), [
      'Customers',
      'Invoices',
      'Account balance',
      'Usage of all customers',
      'Rate cards',
    ]);
    await window.expand('Account balance', { level: 3 });
    await window.expand('Rate cards', { level: 3 });
    await window.expand('Customers', { level: 3 });
    await row(/≈ [\d.]+K? USD/).waitFor();
    await window.screenshot('partner-center');
    await toggle('Account balance', 3);
    await toggle('Rate cards', 3);
  });

  it('narrows customers down, says so in a row, and lists all again when that is chosen', async () => {
    await window.contextMenu(window.treeItem('Customers', { level: 3 }), 'Filter Customers by Name…');
    await input().waitFor();
    await window.screenshot('partner-filter-asked', 'busy');
    await window.inputBox('hollow');
    await row('Name: hollow…').waitFor();
    await window.treeItem('Hollowmere Tide Gauges').waitFor();
    assert.equal(await window.treeItem('Brightwick Reading Rooms').count(), 0);
    await window.screenshot('partner-filter');
    await window.contextMenu(window.treeItem('Customers', { level: 3 }), 'Filter Customers by Name…');
    assert.equal(await input().inputValue(), 'hollow', 'the text can be corrected');
    await window.inputBox('nobody');
    await row("no name begins with 'nobody'").waitFor();
    await window.screenshot('partner-filter-empty');
    await row('Name: nobody…').click();
    await window.treeItem('Brightwick Reading Rooms').waitFor();
  });

  it('shows a 145P customer: both ids, budget, no plan', async () => {
    const name = nameOf(story('legacy').customer);
    await showOnly(name);
    await window.expand(name, { level: 4 });
    await window.expand(/^Spending budget$/, { level: 5 });
    await row('Azure (145P)').waitFor();
    await row('Azure (145P)').locator('.monaco-tl-twistie').click();
    await row(/Azure subscription\s*[0-9A-Fa-f]{8}-/).waitFor();
    await row('Azure (145P)').hover();
    await window.screenshot('partner-145p');
    for (const theme of ['light', 'highContrast', 'highContrastLight'] as const) {
      await window.setTheme(theme);
      await window.screenshot(`partner-145p-${theme}`);
    }
    await window.setTheme('dark');
  });

  it('shows an Azure plan customer: its Azure subscriptions, budget with its share, last closed costs', async () => {
    const name = nameOf(service.partnerCenter.stories.azurePlan.customer);
    await showOnly(name);
    await window.expand(name, { level: 4 });
    await window.expand('Azure plan', { level: 5 });
    await window.expand('Spending budget', { level: 5 });
    await row(/6,500\.00 USD.* % used/).waitFor();
    await window.expand('Service costs', { level: 5 });
    await window.expand('Entitlements', { level: 5 });
    await row(/^Azure plan\s*≈ [\d.]+K? USD/).waitFor();
    await window.screenshot('partner-azure-plan');
    for (const theme of ['light', 'highContrast'] as const) {
      await window.setTheme(theme);
      await window.screenshot(`partner-azure-plan-${theme}`);
    }
    await window.setTheme('dark');
  });

  it('shows a customer that moved from 145P to a plan: both, the old one greyed', async () => {
    const name = nameOf(story('mixed').customer);
    await showOnly(name);
    await window.expand(name, { level: 4 });
    await row(/Azure \(145P\).*deleted/).waitFor();
    const rows = await rowsBelow(name);
    const kinds = rows.map((text) => /Azure plan|145P|licenses/.exec(text)?.[0]).filter(Boolean);
    assert.deepEqual(kinds.slice(0, 2), ['Azure plan', '145P']);
    await window.screenshot('partner-mixed');
  });

  it('asks before it changes a spending budget, and tells when somebody else was faster', async () => {
    const { customer } = service.partnerCenter.stories.azurePlan;
    const name = nameOf(customer);
    await showOnly(name);
    await window.expand(name, { level: 4 });
    await window.expand('Spending budget', { level: 5 });
    const budget = row(/6,500\.00 USD.* % used/);
    await budget.click();
    await input().waitFor();
    assert.equal(await input().inputValue(), '6500');
    await input().fill('much');
    await window.page.getByText('Write a number from 0 on').waitFor();
    await window.screenshot('partner-budget-wrong', 'busy');
    await fetch(`${service.endpoints.partnerCenter}/v1/customers/${customer}/usagebudget`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ Amount: 6800, Attributes: { ObjectType: 'SpendingBudget' } }),
    });
    await window.inputBox('7000');
    const dialog = window.page.locator('.monaco-dialog-box');
    await dialog.getByText(`Change the spending budget of ${name} from 6500 USD to 7000 USD?`).waitFor();
    await window.screenshot('partner-budget-confirmation', 'busy');
    await dialog.getByRole('button', { name: 'Change Budget' }).click();
    await dialog.getByText(`The spending budget of ${name} is 6800 USD by now, not 6500 USD.`).waitFor();
    await window.screenshot('partner-budget-changed', 'busy');
    await dialog.getByRole('button', { name: 'Change Anyway' }).click();
    await row(/7,000\.00 USD.* % used/).waitFor();
  });

  it('offers the lines of an invoice by kind, and what is not billed yet', async () => {
    await toggle('Customers', 3);
    await window.expand('Invoices', { level: 3 });
    await row('Not billed yet').waitFor();
    const legacy = row(/ · legacy/);
    await legacy.locator('.monaco-tl-twistie').click();
    await row('Azure usage').waitFor();
    await row('Licence charges').waitFor();
    await window.screenshot('partner-invoices');
    await toggle('Invoices', 3);
  });

  it('is the same customer from both sides', async () => {
    const name = nameOf(service.partnerCenter.stories.azurePlan.customer);
    await window.expand('Harbourlight Cloud Partners', { level: 2 });
    await window.expand('Customers', { level: 3 });
    await window.expand(name, { level: 4 });
    await window.expand('Partner Center', { level: 5 });
    await window.treeItem('Azure plan', { level: 6 }).waitFor();
    await window.screenshot('partner-same-customer-billing');
    await toggle('Harbourlight Cloud Partners', 2);
    await window.expand('Customers', { level: 3 });
    await showOnly(name);
    await row('also in Harbourlight Cloud Partners').waitFor();
    if ((await window.treeItem(name, { level: 4 }).getAttribute('aria-expanded')) !== 'true') {
      await toggle(name, 4);
    }
    await window.contextMenu(window.treeItem(name, { level: 4 }), 'Refresh');
    await window.expand('Harbourlight Cloud Partners', { level: 5 });
    await window.screenshot('partner-same-customer');
    await window.page.setViewportSize({ width: 700, height: 1000 });
    await window.screenshot('partner-narrow');
    await window.page.setViewportSize({ width: 1200, height: 1000 });
    await toggle('Partner', 1);
  });

  it('greys out what a sign-in without a user cannot have, with the reason, after one refusal', async () => {
    await window.expand('Service principal', { level: 1 });
    await window.expand('Partner Center', { level: 2 });
    await window.expand('Customers', { level: 3 });
    await row(/Usage of all customers.*needs a user/).waitFor();
    await window.expand(nameOf(service.partnerCenter.stories.azurePlan.customer), { level: 4 });
    await row(/Service costs.*needs a user/).waitFor();
    await window.expand('Spending budget', { level: 5 });
    await window.expand('Account balance', { level: 3 });
    assert.equal(await window.treeItem('Service costs').getAttribute('aria-expanded'), null);
    const refused = () => appOnly.requests().filter(({ status }) => status === 403).length;
    assert.equal(refused(), 1);
    await window.screenshot('partner-app-only');
    for (const theme of ['light', 'highContrast'] as const) {
      await window.setTheme(theme);
      await window.screenshot(`partner-app-only-${theme}`);
    }
    await window.setTheme('dark');
  });
});
