import assert from 'node:assert/strict';
import { isoDay, lastDay } from '../../src/sample/calendar.ts';
import { decimalText, decimalUnits } from '../../src/sample/decimal.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';

interface Page {
  id: string;
  name: string;
  type: string;
  properties: { nextLink: string | null; columns: { name: string; type: string }[]; rows: unknown[][] };
}
interface Asked {
  status: number;
  headers: Headers;
  text: string;
}
interface Failure {
  error: { code: string; message: string };
}
type Json = Record<string, unknown>;

const VERSIONS = ['2019-10-01', '2019-11-01', '2022-10-01', '2023-11-01', '2025-03-01'] as const;
const NEWEST = '2025-03-01';
const SUM = { totalCost: { name: 'PreTaxCost', function: 'Sum' } };
const OCTOBER = { from: '2026-10-01T00:00:00Z', to: '2026-10-31T23:59:59Z' };

describe('sample service: cost query', () => {
  let service: SampleService;
  let account: string;
  let profile: string;
  let customer: string;
  let subscription: string;

  before(async () => {
    service = await startSampleService({ customers: 60, usageRows: 20_000, now: new Date('2026-11-21T09:00:00Z') });
    const first = service.tenant.directory.customer(0);
    account = `/providers/Microsoft.Billing/billingAccounts/${first.account.name}`;
    profile = `${account}/billingProfiles/${first.profile.name}`;
    customer = `${account}/customers/${first.name}`;
    subscription = `/subscriptions/${service.tenant.subscriptions(first).at(0).name}`;
  });
  after(() => service.close());

  const address = (scope: string, version: string = NEWEST, more = ''): string =>
    `${service.endpoints.resourceManager}${scope}/providers/Microsoft.CostManagement/query?api-version=${version}${more}`;

  async function post(url: string, body: unknown): Promise<Asked> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  async function ask(scope: string, body: unknown, version: string = NEWEST, more = ''): Promise<Page> {
    const { status, text } = await post(address(scope, version, more), body);
    assert.equal(status, 200, text);
    return JSON.parse(text) as Page;
  }

  async function refused(body: unknown, version: string = NEWEST, scope = account, more = ''): Promise<string> {
    const { status, text } = await post(address(scope, version, more), body);
    assert.equal(status, 400, text);
    const { error } = JSON.parse(text) as Failure;
    assert.equal(error.code, 'BadRequest');
    assert.match(error.message, / \(Request ID: [0-9a-f-]{36}\)$/);
    return error.message;
  }

  const over = (dataset: Json, timePeriod: Json = OCTOBER): Json => ({
    type: 'ActualCost',
    timeframe: 'Custom',
    timePeriod,
    dataset,
  });

  /** Sums of the first column by the last one, from the digits as they came. */
  function totals(text: string): Record<string, string> {
    const sums: Record<string, bigint> = {};
    const rows = text.slice(text.indexOf('"rows":['));
    for (const [, digits = '', currency = ''] of rows.matchAll(/\[(-?[0-9.]+)(?:,[^[\]]*)?,"([A-Z]{3})"\]/g)) {
      sums[currency] = (sums[currency] ?? 0n) + decimalUnits(digits, 20);
    }
    return Object.fromEntries(Object.entries(sums).map(([currency, units]) => [currency, decimalText(units, 20)]));
  }

  const truth = (scope: string, from = '2026-10-01', to = '2026-10-31'): Record<string, string> =>
    Object.fromEntries(service.tenant.truth(scope, from, to).totals);

  for (const version of VERSIONS) {
    it(`adds up every kind of scope to its truth, per currency (${version})`, async () => {
      const type = version === '2019-10-01' ? 'Usage' : 'ActualCost';
      for (const scope of [account, profile, customer, subscription]) {
        for (const granularity of ['None', 'Daily', 'Monthly']) {
          const body = {
            type,
            timeframe: 'TheLastMonth',
            dataset: {
              granularity,
              aggregation: SUM,
              grouping: [{ type: 'Dimension', name: 'ServiceName' }],
            },
          };
          const { status, text } = await post(address(scope, version, '&$top=5000'), body);
          assert.equal(status, 200, text);
          const { id, name, type: kind, properties } = JSON.parse(text) as Page;
          assert.equal(id, `${scope.slice(1)}/providers/Microsoft.CostManagement/query/${name}`);
          assert.equal(kind, 'Microsoft.CostManagement/query');
          assert.deepEqual(totals(text), truth(scope), `${scope} ${granularity}`);
          const dates = { None: [], Daily: ['UsageDate Number'], Monthly: ['BillingMonth Datetime'] }[granularity];
          assert.deepEqual(
            properties.columns.map((column) => `${column.name} ${column.type}`),
            ['PreTaxCost Number', ...(dates ?? []), 'ServiceName String', 'Currency String'],
          );
        }
      }
    });
  }

  it('separates the currencies of a billing account, and adds them up in USD', async () => {
    const { properties } = await ask(account, over({ aggregation: SUM }));
    assert.deepEqual(
      properties.rows.map((row) => row[1]),
      ['EUR', 'JPY', 'USD'],
    );
    const usd = await ask(account, over({ aggregation: { t: { name: 'CostUSD', function: 'Sum' } } }));
    assert.equal(usd.properties.rows.length, 1);
    assert.equal(usd.properties.rows[0]?.[1], 'USD');
    const filter = { dimensions: { name: 'BillingCurrency', operator: 'In', values: ['jpy'] } };
    const yen = await post(address(account), over({ aggregation: SUM, filter }));
    assert.deepEqual(totals(yen.text), { JPY: truth(account).JPY });
  });

  it('writes days as numbers and months as text', async () => {
    const daily = await ask(customer, over({ granularity: 'Daily', aggregation: SUM }));
    assert.equal(daily.properties.rows.length, 31);
    assert.equal(daily.properties.rows[0]?.[1], 20261001);
    const monthly = await ask(customer, over({ granularity: 'Monthly', aggregation: SUM }));
    assert.equal(monthly.properties.rows[0]?.[1], '2026-10-01T00:00:00');
  });

  it('gives a tag two columns, null where it is not set; Tag before 2022-10-01, TagKey since', async () => {
    const grouping = (type: string) => over({ aggregation: SUM, grouping: [{ type, name: 'environment' }] });
    const { properties } = await ask(profile, grouping('TagKey'));
    assert.deepEqual(
      properties.columns.map(({ name }) => name),
      ['PreTaxCost', 'TagKey', 'TagValue', 'Currency'],
    );
    assert.ok(properties.rows.every((row) => row[1] === 'environment'));
    assert.deepEqual([...new Set(properties.rows.map((row) => row[2]))].sort(), ['dev', null, 'prod', 'test']);
    await ask(profile, grouping('Tag'), '2019-11-01');
    assert.match(await refused(grouping('Tag')), /grouping\[0\]\.type 'Tag'/);
    assert.match(await refused(grouping('TagKey'), '2019-11-01'), /grouping\[0\]\.type 'TagKey'/);
  });

  it('walks pages by the same body; a nextLink without it is refused', async () => {
    const body = over({
      granularity: 'Daily',
      aggregation: SUM,
      grouping: [
        { type: 'Dimension', name: 'Meter' },
        { type: 'Dimension', name: 'CustomerName' },
      ],
    });
    const whole = await post(address(account, NEWEST, '&$top=5000'), body);
    const all = (JSON.parse(whole.text) as Page).properties.rows;
    assert.ok(all.length > 500);
    const rows: unknown[][] = [];
    let pages = 0;
    let url: string | null = address(account, NEWEST, '&$top=200');
    let second: string | undefined;
    while (url) {
      const { status, text } = await post(url, JSON.stringify(body, null, 2));
      assert.equal(status, 200, text);
      const { properties } = JSON.parse(text) as Page;
      rows.push(...properties.rows);
      url = properties.nextLink;
      second ??= url ?? undefined;
      pages++;
    }
    assert.equal(pages, Math.ceil(all.length / 200));
    assert.deepEqual(rows, all);
    assert.ok(second?.includes('&$skiptoken='));
    for (const [method, sent] of [
      ['GET', undefined],
      ['POST', ''],
    ] as const) {
      const response = await fetch(second ?? '', { method, ...(sent === undefined ? {} : { body: sent }) });
      assert.equal(response.status, 400);
      const { error } = (await response.json()) as Failure;
      assert.match(error.message, /^Invalid query definition, Dataset is invalid or not supplied\./);
    }
    const other = await post(second ?? '', over({ aggregation: SUM }));
    assert.equal(other.status, 400);
    assert.match(other.text, /skiptoken/);
  });

  it('has pages of a thousand rows unless told otherwise', async () => {
    const body = over(
      {
        granularity: 'Daily',
        aggregation: SUM,
        grouping: [
          { type: 'Dimension', name: 'Meter' },
          { type: 'Dimension', name: 'CustomerName' },
        ],
      },
      { from: '2026-08-01', to: '2026-10-31' },
    );
    assert.equal((await ask(account, body)).properties.rows.length, 1000);
    assert.equal((await ask(account, body, NEWEST, '&$top=7')).properties.rows.length, 7);
    for (const top of ['0', '5001', 'x']) {
      assert.match(await refused(body, NEWEST, account, `&$top=${top}`), /\$top/);
    }
  });

  it('answers 204 without a body when there is nothing', async () => {
    const noUsage = service.tenant.directory.customer(5);
    const empty = await post(address(`${account}/customers/${noUsage.name}`), over({ aggregation: SUM }));
    assert.deepEqual([empty.status, empty.text], [204, '']);
    const none = { dimensions: { name: 'ServiceName', operator: 'In', values: ['No such service'] } };
    assert.equal((await post(address(account), over({ aggregation: SUM, filter: none }))).status, 204);
    const old = over({ aggregation: SUM }, { from: '2020-01-01', to: '2020-01-31' });
    assert.equal((await post(address(account), old)).status, 204);
  });

  it('shows the faults of links in its pages too', async () => {
    const body = over({ aggregation: SUM });
    try {
      service.setFault('foreign-next-link');
      const foreign = await ask(customer, body);
      assert.match(foreign.properties.nextLink ?? '', /^https:\/\/management\.azure\.com\.example\.net\//);
      service.setFault('repeating-next-link');
      assert.equal((await ask(customer, body)).properties.nextLink, address(customer));
      service.setFault('401-after-first-page');
      assert.equal((await post(address(customer, NEWEST, '&$skiptoken=x'), body)).status, 401);
    } finally {
      service.setFault(undefined);
    }
  });

  describe('filters', () => {
    const dimension = (name: string, operator: string, ...values: string[]) => ({
      dimensions: { name, operator, values },
    });
    const tag = (name: string, operator: string, ...values: string[]) => ({ tags: { name, operator, values } });

    async function values(filter: unknown, name = 'ServiceFamily', version: string = NEWEST): Promise<unknown[]> {
      const body = {
        type: 'Usage',
        timeframe: 'TheLastMonth',
        dataset: {
          granularity: 'None',
          aggregation: { t: { name: 'CostUSD', function: 'Sum' } },
          grouping: [{ type: 'Dimension', name }],
          filter,
        },
      };
      const { status, text } = await post(address(account, version), body);
      assert.ok(status === 200 || status === 204, text);
      return status === 204 ? [] : (JSON.parse(text) as Page).properties.rows.map((row) => row[1]);
    }

    it('combines and, or and not', async () => {
      const all = (await values(undefined)) as string[];
      const compute = dimension('ServiceFamily', 'In', 'Compute');
      const storage = dimension('ServiceFamily', 'In', 'Storage');
      assert.ok(all.includes('Compute') && all.includes('Storage') && all.includes(''));
      assert.deepEqual(await values(compute), ['Compute']);
      assert.deepEqual(await values({ or: [storage, compute] }), ['Compute', 'Storage']);
      assert.deepEqual(await values({ and: [storage, compute] }), []);
      assert.deepEqual(
        await values({ not: { or: [storage, compute] } }),
        all.filter((name) => name !== 'Compute' && name !== 'Storage'),
      );
      assert.deepEqual(await values({ and: [{ or: [storage, compute] }, { not: storage }] }), ['Compute']);
    });

    it('takes both spellings in every version, whatever the case of members and values', async () => {
      for (const version of VERSIONS) {
        for (const filter of [
          { dimension: { name: 'ServiceFamily', operator: 'In', values: ['compute'] } },
          { dimensions: { name: 'servicefamily', operator: 'in', values: ['COMPUTE'] } },
          { Dimensions: { Name: 'ServiceFamily', Operator: 'In', Values: ['Compute'] } },
        ]) {
          assert.deepEqual(await values(filter, 'ServiceFamily', version), ['Compute']);
        }
        for (const member of ['tag', 'tags']) {
          const filter = { [member]: { name: 'Environment', operator: 'In', values: ['Prod'] } };
          assert.ok((await values(filter, 'ResourceGroupName', version)).every((name) => /-prod$/.test(String(name))));
        }
      }
    });

    it('knows the other operators', async () => {
      const all = ((await values(undefined)) as string[]).filter(Boolean);
      const below = (family: string) => all.filter((name) => name.toLowerCase() < family.toLowerCase());
      assert.deepEqual(await values(dimension('ServiceFamily', 'Equal', 'Compute')), ['Compute']);
      assert.deepEqual(
        (await values(dimension('ServiceFamily', 'NotEqual', 'Compute'))).filter(Boolean),
        all.filter((name) => name !== 'Compute'),
      );
      assert.deepEqual(await values(dimension('ServiceFamily', 'Contains', 'ora')), ['Storage']);
      assert.deepEqual(
        (await values(dimension('ServiceFamily', 'LessThan', 'Networking'))).filter(Boolean),
        below('Networking'),
      );
      assert.deepEqual(
        await values(dimension('ServiceFamily', 'GreaterThan', 'Networking')),
        all.filter((name) => name !== 'Networking' && !below('Networking').includes(name)),
      );
    });

    it('tells what has a tag from what has not', async () => {
      const of = async (filter: unknown): Promise<unknown[]> => values(filter, 'ChargeType');
      assert.deepEqual(await of(tag('environment', 'In', 'prod')), ['Usage']);
      assert.deepEqual(await of(tag('environment', 'NotEqual', 'prod')), ['RoundingAdjustment', 'Usage']);
    });

    it('finds the rows of an invoice', async () => {
      const [invoice] = service.tenant.invoices(service.tenant.directory.customer(0).profile);
      assert.ok(invoice);
      const filter = dimension('InvoiceId', 'In', invoice.name);
      const { text } = await post(
        address(account),
        over({ aggregation: SUM, filter }, { from: '2026-06-15', to: isoDay(lastDay(invoice.month) + 9) }),
      );
      assert.deepEqual(totals(text), { [invoice.profile.currency]: decimalText(invoice.total, 20) });
    });

    it('refuses what is not a filter, naming the place', async () => {
      const compute = dimension('ServiceFamily', 'In', 'Compute');
      for (const [filter, message] of [
        [{ and: [compute] }, /dataset\.filter\.and must have at least two/],
        [{ or: [] }, /dataset\.filter\.or must have at least two/],
        [{ not: [compute, compute] }, /dataset\.filter\.not must be an object/],
        [{}, /exactly one of/],
        [{ ...compute, ...tag('a', 'In', 'b') }, /exactly one of/],
        [{ and: [compute, dimension('Colour', 'In', 'red')] }, /'Colour' of .*filter\.and\[1\]\.dimensions/],
        [dimension('ServiceName', 'Like', 'x'), /operator 'Like'/],
        [{ dimensions: { name: 'ServiceName', values: ['x'] } }, /operator is required/],
        [dimension('ServiceName', 'In'), /values must have at least one/],
        [{ dimensions: { name: 'ServiceName', operator: 'In', values: [3] } }, /values must be a list of texts/],
      ] as const) {
        assert.match(await refused(over({ aggregation: SUM, filter })), message);
      }
    });
  });

  describe('definitions', () => {
    it('sorts by columns and aliases, in both spellings of the direction', async () => {
      const grouping = [{ type: 'Dimension', name: 'ServiceName' }];
      const sorted = async (sorting: unknown[], granularity = 'None'): Promise<unknown[][]> =>
        (await ask(customer, over({ granularity, aggregation: SUM, grouping, sorting }))).properties.rows;
      const costs = (rows: unknown[][]): number[] => rows.map((row) => Number(row[0]));
      const falling = costs(await sorted([{ name: 'PreTaxCost', direction: 'Descending' }]));
      assert.deepEqual(
        falling,
        falling.toSorted((a, b) => b - a),
      );
      assert.deepEqual(costs(await sorted([{ name: 'totalCost', direction: 'ascending' }])), falling.toReversed());
      const days = await sorted([{ name: 'UsageDate', querySortingDirection: 'Descending' }], 'Daily');
      assert.deepEqual([days[0]?.[1], days.at(-1)?.[1]], [20261031, 20261001]);
      assert.match(
        await refused(over({ aggregation: SUM, grouping, sorting: [{ name: 'Meter' }] })),
        /sorting\[0\]\.name 'Meter'/,
      );
    });

    it('takes two sums at once and the quantity', async () => {
      const { properties } = await ask(
        subscription,
        over({
          aggregation: { a: { name: 'Cost', function: 'Sum' }, b: { name: 'UsageQuantity', function: 'Sum' } },
          grouping: [{ type: 'Dimension', name: 'Meter' }],
        }),
      );
      assert.deepEqual(
        properties.columns.map(({ name }) => name),
        ['Cost', 'UsageQuantity', 'Meter', 'Currency'],
      );
      assert.ok(properties.rows.every((row) => Number(row[1]) > 0));
    });

    it('answers a definition without sums by the columns it names', async () => {
      const plain = { type: 'Usage', timeframe: 'TheLastMonth', dataset: { granularity: 'Daily' } };
      const { properties } = await ask(customer, plain);
      assert.deepEqual(
        properties.columns.map(({ name }) => name),
        ['PreTaxCost', 'UsageDate', 'ResourceGroup', 'Currency'],
      );
      const chosen = over({ configuration: { columns: ['ResourceLocation', 'CostUSD'] } });
      assert.deepEqual(
        (await ask(customer, chosen)).properties.columns.map(({ name }) => name),
        ['CostUSD', 'ResourceLocation', 'Currency'],
      );
      assert.match(await refused(over({ configuration: { columns: ['Weather'] } })), /'Weather'/);
    });

    it('groups by resource only where a subscription is given', async () => {
      const body = over({ aggregation: SUM, grouping: [{ type: 'Dimension', name: 'ResourceId' }] });
      const [row] = (await ask(subscription, body)).properties.rows;
      assert.match(String(row?.[1]), new RegExp(`^${subscription}/resourceGroups/`));
      const group = String(row?.[1]).split('/')[4];
      const inGroup = await ask(`${subscription}/resourceGroups/${group}`, body);
      assert.equal(inGroup.id.includes(`/resourceGroups/${group}/providers/`), true);
      for (const scope of [account, profile, customer]) {
        assert.match(await refused(body, NEWEST, scope), /'ResourceId' is not a valid dimension/);
      }
      const partner = over({ aggregation: SUM, grouping: [{ type: 'Dimension', name: 'CustomerName' }] });
      assert.match(await refused(partner, NEWEST, subscription), /'CustomerName'/);
    });

    it('refuses every broken limit, naming the member', async () => {
      const by = (...names: string[]) => names.map((name) => ({ type: 'Dimension', name }));
      const sum = (name: string, fn = 'Sum') => ({ name, function: fn });
      for (const [body, message] of [
        ['', /Dataset is invalid or not supplied/],
        ['{', /Dataset is invalid or not supplied/],
        [[], /must be an object/],
        [{ type: 'Usage', timeframe: 'MonthToDate' }, /Dataset is invalid or not supplied/],
        [{ timeframe: 'MonthToDate', dataset: {} }, /type is required/],
        [{ type: 'Usage', dataset: {} }, /timeframe is required/],
        [{ type: 'Spend', timeframe: 'MonthToDate', dataset: {} }, /type 'Spend'/],
        [{ type: 'Usage', timeframe: 'Fortnight', dataset: {} }, /timeframe 'Fortnight'/],
        [over({ granularity: 'Hourly', aggregation: SUM }), /granularity 'Hourly'/],
        [over({ aggregation: { a: sum('Cost'), b: sum('CostUSD'), c: sum('UsageQuantity') } }), /more than two/],
        [over({ aggregation: { a: sum('Cost'), b: sum('cost') } }), /same column twice/],
        [over({ aggregation: { a: sum('Weight') } }), /aggregation\.a\.name 'Weight'/],
        [over({ aggregation: { a: sum('Cost', 'Median') } }), /aggregation\.a\.function 'Median'/],
        [over({ aggregation: SUM, grouping: by('Meter', 'ServiceName', 'Product') }), /more than two/],
        [over({ aggregation: SUM, grouping: by('ResourceGroup', 'ResourceGroupName') }), /twice/],
        [over({ aggregation: SUM, grouping: by('PreTaxCost') }), /column of aggregation/],
        [over({ aggregation: SUM, grouping: by('Colour') }), /'Colour' is not a valid dimension/],
        [over({ aggregation: SUM }, { from: '2014-04-30', to: '2014-06-01' }), /2014-05-01/],
        [over({ aggregation: SUM }, { from: '2023-09-15', to: '2026-10-15' }), /37 months/],
        [over({ aggregation: SUM }, { from: '2026-02-30', to: '2026-10-15' }), /timePeriod\.from '2026-02-30'/],
        [over({ aggregation: SUM }, { from: '2026-10-01' }), /timePeriod\.to is required/],
      ] as const) {
        assert.match(await refused(body), message, JSON.stringify(body));
      }
      await ask(account, over({ aggregation: SUM }, { from: '2023-09-15', to: '2026-10-14' }));
      assert.match(await refused({ type: 'ActualCost', timeframe: 'MonthToDate', dataset: {} }, '2019-10-01'), /type/);
    });

    it('swaps a period that is the wrong way round, and takes the month to date for none', async () => {
      const body = over({ aggregation: SUM }, { from: OCTOBER.to, to: OCTOBER.from });
      assert.deepEqual(totals((await post(address(account), body)).text), truth(account));
      const none = { type: 'Usage', timeframe: 'Custom', dataset: { aggregation: SUM } };
      assert.deepEqual(totals((await post(address(account), none)).text), truth(account, '2026-11-01', '2026-11-21'));
    });

    it('refuses unknown versions and scopes', async () => {
      const body = over({ aggregation: SUM });
      const of = async (scope: string, version: string = NEWEST): Promise<string> => {
        const { status, text } = await post(address(scope, version), body);
        return `${status} ${(JSON.parse(text) as Failure).error.code}`;
      };
      assert.equal(await of(account, '2018-01-01'), '400 InvalidResourceType');
      assert.equal(await of(`${account}x`), '404 NotFound');
      assert.equal(await of('/subscriptions/11111111-1111-4111-8111-111111111111'), '404 SubscriptionNotFound');
      assert.equal(await of(`${subscription}/resourceGroups/none`), '404 ResourceGroupNotFound');
      assert.equal(await of(profile.replace(account, `${account}/invoices`)), '400 BadRequest');
      assert.equal(
        await of('/providers/Microsoft.Management/managementGroups/root'),
        '400 SubscriptionTypeNotSupported',
      );
    });
  });
});
