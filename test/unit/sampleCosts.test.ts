import assert from 'node:assert/strict';
import { type DayRange, day, firstDay, isoDay } from '../../src/sample/calendar.ts';
import { dimensionNamed, dimensionsOf, tagOf } from '../../src/sample/costDimensions.ts';
import { type CostScope, costScope } from '../../src/sample/costScopes.ts';
import { type Granularity, sumCosts } from '../../src/sample/costSums.ts';
import { daysOfTimeframe } from '../../src/sample/costTimeframes.ts';
import { decimalText, decimalUnits } from '../../src/sample/decimal.ts';
import { Tenant } from '../../src/sample/tenant.ts';
import { UsagePages } from '../../src/sample/usagePages.ts';
import { parseUsageScope } from '../../src/sample/usageScopes.ts';

const tenant = new Tenant({ seed: 7, customers: 30, usageRows: 20_000, now: new Date('2026-11-21T00:00:00Z') });
const pages = new UsagePages(tenant);
const [main] = tenant.accounts;
assert.ok(main);
const customer = tenant.directory.customer(0);
const subscription = tenant.subscriptions(customer).at(0);
const ACCOUNT = `/providers/Microsoft.Billing/billingAccounts/${main.name}`;
const SCOPES = {
  account: ACCOUNT,
  profile: `${ACCOUNT}/billingProfiles/${tenant.directory.customer(3).profile.name}`,
  customer: `${ACCOUNT}/customers/${customer.name}`,
  subscription: `/subscriptions/${subscription.name}`,
};
// From inside a closed month over two whole ones into the open one.
const DAYS: DayRange = { from: day('2026-08-13'), to: day('2026-11-09') };

interface Row {
  readonly fields: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>> | null;
  readonly cost: bigint;
  readonly usd: bigint;
  readonly quantity: bigint;
}

function rowsOf(id: string, days: DayRange): Row[] {
  const scope = parseUsageScope(tenant, id);
  assert.ok(!('error' in scope));
  const rows: Row[] = [];
  let token: string | undefined;
  do {
    const page = pages.page(scope, days, 1000, 'extended', token);
    assert.ok(page);
    for (const text of page.rows) {
      const amount = (field: string, scale: number): bigint =>
        decimalUnits(new RegExp(`"${field}":(-?[0-9.]+)[,}]`).exec(text)?.[1] ?? '', scale);
      const { properties, tags } = JSON.parse(text) as { properties: Record<string, string>; tags: Row['tags'] };
      rows.push({
        fields: properties,
        tags,
        cost: amount('costInBillingCurrency', 20),
        usd: amount('costInUSD', 20),
        quantity: amount('quantity', 6),
      });
    }
    token = page.next;
  } while (token);
  return rows;
}

/** Group → cost, cost in USD and quantity, as text. */
function tabulate(items: Iterable<{ key: unknown; cost: bigint; usd: bigint; quantity: bigint }>): [string, string][] {
  const table = new Map<string, [bigint, bigint, bigint]>();
  for (const { key, cost, usd, quantity } of items) {
    const name = JSON.stringify(key);
    const [a, b, c] = table.get(name) ?? [0n, 0n, 0n];
    table.set(name, [a + cost, b + usd, c + quantity]);
  }
  return [...table]
    .map(([name, [a, b, c]]): [string, string] => [
      name,
      `${decimalText(a, 20)} ${decimalText(b, 20)} ${decimalText(c, 6)}`,
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Where usage details say what a dimension says. */
const FIELDS: Readonly<Record<string, string>> = {
  ResourceGroupName: 'resourceGroup',
  ResourceId: 'instanceName',
  ResourceLocation: 'resourceLocationNormalized',
  SubscriptionId: 'subscriptionGuid',
  SubscriptionName: 'subscriptionName',
  ServiceName: 'meterCategory',
  ServiceFamily: 'serviceFamily',
  MeterCategory: 'meterCategory',
  MeterSubCategory: 'meterSubCategory',
  Meter: 'meterName',
  ChargeType: 'chargeType',
  PublisherType: 'publisherType',
  PricingModel: 'pricingModel',
  Product: 'product',
  BillingProfileId: 'billingProfileId',
  BillingProfileName: 'billingProfileName',
  BillingCurrency: 'billingCurrencyCode',
  InvoiceId: 'invoiceId',
  Customer: 'customerName',
  CustomerTenantId: 'customerTenantId',
  CustomerName: 'customerName',
  PartnerTenantId: 'partnerTenantId',
  PartnerName: 'partnerName',
  ResellerMPNId: 'resellerMpnId',
  PartnerEarnedCreditApplied: 'partnerEarnedCreditApplied',
};

const sums = (scope: CostScope, granularity: Granularity, dimension: string | undefined, days = DAYS) => {
  const found = dimension === undefined ? undefined : dimensionNamed(scope.kind, dimension);
  assert.equal(found === undefined, dimension === undefined, `${dimension} at ${scope.id}`);
  return sumCosts(tenant, scope, {
    days,
    granularity,
    keys: (facts, month) => (found ? [found.value(facts, month)] : []),
    includes: () => true,
    monthly: found?.monthly ?? false,
    byCurrency: true,
  });
};

describe('sample tenant: sums of costs', () => {
  for (const [kind, id] of Object.entries(SCOPES)) {
    it(`groups one ${kind} by every dimension as its usage rows are, to the last digit`, () => {
      const scope = costScope(tenant, id);
      const rows = rowsOf(id, DAYS);
      assert.ok(rows.length > 50);
      for (const { name } of dimensionsOf(scope.kind)) {
        const field = FIELDS[name];
        if (field === undefined) continue;
        assert.deepEqual(
          tabulate(sums(scope, 'None', name).map((sum) => ({ ...sum, key: [...sum.keys, sum.currency] }))),
          tabulate(rows.map((row) => ({ ...row, key: [row.fields[field], row.fields.billingCurrencyCode] }))),
          name,
        );
      }
    });

    it(`adds up one ${kind} by day and by month as its usage rows`, () => {
      const scope = costScope(tenant, id);
      const rows = rowsOf(id, DAYS);
      const dated = (row: Row, length: number) => [row.fields.date?.slice(0, length), row.fields.billingCurrencyCode];
      assert.deepEqual(
        tabulate(sums(scope, 'Daily', undefined).map((sum) => ({ ...sum, key: [isoDay(sum.bucket), sum.currency] }))),
        tabulate(rows.map((row) => ({ ...row, key: dated(row, 10) }))),
      );
      assert.deepEqual(
        tabulate(
          sums(scope, 'Monthly', undefined).map((sum) => ({
            ...sum,
            key: [isoDay(firstDay(sum.bucket)).slice(0, 7), sum.currency],
          })),
        ),
        tabulate(rows.map((row) => ({ ...row, key: dated(row, 7) }))),
      );
    });

    it(`meets the truth of one ${kind} over its whole window, per currency`, () => {
      const { from, to } = tenant.ledger.window;
      const all = sums(costScope(tenant, id), 'None', undefined, { from: from - 90, to: to + 90 });
      assert.deepEqual(
        new Map(all.map(({ currency, cost }) => [currency, decimalText(cost, 20)])),
        new Map([...tenant.truth(id, isoDay(from), isoDay(to)).totals].sort()),
      );
    });
  }

  it('meets every invoice when grouped by InvoiceId', () => {
    for (const account of tenant.accounts) {
      const scope = costScope(tenant, `/providers/microsoft.billing/BILLINGACCOUNTS/${account.name}`);
      const byInvoice = new Map(
        sums(scope, 'None', 'InvoiceId', tenant.ledger.window).map(({ keys, cost }) => [keys[0], cost]),
      );
      for (const { name, total } of tenant.invoices(account)) assert.equal(byInvoice.get(name), total);
    }
  });

  it('adds up a resource group, and its subscription from its resource groups', () => {
    const rows = rowsOf(SCOPES.subscription, DAYS);
    const groups = new Set(rows.map((row) => row.fields.resourceGroup ?? ''));
    assert.ok(groups.size > 0);
    let total = 0n;
    for (const group of groups) {
      const scope = costScope(tenant, `${SCOPES.subscription}/resourcegroups/${group.toUpperCase()}`);
      assert.equal(scope.id, `${SCOPES.subscription}/resourceGroups/${group}`);
      const [sum] = sums(scope, 'None', undefined);
      const own = rows.filter((row) => row.fields.resourceGroup === group);
      assert.equal(
        sum?.cost,
        own.reduce((cost, row) => cost + row.cost, 0n),
      );
      total += sum?.cost ?? 0n;
    }
    assert.equal(
      total,
      rows.reduce((cost, row) => cost + row.cost, 0n),
    );
  });

  it('groups by a tag, with and without it', () => {
    const found = sumCosts(tenant, costScope(tenant, ACCOUNT), {
      days: DAYS,
      granularity: 'None',
      keys: (facts) => [tagOf(facts, 'COSTCENTER') ?? null],
      includes: () => true,
      monthly: false,
      byCurrency: false,
    });
    assert.ok(found.some(({ keys }) => keys[0] === null));
    const usd = (sum: { usd: bigint }) => ({ ...sum, cost: 0n, quantity: 0n });
    assert.deepEqual(
      tabulate(found.map((sum) => ({ ...usd(sum), key: sum.keys }))),
      tabulate(rowsOf(ACCOUNT, DAYS).map((row) => ({ ...usd(row), key: [row.tags?.costCenter ?? null] }))),
    );
    assert.ok(found.every(({ currency }) => currency === 'USD'));
  });

  it('has no sums before and after the window', () => {
    const { from, to } = tenant.ledger.window;
    const scope = costScope(tenant, ACCOUNT);
    assert.deepEqual(sums(scope, 'Daily', undefined, { from: from - 60, to: from - 1 }), []);
    assert.deepEqual(sums(scope, 'Monthly', undefined, { from: to + 1, to: to + 60 }), []);
  });
});

describe('sample tenant: named periods', () => {
  const of = (timeframe: Parameters<typeof daysOfTimeframe>[0], now: string): string => {
    const { from, to } = daysOfTimeframe(timeframe, new Date(now));
    return `${isoDay(from)} ${isoDay(to)}`;
  };

  it('ends what is to date with the present day and the rest with its own last day', () => {
    const saturday = '2026-11-21T23:00:00Z';
    assert.equal(of('MonthToDate', saturday), '2026-11-01 2026-11-21');
    assert.equal(of('BillingMonthToDate', saturday), '2026-11-01 2026-11-21');
    assert.equal(of('TheCurrentMonth', saturday), '2026-11-01 2026-11-30');
    assert.equal(of('TheLastMonth', saturday), '2026-10-01 2026-10-31');
    assert.equal(of('TheLastBillingMonth', saturday), '2026-10-01 2026-10-31');
    assert.equal(of('TheLast3Months', saturday), '2026-08-01 2026-10-31');
    assert.equal(of('WeekToDate', saturday), '2026-11-15 2026-11-21');
    assert.equal(of('TheLastWeek', saturday), '2026-11-08 2026-11-14');
    assert.equal(of('TheLast7Days', saturday), '2026-11-15 2026-11-21');
    assert.equal(of('YearToDate', saturday), '2026-01-01 2026-11-21');
    assert.equal(of('TheLastYear', saturday), '2025-01-01 2025-12-31');
  });

  it('knows January, leap days and Sundays', () => {
    assert.equal(of('TheLastMonth', '2028-01-31T00:00:00Z'), '2027-12-01 2027-12-31');
    assert.equal(of('TheLastMonth', '2028-03-31T00:00:00Z'), '2028-02-01 2028-02-29');
    assert.equal(of('WeekToDate', '2026-11-22T00:00:00Z'), '2026-11-22 2026-11-22');
  });
});
