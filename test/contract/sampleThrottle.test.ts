import assert from 'node:assert/strict';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';

const SMALL = { customers: 12, usageRows: 4_000, now: new Date('2026-11-21T09:00:00Z') } as const;
const PREFIX = 'x-ms-ratelimit-microsoft.costmanagement';
const LEFT = 'x-ms-ratelimit-remaining-microsoft.costmanagement';

describe('sample service: throttle', () => {
  let service: SampleService;
  let time = 0;
  let account: string;
  let customers: string[];
  let subscription: string;

  before(async () => {
    service = await startSampleService({ ...SMALL, throttle: 'documented', clock: () => time });
    const { tenant } = service;
    const [main] = tenant.accounts;
    assert.ok(main);
    account = `/providers/Microsoft.Billing/billingAccounts/${main.name}`;
    customers = [0, 1, 2, 3, 4, 5, 6].map((i) => `${account}/customers/${tenant.directory.customer(i).name}`);
    subscription = `/subscriptions/${tenant.subscriptions(tenant.directory.customer(0)).at(0).name}`;
  });
  after(() => service.close());
  beforeEach(() => control('reset'));

  const control = (name: string, body = '{}', method = 'POST') =>
    fetch(`${service.endpoints.resourceManager}/_sample/${name}`, method === 'GET' ? {} : { method, body });

  async function send(path: string, init?: RequestInit): Promise<Response> {
    const response = await fetch(`${service.endpoints.resourceManager}${path}`, init);
    if (response.status === 429) {
      const { error } = (await response.json()) as { error: { code: string; message: string } };
      assert.match(error.message, /Too many requests/);
    } else {
      await response.arrayBuffer();
    }
    return response;
  }

  const query = (scope: string, months = 1, headers: Record<string, string> = {}) => {
    const timePeriod = { from: `2026-${String(12 - months).padStart(2, '0')}-01`, to: '2026-11-20' };
    const aggregation = { total: { name: 'CostUSD', function: 'Sum' } };
    return send(`${scope}/providers/Microsoft.CostManagement/query?api-version=2023-11-01`, {
      method: 'POST',
      headers,
      body: JSON.stringify({
        type: 'ActualCost',
        timeframe: 'Custom',
        timePeriod,
        dataset: { granularity: 'None', aggregation },
      }),
    });
  };
  const usage = (scope: string, more = '') =>
    send(
      `${scope}/providers/Microsoft.Consumption/usageDetails?api-version=2023-11-01&startDate=2026-11-01&endDate=2026-11-20${more}`,
    );
  const times = (count: number) => Array.from({ length: count }, (_, i) => i);

  it('allows four queries a minute at a scope, and tells what is left', async () => {
    for (const left of ['3', '2', '1', '0']) {
      const response = await query(account);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get(`${LEFT}-entity-requests`), `DefaultQuota:${left}`);
      time += 10_000;
    }
    const refused = await query(account.toUpperCase());
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get(`${PREFIX}-entity-retry-after`), '20');
    assert.equal(refused.headers.get(`${PREFIX}-qpu-retry-after`), null);
    assert.equal(refused.headers.get('retry-after'), null);
    assert.equal(refused.headers.get(`${LEFT}-entity-requests`), 'DefaultQuota:0');
    assert.equal((await query(customers[0] ?? '')).status, 200);
    time += 20_000;
    assert.equal((await query(account)).status, 200);
  });

  it('takes a processing unit for each month of data', async () => {
    const first = await query(customers[0] ?? '', 11);
    assert.equal(first.headers.get(`${PREFIX}-qpu-consumed`), '11');
    assert.equal(first.headers.get(`${PREFIX}-qpu-remaining`), 'QueriesPerHour:589,QueriesPerMin:49,QueriesPer10Sec:1');
    assert.equal((await query(customers[1] ?? '', 1)).status, 200);
    const refused = await query(customers[2] ?? '', 2);
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get(`${PREFIX}-qpu-retry-after`), '10');
    assert.equal(refused.headers.get(`${PREFIX}-entity-retry-after`), null);
    time += 10_000;
    assert.equal((await query(customers[2] ?? '', 2)).status, 200);
  });

  it('allows a user twenty queries a minute, whatever the scopes, with every reason in its own header', async () => {
    for (const i of times(20)) {
      if (i % 5 === 0) time += 10_000;
      assert.ok((await query(customers[i % 5] ?? '')).ok);
    }
    const refused = await query(customers[0] ?? '');
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get(`${PREFIX}-tenant-retry-after`), '30');
    assert.equal(refused.headers.get(`${PREFIX}-entity-retry-after`), '30');
    assert.deepEqual((await (await control('throttle', '', 'GET')).json()) as unknown, {
      policy: 'documented',
      admitted: 20,
      refused: 1,
      refusedBy: { entity: 1, tenant: 1 },
    });
  });

  it('gives a client type its own bucket', async () => {
    await query(account);
    const response = await query(account, 1, { ClientType: 'OwnTool' });
    assert.equal(response.headers.get(`${LEFT}-clienttype-requests`), 'OwnTool:1999');
  });

  it('allows six lists of usage details a minute at an account, ten at subscriptions', async () => {
    for (const _ of times(6)) assert.equal((await usage(customers[0] ?? '')).status, 200);
    const refused = await usage(account);
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get('x-ms-ratelimit-microsoft.consumption-retry-after'), '60');
    for (const _ of times(10)) assert.equal((await usage(subscription)).status, 200);
    assert.equal((await usage(subscription)).status, 429);
    time += 60_000;
    assert.equal((await usage(account)).status, 200);
    assert.equal((await usage(subscription)).status, 200);
  });

  it('allows two reads of a page a minute, and any number of pages', async () => {
    let link: string | undefined =
      `${account}/providers/Microsoft.Consumption/usageDetails?api-version=2023-11-01&startDate=2026-11-01&endDate=2026-11-20&$top=10`;
    const pages: string[] = [];
    while (link && pages.length < 12) {
      const response: Response = await fetch(`${service.endpoints.resourceManager}${link}`);
      assert.equal(response.status, 200);
      const { nextLink }: { nextLink?: string } = (await response.json()) as { nextLink?: string };
      link = nextLink?.replace(service.endpoints.resourceManager, '');
      if (link) pages.push(link);
    }
    const [second = ''] = pages;
    assert.equal((await send(second)).status, 200);
    assert.equal((await send(second)).status, 429);
    time += 60_000;
    assert.equal((await send(second)).status, 200);
  });

  it('allows two cost reports a minute at a scope and two polls of one, and five at an account', async () => {
    const report = (scope: string) =>
      send(`${scope}/providers/Microsoft.CostManagement/generateCostDetailsReport?api-version=2023-11-01`, {
        method: 'POST',
        body: '{}',
      });
    for (const scope of [0, 0, 1, 1, 2]) assert.notEqual((await report(customers[scope] ?? '')).status, 429);
    const ofScope = await report(customers[0] ?? '');
    assert.equal(ofScope.status, 429);
    assert.equal(ofScope.headers.get(`${PREFIX}-entity-retry-after`), '60');
    assert.equal(ofScope.headers.get('retry-after'), '60');
    const ofAccount = await report(customers[3] ?? '');
    assert.equal(ofAccount.headers.get(`${PREFIX}-entity-retry-after`), null);
    assert.equal(ofAccount.headers.get(`${PREFIX}-tenant-retry-after`), '60');
    assert.notEqual((await report(subscription)).status, 429);
    const poll = `${account}/providers/Microsoft.CostManagement/costDetailsOperationResults/one?api-version=2023-11-01`;
    for (const expected of [false, false, true]) assert.equal((await send(poll)).status === 429, expected);
  });

  it('answers 429 with Retry-After when the bucket of the tenant is empty, which fills 25 a second', async () => {
    const path = '/providers/Microsoft.Billing/billingAccounts?api-version=2024-04-01';
    for (const i of times(250)) {
      const response = await send(path);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('x-ms-ratelimit-remaining-tenant-reads'), String(249 - i));
    }
    const refused = await send(path);
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get('retry-after'), '1');
    const ofSubscription = await send(`${subscription}/providers/Microsoft.Consumption/budgets?api-version=2023-11-01`);
    assert.equal(ofSubscription.headers.get('x-ms-ratelimit-remaining-subscription-reads'), '249');
    assert.equal(ofSubscription.headers.get('x-ms-ratelimit-remaining-tenant-reads'), null);
    time += 1_000;
    assert.equal((await send(path)).headers.get('x-ms-ratelimit-remaining-tenant-reads'), '24');
  });

  it('moves its time on by the control route, and forgets everything on reset', async () => {
    for (const _ of times(6)) await usage(account);
    assert.equal((await usage(account)).status, 429);
    assert.equal((await control('clock', '{"advance": 60000}')).status, 200);
    assert.equal((await usage(account)).status, 200);
    for (const body of ['{}', '{"advance": -1}', '{"advance": "soon"}', '{"advance": null}', 'x']) {
      assert.equal((await control('clock', body)).status, 400, body);
    }
    for (const _ of times(6)) await usage(account);
    await control('reset');
    assert.equal((await usage(account)).status, 200);
    assert.deepEqual(service.throttled(), { policy: 'documented', admitted: 1, refused: 0, refusedBy: {} });
  });

  it('is off unless asked for, and refuses an unknown policy', async () => {
    const own = await startSampleService(SMALL);
    for (const _ of times(12)) {
      const path = `${account}/providers/Microsoft.Consumption/usageDetails?api-version=2023-11-01&$top=1`;
      assert.equal((await fetch(`${own.endpoints.resourceManager}${path}`)).status, 200);
    }
    assert.equal(own.throttled().policy, 'off');
    await own.close();
    await assert.rejects(
      startSampleService({ ...SMALL, throttle: 'always' as 'off' }),
      /throttle must be documented or off/,
    );
  });
});
