import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { UserCode } from '../../src/signIn/credentialSpec.ts';
import { Tokens } from '../../src/signIn/tokens.ts';
import { FastClock } from '../support/fastClock.ts';
import {
  AUDIENCE,
  claimsIn,
  type SignInBench,
  startSignInBench,
  tokenRequest,
} from '../support/signInService/bench.ts';
import { entraError } from '../support/signInService/entraShape.ts';

type Show = (code: UserCode, signal: AbortSignal) => Promise<void>;

describe('signing in with a code', () => {
  let bench: SignInBench;
  let shown: UserCode[];
  before(async () => {
    bench = await startSignInBench();
  });
  beforeEach(() => {
    shown = [];
  });
  after(() => bench.close());

  const person = (
    show: Show = approve,
    tenant: string | undefined = bench.home.id,
    clientId = bench.home.publicApp.clientId,
  ) =>
    bench.credential({
      credential: 'deviceCode',
      tenant,
      clientId,
      showCode: async (code, signal) => {
        shown.push(code);
        await show(code, signal);
      },
    });
  const approve: Show = ({ code }) => bench.service.enter(bench.home.id, code, 'approve');
  const never: Show = () => new Promise(() => undefined);
  const codesAsked = () => bench.service.requests.filter(({ path }) => path === '/oauth2/v2.0/devicecode').length;

  async function signedIn() {
    const credential = person();
    await credential.signIn?.(tokenRequest());
    return credential;
  }

  it('shows code, page and tenant, and gives tokens of the person from then on', async () => {
    const credential = await signedIn();
    assert.equal(shown.length, 1);
    assert.match(shown[0]?.code ?? '', /^[A-Z]{4}-[A-Z]{4}$/);
    assert.equal(shown[0]?.address, `${bench.service.authority}/${bench.home.id}/device`);
    assert.equal(shown[0]?.tenant, bench.home.id);
    const { token } = await credential.getToken(tokenRequest());
    const { aud, tid, scp } = claimsIn(token);
    assert.deepEqual([aud, tid, scp], [AUDIENCE, bench.home.id, 'user_impersonation']);
    assert.equal(credential.actor, 'user');
  });

  it('asks nobody when a token is read: who is not signed in is told how to', async () => {
    const before = codesAsked();
    await assert.rejects(person().getToken(tokenRequest()), {
      kind: 'signIn',
      code: 'notSignedIn',
      message: 'Nobody is signed in.',
      advice: 'Run "Azure Billing: Sign In…" and enter the code that it shows.',
    });
    assert.equal(codesAsked(), before);
    assert.deepEqual(shown, []);
  });

  it('serves other audiences without another code', async () => {
    const credential = await signedIn();
    const { token } = await credential.getToken(tokenRequest({ audience: 'https://graph.example' }));
    assert.equal(claimsIn(token).aud, 'https://graph.example');
    assert.equal(shown.length, 1);
  });

  it('does not take the person of one tenant for that of another', async () => {
    const credential = await signedIn();
    await assert.rejects(credential.getToken(tokenRequest({ tenant: bench.other.id })), { code: 'notSignedIn' });
  });

  it('renews an expired token silently', async () => {
    bench.service.lifetime = 1;
    try {
      const credential = await signedIn();
      const first = await credential.getToken(tokenRequest());
      bench.service.lifetime = 3600;
      const second = await credential.getToken(tokenRequest());
      assert.notEqual(second.token, first.token);
      assert.equal(bench.service.requests.at(-1)?.form.grant_type, 'refresh_token');
      assert.equal(shown.length, 1);
    } finally {
      bench.service.lifetime = 3600;
    }
  });

  it('answers a claims challenge silently where the sign-in allows it', async () => {
    const credential = await signedIn();
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
    const { token } = await credential.getToken(tokenRequest({ claims }));
    assert.equal(claimsIn(token).acrs, 'c1');
    assert.equal(shown.length, 1);
  });

  it('that has ended says so, and a new code helps', async () => {
    bench.service.lifetime = 1;
    const credential = await signedIn().finally(() => {
      bench.service.lifetime = 3600;
    });
    bench.service.refuse(entraError(700082, 'invalid_grant', 'The refresh token has expired due to inactivity.'));
    await assert.rejects(credential.getToken(tokenRequest()), {
      kind: 'signIn',
      code: 'AADSTS700082',
      message: /^The sign-in has ended/,
      advice: /Sign In/,
    });
    await credential.signIn?.(tokenRequest());
    assert.ok((await credential.getToken(tokenRequest())).token);
  });

  it('is forgotten on signing out', async () => {
    const credential = await signedIn();
    const tokens = new Tokens(credential, new FastClock());
    const source = tokens.source(AUDIENCE);
    const { signal } = new AbortController();
    await source({ signal });
    await credential.signOut?.();
    tokens.clear();
    await assert.rejects(source({ signal }), { code: 'notSignedIn' });
  });

  it('that is done after signing out leaves nobody signed in', async () => {
    const credential = person(async (code, signal) => {
      await credential.signOut?.();
      await approve(code, signal);
    });
    await credential.signIn?.(tokenRequest());
    await assert.rejects(credential.getToken(tokenRequest()), { code: 'notSignedIn' });
  });

  describe('ends', () => {
    it('when the person declines', () =>
      assert.rejects(
        async () => person(({ code }) => bench.service.enter(bench.home.id, code, 'decline')).signIn?.(tokenRequest()),
        { kind: 'signIn', message: /^The sign-in was declined in the browser/ },
      ));

    it('at once when it is cancelled while the code is on the screen, and the code goes', async () => {
      const reason = new Error('cancelled by the person');
      const cancel = new AbortController();
      let gone: Promise<unknown> | undefined;
      const waiting = person((_, signal) => {
        gone = once(signal, 'abort');
        queueMicrotask(() => cancel.abort(reason));
        return never(shown[0] ?? assert.fail(), signal);
      }).signIn?.(tokenRequest({ signal: cancel.signal }));
      await assert.rejects(async () => waiting, reason);
      await gone;
    });

    it('when the code cannot be shown', () =>
      assert.rejects(
        async () => person(() => Promise.reject(new Error('no window'))).signIn?.(tokenRequest()),
        /no window/,
      ));

    it('when the code ran out', async () => {
      bench.service.refuse(entraError(70020, 'expired_token', 'The device code has expired.'));
      await assert.rejects(async () => person(never).signIn?.(tokenRequest()), {
        message: /^The code was not entered in time/,
      });
    });

    it('when the app is not there, and shows no code', async () => {
      await assert.rejects(async () => person(never, bench.home.id, 'no-such-app').signIn?.(tokenRequest()), {
        code: 'AADSTS700016',
        message: /^The app no-such-app \(clientId\) is unknown in the tenant/,
      });
      assert.deepEqual(shown, []);
    });

    it('when the tenant is not there', () =>
      assert.rejects(async () => person(never, 'nobody.example').signIn?.(tokenRequest()), { code: 'AADSTS90002' }));
  });

  it('the code goes from the screen when the sign-in is done', async () => {
    let gone: Promise<unknown> | undefined;
    await person((code, signal) => {
      gone = once(signal, 'abort');
      return approve(code, signal);
    }).signIn?.(tokenRequest());
    await gone;
  });
});
