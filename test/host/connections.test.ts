import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { connectSample, contentOf, openUsage, refusal } from './support.ts';

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
    ['credential', { credential: 'password' }],
    ['endpoints.resourceManager', { endpoints: { resourceManager: 'https://management.azure.com' } }],
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

describe('the other commands', () => {
  it('take plain arguments', async () => {
    const node = { id: 'x', connection: 'y', label: 'z' };
    assert.equal(
      await vscode.commands.executeCommand('azureBilling.copyId', { ...node, resourceId: '/subscriptions/1' }),
      '/subscriptions/1',
    );
    assert.equal(await vscode.env.clipboard.readText(), '/subscriptions/1');
    await vscode.commands.executeCommand('azureBilling.refresh');
    await vscode.commands.executeCommand('azureBilling.refresh', node);
    await vscode.commands.executeCommand('azureBilling.loadMore', node);
    await vscode.commands.executeCommand('azureBilling.loadAll', node);
    await vscode.commands.executeCommand('azureBilling.showLog');
  });
});
