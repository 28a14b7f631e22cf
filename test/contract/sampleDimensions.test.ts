import assert from 'node:assert/strict';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';

interface Dimension {
  id: string;
  name: string;
  type: string;
  properties: {
    data: string[];
    total: number;
    category: string;
    usageStart: string;
    usageEnd: string;
    description: string;
    filterEnabled: boolean;
    groupingEnabled: boolean;
    nextLink?: string;
  };
}

describe('sample service: dimensions', () => {
  let service: SampleService;
  let account: string;
  let customer: string;
  let subscription: string;

  before(async () => {
    service = await startSampleService({ customers: 60, usageRows: 20_000, now: new Date('2026-11-21T09:00:00Z') });
    const first = service.tenant.directory.customer(0);
    account = `/providers/Microsoft.Billing/billingAccounts/${first.account.name}`;
    customer = `${account}/customers/${first.name}`;
    subscription = `/subscriptions/${service.tenant.subscriptions(first).at(0).name}`;
  });
  after(() => service.close());

  const address = (scope: string, query: Record<string, string> = {}, version = '2025-03-01'): string =>
    `${service.endpoints.resourceManager}${scope}/providers/Microsoft.CostManagement/dimensions?${new URLSearchParams({ 'api-version': version, ...query })}`;

  async function list(url: string): Promise<Dimension[]> {
    const response = await fetch(url);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return (JSON.parse(text) as { value: Dimension[] }).value;
  }

  const names = (dimensions: Dimension[]): string[] => dimensions.map(({ properties }) => properties.category);
  const EXPAND = { $expand: 'properties/data' };

  it('lists what a scope allows, without values', async () => {
    for (const version of ['2019-10-01', '2023-11-01', '2025-03-01']) {
      const ofAccount = await list(address(account, {}, version));
      assert.ok(
        ['CustomerName', 'BillingProfileName', 'InvoiceId', 'Meter'].every((n) => names(ofAccount).includes(n)),
      );
      assert.ok(ofAccount.every(({ properties }) => properties.data.length === 0 && properties.filterEnabled));
      const [first] = ofAccount;
      assert.equal(first?.name, 'dimensions_ResourceGroupName_2026-11-01_2026-11-21');
      assert.equal(first?.id, `${account.slice(1)}/providers/Microsoft.CostManagement/${first?.name}`);
      assert.ok((first?.properties.total ?? 0) > 1);
      assert.equal(first?.properties.usageEnd, '2026-11-21T00:00:00Z');
    }
    assert.ok(!names(await list(address(customer))).includes('BillingProfileName'));
    assert.ok(names(await list(address(customer))).includes('CustomerTenantId'));
    const ofSubscription = names(await list(address(subscription)));
    assert.ok(ofSubscription.includes('ResourceId') && !ofSubscription.includes('CustomerTenantId'));
  });

  it('says where one can group by resource', async () => {
    const resource = { $filter: "properties/category eq 'ResourceId'" };
    assert.equal((await list(address(account, resource)))[0]?.properties.groupingEnabled, false);
    assert.equal((await list(address(subscription, resource)))[0]?.properties.groupingEnabled, true);
  });

  it('is what the query takes: every dimension groups, or is refused, as it says', async () => {
    for (const scope of [account, customer, subscription]) {
      for (const { properties } of await list(address(scope))) {
        const body = {
          type: 'ActualCost',
          timeframe: 'MonthToDate',
          dataset: {
            aggregation: { t: { name: 'CostUSD', function: 'Sum' } },
            grouping: [{ type: 'Dimension', name: properties.category }],
          },
        };
        const response = await fetch(address(scope).replace('/dimensions?', '/query?'), {
          method: 'POST',
          body: JSON.stringify(body),
        });
        const text = await response.text();
        assert.equal(response.status, properties.groupingEnabled ? 200 : 400, text);
        if (response.status !== 200) continue;
        const { rows } = (JSON.parse(text) as { properties: { rows: unknown[][] } }).properties;
        assert.equal(rows.filter((row) => row[1] !== '').length, properties.total, properties.category);
      }
    }
  });

  it('expands values, in pages with a link of their own', async () => {
    const $filter = "properties/category eq 'customername' and properties/usageStart ge '2026-09-01'";
    const [all] = await list(address(account, { ...EXPAND, $filter }));
    const data = all?.properties.data ?? [];
    assert.equal(data.length, all?.properties.total);
    assert.equal(all?.properties.usageStart, '2026-09-01T00:00:00Z');
    const found: string[] = [];
    let url: string | undefined = address(account, { ...EXPAND, $filter, $top: '5' });
    while (url) {
      const [page]: Dimension[] = await list(url);
      assert.equal(page?.name, 'dimensions_CustomerName_2026-09-01_2026-11-21');
      assert.ok((page?.properties.data.length ?? 9) <= 5);
      found.push(...(page?.properties.data ?? []));
      url = page?.properties.nextLink;
    }
    assert.deepEqual(found, data);
    assert.equal(new Set(found).size, found.length);
  });

  it('follows the link of one category out of a list of many', async () => {
    const many = await list(address(account, { ...EXPAND, $top: '2' }));
    const meters = many.find(({ properties }) => properties.category === 'Meter');
    assert.equal(meters?.properties.data.length, 2);
    const [next] = await list(meters?.properties.nextLink ?? '');
    assert.equal(next?.properties.category, 'Meter');
    assert.ok(!next?.properties.data.some((value) => meters?.properties.data.includes(value)));
  });

  it('looks only at the days asked for', async () => {
    const of = async (from: string, to: string): Promise<string[]> => {
      const $filter = `properties/category eq 'InvoiceId' and properties/usageStart ge '${from}' and properties/usageEnd le '${to}'`;
      return (await list(address(account, { ...EXPAND, $filter })))[0]?.properties.data ?? [];
    };
    const { tenant } = service;
    const [main] = tenant.accounts;
    assert.ok(main);
    assert.deepEqual(await of('2026-11-01', '2026-11-20'), []);
    assert.deepEqual(
      await of('2026-10-05', '2026-11-03'),
      main.profiles.map((profile) => tenant.invoiceOf(profile, 2026 * 12 + 9)?.name).sort(),
    );
  });

  it('answers 204 for nothing, and 400 for what it does not know', async () => {
    const status = async (scope: string, query: Record<string, string>): Promise<number> =>
      (await fetch(address(scope, query))).status;
    assert.equal(await status(subscription, { $filter: "properties/category eq 'CustomerName'" }), 204);
    assert.equal(await status(account, { $filter: "properties/usageEnd lt '2020-01-01'" }), 204);
    assert.equal(await status(account, { $filter: 'properties/colour eq 1' }), 400);
    assert.equal(await status(account, { $filter: "properties/usageStart ge '2026-13-01'" }), 400);
    assert.equal(await status(account, { $top: '0' }), 400);
    assert.equal(await status(account, { $top: '1001' }), 400);
    assert.equal(await status(account, { $skiptoken: 'x' }), 400);
    assert.equal(await status(account, { $skiptoken: 'x', $filter: "properties/category eq 'Meter'" }), 400);
  });
});
