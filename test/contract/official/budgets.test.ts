import assert from 'node:assert/strict';
import type { Budget } from '@azure/arm-consumption';
import { getBudget, listBudgets } from '../../../src/api/arm/budgets.ts';
import { digitsOf } from '../../../src/json/exact.ts';
import { BUDGET_STORIES } from '../../../src/sample/budgetStories.ts';
import { collect } from '../../support/arm.ts';
import { all, type OfficialBench, startOfficialBench } from '../../support/officialClients.ts';

const NAME = 'official';

const BUDGET: Budget = {
  category: 'Cost',
  amount: 1200.5,
  timeGrain: 'Monthly',
  timePeriod: { startDate: new Date('2026-11-01T00:00:00Z'), endDate: new Date('2027-10-31T00:00:00Z') },
  notifications: {
    first: { enabled: true, operator: 'GreaterThan', threshold: 80, contactEmails: ['team@harbourlight.example'] },
  },
};

describe('the official consumption client and budgets', () => {
  let bench: OfficialBench;
  let theirScope: string;
  /** The same budgets are seen through Cost Management, where our newest version looks for them. */
  let scope: { kind: 'customer'; account: string; customer: string };
  before(async () => {
    bench = await startOfficialBench();
    const customer = bench.service.tenant.directory.customer(BUDGET_STORIES.healthy.customer).name;
    theirScope = `${bench.accountScope}/customers/${customer}`;
    scope = { kind: 'customer', account: bench.account, customer };
  });
  after(() => bench.close());

  it('lists them with what was spent', async () => {
    const theirs = await all(bench.consumption.budgets.list(theirScope));
    const ours = await collect(listBudgets(bench.arm, { scope }));
    assert.ok(ours.length > 0);
    assert.deepEqual(
      theirs.map(({ name, amount, currentSpend }) => [name, amount, currentSpend?.amount, currentSpend?.unit]),
      ours.map(({ name, properties: { amount, currentSpend } }) => [
        name,
        Number(digitsOf(amount ?? Number.NaN)),
        Number(digitsOf(currentSpend?.amount ?? Number.NaN)),
        currentSpend?.unit,
      ]),
    );
  });

  it('creates, reads, changes and deletes one; a stale eTag changes nothing', async () => {
    const { arm, consumption } = bench;
    const { budgets } = consumption;
    const created = await budgets.createOrUpdate(theirScope, NAME, BUDGET);
    assert.equal(created.amount, BUDGET.amount);
    assert.ok(created.eTag);

    const read = await budgets.get(theirScope, NAME);
    assert.equal(read.eTag, created.eTag);
    assert.deepEqual(read.timePeriod, BUDGET.timePeriod);
    assert.equal((await getBudget(arm, { scope }, NAME)).eTag, created.eTag);

    const changed = await budgets.createOrUpdate(theirScope, NAME, { ...BUDGET, eTag: created.eTag, amount: 900 });
    assert.equal(changed.amount, 900);
    assert.notEqual(changed.eTag, created.eTag);

    await assert.rejects(
      budgets.createOrUpdate(theirScope, NAME, { ...BUDGET, eTag: created.eTag, amount: 1 }),
      (error: { statusCode?: number; message: string }) => [400, 409, 412].includes(error.statusCode ?? 0),
    );
    assert.equal((await getBudget(arm, { scope }, NAME)).properties.amount, 900);

    await budgets.delete(theirScope, NAME);
    await assert.rejects(budgets.get(theirScope, NAME), { statusCode: 404 });
    const left = await all(budgets.list(theirScope));
    assert.ok(left.every(({ name }) => name !== NAME));
  });
});
