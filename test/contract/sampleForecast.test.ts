import assert from 'node:assert/strict';
import { decimalText, decimalUnits } from '../../src/sample/decimal.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';

interface Page {
  properties: {
    nextLink: string | null;
    columns: { name: string }[];
    rows: [number, number | string, string, string][];
  };
}
interface Asked {
  status: number;
  text: string;
}
type Json = Record<string, unknown>;

const NEWEST = '2025-03-01';
const SUM = { totalCost: { name: 'Cost', function: 'Sum' } };
const USD = { totalCost: { name: 'CostUSD', function: 'Sum' } };
const NOVEMBER = { from: '2026-11-01T00:00:00Z', to: '2026-11-30T23:59:59Z' };

describe('sample service: forecast', () => {
  let service: SampleService;
  let account: string;
  let customer: string;

  before(async () => {
    service = await startSampleService({ customers: 60, usageRows: 20_000, now: new Date('2026-11-21T09:00:00Z') });
    const first = service.tenant.directory.customer(0);
    account = `/providers/Microsoft.Billing/billingAccounts/${first.account.name}`;
    customer = `${account}/customers/${first.name}`;
  });
  after(() => service.close());

  async function post(url: string, body: unknown): Promise<Asked> {
    const response = await fetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
    return { status: response.status, text: await response.text() };
  }

  const forecast = (scope: string, body: unknown, version = NEWEST): Promise<Asked> =>
    post(
      `${service.endpoints.resourceManager}${scope}/providers/Microsoft.CostManagement/forecast?api-version=${version}`,
      body,
    );

  const over = (dataset: Json = { aggregation: SUM }, more: Json = {}): Json => ({
    type: 'ActualCost',
    timeframe: 'Custom',
    timePeriod: NOVEMBER,
    dataset,
    ...more,
  });

  async function page(scope: string, body: unknown, version = NEWEST): Promise<Page['properties'] & { text: string }> {
    const { status, text } = await forecast(scope, body, version);
    assert.equal(status, 200, text);
    return { ...(JSON.parse(text) as Page).properties, text };
  }

  /** The sum of the rows with that status. */
  function sumOf(text: string, status: string): string {
    let sum = 0n;
    for (const [, digits = ''] of text.matchAll(new RegExp(`\\[(-?[0-9.]+),[^\\]]*"${status}","[A-Z]{3}"\\]`, 'g'))) {
      sum += decimalUnits(digits, 20);
    }
    return decimalText(sum, 20);
  }

  it('tells the days that are over as they were and foresees the rest', async () => {
    const { columns, rows, nextLink, text } = await page(customer, over());
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['Cost', 'UsageDate', 'CostStatus', 'Currency'],
    );
    assert.equal(nextLink, null);
    assert.deepEqual(
      rows.map((row) => `${row[1]} ${row[2]} ${row[3]}`),
      Array.from({ length: 30 }, (_, i) => `${20261101 + i} ${i < 20 ? 'Actual' : 'Forecast'} USD`),
    );
    assert.ok(rows.every((row) => row[0] > 0));
    assert.equal(sumOf(text, 'Actual'), service.tenant.truth(customer, '2026-11-01', '2026-11-20').totals.get('USD'));
    const again = await page(customer, over());
    assert.deepEqual(again.rows, rows);
  });

  it('leaves actual cost out when told so', async () => {
    const { rows } = await page(
      customer,
      over(undefined, { includeActualCost: false, includeFreshPartialCost: false }),
    );
    assert.equal(rows.length, 10);
    assert.ok(rows.every((row) => row[2] === 'Forecast'));
  });

  it('adds days up to months', async () => {
    const timePeriod = { from: '2026-10-01', to: '2027-01-31' };
    const dataset = { granularity: 'Monthly', aggregation: SUM };
    const { rows, text } = await page(customer, over(dataset, { timePeriod }));
    assert.deepEqual(
      rows.map((row) => `${row[1]} ${row[2]}`),
      [
        '2026-10-01T00:00:00 Actual',
        '2026-11-01T00:00:00 Actual',
        '2026-11-01T00:00:00 Forecast',
        '2026-12-01T00:00:00 Forecast',
        '2027-01-01T00:00:00 Forecast',
      ],
    );
    assert.equal(sumOf(text, 'Actual'), service.tenant.truth(customer, '2026-10-01', '2026-11-20').totals.get('USD'));
    const stale = await page(customer, over(dataset, { timePeriod, includeFreshPartialCost: false }));
    assert.deepEqual(
      stale.rows.map((row) => row[2]),
      ['Actual', 'Forecast', 'Forecast', 'Forecast'],
    );
  });

  it('has forty rows a page, walked by the same body', async () => {
    const body = over(undefined, { timePeriod: { from: '2026-11-01', to: '2027-01-31' } });
    const first = await page(customer, body);
    assert.equal(first.rows.length, 40);
    const next = await post(first.nextLink ?? '', body);
    assert.equal(next.status, 200, next.text);
    const { rows } = (JSON.parse(next.text) as Page).properties;
    assert.equal(rows[0]?.[1], 20261211);
  });

  it('depends on one currency, or on USD', async () => {
    const { status, text } = await forecast(account, over());
    assert.equal(status, 424);
    assert.match(text, /"code":"FailedDependency"/);
    assert.equal((await page(account, over({ aggregation: USD }))).rows[0]?.[3], 'USD');
    const filter = { dimensions: { name: 'BillingCurrency', operator: 'In', values: ['EUR'] } };
    const euro = await page(account, over({ aggregation: SUM, filter }));
    assert.equal(
      sumOf(euro.text, 'Actual'),
      service.tenant.truth(account, '2026-11-01', '2026-11-20').totals.get('EUR'),
    );
  });

  it('answers 204 for a scope without usage', async () => {
    const noUsage = service.tenant.directory.customer(5);
    assert.equal((await forecast(`${account}/customers/${noUsage.name}`, over())).status, 204);
  });

  it('takes the month and no sum in the first version', async () => {
    const body = { type: 'Usage', timeframe: 'MonthToDate', dataset: { granularity: 'Daily' } };
    const { columns, rows } = await page(customer, body, '2019-11-01');
    assert.equal(columns[0]?.name, 'PreTaxCost');
    assert.equal(rows.length, 30);
    assert.match((await forecast(customer, body)).text, /timeframe 'MonthToDate'/);
    assert.match((await forecast(customer, over(), '2019-10-01')).text, /InvalidResourceType/);
  });

  it('refuses with the code of the broken rule', async () => {
    const past = { timePeriod: { from: '2026-09-01', to: '2026-10-31' } };
    const grouping = [{ type: 'Dimension', name: 'Meter' }];
    const quantity = { a: { name: 'UsageQuantity', function: 'Sum' } };
    for (const [body, code] of [
      ['', 'EmptyForecastRequestBody'],
      ['{', 'InvalidForecastRequestBody'],
      [{ type: 'Usage', timeframe: 'Custom', timePeriod: NOVEMBER }, 'DontContainsDataSet'],
      [over({}), 'InvalidForecastRequestBody'],
      [over({ aggregation: quantity }), 'InvalidForecastRequestBody'],
      [over({ aggregation: SUM, grouping }), 'InvalidForecastRequestBody'],
      [over({ aggregation: SUM, filter: { and: [] } }), 'InvalidForecastRequestBody'],
      [over(undefined, { timePeriod: null }), 'DontContainsValidTimeRangeWhileContainsPeriod'],
      [over(undefined, past), 'CantForecastOnThePast'],
      [
        over(undefined, { includeActualCost: false, includeFreshPartialCost: true }),
        'DontContainIncludeActualCostWhileIncludeFreshPartialCost',
      ],
      [
        over({ granularity: 'Monthly', aggregation: SUM }, { timePeriod: { from: '2026-10-02', to: '2026-12-31' } }),
        'DontContainsValidTimeRangeWhileMonthlyAndIncludeCost',
      ],
      [over(undefined, { timePeriod: { from: '2026-11-01', to: '2036-12-31' } }), 'InvalidForecastRequestBody'],
    ] as const) {
      const { status, text } = await forecast(customer, body);
      assert.equal(status, 400, text);
      assert.equal((JSON.parse(text) as { error: { code: string } }).error.code, code, JSON.stringify(body));
    }
  });
});
