import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import type { Workbench } from '../support/editor/page.ts';
import { LeakScanner } from '../support/leakScanner.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { startTrap, type Trap } from '../support/trap.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

const SECRET = 'Wk3~9uQ.not-a-real-secret_either';
const APP = '11111111-2222-4333-8444-555555555555';

/** Everything that a folder could wish to change: where tokens go, who signs in, and over which proxy. */
const wishes = (port: number) => ({
  'azureBilling.connections': [
    { name: 'Stolen', cloud: 'custom', credential: 'none', endpoints: { resourceManager: `http://127.0.0.1:${port}` } },
    {
      name: 'Own',
      cloud: 'custom',
      credential: 'servicePrincipal',
      tenantId: 'evil.example',
      clientId: APP,
      endpoints: { resourceManager: `http://127.0.0.1:${port}`, authority: `https://127.0.0.1:${port}` },
    },
  ],
  'azureBilling.documents.format': 'ndjson',
  'azureBilling.endpoints': { resourceManager: `http://127.0.0.1:${port}` },
  'http.proxy': `http://user:word@127.0.0.1:${port}`,
  'http.proxySupport': 'override',
  'http.proxyAuthorization': 'Basic dXNlcjp3b3Jk',
  'http.noProxy': ['<-loopback>'],
  'http.proxyStrictSSL': false,
  'http.systemCertificates': false,
  'microsoft-sovereign-cloud.environment': 'custom',
  'microsoft-sovereign-cloud.customEnvironment': {
    activeDirectoryEndpointUrl: `https://127.0.0.1:${port}`,
    resourceManagerEndpointUrl: `https://127.0.0.1:${port}`,
  },
});

describe('a folder that nobody trusts', () => {
  let folder: string;
  let service: SampleService;
  let trap: Trap;
  let session: UiSession;
  let window: Workbench;
  let dataDir: string;
  const scanner = new LeakScanner();

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-trust-'));
    service = await startSampleService({ customers: 12, usageRows: 4_000 });
    trap = await startTrap();
    await fetch(`http://127.0.0.1:${trap.port}/`);
    assert.deepEqual(trap.visits.splice(0), ['GET / HTTP/1.1'], 'the trap hears who comes');
    const workspace = path.join(folder, 'workspace');
    mkdirSync(path.join(workspace, '.vscode'), { recursive: true });
    writeFileSync(path.join(workspace, '.vscode/settings.json'), JSON.stringify(wishes(trap.port)));
    session = await startUiSession({
      vsix: vsixFile,
      workspace,
      workspaceTrust: true,
      logLevel: 'trace',
      machineSettings: {
        'azureBilling.connections': [
          {
            name: 'Own',
            cloud: 'custom',
            credential: 'none',
            endpoints: { resourceManager: service.endpoints.resourceManager },
          },
          {
            name: 'Robot',
            cloud: 'custom',
            credential: 'servicePrincipal',
            tenantId: 'contoso.example',
            clientId: APP,
            endpoints: { resourceManager: service.endpoints.resourceManager, authority: 'https://127.0.0.1:9' },
          },
        ],
      },
    });
    dataDir = session.editor.dataDir;
    for (let index = 0; index < service.tenant.directory.customerCount; index++) {
      scanner.add('customer', service.tenant.directory.customerName(index));
    }
    scanner.add('secret', SECRET);
    window = await session.open();
  });

  after(async () => {
    await session?.close();
    await service?.close();
    await trap?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const row = (text: RegExp) =>
    window.page.locator('.part.sidebar [role="treeitem"]').filter({ hasText: text }).first();

  /** Files below the editor's data whose path matches. */
  const filesOf = (pattern: RegExp): string[] =>
    readdirSync(dataDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => pattern.test(file));

  const textOf = (files: readonly string[]): string => files.map((file) => readFileSync(file, 'utf8')).join('\n');

  /** The network report as it is shown. */
  async function networkReport(): Promise<string> {
    await window.runCommand('Azure Billing: Network Report');
    await window.tab(/Network/).waitFor();
    const text = (await window.editorText()).join('\n');
    await window.runCommand('View: Close Editor');
    return text;
  }

  async function assertFolderChangesNothing(): Promise<void> {
    await window.openView('Azure Billing');
    await window.expand('Own', { level: 1 });
    await window.treeItem('Harbourlight Cloud Partners', { level: 2 }).first().waitFor();
    assert.equal(await row(/^Stolen/).count(), 0);
    const report = await networkReport();
    assert.match(report, /Azure Resource Manager/);
    assert.ok(!report.includes(String(trap.port)), report);
    assert.deepEqual(trap.visits, []);
  }

  it('is opened in restricted mode', async () => {
    await window.page.locator('.part.statusbar').getByText('Restricted Mode').waitFor();
  });

  it('opens the tree of the sample tenant, and a document of it', async () => {
    await window.openView('Azure Billing');
    await window.runCommand('Azure Billing: Explore the Sample Tenant');
    await window.expand('Sample tenant', { level: 1 });
    await window.expand('Harbourlight Cloud Partners', { level: 2 });
    await window.expand('Customers', { level: 3 });
    await window.expand('Emberstone Ferries', { level: 4 });
    await window.pressInRow(window.treeItem('Production', { level: 5 }), 'Open Usage…');
    await window.quickPick(/Last month/);
    await window.tab(/^Emberstone Ferries Production usage/).waitFor();
    await window.editorText();
    await window.screenshot('restricted-mode');
    await window.runCommand('View: Close All Editors');
    await window.treeItem('Sample tenant', { level: 1 }).locator('.monaco-tl-twistie').click();
  });

  it('changes no endpoint, no credential and no proxy', assertFolderChangesNothing);

  it('changes none either when it is trusted', async () => {
    await window.runCommand('Workspaces: Manage Workspace Trust');
    await window.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    await window.page.locator('.part.statusbar').getByText('Restricted Mode').waitFor({ state: 'hidden' });
    await window.runCommand('View: Close All Editors');
    await window.reload();
    await assertFolderChangesNothing();
    await window.screenshot('trusted-folder');
  });

  it('keeps the secret of an app out of every file, and out of every storage of the browser', async () => {
    await window.runCommand('Azure Billing: Sign In…');
    await window.quickPick('Robot');
    await window.quickInput.getByText('Sign In: Robot (1/2)').waitFor();
    await window.quickPick('Client secret');
    await window.quickInput.getByText('Sign In: Robot (2/2)').waitFor();
    await window.inputBox(SECRET);
    await window.notification(/Robot|127\.0\.0\.1:9/).waitFor();
    await window.screenshot('sign-in-unreachable');
    // The secret storage of this build of the editor is in memory; that of the desktop is the system's.
    for (const file of filesOf(/./)) {
      const bytes = readFileSync(file);
      assert.ok(!bytes.includes(SECRET) && !bytes.includes(Buffer.from(SECRET, 'utf16le')), file);
    }
    const stored = await window.page.context().storageState({ indexedDB: true });
    assert.ok(stored.origins.length > 0);
    assert.ok(!JSON.stringify(stored).includes(SECRET));
    const tabStorage = await window.page.evaluate(() => JSON.stringify(sessionStorage));
    assert.ok(!tabStorage.includes(SECRET));
  });

  it('leaves no customer, secret or token in the log at trace level, whatever fails', async () => {
    await window.expand('Harbourlight Cloud Partners', { level: 2 });
    await window.expand('Customers', { level: 3 });
    const customer = service.tenant.directory.customerName(0);
    await window.expand('Emberstone Ferries', { level: 4 });
    await window.pressInRow(window.treeItem('Production', { level: 5 }), 'Open Usage…');
    await window.quickPick(/Last month/);
    await window.tab(/^Emberstone Ferries Production usage/).waitFor();
    await window.editorText();
    // The tab is filled anew, in vain.
    service.setFault('403@usageDetails');
    await window.reload();
    await window.notification(/HTTP 403/).waitFor();
    service.setFault(undefined);
    const own = filesOf(/Azure Billing\.log$/);
    const text = textOf(own);
    assert.match(text, /\[info\] \[Own\] GET http/);
    assert.match(text, /\[error\] \[own\] \/.*HTTP 403/i);
    assert.ok(customer !== '' && scanner.known('customer') > 10);
    assert.deepEqual(scanner.found(text), []);
    const all = textOf(filesOf(/\.log$/));
    assert.match(all, /\[trace\]/, 'the editor writes at trace level');
    assert.ok(!all.includes(SECRET));
    assert.doesNotMatch(all, /\bsig=(?!…)[^\s&]{8}/);
  });
});
