import assert from 'node:assert/strict';
import { scopePath } from '../../src/api/arm/scope.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import { dailyCosts } from '../../src/budgeting/dailyCosts.ts';
import { addDigits } from '../../src/budgeting/decimal.ts';
import { lastMonths } from '../../src/budgeting/lastMonths.ts';
import { budgetTargets } from '../../src/budgets/budgetTargets.ts';
import { type BudgetBench, startBudgetBench, TODAY } from '../support/budgetBench.ts';
import { TroubledTransport } from '../support/troubledTransport.ts';

describe('what tables of budgets read', () => {
  let bench: BudgetBench;

  before(async () => {
    bench = await startBudgetBench();
  });
  after(() => bench.close());

  const sum = (costs: readonly { cost: string }[]) => costs.reduce((total, { cost }) => addDigits(total, cost), '0');

  describe('costs by day', () => {
    it('add up to the months, with one query for each', async () => {
      for (const versions of ['newest', 'seed'] as const) {
        const transport = new TroubledTransport(createUndiciTransport(), () => undefined);
        const arm = bench.arm(versions, transport);
        const scope = bench.customer(0);
        const { window, byCurrency } = await dailyCosts(arm, scope, undefined, TODAY);
        assert.deepEqual(window, { from: '2025-11-01', to: '2026-10-31' });
        assert.equal(transport.requests.length, 12);
        const months = await lastMonths(arm, scope, TODAY, 12);
        const [code] = byCurrency.keys();
        assert.equal(byCurrency.size, 1);
        const days = byCurrency.get(code ?? '') ?? [];
        assert.ok(days.length > 300, `${days.length}`);
        assert.ok(days.every(({ day }) => /^\d{4}-\d{2}-\d{2}$/.test(day) && day >= window.from && day <= window.to));
        assert.equal(Number(sum(days)), Number(sum(months.filter(({ currency }) => currency === code))));
      }
    });

    it('are in US dollars at a billing account, and what a filter lets through', async () => {
      const arm = bench.arm();
      const account = await dailyCosts(arm, bench.scopes.billingAccount, undefined, TODAY);
      assert.deepEqual([...account.byCurrency.keys()], ['USD']);
      const dimension = (values: string[]) => ({ dimensions: { name: 'ChargeType', operator: 'In', values } });
      const all = await dailyCosts(arm, bench.customer(0), undefined, TODAY);
      const usage = await dailyCosts(arm, bench.customer(0), dimension(['Usage']), TODAY);
      const none = await dailyCosts(arm, bench.customer(0), dimension(['Nothing']), TODAY);
      assert.equal(none.byCurrency.size, 0);
      const [code] = all.byCurrency.keys();
      const [part, whole] = [usage, all].map(({ byCurrency }) => Number(sum(byCurrency.get(code ?? '') ?? [])));
      assert.ok(part !== undefined && whole !== undefined && part > 0 && part <= whole);
    });

    it('are never a part: a month that fails fails all, and a wrong filter before anything is sent', async () => {
      let count = 0;
      const transport = new TroubledTransport(createUndiciTransport(), () =>
        ++count === 5 ? { kind: 'instead', status: 403, body: '{"error":{"code":"RBACAccessDenied"}}' } : undefined,
      );
      await assert.rejects(dailyCosts(bench.arm('newest', transport), bench.customer(0), undefined, TODAY), /403/);
      const before = transport.requests.length;
      await assert.rejects(
        dailyCosts(bench.arm('newest', transport), bench.customer(0), { neither: [] }, TODAY),
        /is not exactly one of and, or, not, dimensions and tags/,
      );
      assert.equal(transport.requests.length, before);
      const stop = new AbortController();
      const stopped = dailyCosts(bench.arm(), bench.customer(0), undefined, TODAY, {
        signal: stop.signal,
        onMonth: (_, done) => done === 2 && stop.abort(),
      });
      await assert.rejects(stopped, { name: 'AbortError' });
    });
  });

  describe('scopes', () => {
    const wanted = (more: object) => ({ connection: 'x', scopes: [], customersOf: [], ...more });

    it('are each once, called and billed as the service says, in both versions', async () => {
      const { tenant } = bench.service;
      const account = tenant.accounts[0];
      const { name } = tenant.directory.customer(3);
      const all = wanted({
        scopes: [{ scope: scopePath(bench.customer(3)), label: name, customer: name }],
        customersOf: [{ account: account?.name ?? '' }],
      });
      for (const versions of ['newest', 'seed'] as const) {
        const targets = await budgetTargets(bench.arm(versions), all, {});
        const { displayName, profile } = tenant.directory.customer(3);
        assert.equal(new Set(targets.map(({ scope }) => scope)).size, targets.length);
        const third = targets.find(({ scope }) => scope === scopePath(bench.customer(3)));
        assert.deepEqual([third?.label, third?.currency], [displayName, profile.currency]);
        assert.ok(new Set(targets.map(({ currency }) => currency)).size > 1);
      }
    });

    it('of one kind or another know their currency where somebody tells it', async () => {
      const { billingAccount, billingProfile, customer, subscription } = bench.scopes;
      const scopes = [billingAccount, billingProfile, subscription].map((scope) => ({
        scope: scopePath(scope),
        label: scope.kind,
      }));
      const of = bench.service.tenant.directory.customer(0);
      const own = { scope: scopePath(customer), label: of.name, customer: of.name };
      const targets = await budgetTargets(bench.arm(), wanted({ scopes: [...scopes, own] }), {});
      assert.deepEqual(
        targets.map(({ label, currency }) => [label, currency]),
        [
          ['billingAccount', 'USD'],
          ['billingProfile', bench.service.tenant.accounts[0]?.profiles[0]?.currency],
          ['subscription', undefined],
          [of.displayName, of.profile.currency],
        ],
      );
    });

    it('below a customer are its Azure subscriptions, in its currency; an account without customers is one alone', async () => {
      const { displayName, name, profile } = bench.service.tenant.directory.customer(0);
      const account = bench.service.tenant.accounts[0]?.name ?? '';
      const subscriptionsOf = [{ account, customer: name, label: displayName }];
      const targets = await budgetTargets(bench.arm(), wanted({ subscriptionsOf }), {});
      assert.ok(targets.length > 0);
      for (const { scope, label, currency } of targets) {
        assert.match(scope, /^\/subscriptions\/[\da-f-]{36}$/);
        assert.ok(label.startsWith(`${displayName} `), label);
        assert.equal(currency, profile.currency);
      }
      const transport = new TroubledTransport(createUndiciTransport(), ({ path }) =>
        path.includes('/customers') ? { kind: 'instead', status: 400, body: '{}' } : undefined,
      );
      const alone = wanted({
        scopes: [{ scope: scopePath(bench.scopes.billingAccount), label: 'Account' }],
        customersOf: [{ account }],
      });
      const found = await budgetTargets(bench.arm('newest', transport), alone, {});
      assert.deepEqual(
        found.map(({ label }) => label),
        ['Account'],
      );
      await assert.rejects(
        budgetTargets(bench.arm('newest', transport), wanted({ customersOf: [{ account }] }), {}),
        /400/,
      );
      // A missing role hides customers that are there: that is no account without any.
      const hidden = new TroubledTransport(createUndiciTransport(), ({ path }) =>
        path.includes('/customers') ? { kind: 'instead', status: 403, body: '{}' } : undefined,
      );
      await assert.rejects(budgetTargets(bench.arm('newest', hidden), alone, {}), /403/);
    });

    it('lose their currency, and nothing else, where billing profiles may not be read', async () => {
      const transport = new TroubledTransport(createUndiciTransport(), ({ path }) =>
        /billingProfiles\?/.test(path) ? { kind: 'instead', status: 403, body: '{}' } : undefined,
      );
      const account = bench.service.tenant.accounts[0]?.name ?? '';
      const targets = await budgetTargets(bench.arm('newest', transport), wanted({ customersOf: [{ account }] }), {});
      assert.ok(targets.length > 10);
      assert.ok(targets.every(({ currency }) => currency === undefined));
    });
  });
});
