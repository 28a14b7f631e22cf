import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type Connected, connectSample, contentOf, openUsage, refusal } from './support.ts';

const SLOT = Symbol.for('undici.globalDispatcher.1');

describe('connections', () => {
  it('leave the HTTP dispatcher that all extensions share as it was', async () => {
    const before = Object.getOwnPropertyDescriptor(globalThis, SLOT);
    const connected = await connectSample();
    await openUsage({
      connection: connected.name,
      scope: `/providers/Microsoft.Billing/billingAccounts/${connected.service.tenant.accounts[1]?.name}`,
      period: '2026-10',
    });
    assert.deepEqual(Object.getOwnPropertyDescriptor(globalThis, SLOT), before);
    await connected.remove();
  });

  it('come from addConnection and go with removeConnection', async () => {
    const connection = {
      name: 'Added',
      cloud: 'custom',
      credential: 'none',
      endpoints: { resourceManager: 'http://127.0.0.1:9' },
    };
    assert.deepEqual(await vscode.commands.executeCommand('azureBilling.addConnection', connection), connection);
    assert.match(await refusal('azureBilling.addConnection', connection), /^name: 'Added' is taken already/);
    assert.deepEqual(
      await vscode.commands.executeCommand('azureBilling.removeConnection', { connection: 'added' }),
      connection,
    );
    assert.match(
      await refusal('azureBilling.removeConnection', { connection: 'Added' }),
      /^connection: there is no connection 'Added'/,
    );
  });

  for (const [field, more] of [
    ['name', { name: '' }],
    ['cloud', { cloud: 'moon' }],
    ['tenantId', { tenantId: 'contoso.example' }],
    ['credential', { credential: 'password' }],
    ['endpoints.resourceManager', { endpoints: { resourceManager: 'https://management.azure.com' } }],
    [
      'endpoints.partnerCenter',
      {
        endpoints: { resourceManager: 'http://127.0.0.1:9', partnerCenter: 'https://api.partnercenter.microsoft.com' },
      },
    ],
    ['endpoints.graph', { endpoints: { resourceManager: 'http://127.0.0.1:9', graph: 'ftp://127.0.0.1' } }],
    ['endpoints.billing', { endpoints: { resourceManager: 'http://127.0.0.1:9', billing: 'http://127.0.0.1:9' } }],
    ['token', { token: 'secret' }],
  ] as const) {
    it(`with a wrong ${field} are refused by that name`, async () => {
      const sentence = await refusal('azureBilling.addConnection', {
        name: 'Wrong',
        cloud: 'custom',
        credential: 'none',
        endpoints: { resourceManager: 'http://127.0.0.1:9' },
        ...more,
      });
      assert.ok(sentence.startsWith(`${field}: `), sentence);
    });
  }

  it('to the sample tenant need nothing but the command', async function () {
    this.timeout(60_000);
    const name = await vscode.commands.executeCommand<string>('azureBilling.exploreSample');
    assert.equal(name, 'Sample tenant');
    const accounts = await vscode.commands.executeCommand<{ endpoints: { resourceManager: string } }>(
      'azureBilling.removeConnection',
      { connection: name },
    );
    assert.match(accounts.endpoints.resourceManager, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(await vscode.commands.executeCommand('azureBilling.exploreSample'), name);
    await vscode.commands.executeCommand('azureBilling.removeConnection', { connection: name });
  });

  it('keep their documents apart although the scopes are the same', async () => {
    const [one, two] = [await connectSample(), await connectSample({ usageRows: 40_000 })];
    const scope = `/providers/Microsoft.Billing/billingAccounts/${one.service.tenant.accounts[1]?.name}`;
    const open = (connection: string) => openUsage({ connection, scope, period: '2026-10', format: 'csv' });
    const texts = [await contentOf(await open(one.name)), await contentOf(await open(two.name))];
    assert.notEqual(texts[0], texts[1]);
    await one.remove();
    await two.remove();
  });
});

describe('connections that change', () => {
  const scopeOf = (connected: Connected) =>
    `/providers/Microsoft.Billing/billingAccounts/${connected.service.tenant.accounts[1]?.name}`;

  it('take their documents along: a name that leads elsewhere shows nothing old', async () => {
    const [one, two] = [await connectSample(), await connectSample({ usageRows: 40_000 })];
    const usage = { connection: one.name, scope: scopeOf(one), period: '2026-10', format: 'csv' };
    const uri = await openUsage(usage);
    const before = await contentOf(uri);
    await vscode.commands.executeCommand('azureBilling.removeConnection', { connection: one.name });
    await vscode.commands.executeCommand('azureBilling.addConnection', {
      name: one.name,
      cloud: 'custom',
      credential: 'none',
      endpoints: { resourceManager: two.service.endpoints.resourceManager },
    });
    assert.notEqual(await contentOf(await openUsage(usage)), before);
    await one.remove();
    await two.remove();
  });

  it('leave fetches of other connections alone', async () => {
    const slow = await connectSample({ latency: 400 });
    const opening = openUsage({
      connection: slow.name,
      scope: scopeOf(slow),
      period: { from: '2026-01-01', to: '2026-10-31' },
    });
    const other = await connectSample();
    await other.remove();
    assert.equal((await opening).authority, slow.name);
    await slow.remove();
  });
});

describe('commands on rows of the tree', () => {
  let connected: Connected;
  let root: string;
  let account: string;

  before(async () => {
    connected = await connectSample({ customers: 130 });
    await vscode.commands.executeCommand('azureBilling.explorer.focus');
    root = `connection:${encodeURIComponent(connected.name).toLowerCase()}`;
    account = `${root}/account:${encodeURIComponent(connected.service.tenant.accounts[0]?.name ?? '').toLowerCase()}`;
    const ready = async () => !/there is no row/.test(await refusal('azureBilling.copyId', { id: root }));
    for (let i = 0; i < 100 && !(await ready()); i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  after(() => connected.remove());

  it('loadMore opens a row and fetches one page', async () => {
    await vscode.commands.executeCommand('azureBilling.loadMore', { id: root });
    assert.equal(connected.service.counts()['billingAccounts.list'], 1);
    await vscode.commands.executeCommand('azureBilling.loadMore', { id: account });
    await vscode.commands.executeCommand('azureBilling.loadMore', { id: `${account}/customers:customers` });
    assert.equal(connected.service.counts()['customers.list'], 1);
  });

  it('loadAll fetches all pages that are left', async () => {
    await vscode.commands.executeCommand('azureBilling.loadAll', { id: `${account}/customers:customers` });
    assert.equal(connected.service.counts()['customers.list'], 3);
    await vscode.commands.executeCommand('azureBilling.loadAll', { id: `${account}/customers:customers` });
    assert.equal(connected.service.counts()['customers.list'], 3);
  });

  it('copyId puts the id of the resource on the clipboard', async () => {
    const id = await vscode.commands.executeCommand<string>('azureBilling.copyId', { id: account });
    assert.equal(id, `/providers/Microsoft.Billing/billingAccounts/${connected.service.tenant.accounts[0]?.name}`);
    assert.equal(await vscode.env.clipboard.readText(), id);
  });

  it('refresh takes a row or nothing', async () => {
    await vscode.commands.executeCommand('azureBilling.refresh', { id: account });
    await vscode.commands.executeCommand('azureBilling.refresh');
  });

  it('openUsageCsv, Json and Ndjson open an invoice in their format', async () => {
    const { tenant, endpoints } = connected.service;
    const address = `${endpoints.resourceManager}/providers/Microsoft.Billing/billingAccounts/${tenant.accounts[0]?.name}/invoices`;
    const answer = await fetch(
      `${address}?api-version=2019-10-01-preview&periodStartDate=2026-10-01&periodEndDate=2026-10-31`,
    );
    const { value } = (await answer.json()) as { value: { id: string }[] };
    for (const [name, ending] of [
      ['Csv', '.csv'],
      ['Json', '.json'],
      ['Ndjson', '.ndjson'],
    ]) {
      const argument = { connection: connected.name, scope: value.at(-1)?.id, label: 'Last' };
      const uri = await vscode.commands.executeCommand<vscode.Uri>(`azureBilling.openUsage${name}`, argument);
      assert.ok(uri.path.endsWith(`/Last usage${ending}`), uri.path);
    }
  });

  it('copyRequest gives the call behind a row or a document, without a token', async () => {
    const { resourceManager } = connected.service.endpoints;
    const path = `/providers/Microsoft.Billing/billingAccounts/${connected.service.tenant.accounts[0]?.name}`;
    const copy = (argument: object) => vscode.commands.executeCommand<string>('azureBilling.copyRequest', argument);

    assert.equal(
      await copy({ id: `${account}/customers:customers`, style: 'rest' }),
      `GET ${resourceManager}${path}/customers?api-version=2024-04-01\nAuthorization: Bearer {{token}}`,
    );
    assert.equal(
      await vscode.env.clipboard.readText(),
      await copy({ id: `${account}/customers:customers`, style: 'rest' }),
    );
    assert.equal(
      await copy({ id: account, style: 'azRest' }),
      `az rest --method get --url '${resourceManager}${path}?api-version=2024-04-01'`,
    );

    const uri = await openUsage({ connection: connected.name, scope: path, period: '2026-10', format: 'csv' });
    const expected = `curl '${resourceManager}${path}/providers/Microsoft.Consumption/usageDetails?api-version=2023-11-01&startDate=2026-10-01&endDate=2026-10-31' --header "Authorization: Bearer $TOKEN"`;
    assert.equal(await copy({ style: 'curl' }), expected);
    assert.equal(await copy({ document: uri.toString(), style: 'curl' }), expected);
    assert.match(
      await copy({ document: uri.toString(), style: 'powerShell' }),
      /^Invoke-AzRestMethod -Method GET -Uri '/,
    );

    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.match(await refusal('azureBilling.copyRequest', { style: 'rest' }), /^There is no request to copy here\./);
    assert.match(await refusal('azureBilling.copyRequest', { style: 'soap' }), /^style: 'soap' is not one of/);
    assert.match(await refusal('azureBilling.copyRequest', { id: 'x', style: 'rest' }), /^id: there is no row 'x'/);
  });

  it('refuse a row that is not there, or stands for nothing', async () => {
    for (const command of ['loadMore', 'loadAll', 'copyId', 'refresh']) {
      assert.match(await refusal(`azureBilling.${command}`, { id: 'x' }), /^id: there is no row 'x' in the tree\./);
    }
    assert.match(await refusal('azureBilling.copyId', { id: root }), /^id: this row stands for no resource/);
    assert.match(await refusal('azureBilling.loadMore', {}), /^id: there is no row 'undefined'/);
  });

  it('showLog and showCompleteness need no argument', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('azureBilling.showLog');
    await vscode.commands.executeCommand('azureBilling.showCompleteness');
  });
});

interface Policy {
  properties: { viewCharges: string };
}

describe('the cost policy of a customer', () => {
  it('is read, changed and read back', async () => {
    const connected = await connectSample();
    const { tenant } = connected.service;
    const main = tenant.accounts[0];
    assert.ok(main);
    const customers = tenant.customers(main);
    // Some customers answer at once, some through an operation that is followed.
    for (const index of [0, 1, 2, 3]) {
      const customer: Record<string, string> = {
        connection: connected.name,
        account: main.name,
        customer: customers.at(index).name,
      };
      const read = (): Thenable<Policy> =>
        vscode.commands.executeCommand<Policy>('azureBilling.getCostPolicy', customer);
      const wanted = (await read()).properties.viewCharges === 'Allowed' ? 'NotAllowed' : 'Allowed';
      const set = { ...customer, viewCharges: wanted };
      const policy = await vscode.commands.executeCommand<Policy>('azureBilling.setCostPolicy', set);
      assert.equal(policy.properties.viewCharges, wanted);
      assert.equal((await read()).properties.viewCharges, wanted);
    }
    const base = { connection: connected.name, account: main.name, customer: customers.at(0).name };
    assert.match(
      await refusal('azureBilling.setCostPolicy', { ...base, viewCharges: 'Maybe' }),
      /^viewCharges: 'Maybe' is neither/,
    );
    assert.match(await refusal('azureBilling.getCostPolicy', { ...base, customer: '' }), /^customer: is missing/);
    assert.match(
      await refusal('azureBilling.getCostPolicy', { ...base, customer: 'nobody' }),
      /^Get the cost policy failed with HTTP 404/,
    );
    connected.service.setFault('403@policies');
    assert.match(
      await refusal('azureBilling.setCostPolicy', { ...base, viewCharges: 'Allowed' }),
      /HTTP 403.*Admin agent/s,
    );
    await connected.remove();
  });
});
