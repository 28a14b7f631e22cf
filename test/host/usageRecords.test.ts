import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { digits, listed, row, takingTheFirst } from './partnerSupport.ts';
import { activeTab, type Connected, connectSample, contentOf, refusal } from './support.ts';

describe('azureBilling.openUsageRecords (Partner Center)', () => {
  let connected: Connected;
  let stories: Connected['service']['partnerCenter']['stories'];

  before(async () => {
    connected = await connectSample({}, ['partnerCenter', 'graph']);
    stories = connected.service.partnerCenter.stories;
  });
  after(() => connected.remove());
  afterEach(async () => {
    connected.service.partnerCenter.reset();
    connected.service.setFault(undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const legacy = () => stories.legacy ?? assert.fail('the tenant has no legacy customer');
  const open = async (argument: object): Promise<vscode.Uri> => {
    const given = { connection: connected.name, ...argument };
    const uri = await vscode.commands.executeCommand<vscode.Uri | undefined>('azureBilling.openUsageRecords', given);
    return uri ?? assert.fail('it returned nothing');
  };
  const refused = (argument: object) =>
    refusal('azureBilling.openUsageRecords', { connection: connected.name, ...argument });
  const mainList = ({ customer }: { customer: string }) => `customers/${customer}/subscriptions/usagerecords`;

  it('opens the subscriptions of a legacy customer as CSV, which tells its currency by a culture', async () => {
    const uri = await open({ customerId: legacy().customer, format: 'csv', label: 'Alder Mill' });
    assert.equal((await activeTab(uri)).label, 'Alder Mill usage by subscription.csv');
    const [header = '', ...rows] = (await contentOf(uri)).trimEnd().split('\n');
    assert.match(header, /^resourceName,name,status,totalCost,currencyCode,currencyLocale,usdTotalCost,offerId,/);
    const { items, text } = await listed(connected, mainList(legacy()));
    assert.equal(rows.length, items.length);
    const [cost = ''] = digits(text, 'totalCost');
    assert.match(rows[0] ?? '', new RegExp(`^Microsoft Azure,Microsoft Azure,active,${cost},,[a-z]{2}-[A-Z]{2},`));
  });

  it('opens an Azure plan as JSON, all members and digits as the service sent them', async () => {
    const uri = await open({ customerId: stories.azurePlan.customer, format: 'json' });
    const text = await contentOf(uri);
    const truth = await listed(connected, mainList(stories.azurePlan));
    assert.deepEqual(JSON.parse(text), truth.items);
    for (const member of ['totalCost', 'usdTotalCost']) {
      assert.deepEqual(digits(text, member), digits(truth.text, member));
    }
    assert.match(text, /"currencyCode": "[A-Z]{3}"/);
  });

  it('opens all customers as NDJSON, with their budgets', async () => {
    const uri = await open({ format: 'ndjson' });
    assert.equal((await activeTab(uri)).label, 'All customers usage by customer.ndjson');
    const lines = (await contentOf(uri)).trimEnd().split('\n');
    const { items } = await listed(connected, 'customers/usagerecords');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      items,
    );
    assert.ok(lines.some((line) => /"budget":\s*\{[^}]*"amount"/.test(line)));
  });

  it('opens a subscription by meter, and a plan by resource', async () => {
    const { customer, commerceId } = legacy();
    const meters = await open({ customerId: customer, subscriptionId: commerceId, format: 'ndjson' });
    const ofMeters = `customers/${customer}/subscriptions/${commerceId}/meterusagerecords`;
    const written = (await contentOf(meters)).trimEnd().split('\n');
    assert.equal(written.length, (await listed(connected, ofMeters)).items.length);

    const { customer: planned, planId } = stories.azurePlan;
    const resources = await open({ customerId: planned, subscriptionId: planId, of: 'resources', format: 'json' });
    const truth = await listed(connected, `customers/${planned}/subscriptions/${planId}/resourceusagerecords`);
    const text = await contentOf(resources);
    assert.deepEqual(JSON.parse(text), truth.items);
    assert.deepEqual(digits(text, 'totalCost'), digits(truth.text, 'totalCost'));
  });

  it('opens from the rows of a customer, of all customers and of a legacy subscription without a question', async () => {
    const { customer, commerceId } = legacy();
    for (const [fields, label] of [
      [{ customer, title: 'Alder Mill' }, 'Alder Mill usage by subscription.csv'],
      [{ title: 'All customers' }, 'All customers usage by customer.csv'],
      [
        { customer, subscription: commerceId, subscriptionKind: 'legacyAzure', label: 'Alder Mill Azure' },
        'Alder Mill Azure usage by meter.csv',
      ],
    ] as const) {
      const uri = await vscode.commands.executeCommand<vscode.Uri>(
        'azureBilling.openUsageRecords',
        row(connected, fields),
      );
      assert.equal((await activeTab(uri)).label, label);
    }
  });

  it('asks on the row of a plan what its rows shall be', async () => {
    const { customer, planId: subscription } = stories.azurePlan;
    const fields = { customer, subscription, subscriptionKind: 'azurePlan', title: 'Alder Mill Azure plan' };
    const uri = await takingTheFirst<vscode.Uri>('azureBilling.openUsageRecords', row(connected, fields));
    assert.equal((await activeTab(uri ?? assert.fail())).label, 'Alder Mill Azure plan usage by meter.csv');
  });

  it('builds the same content again from the address alone, read-only', async () => {
    const uri = await open({ customerId: stories.azurePlan.customer, format: 'csv' });
    const first = await contentOf(uri);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.equal(await contentOf(vscode.Uri.parse(uri.toString())), first);
    const { permissions } = await vscode.workspace.fs.stat(uri);
    assert.equal(permissions, vscode.FilePermission.Readonly);
  });

  it('fetches estimates anew whenever they are opened', async () => {
    const argument = { customerId: stories.azurePlan.customer };
    await open(argument);
    const before = connected.service.counts()['partnerCenter.subscriptions.usageRecords'] ?? 0;
    await open(argument);
    assert.equal(connected.service.counts()['partnerCenter.subscriptions.usageRecords'], before + 1);
  });

  it('gives a customer with licences only a header and nothing else', async () => {
    const uri = await open({ customerId: stories.licencesOnly, format: 'csv' });
    assert.equal((await contentOf(uri)).trimEnd().split('\n').length, 1);
  });

  it('copies the request of a document', async () => {
    const uri = await open({ customerId: stories.azurePlan.customer });
    const text = await vscode.commands.executeCommand('azureBilling.copyRequest', {
      document: uri.toString(),
      style: 'curl',
    });
    assert.match(String(text), new RegExp(`/v1/${mainList(stories.azurePlan)}`));
  });

  it('names the field of what is wrong', async () => {
    for (const [argument, sentence] of [
      [{ connection: undefined }, /^connection: is missing\. Use one of: Test/],
      [{ connection: 'Nowhere' }, /^connection: there is no connection 'Nowhere'\. Use one of: Test/],
      [{ customerId: 'a/b' }, /^customerId: 'a\/b' is no id/],
      [{ of: 'meters', customerId: stories.licencesOnly }, /^subscriptionId: is missing/],
      [{ of: 'days' }, /^of: 'days' is not known; use /],
      [{ format: 'xlsx' }, /^format: 'xlsx' is not known; use csv, json, ndjson\.$/],
      [{ label: 7 }, /^label: has to be a text/],
      [
        { customerId: stories.foreign },
        /^customerId: '[\w-]+' is refused\. .*HTTP 403 20002.* no commerce relationship .*check the tenant id/,
      ],
      [
        { customerId: legacy().customer, subscriptionId: legacy().commerceId, of: 'resources' },
        /^subscriptionId: '[\w-]+' is refused\. .*800011/,
      ],
    ] as const) {
      assert.match(await refused(argument), sentence);
    }
    assert.match(await refusal('azureBilling.openUsageRecords', 7), /^connection: is missing\. Choose a row/);
  });

  it('says what a connection without Partner Center lacks', async () => {
    const plain = await connectSample();
    try {
      assert.match(
        await refused({ connection: plain.name }),
        new RegExp(
          `^connection: '${plain.name}' has no Partner Center\\. Give it endpoints\\.partnerCenter .* or use one of: .*\\b${connected.name}\\b`,
        ),
      );
    } finally {
      await plain.remove();
    }
  });

  it('says which sign-in, role or cloud a refusal is about', async () => {
    const argument = { customerId: stories.azurePlan.customer, label: 'refused' };
    for (const [settings, sentence] of [
      [{ signIn: 'appOnly' }, /HTTP 403 900329.* refuses this to an application on its own; use a connection that/],
      [{ mfa: 'missing' }, /HTTP 401 900421.* lacks multifactor authentication; sign in again with it/],
      [{ cloud: 'china' }, /HTTP 400 900127.* This cloud does not have the call; use a connection to the public cloud/],
    ] as const) {
      connected.service.partnerCenter.set(settings);
      assert.match(await refused(argument), sentence);
      connected.service.partnerCenter.reset();
    }
    connected.service.setCaller('billingReader');
    assert.match(await refused(argument), /HTTP 403 900308.* needs the Admin agent role/);
    connected.service.setCaller('adminAgent');
    await open(argument);
  });
});
