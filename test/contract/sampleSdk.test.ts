import assert from 'node:assert/strict';
import { BillingManagementClient } from '@azure/arm-billing';
import { ConsumptionManagementClient } from '@azure/arm-consumption';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';

/** The official clients refuse to send a token over plain http, and the sample needs none. */
const CREDENTIAL = { getToken: async () => ({ token: 'none', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
const NO_TOKEN = { name: 'bearerTokenAuthenticationPolicy' };
const NO_SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const item of items) result.push(item);
  return result;
}

describe('sample service: the Azure SDK clients work unchanged', function () {
  this.timeout(20_000);
  let service: SampleService;
  let billing: BillingManagementClient;
  let consumption: ConsumptionManagementClient;
  let account: string;

  before(async () => {
    service = await startSampleService({ customers: 60, usageRows: 30_000, now: new Date('2026-11-21T09:00:00Z') });
    account = service.tenant.accounts[0]?.name ?? '';
    const options = { endpoint: service.endpoints.resourceManager, allowInsecureConnection: true };
    billing = new BillingManagementClient(CREDENTIAL, NO_SUBSCRIPTION, options);
    billing.pipeline.removePolicy(NO_TOKEN);
    consumption = new ConsumptionManagementClient(CREDENTIAL, NO_SUBSCRIPTION, options);
    consumption.pipeline.removePolicy(NO_TOKEN);
  });
  after(() => service.close());

  it('lists accounts, profiles, customers and subscriptions in the numbers of the tenant', async () => {
    const accounts = await all(billing.billingAccounts.list());
    assert.deepEqual(
      accounts.map(({ name }) => name),
      service.tenant.accounts.map(({ name }) => name),
    );
    assert.ok(accounts.every(({ agreementType }) => agreementType === 'MicrosoftPartnerAgreement'));
    assert.equal((await all(billing.billingProfiles.listByBillingAccount(account))).length, 3);
    const customers = await all(billing.customers.listByBillingAccount(account));
    assert.equal(new Set(customers.map(({ name }) => name)).size, 57);
    const [main] = service.tenant.accounts;
    assert.ok(main);
    const subscriptions = await all(billing.billingSubscriptions.listByBillingAccount(account));
    assert.equal(subscriptions.length, service.tenant.directory.subscriptionsOfAll(main).length);
    const own = await all(billing.billingSubscriptions.listByCustomer(account, customers[0]?.name ?? ''));
    assert.deepEqual(
      own.map(({ name }) => name),
      subscriptions.slice(0, own.length).map(({ name }) => name),
    );
  });

  it('lists invoices whose usage has their sum', async () => {
    const invoices = await all(billing.invoices.listByBillingAccount(account, '2026-09-01', '2026-10-31'));
    assert.equal(invoices.length, 6);
    for (const { id, billedAmount } of invoices) {
      const rows = await all(consumption.usageDetails.list(id?.slice(1) ?? ''));
      let sum = 0;
      for (const row of rows) {
        assert.equal(row.kind, 'modern');
        if ('costInBillingCurrency' in row) sum += row.costInBillingCurrency ?? 0;
      }
      // The client reads numbers as doubles; the exact sum is proved elsewhere.
      assert.ok(Math.abs(sum / (billedAmount?.value ?? 0) - 1) < 1e-9, `${sum} of ${billedAmount?.value}`);
    }
  });

  it('lists usage of a customer and of a subscription, page by page', async () => {
    const customer = service.tenant.directory.customer(0);
    const scope = `providers/Microsoft.Billing/billingAccounts/${account}/customers/${customer.name}`;
    const truth = service.tenant.truth(scope, '2026-11-01', '2026-11-20');
    assert.equal((await all(consumption.usageDetails.list(scope, { top: 9 }))).length, truth.rows);
    const subscription = `subscriptions/${service.tenant.subscriptions(customer).at(0).name}`;
    const own = service.tenant.truth(subscription, '2026-11-01', '2026-11-20');
    assert.equal((await all(consumption.usageDetails.list(subscription))).length, own.rows);
  });

  it('lists nothing for a customer without usage', async () => {
    const { name } = service.tenant.directory.customer(5);
    const scope = `providers/Microsoft.Billing/billingAccounts/${account}/customers/${name}`;
    assert.deepEqual(await all(consumption.usageDetails.list(scope)), []);
  });
});
