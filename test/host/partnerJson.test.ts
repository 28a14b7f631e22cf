import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activeTab, type Connected, connectSample, contentOf, refusal } from './support.ts';

describe('azureBilling.openJson of Partner Center', () => {
  let connected: Connected;
  let alone: Connected;
  let customer: string;

  before(async () => {
    connected = await connectSample({ customers: 60 }, ['partnerCenter']);
    alone = await connectSample();
    const { legacy } = connected.service.partnerCenter.stories;
    assert.ok(legacy);
    customer = legacy.customer;
  });

  after(() => Promise.all([connected.remove(), alone.remove()]));

  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const open = async (path: string): Promise<vscode.Uri> => {
    const uri = await vscode.commands.executeCommand<vscode.Uri | undefined>('azureBilling.openJson', {
      connection: connected.name,
      source: 'partnerCenter',
      path,
    });
    assert.ok(uri, 'openJson returned nothing');
    return uri;
  };

  /** What the service says itself, and how it writes it. */
  const sent = async (path: string): Promise<string> => {
    const answer = await fetch(`${connected.service.endpoints.partnerCenter}${path}`);
    assert.equal(answer.status, 200);
    return answer.text();
  };

  const compact = (text: string) => text.replace(/\n */g, '').replace(/": /g, '":');

  it('opens one resource with its digits as they were sent', async () => {
    for (const path of [`/v1/customers/${customer}/usagebudget`, '/v1/invoices/summary', '/v1/ratecards/azure']) {
      const uri = await open(path);
      assert.equal(compact(await contentOf(uri)), await sent(path));
      assert.equal((await activeTab(uri)).label, `${path.split('/').at(-1)}.json`);
    }
  });

  it('opens a list with all its pages', async () => {
    const before = connected.service.requests().length;
    const { items } = JSON.parse(await contentOf(await open('/v1/customers?size=10'))) as { items: { id: string }[] };
    assert.ok(connected.service.requests().length - before > 3, 'several pages');
    const whole = JSON.parse(await sent('/v1/customers?size=400')) as { items: { id: string }[] };
    assert.deepEqual(
      items.map(({ id }) => id),
      whole.items.map(({ id }) => id),
    );
  });

  it('fetches the same again from its address alone, and gives its call', async () => {
    const path = `/v1/customers/${customer}/subscriptions`;
    const uri = await open(path);
    const text = await contentOf(uri);
    const call = await vscode.commands.executeCommand<string>('azureBilling.copyRequest', {
      document: uri.toString(),
      style: 'rest',
    });
    assert.ok(call.startsWith(`GET ${connected.service.endpoints.partnerCenter}${path}`), call);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.equal(await contentOf(vscode.Uri.parse(uri.toString())), text);
  });

  it('refuses what is not billing, whoever wrote the address', async () => {
    const before = connected.service.requests().length;
    for (const path of [
      `/v1/customers/${customer}/users`,
      `/v1/customers/../users`,
      'https://other.example/v1/customers',
      '//other.example/v1/customers',
      '/providers/Microsoft.Billing/billingAccounts',
    ]) {
      const argument = { connection: connected.name, source: 'partnerCenter', path };
      assert.match(await refusal('azureBilling.openJson', argument), /^path: /, path);
      const address = vscode.Uri.from({
        scheme: 'azure-billing-json',
        authority: connected.name,
        path: '/x.json',
        query: `partnerCenter=${path}`,
      });
      await assert.rejects(async () => vscode.workspace.fs.readFile(address));
    }
    assert.equal(connected.service.requests().length, before, 'nothing was sent');
  });

  it('names what is wrong with the rest of the argument', async () => {
    const path = '/v1/customers';
    const wrong: [object, RegExp][] = [
      [{ source: 'partnerCenter', path }, /^connection: is missing/],
      [{ connection: connected.name, source: 'partnerCenter' }, /^path: is missing/],
      [
        { connection: connected.name, source: 'graph', path },
        /^source: 'graph' is not known; use arm or partnerCenter/,
      ],
      [{ connection: connected.name, path }, /^path: is not a path of Microsoft\.Billing/],
      [{ connection: 'Nobody', source: 'partnerCenter', path }, /^connection: there is no connection 'Nobody'/],
      [{ connection: alone.name, source: 'partnerCenter', path }, new RegExp(`^connection: '${alone.name}' has no`)],
    ];
    for (const [argument, message] of wrong) {
      assert.match(await refusal('azureBilling.openJson', argument), message);
    }
    assert.match(
      await refusal('azureBilling.openJson', {
        connection: connected.name,
        source: 'partnerCenter',
        path: '/v1/invoices/D0NOTHERE1',
      }),
      /HTTP 404/,
    );
  });
});
