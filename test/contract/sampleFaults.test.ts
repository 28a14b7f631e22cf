import assert from 'node:assert/strict';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';

interface List {
  value: unknown[];
  nextLink?: string;
}

const NOW = new Date('2026-11-21T09:00:00Z');
const SMALL = { customers: 60, usageRows: 4_000, now: NOW };

describe('sample service: faults', () => {
  let service: SampleService;
  let url: string;

  before(async () => {
    service = await startSampleService(SMALL);
    url = `${service.endpoints.resourceManager}/providers/Microsoft.Billing/billingAccounts/${service.tenant.accounts[0]?.name}/customers?api-version=2024-04-01`;
  });
  afterEach(() => service.setFault(undefined));
  after(() => service.close());

  async function faulty(fault: string, address = url): Promise<{ response: Response; text: string }> {
    service.setFault(fault);
    const response = await fetch(address);
    return { response, text: await response.text() };
  }
  const codeOf = (text: string): string => (JSON.parse(text) as { error: { code: string } }).error.code;
  const nextLinkOf = (text: string): string => (JSON.parse(text) as List).nextLink ?? '';

  it('429 names the waits in the headers of the services and has no Retry-After', async () => {
    const { response, text } = await faulty('429');
    assert.equal(response.status, 429);
    assert.equal(codeOf(text), '429');
    assert.equal(response.headers.get('x-ms-ratelimit-microsoft.costmanagement-entity-retry-after'), '2');
    assert.equal(response.headers.get('x-ms-ratelimit-microsoft.consumption-retry-after'), '1');
    assert.equal(response.headers.get('retry-after'), null);
    assert.ok(response.headers.get('x-ms-request-id'));
  });

  it('429-retry-after, 500 and 503 are errors in JSON', async () => {
    for (const [fault, status, wait] of [
      ['429-retry-after', 429, '1'],
      ['500', 500, null],
      ['503', 503, '1'],
    ] as const) {
      const { response, text } = await faulty(fault);
      assert.equal(response.status, status);
      assert.equal(response.headers.get('retry-after'), wait);
      assert.ok(codeOf(text));
    }
  });

  it('503-html and html answer a page', async () => {
    for (const [fault, status] of [
      ['503-html', 503],
      ['html', 200],
    ] as const) {
      const { response, text } = await faulty(fault);
      assert.equal(response.status, status);
      assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
      assert.match(text, /^<!DOCTYPE html>/);
    }
  });

  it('truncated cuts the JSON and declares the cut length', async () => {
    const { response, text } = await faulty('truncated');
    assert.equal(response.status, 200);
    assert.equal(Number(response.headers.get('content-length')), Buffer.byteLength(text));
    assert.ok(text.startsWith('{"value":['));
    assert.throws(() => JSON.parse(text), SyntaxError);
  });

  it('reset breaks the connection in the body', async () => {
    service.setFault('reset');
    const response = await fetch(url);
    assert.equal(response.status, 200);
    await assert.rejects(response.text());
  });

  it('empty-body answers 200 with nothing', async () => {
    const { response, text } = await faulty('empty-body');
    assert.deepEqual([response.status, text], [200, '']);
  });

  it('slow delivers the whole body in pieces', async function () {
    this.timeout(20_000);
    service.setFault('slow');
    const response = await fetch(url);
    assert.ok(response.body);
    let pieces = 0;
    let text = '';
    const decoder = new TextDecoder();
    for await (const piece of response.body) {
      pieces++;
      text += decoder.decode(piece, { stream: true });
    }
    assert.ok(pieces > 3, `${pieces} pieces`);
    assert.equal((JSON.parse(text) as List).value.length, 50);
  });

  it('slow and hang let go when the client does, and the service stops at once', async () => {
    for (const fault of ['slow', 'hang']) {
      const own = await startSampleService({ ...SMALL, fault });
      const abort = new AbortController();
      const pending = fetch(`${own.endpoints.resourceManager}/x?api-version=1`, { signal: abort.signal }).then((r) =>
        r.text(),
      );
      const settled = assert.rejects(pending);
      while (own.requests().length === 0) await new Promise(setImmediate);
      abort.abort();
      await settled;
      await own.close();
    }
    const own = await startSampleService({ ...SMALL, fault: 'hang' });
    const pending = assert.rejects(fetch(own.endpoints.resourceManager));
    while (own.requests().length === 0) await new Promise(setImmediate);
    assert.equal(own.requests()[0]?.status, 0);
    await own.close();
    await pending;
  });

  it('foreign-next-link, downgraded-next-link and repeating-next-link lead astray, on the last page too', async () => {
    const last = `${url}&skip=50`;
    for (const address of [url, last]) {
      assert.equal(
        new URL(nextLinkOf((await faulty('foreign-next-link', address)).text)).host,
        'management.azure.com.example.net',
      );
      assert.equal(
        new URL(nextLinkOf((await faulty('downgraded-next-link', address)).text)).origin,
        'http://127.0.0.1:1',
      );
      assert.equal(nextLinkOf((await faulty('repeating-next-link', address)).text), address);
    }
  });

  it('changes the link of usage pages without touching their digits', async () => {
    const { tenant, endpoints } = service;
    const usage = `${endpoints.resourceManager}/providers/Microsoft.Billing/billingAccounts/${tenant.accounts[0]?.name}/providers/Microsoft.Consumption/usageDetails?$top=5&api-version=2023-11-01`;
    const normal = await (await fetch(usage)).text();
    const { text } = await faulty('foreign-next-link', usage);
    assert.equal(text.slice(0, text.lastIndexOf(']')), normal.slice(0, normal.lastIndexOf(']')));
    assert.match(nextLinkOf(text), /example\.net/);
  });

  it('401 tells the authority, 403 the missing right', async () => {
    const unauthorized = await faulty('401');
    assert.equal(unauthorized.response.status, 401);
    assert.equal(codeOf(unauthorized.text), 'InvalidAuthenticationToken');
    assert.match(unauthorized.response.headers.get('www-authenticate') ?? '', /^Bearer authorization_uri="http/);
    const forbidden = await faulty('403');
    assert.equal(forbidden.response.status, 403);
    assert.equal(codeOf(forbidden.text), 'RBACAccessDenied');
  });

  it('401-after-first-page lets the first page through', async () => {
    const first = await faulty('401-after-first-page');
    assert.equal(first.response.status, 200);
    assert.equal((await fetch(nextLinkOf(first.text))).status, 401);
    const old = await faulty('401-after-first-page', url.replace('2024-04-01', '2020-05-01'));
    assert.equal((await fetch(nextLinkOf(old.text))).status, 401);
  });

  it('bom, not-an-object and wrong-shape are odd JSON', async () => {
    service.setFault('bom');
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
    assert.deepEqual([...bytes.subarray(0, 4)], [0xef, 0xbb, 0xbf, '{'.charCodeAt(0)]);
    assert.equal((await faulty('not-an-object')).text, '[]');
    const { value } = JSON.parse((await faulty('wrong-shape')).text) as List;
    assert.ok(!Array.isArray(value) && typeof value === 'object');
  });

  it('hits only so many requests, only those that contain the part, or both', async () => {
    const statuses = async (fault: string, addresses: readonly string[]): Promise<number[]> => {
      service.setFault(fault);
      const result = [];
      for (const address of addresses) result.push((await fetch(address)).status);
      return result;
    };
    const accounts = url.replace(/\/[^/]+\/customers/, '');
    assert.deepEqual(await statuses('500*2', [url, accounts, url]), [500, 500, 200]);
    assert.deepEqual(await statuses('500@/CUSTOMERS', [accounts, url, url]), [200, 500, 500]);
    assert.deepEqual(await statuses('503*1@customers?', [accounts, url, url]), [200, 503, 200]);
  });

  it('is set and cleared by the control route, which no fault touches', async () => {
    const control = `${service.endpoints.resourceManager}/_sample/fault`;
    const post = (body: string) => fetch(control, { method: 'POST', body });
    assert.equal((await post('{"fault":"500"}')).status, 200);
    assert.equal((await fetch(url)).status, 500);
    const unknown = await post('{"fault":"earthquake"}');
    assert.equal(unknown.status, 400);
    assert.match(await unknown.text(), /earthquake.*429.*wrong-shape/);
    for (const body of ['', '[]', '{"fault":5}', '{}']) assert.equal((await post(body)).status, 400, body);
    assert.equal((await post('{"fault":null}')).status, 200);
    assert.equal((await fetch(url)).status, 200);
  });

  it('refuses an unknown fault and a wrong count when starting, naming the known ones', async () => {
    await assert.rejects(
      startSampleService({ ...SMALL, fault: 'earthquake' }),
      /earthquake.*429-retry-after.*truncated/,
    );
    await assert.rejects(startSampleService({ ...SMALL, fault: '429*0' }), /how many times/);
  });

  it('waits before each answer when told to', async () => {
    const own = await startSampleService({ ...SMALL, latency: 60_000 });
    const pending = assert.rejects(fetch(own.endpoints.resourceManager));
    const winner = await Promise.race([
      pending.then(() => 'answered'),
      new Promise((resolve) => setTimeout(resolve, 50, 'waiting')),
    ]);
    assert.equal(winner, 'waiting');
    await own.close();
    await pending;
  });
});
