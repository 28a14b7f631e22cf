import assert from 'node:assert/strict';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';

interface Row {
  id: string;
  name: string;
  kind: string;
  tags: Record<string, string> | null;
  properties: Record<string, unknown>;
}

const VERSIONS = ['2019-10-01', '2021-10-01', '2023-11-01'] as const;
const OCTOBER = 'startDate=2026-10-01&endDate=2026-10-31';
const ADDED = ['effectivePrice', 'pricingModel', 'benefitId', 'benefitName', 'provider', 'costAllocationRuleName'];

describe('sample service: usage details', () => {
  let service: SampleService;
  let account: string;
  let customer: string;
  let subscription: string;
  let invoice: { name: string; profile: string };

  before(async () => {
    service = await startSampleService({ customers: 30, usageRows: 60_000, now: new Date('2026-11-21T09:00:00Z') });
    const [main] = service.tenant.accounts;
    assert.ok(main);
    account = `/providers/Microsoft.Billing/billingAccounts/${main.name}`;
    const first = service.tenant.directory.customer(0);
    customer = `${account}/customers/${first.name}`;
    subscription = `/subscriptions/${service.tenant.subscriptions(first).at(0).name}`;
    const [newest] = service.tenant.invoices(main);
    assert.ok(newest);
    invoice = { name: newest.name, profile: `${account}/billingProfiles/${newest.profile.name}` };
  });
  after(() => service.close());

  const address = (scope: string, query: string, version: string = '2023-11-01'): string =>
    `${service.endpoints.resourceManager}${scope}/providers/Microsoft.Consumption/usageDetails?${query}${query ? '&' : ''}api-version=${version}`;

  /** Sums the digits of costInBillingCurrency per currency as integers, straight from the text of all pages. */
  async function walk(url: string): Promise<{ rows: number; totals: Record<string, bigint>; ids: Set<string> }> {
    const result = { rows: 0, totals: {} as Record<string, bigint>, ids: new Set<string>() };
    let next: string | undefined = url;
    while (next) {
      const response: Response = await fetch(next);
      assert.equal(response.status, 200);
      const text = await response.text();
      const page = JSON.parse(text) as { value: Row[]; nextLink?: string };
      for (const row of text.matchAll(
        /"costInBillingCurrency":(-?\d+)(?:\.(\d+))?,.*?"billingCurrencyCode":"(\w+)"/g,
      )) {
        const [, whole = '', decimals = '', currency = ''] = row;
        const units = BigInt(whole + decimals.padEnd(20, '0'));
        result.totals[currency] = (result.totals[currency] ?? 0n) + units;
      }
      for (const { id } of page.value) result.ids.add(id);
      result.rows += page.value.length;
      next = page.nextLink;
    }
    return result;
  }

  async function refused(scope: string, query: string, status: number, version?: string): Promise<string> {
    const response = await fetch(address(scope, query, version));
    assert.equal(response.status, status);
    return ((await response.json()) as { error: { message: string } }).error.message;
  }

  async function truth(
    scope: string,
    from: string,
    to: string,
  ): Promise<{ rows: number; totals: Record<string, string> }> {
    const query = `scope=${encodeURIComponent(scope)}&from=${from}&to=${to}`;
    const response = await fetch(`${service.endpoints.resourceManager}/_sample/truth?${query}`);
    assert.equal(response.status, 200);
    return (await response.json()) as { rows: number; totals: Record<string, string> };
  }

  for (const version of VERSIONS) {
    it(`adds up to the truth at every scope in ${version}`, async () => {
      const scopes = [
        account,
        invoice.profile,
        customer,
        subscription,
        `${account}/invoices/${invoice.name}`,
        `${invoice.profile}/invoices/${invoice.name}`,
      ];
      for (const scope of scopes) {
        const { rows, totals, ids } = await walk(address(scope, OCTOBER, version));
        const expected = await truth(scope, '2026-10-01', '2026-10-31');
        assert.ok(rows > 0);
        assert.equal(rows, expected.rows);
        assert.equal(ids.size, rows);
        const texts = Object.entries(totals).map(([currency, units]) => {
          const digits = units.toString().padStart(21, '0');
          return [currency, `${digits.slice(0, -20)}.${digits.slice(-20)}`.replace(/\.?0+$/, '')];
        });
        assert.deepEqual(Object.fromEntries(texts), expected.totals);
        assert.ok([...ids].every((id) => id.startsWith(`${scope}/providers/Microsoft.Consumption/usageDetails/`)));
      }
    });

    it(`gives modern rows with the fields of ${version}`, async () => {
      const page = (await (await fetch(address(account, OCTOBER, version))).json()) as { value: Row[] };
      const [row] = page.value;
      assert.ok(row);
      assert.equal(row.kind, 'modern');
      assert.equal(Object.keys(row.properties).length, version === '2019-10-01' ? 66 : 72);
      for (const field of ADDED) assert.equal(field in row.properties, version !== '2019-10-01', field);
      assert.ok(page.value.some(({ tags }) => tags === null) && page.value.some(({ tags }) => tags?.application));
    });
  }

  it('shows the open month when no dates are given, and an invoice its own month', async () => {
    const open = await walk(address(account, ''));
    assert.equal(open.rows, (await truth(account, '2026-11-01', '2026-11-20')).rows);
    const scope = `${account}/invoices/${invoice.name}`;
    assert.equal((await walk(address(scope, ''))).rows, (await truth(scope, '2026-10-01', '2026-10-31')).rows);
  });

  it('keeps the other parameters in nextLink and honours $top', async () => {
    const response = await fetch(address(account, `${OCTOBER}&$top=3&metric=actualcost`));
    const page = (await response.json()) as { value: Row[]; nextLink: string };
    assert.equal(page.value.length, 3);
    const next = new URL(page.nextLink).searchParams;
    assert.deepEqual(
      ['$top', 'startDate', 'endDate', 'metric', 'api-version'].map((name) => next.get(name)),
      ['3', '2026-10-01', '2026-10-31', 'actualcost', '2023-11-01'],
    );
    const all = await walk(address(subscription, `${OCTOBER}&$top=7`));
    assert.equal(all.rows, (await truth(subscription, '2026-10-01', '2026-10-31')).rows);
  });

  it('ignores $filter, as it does for modern accounts', async () => {
    const filtered = await walk(
      address(subscription, `${OCTOBER}&$filter=${encodeURIComponent("properties/chargeType eq 'x'")}`),
    );
    assert.equal(filtered.rows, (await truth(subscription, '2026-10-01', '2026-10-31')).rows);
  });

  it('answers a scope without rows by an empty list, in 2023-11-01 by 204 without body', async () => {
    const empty = `${account}/customers/${service.tenant.directory.customer(5).name}`;
    for (const version of VERSIONS) {
      const response = await fetch(address(empty, OCTOBER, version));
      const text = await response.text();
      assert.deepEqual([response.status, text], version === '2023-11-01' ? [204, ''] : [200, '{"value":[]}']);
    }
  });

  it('names the field of a wrong parameter', async () => {
    assert.match(await refused(account, '$top=0', 400), /\$top.*1 to 1000/);
    assert.match(await refused(account, '$top=1001', 400), /\$top/);
    assert.match(await refused(account, 'startDate=2026-13-01&endDate=2026-12-01', 400), /2026-13-01.*startDate/);
    assert.match(await refused(account, 'startDate=2026-10-01&endDate=10-31-2026', 400), /endDate/);
    assert.match(await refused(account, 'startDate=2026-10-01', 400), /endDate is required/);
    assert.match(await refused(account, 'startDate=2026-10-02&endDate=2026-10-01', 400), /after endDate/);
    assert.match(await refused(account, `${OCTOBER}&$skiptoken=abc`, 400), /\$skiptoken/);
  });

  it('refuses unknown and unsupported scopes, and versions of another provider', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000';
    assert.match(await refused(`${account}/customers/${nobody}`, '', 404), new RegExp(nobody));
    assert.match(await refused(`/subscriptions/${nobody}`, '', 404), new RegExp(nobody));
    assert.match(await refused(`${account}/invoices/G1`, '', 404), /G1/);
    const nested = `${invoice.profile}/customers/${customer.split('/').at(-1)}`;
    assert.match(await refused(nested, '', 400), /not supported/);
    assert.match(await refused(account, '', 400, '2024-04-01'), /2019-10-01, 2021-10-01, 2023-11-01/);
  });

  it('compares the path without case and takes an encoded colon', async () => {
    const path = `${account.replace(':', '%3A').toUpperCase()}/PROVIDERS/microsoft.consumption/UsageDetails`;
    const response = await fetch(
      `${service.endpoints.resourceManager}${path}?${OCTOBER}&$top=1&api-version=2023-11-01`,
    );
    const page = (await response.json()) as { value: Row[] };
    assert.ok(page.value[0]?.id.startsWith(`${account}/providers/`));
  });

  it('refuses truth of a wrong scope or date with a sentence', async () => {
    for (const query of ['scope=/x&from=2026-10-01&to=2026-10-02', `scope=${account}&from=1&to=2026-10-02`, 'from=1']) {
      const response = await fetch(`${service.endpoints.resourceManager}/_sample/truth?${query}`);
      assert.equal(response.status, 400);
      assert.ok(((await response.json()) as { error: { message: string } }).error.message.length > 10);
    }
  });
});
