import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Connection, ConnectionReport } from '../../src/contributions.ts';
import { connectSample, refusal } from './support.ts';

const APP = '11111111-2222-4333-8444-555555555555';

const add = (connection: Record<string, unknown>) =>
  vscode.commands.executeCommand<Connection>('azureBilling.addConnection', connection);
const edit = (connection: string, changes: Record<string, unknown>) =>
  vscode.commands.executeCommand<Connection>('azureBilling.editConnection', { connection, changes });
const remove = (connection: string) =>
  vscode.commands.executeCommand<Connection>('azureBilling.removeConnection', { connection });
const test = (connection: string) =>
  vscode.commands.executeCommand<ConnectionReport>('azureBilling.testConnection', { connection });

describe('connections that sign in', () => {
  it("with the editor's account read silently: nobody is signed in, and no page opens", async () => {
    const connection = { name: 'Mine', cloud: 'public', credential: 'editor', tenantId: 'contoso.example' };
    assert.deepEqual(await add(connection), connection);
    const report = await test('Mine');
    assert.equal(report.signedIn, false);
    assert.equal(report.actor, 'user');
    const [billing, partnerCenter] = report.services;
    assert.match(billing?.summary ?? '', /nobody is signed in to the connection 'Mine'/);
    assert.match(partnerCenter?.summary ?? '', /the editor's own app gets no token for Partner Center/);
    assert.match(partnerCenter?.advice[0] ?? '', /set its id as clientId of the connection 'Mine'/);
    await remove('Mine');
  });

  it('in another cloud say which setting of the editor is missing', async () => {
    await add({ name: 'Gov', cloud: 'usGovernment', credential: 'editor' });
    const [billing] = (await test('Gov')).services;
    assert.match(billing?.summary ?? '', /the editor signs in to another cloud than that of the connection 'Gov'/);
    assert.deepEqual(billing?.advice, ["Set microsoft-sovereign-cloud.environment to 'USGovernment'."]);
    await remove('Gov');
  });

  it('with an app that has no secret say so, and send nothing', async () => {
    await add({
      name: 'Robot',
      cloud: 'public',
      credential: 'servicePrincipal',
      tenantId: 'contoso.example',
      clientId: APP,
    });
    const report = await test('Robot');
    assert.equal(report.signedIn, false);
    assert.equal(report.actor, 'app');
    await remove('Robot');
  });

  it('are changed member by member, and refused as a whole when wrong', async () => {
    await add({ name: 'Mine', cloud: 'public', credential: 'editor' });
    assert.equal((await edit('mine', { tenantId: 'contoso.example', name: 'Ours' })).tenantId, 'contoso.example');
    assert.deepEqual(await edit('Ours', { tenantId: null, credential: 'azureCli' }), {
      name: 'Ours',
      cloud: 'public',
      credential: 'azureCli',
    });
    for (const [changes, sentence] of [
      [{ clientId: APP }, /^clientId: the credential 'azureCli'/],
      [{ endpoints: { resourceManager: 'https://evil.example' } }, /^endpoints: the addresses of 'public' are known/],
      [{ secret: 'x' }, /^secret: a connection has no such field/],
      [{ name: 'Sample tenant' }, /^name: 'Sample tenant' is taken/],
      [[], /^changes: has to be an object/],
    ] as const) {
      assert.match(
        await refusal('azureBilling.editConnection', { connection: 'Ours', changes }),
        sentence,
        JSON.stringify(changes),
      );
    }
    assert.deepEqual(await remove('Ours'), { name: 'Ours', cloud: 'public', credential: 'azureCli' });
    assert.match(
      await refusal('azureBilling.editConnection', { connection: 'Ours', changes: {} }),
      /^connection: there is no connection 'Ours'/,
    );
  });

  it('the sample tenant is not changed, signed in to or out of', async () => {
    const name = await vscode.commands.executeCommand<string>('azureBilling.exploreSample');
    assert.match(
      await refusal('azureBilling.editConnection', { connection: name, changes: { name: 'X' } }),
      /^connection: 'Sample tenant' cannot be changed/,
    );
    for (const command of ['signIn', 'signOut']) {
      assert.match(
        await refusal(`azureBilling.${command}`, { connection: name }),
        /^connection: 'Sample tenant' sends no token/,
      );
      assert.match(
        await refusal(`azureBilling.${command}`, { connection: 'Nowhere' }),
        /^connection: there is no connection/,
      );
    }
    const report = await test(name);
    assert.equal(report.actor, 'nobody');
    assert.deepEqual(
      report.services.map(({ access }) => access),
      ['full', 'full', 'full'],
    );
    await remove(name);
  });
});

describe('the list of connections', () => {
  const setting = () => vscode.workspace.getConfiguration();

  it('with wrong entries leaves those out and works on with the others', async () => {
    const connected = await connectSample();
    const good = setting().get<unknown[]>('azureBilling.connections', []);
    const wrong = [
      'text',
      null,
      {},
      { name: 'A' },
      { name: 'A', cloud: 'moon', credential: 'editor' },
      { name: 'A', cloud: 'public', credential: 'editor', endpoints: { resourceManager: 'https://evil.example' } },
      { name: connected.name.toUpperCase(), cloud: 'public', credential: 'editor' },
      { name: 'A', cloud: 'public', credential: 'servicePrincipal' },
    ];
    await setting().update('azureBilling.connections', [...good, ...wrong], vscode.ConfigurationTarget.Global);
    assert.equal((await test(connected.name)).services[0]?.access, 'full');
    assert.match(await refusal('azureBilling.testConnection', { connection: 'A' }), /there is no connection 'A'/);
    // What is wrong stays as it was typed, until its owner corrects it.
    await add({ name: 'Another', cloud: 'public', credential: 'azureCli' });
    await remove('Another');
    assert.deepEqual(setting().get('azureBilling.connections'), [...good, ...wrong]);
    await setting().update('azureBilling.connections', good, vscode.ConfigurationTarget.Global);
    await connected.remove();
  });

  it('cannot be set by a workspace', async () => {
    await assert.rejects(
      Promise.resolve(setting().update('azureBilling.connections', [], vscode.ConfigurationTarget.Workspace)),
      /workspace/i,
    );
  });
});
