import assert from 'node:assert/strict';
import type { CustomerNames } from '../../src/api/arm/costPolicy.ts';
import { getCostPolicy, viewChargesOf } from '../../src/api/arm/costPolicy.ts';
import { scopePath } from '../../src/api/arm/scope.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import {
  createPartnerCenterClient,
  type PartnerCenterClient,
} from '../../src/api/partnerCenter/partnerCenterClient.ts';
import { isSpendingAmount } from '../../src/api/partnerCenter/spendingAmount.ts';
import { getUsageBudget } from '../../src/api/partnerCenter/usageBudget.ts';
import { changeCostPolicy } from '../../src/budgeting/costPolicyChange.ts';
import { lastMonths } from '../../src/budgeting/lastMonths.ts';
import { saveSpendingBudget } from '../../src/budgeting/spendingBudget.ts';
import { digitsOf } from '../../src/json/exact.ts';
import { STORIES } from '../../src/sample/stories.ts';
import { type BudgetBench, startBudgetBench, TODAY } from '../support/budgetBench.ts';
import { FastClock } from '../support/fastClock.ts';
import { type Trouble, TroubledTransport } from '../support/troubledTransport.ts';

describe('spending budget, cost policy and the last months', () => {
  let bench: BudgetBench;
  let customer: string;

  before(async () => {
    bench = await startBudgetBench({ operations: { retryAfter: 1, polls: 2 } });
    customer = bench.service.tenant.directory.customer(0).name;
  });
  after(() => bench.close());
  beforeEach(async () => {
    await fetch(`${bench.service.endpoints.resourceManager}/_sample/reset`, { method: 'POST' });
  });

  /** A client of Partner Center whose writes meet trouble, each time. */
  function partnerCenter(trouble?: Trouble, stop?: AbortController): PartnerCenterClient {
    const transport = new TroubledTransport(createUndiciTransport(), ({ method }) => {
      if (method !== 'PATCH') {
        return undefined;
      }
      stop?.abort();
      return trouble;
    });
    return createPartnerCenterClient({
      transport,
      base: bench.service.endpoints.partnerCenter,
      clock: new FastClock(),
    });
  }

  const held = async () => {
    const { amount } = await getUsageBudget(partnerCenter(), customer);
    return amount === undefined || amount === null ? null : digitsOf(amount);
  };

  it('saves the spending budget that was seen, and warns of one that changed', async () => {
    const saved = await saveSpendingBudget(partnerCenter(), customer, { from: '6500.0', to: '7000.50' });
    assert.deepEqual([saved.kind, await held()], ['saved', '7000.50']);
    const changed = await saveSpendingBudget(partnerCenter(), customer, { from: '6500', to: '1' });
    assert.ok(changed.kind === 'changed');
    assert.equal(digitsOf(changed.budget.amount ?? 0), '7000.50');
    assert.equal(await held(), '7000.50');
    const cleared = await saveSpendingBudget(partnerCenter(), customer, { from: '7000.5', to: null });
    assert.deepEqual([cleared.kind, await held()], ['saved', null]);
    const wrong = await saveSpendingBudget(partnerCenter(), customer, { from: null, to: '1,000' });
    assert.ok(wrong.kind === 'refused' && wrong.reason === 'rule');
    assert.match(wrong.message, /^amount: '1,000' is not an amount/);
  });

  it('finds what became of a spending budget whose answer was lost', async () => {
    const change = { from: '6500', to: '7000' };
    const never = await saveSpendingBudget(partnerCenter({ kind: 'resetBefore' }), customer, change);
    assert.ok(never.kind === 'notApplied');
    assert.equal(digitsOf(never.budget.amount ?? 0), '6500');
    const done = await saveSpendingBudget(partnerCenter({ kind: 'resetAfter' }), customer, change);
    assert.ok(done.kind === 'saved' && done.answerLost);
    const role = { kind: 'instead', status: 403, body: '{"code":"900150","description":"No."}' } as const;
    const refused = await saveSpendingBudget(partnerCenter(role), customer, { from: '7000', to: '1' });
    assert.ok(refused.kind === 'refused' && refused.reason === 'role');
    assert.match(refused.message, /Admin agent/);
    const stop = new AbortController();
    const options = { signal: stop.signal };
    const cancelled = await saveSpendingBudget(
      partnerCenter({ kind: 'resetBefore' }, stop),
      customer,
      { from: '7000', to: '1' },
      options,
    );
    assert.deepEqual(cancelled, { kind: 'cancelled', sent: true });
  });

  it('accepts the amounts of spending budgets that the service accepts', async () => {
    for (const amount of [
      '0',
      '0.10',
      '99.50',
      '123456789012345678.12345678901234567890',
      '1e3',
      '-1',
      '1234567890123456789',
      '0.123456789012345678901',
    ]) {
      const path = `${bench.service.endpoints.partnerCenter}/v1/customers/${customer}/usagebudget`;
      const { status } = await fetch(path, { method: 'PATCH', body: `{"Amount":${amount}}` });
      assert.equal(status === 200, isSpendingAmount(amount), amount);
    }
  });

  const names = (index: number): CustomerNames => {
    const { directory } = bench.service.tenant;
    const { account, profile, name } = directory.customer(index);
    return { account: account.name, profile: profile.name, customer: name };
  };

  for (const versions of ['newest', 'seed'] as const) {
    for (const [what, index] of [
      ['at once', 0],
      ['by an operation that takes time', STORIES.costPolicy.slow],
    ] as const) {
      it(`turns the cost policy off and on ${what}: ${versions}`, async () => {
        const arm = bench.arm(versions);
        const [now, other] =
          viewChargesOf(await getCostPolicy(arm, names(index))) === 'Allowed'
            ? (['Allowed', 'NotAllowed'] as const)
            : (['NotAllowed', 'Allowed'] as const);
        assert.equal((await changeCostPolicy(arm, names(index), now)).kind, 'unchanged');
        const changed = await changeCostPolicy(arm, names(index), other);
        assert.ok(changed.kind === 'saved');
        assert.deepEqual([changed.before, viewChargesOf(changed.policy)], [now, other]);
        assert.equal((await changeCostPolicy(arm, names(index), now)).kind, 'saved');
      });
    }
  }

  it('tells when the cost policy was not changed, or a change may go on', async () => {
    const trouble = (how: Trouble, stop?: AbortController) =>
      new TroubledTransport(createUndiciTransport(), ({ method }) => {
        if (method !== 'PUT') {
          return undefined;
        }
        stop?.abort();
        return how;
      });
    const now = viewChargesOf(await getCostPolicy(bench.arm(), names(0)));
    const wanted = now === 'Allowed' ? 'NotAllowed' : 'Allowed';
    const never = await changeCostPolicy(
      bench.arm('newest', trouble({ kind: 'instead', status: 503 })),
      names(0),
      wanted,
    );
    assert.equal(never.kind, 'notApplied');
    const body = '{"error":{"code":"AuthorizationFailed","message":"No."}}';
    const role = await changeCostPolicy(
      bench.arm('newest', trouble({ kind: 'instead', status: 403, body })),
      names(0),
      wanted,
    );
    assert.ok(role.kind === 'refused' && role.reason === 'role');
    const stop = new AbortController();
    const arm = bench.arm('newest', trouble({ kind: 'resetBefore' }, stop));
    assert.deepEqual(await changeCostPolicy(arm, names(0), wanted, { signal: stop.signal }), {
      kind: 'cancelled',
      sent: true,
    });
    const done = await changeCostPolicy(bench.arm('newest', trouble({ kind: 'resetAfter' })), names(0), wanted);
    assert.ok(done.kind === 'saved' && done.answerLost);
  });

  for (const versions of ['newest', 'seed'] as const) {
    it(`tells what the last three months cost, to the last digit, with one query: ${versions}`, async () => {
      const months = ['2026-08', '2026-09', '2026-10'];
      const arm = bench.arm(versions);
      for (const kind of ['billingProfile', 'customer', 'subscription'] as const) {
        const before = bench.service.requests().length;
        const told = await lastMonths(arm, bench.scopes[kind], TODAY);
        assert.equal(bench.service.requests().length - before, 1);
        const expected = months.map((month, index) => {
          const to = `${month}-${['31', '30', '31'][index]}`;
          const { totals } = bench.service.tenant.truth(scopePath(bench.scopes[kind]), `${month}-01`, to);
          const [[currency, cost] = ['USD', '0']] = [...totals];
          return { month, currency, cost };
        });
        assert.deepEqual(told, expected, kind);
      }
      const account = await lastMonths(arm, bench.scopes.billingAccount, TODAY);
      assert.deepEqual(
        account.map(({ month, currency }) => `${month} ${currency}`),
        months.map((month) => `${month} USD`),
      );
    });
  }
});
