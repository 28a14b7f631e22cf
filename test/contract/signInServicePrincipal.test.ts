import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { isLocked, opensKey } from '../../src/signIn/appCertificate.ts';
import type { AppProof } from '../../src/signIn/credentialSpec.ts';
import {
  AUDIENCE,
  claimsIn,
  type SignInBench,
  startSignInBench,
  tokenRequest,
} from '../support/signInService/bench.ts';
import { makeAppIdentity } from '../support/tls.ts';

describe('signing in as an app', () => {
  let bench: SignInBench;
  before(async () => {
    bench = await startSignInBench();
  });
  after(() => bench.close());

  const app = (proof: AppProof | undefined, clientId = bench.home.app.clientId, tenant = bench.home.id) =>
    bench.credential({ credential: 'servicePrincipal', tenant, clientId, proof: async () => proof });

  it('with a secret gives a token for the audience in the tenant', async () => {
    const { secret } = bench.home.app;
    const before = Date.now();
    const { token, expiresOn } = await app({ secret }).getToken(tokenRequest());
    const { aud, tid, idtyp, exp } = claimsIn(token);
    assert.deepEqual([aud, tid, idtyp], [AUDIENCE, bench.home.id, 'app']);
    assert.ok(expiresOn > before + 3500_000 && expiresOn <= Number(exp) * 1000 + 1000, 'expires with the token');
    const { scope, client_id } = bench.service.requests.at(-1)?.form ?? {};
    assert.match(scope ?? '', /^https:\/\/management\.example\/\.default\b/);
    assert.equal(client_id, bench.home.app.clientId);
  });

  it('with a certificate gives one, and the private key stays here', async () => {
    const { clientId, pem } = bench.home.certificateApp;
    const { token } = await app({ certificate: pem }, clientId).getToken(tokenRequest());
    assert.equal(claimsIn(token).client_id, clientId);
    const { form } = bench.service.requests.at(-1) ?? {};
    assert.equal(form?.client_secret, undefined);
    const assertion = form?.client_assertion ?? '';
    assert.equal(claimsIn(assertion).sub, clientId);
    assert.ok(!JSON.stringify(form).includes('PRIVATE KEY'));
  });

  for (const type of ['pkcs8', 'pkcs1'] as const) {
    it(`with a certificate whose key is encrypted (${type}) takes its password`, async () => {
      const { clientId, pem } = bench.home.certificateApp;
      const encryption = { format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open' } as const;
      const key = createPrivateKey(pem).export({ type, ...encryption });
      const certificate = pem.slice(0, pem.indexOf('-----BEGIN PRIVATE')) + key;
      assert.deepEqual([isLocked(pem), isLocked(certificate)], [false, true]);
      assert.deepEqual([opensKey(certificate, 'shut'), opensKey(certificate, 'open')], [false, true]);
      assert.ok((await app({ certificate, password: 'open' }, clientId).getToken(tokenRequest())).token);
      await assert.rejects(app({ certificate, password: 'shut' }, clientId).getToken(tokenRequest()), {
        code: 'badCertificate',
        message: /private key/,
      });
    });
  }

  it('reads the secret each time: one that was changed counts at once', async () => {
    let secret = 'old';
    const changing = bench.credential({
      credential: 'servicePrincipal',
      tenant: bench.home.id,
      clientId: bench.home.app.clientId,
      proof: async () => ({ secret }),
    });
    await assert.rejects(changing.getToken(tokenRequest()), { code: 'AADSTS7000215' });
    secret = bench.home.app.secret;
    assert.ok((await changing.getToken(tokenRequest())).token);
  });

  it('asks the sign-in service each time, so that a refused token is not given again', async () => {
    const credential = app({ secret: bench.home.app.secret });
    const tokens = [await credential.getToken(tokenRequest()), await credential.getToken(tokenRequest())];
    assert.notEqual(tokens[0]?.token, tokens[1]?.token);
  });

  it('answers a claims challenge with a token that has the claims', async () => {
    const credential = app({ secret: bench.home.app.secret });
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
    assert.equal(claimsIn((await credential.getToken(tokenRequest())).token).acrs, undefined);
    const { token } = await credential.getToken(tokenRequest({ claims }));
    assert.equal(claimsIn(token).acrs, 'c1');
    // Clients that can be challenged say so.
    assert.deepEqual(claimsIn(token).xms_cc, ['cp1']);
  });

  it('in another tenant asks that one, with its own answer', async () => {
    const credential = app({ secret: bench.other.app.secret }, bench.other.app.clientId);
    const { token } = await credential.getToken(tokenRequest({ tenant: bench.other.id }));
    assert.equal(claimsIn(token).tid, bench.other.id);
    await assert.rejects(credential.getToken(tokenRequest()), { code: 'AADSTS700016' });
  });

  it('does not ask whether the public cloud knows the authority', async () => {
    bench.sent.length = 0;
    await app({ secret: bench.home.app.secret }).getToken(tokenRequest());
    assert.deepEqual(
      bench.sent.map(({ method, origin, path }) => `${method} ${origin}${path.split('?')[0]}`),
      [
        `GET ${bench.service.authority}/${bench.home.id}/v2.0/.well-known/openid-configuration`,
        `POST ${bench.service.authority}/${bench.home.id}/oauth2/v2.0/token`,
      ],
    );
  });

  describe('without a good proof says what is wrong', () => {
    const CASES: readonly [title: string, proof: () => AppProof | undefined, code: string, message: RegExp][] = [
      ['nothing kept', () => undefined, 'noSecret', /No secret or certificate of the app .* is kept/],
      ['another secret', () => ({ secret: 'wrong' }), 'AADSTS7000215', /The client secret is not one of the app/],
      ['no certificate', () => ({ certificate: 'text' }), 'badCertificate', /has no certificate in it/],
      [
        'no key',
        () => ({ certificate: bench.home.certificateApp.pem.replace(/-----BEGIN PRIVATE.*$/s, '') }),
        'badCertificate',
        /no private key/,
      ],
      [
        'the key of another certificate',
        () => ({
          certificate: bench.home.certificateApp.pem.replace(/-----BEGIN PRIVATE.*$/s, makeAppIdentity().key),
        }),
        'badCertificate',
        /belongs to another certificate/,
      ],
      [
        'a key that is not RSA',
        () => ({ certificate: bench.tls.server.cert + bench.tls.server.key }),
        'badCertificate',
        /not an RSA key/,
      ],
    ];
    for (const [title, proof, code, message] of CASES) {
      it(title, () =>
        assert.rejects(app(proof()).getToken(tokenRequest()), { name: 'BillingError', kind: 'signIn', code, message }),
      );
    }

    it('a certificate that the app does not have', async () => {
      const { key, cert } = makeAppIdentity();
      const credential = app({ certificate: cert + key }, bench.home.certificateApp.clientId);
      await assert.rejects(credential.getToken(tokenRequest()), {
        code: 'AADSTS700027',
        message: /The certificate is not/,
      });
    });
  });

  it('in a tenant that there is not names it and the field', () =>
    assert.rejects(app({ secret: 'x' }, undefined, 'nobody.example').getToken(tokenRequest()), {
      kind: 'signIn',
      code: 'AADSTS90002',
      message: 'There is no such tenant: nobody.example (tenantId) (AADSTS90002).',
      advice: /Correct tenantId/,
    }));

  it('in what is no tenant at all sends nothing', async () => {
    bench.sent.length = 0;
    await assert.rejects(app({ secret: 'x' }, undefined, '../evil').getToken(tokenRequest()), {
      code: 'invalidTenant',
    });
    assert.equal(bench.sent.length, 0);
  });

  it('ends at once when it is cancelled, before and in the middle', async () => {
    const { secret } = bench.home.app;
    const credential = app({ secret });
    bench.sent.length = 0;
    const reason = new Error('collapsed');
    await assert.rejects(credential.getToken(tokenRequest({ signal: AbortSignal.abort(reason) })), reason);
    assert.equal(bench.sent.length, 0);

    const held = bench.service.hold();
    const cancel = new AbortController();
    const waiting = credential.getToken(tokenRequest({ signal: cancel.signal }));
    await held.waiting;
    cancel.abort(reason);
    await assert.rejects(waiting, reason);
    assert.equal(bench.sent.at(-1)?.signal.aborted, true);
    held.release();
  });

  it('is an app, not a user', () => assert.equal(app({ secret: 'x' }).actor, 'app'));

  it('refuses an authority that tokens must not be asked of', () => {
    for (const authority of [
      'http://127.0.0.1:1',
      'https://user:word@login.example',
      'login.example',
      'https://a/?b=c',
    ]) {
      assert.throws(
        () =>
          bench.credentialAt(authority, {
            credential: 'servicePrincipal',
            tenant: 't',
            clientId: 'c',
            proof: async () => undefined,
          }),
        { kind: 'argument', message: /^endpoints\.authority: / },
      );
    }
  });
});
