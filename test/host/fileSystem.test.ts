import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type Connected, connectSample, contentOf, openUsage } from './support.ts';

describe('the azure-billing file system', () => {
  let connected: Connected;
  let uri: vscode.Uri;

  before(async () => {
    connected = await connectSample();
    const main = connected.service.tenant.accounts[0];
    assert.ok(main);
    const first = connected.service.tenant.customers(main).at(0);
    const scope = `/providers/Microsoft.Billing/billingAccounts/${main.name}/customers/${first.name}`;
    uri = await openUsage({
      connection: connected.name,
      scope,
      period: '2026-10',
      format: 'csv',
      label: 'A/B: "c"\u202E',
    });
  });

  after(() => connected.remove());

  it('builds the same content again from the address alone', async () => {
    const first = await contentOf(uri);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const requests = connected.service.counts()['usageDetails.list'] ?? 0;
    const again = vscode.Uri.parse(uri.toString());
    assert.equal(await contentOf(again), first);
    assert.equal(connected.service.counts()['usageDetails.list'], requests + 1);
  });

  it('keeps names from the service out of the path', () => {
    assert.equal(uri.path.split('/').at(-1), 'A B c usage 2026-10.csv');
  });

  it('is read-only', async () => {
    assert.equal(vscode.workspace.fs.isWritableFileSystem('azure-billing'), false);
    await assert.rejects(async () => vscode.workspace.fs.writeFile(uri, new Uint8Array()));
    await assert.rejects(async () => vscode.workspace.fs.delete(uri));
    const stat = await vscode.workspace.fs.stat(uri);
    assert.equal(stat.permissions, vscode.FilePermission.Readonly);
  });

  it('knows no other files', async () => {
    for (const path of ['/', '/notes.txt', '/x.csv.exe']) {
      await assert.rejects(
        async () => vscode.workspace.fs.stat(uri.with({ path })),
        /FileNotFound|EntryNotFound|no such/i,
        path,
      );
    }
  });

  it('explains why a document cannot be built, and builds it when that has passed', async () => {
    const other = uri.with({ path: uri.path.replace('A B c', 'Other') });
    connected.service.setFault('403');
    await assert.rejects(
      async () => contentOf(other),
      /List usage details failed with HTTP 403 RBACAccessDenied.*Admin agent/s,
    );
    connected.service.setFault(undefined);
    assert.match(await contentOf(other), /^date,/);
  });

  it('builds nothing from an address that names no whole period', async () => {
    for (const query of ['', 'from=2026-10-01', 'from=2026-10-01&to=2026-02-30', 'from=2026-10-31&to=2026-10-01']) {
      await assert.rejects(async () => contentOf(uri.with({ query })), /period/, query);
    }
  });

  it('says which connection is missing', async () => {
    await assert.rejects(
      async () => contentOf(uri.with({ authority: 'Elsewhere' })),
      /there is no connection 'elsewhere'/i,
    );
  });
});
