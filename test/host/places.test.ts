import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DecimalSum } from '../../src/records/decimal.ts';
import { type Connected, connectSample, contentOf, refusal } from './support.ts';

describe('JSON of any place, and alerts', () => {
  let connected: Connected;
  let account: string;

  before(async () => {
    connected = await connectSample();
    account = `/providers/Microsoft.Billing/billingAccounts/${connected.service.tenant.accounts[0]?.name}`;
  });
  after(() => connected.remove());
  afterEach(async () => {
    connected.service.setFault(undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const openJson = (path: string) =>
    vscode.commands.executeCommand<vscode.Uri>('azureBilling.openJson', { connection: connected.name, path });
  const get = async (path: string) => (await fetch(connected.service.endpoints.resourceManager + path)).text();

  it('opens a list with all its pages, digits as the service sent them', async () => {
    const path = `${account}/customers?api-version=2024-04-01&top=5`;
    const uri = await openJson(path);
    assert.equal(uri.scheme, 'azure-billing-json');
    const { value, nextLink } = JSON.parse(await contentOf(uri)) as { value: { name: string }[]; nextLink?: string };
    assert.equal(nextLink, undefined);
    assert.equal(value.length, connected.service.tenant.accounts[0]?.customerCount);
    assert.equal(new Set(value.map(({ name }) => name)).size, value.length);

    const charges = `${account}/providers/Microsoft.Consumption/charges?api-version=2023-11-01&startDate=2026-10-01&endDate=2026-10-31`;
    const digits = (text: string) => [...text.matchAll(/"value": ?(-?[\d.]+)/g)].map(([, one]) => one);
    const shown = digits(await contentOf(await openJson(charges)));
    assert.ok(shown.length > 0);
    assert.deepEqual(shown, digits(await get(charges)));
  });

  it('opens nothing when a page fails, and says why', async () => {
    connected.service.setFault('403@customers');
    const message = await refusal('azureBilling.openJson', {
      connection: connected.name,
      path: `${account}/customers?api-version=2024-04-01`,
    });
    assert.match(message, /HTTP 403/);
    assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 0);
  });

  it('refuses paths of other services, and paths that lead elsewhere', async () => {
    for (const path of [
      '/subscriptions/s/providers/Microsoft.Compute/virtualMachines?api-version=2024-01-01',
      '//elsewhere.example/providers/Microsoft.Billing/x',
      'https://elsewhere.example/providers/Microsoft.Billing/billingAccounts',
      '/providers/Microsoft.Billing/../Microsoft.Compute/x',
      '/providers/Microsoft.Billing/%2e%2e/x',
    ]) {
      const before = connected.service.requests().length;
      assert.match(await refusal('azureBilling.openJson', { connection: connected.name, path }), /^path: /, path);
      assert.equal(connected.service.requests().length, before);
    }
    assert.match(await refusal('azureBilling.openJson', { path: account }), /^connection: /);
  });

  it('brings a tab back by its address alone', async () => {
    const uri = await openJson(`${account}?api-version=2024-04-01`);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.match(await contentOf(uri), /"agreementType": "MicrosoftPartnerAgreement"/);
  });

  it('copies the request of a JSON document', async () => {
    const uri = await openJson(`${account}?api-version=2024-04-01`);
    const text = await vscode.commands.executeCommand('azureBilling.copyRequest', {
      document: uri.toString(),
      style: 'curl',
    });
    assert.match(String(text), new RegExp(`${account.split(':')[0]}.*api-version=2024-04-01`));
  });

  it('opens costs by dimensions, whose sum is that of the usage', async () => {
    const main = connected.service.tenant.accounts[0] ?? assert.fail();
    const scope = `${account}/customers/${connected.service.tenant.customers(main).at(0).name}`;
    const argument = { connection: connected.name, scope, period: '2026-10', groupBy: ['ServiceName'] };
    const csv = await contentOf(await vscode.commands.executeCommand<vscode.Uri>('azureBilling.openCosts', argument));
    const [header = '', ...rows] = csv.trimEnd().split('\n');
    assert.deepEqual(header.split(','), ['Cost', 'ServiceName', 'Currency']);
    const sums = new Map<string, DecimalSum>();
    for (const row of rows) {
      const cost = row.slice(0, row.indexOf(','));
      const currency = row.slice(row.lastIndexOf(',') + 1);
      const sum = sums.get(currency) ?? new DecimalSum();
      sum.add(cost);
      sums.set(currency, sum);
    }
    assert.deepEqual(
      [...sums].map(([currency, sum]) => [currency, sum.toString()]),
      [...connected.service.tenant.truth(scope, '2026-10-01', '2026-10-31').totals],
    );
    const json = await vscode.commands.executeCommand<vscode.Uri>('azureBilling.openCosts', {
      ...argument,
      format: 'json',
    });
    assert.equal((JSON.parse(await contentOf(json)) as unknown[]).length, rows.length);
    const asked = { period: '2026-10', granularity: 'Daily', format: 'csv' } as const;
    const daily = await vscode.commands.executeCommand<vscode.Uri>('azureBilling.openCosts', {
      ...asked,
      connection: connected.name,
      scope: account,
    });
    assert.match(await contentOf(daily), /^[^\n]*UsageDate[^\n]*\n[^\n]*2026100/);
  });

  it('refuses costs that nobody can ask for, naming the field', async () => {
    const wrong = (more: object) =>
      refusal('azureBilling.openCosts', { connection: connected.name, scope: account, ...more });
    assert.match(await wrong({ groupBy: ['A', 'B', 'C'] }), /^groupBy: /);
    assert.match(await wrong({ groupBy: 'ServiceName' }), /^groupBy: /);
    assert.match(await wrong({ granularity: 'Hourly' }), /^granularity: /);
    assert.match(await wrong({ format: 'xlsx' }), /^format: /);
    assert.match(await wrong({ period: 'Yesterday' }), /^period: /);
    assert.match(await wrong({ scope: `${account}/invoices/G1` }), /^scope: /);
  });

  it('dismisses an alert', async () => {
    const list = JSON.parse(
      await get(`${account}/providers/Microsoft.CostManagement/alerts?api-version=2025-03-01`),
    ) as {
      value: { name: string; properties: { status: string } }[];
    };
    const alert = list.value.find(({ properties }) => properties.status === 'Active')?.name ?? assert.fail();
    const argument = { connection: connected.name, scope: account, alert };
    const dismissed = await vscode.commands.executeCommand<{ properties: { status: string } }>(
      'azureBilling.dismissAlert',
      argument,
    );
    assert.equal(dismissed.properties.status, 'Dismissed');
    assert.match(await refusal('azureBilling.dismissAlert', { ...argument, alert: '' }), /^alert: is missing/);
    assert.match(await refusal('azureBilling.dismissAlert', { ...argument, scope: '/nowhere' }), /^scope: /);
  });
});
