import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Connection, ConnectionReport } from '../../src/contributions.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { HostControl, installAuthExtension } from '../support/authExtension/control.ts';
import { type Guard, startGuard } from '../support/authExtension/guard.ts';
import type { Workbench } from '../support/editor/page.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

const ADA = 'ada@harbourlight.example';
const BEA = 'bea@harbourlight.example';
const APP = '11111111-2222-4333-8444-555555555555';

describe('connections as a person adds, uses and leaves them', () => {
  let folder: string;
  let service: SampleService;
  let guard: Guard;
  let session: UiSession;
  let window: Workbench;
  let host: HostControl;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-connections-'));
    service = await startSampleService({ now: new Date('2026-11-21T12:00:00Z'), customers: 12, usageRows: 4_000 });
    guard = await startGuard(service);
    host = new HostControl(folder);
    const workspace = path.join(folder, 'workspace');
    mkdirSync(path.join(workspace, '.vscode'), { recursive: true });
    const stolen = {
      name: 'Stolen',
      cloud: 'custom',
      credential: 'none',
      endpoints: { resourceManager: 'http://127.0.0.1:9' },
    };
    writeFileSync(
      path.join(workspace, '.vscode/settings.json'),
      JSON.stringify({ 'azureBilling.connections': [stolen], 'azureBilling.documents.format': 'ndjson' }),
    );
    session = await startUiSession({
      vsix: vsixFile,
      workspace,
      prepare: (extensionsDir) => installAuthExtension(path.join(folder, 'authExtension'), extensionsDir),
      environment: { AZURE_BILLING_EXPLORER_TEST_PROVIDER: 'abx-test', ABX_CONTROL_FILE: host.file },
    });
    window = await session.open();
  });

  after(async () => {
    await session?.close();
    await guard?.close();
    await service?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const allow = async (): Promise<void> => {
    const dialog = window.page.locator('.monaco-dialog-box');
    await dialog.filter({ hasText: /sign in (again )?using Test Accounts/ }).waitFor();
    await dialog.getByRole('button', { name: 'Allow' }).click();
    await dialog.waitFor({ state: 'hidden' });
  };
  const title = (step: string) => window.quickInput.getByText(`Add Connection (${step})`).waitFor();
  const row = (text: RegExp) =>
    window.page.locator('.part.sidebar [role="treeitem"]').filter({ hasText: text }).first();

  it('asks one thing after the other, and goes back', async () => {
    await window.openView('Azure Billing');
    await window.runCommand('Azure Billing: Add Connection…');
    await title('1/4');
    const clouds = await window.quickPickChoices();
    assert.deepEqual(
      clouds.map((choice) => choice.split(',')[0]),
      ['Azure', 'Azure US Government', 'Azure in China (21Vianet)', 'Another address'],
    );
    await window.screenshot('add-connection-cloud');
    await window.quickPick('Azure US Government');
    await title('2/4');
    assert.doesNotMatch((await window.quickPickChoices()).join('\n'), /No sign-in/);
    await window.quickInput.getByRole('button', { name: 'Back' }).click();
    await title('1/4');
    await window.quickPick('Another address');
    await title('2/8');
    await window.screenshot('add-connection-sign-in');
    await window.quickPick("The editor's Microsoft account");
  });

  it('says what is wrong with an address before it is taken', async () => {
    await title('3/9');
    await window.inputBox('https://management.azure.com');
    await window.quickInput.getByText(/belongs to Azure; set cloud to 'public' instead/).waitFor();
    await window.screenshot('add-connection-wrong-address');
    await window.inputBox(guard.base);
    await title('4/9');
    await window.inputBox('');
    await title('5/9');
    await window.inputBox('');
    await title('6/9');
    await window.inputBox('https://127.0.0.1:9');
  });

  it('lists the tenants of the account when the person signs in for it', async () => {
    await title('7/9');
    await window.quickPick(/^Sign in to list the tenants…/);
    await allow();
    await title('7/9');
    await window.quickInput.getByRole('option', { name: /^Harbourlight Cloud Partners/ }).waitFor();
    await window.screenshot('add-connection-tenants');
    await window.quickPick('Harbourlight Cloud Partners');
    await title('8/9');
    await window.inputBox('');
    await title('9/9');
    await window.inputBox('Gateway');
    await window.notification(/'Gateway': Sees \d+ billing accounts?, \d+ under a partner agreement\./).waitFor();
    await window.screenshot('add-connection-done');
  });

  it('shows the partner in the tree, with tokens of the chosen tenant and no secret in the settings', async () => {
    await window.expand('Gateway', { level: 1 });
    await window.treeItem('Harbourlight Cloud Partners', { level: 2 }).waitFor();
    const last = guard.callers.at(-1);
    assert.equal(last?.tid, service.tenant.directory.partnerTenantId);
    const settings = readFileSync(path.join(session.editor.dataDir, 'data/Machine/settings.json'), 'utf8');
    assert.match(settings, /"Gateway"/);
    assert.doesNotMatch(settings, /harbourlight\.example|eyJ/);
  });

  it('a workspace adds nothing', async () => {
    assert.equal(await host.setting('azureBilling.documents.format'), 'ndjson', 'its settings are read');
    const names = await host.setting<{ name: string }[]>('azureBilling.connections');
    assert.deepEqual(
      names.map(({ name }) => name),
      ['Gateway'],
    );
    assert.equal(await row(/^Stolen/).count(), 0);
  });

  it('tells what the sign-in can see', async () => {
    await window.runCommand('Azure Billing: Test Connection…');
    await window.quickPick('Gateway');
    const [first = ''] = await window.editorText();
    assert.equal(first, "What can 'Gateway' see?");
    await window.screenshot('connection-report');
    const report = await host.command<ConnectionReport>('azureBilling.testConnection', { connection: 'gateway' });
    assert.equal(report.connection, 'Gateway');
    assert.equal(report.signedIn, true);
    assert.equal(report.actor, 'user');
    assert.deepEqual(
      report.services.map(({ service: name, access }) => [name, access]),
      [
        ['resourceManager', 'full'],
        ['partnerCenter', 'absent'],
        ['graph', 'absent'],
      ],
    );
    assert.ok(report.accounts.some(({ permissions = 0 }) => permissions > 0));
  });

  it('signs out: nothing is sent, and the row signs in again', async () => {
    assert.equal(await host.command('azureBilling.signOut', { connection: 'Gateway' }), true);
    await row(/^Sign in…/).waitFor();
    const before = guard.callers.length;
    await window.runCommand('Azure Billing: Refresh');
    await row(/^Sign in…/).waitFor();
    assert.equal(guard.callers.length, before);
    await window.screenshot('sign-in-row');
    await window.setTheme('light');
    await window.screenshot('sign-in-row-light');
    await window.setTheme('highContrast');
    await window.screenshot('sign-in-row-high-contrast');
    await window.setTheme('dark');
    await row(/^Sign in…/).click();
    await allow();
    await window.quickPick(ADA);
    await window.treeItem('Harbourlight Cloud Partners', { level: 2 }).waitFor();
  });

  it('switches to another account by command only', async () => {
    const [ada] = guard.callers.slice(-1);
    await host.next(BEA);
    await host.command('azureBilling.signOut', { connection: 'Gateway' });
    await row(/^Sign in…/).waitFor();
    await row(/^Sign in…/).click();
    await allow();
    await window.quickPick(/another account/);
    await window.treeItem('Harbourlight Cloud Partners', { level: 2 }).waitFor();
    assert.notEqual(guard.callers.at(-1)?.oid, ada?.oid);
  });

  it('does not take another account when its own is gone', async () => {
    await host.signOut(BEA);
    await row(/^Sign in…/).waitFor();
    const before = guard.callers.length;
    await window.runCommand('Azure Billing: Refresh');
    await row(/^Sign in…/).waitFor();
    assert.equal(guard.callers.length, before);
    await host.next(ADA);
    await row(/^Sign in…/).click();
    await allow();
    await window.quickPick(ADA);
    await window.treeItem('Harbourlight Cloud Partners', { level: 2 }).waitFor();
  });

  it('reads never ask a person', async () => {
    const asked = await host.asked();
    const before = asked.filter(({ how }) => how === 'person').length;
    await window.runCommand('Azure Billing: Refresh');
    await window.treeItem('Harbourlight Cloud Partners', { level: 2 }).waitFor();
    await host.command('azureBilling.testConnection', { connection: 'Gateway' });
    const after = (await host.asked()).filter(({ how }) => how === 'person').length;
    assert.equal(after, before);
  });

  it('answers a claims challenge: silently in vain, then by the person', async () => {
    guard.demand('{"access_token":{"acrs":{"essential":true,"value":"c1"}}}');
    await window.runCommand('Azure Billing: Refresh');
    await row(/^Sign in…\s?The service demands more of the sign-in/).waitFor();
    await window.screenshot('sign-in-row-claims');
    await row(/^Sign in…/).click();
    await allow();
    await window.treeItem('Harbourlight Cloud Partners', { level: 2 }).waitFor();
    await row(/^Sign in…/).waitFor({ state: 'hidden' });
  });

  it('shows the questions in dark and in high contrast', async () => {
    for (const [theme, name] of [
      ['dark', 'add-connection-sign-in-dark'],
      ['highContrast', 'add-connection-sign-in-high-contrast'],
    ] as const) {
      await window.setTheme(theme);
      await window.runCommand('Azure Billing: Add Connection…');
      await window.quickPick('Azure');
      await title('2/4');
      await window.screenshot(name);
      await window.page.keyboard.press('Escape');
      await window.quickInput.waitFor({ state: 'hidden' });
    }
  });

  it('a second connection with an app of its own asks for Partner Center with that app', async () => {
    await host.command('azureBilling.addConnection', {
      name: 'Partner',
      cloud: 'custom',
      credential: 'editor',
      tenantId: service.tenant.directory.partnerTenantId,
      clientId: APP,
      endpoints: { resourceManager: guard.base, partnerCenter: guard.base, authority: 'https://127.0.0.1:9' },
    });
    const scopes = (await host.asked()).flatMap((asked) => asked.scopes);
    assert.ok(!scopes.includes(`VSCODE_CLIENT_ID:${APP}`));
    const signingIn = host.command<boolean>('azureBilling.signIn', { connection: 'Partner' });
    await allow();
    assert.equal(await signingIn, true);
    const report = await host.command<ConnectionReport>('azureBilling.testConnection', { connection: 'Partner' });
    assert.equal(report.services.find(({ service: name }) => name === 'partnerCenter')?.access, 'full');
    assert.equal(guard.callers.find(({ path: asked }) => asked.startsWith('/v1/customers'))?.appid, APP);
    await host.command('azureBilling.removeConnection', { connection: 'Partner' });
  });

  it('keeps the secret of an app in the secret storage only, over a new name, and forgets it with the connection', async () => {
    const secret = 'Zq8~7hT.not-a-real-secret';
    await window.runCommand('Azure Billing: Add Connection…');
    await window.quickPick('Another address');
    await title('2/8');
    await window.quickPick('Service principal');
    for (const [step, answer] of [
      ['3/11', guard.base],
      ['4/11', ''],
      ['5/11', ''],
      ['6/11', 'https://127.0.0.1:9'],
      ['7/11', 'contoso.example'],
      ['8/11', APP],
    ] as const) {
      await title(step);
      await window.inputBox(answer);
    }
    await title('9/11');
    await window.quickPick('Client secret');
    await title('10/11');
    const input = window.quickInput.locator('input').first();
    assert.equal(await input.getAttribute('type'), 'password');
    await input.fill(secret);
    await window.screenshot('add-connection-secret');
    await window.page.keyboard.press('Enter');
    await title('11/11');
    await window.inputBox('Robot');
    await window.notification(/'Robot': /).waitFor();

    const why = async (connection: string) => {
      const report = await host.command<ConnectionReport>('azureBilling.testConnection', { connection });
      return report.services[0]?.summary ?? '';
    };
    const kept = await why('Robot');
    await host.command('azureBilling.editConnection', { connection: 'Robot', changes: { name: 'Automation' } });
    assert.equal((await why('Automation')).replace('Automation', 'Robot'), kept);
    const files = readdirSync(session.editor.dataDir, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    assert.ok(files.length > 5);
    for (const file of files) {
      const bytes = readFileSync(path.join(file.parentPath, file.name));
      assert.ok(!bytes.includes(secret) && !bytes.includes(Buffer.from(secret, 'utf16le')), file.name);
    }
    const removed = await host.command<Connection>('azureBilling.removeConnection', { connection: 'Automation' });
    await host.command('azureBilling.addConnection', removed);
    assert.notEqual((await why('Automation')).replace('Automation', 'Robot'), kept, 'there is no secret any more');
    await host.command('azureBilling.removeConnection', { connection: 'Automation' });
  });

  it('stays open, and asks nobody again, while other connections come, change and go', async () => {
    await window.expand('Harbourlight Cloud Partners', { level: 2 });
    const customers = window.treeItem('Customers', { level: 3 });
    const before = guard.callers.length;
    const other = { cloud: 'custom', credential: 'none', endpoints: { resourceManager: 'http://127.0.0.1:9' } };
    await host.command('azureBilling.addConnection', { name: 'Other', ...other });
    await window.treeItem('Other', { level: 1 }).waitFor();
    await customers.waitFor();
    await host.command('azureBilling.editConnection', { connection: 'Other', changes: { name: 'Another' } });
    await window.treeItem('Another', { level: 1 }).waitFor();
    await customers.waitFor();
    await host.command('azureBilling.removeConnection', { connection: 'Another' });
    await window.treeItem('Another', { level: 1 }).waitFor({ state: 'detached' });
    await customers.waitFor();
    assert.equal(guard.callers.length, before);
  });

  it('logs neither a token nor a secret, an account or a customer', async () => {
    await window.expand('Harbourlight Cloud Partners', { level: 2 });
    await window.expand('Customers', { level: 3 });
    const customer = 'Emberstone Ferries';
    await window.treeItem(customer).waitFor();
    const logs = path.join(session.editor.dataDir, 'data/logs');
    const own = readdirSync(logs, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('Azure Billing.log'),
    );
    const text = own.map((file) => readFileSync(path.join(logs, file), 'utf8')).join('\n');
    assert.match(text, /\[Gateway\] GET /);
    assert.doesNotMatch(text, /eyJ|harbourlight\.example|bearer|not-a-real-secret/i);
    assert.ok(!text.includes(customer));
  });
});
