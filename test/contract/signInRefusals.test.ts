import assert from 'node:assert/strict';
import { BillingError } from '../../src/api/http/errors.ts';
import { readRefusal } from '../../src/signIn/refusal.ts';
import { refusalError } from '../../src/signIn/refusalTexts.ts';
import type { WayOfSignIn } from '../../src/signIn/wayOfSignIn.ts';
import { type SignInBench, startSignInBench, tokenRequest } from '../support/signInService/bench.ts';
import { entraError } from '../support/signInService/entraShape.ts';
import { type StubAnswer, startStubService } from '../support/stubService.ts';

describe('a refusal of the sign-in service', () => {
  let bench: SignInBench;
  before(async () => {
    bench = await startSignInBench();
  });
  after(() => bench.close());

  const app = () =>
    bench.credential({
      credential: 'servicePrincipal',
      tenant: bench.home.id,
      clientId: bench.home.app.clientId,
      proof: async () => ({ secret: bench.home.app.secret }),
    });

  async function failure(credential = app()): Promise<BillingError> {
    const error = await credential.getToken(tokenRequest()).then(
      () => assert.fail('there was a token'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof BillingError);
    return error;
  }

  const PERSON = "User account 'kim.lee@partner.example' from identity provider 'https://sts.example/' is";

  const MET: readonly [number: number, error: string, words: string, message: RegExp, advice: RegExp][] = [
    [50076, 'interaction_required', 'You must use MFA.', /asks for multifactor authentication/, /signs in a user/],
    [50079, 'interaction_required', 'Register for MFA.', /asks for multifactor authentication/, /signs in a user/],
    [
      50020,
      'invalid_grant',
      `${PERSON} not there.`,
      /^The account is not a user of the tenant .* \(tenantId\)/,
      /guest/,
    ],
    [65001, 'invalid_grant', 'No consent.', /nobody has consented that the app .* \(clientId\)/, /grant consent/],
    [700016, 'unauthorized_client', 'No app.', /^The app .* is unknown in the tenant/, /Check clientId and tenantId/],
    [7000215, 'invalid_client', 'Invalid secret.', /^The client secret is not one of the app/, /not its id/],
    [7000222, 'invalid_client', 'Expired secret.', /^The client secret of the app .* has expired/, /Make a new one/],
    [700027, 'invalid_client', 'Bad certificate.', /^The certificate is not one of the app/, /Add the certificate/],
    [90002, 'invalid_request', 'No tenant.', /^There is no such tenant/, /Correct tenantId/],
    [53003, 'interaction_required', 'Blocked.', /^A Conditional Access policy of the tenant/, /policy allows/],
    [50173, 'invalid_grant', 'Revoked.', /^The sign-in has ended/, /signs in a user/],
    [700082, 'invalid_grant', 'Expired.', /^The sign-in has ended/, /signs in a user/],
    [7000218, 'invalid_client', 'No assertion.', /may not sign in users without a secret/, /public client flows/],
    [50105, 'invalid_grant', 'Not assigned.', /^The account is not assigned to the app/, /assign it/],
    [500011, 'invalid_resource', 'No principal.', /service that the token is for is unknown/, /cloud and endpoints/],
    [90033, 'temporarily_unavailable', 'Busy.', /^The sign-in service is busy/, /some minutes/],
  ];
  for (const [number, error, words, message, advice] of MET) {
    it(`AADSTS${number} becomes one sentence and what to do`, async () => {
      const sent = entraError(number, error, words);
      bench.service.refuse(sent);
      const given = await failure();
      assert.equal(given.kind, 'signIn');
      assert.match(given.message, message);
      assert.match(given.message, new RegExp(`\\(AADSTS${number}\\)\\.$`));
      assert.match(given.advice ?? '', advice);
      assert.equal(given.code, `AADSTS${number}`);
      assert.deepEqual([given.correlationId, given.requestId], [sent.correlation_id, sent.trace_id]);
      assert.ok(!given.explanation.includes('@'));
      assert.equal(given.cause, undefined);
    });
  }

  it('with a number that nobody knows quotes its first sentence, without names and secrets', async () => {
    const words = `${PERSON} odd because of ${'a1B2'.repeat(12)} and eyJhbGciOi.J9. Another sentence.`;
    bench.service.refuse(entraError(123456, 'invalid_grant', words));
    const { message, code } = await failure();
    assert.equal(code, 'AADSTS123456');
    assert.match(message, /^The sign-in service refused with AADSTS123456: User account '…'.* odd because of … and …/);
    assert.doesNotMatch(message, /@|eyJ|a1B2|Trace ID/);
  });

  it('that is busy may be tried again; the others may not', async () => {
    bench.service.refuse(entraError(90033, 'temporarily_unavailable', 'Busy.'), { status: 503 });
    assert.equal((await failure()).retryable, true);
    bench.service.refuse(entraError(7000215, 'invalid_client', 'Invalid.'), { status: 401 });
    assert.equal((await failure()).retryable, false);
  });

  it('is asked for once: repeating is for the call that needs the token', async () => {
    const before = bench.service.requests.length;
    bench.service.refuse(entraError(90033, 'temporarily_unavailable', 'Busy.'), { status: 503, times: 1 });
    await failure();
    assert.equal(bench.service.requests.length, before + 1);
  });

  describe('that is none', () => {
    const at = (authority: string) =>
      bench.credentialAt(authority, {
        credential: 'servicePrincipal',
        tenant: 'contoso.example',
        clientId: 'app',
        proof: async () => ({ secret: 'secret' }),
      });

    it('because nothing listens, names the host', async () => {
      const { kind, message, call } = await failure(at('https://127.0.0.1:9'));
      assert.equal(kind, 'unreachable');
      assert.match(message, /^Sign-in failed: nothing listens at 127\.0\.0\.1:9/);
      assert.equal(call, undefined);
    });

    const ODD: readonly [title: string, answer: StubAnswer, expected: object][] = [
      [
        'because a proxy shows its own page',
        (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in to the network'),
        { kind: 'signIn', code: 'HTTP 200', message: /something that is no answer to a sign-in/, advice: /the proxy/ },
      ],
      [
        'because a gateway broke',
        (_, response) => response.writeHead(502).end('<html>Bad gateway'),
        { kind: 'signIn', code: 'HTTP 502', message: 'The sign-in service answered with HTTP 502.', retryable: true },
      ],
      [
        'because it is too much',
        (_, response) => response.writeHead(429, { 'retry-after': '3600' }).end(),
        { kind: 'signIn', code: 'HTTP 429', retryable: true },
      ],
      [
        'because its JSON is cut short',
        (_, response) => response.writeHead(200).end('{"issuer": "https://'),
        { kind: 'signIn', code: 'HTTP 200' },
      ],
      [
        'because the connection breaks in the middle',
        (_, response) => {
          response.writeHead(200, { 'content-length': '100' }).write('{');
          setImmediate(() => response.destroy());
        },
        { kind: 'unreachable', message: /^Sign-in failed: /, retryable: true },
      ],
      [
        'because it never ends',
        (_, response) => response.writeHead(200).end(Buffer.alloc(2 * 1024 * 1024, ' ')),
        { kind: 'malformed', message: /more than tokens need/ },
      ],
    ];
    for (const [title, answer, expected] of ODD) {
      it(`${title}, says so`, async () => {
        const service = await startStubService(answer, bench.tls.server);
        try {
          await assert.rejects(at(service.base).getToken(tokenRequest()), expected);
          assert.equal(service.requests.length, 1);
        } finally {
          await service.close();
        }
      });
    }

    it('is never read as a refusal', () => {
      for (const text of ['', '<html>', '[]', '7', '{"error":{"code":"x"}}', '{"message":"x"}']) {
        assert.equal(readRefusal(text), undefined);
      }
    });
  });

  it('gives each way of signing in its own advice', () => {
    const refusal = readRefusal(JSON.stringify(entraError(50076, 'interaction_required', 'MFA.'))) ?? assert.fail();
    const advice = (credential: WayOfSignIn['credential'], tenant?: string) =>
      refusalError(refusal, { credential, tenant, clientId: undefined }).advice;
    assert.equal(advice('azureCli'), 'Run "az login" in a terminal, then try again.');
    assert.equal(
      advice('azureCli', 'contoso.example'),
      'Run "az login --tenant contoso.example" in a terminal, then try again.',
    );
    assert.match(advice('deviceCode') ?? '', /Azure Billing: Sign In/);
    assert.match(advice('default') ?? '', /e\.g\. "az login"/);
  });
});
