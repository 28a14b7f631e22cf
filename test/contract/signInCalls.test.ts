import assert from 'node:assert/strict';
import { listBillingAccounts } from '../../src/api/arm/billingAccounts.ts';
import { listCustomers } from '../../src/api/arm/customers.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import type { TokenSource } from '../../src/api/http/token.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import type { AccessToken, Credential, TokenRequest } from '../../src/signIn/credential.ts';
import { Tokens } from '../../src/signIn/tokens.ts';
import { collect, connect } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import { type SignInBench, startSignInBench } from '../support/signInService/bench.ts';
import { entraError } from '../support/signInService/entraShape.ts';
import { type GuardedService, startGuardedService } from '../support/signInService/guardedService.ts';
import { sendJson, startStubService } from '../support/stubService.ts';

const HOUR = 3600_000;

describe('calls with tokens of the sign-in service', () => {
  let bench: SignInBench;
  let sample: SampleService;
  let guard: GuardedService;
  let clock: FastClock;
  let account: string;
  /** Names of its customers. */
  let all: string[];
  let close: () => Promise<void>;
  let arm: ReturnType<typeof connect>['arm'];

  before(async () => {
    bench = await startSignInBench();
    sample = await startSampleService({ customers: 60, tls: bench.tls.server });
    account = sample.tenant.accounts[0]?.name ?? '';
    const unguarded = connect(sample.endpoints.resourceManager);
    all = (await collect(listCustomers(unguarded.arm, { account }))).map(({ name }) => name);
    await unguarded.close();
  });
  after(async () => {
    await sample.close();
    await bench.close();
  });

  beforeEach(async () => {
    guard = await startGuardedService({
      tls: bench.tls.server,
      ca: bench.tls.authority,
      behind: sample.endpoints.resourceManager,
      publicKey: bench.service.publicKey,
      issuer: bench.service.authority,
    });
    clock = new FastClock();
    const credential = bench.credential({
      credential: 'servicePrincipal',
      tenant: bench.home.id,
      clientId: bench.home.app.clientId,
      proof: async () => ({ secret: bench.home.app.secret }),
    });
    ({ arm, close } = connect(guard.base, {
      clock,
      token: new Tokens(livingAt(credential, clock), clock).source(guard.base),
    }));
  });
  afterEach(async () => {
    await close();
    await guard.close();
  });

  const statuses = () => guard.decisions.map(({ status }) => status);
  const usedTokens = () => [...new Set(guard.decisions.map(({ token }) => token))].length;
  const walk = () => listCustomers(arm, { account });

  it('use one token for a whole walk', async () => {
    assert.equal((await collect(walk())).length, all.length);
    assert.ok(statuses().length > 1);
    assert.equal(usedTokens(), 1);
  });

  it('go on in the middle of a walk when the token is revoked there: no page is lost or doubled', async () => {
    const customers = walk();
    const first = (await customers.nextPage())?.value ?? [];
    guard.revoke();
    clock.pass(10 * 60_000);
    const names = [...first, ...(await collect(customers))].map(({ name }) => name);
    assert.deepEqual(names, all);
    assert.equal(statuses().filter((status) => status === 401).length, 1);
    assert.equal(usedTokens(), 2);
  });

  it('go on in the middle of a walk when claims are demanded there', async () => {
    const customers = walk();
    await customers.nextPage();
    guard.demand({ name: 'acrs', value: 'c1' });
    await collect(customers);
    assert.equal(statuses().filter((status) => status === 401).length, 1);
    const { claims } = bench.service.requests.at(-1)?.form ?? {};
    // Beside what was demanded stands what the client can do.
    assert.deepEqual(JSON.parse(claims ?? '').access_token, {
      acrs: { essential: true, value: 'c1' },
      xms_cc: { values: ['cp1'] },
    });
  });

  it('outlive the token: a new one is got shortly before it expires, and no call is refused', async () => {
    const customers = walk();
    await customers.nextPage();
    clock.pass(HOUR);
    await collect(customers);
    assert.ok(statuses().every((status) => status === 200));
    assert.equal(usedTokens(), 2);
  });

  it('of many at once answer a challenge once', async () => {
    await listBillingAccounts(arm).nextPage();
    guard.demand({ name: 'acrs', value: 'c2' });
    const before = bench.service.requests.length;
    await Promise.all(Array.from({ length: 6 }, () => listBillingAccounts(arm).nextPage()));
    assert.equal(bench.service.requests.length, before + 1);
  });

  it('fail with what the sign-in said when it cannot meet the claims', async () => {
    await listBillingAccounts(arm).nextPage();
    guard.demand({ name: 'acrs', value: 'c3' });
    bench.service.refuse(entraError(50076, 'interaction_required', 'You must use MFA.'));
    await assert.rejects(listBillingAccounts(arm).nextPage(), {
      kind: 'signIn',
      code: 'AADSTS50076',
      message: /^List billing accounts failed: the tenant .* asks for multifactor authentication \(AADSTS50076\)\.$/,
    });
  });

  it('are refused for good when the claims were met and the service still says no', async () => {
    await listBillingAccounts(arm).nextPage();
    guard.demand({ name: 'aud', value: 'never' });
    await assert.rejects(listBillingAccounts(arm).nextPage(), { kind: 'refused', status: 401 });
    assert.deepEqual(statuses(), [200, 401, 401]);
  });

  it('wait for a sign-in service that is busy', async () => {
    bench.service.refuse(entraError(90033, 'temporarily_unavailable', 'Busy.'), { status: 503, times: 2 });
    assert.ok(await listBillingAccounts(arm).nextPage());
    assert.equal(clock.waits.length, 2);
  });

  it('with a token for another audience are refused once, and not again with the same token', async () => {
    const tokens = new Tokens(
      bench.credential({
        credential: 'servicePrincipal',
        tenant: bench.home.id,
        clientId: bench.home.app.clientId,
        proof: async () => ({ secret: bench.home.app.secret }),
      }),
      clock,
    );
    const other = connect(guard.base, { clock, token: tokens.source('https://graph.example') });
    await assert.rejects(listBillingAccounts(other.arm).nextPage(), { status: 401 });
    assert.deepEqual(statuses(), [401]);
    await other.close();
  });
});

describe('a call that is refused with 401', () => {
  const send = async (
    token: TokenSource,
    method: 'GET' | 'POST',
    refuse: (authorization: string | undefined) => boolean,
  ) => {
    const service = await startStubService(({ headers }, response) => {
      const authorization = headers.authorization as string | undefined;
      refuse(authorization)
        ? sendJson(response, 401, { error: { code: 'X', message: 'No.' } }, { 'www-authenticate': 'Bearer a="b"' })
        : sendJson(response, 200, {});
    });
    const { arm, close } = connect(service.base, { token, clock: new FastClock() });
    try {
      const result = await arm.http
        .send({ operation: 'Try', method, address: '/x' }, ({ status }) => status)
        .catch((error: unknown) => error);
      return { result, sent: service.requests.map(({ headers }) => headers.authorization) };
    } finally {
      await close();
      await service.close();
    }
  };

  it('asks once for another token, with the challenge and the refused one, and is sent again whatever it does', async () => {
    const demands: unknown[] = [];
    const { result, sent } = await send(
      async ({ challenge, refused }) => {
        demands.push([challenge, refused]);
        return challenge === undefined ? 'old' : 'new';
      },
      'POST',
      (authorization) => authorization === 'Bearer old',
    );
    assert.equal(result, 200);
    assert.deepEqual(sent, ['Bearer old', 'Bearer new']);
    assert.deepEqual(demands, [
      [undefined, undefined],
      ['Bearer a="b"', 'old'],
    ]);
  });

  it('is final when the other token is refused as well', async () => {
    let number = 0;
    const { result, sent } = await send(
      async () => `t${number++}`,
      'GET',
      () => true,
    );
    assert.equal((result as { status?: number }).status, 401);
    assert.deepEqual(sent, ['Bearer t0', 'Bearer t1']);
  });

  it('is final at once when there is no other token', async () => {
    const { result, sent } = await send(
      async () => 'only',
      'GET',
      () => true,
    );
    assert.equal((result as { status?: number }).status, 401);
    assert.deepEqual(sent, ['Bearer only']);
  });

  it('waits for a sign-in service that is busy, whatever the call does: nothing was sent yet', async () => {
    let asked = 0;
    const { result, sent } = await send(
      async () => {
        if (asked++ === 0) {
          throw new BillingError('signIn', 'The sign-in service is busy.', { retryable: true });
        }
        return 'token';
      },
      'POST',
      () => false,
    );
    assert.equal(result, 200);
    assert.deepEqual(sent, ['Bearer token']);
  });

  it('tells why there is none when the sign-in fails', async () => {
    const { result } = await send(
      async ({ challenge }) => {
        if (challenge !== undefined) {
          throw new Error('the window was closed');
        }
        return 'old';
      },
      'GET',
      () => true,
    );
    assert.equal((result as Error).message, 'Try failed: there is no token (the window was closed).');
  });
});

/** Tokens live by the test's clock, which jumps, while the sign-in service has the real one. */
function livingAt(credential: Credential, clock: FastClock): Credential {
  return {
    actor: credential.actor,
    async getToken(request: TokenRequest): Promise<AccessToken> {
      const { token, expiresOn } = await credential.getToken(request);
      return { token, expiresOn: expiresOn - Date.now() + clock.now() };
    },
  };
}
