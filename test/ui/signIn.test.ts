import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Connection } from '../../src/contributions.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { HostControl, installAuthExtension } from '../support/authExtension/control.ts';
import type { Workbench } from '../support/editor/page.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { type SignInBench, startSignInBench } from '../support/signInService/bench.ts';
import { entraError } from '../support/signInService/entraShape.ts';
import { type GuardedService, startGuardedService } from '../support/signInService/guardedService.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

const PASSWORD = 'not-a-real-password';

describe('signing in as a person sees it', () => {
  let folder: string;
  let bench: SignInBench;
  let service: SampleService;
  let guard: GuardedService;
  let session: UiSession;
  let window: Workbench;
  let host: HostControl;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-sign-in-'));
    bench = await startSignInBench();
    service = await startSampleService({ customers: 12, usageRows: 4_000, tls: bench.tls.server });
    guard = await startGuardedService({
      tls: bench.tls.server,
      ca: bench.tls.authority,
      behind: service.endpoints.resourceManager,
      publicKey: bench.service.publicKey,
      issuer: bench.service.authority,
    });
    host = new HostControl(folder);
    const authority = path.join(folder, 'authority.pem');
    writeFileSync(authority, bench.tls.authority);
    writePems();
    session = await startUiSession({
      vsix: vsixFile,
      workspace: path.join(folder, 'workspace'),
      // A file dialog of the system is not on the page.
      settings: { 'files.simpleDialog.enable': true },
      prepare: (extensionsDir) => installAuthExtension(path.join(folder, 'authExtension'), extensionsDir),
      environment: { ABX_CONTROL_FILE: host.file, NODE_EXTRA_CA_CERTS: authority },
    });
    window = await session.open();
    await window.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await window.openView('Azure Billing');
    await host.command('azureBilling.addConnection', {
      name: 'Code',
      cloud: 'custom',
      credential: 'deviceCode',
      tenantId: bench.home.id,
      clientId: bench.home.publicApp.clientId,
      endpoints: { resourceManager: guard.base, authority: bench.service.authority },
    });
  });

  after(async () => {
    await session?.close();
    await guard?.close();
    await service?.close();
    await bench?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What people have in files: all, a key behind a password, no key, and something else. */
  function writePems(): void {
    const workspace = path.join(folder, 'workspace');
    mkdirSync(workspace);
    const { pem } = bench.home.certificateApp;
    const certificate = pem.slice(0, pem.indexOf('-----BEGIN PRIVATE'));
    const locked = createPrivateKey(pem).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: PASSWORD,
    });
    writeFileSync(path.join(workspace, 'app.pem'), pem);
    writeFileSync(path.join(workspace, 'locked.pem'), `${certificate}${locked}`);
    writeFileSync(path.join(workspace, 'no-key.pem'), certificate);
    writeFileSync(path.join(workspace, 'notes.pem'), 'The certificate is in the other folder.');
  }

  const row = (text: RegExp) =>
    window.page.locator('.part.sidebar [role="treeitem"]').filter({ hasText: text }).first();
  const title = (text: string) => window.quickInput.getByText(text, { exact: true }).waitFor();
  const field = () => window.quickInput.locator('input').first();
  const connectionOf = async (name: string): Promise<Connection | undefined> =>
    (await host.setting<Connection[]>('azureBilling.connections')).find((entry) => entry.name === name);

  /** Begins the sign-in and gives the code on screen. */
  async function codeOnScreen(): Promise<string> {
    await window.runCommand('Azure Billing: Sign In…');
    await window.quickPick('Code');
    await title('Sign In: Code');
    const [first = ''] = await window.quickPickChoices();
    const [code = ''] = /[A-Z]{4}-[A-Z]{4}/.exec(first) ?? [];
    assert.notEqual(code, '', first);
    return code;
  }

  const gone = () => window.quickInput.waitFor({ state: 'hidden' });

  async function choosePem(name: string): Promise<void> {
    await window.quickPick('Certificate');
    await title('Certificate and Private Key');
    await window.quickInput.getByRole('option', { name }).waitFor();
    await window.inputBox(path.join(folder, 'workspace', name));
  }

  describe('with a device code', () => {
    it('sees the code and the page, copies the code, opens the page, and is in', async () => {
      await window.setTheme('dark');
      const code = await codeOnScreen();
      await window.quickInput.getByText(`${bench.service.authority}/${bench.home.id}/device`).waitFor();
      await window.screenshot('device-code', 'busy');
      await window.quickInput.getByRole('option', { name: new RegExp(`^Copy the code ${code},`) }).click();
      await window.page.waitForFunction(`navigator.clipboard.readText().then((text) => text === '${code}')`);
      const context = window.page.context();
      const page = context.waitForEvent('page');
      const asked = context.waitForEvent('request', (request) => request.url().endsWith(`${bench.home.id}/device`));
      await window.quickInput.getByRole('option', { name: /open the page/ }).click();
      await asked;
      await (await page).close();
      await title('Sign In: Code');
      await bench.service.enter(bench.home.id, code, 'approve');
      await gone();
      await window.expand('Code', { level: 1 });
      await window.treeItem('Harbourlight Cloud Partners', { level: 2 }).waitFor();
      assert.deepEqual(await window.notifications(), []);
    });

    it('gives up by closing it, or by the progress beside it', async () => {
      await host.command('azureBilling.signOut', { connection: 'Code' });
      await row(/^Sign in…/).waitFor();
      await window.setTheme('light');
      await codeOnScreen();
      await window.screenshot('device-code-light', 'busy');
      await window.page.keyboard.press('Escape');
      await gone();
      await window.notification('Signing in').waitFor({ state: 'hidden' });
      await codeOnScreen();
      await window.answerNotification("Signing in to 'Code'", 'Cancel');
      await gone();
      await row(/^Sign in…/).waitFor();
      assert.deepEqual(await window.notifications(), []);
    });

    it('hears that the code was not entered in time, or was declined', async () => {
      await window.setTheme('highContrast');
      await codeOnScreen();
      await window.screenshot('device-code-high-contrast', 'busy');
      bench.service.refuse(
        entraError(70020, 'expired_token', 'The provided value for the input parameter device_code has expired.'),
      );
      await gone();
      await window.notification(/The code was not entered in time .* Run "Azure Billing: Sign In…" again/).waitFor();
      await window.screenshot('device-code-expired', 'busy');
      await window.runCommand('Notifications: Clear All Notifications');
      await window.setTheme('dark');
      const code = await codeOnScreen();
      await bench.service.enter(bench.home.id, code, 'decline');
      await gone();
      await window.notification(/The sign-in was declined in the browser/).waitFor();
      await window.runCommand('Notifications: Clear All Notifications');
    });
  });

  describe('as an app with a certificate', () => {
    it('is told what is wrong with a file, and nothing that was answered is lost', async () => {
      await window.runCommand('Azure Billing: Add Connection…');
      await window.quickPick('Another address');
      await title('Add Connection (2/8)');
      await window.quickPick('Service principal');
      for (const [step, answer] of [
        ['3/11', guard.base],
        ['4/11', ''],
        ['5/11', ''],
        ['6/11', bench.service.authority],
        ['7/11', bench.home.id],
        ['8/11', bench.home.certificateApp.clientId],
      ] as const) {
        await title(`Add Connection (${step})`);
        await window.inputBox(answer);
      }
      await title('Add Connection (9/11)');
      await window.screenshot('certificate-kind');
      for (const [file, problem] of [
        ['notes.pem', /has no certificate in it/],
        ['no-key.pem', /has no private key that can be read/],
      ] as const) {
        await choosePem(file);
        await window.notification(problem).waitFor();
        await title('Add Connection (9/11)');
      }
      await window.screenshot('certificate-refused');
      await window.quickPick('Certificate');
      await title('Certificate and Private Key');
      await window.screenshot('certificate-dialog');
      await window.page.keyboard.press('Escape');
      await title('Add Connection (9/11)');
    });

    it('is asked for the password of the key, and signs in', async () => {
      await choosePem('locked.pem');
      await title('Add Connection (10/11)');
      assert.equal(await field().getAttribute('type'), 'password');
      await window.inputBox('wrong');
      await window.quickInput.getByText('The password does not open the private key.').waitFor();
      await window.screenshot('certificate-password');
      await window.inputBox(PASSWORD);
      await title('Add Connection (11/11)');
      await window.inputBox('Robot');
      await window.notification(/'Robot': Sees \d+ billing account/).waitFor();
      await window.runCommand('Notifications: Clear All Notifications');
    });
  });

  describe('and changes a connection by hand', () => {
    const edit = async (name: string, what: string | RegExp): Promise<void> => {
      await window.runCommand('Azure Billing: Edit Connection…');
      await window.quickPick(name);
      await title(`Edit Connection: ${name}`);
      await window.quickPick(what);
    };

    it('finds what is there, goes back, is told what is wrong, and leaves without a change', async () => {
      const before = await connectionOf('Robot');
      await edit('Robot', 'Name');
      await title('Edit Connection: Robot (2/2)');
      assert.equal(await field().inputValue(), 'Robot');
      await field().fill('code');
      await window.quickInput.getByText("name: 'code' is taken already.").waitFor();
      await window.screenshot('edit-connection-taken');
      await window.quickInput.getByRole('button', { name: 'Back' }).click();
      await title('Edit Connection: Robot');
      await window.screenshot('edit-connection');
      await window.quickPick('Tenant');
      await title('Edit Connection: Robot (2/2)');
      assert.equal(await field().inputValue(), bench.home.id);
      await window.inputBox('no tenant');
      await window.quickInput.getByText(/^tenantId: has to be the id of a tenant/).waitFor();
      await window.page.keyboard.press('Escape');
      await gone();
      assert.deepEqual(await connectionOf('Robot'), before);
    });

    it('renames one that is in use, which goes on under its new name', async () => {
      await window.expand('Robot', { level: 1 });
      await edit('Robot', 'Name');
      await title('Edit Connection: Robot (2/2)');
      await window.inputBox('Automation');
      await gone();
      await window.expand('Automation', { level: 1 });
      assert.equal(await window.treeItem('Robot', { level: 1 }).count(), 0);
      assert.equal((await connectionOf('Automation'))?.clientId, bench.home.certificateApp.clientId);
    });

    it('gives another proof in two steps', async () => {
      const account = window.treeItem('Harbourlight Cloud Partners', { level: 2 });
      await account.waitFor();
      await host.command('azureBilling.signOut', { connection: 'Automation' });
      await account.waitFor({ state: 'detached' });
      await edit('Automation', 'Secret or certificate');
      await title('Edit Connection: Automation (2/3)');
      await choosePem('app.pem');
      await account.waitFor();
    });

    it('chooses another way to sign in, and is asked for what that needs only', async () => {
      await edit('Code', 'Sign-in');
      await title('Edit Connection: Code (2/2)');
      await window.quickPick('Azure CLI');
      await gone();
      let changed = await connectionOf('Code');
      while (changed?.credential !== 'azureCli') {
        await window.page.waitForTimeout(100);
        changed = await connectionOf('Code');
      }
      assert.deepEqual([changed.tenantId, changed.clientId], [bench.home.id, undefined]);
      await edit('Code', 'Sign-in');
      await window.quickPick('Service principal');
      await title('Edit Connection: Code (3/5)');
      await window.inputBox(bench.home.app.clientId);
      await title('Edit Connection: Code (4/5)');
      await window.quickInput.getByRole('button', { name: 'Back' }).click();
      await title('Edit Connection: Code (3/5)');
      assert.equal(await field().inputValue(), bench.home.app.clientId);
      await window.page.keyboard.press('Enter');
      await window.quickPick('Client secret');
      await title('Edit Connection: Code (5/5)');
      await window.inputBox(bench.home.app.secret);
      await gone();
      await window.expand('Code', { level: 1 });
      // The first connection of the tree.
      const first = window.page.locator('.part.sidebar [role="treeitem"][aria-level="2"][data-index="1"]');
      await first.filter({ hasText: 'Harbourlight Cloud Partners' }).waitFor();
    });
  });
});
