import assert from 'node:assert/strict';
import { getAvailableBalance } from '../../../src/api/arm/availableBalance.ts';
import { listBillingAccounts } from '../../../src/api/arm/billingAccounts.ts';
import { listBillingPermissions } from '../../../src/api/arm/billingPermissions.ts';
import { listBillingProfiles } from '../../../src/api/arm/billingProfiles.ts';
import { listBillingSubscriptions, subscriptionStatus } from '../../../src/api/arm/billingSubscriptions.ts';
import { getCostPolicy, viewChargesOf } from '../../../src/api/arm/costPolicy.ts';
import { getCustomer, listCustomers } from '../../../src/api/arm/customers.ts';
import { listInvoices } from '../../../src/api/arm/invoices.ts';
import type { BillingParent } from '../../../src/api/arm/parent.ts';
import { getProduct, listProducts } from '../../../src/api/arm/products.ts';
import { listInvoiceTransactions } from '../../../src/api/arm/transactions.ts';
import type { Money } from '../../../src/api/arm/wire.ts';
import { digitsOf } from '../../../src/json/exact.ts';
import { collect } from '../../support/arm.ts';
import { all, itemsOf, type OfficialBench, startOfficialBench } from '../../support/officialClients.ts';

const PERIOD = { from: '2026-08-01', to: '2026-10-31' };

const namesOf = (items: readonly { name?: string }[]) => items.map(({ name }) => name);

/** An amount as a client with doubles has it. */
const amountOf = (money: Money | null | undefined) => ({
  value: money?.value == null ? undefined : Number(digitsOf(money.value)),
  currency: money?.currency ?? undefined,
});

const amountOfTheirs = (money: { value?: number; currency?: string } | undefined) => ({
  value: money?.value,
  currency: money?.currency,
});

describe('the official billing client', () => {
  let bench: OfficialBench;
  let account: string;
  let profile: string;
  let customer: string;
  before(async () => {
    bench = await startOfficialBench();
    account = bench.account;
    const first = bench.service.tenant.directory.customer(0);
    [profile, customer] = [first.profile.name, first.name];
  });
  after(() => bench.close());

  it('lists billing accounts', async () => {
    const theirs = await all(bench.billing.billingAccounts.list());
    const ours = await collect(listBillingAccounts(bench.arm));
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
    const { displayName } = await bench.billing.billingAccounts.get(account);
    assert.equal(displayName, ours[0]?.properties.displayName);
  });

  it('lists billing profiles, their invoice sections and balances', async () => {
    const { arm, billing } = bench;
    const theirs = await all(billing.billingProfiles.listByBillingAccount(account));
    const ours = await collect(listBillingProfiles(arm, account));
    assert.deepEqual(
      theirs.map(({ name, displayName, currency }) => ({ name, displayName, currency })),
      ours.map(({ name, properties: { displayName, currency } }) => ({ name, displayName, currency })),
    );
    for (const { name = '' } of theirs) {
      assert.equal((await billing.billingProfiles.get(account, name)).name, name);
      await all(billing.invoiceSections.listByBillingProfile(account, name));
      const { amount } = await billing.availableBalances.get(account, name);
      const { properties } = await getAvailableBalance(arm, { account, profile: name });
      assert.deepEqual(amountOfTheirs(amount), amountOf(properties.amount));
    }
  });

  it('lists customers, of an account and of a billing profile', async () => {
    const { arm, billing, service } = bench;
    const ours = await collect(listCustomers(arm, { account }));
    assert.equal(ours.length, 57, 'two pages of them');
    assert.deepEqual(
      (await all(billing.customers.listByBillingAccount(account))).map(({ name, displayName }) => [name, displayName]),
      ours.map(({ name, properties: { displayName } }) => [name, displayName]),
    );
    for (const { name } of service.tenant.accounts[0]?.profiles ?? []) {
      const own = await all(billing.customers.listByBillingProfile(account, name));
      assert.ok(own.length > 0);
      assert.deepEqual(namesOf(own), namesOf(await collect(listCustomers(arm, { account, profile: name }))));
    }
    const { displayName } = await billing.customers.get(account, customer);
    assert.equal(displayName, (await getCustomer(arm, { account }, customer)).properties.displayName);
  });

  it('lists billing subscriptions, of an account, a billing profile and a customer', async () => {
    const { arm, billing, service } = bench;
    const own = service.tenant.directory.customer(4).name;
    type Theirs = AsyncIterable<{ name?: string; displayName?: string; subscriptionBillingStatus?: string }>;
    for (const [parent, theirs] of [
      [{ account }, billing.billingSubscriptions.listByBillingAccount(account)],
      [{ account, profile }, billing.billingSubscriptions.listByBillingProfile(account, profile)],
      [{ account, customer: own }, billing.billingSubscriptions.listByCustomer(account, own)],
    ] as [BillingParent, Theirs][]) {
      const ours = await collect(listBillingSubscriptions(arm, parent));
      assert.ok(ours.length > 1);
      assert.deepEqual(
        (await all(theirs)).map((item) => [item.name, item.displayName, item.subscriptionBillingStatus]),
        ours.map((item) => [item.name, item.properties.displayName, subscriptionStatus(item)]),
      );
    }
  });

  it('lists invoices with their amounts, of an account, a billing profile and a subscription', async () => {
    const { arm, billing, billingOf, service } = bench;
    const owner = service.tenant.directory.customer(3);
    const subscription = service.tenant.subscriptions(owner).at(0).name;
    const { from, to } = PERIOD;
    type Theirs = ReturnType<typeof billing.invoices.listByBillingAccount>;
    for (const [parent, theirs, count] of [
      [{ account }, billing.invoices.listByBillingAccount(account, from, to), 9],
      [{ account, profile }, billing.invoices.listByBillingProfile(account, profile, from, to), 3],
      [{ account, subscription }, billingOf(subscription).invoices.listByBillingSubscription(from, to), 3],
    ] as [BillingParent, Theirs, number][]) {
      const ours = await collect(listInvoices(arm, parent, PERIOD));
      assert.equal(ours.length, count);
      assert.deepEqual(
        (await all(theirs)).map(({ name, status, billedAmount }) => [name, status, amountOfTheirs(billedAmount)]),
        ours.map(({ name, properties }) => [name, properties.status, amountOf(properties.billedAmount)]),
      );
    }
  });

  it('downloads an invoice as PDF, and several as a zip', async () => {
    const { billing } = bench;
    const [invoice, other] = await all(billing.invoices.listByBillingProfile(account, profile, PERIOD.from, PERIOD.to));
    const url = invoice?.documents?.[0]?.url ?? '';
    const token = new URL(url).searchParams.get('downloadToken') ?? '';
    assert.equal((await billing.invoices.get(account, invoice?.name ?? '')).name, invoice?.name);
    const waiting = { updateIntervalInMs: 1 };
    const { url: pdf = '' } = await billing.invoices.beginDownloadInvoiceAndWait(
      account,
      invoice?.name ?? '',
      token,
      waiting,
    );
    assert.equal(await firstCharacters(pdf, 5), '%PDF-');
    const urls = [url, other?.documents?.[0]?.url ?? ''];
    const { url: zip = '' } = await billing.invoices.beginDownloadMultipleBillingProfileInvoicesAndWait(
      account,
      urls,
      waiting,
    );
    assert.equal(await firstCharacters(zip, 2), 'PK');
  });

  it('lists products', async () => {
    const { arm, billing } = bench;
    const ours = await collect(listProducts(arm, { account }));
    const theirs = await all(billing.products.listByBillingAccount(account));
    assert.ok(ours.length > 50, 'two pages of them');
    assert.deepEqual(
      theirs.map(({ name, displayName, lastCharge }) => [name, displayName, amountOfTheirs(lastCharge)]),
      ours.map(({ name, properties }) => [name, properties.displayName, amountOf(properties.lastCharge)]),
    );
    const ofCustomer = await all(billing.products.listByCustomer(account, customer));
    assert.deepEqual(namesOf(ofCustomer), namesOf(await collect(listProducts(arm, { account, customer }))));
    const name = ours[0]?.name ?? '';
    assert.equal(
      (await billing.products.get(account, name)).displayName,
      (await getProduct(arm, { account }, name)).properties.displayName,
    );
  });

  it('lists the transactions of an invoice, by the digits that were sent', async () => {
    const { arm, billing, takeTexts } = bench;
    for (const { name } of await collect(listInvoices(arm, { account, profile }, PERIOD))) {
      takeTexts();
      const theirs = await all(billing.transactions.listByInvoice(account, name));
      const sent = itemsOf<(typeof ours)[number]>(takeTexts());
      const ours = await collect(listInvoiceTransactions(arm, { account, profile }, name));
      assert.deepEqual(
        theirs.map(({ name, transactionAmount }) => [name, amountOfTheirs(transactionAmount)]),
        ours.map(({ name, properties }) => [name, amountOf(properties.transactionAmount)]),
      );
      const digits = (items: typeof ours) => items.map(({ properties }) => properties.transactionAmount);
      assert.deepEqual(digits(sent), digits(ours));
    }
  });

  it('lists what the sign-in may do', async () => {
    const { arm, billing } = bench;
    for (const [parent, list] of [
      [{ account }, billing.billingPermissions.listByBillingAccount(account)],
      [{ account, profile }, billing.billingPermissions.listByBillingProfile(account, profile)],
      [{ account, profile, customer }, billing.billingPermissions.listByCustomer(account, customer)],
    ] as const) {
      const theirs = (await all(list)).map(({ actions = [] }) => actions);
      const ours = (await collect(listBillingPermissions(arm, parent))).map(({ actions }) => actions ?? []);
      assert.ok(theirs.flat().length > 0);
      assert.deepEqual(theirs, ours);
    }
  });

  it('reads and changes the cost policy of a customer, both ways', async () => {
    const { arm, billing } = bench;
    const state = async () => viewChargesOf(await getCostPolicy(arm, { account, profile, customer }));
    for (const viewCharges of ['NotAllowed', 'Allowed'] as const) {
      const told = await billing.policies.updateCustomer(account, customer, { viewCharges });
      assert.equal(told.viewCharges, viewCharges);
      assert.equal((await billing.policies.getByCustomer(account, customer)).viewCharges, viewCharges);
      assert.equal(await state(), viewCharges);
    }
  });
});

/** Downloaded as storage wants it: without a token. */
async function firstCharacters(url: string, count: number): Promise<string> {
  const answer = await fetch(url);
  assert.equal(answer.status, 200);
  return Buffer.from(await answer.arrayBuffer()).toString('latin1', 0, count);
}
