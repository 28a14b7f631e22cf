import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BillingError } from '../../src/api/http/errors.ts';
import { useIdentityPluginAt } from '../../src/signIn/identityPlugin.ts';
import { type FakeAz, putAzOnPath } from '../support/fakeAz/fakeAz.ts';
import {
  AUDIENCE,
  claimsIn,
  type SignInBench,
  startSignInBench,
  tokenRequest,
} from '../support/signInService/bench.ts';
import { startStubService } from '../support/stubService.ts';

const HOME = '11111111-1111-4111-8111-111111111111';

describe('signing in with what the machine has', function () {
  this.timeout(60_000);
  let bench: SignInBench;
  let az: FakeAz;
  let environment: NodeJS.ProcessEnv;
  before(async () => {
    bench = await startSignInBench();
  });
  after(() => bench.close());
  beforeEach(function () {
    if (process.platform === 'win32') {
      this.skip();
    }
    environment = { ...process.env };
    az = putAzOnPath({ kind: 'notSignedIn' });
  });
  afterEach(() => {
    az.remove();
    for (const name of Object.keys(process.env)) {
      delete process.env[name];
    }
    Object.assign(process.env, environment);
  });

  const machine = (tenant?: string) => bench.credential({ credential: 'default', tenant });

  it('finds an app in the environment, and asks the authority of the connection for it', async () => {
    Object.assign(process.env, {
      AZURE_TENANT_ID: bench.home.id,
      AZURE_CLIENT_ID: bench.home.app.clientId,
      AZURE_CLIENT_SECRET: bench.home.app.secret,
      // Of another cloud; the connection's counts.
      AZURE_AUTHORITY_HOST: 'https://login.elsewhere.example',
    });
    const { token } = await machine().getToken(tokenRequest());
    assert.equal(claimsIn(token).client_id, bench.home.app.clientId);
    assert.equal(machine().actor, 'unknown');
  });

  it('tells of an app in the environment that is refused', async () => {
    Object.assign(process.env, {
      AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential',
      AZURE_TENANT_ID: bench.home.id,
      AZURE_CLIENT_ID: bench.home.app.clientId,
      AZURE_CLIENT_SECRET: 'wrong',
    });
    await assert.rejects(machine().getToken(tokenRequest()), { kind: 'signIn', code: 'AADSTS7000215' });
  });

  it('finds the Azure CLI', async () => {
    process.env.AZURE_TOKEN_CREDENTIALS = 'dev';
    az.set({ kind: 'signedIn', account: 'kim.lee@partner.example', tenants: [HOME], lifetime: 3600 });
    assert.equal((await machine(HOME).getToken(tokenRequest())).token, `az-token-for-${AUDIENCE}-in-${HOME}`);
  });

  it('finds a managed identity at the address that the platform tells', async () => {
    const expires = Math.floor(Date.now() / 1000) + 3600;
    const platform = await startStubService((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          access_token: 'identity-token',
          expires_on: String(expires),
          resource: AUDIENCE,
          token_type: 'Bearer',
        }),
      );
    });
    try {
      Object.assign(process.env, {
        AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
        IDENTITY_ENDPOINT: `${platform.base}/token`,
        IDENTITY_HEADER: 'header-of-the-platform',
      });
      assert.equal((await machine().getToken(tokenRequest())).token, 'identity-token');
      assert.equal(platform.requests[0]?.headers['x-identity-header'], 'header-of-the-platform');
    } finally {
      await platform.close();
    }
  });

  it('says so when there is nothing', async () => {
    process.env.AZURE_TOKEN_CREDENTIALS = 'dev';
    process.env.PATH = join(process.env.PATH?.split(':')[0] ?? '');
    await assert.rejects(machine(HOME).getToken(tokenRequest()), {
      kind: 'signIn',
      code: 'noCredential',
      message: 'None of the sign-ins that this machine may have gave a token.',
      advice: new RegExp(`"az login --tenant ${HOME}"`),
    });
  });

  it('says when the environment names a way that there is not', async () => {
    process.env.AZURE_TOKEN_CREDENTIALS = 'Pigeon';
    await assert.rejects(machine().getToken(tokenRequest()), {
      code: 'invalidEnvironment',
      advice: /set it to dev or prod/,
    });
  });

  describe('with a plug-in package', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'identity-plugin-'));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    function install(version: string, code: string, name = '@azure/identity-vscode'): { name: string; from: string[] } {
      const place = join(folder, 'node_modules', name);
      mkdirSync(place, { recursive: true });
      writeFileSync(
        join(place, 'package.json'),
        JSON.stringify({ name, version, type: 'module', exports: { '.': './index.js' } }),
      );
      writeFileSync(join(place, 'index.js'), code);
      return { name, from: [join(folder, 'elsewhere'), folder] };
    }

    it('uses the account of the Azure Resources extension', async () => {
      const record = join(folder, 'authRecord.json');
      writeFileSync(
        record,
        JSON.stringify({
          authority: 'login.microsoftonline.com',
          homeAccountId: 'person.tenant',
          tenantId: bench.home.id,
          username: 'kim.lee@partner.example',
          clientId: 'app',
          version: '1.0',
        }),
      );
      const plugin = install(
        '2.0.0',
        `export function vsCodePlugin({ vsCodeCredentialControl }) {
          vsCodeCredentialControl.setVSCodeAuthRecordPath(${JSON.stringify(record)});
          vsCodeCredentialControl.setVSCodeBroker({
            isBrokerAvailable: true,
            setLogger() {},
            async getAllAccounts() { return []; },
            async acquireTokenSilent(request) {
              return {
                accessToken: 'broker-token-for-' + request.scopes.join(' '),
                expiresOn: new Date(Date.now() + 3_600_000),
                account: { homeAccountId: 'person.tenant', environment: 'login.microsoftonline.com', tenantId: 't', username: 'u', localAccountId: 'l' },
                tokenType: 'Bearer',
                scopes: request.scopes,
              };
            },
          });
        }`,
      );
      process.env.AZURE_TOKEN_CREDENTIALS = 'VisualStudioCodeCredential';
      const credential = bench.credential({ credential: 'default', tenant: bench.home.id, plugin });
      const { token } = await credential.getToken(tokenRequest());
      assert.match(token, new RegExp(`^broker-token-for-${AUDIENCE}/\\.default`));
      assert.deepEqual(await useIdentityPluginAt(plugin), { used: true, name: plugin.name, version: '2.0.0' });
    });

    const REFUSED: readonly [title: string, install: () => { name: string; from: string[] }, reason: RegExp][] = [
      ['that is missing', () => ({ name: '@azure/identity-vscode', from: [folder] }), /is not installed\.$/],
      [
        'of the first generation',
        () => install('1.0.1', 'export const vsCodePlugin = () => {};'),
        /1\.0\.1 is too old; 2\.0\.0/,
      ],
      [
        'of another kind',
        () => install('2.1.0', 'export const other = 1;', 'other-plugin'),
        /other-plugin 2\.1\.0 has no vsCodePlugin/,
      ],
      [
        'that breaks',
        () => install('2.2.0', 'throw new Error("no native part");'),
        /cannot be loaded \(no native part\)/,
      ],
    ];
    for (const [title, place, reason] of REFUSED) {
      it(`${title} is told, and no error`, async () => {
        const state = await useIdentityPluginAt(place());
        assert.equal(state.used, false);
        assert.match(state.used ? '' : state.reason, reason);
      });
    }

    it('that is refused is named where no sign-in gives a token; one that is missing is not', async () => {
      process.env.AZURE_TOKEN_CREDENTIALS = 'dev';
      process.env.PATH = '';
      const adviceWith = async (plugin: { name: string; from: string[] }) => {
        const failed = bench.credential({ credential: 'default', tenant: bench.home.id, plugin });
        const error: unknown = await failed.getToken(tokenRequest()).catch((caught: unknown) => caught);
        assert.ok(error instanceof BillingError);
        return error.advice ?? '';
      };
      assert.match(await adviceWith(install('1.0.1', '')), /"\. \S+ 1\.0\.1 is too old; 2\.0\.0 or newer is needed\.$/);
      assert.doesNotMatch(await adviceWith({ name: 'no-such-plugin', from: [folder] }), /no-such-plugin/);
    });
  });
});
