import assert from 'node:assert/strict';
import type { Money } from '../../src/api/arm/wire.ts';
import { digitsOf } from '../../src/json/exact.ts';
import { DecimalSum } from '../../src/records/decimal.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { monthToDateByPart } from '../../src/spend/monthToDate.ts';
import { connect } from '../support/arm.ts';

describe('month-to-date cost by part', () => {
  let service: SampleService;
  before(async () => {
    service = await startSampleService({ now: new Date('2026-11-21T12:00:00Z'), customers: 20, usageRows: 20_000 });
  });
  after(() => service.close());

  const texts = (costs: Money[] | undefined) =>
    Object.fromEntries((costs ?? []).map(({ currency, value }) => [currency ?? '', value && digitsOf(value)]));

  for (const versions of ['newest', 'seed'] as const) {
    it(`equals the truth of every customer and subscription, with one query a level (${versions})`, async () => {
      const { arm, close } = connect(service.endpoints.resourceManager, { versions });
      try {
        const { tenant } = service;
        for (const account of tenant.accounts) {
          const asked = service.counts().costQuery ?? 0;
          const costs = await monthToDateByPart(
            arm,
            { kind: 'billingAccount', account: account.name },
            'CustomerTenantId',
          );
          assert.equal(service.counts().costQuery, asked + 1);
          const customers = tenant.customers(account);
          for (let i = 0; i < customers.length; i++) {
            const customer = customers.at(i);
            const scope = `/providers/Microsoft.Billing/billingAccounts/${account.name}/customers/${customer.name}`;
            const truth = tenant.truth(scope, '2026-11-01', '2026-11-30');
            assert.deepEqual(
              texts(costs.get(customer.name.toLowerCase())),
              Object.fromEntries(truth.totals),
              customer.displayName,
            );
          }
        }
        const account = tenant.accounts[0];
        assert.ok(account);
        const customer = tenant.customers(account).at(0);
        const scope = { kind: 'customer', account: account.name, customer: customer.name } as const;
        const costs = await monthToDateByPart(arm, scope, 'SubscriptionId');
        const sum = new DecimalSum();
        for (const parts of costs.values()) {
          for (const { value } of parts) {
            sum.add(value ? digitsOf(value) : '0');
          }
        }
        const path = `/providers/Microsoft.Billing/billingAccounts/${account.name}/customers/${customer.name}`;
        assert.deepEqual([sum.toString()], [...tenant.truth(path, '2026-11-01', '2026-11-30').totals.values()]);
      } finally {
        await close();
      }
    });
  }
});
