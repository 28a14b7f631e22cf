import assert from 'node:assert/strict';
import { BillingError } from '../../src/api/http/errors.ts';
import { partnerBillingPath } from '../../src/api/partnerCenter/anyResource.ts';
import type { PartnerCenterClient } from '../../src/api/partnerCenter/partnerCenterClient.ts';
import { partnerJson, readWholeJson } from '../../src/documents/readWholeJson.ts';
import { failureOf } from '../support/graph.ts';
import { connectPartnerCenter, withStub } from '../support/partnerCenter.ts';
import { SamplePartnerCenter } from '../support/samplePartnerCenter.ts';
import { sendJson } from '../support/stubService.ts';

describe('JSON of Partner Center as a whole', () => {
  let center: SamplePartnerCenter;
  let client: PartnerCenterClient;
  let close: () => Promise<void>;

  before(async () => {
    center = await SamplePartnerCenter.start();
    ({ client, close } = connectPartnerCenter(center.service.endpoints.partnerCenter));
  });
  after(async () => {
    await close();
    await center.service.close();
  });
  afterEach(() => center.control('POST', 'reset'));

  const whole = (path: string) => readWholeJson(partnerJson(client, path), {});
  /** What stands in JSON, whatever the white space around it. */
  const compact = (text: string) =>
    text
      .replace(/^\uFEFF/, '')
      .replace(/\n */g, '')
      .replace(/": /g, '":');

  it('has the members and digits of one resource, in their order', async () => {
    const { customer } = center.story('legacy');
    const [{ id: invoice } = {}] = await center.items('invoices');
    const paths = [
      `/v1/customers/${customer}`,
      `/customers/${customer}/usagebudget`,
      `/v1/customers/${customer}/usagesummary`,
      `/v1/customers/${customer}/servicecosts/mostrecent`,
      `/v1/invoices/${invoice}`,
      '/v1/invoices/summary',
      '/V1/RateCards/Azure?currency=EUR&region=DE',
    ];
    for (const bom of [false, true]) {
      await center.set({ bom });
      for (const path of paths) {
        const { text } = await center.call(`/v1${path.replace(/^\/v1/i, '')}`);
        assert.equal(compact(await whole(path)), `${text.replace(/^\uFEFF/, '')}`, path);
      }
    }
  });

  it('joins the pages of a list in every style of links, whatever totals they tell', async () => {
    const customers = await center.items('customers?size=200');
    const invoices = await center.items('invoices');
    assert.ok(customers.length > 40 && invoices.length > 20);
    for (const links of ['documented', 'slash', 'version', 'bare']) {
      for (const totals of ['page', 'larger']) {
        await center.set({ links, totals });
        for (const [path, items] of [
          ['/v1/customers?size=17', customers],
          ['/v1/invoices?size=7', invoices],
        ] as const) {
          const joined = JSON.parse(await whole(path)) as Record<string, unknown>;
          // A number of one page, or a link to the next, says nothing of the whole.
          assert.deepEqual(Object.keys(joined).sort(), ['attributes', 'items']);
          const ids = (joined.items as { id: string }[]).map(({ id }) => id).sort();
          assert.deepEqual(ids, items.map(({ id }) => String(id)).sort(), `${links} ${path}`);
        }
      }
    }
  });

  it('leaves a list of one page as it came', async () => {
    const path = '/v1/customers?size=200';
    assert.equal(compact(await whole(path)), (await center.call(path)).text);
  });

  it('waits for utilization that is not ready', async () => {
    const { customer, commerceId } = center.story('legacy');
    await center.set({ notReady: 2, retryAfter: 0 });
    const path = `/v1/customers/${customer}/subscriptions/${commerceId}/utilizations/azure?start_time=2026-10-01T00:00:00Z&end_time=2026-10-03T00:00:00Z&granularity=daily&show_details=True&size=5`;
    const { items } = JSON.parse(await whole(path)) as { items: unknown[] };
    assert.deepEqual(items, await center.items(path.slice(4)));
    assert.ok(items.length > 5);
  });

  it('is refused beyond what a tab holds, be it by its indentation', async () => {
    const item = { rates: { 0: 1 }, tags: [], id: 'x'.repeat(100) };
    const meters = (count: number) => JSON.stringify({ meters: Array.from({ length: count }, () => item) });
    const read = (text: string) =>
      withStub(
        (_request, response) => sendJson(response, 200, JSON.parse(text)),
        ({ client: stub }) => readWholeJson(partnerJson(stub, '/ratecards/azure'), {}),
      );
    const large = meters(330_000);
    assert.ok(large.length < 50_000_000);
    const error = await failureOf(read(large));
    assert.equal(error.message, 'The JSON is larger than the 50 MB that an editor tab holds.');
    const smaller = meters(50_000);
    assert.equal(compact(await read(smaller)).trim(), smaller);
  });

  it('ends in one error when a page fails, and in none when the list is cut short', async () => {
    const answers: [number, unknown, RegExp][] = [
      [200, '{"items":[{"id":"b"}', /cut short|not JSON/],
      [404, { code: 404, description: 'gone' }, /HTTP 404/],
      [
        200,
        { items: [], links: { next: { uri: 'https://other.example/v1/customers', method: 'GET' } } },
        /other\.example/,
      ],
      [200, { items: [], links: { next: { uri: '/customers', method: 'DELETE' } } }, /not a GET/],
    ];
    for (const [status, body, message] of answers) {
      const error = await withStub(
        ({ target }, response) => {
          if (target === '/v1/customers') {
            return sendJson(response, 200, {
              items: [{ id: 'a' }],
              links: { next: { uri: '/customers?seekOperation=Next', method: 'GET', headers: [] } },
            });
          }
          if (typeof body === 'string') {
            response.writeHead(status, { 'content-type': 'application/json' });
            return void response.end(body);
          }
          return sendJson(response, status, body);
        },
        ({ client: stub }) => failureOf(readWholeJson(partnerJson(stub, '/customers'), {})),
      );
      assert.match(error.message, message);
    }
  });

  it('is of billing and of nothing else that the sign-in may see', () => {
    const refused = [
      '',
      'customers',
      '//other.example/v1/customers',
      'https://other.example/v1/customers',
      '/v1/v1/customers',
      '/v1/../v2/customers',
      '/v1/customers/../users',
      '/v1/customers/%2e%2e/users',
      '/v1/customers/a%2Fusers',
      '/v1/customers\\users',
      '/v1/customers/a/users',
      '/v1/customers/a/orders',
      '/v1/customers/a/agreements',
      '/v1/customers//usagebudget',
      '/v1/invoices/G1/documents/statement',
      '/v1/productupgrades',
      '/v1/customers#/x',
      '/v1/customers ?size=1',
      '/v1/customers\n/a',
      '/v2/customers',
    ];
    for (const path of refused) {
      assert.throws(
        () => partnerBillingPath(path),
        (error: unknown) => error instanceof BillingError && error.message.startsWith('path: '),
        path,
      );
    }
    for (const path of [
      '/customers',
      '/customers/a-1/subscriptions/b/azureEntitlements',
      '/invoices/OneTime-G1/lineitems',
    ]) {
      assert.equal(partnerBillingPath(`/v1${path}`), path);
      assert.equal(partnerBillingPath(path), path);
    }
  });
});
