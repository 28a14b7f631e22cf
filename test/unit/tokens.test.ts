import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BillingError } from '../../src/api/http/errors.ts';
import type { TokenDemand } from '../../src/api/http/token.ts';
import { claimsOf } from '../../src/signIn/challenge.ts';
import type { AccessToken, Credential, TokenRequest } from '../../src/signIn/credential.ts';
import { Tokens } from '../../src/signIn/tokens.ts';
import { FastClock } from '../support/fastClock.ts';

const ARM = 'https://management.example';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
const CHALLENGE = `Bearer error="insufficient_claims", claims="${Buffer.from(CLAIMS).toString('base64')}"`;

/** A credential that counts, and answers when it is told to where `held` is set. */
class CountingCredential implements Credential {
  readonly actor = 'user';
  readonly requests: TokenRequest[] = [];
  lifetime = HOUR;
  refreshAfter: number | undefined;
  failure: Error | undefined;
  held: Promise<void> | undefined;
  readonly #clock: FastClock;

  constructor(clock: FastClock) {
    this.#clock = clock;
  }

  async getToken(request: TokenRequest): Promise<AccessToken> {
    this.requests.push(request);
    const number = this.requests.length;
    const { failure } = this;
    await this.held;
    if (failure !== undefined) {
      throw failure;
    }
    const now = this.#clock.now();
    return {
      token: `t${number}`,
      expiresOn: now + this.lifetime,
      ...(this.refreshAfter === undefined ? {} : { refreshAfter: now + this.refreshAfter }),
    };
  }
}

describe('tokens', () => {
  let clock: FastClock;
  let credential: CountingCredential;
  let tokens: Tokens;
  const demand = (more: Partial<TokenDemand> = {}): TokenDemand => ({ signal: new AbortController().signal, ...more });
  const ask = (more?: Partial<TokenDemand>) => tokens.source(ARM)(demand(more));
  const asked = () => credential.requests.length;
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    credential.held = promise;
    return resolve;
  };

  beforeEach(() => {
    clock = new FastClock();
    credential = new CountingCredential(clock);
    tokens = new Tokens(credential, clock);
  });

  describe('are kept', () => {
    it('by audience and tenant', async () => {
      const sources = [
        tokens.source(ARM),
        tokens.source('https://graph.example'),
        tokens.source(ARM, 'contoso.example'),
      ];
      const first = await Promise.all(sources.map((source) => source(demand())));
      assert.deepEqual(first, ['t1', 't2', 't3']);
      assert.deepEqual(await Promise.all(sources.map((source) => source(demand()))), first);
      assert.deepEqual(
        credential.requests.map(({ audience, tenant }) => [audience, tenant]),
        [
          [ARM, undefined],
          ['https://graph.example', undefined],
          [ARM, 'contoso.example'],
        ],
      );
    });

    it('until five minutes before they expire; then a new one is got behind the old one', async () => {
      await ask();
      clock.pass(HOUR - 5 * MINUTE - 1);
      assert.equal(await ask(), 't1');
      assert.equal(asked(), 1);
      clock.pass(1);
      assert.equal(await ask(), 't1');
      await nextTurn();
      assert.equal(await ask(), 't2');
      assert.equal(asked(), 2);
    });

    it('until the sign-in service wants them renewed', async () => {
      credential.refreshAfter = 12 * HOUR;
      credential.lifetime = 24 * HOUR;
      await ask();
      clock.pass(12 * HOUR - 1);
      await ask();
      assert.equal(asked(), 1);
      clock.pass(1);
      await ask();
      assert.equal(asked(), 2);
    });

    it('for half of their life when it is short', async () => {
      credential.lifetime = 4 * MINUTE;
      await ask();
      clock.pass(2 * MINUTE - 1);
      await ask();
      assert.equal(asked(), 1);
      clock.pass(1);
      await ask();
      assert.equal(asked(), 2);
    });

    it('no longer than they live', async () => {
      await ask();
      clock.pass(HOUR);
      assert.equal(await ask(), 't2');
    });

    it('not when there was none: the next call asks again', async () => {
      credential.failure = new BillingError('signIn', 'Nobody is signed in.');
      await assert.rejects(ask(), { kind: 'signIn' });
      credential.failure = undefined;
      assert.equal(await ask(), 't2');
    });
  });

  describe('a renewal that fails', () => {
    beforeEach(async () => {
      await ask();
      credential.failure = new Error('the sign-in service is away');
    });

    it('is no error while the old token lives, and is tried again after a pause', async () => {
      clock.pass(HOUR - 4 * MINUTE);
      assert.equal(await ask(), 't1');
      await nextTurn();
      assert.equal(await ask(), 't1');
      assert.equal(asked(), 2);
      clock.pass(30_000);
      assert.equal(await ask(), 't1');
      await nextTurn();
      assert.equal(asked(), 3);
    });

    it('is no error in the last seconds either', async () => {
      clock.pass(HOUR - 1000);
      assert.equal(await ask(), 't1');
    });

    it('is one when the token has expired', async () => {
      clock.pass(HOUR);
      await assert.rejects(ask(), /is away/);
    });
  });

  it('a token that is about to expire is waited for', async () => {
    await ask();
    clock.pass(HOUR - 1000);
    assert.equal(await ask(), 't2');
  });

  describe('many who wait', () => {
    it('share one question', async () => {
      const release = hold();
      const waiting = Array.from({ length: 50 }, () => ask());
      release();
      assert.deepEqual(new Set(await Promise.all(waiting)), new Set(['t1']));
      assert.equal(asked(), 1);
    });

    it('share its failure', async () => {
      credential.failure = new BillingError('signIn', 'Nobody is signed in.');
      const results = await Promise.allSettled([ask(), ask()]);
      assert.deepEqual(
        results.map(({ status }) => status),
        ['rejected', 'rejected'],
      );
      assert.equal(asked(), 1);
    });

    it('go on when one of them is cancelled', async () => {
      const release = hold();
      const cancel = new AbortController();
      const cancelled = ask({ signal: cancel.signal });
      const other = ask();
      cancel.abort(new Error('collapsed'));
      await assert.rejects(cancelled, /collapsed/);
      assert.equal(credential.requests[0]?.signal.aborted, false);
      release();
      assert.equal(await other, 't1');
    });

    it('cancel the question when all have left, and the next one asks anew', async () => {
      hold();
      const cancel = new AbortController();
      const waiting = [ask({ signal: cancel.signal }), ask({ signal: cancel.signal })];
      cancel.abort(new Error('collapsed'));
      for (const left of waiting) {
        await assert.rejects(left, /collapsed/);
      }
      assert.equal(credential.requests[0]?.signal.aborted, true);
      credential.held = undefined;
      assert.equal(await ask(), 't2');
    });

    it('ask nothing when they are cancelled already', async () => {
      await assert.rejects(ask({ signal: AbortSignal.abort(new Error('gone')) }), /gone/);
      assert.equal(asked(), 0);
    });
  });

  describe('a refusal', () => {
    const later = () => clock.pass(10 * MINUTE);

    it('with claims gets a token for them', async () => {
      await ask();
      assert.equal(await ask({ challenge: CHALLENGE, refused: 't1' }), 't2');
      assert.deepEqual(
        credential.requests.map(({ claims }) => claims),
        [undefined, CLAIMS],
      );
      assert.equal(await ask(), 't2');
    });

    it('with claims, of many calls at once, is answered once', async () => {
      await ask();
      const answers = await Promise.all(Array.from({ length: 5 }, () => ask({ challenge: CHALLENGE, refused: 't1' })));
      assert.deepEqual(new Set(answers), new Set(['t2']));
      assert.equal(await ask({ challenge: CHALLENGE, refused: 't1' }), 't2');
      assert.equal(asked(), 2);
    });

    it('with the claims that the token was just got for stands', async () => {
      await ask();
      await ask({ challenge: CHALLENGE, refused: 't1' });
      assert.equal(await ask({ challenge: CHALLENGE, refused: 't2' }), 't2');
      assert.equal(asked(), 2);
      later();
      assert.equal(await ask({ challenge: CHALLENGE, refused: 't2' }), 't3');
    });

    it('with claims that nobody can meet is an error of the sign-in, and the old token is gone', async () => {
      await ask();
      credential.failure = new BillingError('signIn', 'Multifactor authentication is needed.');
      await assert.rejects(ask({ challenge: CHALLENGE, refused: 't1' }), { kind: 'signIn' });
      credential.failure = undefined;
      assert.equal(await ask(), 't3');
    });

    it('of a token that was kept gets another one', async () => {
      await ask();
      later();
      assert.equal(await ask({ challenge: 'Bearer error="invalid_token"', refused: 't1' }), 't2');
      assert.equal(await ask(), 't2');
    });

    it('of a token that was just got stands', async () => {
      await ask();
      assert.equal(await ask({ challenge: '', refused: 't1' }), 't1');
      assert.equal(asked(), 1);
    });

    it('of a token that was renewed meanwhile asks nobody', async () => {
      await ask();
      later();
      await ask({ challenge: '', refused: 't1' });
      assert.equal(await ask({ challenge: '', refused: 't1' }), 't2');
      assert.equal(asked(), 2);
    });
  });

  describe('clearing', () => {
    it('forgets every token', async () => {
      await ask();
      tokens.clear();
      assert.equal(await ask(), 't2');
    });

    it('tells who waits that the sign-in ended, and cancels the question', async () => {
      hold();
      const waiting = ask();
      await nextTurn();
      tokens.clear();
      await assert.rejects(waiting, { kind: 'signIn', code: 'signedOut', advice: 'Sign in again.' });
      assert.equal(credential.requests[0]?.signal.aborted, true);
    });

    it('is not undone by an answer that comes late', async () => {
      const source = tokens.source(ARM);
      const release = hold();
      const waiting = source(demand());
      await nextTurn();
      tokens.clear();
      await assert.rejects(waiting);
      release();
      await nextTurn();
      credential.held = undefined;
      assert.equal(await source(demand()), 't2');
    });
  });
});

describe('claims of a challenge', () => {
  const base64 = Buffer.from(CLAIMS).toString('base64');

  const FOUND: readonly [title: string, header: string][] = [
    ['behind the parameters of Azure Resource Manager', CHALLENGE],
    [
      'with every parameter of the platform',
      `Bearer realm="", authorization_uri="https://login.example/common", client_id="0", error="insufficient_claims", claims="${base64}"`,
    ],
    ['with another error', `Bearer error="invalid_token", error_description="revoked, sorry", claims="${base64}"`],
    ['without quotes', `Bearer claims=${base64}`],
    ['in the alphabet for addresses', `Bearer claims="${Buffer.from(CLAIMS).toString('base64url')}"`],
    ['behind another scheme', `PoP nonce="n", Bearer claims="${base64}"`],
    ['with its name in capitals', `bearer CLAIMS="${base64}"`],
    ['behind a text that only looks like them', `Bearer realm="claims=e30=", claims="${base64}"`],
    ['behind a text with a quote in it', `Bearer realm="a \\" claims=e30=", claims="${base64}"`],
  ];
  for (const [title, header] of FOUND) {
    it(title, () => assert.equal(claimsOf(header), CLAIMS));
  }

  const NONE: readonly [title: string, header: string][] = [
    ['no header', ''],
    ['no claims', 'Bearer error="invalid_token"'],
    ['what is no base64 of JSON', 'Bearer claims="????"'],
    ['what is no object', `Bearer claims="${Buffer.from('[1]').toString('base64')}"`],
    ['nothing', 'Bearer claims=""'],
    ["Partner Center's", 'OAuth realm=urn:cpsvc:cpid:sample'],
  ];
  for (const [title, header] of NONE) {
    it(`are none in ${title}`, () => assert.equal(claimsOf(header), undefined));
  }
});
