import assert from 'node:assert/strict';
import { BillingManagementClient } from '@azure/arm-billing';
import { ConsumptionManagementClient, type UsageDetailUnion } from '@azure/arm-consumption';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { listBillingAccounts } from '../../src/api/arm/billingAccounts.ts';
import { listBillingSubscriptions, subscriptionStatus } from '../../src/api/arm/billingSubscriptions.ts';
import { listCustomers } from '../../src/api/arm/customers.ts';
import { invoiceScope, listInvoices } from '../../src/api/arm/invoices.ts';
import type { BillingParent } from '../../src/api/arm/parent.ts';
import { type Scope, scopePath } from '../../src/api/arm/scope.ts';
import { listUsageDetails } from '../../src/api/arm/usageDetails.ts';
import { digitsOf, type JsonNumber, parseJson } from '../../src/json/exact.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { collect, connect } from '../support/arm.ts';

/** The official clients refuse to send a token over plain http, and the sample needs none. */
const CREDENTIAL = { getToken: async () => ({ token: 'none', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
const NO_TOKEN = { name: 'bearerTokenAuthenticationPolicy' };
const NO_SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';

const PERIOD = { from: '2026-08-01', to: '2026-10-31' };

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const item of items) {
    result.push(item);
  }
  return result;
}

interface Row {
  name: string;
  date: string;
  cost: number;
  currency: string;
}

/** Our bytes, with each cost as the double that a client with doubles makes of its digits. */
function rowsOf(page: Uint8Array): Row[] {
  interface UsageDetail {
    name: string;
    properties: { date: string; costInBillingCurrency: JsonNumber; billingCurrencyCode: string };
  }
  const { value } = parseJson(Buffer.from(page).toString('utf8') || '{"value":[]}') as { value: UsageDetail[] };
  return value.map(({ name, properties }) => ({
    name,
    date: properties.date.slice(0, 10),
    cost: Number(digitsOf(properties.costInBillingCurrency)),
    currency: properties.billingCurrencyCode,
  }));
}

function rowOf(detail: UsageDetailUnion): Row {
  assert.ok(detail.kind === 'modern' && 'costInBillingCurrency' in detail);
  return {
    name: detail.name ?? '',
    date: detail.date?.toISOString().slice(0, 10) ?? '',
    cost: detail.costInBillingCurrency ?? Number.NaN,
    currency: detail.billingCurrencyCode ?? '',
  };
}

function sums(rows: readonly Row[]): Record<string, number> {
  const result: Record<string, number> = {};
  for (const { currency, cost } of rows) {
    result[currency] = (result[currency] ?? 0) + cost;
  }
  return result;
}

const namesOf = (items: readonly { name?: string }[]) => items.map(({ name }) => name);

describe('official Azure clients, unchanged, against the sample service', () => {
  let service: SampleService;
  let billing: BillingManagementClient;
  let consumption: ConsumptionManagementClient;
  let arm: ArmClient;
  let close: () => Promise<void>;
  let account: string;

  before(async () => {
    service = await startSampleService({ customers: 60, usageRows: 20_000, now: new Date('2026-11-21T12:00:00Z') });
    account = service.tenant.accounts[0]?.name ?? '';
    const endpoint = service.endpoints.resourceManager;
    const options = { endpoint, allowInsecureConnection: true };
    billing = new BillingManagementClient(CREDENTIAL, NO_SUBSCRIPTION, options);
    consumption = new ConsumptionManagementClient(CREDENTIAL, NO_SUBSCRIPTION, options);
    assert.ok(billing.pipeline.removePolicy(NO_TOKEN).length > 0);
    assert.ok(consumption.pipeline.removePolicy(NO_TOKEN).length > 0);
    ({ arm, close } = connect(endpoint));
  });
  after(async () => {
    await close();
    await service.close();
  });

  it('list the same billing accounts and billing profiles', async () => {
    const theirs = await all(billing.billingAccounts.list());
    const ours = await collect(listBillingAccounts(arm));
    assert.equal(ours.length, 2);
    assert.deepEqual(
      theirs.map(({ id, name, displayName, agreementType }) => ({ id, name, displayName, agreementType })),
      ours.map(({ id, name, properties: { displayName, agreementType } }) => ({
        id,
        name,
        displayName,
        agreementType,
      })),
    );
    const profiles = await all(billing.billingProfiles.listByBillingAccount(account));
    assert.deepEqual(namesOf(profiles), namesOf(service.tenant.accounts[0]?.profiles ?? []));
  });

  it('list the same customers, of an account and of a billing profile', async () => {
    const ours = await collect(listCustomers(arm, { account }));
    assert.equal(ours.length, 57, 'two pages of them');
    const theirs = await all(billing.customers.listByBillingAccount(account));
    assert.deepEqual(
      theirs.map(({ name, displayName }) => ({ name, displayName })),
      ours.map(({ name, properties: { displayName } }) => ({ name, displayName })),
    );
    for (const { name: profile } of service.tenant.accounts[0]?.profiles ?? []) {
      const own = await all(billing.customers.listByBillingProfile(account, profile));
      assert.deepEqual(namesOf(own), namesOf(await collect(listCustomers(arm, { account, profile }))));
      assert.ok(own.length > 0);
    }
  });

  it('list the same billing subscriptions, of an account, a billing profile and a customer', async () => {
    const customer = service.tenant.directory.customer(4).name;
    const profile = service.tenant.accounts[0]?.profiles[1]?.name ?? '';
    for (const [parent, theirs] of [
      [{ account }, billing.billingSubscriptions.listByBillingAccount(account)],
      [{ account, profile }, billing.billingSubscriptions.listByBillingProfile(account, profile)],
      [{ account, customer }, billing.billingSubscriptions.listByCustomer(account, customer)],
    ] as [
      BillingParent,
      AsyncIterable<{ name?: string; displayName?: string; subscriptionBillingStatus?: string }>,
    ][]) {
      const ours = await collect(listBillingSubscriptions(arm, parent));
      assert.ok(ours.length > 1);
      assert.deepEqual(
        (await all(theirs)).map(({ name, displayName, subscriptionBillingStatus }) => [
          name,
          displayName,
          subscriptionBillingStatus,
        ]),
        ours.map((item) => [item.name, item.properties.displayName, subscriptionStatus(item)]),
      );
    }
  });

  it('list the same invoices with the same amounts, of an account, a billing profile and a subscription', async () => {
    const customer = service.tenant.directory.customer(3);
    const profile = customer.profile.name;
    const subscription = service.tenant.subscriptions(customer).at(0).name;
    const { from, to } = PERIOD;
    type Theirs = AsyncIterable<{
      name?: string;
      status?: string;
      billedAmount?: { value?: number; currency?: string };
    }>;
    const ofSubscription = new BillingManagementClient(CREDENTIAL, subscription, {
      endpoint: service.endpoints.resourceManager,
      allowInsecureConnection: true,
    });
    ofSubscription.pipeline.removePolicy(NO_TOKEN);
    for (const [parent, theirs, count] of [
      [{ account }, billing.invoices.listByBillingAccount(account, from, to), 9],
      [{ account, profile }, billing.invoices.listByBillingProfile(account, profile, from, to), 3],
      [{ account, subscription }, ofSubscription.invoices.listByBillingSubscription(from, to), 3],
    ] as [BillingParent, Theirs, number][]) {
      const ours = await collect(listInvoices(arm, parent, PERIOD));
      assert.equal(ours.length, count);
      assert.deepEqual(
        (await all(theirs)).map(({ name, status, billedAmount }) => [
          name,
          status,
          billedAmount?.value,
          billedAmount?.currency,
        ]),
        ours.map(({ name, properties: { status, billedAmount } }) => [
          name,
          status,
          Number(digitsOf(billedAmount?.value ?? Number.NaN)),
          billedAmount?.currency,
        ]),
      );
    }
  });

  /** The same rows in the same order with the same costs, and so the same sums; their number is that of the tenant. */
  async function assertSameUsage(scope: Scope, period: { from: string; to: string }): Promise<Row[]> {
    const ours: Row[] = [];
    for await (const page of listUsageDetails(arm, { scope }).rest()) {
      ours.push(...rowsOf(page.value));
    }
    const theirs = (await all(consumption.usageDetails.list(scopePath(scope).slice(1)))).map(rowOf);
    assert.deepEqual(theirs, ours);
    const truth = service.tenant.truth(scopePath(scope), period.from, period.to);
    assert.equal(theirs.length, truth.rows);
    const total = sums(theirs);
    assert.deepEqual(Object.keys(total).sort(), [...truth.totals.keys()].sort());
    for (const [currency, digits] of truth.totals) {
      const [sum = 0, exact] = [total[currency], Number(digits)];
      assert.ok(Math.abs(sum - exact) <= 1e-9 * Math.abs(exact), `${sum} of ${digits} ${currency}`);
    }
    return theirs;
  }

  const OPEN_MONTH = { from: '2026-11-01', to: '2026-11-30' };

  it('list the same usage of billing accounts', async () => {
    for (const { name } of service.tenant.accounts) {
      await assertSameUsage({ kind: 'billingAccount', account: name }, OPEN_MONTH);
    }
  });

  it('list the same usage of customers and their subscriptions', async () => {
    for (const index of [0, 3, 6]) {
      const customer = service.tenant.directory.customer(index);
      const scope = { kind: 'customer', account, customer: customer.name } as const;
      assert.ok((await assertSameUsage(scope, OPEN_MONTH)).length > 0);
      const subscription = service.tenant.subscriptions(customer).at(0).name;
      await assertSameUsage({ kind: 'subscription', subscription }, OPEN_MONTH);
    }
  });

  it('list the same usage of invoices, which sums to their amounts', async () => {
    for (const invoice of await collect(listInvoices(arm, { account }, { from: '2026-10-01', to: '2026-10-31' }))) {
      const total = sums(await assertSameUsage(invoiceScope(invoice), { from: '2026-10-01', to: '2026-10-31' }));
      const { currency, value } = invoice.properties.billedAmount ?? {};
      const amount = Number(digitsOf(value ?? Number.NaN));
      assert.ok(Math.abs((total[currency ?? ''] ?? 0) - amount) <= 1e-9 * amount, invoice.name);
    }
  });

  it('list usage page by page, each row once', async () => {
    const customer = service.tenant.directory.customer(0).name;
    const scope = { kind: 'customer', account, customer } as const;
    const before = service.requests().length;
    const rows = await all(consumption.usageDetails.list(scopePath(scope).slice(1), { top: 9 }));
    const requests = service.requests().length - before;
    assert.equal(new Set(namesOf(rows)).size, rows.length);
    assert.equal(rows.length, service.tenant.truth(scopePath(scope), OPEN_MONTH.from, OPEN_MONTH.to).rows);
    assert.equal(requests, Math.ceil(rows.length / 9));
  });

  it('list nothing for a customer without usage', async () => {
    const customer = service.tenant.directory.customer(5).name;
    assert.deepEqual(await assertSameUsage({ kind: 'customer', account, customer }, OPEN_MONTH), []);
  });
});
