import assert from 'node:assert/strict';
import type { UsageDetailUnion } from '@azure/arm-consumption';
import { listCharges } from '../../../src/api/arm/charges.ts';
import { invoiceScope, listInvoices } from '../../../src/api/arm/invoices.ts';
import { type Scope, scopePath } from '../../../src/api/arm/scope.ts';
import { listTags } from '../../../src/api/arm/tags.ts';
import { listUsageDetails } from '../../../src/api/arm/usageDetails.ts';
import { digitsOf, type JsonNumber } from '../../../src/json/exact.ts';
import { collect } from '../../support/arm.ts';
import { all, itemsOf, type OfficialBench, Sums, sorted, startOfficialBench } from '../../support/officialClients.ts';

interface Row {
  name: string;
  properties: { date: string; costInBillingCurrency: JsonNumber; billingCurrencyCode: string };
}

const OPEN_MONTH = { from: '2026-11-01', to: '2026-11-30' };
const OCTOBER = { from: '2026-10-01', to: '2026-10-31' };

const partOf = ({ name, properties }: Row) => ({
  name,
  date: properties.date.slice(0, 10),
  cost: Number(digitsOf(properties.costInBillingCurrency)),
  currency: properties.billingCurrencyCode,
});

function partOfTheirs(detail: UsageDetailUnion) {
  assert.ok(detail.kind === 'modern' && 'costInBillingCurrency' in detail);
  return {
    name: detail.name,
    date: detail.date?.toISOString().slice(0, 10),
    cost: detail.costInBillingCurrency,
    currency: detail.billingCurrencyCode,
  };
}

function sumsOf(rows: readonly Row[]): Record<string, string> {
  const sums = new Sums();
  for (const { properties } of rows) {
    sums.add(properties.billingCurrencyCode, properties.costInBillingCurrency);
  }
  return sums.texts;
}

describe('the official consumption client', () => {
  let bench: OfficialBench;
  before(async () => {
    bench = await startOfficialBench();
  });
  after(() => bench.close());

  /**
   * The same rows in the same order; their sums are those of the tenant to the last digit. The official client turns costs into
   * doubles, so its objects are compared with our digits as doubles, and the sums are those of the text that it was sent.
   */
  async function assertSameUsage(scope: Scope, period: { from: string; to: string }): Promise<Record<string, string>> {
    const { arm, consumption, service, takeTexts } = bench;
    const ours: Row[] = [];
    for await (const { value } of listUsageDetails(arm, { scope }).rest()) {
      ours.push(...itemsOf<Row>([new TextDecoder().decode(value)]));
    }
    takeTexts();
    const theirs = await all(consumption.usageDetails.list(scopePath(scope).slice(1)));
    const sent = itemsOf<Row>(takeTexts());
    assert.deepEqual(theirs.map(partOfTheirs), ours.map(partOf));
    const truth = service.tenant.truth(scopePath(scope), period.from, period.to);
    assert.equal(theirs.length, truth.rows);
    assert.deepEqual(sumsOf(sent), sorted(truth.totals));
    assert.deepEqual(sumsOf(ours), sorted(truth.totals));
    return sumsOf(sent);
  }

  it('lists the tags of an account', async () => {
    const { arm, consumption, account, accountScope } = bench;
    const theirs = await consumption.tags.get(accountScope);
    const ours = await collect(listTags(arm, { kind: 'billingAccount', account }));
    assert.ok(ours.length > 1);
    assert.deepEqual(
      theirs.tags?.map(({ key, value }) => [key, value]),
      ours.map(({ key, value }) => [key, value]),
    );
  });

  it('lists the usage of billing accounts', async () => {
    for (const { name } of bench.service.tenant.accounts) {
      await assertSameUsage({ kind: 'billingAccount', account: name }, OPEN_MONTH);
    }
  });

  it('lists the usage of customers and their subscriptions', async () => {
    const { account, service } = bench;
    for (const index of [0, 3, 6]) {
      const customer = service.tenant.directory.customer(index);
      await assertSameUsage({ kind: 'customer', account, customer: customer.name }, OPEN_MONTH);
      const subscription = service.tenant.subscriptions(customer).at(0).name;
      await assertSameUsage({ kind: 'subscription', subscription }, OPEN_MONTH);
    }
  });

  it('lists the usage of invoices, which sums to their amounts', async () => {
    const { arm, account } = bench;
    for (const invoice of await collect(listInvoices(arm, { account }, OCTOBER))) {
      const total = await assertSameUsage(invoiceScope(invoice), OCTOBER);
      const { currency, value } = invoice.properties.billedAmount ?? assert.fail();
      const amount = new Sums();
      amount.add(currency ?? '', value ?? 0);
      // Zeros behind the point are no difference.
      const plain = (sums: Record<string, string>) =>
        Object.entries(sums).map(([code, digits]) => [code, digits.replace(/\.?0+$/, '')]);
      assert.deepEqual(plain(total), plain(amount.texts), invoice.name);
    }
  });

  it('lists usage page by page, each row once', async () => {
    const { account, consumption, service } = bench;
    const customer = service.tenant.directory.customer(0).name;
    const scope = scopePath({ kind: 'customer', account, customer });
    const before = service.requests().length;
    const rows = await all(consumption.usageDetails.list(scope.slice(1), { top: 9 }));
    assert.equal(service.requests().length - before, Math.ceil(rows.length / 9));
    assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
    assert.equal(rows.length, service.tenant.truth(scope, OPEN_MONTH.from, OPEN_MONTH.to).rows);
  });

  it('lists nothing for a customer without usage', async () => {
    const { account, service } = bench;
    const customer = service.tenant.directory.customer(5).name;
    assert.deepEqual(await assertSameUsage({ kind: 'customer', account, customer }, OPEN_MONTH), {});
  });

  it('lists the charges of an account, by the digits that were sent', async () => {
    const { account, accountScope, arm, consumption, takeTexts } = bench;
    takeTexts();
    const { value = [] } = await consumption.charges.list(accountScope, {
      startDate: OCTOBER.from,
      endDate: OCTOBER.to,
    });
    const sent = itemsOf(takeTexts());
    const ours = await collect(listCharges(arm, { scope: { kind: 'billingAccount', account }, period: OCTOBER }));
    assert.ok(ours.length > 0);
    assert.deepEqual(
      value.map((charge) => {
        assert.ok(charge.kind === 'modern' && 'azureCharges' in charge);
        return [charge.billingPeriodId, charge.azureCharges?.currency, charge.azureCharges?.value];
      }),
      ours.map(({ properties }) => [
        properties.billingPeriodId,
        properties.azureCharges?.currency,
        Number(digitsOf(properties.azureCharges?.value ?? Number.NaN)),
      ]),
    );
    const amounts = (items: unknown[]) => items.map((item) => (item as (typeof ours)[number]).properties.azureCharges);
    assert.deepEqual(amounts(sent), amounts(ours));
  });
});
