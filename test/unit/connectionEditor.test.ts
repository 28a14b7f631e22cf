import assert from 'node:assert/strict';
import { EditorCredential, type EditorCredentialOptions } from '../../src/accounts/editorCredential.ts';
import { editorProvider } from '../../src/accounts/editorProvider.ts';
import { expiryOf } from '../../src/accounts/tokenPayload.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import type { TokenRequest } from '../../src/signIn/credential.ts';

type Authentication = EditorCredentialOptions['authentication'];
type Session = NonNullable<Awaited<ReturnType<Authentication['getSession']>>>;

const ADA = { id: 'ada', label: 'ada@harbourlight.example' };
const BEA = { id: 'bea', label: 'bea@harbourlight.example' };
const ARM = 'https://management.azure.com';
const PARTNER = 'https://api.partnercenter.microsoft.com';
const APP = '11111111-2222-4333-8444-555555555555';

/** The editor's API as its documentation describes it, with what was asked of it. */
class Editor {
  readonly asked: { scopes: unknown; options: Record<string, unknown> }[] = [];
  accounts = [ADA];
  /** What the next reads and questions bring. */
  answer: (options: Record<string, unknown>, scopes: unknown) => Session | undefined = () => undefined;
  #listener: (change: { provider: { id: string; label: string } }) => void = () => undefined;

  readonly authentication = {
    getSession: async (_provider: string, scopes: unknown, options: Record<string, unknown> = {}) => {
      this.asked.push({ scopes, options });
      return this.answer(options, scopes);
    },
    getAccounts: async () => this.accounts,
    onDidChangeSessions: (listener: Editor['changed']) => {
      this.#listener = (change) => listener(change);
      return { dispose: () => undefined };
    },
  } as unknown as Authentication;

  changed = (change: { provider: { id: string; label: string } }): void => this.#listener(change);
}

const sessionOf = (account = ADA, accessToken = `token of ${account.id}`): Session => ({
  id: '1',
  accessToken,
  account,
  scopes: [],
});

const request = (more: Partial<TokenRequest> = {}): TokenRequest => ({
  audience: ARM,
  tenant: undefined,
  claims: undefined,
  signal: new AbortController().signal,
  ...more,
});

function credentialOf(editor: Editor, more: Partial<EditorCredentialOptions> = {}) {
  const state: { account: string | undefined; changes: number } = { account: undefined, changes: 0 };
  const credential = new EditorCredential({
    authentication: editor.authentication,
    provider: () => 'microsoft',
    connection: 'Partner',
    tenantId: 'contoso.example',
    clientId: APP,
    ownApp: new Set([PARTNER]),
    needsOwnApp: PARTNER,
    account: {
      get: () => state.account,
      set: (id) => {
        state.account = id;
      },
    },
    onAccountChange: () => {
      state.changes++;
    },
    ...more,
  });
  return { credential, state };
}

const isSignIn = (code: string | undefined) => (error: unknown) =>
  error instanceof BillingError && error.kind === 'signIn' && error.code === code;

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("the editor's account as a credential", () => {
  it('reads silently, with the tenant in the scopes and the own app for Partner Center only', async () => {
    const editor = new Editor();
    editor.answer = () => sessionOf();
    const { credential } = credentialOf(editor);
    assert.equal((await credential.getToken(request())).token, 'token of ada');
    await credential.getToken(request({ audience: PARTNER, tenant: 'other.example' }));
    assert.deepEqual(
      editor.asked.map(({ scopes }) => scopes),
      [
        [`${ARM}/.default`, 'VSCODE_TENANT:contoso.example'],
        [`${PARTNER}/.default`, 'VSCODE_TENANT:other.example', `VSCODE_CLIENT_ID:${APP}`],
      ],
    );
    assert.ok(editor.asked.every(({ options }) => options.silent === true && !('createIfNone' in options)));
  });

  it('nobody is signed in: that is said, and nobody is asked', async () => {
    const editor = new Editor();
    const { credential } = credentialOf(editor);
    await assert.rejects(credential.getToken(request()), isSignIn('notSignedIn'));
    assert.equal(editor.asked.length, 1);
  });

  it('stays with its account, and takes no other when that one is gone', async () => {
    const editor = new Editor();
    editor.answer = () => sessionOf(ADA);
    const { credential, state } = credentialOf(editor);
    await credential.getToken(request());
    assert.equal(state.account, 'ada');
    await credential.getToken(request());
    assert.equal(editor.asked.at(-1)?.options.account, ADA);
    editor.accounts = [BEA];
    editor.answer = () => sessionOf(BEA);
    await assert.rejects(credential.getToken(request()), isSignIn('notSignedIn'));
    assert.equal(editor.asked.length, 2, 'the editor was not asked for anybody else');
  });

  it('tells when the account changes, and not when other extensions sign in', async () => {
    const editor = new Editor();
    editor.answer = () => sessionOf(ADA);
    const { credential, state } = credentialOf(editor);
    const change = { provider: { id: 'microsoft', label: 'Microsoft' } };
    editor.changed(change);
    await settled();
    assert.equal(editor.asked.length, 0, 'nothing is read before anybody wanted a token');
    await credential.getToken(request());
    editor.changed(change);
    await settled();
    editor.changed({ provider: { id: 'github', label: 'GitHub' } });
    await settled();
    assert.equal(state.changes, 0);
    editor.accounts = [];
    editor.changed(change);
    await settled();
    assert.equal(state.changes, 1);
  });

  it('a claims challenge is read silently by the header, then asked of the person', async () => {
    const editor = new Editor();
    editor.answer = () => sessionOf();
    const { credential } = credentialOf(editor);
    await credential.getToken(request());
    const claims = '{"access_token":{"acrs":{"value":"c1"}}}';
    editor.answer = () => undefined;
    await assert.rejects(credential.getToken(request({ claims })), isSignIn('notSignedIn'));
    const asked = editor.asked.at(-1)?.scopes as { wwwAuthenticate: string; fallbackScopes: string[] };
    const [, base64 = ''] = /claims="([^"]+)"/.exec(asked.wwwAuthenticate) ?? [];
    assert.equal(Buffer.from(base64, 'base64').toString(), claims);
    assert.deepEqual(asked.fallbackScopes, [`${ARM}/.default`, 'VSCODE_TENANT:contoso.example']);

    editor.answer = () => sessionOf(ADA, 'better');
    await credential.signIn(request());
    assert.deepEqual(editor.asked.at(-1)?.scopes, asked);
    assert.equal(editor.asked.at(-1)?.options.account, ADA);
    assert.ok('createIfNone' in (editor.asked.at(-1)?.options ?? {}));
  });

  it('an editor whose provider takes no challenges makes a new session', async () => {
    const editor = new Editor();
    editor.answer = () => sessionOf();
    const { credential } = credentialOf(editor);
    await credential.getToken(request());
    editor.answer = (_, scopes) => {
      if (!Array.isArray(scopes)) {
        throw new Error("The authentication provider 'microsoft' does not support getting sessions from challenges.");
      }
      return sessionOf();
    };
    await assert.rejects(credential.getToken(request({ claims: '{}' })), isSignIn('notSignedIn'));
    await credential.signIn(request());
    assert.ok('forceNewSession' in (editor.asked.at(-1)?.options ?? {}));
  });

  it('signs in: asks for whom when nobody is known, then for the same', async () => {
    const editor = new Editor();
    editor.answer = () => sessionOf(ADA);
    const { credential, state } = credentialOf(editor);
    await credential.signIn(request());
    assert.equal(editor.asked.at(-1)?.options.clearSessionPreference, true);
    assert.equal(state.account, 'ada');
    await credential.signIn(request());
    assert.equal(editor.asked.at(-1)?.options.account, ADA);
  });

  it('who gives up signing in is told nothing', async () => {
    const editor = new Editor();
    editor.answer = () => {
      throw new Error('User did not consent to login.');
    };
    const { credential } = credentialOf(editor);
    await assert.rejects(credential.signIn(request()), { name: 'AbortError' });
  });

  it('Partner Center without an own app is refused before anybody is asked', async () => {
    const editor = new Editor();
    const { credential } = credentialOf(editor, { clientId: undefined });
    await assert.rejects(credential.getToken(request({ audience: PARTNER })), isSignIn('ownAppNeeded'));
    await assert.rejects(credential.signIn(request({ audience: PARTNER })), isSignIn('ownAppNeeded'));
    assert.equal(editor.asked.length, 0);
  });

  it('who stops waiting is let go although the editor is not done', async () => {
    const editor = new Editor();
    const stop = new AbortController();
    const { credential } = credentialOf(editor, {
      authentication: { ...editor.authentication, getSession: () => new Promise(() => undefined) } as Authentication,
    });
    const asked = credential.getToken(request({ signal: stop.signal }));
    stop.abort(new Error('enough'));
    await assert.rejects(asked, /enough/);
  });

  it('a failure of the editor names the connection, and neither token nor account', async () => {
    const editor = new Editor();
    editor.answer = () => {
      throw new Error('request for ada@harbourlight.example failed, token eyJabc');
    };
    const { credential } = credentialOf(editor);
    await assert.rejects(credential.getToken(request()), (error: unknown) => {
      assert.ok(error instanceof BillingError);
      assert.match(error.explanation, /'Partner'/);
      assert.doesNotMatch(error.explanation, /harbourlight|eyJ/);
      return true;
    });
  });
});

describe('which sign-in of the editor serves a connection', () => {
  const none = { environment: undefined, customEnvironment: undefined };
  const connection = (cloud: 'public' | 'usGovernment' | 'china' | 'custom') => ({
    name: 'A',
    cloud,
    credential: 'editor' as const,
    ...(cloud === 'custom'
      ? { endpoints: { resourceManager: 'https://arm.example', authority: 'https://login.example' } }
      : {}),
  });
  const custom = (activeDirectoryEndpointUrl: unknown) => ({
    environment: 'custom',
    customEnvironment: { activeDirectoryEndpointUrl },
  });

  it('the public cloud needs no setting, and none changes it', () => {
    assert.equal(editorProvider(connection('public'), custom('https://evil.example')), 'microsoft');
  });

  it('the others need the setting of their cloud', () => {
    const id = 'microsoft-sovereign-cloud';
    assert.equal(editorProvider(connection('usGovernment'), { ...none, environment: 'USGovernment' }), id);
    assert.equal(editorProvider(connection('china'), { ...none, environment: 'ChinaCloud' }), id);
    assert.equal(editorProvider(connection('custom'), custom('https://login.example/')), id);
  });

  for (const [cloud, settings, advice] of [
    ['usGovernment', none, /environment to 'USGovernment'/],
    ['usGovernment', { ...none, environment: 'ChinaCloud' }, /environment to 'USGovernment'/],
    ['china', custom('https://login.chinacloudapi.cn'), /environment to 'ChinaCloud'/],
    ['custom', none, /activeDirectoryEndpointUrl .* https:\/\/login\.example\./],
    ['custom', custom('https://login.example.evil'), /activeDirectoryEndpointUrl/],
    ['custom', custom(7), /activeDirectoryEndpointUrl/],
    ['custom', { environment: 'custom', customEnvironment: null }, /activeDirectoryEndpointUrl/],
  ] as const) {
    it(`${cloud} with ${JSON.stringify(settings)} is refused with the setting`, () => {
      assert.throws(
        () => editorProvider(connection(cloud), settings),
        (error: unknown) =>
          error instanceof BillingError && error.code === 'otherCloud' && advice.test(error.advice ?? ''),
      );
    });
  }
});

describe('when a token is asked for again', () => {
  const jwt = (payload: unknown) => `x.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.y`;

  it('is its exp', () => assert.equal(expiryOf(jwt({ exp: 1_800_000_000 }), 0), 1_800_000_000_000));

  for (const token of ['', 'opaque', 'a.b.c', jwt(null), jwt({ exp: 'soon' }), jwt([]), jwt({})]) {
    it(`is soon where nothing tells it: ${token.slice(0, 12)}`, () => assert.equal(expiryOf(token, 1000), 301_000));
  }
});
