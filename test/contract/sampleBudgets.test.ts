import assert from 'node:assert/strict';
import { BUDGET_STORIES } from '../../src/sample/budgetStories.ts';
import { decimalUnits } from '../../src/sample/decimal.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';

interface Budget {
  id: string;
  name: string;
  type: string;
  eTag: string;
  properties: {
    category: string;
    amount?: number;
    timeGrain: string;
    timePeriod: { startDate: string; endDate: string };
    filter?: unknown;
    currentSpend?: { amount: number; unit: string };
    forecastSpend?: { amount: number; unit: string };
    notifications: Record<string, { enabled: boolean; thresholdType?: string }>;
  };
}
interface Reply {
  status: number;
  text: string;
  headers: Headers;
}

const BILLING = '/providers/Microsoft.Billing/billingAccounts';
const COST_MANAGEMENT = ['2019-04-01-preview', '2019-10-01', '2023-11-01', '2025-03-01'];
const CONSUMPTION = ['2019-10-01', '2021-10-01', '2023-11-01'];
const NEWEST = ['CostManagement', '2025-03-01'] as const;

const notification = {
  enabled: true,
  operator: 'GreaterThan',
  threshold: 80,
  contactEmails: ['team@harbourlight.example'],
};
const properties = {
  category: 'Cost',
  amount: 1200.5,
  timeGrain: 'Monthly',
  timePeriod: { startDate: '2026-11-01T00:00:00Z', endDate: '2027-10-31T00:00:00Z' },
  notifications: { first: notification },
};

describe('sample service: budgets', () => {
  let service: SampleService;
  let scopes: Record<'account' | 'profile' | 'euro' | 'customer' | 'subscription' | 'group', string>;

  before(async () => {
    service = await startSampleService({ customers: 60, usageRows: 20_000, now: new Date('2026-11-21T09:00:00Z') });
    const { tenant } = service;
    const [main] = tenant.accounts;
    assert.ok(main);
    const customer = tenant.directory.customer(0);
    const subscription = tenant.subscriptions(customer).at(0);
    const line = tenant.ledger.line(tenant.ledger.linesOfSubscription(0, 0).from);
    const account = `${BILLING}/${main.name}`;
    scopes = {
      account,
      profile: `${account}/billingProfiles/${main.profiles[0]?.name}`,
      euro: `${account}/billingProfiles/${main.profiles[1]?.name}`,
      customer: `${account}/customers/${customer.name}`,
      subscription: `/subscriptions/${subscription.name}`,
      group: `/subscriptions/${subscription.name}/resourceGroups/${line.resourceGroup}`,
    };
  });
  after(() => service.close());
  beforeEach(() => send('/_sample/reset', { method: 'POST' }));

  async function send(path: string, init?: RequestInit): Promise<Reply> {
    const response = await fetch(`${service.endpoints.resourceManager}${path}`, init);
    return { status: response.status, text: await response.text(), headers: response.headers };
  }

  const address = (scope: string, provider: string, version: string, rest = ''): string => {
    const [path, query = ''] = rest.split('?');
    return `${scope}/providers/Microsoft.${provider}/budgets${path}?api-version=${version}${query && `&${query}`}`;
  };

  async function list(scope: string, provider: string, version: string, query = ''): Promise<Budget[]> {
    const { status, text } = await send(address(scope, provider, version, `?${query}`));
    assert.equal(status, 200, text);
    const { value, nextLink } = JSON.parse(text) as { value: Budget[]; nextLink: null };
    assert.equal(nextLink, null);
    return value;
  }

  const put = (scope: string, name: string, body: unknown, [provider, version]: readonly [string, string] = NEWEST) =>
    send(address(scope, provider, version, `/${name}`), {
      method: 'PUT',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  const customerScope = (index: number): string =>
    `${scopes.account}/customers/${service.tenant.directory.customer(index).name}`;

  async function story({ customer, name }: { customer: number; name: string }): Promise<Budget['properties']> {
    const { text } = await send(address(customerScope(customer), ...NEWEST, `/${name}`));
    return (JSON.parse(text) as Budget).properties;
  }

  const share = ({ currentSpend, amount }: Budget['properties']): number =>
    (currentSpend?.amount ?? Number.NaN) / (amount ?? Number.NaN);

  for (const [provider, versions] of [
    ['CostManagement', COST_MANAGEMENT],
    ['Consumption', CONSUMPTION],
  ] as const) {
    for (const version of versions) {
      it(`creates, reads, changes, lists and deletes at every scope: ${provider} ${version}`, async () => {
        for (const scope of Object.values(scopes)) {
          const before = await list(scope, provider, version);
          const created = await put(scope, 'new-budget', { properties }, [provider, version]);
          assert.equal(created.status, 201, created.text);
          const budget = JSON.parse(created.text) as Budget;
          assert.equal(budget.id, `${scope.slice(1)}/providers/Microsoft.${provider}/budgets/new-budget`);
          assert.equal(budget.type, `Microsoft.${provider}/budgets`);
          assert.match(budget.eTag, /^"1d[0-9a-f]{13}"$/);
          assert.deepEqual(
            { ...budget.properties, currentSpend: undefined },
            {
              ...properties,
              currentSpend: undefined,
              notifications: { first: { ...notification, thresholdType: 'Actual' } },
            },
          );
          const read = await send(address(scope.toUpperCase(), provider, version, '/NEW-BUDGET'));
          assert.deepEqual(JSON.parse(read.text), budget);
          const more = { eTag: budget.eTag, properties: { ...properties, amount: 1300 } };
          const changed = await put(scope, 'new-budget', more, [provider, version]);
          assert.equal(changed.status, 200, changed.text);
          const second = JSON.parse(changed.text) as Budget;
          assert.equal(second.properties.amount, 1300);
          assert.notEqual(second.eTag, budget.eTag);
          assert.equal((await list(scope, provider, version)).length, before.length + 1);
          const path = address(scope, provider, version, '/new-budget');
          const deleted = await send(path, { method: 'DELETE' });
          assert.deepEqual([deleted.status, deleted.text], [version === '2019-04-01-preview' ? 204 : 200, '']);
          assert.equal((await send(path)).status, 404);
          assert.equal((await send(path, { method: 'DELETE' })).status, 404);
          assert.deepEqual(await list(scope, provider, version), before);
        }
      });
    }
  }

  it('shows both providers the same budgets', async () => {
    await put(scopes.customer, 'shared', { properties }, ['Consumption', '2023-11-01']);
    const [one, other] = await Promise.all([
      list(scopes.customer, ...NEWEST),
      list(scopes.customer, 'Consumption', '2021-10-01'),
    ]);
    assert.deepEqual(
      one.map(({ name, eTag, properties: p }) => [name, eTag, p]),
      other.map(({ name, eTag, properties: p }) => [name, eTag, p]),
    );
    assert.ok(one.some(({ name }) => name === 'shared'));
  });

  it('tells the spend of the time grain to the last digit, in USD at the account and in billing currency elsewhere', async () => {
    const spends = new Map<string, string>();
    for (const scope of [...Object.values(scopes), customerScope(3), customerScope(6)]) {
      const { text } = await put(scope, 'spend', { properties });
      const [, digits, unit] = /"currentSpend":\{"amount":(-?[\d.]+),"unit":"(\w+)"\}/.exec(text) ?? [];
      assert.ok(digits && unit, text);
      spends.set(scope, `${unit} ${digits}`);
    }
    for (const scope of [scopes.profile, scopes.euro, scopes.customer, scopes.subscription, customerScope(6)]) {
      const { totals } = service.tenant.truth(scope, '2026-11-01', '2026-11-30');
      assert.deepEqual(
        [...totals].map((pair) => pair.join(' ')),
        [spends.get(scope)],
      );
    }
    assert.match(spends.get(scopes.account) ?? '', /^USD /);
    assert.match(spends.get(customerScope(3)) ?? '', /^EUR /);

    // The account's USD is the sum of costInUSD over its rows.
    let usd = 0n;
    const usage = `${scopes.account}/providers/Microsoft.Consumption/usageDetails?api-version=2023-11-01`;
    let next: string | undefined = `${usage}&startDate=2026-11-01&endDate=2026-11-30`;
    while (next) {
      const { text } = await send(next);
      for (const [, digits] of text.matchAll(/"costInUSD":(-?[\d.]+)/g)) usd += decimalUnits(digits ?? '', 20);
      const link: string | undefined = (JSON.parse(text) as { nextLink?: string }).nextLink;
      next = link?.replace(service.endpoints.resourceManager, '');
    }
    assert.equal(usd, decimalUnits(spends.get(scopes.account)?.slice(4) ?? '', 20));
  });

  it('counts the whole quarter and year, rounding rows included', async () => {
    for (const [timeGrain, from] of [
      ['Quarterly', '2026-10-01'],
      ['Annually', '2026-01-01'],
    ] as const) {
      const body = { properties: { ...properties, timeGrain, timePeriod: { startDate: from } } };
      const { text } = await put(scopes.euro, timeGrain, body);
      const truth = service.tenant.truth(scopes.euro, from, '2026-11-30').totals.get('EUR');
      assert.ok(text.includes(`"currentSpend":{"amount":${truth},"unit":"EUR"}`), text);
      assert.equal((JSON.parse(text) as Budget).properties.timePeriod.endDate, `${2036}${from.slice(4)}T00:00:00Z`);
    }
  });

  it('counts only what the filter lets through, in both grammars', async () => {
    const group = scopes.group.split('/').at(-1);
    const dimensions = { name: 'ResourceGroupName', operator: 'In', values: [group?.toUpperCase()] };
    const newer = await put(scopes.subscription, 'part', { properties: { ...properties, filter: { dimensions } } });
    const { currentSpend } = (JSON.parse(newer.text) as Budget).properties;
    const whole = JSON.parse((await put(scopes.group, 'whole', { properties })).text) as Budget;
    assert.deepEqual(currentSpend, whole.properties.currentSpend);
    const preview = ['CostManagement', '2019-04-01-preview'] as const;
    const filter = { or: [{ dimension: dimensions }, { not: { dimension: dimensions } }] };
    const { text } = await put(scopes.subscription, 'all', { properties: { ...properties, filter } }, preview);
    const all = JSON.parse(text) as Budget;
    assert.deepEqual(all.properties.filter, filter);
    const total = service.tenant.truth(scopes.subscription, '2026-11-01', '2026-11-30');
    assert.ok(text.includes(`"amount":${[...total.totals.values()][0]},`));
    const later = await send(address(scopes.subscription, ...NEWEST, '/all'));
    assert.match(later.text, /"filter":\{"or":\[\{"dimensions":/);
  });

  it('forecasts only where a notification is on the forecast', async () => {
    const body = (thresholdType: string) => ({
      properties: { ...properties, notifications: { first: { ...notification, thresholdType } } },
    });
    const actual = JSON.parse((await put(scopes.customer, 'actual', body('Actual'))).text) as Budget;
    assert.equal(actual.properties.forecastSpend, undefined);
    const forecast = JSON.parse((await put(scopes.customer, 'forecast', body('Forecasted'))).text) as Budget;
    const { currentSpend, forecastSpend } = forecast.properties;
    assert.ok(currentSpend && forecastSpend);
    assert.ok(forecastSpend.amount > currentSpend.amount && forecastSpend.amount < currentSpend.amount * 2);
    assert.equal(forecastSpend.unit, 'USD');
    const { text } = await send(address(scopes.customer, 'Consumption', '2019-10-01', '/forecast'));
    assert.doesNotMatch(text, /forecastSpend/);
  });

  it('forecasts what the forecast call foresees', async () => {
    const notifications = { first: { ...notification, thresholdType: 'Forecasted' } };
    for (const [scope, name] of [
      [scopes.customer, 'Cost'],
      [scopes.account, 'CostUSD'],
    ] as const) {
      const { text } = await put(scope, 'foreseen', { properties: { ...properties, notifications } });
      const digits = /"forecastSpend":\{"amount":([\d.]+)/.exec(text)?.[1] ?? '';
      const body = {
        type: 'ActualCost',
        timeframe: 'Custom',
        timePeriod: { from: '2026-11-01', to: '2026-11-30' },
        dataset: { granularity: 'Daily', aggregation: { total: { name, function: 'Sum' } } },
      };
      const path = `${scope}/providers/Microsoft.CostManagement/forecast?api-version=2023-11-01`;
      const forecast = await send(path, { method: 'POST', body: JSON.stringify(body) });
      const rows = [...forecast.text.matchAll(/\[(-?[\d.]+),20261\d+,"(?:Actual|Forecast)"/g)];
      assert.equal(rows.length, 30, forecast.text);
      const sum = rows.reduce((total, [, amount]) => total + decimalUnits(amount ?? '', 20), 0n);
      assert.equal(decimalUnits(digits, 20), sum);
    }
  });

  it('tells its stories', async () => {
    const healthy = await story(BUDGET_STORIES.healthy);
    assert.ok(share(healthy) > 0.4 && share(healthy) < 0.5, `${share(healthy)}`);
    assert.ok(healthy.forecastSpend);
    const near = await story(BUDGET_STORIES.nearLimit);
    assert.ok(share(near) > 0.9 && share(near) < 1, `${share(near)}`);
    assert.equal(near.currentSpend?.unit, 'EUR');
    const exceeded = await story(BUDGET_STORIES.exceeded);
    assert.ok(share(exceeded) > 1.1, `${share(exceeded)}`);
    assert.equal(exceeded.currentSpend?.unit, 'JPY');
    const expired = await story(BUDGET_STORIES.expired);
    assert.equal(expired.timePeriod.endDate, '2026-08-31T00:00:00Z');
    assert.ok(share(expired) > 0.7 && share(expired) < 0.9);
    const silent = await story(BUDGET_STORIES.silent);
    assert.deepEqual([...new Set(Object.values(silent.notifications).map(({ enabled }) => enabled))], [false]);
    const unused = await story(BUDGET_STORIES.unused);
    assert.equal(unused.currentSpend?.amount, 0);
    const [account] = await list(scopes.account, ...NEWEST);
    assert.equal(account?.name, BUDGET_STORIES.account.name);
    assert.equal(account?.properties.currentSpend?.unit, 'USD');
    assert.equal((await list(scopes.euro, ...NEWEST)).length, 1);
    assert.equal((await list(scopes.profile, ...NEWEST)).length, 0);
    assert.equal((await list(scopes.subscription, ...NEWEST)).length, 1);
    assert.equal((await list(scopes.group, ...NEWEST)).length, 1);
  });

  it('answers a stale eTag with 400 and the request id, and changes nothing', async () => {
    const first = JSON.parse((await put(scopes.customer, 'mine', { properties })).text) as Budget;
    const second = JSON.parse((await put(scopes.customer, 'mine', { eTag: first.eTag, properties })).text) as Budget;
    const stale = await put(scopes.customer, 'mine', { eTag: first.eTag, properties: { ...properties, amount: 1 } });
    assert.equal(stale.status, 400);
    const { error } = JSON.parse(stale.text) as { error: { code: string; message: string } };
    assert.equal(error.code, '400');
    assert.match(error.message, /There are changes made to Budget mine.*get the latest budget.*overwrite/);
    assert.ok(error.message.includes(`(Request ID: ${stale.headers.get('x-ms-request-id')})`));
    const now = await send(address(scopes.customer, ...NEWEST, '/mine'));
    assert.deepEqual(JSON.parse(now.text), second);
    assert.equal((await put(scopes.customer, 'mine', { properties })).status, 200);
  });

  it('needs an eTag for updates in 2019-04-01-preview, and none to create', async () => {
    const preview = ['CostManagement', '2019-04-01-preview'] as const;
    assert.equal((await put(scopes.customer, 'mine', { properties }, preview)).status, 201);
    const { status, text } = await put(scopes.customer, 'mine', { properties }, preview);
    assert.equal(status, 400);
    assert.match(text, /eTag is required/);
  });

  it('refuses another start date, and gives a budget that was deleted and made again a new eTag', async () => {
    const first = JSON.parse((await put(scopes.customer, 'mine', { properties })).text) as Budget;
    const timePeriod = { ...properties.timePeriod, startDate: '2026-12-01T00:00:00Z' };
    const moved = await put(scopes.customer, 'mine', { properties: { ...properties, timePeriod } });
    assert.equal(moved.status, 400);
    assert.match(moved.text, /"code":"400".*start date.*startDate.*cannot be updated/i);
    await send(address(scopes.customer, ...NEWEST, '/mine'), { method: 'DELETE' });
    const again = await put(scopes.customer, 'mine', { properties: { ...properties, timePeriod } });
    assert.equal(again.status, 201);
    assert.notEqual((JSON.parse(again.text) as Budget).eTag, first.eTag);
  });

  it('changes a budget whose start lies before its time grain', async () => {
    const { name } = BUDGET_STORIES.healthy;
    const { text } = await send(address(scopes.customer, ...NEWEST, `/${name}`));
    const changed = await put(scopes.customer, name, text.replace(/"amount":[\d.]+/, '"amount":100.65'));
    assert.equal(changed.status, 200, changed.text);
    assert.equal((JSON.parse(changed.text) as Budget).properties.amount, 100.65);
  });

  it('keeps the digits of amounts', async () => {
    const text = JSON.stringify({ properties }).replace('1200.5', '1234567890123.12345678901234567890');
    assert.match((await put(scopes.customer, 'digits', text)).text, /"amount":1234567890123\.12345678901234567890,/);
  });

  it('starts over on reset', async () => {
    const before = await list(scopes.customer, ...NEWEST);
    await send(address(scopes.customer, ...NEWEST, `/${before[0]?.name}`), { method: 'DELETE' });
    assert.notDeepEqual(await list(scopes.customer, ...NEWEST), before);
    await send('/_sample/reset', { method: 'POST' });
    assert.deepEqual(await list(scopes.customer, ...NEWEST), before);
  });

  describe('on the use of reservations', () => {
    const reservation = {
      category: 'ReservationUtilization',
      timeGrain: 'Last30Days',
      timePeriod: { startDate: '2026-11-21T00:00:00Z' },
      filter: {},
      notifications: { low: { ...notification, operator: 'LessThan', threshold: 99, frequency: 'Daily' } },
    };

    it('is kept for customers, without amount or spend, and shown to Cost Management only', async () => {
      const { status, text } = await put(scopes.customer, 'used', { properties: reservation });
      assert.equal(status, 201, text);
      assert.equal((JSON.parse(text) as Budget).properties.timePeriod.endDate, '2029-11-21T00:00:00Z');
      assert.doesNotMatch(text, /"amount"|Spend|thresholdType/);
      for (const [category, names] of [
        ['ReservationUtilization', ['used']],
        ['Cost', [BUDGET_STORIES.healthy.name]],
      ] as const) {
        const filter = `$filter=${encodeURIComponent(`properties/category eq '${category}'`)}`;
        assert.deepEqual(
          (await list(scopes.customer, ...NEWEST, filter)).map(({ name }) => name),
          names,
        );
      }
      assert.equal((await list(scopes.customer, ...NEWEST)).length, 2);
      assert.equal((await list(scopes.customer, 'Consumption', '2023-11-01')).length, 1);
      assert.equal((await send(address(scopes.customer, 'Consumption', '2023-11-01', '/used'))).status, 404);
    });

    for (const [what, change, expected] of [
      ['another time grain', { timeGrain: 'Monthly' }, /properties\.timeGrain.*Last7Days/],
      ['a start in the past', { timePeriod: { startDate: '2026-11-20' } }, /startDate.*today/],
      ['more than three years', { timePeriod: { startDate: '2026-12-01', endDate: '2029-12-02' } }, /endDate.*3 years/],
      ['no notification', { notifications: {} }, /notifications.*exactly one/],
      ['another dimension', { filter: { dimensions: { name: 'Meter', operator: 'In', values: ['a'] } } }, /'Meter'/],
      [
        'an unknown frequency',
        { notifications: { a: { ...notification, operator: 'LessThan', frequency: 'Never' } } },
        /a\.frequency/,
      ],
      ['a tag', { filter: { tags: { name: 'team', operator: 'In', values: ['a'] } } }, /filter\.tags is not known/],
      [
        'a forecast',
        { notifications: { a: { ...notification, operator: 'LessThan', thresholdType: 'Forecasted' } } },
        /thresholdType/,
      ],
    ] as const) {
      it(`refuses ${what}`, async () => {
        const { status, text } = await put(scopes.customer, 'used', { properties: { ...reservation, ...change } });
        assert.equal(status, 400, text);
        assert.match(text, expected);
      });
    }

    it('is quiet for the time that fits the grain, where no frequency is said', async () => {
      for (const [timeGrain, frequency] of [
        ['Last7Days', 'Weekly'],
        ['Last30Days', 'Monthly'],
      ] as const) {
        const notifications = { low: { ...notification, operator: 'LessThan' } };
        const { text } = await put(scopes.customer, 'quiet', {
          properties: { ...reservation, timeGrain, notifications },
        });
        assert.ok(text.includes(`"frequency":"${frequency}"`), text);
      }
    });

    it('is refused elsewhere', async () => {
      const { status, text } = await put(scopes.account, 'used', { properties: reservation });
      assert.equal(status, 400);
      assert.match(text, /properties\.category/);
    });
  });

  describe('refuses a body', () => {
    const leaf = { dimensions: { name: 'Meter', operator: 'In', values: ['a'] } };
    const six = (thresholdType: string) =>
      Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`n${n}`, { ...notification, thresholdType }]));
    const period = (startDate: string, endDate?: string) => ({ timePeriod: { startDate, endDate } });
    const notice = (change: object) => ({ notifications: { first: { ...notification, ...change } } });
    const cases: ReadonlyArray<readonly [string, object, RegExp]> = [
      ['without category', { category: undefined }, /properties\.category is required/],
      ['with an unknown category', { category: 'Usage' }, /'Usage' of properties\.category/],
      ['without amount', { amount: undefined }, /properties\.amount is required/],
      ['with an amount of 0', { amount: 0 }, /properties\.amount/],
      ['with an amount that is text', { amount: '12' }, /properties\.amount/],
      ['without time grain', { timeGrain: undefined }, /properties\.timeGrain is required/],
      ['with a time grain of others', { timeGrain: 'BillingMonth' }, /properties\.timeGrain.*Web Direct/],
      ['without period', { timePeriod: undefined }, /properties\.timePeriod is required/],
      ['without start', { timePeriod: {} }, /timePeriod\.startDate is required/],
      ['with a start that is no date', period('soon'), /'soon' of properties\.timePeriod\.startDate/],
      ['with a start inside a month', period('2026-12-02'), /startDate.*first day of a month/],
      ['with a start before the grain', period('2026-10-01'), /startDate.*current time grain/],
      ['with a start too long ago', period('2017-05-01'), /startDate.*2017-06-01/],
      ['with a start too far ahead', period('2027-12-01'), /startDate.*12 months/],
      ['with an end before its start', period('2026-12-01', '2026-11-30'), /endDate.*after startDate/],
      ['with an unknown filter', { filter: { some: leaf } }, /properties\.filter\.some is not known/],
      ['with the filter of older versions', { filter: { not: leaf } }, /properties\.filter\.not is not known/],
      ['with a group of one', { filter: { and: [leaf] } }, /properties\.filter\.and must be a list of two/],
      ['with two filters beside each other', { filter: { ...leaf, and: [leaf, leaf] } }, /exactly one member/],
      [
        'with an unknown dimension deep inside',
        { filter: { and: [leaf, { dimensions: { name: 'Mood', operator: 'In', values: ['a'] } }] } },
        /'Mood' of properties\.filter\.and\[1\]\.dimensions\.name/,
      ],
      [
        'with another filter operator',
        { filter: { tags: { name: 'a', operator: 'Contains', values: ['a'] } } },
        /tags\.operator/,
      ],
      ['with a filter without values', { filter: { tags: { name: 'a', operator: 'In', values: [] } } }, /tags\.values/],
      [
        'with six notifications of a type',
        { notifications: six('Forecasted') },
        /6 notifications of thresholdType Forecasted/,
      ],
      ['without enabled', notice({ enabled: undefined }), /notifications\.first\.enabled is required/],
      ['without operator', notice({ operator: undefined }), /notifications\.first\.operator is required/],
      [
        'with the operator of other versions',
        notice({ operator: 'EqualTo' }),
        /'EqualTo' of properties\.notifications\.first\.operator/,
      ],
      ['without threshold', notice({ threshold: undefined }), /first\.threshold is required/],
      ['with a threshold above 1000', notice({ threshold: 1000.5 }), /first\.threshold.*0 to 1000/],
      ['with three decimals', notice({ threshold: 80.125 }), /first\.threshold.*2 decimals/],
      ['with an unknown threshold type', notice({ thresholdType: 'Guess' }), /first\.thresholdType/],
      ['with a frequency', notice({ frequency: 'Daily' }), /first\.frequency/],
      ['with an unknown locale', notice({ locale: 'tlh' }), /first\.locale/],
      ['without mails', notice({ contactEmails: undefined }), /first\.contactEmails is required/],
      ['with no mail', notice({ contactEmails: [] }), /first\.contactEmails must have at least one/],
      ['with a mail that is none', notice({ contactEmails: ['nobody'] }), /'nobody' of .*first\.contactEmails/],
      ['with too many mails', notice({ contactEmails: Array(51).fill('a@b.example') }), /51 entries/],
      ['with roles at a billing scope', notice({ contactRoles: ['Owner'] }), /first\.contactRoles/],
    ];
    for (const [what, change, expected] of cases) {
      it(what, async () => {
        const { status, text } = await put(scopes.customer, 'wrong', { properties: { ...properties, ...change } });
        assert.equal(status, 400, text);
        assert.match(text, expected);
        assert.match(text, /"code":"BadRequest"/);
        assert.equal((await send(address(scopes.customer, ...NEWEST, '/wrong'))).status, 404);
      });
    }

    it('that is no JSON object', async () => {
      for (const body of ['', 'x', '[]', '{}', '{"properties":[]}']) {
        assert.equal((await put(scopes.customer, 'wrong', body)).status, 400, body);
      }
    });

    it('by the rules of older versions', async () => {
      const first = ['Consumption', '2019-10-01'] as const;
      const preview = ['CostManagement', '2019-04-01-preview'] as const;
      for (const [version, change, expected] of [
        [first, notice({ thresholdType: 'Forecasted' }), /first\.thresholdType/],
        [first, { notifications: six('Actual') }, /6 notifications: at most 5/],
        [first, { filter: { or: [leaf, leaf] } }, /filter\.or is not known/],
        [preview, period('2027-03-01'), /startDate.*3 months/],
      ] as const) {
        const { status, text } = await put(
          scopes.customer,
          'old',
          { properties: { ...properties, ...change } },
          version,
        );
        assert.equal(status, 400, text);
        assert.match(text, expected);
      }
    });
  });

  it('takes action groups instead of mails in a subscription, but not those it may not read', async () => {
    const body = (group: string) => ({
      properties: {
        ...properties,
        notifications: { a: { ...notification, contactEmails: [], contactGroups: [group] } },
      },
    });
    const group = `${scopes.group}/providers/microsoft.insights/actionGroups/on-call`;
    assert.equal((await put(scopes.subscription, 'groups', body(group))).status, 201);
    const other = group.replace(/subscriptions\/[^/]+/, 'subscriptions/00000000-0000-0000-0000-000000000000');
    const denied = await put(scopes.subscription, 'denied', body(other));
    assert.equal(denied.status, 403);
    assert.match(denied.text, /RBACAccessDenied.*contactGroups/);
    const wrong = await put(scopes.subscription, 'wrong', body('on-call'));
    assert.match(wrong.text, /'on-call' of .*contactGroups/);
  });

  it('refuses names, scopes, filters and versions it does not know', async () => {
    for (const name of ['a'.repeat(64), 'a.b', 'a%20b']) {
      const { status, text } = await put(scopes.customer, name, { properties });
      assert.equal(status, 400);
      assert.match(text, /budget name/);
    }
    const status = async (path: string) => (await send(path)).status;
    assert.equal(await status(address(`${scopes.account}/customers/nobody`, ...NEWEST)), 404);
    assert.equal(await status(address(`${scopes.subscription}/resourceGroups/nothing`, ...NEWEST)), 404);
    assert.equal(await status(address('/providers/Microsoft.Management/managementGroups/all', ...NEWEST)), 400);
    assert.equal(await status(address(scopes.customer, ...NEWEST, "?$filter=name eq 'a'")), 400);
    const unknown = await send(address(scopes.customer, 'Consumption', '2018-01-31'));
    assert.match(unknown.text, /InvalidResourceType.*2019-10-01.*2023-11-01/);
  });

  it('lets nobody write in a deleted subscription', async () => {
    const { tenant } = service;
    const customer = tenant.directory.customer(4);
    const last = tenant.subscriptions(customer).at(tenant.directory.subscriptionCount(4) - 1);
    const { status, text } = await put(`/subscriptions/${last.name}`, 'late', { properties });
    assert.equal(status, 409);
    assert.match(text, /ReadOnlyDisabledSubscription/);
  });
});
