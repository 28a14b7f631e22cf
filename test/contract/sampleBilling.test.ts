import assert from 'node:assert/strict';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';

interface Resource {
  id: string;
  name: string;
  type: string;
  properties: Record<string, unknown>;
}
interface List {
  value: Resource[];
  nextLink?: string | null;
  totalCount?: number;
}

const VERSIONS = ['2019-10-01-preview', '2020-05-01', '2024-04-01'] as const;
const PERIOD = 'periodStartDate=2026-01-01&periodEndDate=2026-10-31';

describe('sample service: Microsoft.Billing', () => {
  let service: SampleService;
  let account: string;
  let profile: string;
  let customer: string;
  let subscription: string;

  before(async () => {
    service = await startSampleService({ customers: 60, usageRows: 10_000, now: new Date('2026-11-21T09:00:00Z') });
    const [main] = service.tenant.accounts;
    assert.ok(main);
    const first = service.tenant.directory.customer(0);
    account = `/providers/Microsoft.Billing/billingAccounts/${main.name}`;
    profile = `${account}/billingProfiles/${first.profile.name}`;
    customer = first.name;
    subscription = service.tenant.subscriptions(first).at(0).name;
  });
  after(() => service.close());

  const address = (path: string, version?: string): string => {
    const query = version ? `${path.includes('?') ? '&' : '?'}api-version=${version}` : '';
    return `${service.endpoints.resourceManager}${path}${query}`;
  };

  async function get<T>(url: string): Promise<T> {
    const response = await fetch(url);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
    return JSON.parse(text) as T;
  }

  async function walk(path: string, version: string): Promise<{ items: Resource[]; pages: number }> {
    const items: Resource[] = [];
    let pages = 0;
    let url: string | null | undefined = address(path, version);
    while (url) {
      const page: List = await get<List>(url);
      items.push(...page.value);
      pages++;
      url = page.nextLink;
    }
    return { items, pages };
  }

  async function refused(
    path: string,
    version: string | undefined,
    status: number,
  ): Promise<{ code: string; message: string }> {
    const response = await fetch(address(path, version));
    assert.equal(response.status, status);
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    return error;
  }

  for (const version of VERSIONS) {
    describe(`api-version ${version}`, () => {
      const first = version === '2019-10-01-preview';
      const newest = version === '2024-04-01';

      it('lists both billing accounts and gets one', async () => {
        const { value } = await get<List>(address('/providers/Microsoft.Billing/billingAccounts', version));
        assert.deepEqual(
          value.map(({ id }) => id),
          service.tenant.accounts.map(({ name }) => account.replace(/[^/]+$/, name)),
        );
        const one = await get<Resource>(address(account, version));
        assert.deepEqual(one, value[0]);
        assert.equal(one.properties.agreementType, 'MicrosoftPartnerAgreement');
        assert.equal(one.properties.accountType, 'Partner');
        assert.equal('organizationId' in one.properties, first);
        assert.equal('accountStatus' in one.properties, !first);
        assert.equal('accountSubType' in one.properties, newest);
      });

      it('expands the address of an account under its name of the version', async () => {
        const query = first
          ? '$expand=address,billingProfiles'
          : newest
            ? 'expand=SoldTo'
            : '$expand=soldTo,billingProfiles';
        const { properties } = await get<Resource>(address(`${account}?${query}`, version));
        const field = properties[first ? 'address' : 'soldTo'] as { country: string };
        assert.equal(field.country, 'US');
        const profiles = properties.billingProfiles as Resource[] | { value: Resource[] } | undefined;
        const list = Array.isArray(profiles) ? profiles : profiles?.value;
        assert.equal(list?.length, newest ? undefined : 3);
      });

      it('lists billing profiles of three currencies', async () => {
        const { items } = await walk(`${account}/billingProfiles`, version);
        assert.deepEqual(
          items.map(({ properties }) => properties.currency),
          ['USD', 'EUR', 'JPY'],
        );
        assert.equal('address' in (items[0]?.properties ?? {}), first);
        assert.equal('billTo' in (items[0]?.properties ?? {}), !first);
        assert.match(items[0]?.name ?? '', /^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{3}-[A-Z0-9]{3}$/);
      });

      it('walks all customers of an account in two pages', async () => {
        const { items, pages } = await walk(`${account}/customers`, version);
        assert.equal(pages, 2);
        assert.equal(new Set(items.map(({ id }) => id)).size, 57);
        assert.equal(items[0]?.id, `${newest ? profile : account}/customers/${customer}`);
        assert.equal('status' in (items[0]?.properties ?? {}), newest);
        assert.equal('billingProfileId' in (items[0]?.properties ?? {}), !first);
      });

      it('lists the customers of a profile and gets one under account and profile', async () => {
        const { items } = await walk(`${profile}/customers`, version);
        const { length } = service.tenant.directory.customersOf(service.tenant.directory.customer(0).profile);
        assert.equal(items.length, length);
        assert.deepEqual(await get<Resource>(address(`${account}/customers/${customer}`, version)), items[0]);
        assert.deepEqual(await get<Resource>(address(`${profile}/customers/${customer}`, version)), items[0]);
      });

      it('tells Azure plans and resellers of a customer when expanded', async () => {
        const sign = newest ? '' : '$';
        const path = `${account}/customers/${customer}?${sign}expand=enabledAzurePlans,resellers`;
        const { properties } = await get<Resource>(address(path, version));
        assert.equal((properties.enabledAzurePlans as unknown[]).length, 1);
        assert.deepEqual(properties.resellers, []);
      });

      it('lists subscriptions by account, profile and customer, and gets one', async () => {
        const byAccount = await walk(`${account}/billingSubscriptions`, version);
        const main = service.tenant.accounts[0];
        assert.ok(main);
        assert.equal(byAccount.items.length, service.tenant.directory.subscriptionsOfAll(main).length);
        const byProfile = await walk(`${profile}/billingSubscriptions`, version);
        const ids = new Set(byAccount.items.map(({ id }) => id));
        assert.ok(byProfile.items.every(({ id }) => ids.has(id)) && byProfile.items.length < ids.size);
        const byCustomer = await walk(`${account}/customers/${customer}/billingSubscriptions`, version);
        assert.deepEqual(byCustomer.items, byAccount.items.slice(0, byCustomer.items.length));
        assert.deepEqual(await walk(`${profile}/customers/${customer}/billingSubscriptions`, version), byCustomer);
        for (const parent of [account, profile, `${account}/customers/${customer}`]) {
          const one = await get<Resource>(address(`${parent}/billingSubscriptions/${subscription}`, version));
          assert.deepEqual(one, byCustomer.items[0]);
        }
        const [one] = byCustomer.items;
        assert.equal(one?.properties[newest ? 'status' : 'subscriptionBillingStatus'], 'Active');
        assert.equal(one?.properties.customerId, `${newest ? profile : account}/customers/${customer}`);
        assert.equal('lastMonthCharges' in (one?.properties ?? {}), !newest);
        assert.equal(
          one?.id,
          first
            ? `${account.replace('billingAccounts', 'BillingAccounts')}/customers/${customer}/billingSubscriptions/${subscription}`
            : `${account}/billingSubscriptions/${subscription}`,
        );
      });

      it('lists invoices by account, profile and subscription, and gets one everywhere', async () => {
        const byAccount = await get<List>(address(`${account}/invoices?${PERIOD}`, version));
        assert.equal(byAccount.value.length, 30);
        const byProfile = await get<List>(address(`${profile}/invoices?${PERIOD}`, version));
        assert.equal(byProfile.value.length, 10);
        const [invoice] = byProfile.value;
        assert.ok(invoice);
        assert.equal(
          invoice.id,
          first ? `${profile.slice(1)}/invoices/${invoice.name}` : `${account}/invoices/${invoice.name}`,
        );
        assert.equal(invoice.properties.invoiceType, newest ? 'AzureServices' : 'AzureService');
        assert.equal('documentType' in invoice.properties, !first);
        const [document] = invoice.properties.documents as Record<string, unknown>[];
        assert.deepEqual(
          ['url', 'name', 'source'].map((field) => field in (document ?? {})),
          [!newest, newest, !first],
        );
        for (const parent of [account, profile, '/providers/Microsoft.Billing/billingAccounts/default']) {
          assert.deepEqual(await get<Resource>(address(`${parent}/invoices/${invoice.name}`, version)), invoice);
        }
        const subscriptionPath = `/providers/Microsoft.Billing/billingAccounts/default/billingSubscriptions/${subscription}/invoices`;
        const bySubscription = await get<List>(address(`${subscriptionPath}?${PERIOD}`, version));
        assert.deepEqual(
          bySubscription.value.map(({ name }) => name),
          byProfile.value.map(({ name }) => name),
        );
        assert.equal(bySubscription.value[0]?.properties.subscriptionId, subscription);
        const one = await get<Resource>(address(`${subscriptionPath}/${invoice.name}`, version));
        assert.deepEqual(one, bySubscription.value[0]);
      });

      it(
        newest ? 'takes invoices without dates' : 'requires both dates for invoices and names the missing one',
        async () => {
          if (newest) {
            assert.equal((await walk(`${account}/invoices`, version)).items.length, 54);
            return;
          }
          const noStart = await refused(`${account}/invoices?periodEndDate=2026-10-31`, version, 400);
          assert.match(noStart.message, /periodStartDate/);
          const noEnd = await refused(`${account}/invoices?periodStartDate=2026-10-01`, version, 400);
          assert.match(noEnd.message, /periodEndDate/);
        },
      );

      it('reads both forms of dates, and refuses wrong or reversed ones by name', async () => {
        const iso = await get<List>(
          address(`${account}/invoices?periodStartDate=2026-08-01&periodEndDate=2026-09-30`, version),
        );
        const us = await get<List>(
          address(`${account}/invoices?periodStartDate=08-01-2026&periodEndDate=09-30-2026`, version),
        );
        assert.equal(iso.value.length, 6);
        assert.deepEqual(us.value, iso.value);
        const wrong = await refused(
          `${account}/invoices?periodStartDate=2026-02-30&periodEndDate=2026-09-30`,
          version,
          400,
        );
        assert.match(wrong.message, /2026-02-30.*periodStartDate/);
        const reversed = await refused(
          `${account}/invoices?periodStartDate=2026-09-01&periodEndDate=2026-08-01`,
          version,
          400,
        );
        assert.match(reversed.message, /after periodEndDate/);
      });
    });
  }

  it('pages in 2024-04-01 by top, skip and count, and always counts subscriptions', async () => {
    const page = await get<List>(address(`${account}/customers?top=20&skip=40&count=true`, '2024-04-01'));
    assert.equal(page.value.length, 17);
    assert.equal(page.totalCount, 57);
    assert.equal(page.nextLink, null);
    const uncounted = await get<List>(address(`${account}/customers?top=20`, '2024-04-01'));
    assert.equal(uncounted.totalCount, undefined);
    assert.equal(new URL(uncounted.nextLink ?? '').searchParams.get('top'), '20');
    assert.ok(
      ((await get<List>(address(`${account}/billingSubscriptions?top=1`, '2024-04-01'))).totalCount ?? 0) > 100,
    );
    assert.match((await refused(`${account}/customers?top=51`, '2024-04-01', 400)).message, /top.*1 to 50/);
    assert.match((await refused(`${account}/customers?skip=-1`, '2024-04-01', 400)).message, /skip/);
  });

  it('finds customers by search and filter', async () => {
    const search = await get<List>(address(`${account}/customers?search=sum%20ana`, '2024-04-01'));
    assert.deepEqual(
      search.value.map(({ properties }) => properties.displayName),
      ['=SUM Analytics'],
    );
    const filter = encodeURIComponent(`contains(displayName, 'Brook & Sons')`);
    for (const [version, name] of [
      ['2024-04-01', 'filter'],
      ['2019-10-01-preview', '$filter'],
    ]) {
      const found = await get<List>(address(`${account}/customers?${name}=${filter}`, version));
      assert.deepEqual(
        found.value.map(({ properties }) => properties.displayName),
        ['Brook & Sons <Retail>'],
      );
    }
    assert.match((await refused(`${account}/customers?filter=size%20gt%203`, '2024-04-01', 400)).message, /filter/);
  });

  it('makes nextLink absolute on the Host header of the client, with the other parameters', async () => {
    const port = new URL(service.endpoints.resourceManager).port;
    const url = `http://localhost:${port}${account}/customers?$expand=resellers&api-version=2019-10-01-preview`;
    const response = await fetch(url).catch(() => undefined);
    const page = response ? ((await response.json()) as List) : undefined;
    // Where localhost is IPv6 only, the address of the service itself shows the same.
    const own = page ?? (await get<List>(url.replace('localhost', '127.0.0.1')));
    const next = new URL(own.nextLink ?? '');
    assert.equal(next.host, page ? `localhost:${port}` : `127.0.0.1:${port}`);
    assert.equal(next.searchParams.get('$expand'), 'resellers');
    assert.equal(next.searchParams.get('api-version'), '2019-10-01-preview');
    assert.ok(next.searchParams.get('$skiptoken'));
  });

  it('answers lists that end without nextLink in old versions and with null in the newest', async () => {
    const old = await get<List>(address(`${account}/billingProfiles`, '2020-05-01'));
    assert.ok(!('nextLink' in old));
    assert.equal((await get<List>(address(`${account}/billingProfiles`, '2024-04-01'))).nextLink, null);
  });

  it('compares paths and names without case, and takes the colon of the account encoded', async () => {
    const normal = await get<Resource>(address(`${account}/customers/${customer}`, '2024-04-01'));
    const shouted = `${account}/customers/${customer}`.toUpperCase();
    assert.deepEqual(await get<Resource>(address(shouted, '2024-04-01')), normal);
    const encoded = `${account.replace(':', '%3A')}/CUSTOMERS/${customer}`;
    assert.deepEqual(await get<Resource>(address(encoded, '2024-04-01')), normal);
  });

  it('refuses a missing and an unknown api-version as Azure Resource Manager does', async () => {
    assert.equal((await refused(account, undefined, 400)).code, 'MissingApiVersionParameter');
    const unknown = await refused(`${account}/customers`, '2018-01-01', 400);
    assert.equal(unknown.code, 'InvalidResourceType');
    for (const version of VERSIONS) assert.ok(unknown.message.includes(version));
  });

  it('names what it does not know', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000';
    for (const [path, name] of [
      ['/providers/Microsoft.Billing/billingAccounts/nothing/customers', 'nothing'],
      [`${account}/customers/${nobody}`, nobody],
      [`${account}/billingProfiles/AAAA-BBBB-CCC-DDD/customers`, 'AAAA-BBBB-CCC-DDD'],
      [`${account}/billingSubscriptions/${nobody}`, nobody],
      [`${account}/invoices/G000000000`, 'G000000000'],
      ['/providers/Microsoft.Nothing/things', '/providers/Microsoft.Nothing/things'],
    ] as const) {
      const error = await refused(path, '2024-04-01', 404);
      assert.equal(error.code, 'NotFound');
      assert.ok(error.message.includes(name), error.message);
    }
    assert.equal((await refused(`${account}/customers?$skiptoken=abc`, '2020-05-01', 400)).code, 'BadRequest');
    const posted = await fetch(address(account, '2024-04-01'), { method: 'POST' });
    assert.equal(posted.status, 405);
  });

  it('carries request ids, echoes the correlation id and counts reads down', async () => {
    const correlation = '11111111-2222-4333-8444-555555555555';
    const responses = [];
    for (let i = 0; i < 3; i++) {
      responses.push(
        await fetch(address(account, '2024-04-01'), { headers: { 'x-ms-correlation-request-id': correlation } }),
      );
    }
    const left = responses.map(({ headers }) => Number(headers.get('x-ms-ratelimit-remaining-tenant-reads')));
    const falls = left.slice(1).filter((n, i) => n < (left[i] ?? 0)).length;
    assert.ok(falls >= 1, `${left}`);
    assert.equal(new Set(responses.map(({ headers }) => headers.get('x-ms-request-id'))).size, 3);
    for (const { headers } of responses) {
      assert.equal(headers.get('x-ms-correlation-request-id'), correlation);
      assert.ok(headers.get('x-ms-routing-request-id'));
    }
  });

  it('logs and counts requests, also through the control routes, which reset', async () => {
    await fetch(`${service.endpoints.resourceManager}/_sample/reset`, { method: 'POST' });
    await fetch(address(`${account}/customers?top=2`, '2024-04-01'), { headers: { 'X-Mine': 'yes' } });
    await refused('/nowhere', '2024-04-01', 404);
    assert.deepEqual(service.counts(), { 'customers.list': 1, unknown: 1 });
    const [one, two] = service.requests();
    assert.equal(one?.path, `${account}/customers`);
    assert.equal(one?.query, 'top=2&api-version=2024-04-01');
    assert.equal(one?.headers['x-mine'], 'yes');
    assert.deepEqual([one?.method, one?.status, two?.status], ['GET', 200, 404]);
    assert.deepEqual(await get(`${service.endpoints.resourceManager}/_sample/counts`), service.counts());
    assert.deepEqual(await get(`${service.endpoints.resourceManager}/_sample/requests`), service.requests());
  });
});
