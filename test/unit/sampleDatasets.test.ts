import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import type { BlobContent } from '../../src/sample/blobStore.ts';
import { day } from '../../src/sample/calendar.ts';
import { costScope } from '../../src/sample/costScopes.ts';
import { csvContent, gzipContent, partitionsOf } from '../../src/sample/datasets/csv.ts';
import { DATASET_TYPES, type Dataset, dataset } from '../../src/sample/datasets/dataset.ts';
import { pricingUnit } from '../../src/sample/datasets/focusTerms.ts';
import { decimalText, decimalUnits } from '../../src/sample/decimal.ts';
import { Tenant } from '../../src/sample/tenant.ts';

const tenant = new Tenant({ seed: 3, customers: 30, usageRows: 30_000, now: new Date('2026-11-21T12:00:00Z') });
const { directory, ledger } = tenant;
const customer = directory.customer(3);
const account = `/providers/Microsoft.Billing/billingAccounts/${customer.account.name}`;
const profile = `${account}/billingProfiles/${customer.profile.name}`;
const subscription = `/subscriptions/${directory.subscription(customer, 0).name}`;
const PERIOD = { from: '2026-09-15', to: '2026-11-10' };
const SCALE = 24;

const make = (path: string, type: (typeof DATASET_TYPES)[number], dataVersion?: string): Dataset =>
  dataset(tenant, {
    scope: costScope(tenant, path),
    days: { from: day(PERIOD.from), to: day(PERIOD.to) },
    type,
    dataVersion,
  });

const records = ({ columns, rows }: Dataset): Record<string, string>[] =>
  [...rows()].map((cells) => Object.fromEntries(columns.map(({ name }, i) => [name, cells[i] ?? ''])));

function totals(rows: readonly Record<string, string>[], currency: string, cost: string): Record<string, string> {
  const sums = new Map<string, bigint>();
  for (const row of rows) {
    const key = row[currency] ?? '';
    sums.set(key, (sums.get(key) ?? 0n) + decimalUnits(row[cost] ?? '', SCALE));
  }
  return Object.fromEntries([...sums].map(([key, sum]) => [key, decimalText(sum, SCALE)]));
}

async function textOf(content: BlobContent): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content()) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe('sample datasets', () => {
  it('add up to the truth in every schema, at every scope', () => {
    for (const scope of [account, profile, `${account}/customers/${customer.name}`, subscription]) {
      const truth = tenant.truth(scope, PERIOD.from, PERIOD.to);
      for (const type of DATASET_TYPES) {
        const focus = type === 'FocusCost';
        const data = make(scope, type);
        const rows = records(data);
        assert.equal(rows.length, truth.rows);
        assert.equal(data.count(), truth.rows);
        assert.deepEqual(
          focus
            ? totals(rows, 'BillingCurrency', 'BilledCost')
            : totals(rows, 'billingCurrency', 'costInBillingCurrency'),
          Object.fromEntries(truth.totals),
        );
      }
    }
  });

  it('of the resource groups of a subscription are together those of the subscription', () => {
    const groups = new Set(records(make(subscription, 'ActualCost')).map(({ resourceGroupName }) => resourceGroupName));
    const counts = [...groups].map((group) => make(`${subscription}/resourceGroups/${group}`, 'ActualCost').count());
    assert.ok(groups.size > 1);
    assert.equal(
      counts.reduce((a, b) => a + b),
      make(subscription, 'ActualCost').count(),
    );
  });

  it('tell subscriptions nothing of invoices and partner earned credit', () => {
    const names = (path: string): string[] => make(path, 'ActualCost').columns.map(({ name }) => name);
    const [billing, own] = [names(account), names(subscription)];
    assert.deepEqual([billing.length, own.length], [70, 56]);
    assert.deepEqual(
      own.filter((name) => !billing.some((other) => other.toLowerCase() === name.toLowerCase())),
      [],
    );
    for (const name of ['invoiceId', 'partnerEarnedCreditRate', 'billingProfileId', 'paygCostInUsd']) {
      assert.ok(billing.includes(name) && !own.includes(name), name);
    }
  });

  it('write dates, tags and truth values as the files of Azure do', () => {
    const rows = records(make(profile, 'ActualCost'));
    for (const row of rows) {
      for (const name of ['date', 'billingPeriodStartDate', 'servicePeriodEndDate', 'exchangeRateDate']) {
        assert.match(row[name] ?? '', /^\d\d\/\d\d\/2026$/);
      }
      assert.match(row.partnerEarnedCreditApplied ?? '', /^(True|False)$/);
      if (row.tags) assert.deepEqual(Object.keys(JSON.parse(row.tags)), ['application', 'environment', 'costCenter']);
    }
    assert.ok(rows.some(({ tags }) => tags) && rows.some(({ tags }) => !tags));
    const bare = records(make(profile, 'ActualCost', '2019-11-01')).find(({ tags }) => tags);
    assert.doesNotThrow(() => JSON.parse(`{${bare?.tags}}`));
  });

  it('have the rounding of each closed month on its invoice', () => {
    const roundings = records(make(profile, 'ActualCost')).filter(
      ({ chargeType }) => chargeType === 'RoundingAdjustment',
    );
    assert.deepEqual(
      roundings.map(({ date, invoiceId, ResourceId }) => [date, invoiceId, ResourceId]),
      [8, 9].map((m) => {
        const invoice = tenant.invoiceOf(customer.profile, 2026 * 12 + m);
        return [m === 8 ? '09/30/2026' : '10/31/2026', invoice?.name, ''];
      }),
    );
  });

  it('of FOCUS have the columns and moments of their version', () => {
    for (const [version, columns, moment] of [
      ['1.0-preview(v1)', 94, '2026-09-15T00:00Z'],
      ['1.0', 96, '2026-09-15T00:00Z'],
      ['1.0r2', 96, '2026-09-15T00:00:00Z'],
      ['1.2-preview', 105, '2026-09-15T00:00:00Z'],
      ['1.2', 104, '2026-09-15T00:00:00Z'],
    ] as const) {
      const data = make(profile, 'FocusCost', version);
      const names = data.columns.map(({ name }) => name);
      assert.equal(new Set(names).size, columns, version);
      assert.deepEqual(names, names.toSorted());
      const [first] = data.rows(0, 1);
      assert.equal(first?.[names.indexOf('ChargePeriodStart')], moment);
    }
  });

  it('of FOCUS price what they bill', () => {
    const units = (text = '', scale = SCALE): bigint => decimalUnits(text, scale);
    for (const row of records(make(profile, 'FocusCost'))) {
      const product = (price = '', quantity = ''): bigint => (units(price) * units(quantity)) / 10n ** BigInt(SCALE);
      assert.equal(product(row.ListUnitPrice, row.PricingQuantity), units(row.ListCost));
      assert.equal(product(row.x_BilledUnitPrice, row.PricingQuantity), units(row.BilledCost));
      if (row.ChargeCategory === 'Usage') {
        assert.equal(product(row.x_PricingBlockSize, row.PricingQuantity), units(row.ConsumedQuantity));
      }
    }
    assert.deepEqual(pricingUnit('10K'), { name: 'Units', block: 10_000n });
    assert.deepEqual(pricingUnit('1 Hour'), { name: 'Hours', block: 1n });
    assert.deepEqual(pricingUnit('1 GB/Month'), { name: 'GB/Month', block: 1n });
    assert.deepEqual(pricingUnit('1/Month'), { name: 'Units/Month', block: 1n });
  });

  it('refuse versions that do not exist', () => {
    assert.throws(() => make(profile, 'ActualCost', '1.0'), /dataVersion '1\.0' .* 2021-10-01/);
    assert.throws(() => make(profile, 'FocusCost', '2021-10-01'), /dataVersion '2021-10-01' .* 1\.0r2/);
  });

  it('are empty outside of the days of the tenant', () => {
    const scope = costScope(tenant, profile);
    const days = { from: ledger.window.to + 1, to: ledger.window.to + 30 };
    const data = dataset(tenant, { scope, days, type: 'ActualCost' });
    assert.equal(data.count(), 0);
    assert.deepEqual([...data.rows()], []);
    assert.deepEqual(partitionsOf(data, 10), []);
  });

  it('give the same rows in parts as in one', () => {
    const data = make(profile, 'ActualCost');
    const parts = partitionsOf(data, 7);
    assert.ok(parts.length > 3);
    assert.deepEqual(
      parts.flatMap(({ from, to }) => [...data.rows(from, to)]),
      [...data.rows()],
    );
    assert.ok(parts.slice(0, -1).every(({ from, to }) => to - from === 7));
  });

  it('are CSV files with a header each, and quotes where they are needed', async () => {
    const data: Dataset = {
      ...make(profile, 'ActualCost'),
      columns: ['a', 'b "c"'].map((name) => ({ name, kind: 'text', cell: () => '' })),
      *rows() {
        yield ['=1,2', 'x\r\ny'];
        yield ['', '"'];
      },
    };
    const content = csvContent(data, { from: 0, to: 2 });
    const expected = 'a,"b ""c"""\r\n"=1,2","x\r\ny"\r\n,""""\r\n';
    assert.equal(await textOf(content), expected);
    assert.equal(await textOf(content), expected, 'and again');
    const packed = gzipContent(content);
    const pieces: Uint8Array[] = [];
    for await (const piece of packed()) pieces.push(piece);
    assert.equal(gunzipSync(Buffer.concat(pieces)).toString(), expected);
  });

  it('tell of a failure in a gzip file instead of ending early', async () => {
    const broken = gzipContent(function* () {
      yield Buffer.from('a');
      throw new RangeError('no more');
    });
    await assert.rejects(async () => {
      for await (const _ of broken());
    }, /no more/);
  });
});
