import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { createCredential } from '../../src/signIn/createCredential.ts';
import { type AzState, type FakeAz, putAzOnPath } from '../support/fakeAz/fakeAz.ts';
import { AUDIENCE, tokenRequest } from '../support/signInService/bench.ts';

const HOME = '11111111-1111-4111-8111-111111111111';
const GUEST = '22222222-2222-4222-8222-222222222222';
const SIGNED_IN: AzState = {
  kind: 'signedIn',
  account: 'kim.lee@partner.example',
  tenants: [HOME, GUEST],
  lifetime: 3600,
};

describe('signing in through the Azure CLI', function () {
  // It is a program that starts anew for each token.
  this.timeout(30_000);
  let az: FakeAz;

  beforeEach(function () {
    if (process.platform === 'win32') {
      this.skip();
    }
    az = putAzOnPath(SIGNED_IN);
  });
  afterEach(() => az.remove());

  const cli = (tenant?: string) =>
    createCredential(
      { credential: 'azureCli', tenant },
      {
        authority: 'https://login.example',
        transport: { send: () => assert.fail('az has its own way to the network'), close: async () => undefined },
      },
    );

  it('asks it for a token for the audience in the tenant', async () => {
    const { token, expiresOn } = await cli(GUEST).getToken(tokenRequest());
    assert.equal(token, `az-token-for-${AUDIENCE}-in-${GUEST}`);
    assert.ok(expiresOn > Date.now() + 3500_000);
    assert.deepEqual(az.calls(), [
      ['account', 'get-access-token', '--output', 'json', '--resource', AUDIENCE, '--tenant', GUEST],
    ]);
  });

  it('takes the tenant of az where none is named, and another one on demand', async () => {
    assert.match((await cli().getToken(tokenRequest())).token, new RegExp(`${HOME}$`));
    assert.match((await cli(HOME).getToken(tokenRequest({ tenant: GUEST }))).token, new RegExp(`${GUEST}$`));
  });

  it('bears a warning beside the answer', async () => {
    az.set({ ...SIGNED_IN, warning: 'A new release is there.' });
    assert.ok((await cli().getToken(tokenRequest())).token);
  });

  it('knows not whether it is a user', () => assert.equal(cli().actor, 'unknown'));

  describe('says what to do', () => {
    const FAILURES: readonly [
      title: string,
      state: AzState,
      expected: { code: string; message: RegExp; advice: RegExp },
    ][] = [
      [
        'when nobody is signed in',
        { kind: 'notSignedIn' },
        {
          code: 'azNotSignedIn',
          message: /^The Azure CLI has no sign-in that is good for this\.$/,
          advice: new RegExp(`^Run "az login --tenant ${HOME}" in a terminal`),
        },
      ],
      [
        'when the account is none of the tenant',
        { ...SIGNED_IN, tenants: [GUEST] },
        {
          code: 'AADSTS50020',
          message: /^The account is not a user of the tenant .* \(tenantId\)/,
          advice: /as a guest/,
        },
      ],
      [
        'when the tenant is unknown',
        {
          kind: 'fails',
          message: `AADSTS90002: Tenant '${HOME}' not found. Correlation ID: 0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9`,
        },
        { code: 'AADSTS90002', message: /^There is no such tenant/, advice: /tenantId/ },
      ],
      [
        'when multifactor authentication is needed',
        {
          kind: 'fails',
          message: `AADSTS50076: you must use multi-factor authentication.\nInteractive authentication is needed. Please run:\naz login --tenant "${HOME}"`,
        },
        { code: 'azNotSignedIn', message: /no sign-in that is good/, advice: /^Run "az login --tenant/ },
      ],
      [
        'when the cloud of az is another one',
        {
          kind: 'fails',
          message: 'AADSTS500011: The resource principal named https://management.example was not found.',
        },
        { code: 'AADSTS500011', message: /the service that the token is for is unknown/, advice: /az cloud show/ },
      ],
    ];
    for (const [title, state, expected] of FAILURES) {
      it(title, async () => {
        az.set(state);
        await assert.rejects(cli(HOME).getToken(tokenRequest()), { name: 'BillingError', kind: 'signIn', ...expected });
      });
    }

    it('when it fails in a way that nobody knows, without names of people', async () => {
      az.set({ kind: 'fails', message: 'The cache of kim.lee@partner.example is broken.\nTraceback' });
      await assert.rejects(cli().getToken(tokenRequest()), (error: Error) => {
        assert.match(error.message, /^There is no token: ERROR: The cache of … is broken\.$/);
        return true;
      });
    });

    it('when the service demands more of the sign-in', async () => {
      const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
      await assert.rejects(cli(HOME).getToken(tokenRequest({ claims })), {
        code: 'claimsChallenge',
        message: 'The service demands more of the sign-in than the Azure CLI has.',
        advice: `Run "az login --claims-challenge ${Buffer.from(claims).toString('base64')} --scope ${AUDIENCE}/.default --tenant ${HOME}" in a terminal, then try again.`,
      });
    });

    it('when it is not installed', async () => {
      const { PATH } = process.env;
      process.env.PATH = '/nowhere';
      try {
        await assert.rejects(cli().getToken(tokenRequest()), {
          code: 'azNotFound',
          message: /^The Azure CLI \(az\) was not/,
        });
      } finally {
        process.env.PATH = PATH;
      }
    });
  });

  it('does not wait for an az that does not answer when it is cancelled', async () => {
    az.set({ kind: 'silent' });
    const reason = new Error('collapsed');
    const cancel = new AbortController();
    const waiting = cli().getToken(tokenRequest({ signal: cancel.signal }));
    waiting.catch(() => undefined);
    while (az.calls().length === 0) {
      await delay(20);
    }
    cancel.abort(reason);
    await assert.rejects(waiting, reason);
  });

  it('passes nothing to it that is not a tenant', async () => {
    await assert.rejects(async () => cli('a b; rm').getToken(tokenRequest()), { code: 'invalidTenant' });
    assert.deepEqual(az.calls(), []);
  });
});
