import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DecimalSum } from '../../src/records/decimal.ts';
import { activeTab, type Connected, connectSample, contentOf, openUsage } from './support.ts';

describe('azureBilling.openUsage', () => {
  let connected: Connected;
  let account: string;
  let customer: string;
  let subscription: string;
  let invoice: string;

  before(async () => {
    connected = await connectSample();
    const { tenant } = connected.service;
    const main = tenant.accounts[0];
    assert.ok(main);
    account = `/providers/Microsoft.Billing/billingAccounts/${main.name}`;
    const first = tenant.customers(main).at(0);
    assert.ok(first);
    customer = `${account}/customers/${first.name}`;
    const bought = tenant.subscriptions(first).at(0);
    subscription = `/subscriptions/${bought.name}`;
    const answer = await fetch(
      `${connected.service.endpoints.resourceManager}${account}/invoices?api-version=2019-10-01-preview&periodStartDate=2026-10-01&periodEndDate=2026-10-31`,
    );
    const { value } = (await answer.json()) as { value: { id: string }[] };
    invoice = `/${value[0]?.id}`;
  });

  after(() => connected.remove());

  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const truth = (scope: string, from = '2026-10-01', to = '2026-10-31') => {
    const { rows, totals } = connected.service.tenant.truth(scope, from, to);
    return { rows, totals: Object.fromEntries(totals) };
  };

  /** Rows and exact totals of a JSON or NDJSON document, read with the digits as text. */
  const summary = (records: string[]) => {
    const totals: Record<string, DecimalSum> = {};
    for (const record of records) {
      const digits = /"costInBillingCurrency": ?([-\d.]+)/.exec(record)?.[1];
      const currency = /"billingCurrencyCode": ?"(\w*)"/.exec(record)?.[1];
      assert.ok(digits !== undefined && currency !== undefined);
      totals[currency] ??= new DecimalSum();
      totals[currency].add(digits);
    }
    return {
      rows: records.length,
      totals: Object.fromEntries(Object.entries(totals).map(([name, sum]) => [name, sum.toString()])),
    };
  };

  it('opens a subscription as CSV under a name that a person understands', async () => {
    const uri = await openUsage({
      connection: connected.name,
      scope: subscription,
      period: '2026-10',
      format: 'csv',
      label: 'Mill Production',
    });
    assert.equal(uri.scheme, 'azure-billing');
    assert.equal((await activeTab(uri)).label, 'Mill Production usage 2026-10.csv');
    const lines = (await contentOf(uri)).trimEnd().split('\n');
    assert.match(lines[0] ?? '', /^date,customerName,subscriptionName,.*costInBillingCurrency,billingCurrencyCode/);
    assert.equal(lines.length - 1, truth(subscription).rows);
  });

  it('opens a customer as JSON whose amounts are those of the service, to the last digit', async () => {
    const uri = await openUsage({
      connection: connected.name,
      scope: customer,
      period: { from: '2026-09-10', to: '2026-10-05' },
      format: 'json',
    });
    const text = await contentOf(uri);
    assert.equal((JSON.parse(text) as unknown[]).length, truth(customer, '2026-09-10', '2026-10-05').rows);
    const records = text.split('\n  },\n');
    assert.deepEqual(summary(records), truth(customer, '2026-09-10', '2026-10-05'));
  });

  it('opens a billing account as NDJSON over several pages', async () => {
    const before = connected.service.counts()['usageDetails.list'] ?? 0;
    const uri = await openUsage({ connection: connected.name, scope: account, period: '2026-10', format: 'ndjson' });
    const records = (await contentOf(uri)).trimEnd().split('\n');
    assert.deepEqual(summary(records), truth(account));
    const pages = (connected.service.counts()['usageDetails.list'] ?? 0) - before;
    assert.equal(pages, Math.ceil(records.length / 1000));
  });

  it('opens an invoice, whose month is its period', async () => {
    const uri = await openUsage({ connection: connected.name, scope: invoice, format: 'ndjson' });
    const { totals } = summary((await contentOf(uri)).trimEnd().split('\n'));
    const answer = await fetch(
      `${connected.service.endpoints.resourceManager}${invoice}?api-version=2019-10-01-preview`,
    );
    const { properties } = (await answer.json()) as { properties: { subTotal: { currency: string; value: number } } };
    const { currency, value } = properties.subTotal;
    assert.deepEqual(Object.keys(totals), [currency]);
    assert.equal(Number(totals[currency]), value);
  });

  it('takes the month to date and the format of the settings when nothing else is said', async () => {
    const uri = await openUsage({ connection: connected.name, scope: subscription });
    const today = new Date().toISOString().slice(0, 10);
    assert.equal(uri.query, `from=${today.slice(0, 8)}01&to=${today}`);
    assert.match(uri.path, /\.csv$/);
  });

  it('finds the connection whatever the case of its name', async () => {
    const uri = await openUsage({
      connection: connected.name.toUpperCase(),
      scope: subscription,
      period: '2026-10',
      format: 'csv',
    });
    assert.equal(uri.authority, connected.name);
  });

  it('asks nothing when a closed month is opened again', async () => {
    const argument = { connection: connected.name, scope: subscription, period: '2026-09', format: 'csv' };
    await openUsage(argument);
    const before = connected.service.counts()['usageDetails.list'];
    await openUsage(argument);
    assert.equal(connected.service.counts()['usageDetails.list'], before);
  });

  it('fetches an open month anew', async () => {
    const argument = { connection: connected.name, scope: subscription, format: 'csv' };
    await openUsage(argument);
    const before = connected.service.counts()['usageDetails.list'] ?? 0;
    await openUsage(argument);
    assert.equal(connected.service.counts()['usageDetails.list'], before + 1);
  });

  it('shows usage above the size of an editor document from a file', async function () {
    this.timeout(120_000);
    const uri = await openUsage({
      connection: connected.name,
      scope: account,
      period: { from: '2025-06-01', to: '2026-10-31' },
      format: 'json',
    });
    assert.equal(uri.scheme, 'file');
    const { size } = await vscode.workspace.fs.stat(uri);
    assert.ok(size > 50 * 1024 * 1024, `${size} bytes`);
    await activeTab(uri);
    assert.match(await contentOf(uri), /^\[\n[\s\S]*\n\]\n$/);
    await vscode.workspace.fs.delete(uri);
  });

  it('gives an empty scope a header and nothing else', async () => {
    const { tenant } = connected.service;
    const main = tenant.accounts[0];
    assert.ok(main);
    const customers = tenant.customers(main);
    const empty = Array.from({ length: customers.length }, (_, i) => customers.at(i)).find(
      (item) => tenant.truth(`${account}/customers/${item.name}`, '2026-10-01', '2026-10-31').rows === 0,
    );
    assert.ok(empty, 'the sample has a customer without usage');
    const uri = await openUsage({
      connection: connected.name,
      scope: `${account}/customers/${empty.name}`,
      period: '2026-10',
      format: 'csv',
    });
    assert.equal((await contentOf(uri)).trimEnd().split('\n').length, 1);
  });
});
