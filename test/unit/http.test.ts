import assert from 'node:assert/strict';
import { adviceFor, BillingError, maskUrl, readFailure } from '../../src/api/http/errors.ts';
import { checkLink, requestTarget } from '../../src/api/http/links.ts';
import { backoff, requestedWait } from '../../src/api/http/retry.ts';

const ORIGINS = ['https://management.azure.com'];

describe('checkLink', () => {
  it('accepts the own host, with and without its default port', () => {
    for (const link of [
      'https://management.azure.com/a?b=c',
      'https://management.azure.com:443/a',
      'https://MANAGEMENT.azure.com/a',
    ]) {
      assert.equal(checkLink(link, ORIGINS).origin, ORIGINS[0]);
    }
  });

  for (const [what, link] of [
    ['another host', 'https://evil.example/a'],
    ['a look-alike host', 'https://management.azure.com.evil.example/a'],
    ['a downgraded scheme', 'http://management.azure.com/a'],
    ['another port', 'https://management.azure.com:8443/a'],
    ['user information', 'https://management.azure.com@evil.example/a'],
    ['user information on the own host', 'https://user:pass@management.azure.com/a'],
    ['a path without a host', '/providers/Microsoft.Billing'],
    ['no address at all', 'next page'],
    ['another protocol', 'file:///etc/passwd'],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => checkLink(link, ORIGINS),
        (error: unknown) => error instanceof BillingError && error.kind === 'unsafeLink' && !error.retryable,
      );
    });
  }

  it('sends path and query exactly as the service wrote them', () => {
    const link = 'https://management.azure.com:443/a/./b%3A?sessiontoken=0:11186&api-version=2018&x=%2f#fragment';
    assert.equal(
      requestTarget(link, checkLink(link, ORIGINS)),
      '/a/./b%3A?sessiontoken=0:11186&api-version=2018&x=%2f',
    );
    assert.equal(
      requestTarget('https://management.azure.com?x=1', new URL('https://management.azure.com?x=1')),
      '/?x=1',
    );
  });
});

describe('requestedWait', () => {
  const NOW = Date.parse('2026-11-21T10:00:00Z');

  it('is the largest of all retry-after headers', () => {
    const headers = {
      'retry-after': '5',
      'x-ms-ratelimit-microsoft.costmanagement-qpu-retry-after': '12',
      'x-ms-ratelimit-microsoft.costmanagement-entity-retry-after': '38',
      'x-ms-ratelimit-microsoft.consumption-retry-after': '7',
    };
    assert.equal(requestedWait(headers, NOW), 38_000);
  });

  it('reads HTTP dates and milliseconds', () => {
    assert.equal(requestedWait({ 'retry-after': 'Sat, 21 Nov 2026 10:00:30 GMT' }, NOW), 30_000);
    assert.equal(requestedWait({ 'retry-after': 'Sat, 21 Nov 2026 09:00:00 GMT' }, NOW), 0);
    assert.equal(requestedWait({ 'x-ms-retry-after-ms': '250' }, NOW), 250);
  });

  it('ignores what is no wait', () => {
    assert.equal(requestedWait({ 'retry-after': 'soon', 'content-length': '99' }, NOW), undefined);
    assert.equal(requestedWait({}, NOW), undefined);
  });

  it('falls back to a wait that doubles', () => {
    assert.deepEqual(
      [0, 1, 2].map((attempt) => backoff(attempt, () => 0)),
      [1000, 2000, 4000],
    );
    assert.equal(
      backoff(0, () => 0.5),
      1250,
    );
  });
});

describe('readFailure', () => {
  const read = (text: string) => readFailure(new TextEncoder().encode(text));

  it('knows the shapes of the services', () => {
    assert.deepEqual(read('{"error":{"code":"RBACAccessDenied","message":"No."}}'), {
      code: 'RBACAccessDenied',
      message: 'No.',
    });
    assert.deepEqual(read('\ufeff{"code":"NotFound","message":"Gone"}'), { code: 'NotFound', message: 'Gone' });
    assert.deepEqual(read('{"Message":"Gateway"}'), { code: undefined, message: 'Gateway' });
    assert.deepEqual(read('{"error":"invalid_client","error_description":"Bad secret"}'), {
      code: 'invalid_client',
      message: 'Bad secret',
    });
    assert.deepEqual(read('{"error":{"code":429,"message":"","details":[{"message":"Slow down"}]}}'), {
      code: '429',
      message: 'Slow down',
    });
  });

  it('survives everything else', () => {
    for (const text of ['', '<html>', '[]', 'null', '{"error":null}', '{"error":{"code":{},"message":[]}}', '7']) {
      assert.deepEqual(read(text), { code: undefined, message: undefined }, text);
    }
  });
});

describe('advice and masking', () => {
  it('prefers the code over the status', () => {
    assert.match(adviceFor(404, 'SubscriptionNotFound') ?? '', /48 hours/);
    assert.match(adviceFor(403, 'SomethingNew') ?? '', /role/);
    assert.match(adviceFor(503, undefined) ?? '', /try again/);
    assert.equal(adviceFor(418, undefined), undefined);
    assert.equal(adviceFor(418, 'constructor'), undefined);
  });

  it('hides what it does not know to be harmless, however the name is written', () => {
    assert.equal(
      maskUrl('https://a/b?%24skiptoken=SECRET&api-version=1&%=x&x'),
      'https://a/b?%24skiptoken=…&api-version=1&%=…&x',
    );
  });

  it('hides the secrets of an address', () => {
    assert.equal(
      maskUrl('https://a/b?sv=1&sig=abc%3D&sessiontoken=0:1&$skiptoken=xyz&top=5'),
      'https://a/b?sv=…&sig=…&sessiontoken=…&$skiptoken=…&top=5',
    );
  });
});
