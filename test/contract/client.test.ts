import assert from 'node:assert/strict';
import { type ArmClient, armPath } from '../../src/api/arm/armClient.ts';
import { getBillingAccount, listBillingAccounts } from '../../src/api/arm/billingAccounts.ts';
import {
  getBillingSubscription,
  listBillingSubscriptions,
  subscriptionStatus,
} from '../../src/api/arm/billingSubscriptions.ts';
import { getCustomer, listCustomers } from '../../src/api/arm/customers.ts';
import { getInvoice, type Invoice, invoiceScope, listInvoices } from '../../src/api/arm/invoices.ts';
import { normalizeId, parseScope, type Scope, scopePath } from '../../src/api/arm/scope.ts';
import { listUsageDetails } from '../../src/api/arm/usageDetails.ts';
import { readJson } from '../../src/api/http/body.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import { digitsOf, type JsonNumber } from '../../src/json/exact.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { DecimalSum } from '../../src/records/decimal.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { type UsageReport, writeUsage } from '../../src/usage/writeUsage.ts';
import { collect, connect, MemorySink } from '../support/arm.ts';

type Account = SampleService['tenant']['accounts'][number];

/** All days of the sample tenant as of `now`: 18 closed months and the open one. */
const WINDOW = { from: '2025-05-01', to: '2026-11-30' };
const QUARTER = { from: '2026-08-01', to: '2026-10-31' };

describe('API client against the sample service', () => {
  let service: SampleService;
  let main: Account;

  before(async () => {
    service = await startSampleService({ customers: 60, usageRows: 8_000, now: new Date('2026-11-21T12:00:00Z') });
    main = accountAt(0);
  });
  after(() => service.close());

  function accountAt(index: number): Account {
    const account = service.tenant.accounts[index];
    assert.ok(account);
    return account;
  }

  for (const versions of ['newest', 'seed'] as const) {
    describe(`api-versions: ${versions}`, () => {
      let arm: ArmClient;
      let close: () => Promise<void>;

      before(() => {
        ({ arm, close } = connect(service.endpoints.resourceManager, { versions }));
      });
      after(() => close());

      /** Every id that a list gives is the address of that very resource. */
      async function assertIdsLeadBack(items: readonly { id: string; name: string }[]): Promise<void> {
        assert.equal(new Set(items.map(({ id }) => id.toLowerCase())).size, items.length, 'ids are unique');
        for (const item of [...items.slice(0, 3), ...items.slice(-2)]) {
          const address = armPath(arm, 'billing', normalizeId(item.id));
          const found = await arm.http.send({ operation: 'Get the resource', method: 'GET', address }, readJson);
          assert.deepEqual(found, item);
        }
      }

      const namesOf = (items: readonly { name: string }[]) => items.map(({ name }) => name);

      function namesIn(list: { length: number; at(position: number): { name: string } }): string[] {
        return Array.from({ length: list.length }, (_, position) => list.at(position).name);
      }

      it('lists and gets billing accounts', async () => {
        const accounts = await collect(listBillingAccounts(arm));
        assert.deepEqual(namesOf(accounts), namesOf(service.tenant.accounts));
        await assertIdsLeadBack(accounts);
        for (const account of accounts) {
          assert.deepEqual(await getBillingAccount(arm, account.name), account);
          assert.equal(account.properties.agreementType, 'MicrosoftPartnerAgreement');
        }
      });

      it('lists customers of accounts and billing profiles, over several pages, and gets each', async () => {
        for (const account of service.tenant.accounts) {
          const walk = listCustomers(arm, { account: account.name });
          const customers = await collect(walk);
          assert.equal(walk.pages, Math.ceil(account.customerCount / 50));
          assert.deepEqual(namesOf(customers), namesIn(service.tenant.customers(account)));
          await assertIdsLeadBack(customers);
          const byProfile: string[] = [];
          for (const profile of account.profiles) {
            const parent = { account: account.name, profile: profile.name };
            const own = await collect(listCustomers(arm, parent));
            assert.deepEqual(namesOf(own), namesIn(service.tenant.directory.customersOf(profile)));
            byProfile.push(...namesOf(own));
            for (const customer of own.slice(0, 2)) {
              assert.deepEqual(await getCustomer(arm, parent, customer.name), customer);
              assert.deepEqual(await getCustomer(arm, { account: account.name }, customer.name), customer);
            }
          }
          assert.deepEqual(byProfile.sort(), namesOf(customers).sort());
        }
      });

      it('lists billing subscriptions of accounts, billing profiles and customers, and gets each', async () => {
        const { directory } = service.tenant;
        for (const account of service.tenant.accounts) {
          const all = await collect(listBillingSubscriptions(arm, { account: account.name }));
          assert.deepEqual(namesOf(all), namesIn(directory.subscriptionsOfAll(account)));
          await assertIdsLeadBack(all);
          const byProfile: unknown[] = [];
          for (const profile of account.profiles) {
            byProfile.push(
              ...(await collect(listBillingSubscriptions(arm, { account: account.name, profile: profile.name }))),
            );
          }
          const byCustomer: unknown[] = [];
          for (const customer of namesIn(service.tenant.customers(account))) {
            const parent = { account: account.name, customer };
            const own = await collect(listBillingSubscriptions(arm, parent));
            byCustomer.push(...own);
            for (const subscription of own.slice(0, 1)) {
              assert.deepEqual(await getBillingSubscription(arm, parent, subscription.name), subscription);
            }
          }
          assert.deepEqual(byCustomer, all);
          assert.equal(byProfile.length, all.length);
          assert.deepEqual(
            new Set(byProfile.map((item) => JSON.stringify(item))),
            new Set(all.map((item) => JSON.stringify(item))),
          );
          for (const subscription of all) {
            assert.equal(
              subscriptionStatus(subscription),
              directory.subscriptionNamed(subscription.name)?.status,
              subscription.name,
            );
          }
        }
      });

      it('lists invoices of accounts, billing profiles and subscriptions, and gets each', async () => {
        for (const account of service.tenant.accounts) {
          const all = await collect(listInvoices(arm, { account: account.name }, WINDOW));
          assert.deepEqual(namesOf(all), namesOf(service.tenant.invoices(account)));
          assert.equal(all.length, 18 * account.profiles.length);
          await assertIdsLeadBack(all);
          for (const profile of account.profiles) {
            const parent = { account: account.name, profile: profile.name };
            const own = await collect(listInvoices(arm, parent, WINDOW));
            assert.deepEqual(namesOf(own), namesOf(service.tenant.invoices(profile)));
            const [first] = own;
            assert.ok(first);
            assert.deepEqual(await getInvoice(arm, parent, first.name), first);
            assert.deepEqual(await getInvoice(arm, { account: account.name }, first.name), first);
          }
          assert.equal(
            (await collect(listInvoices(arm, { account: account.name }, QUARTER))).length,
            3 * account.profiles.length,
          );
        }
        const customer = service.tenant.directory.customer(0);
        const subscription = service.tenant.subscriptions(customer).at(0).name;
        const own = await collect(listInvoices(arm, { account: main.name, subscription }, WINDOW));
        assert.deepEqual(namesOf(own), namesOf(service.tenant.invoices(customer.profile)));
        await assertIdsLeadBack(own);
      });

      async function assertUsageIsTrue(scope: Scope, period?: { from: string; to: string }): Promise<UsageReport> {
        const report = await writeUsage({ arm, scope, period, format: 'ndjson' }, new MemorySink());
        const { rows, totals } = service.tenant.truth(scopePath(scope), ...days(period ?? WINDOW));
        assert.equal(report.rows, rows, scopePath(scope));
        assert.deepEqual(report.totals, sorted(Object.fromEntries(totals)), scopePath(scope));
        assert.deepEqual(report.unknownFields, []);
        return report;
      }

      const rowsAreTrue = async (scope: Scope, period: typeof WINDOW) => (await assertUsageIsTrue(scope, period)).rows;

      it('sums usage of accounts and billing profiles to the last digit', async () => {
        for (const account of service.tenant.accounts) {
          const scope = { kind: 'billingAccount', account: account.name } as const;
          const all = await assertUsageIsTrue(scope, WINDOW);
          await assertUsageIsTrue(scope, { from: '2026-11-03', to: '2026-11-03' });
          let rows = 0;
          for (const { name } of account.profiles) {
            rows += await rowsAreTrue({ kind: 'billingProfile', account: account.name, profile: name }, WINDOW);
          }
          assert.equal(rows, all.rows);
        }
      });

      it('sums usage of every customer to the last digit, by the id that its list gives', async () => {
        let rows = 0;
        for (const { name } of service.tenant.accounts) {
          for (const { id } of await collect(listCustomers(arm, { account: name }))) {
            rows += await rowsAreTrue(parseScope(id), WINDOW);
          }
        }
        assert.ok(rows > 1000, `${rows} rows`);
      });

      it('sums usage of subscriptions to the last digit', async () => {
        let rows = 0;
        for (const { properties } of (await collect(listBillingSubscriptions(arm, { account: main.name }))).slice(
          0,
          30,
        )) {
          assert.ok(properties.subscriptionId);
          rows += await rowsAreTrue({ kind: 'subscription', subscription: properties.subscriptionId }, WINDOW);
        }
        assert.ok(rows > 500, `${rows} rows`);
      });

      async function assertInvoiceAddsUp(invoice: Invoice): Promise<void> {
        const { totals, rows } = await assertUsageIsTrue(invoiceScope(invoice));
        const { currency, value } = invoice.properties.billedAmount ?? {};
        assert.ok(rows > 0);
        assert.deepEqual(totals, { [currency ?? '']: digitsOf(value as JsonNumber) }, invoice.id);
      }

      it('sums the usage of every invoice to its amount, in every currency', async () => {
        const currencies = new Set<unknown>();
        for (const { name } of service.tenant.accounts) {
          for (const invoice of await collect(listInvoices(arm, { account: name }, WINDOW))) {
            await assertInvoiceAddsUp(invoice);
            currencies.add(invoice.properties.billedAmount?.currency);
          }
        }
        assert.deepEqual([...currencies].sort(), ['EUR', 'JPY', 'KWD', 'USD']);
      });

      it('sums the usage of invoices that were listed for a subscription', async () => {
        const subscription = service.tenant.subscriptions(service.tenant.directory.customer(3)).at(0).name;
        const invoices = await collect(listInvoices(arm, { account: main.name, subscription }, WINDOW));
        for (const invoice of invoices.slice(0, 3)) {
          await assertInvoiceAddsUp(invoice);
        }
      });

      it('visits each row once, whatever the size of a page', async () => {
        const scope = { kind: 'billingAccount', account: main.name } as const;
        const truth = service.tenant.truth(scopePath(scope), '2026-11-01', '2026-11-30');
        let expected: string[] | undefined;
        for (const top of [undefined, 1000, 100, 7]) {
          const walk = listUsageDetails(arm, { scope, ...(top === undefined ? {} : { top }) });
          const ids: string[] = [];
          const sums = new Map<string, DecimalSum>();
          for await (const page of walk.rest()) {
            for (const { id, properties } of rowsOf(page.value)) {
              ids.push(id);
              const sum = sums.get(properties.billingCurrencyCode) ?? new DecimalSum();
              sum.add(digitsOf(properties.costInBillingCurrency));
              sums.set(properties.billingCurrencyCode, sum);
            }
          }
          assert.equal(new Set(ids).size, truth.rows, `top ${top}`);
          assert.equal(walk.pages, Math.ceil(truth.rows / (top ?? 1000)));
          assert.deepEqual(
            sorted(Object.fromEntries([...sums].map(([currency, sum]) => [currency, sum.toString()]))),
            sorted(Object.fromEntries(truth.totals)),
          );
          expected ??= ids;
          assert.deepEqual(ids, expected, `top ${top}`);
        }
      });

      it('gives nothing, and no error, for a scope without usage', async () => {
        const { name } = service.tenant.directory.customer(5);
        const report = await writeUsage(
          { arm, scope: { kind: 'customer', account: main.name, customer: name }, period: WINDOW, format: 'csv' },
          new MemorySink(),
        );
        assert.deepEqual([report.rows, report.pages, report.totals], [0, 1, {}]);
      });

      const GUID = '00000000-0000-4000-8000-00000000dead';
      for (const [what, operation, call] of [
        ['account', 'Get the billing account', () => getBillingAccount(arm, GUID)],
        ['account of a list', 'List customers', () => collect(listCustomers(arm, { account: GUID }))],
        ['customer', 'Get the customer', () => getCustomer(arm, { account: main.name }, GUID)],
        [
          'customer of a list',
          'List billing subscriptions',
          () => collect(listBillingSubscriptions(arm, { account: main.name, customer: GUID })),
        ],
        ['invoice', 'Get the invoice', () => getInvoice(arm, { account: main.name }, GUID)],
        [
          'billing subscription',
          'Get the billing subscription',
          () => getBillingSubscription(arm, { account: main.name }, GUID),
        ],
        [
          'invoice of usage details',
          'List usage details',
          () =>
            writeUsage(
              { arm, scope: { kind: 'invoice', account: main.name, invoice: GUID }, format: 'csv' },
              new MemorySink(),
            ),
        ],
      ] as [string, string, () => Promise<unknown>][]) {
        it(`an unknown ${what} is one error that tells all there is`, async () => {
          const error = await failureOf(call());
          assert.equal(error.kind, 'refused');
          assert.equal(error.code, 'NotFound');
          assert.equal(error.status, 404);
          assert.match(error.requestId ?? '', /^[0-9a-f-]{36}$/);
          assert.match(error.correlationId ?? '', /^[0-9a-f-]{36}$/);
          assert.equal(error.call?.operation, operation);
          assert.equal(error.call?.method, 'GET');
          assert.ok(error.call?.url.startsWith(`${service.endpoints.resourceManager}/providers/Microsoft.Billing/`));
          assert.match(error.advice ?? '', /scope exists/);
          assert.ok(error.message.startsWith(`${operation} failed with HTTP 404 NotFound: The `), error.message);
          assert.ok(error.message.includes(GUID), error.message);
          assert.ok(!error.retryable);
          assert.equal(service.requests().at(-1)?.status, 404, 'asked once');
        });
      }
    });
  }
});

interface Row {
  id: string;
  properties: { costInBillingCurrency: JsonNumber; billingCurrencyCode: string };
}

function rowsOf(page: Uint8Array): Row[] {
  return (parseJson(Buffer.from(page).toString('utf8')) as { value: Row[] }).value;
}

function days(period: { from: string; to: string }): [from: string, to: string] {
  return [period.from, period.to];
}

function sorted(totals: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(totals).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function failureOf(call: Promise<unknown>): Promise<BillingError> {
  const error = await call.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof BillingError, String(error));
  return error;
}
