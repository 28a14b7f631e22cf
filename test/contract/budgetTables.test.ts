import assert from 'node:assert/strict';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { scopePath } from '../../src/api/arm/scope.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import type { BudgetBody } from '../../src/budgeting/budgetBody.ts';
import { BackTestTable } from '../../src/budgets/backTestTable.ts';
import { CoverageTable } from '../../src/budgets/coverageTable.ts';
import { BUDGET_STORIES } from '../../src/sample/budgetStories.ts';
import { type BudgetBench, startBudgetBench, TODAY } from '../support/budgetBench.ts';
import { type Trouble, TroubledTransport } from '../support/troubledTransport.ts';

describe('tables of budgets over the sample tenant', () => {
  let bench: BudgetBench;

  before(async () => {
    bench = await startBudgetBench();
  });
  after(() => bench.close());

  const now = () => new Date(`${TODAY}T12:00:00Z`);
  const troubled = (trouble: (path: string) => Trouble | undefined): ArmClient =>
    bench.arm('newest', new TroubledTransport(createUndiciTransport(), ({ path }) => trouble(path)));
  const progress = (signal = new AbortController().signal) => {
    const told: string[] = [];
    return { told, signal, tell: (text: string) => told.push(text), changed: () => {} };
  };

  describe('coverage', () => {
    const applied: string[][] = [];
    const edited: string[] = [];
    const table = (arm: ArmClient, customers: readonly number[]) =>
      new CoverageTable(
        {
          arm: async () => arm,
          now,
          apply: async (_, targets) => {
            applied.push(targets.map(({ scope }) => scope));
          },
          edit: async (_, scope, name) => {
            edited.push(`${scope} ${name}`);
          },
        },
        {
          connection: 'x',
          scopes: customers.map((index) => ({ scope: scopePath(bench.customer(index)), label: `Customer ${index}` })),
          customersOf: [],
        },
        'Coverage',
      );

    it('says in each row what is missing, and leads to what mends it', async () => {
      const { healthy, expired, silent } = BUDGET_STORIES;
      const work = table(bench.arm(), [healthy.customer, expired.customer, silent.customer, 7]);
      await work.load(progress());
      assert.equal(work.view().summary, '1 of 4 scopes has a budget that alerts.');
      const rows = Array.from({ length: work.count }, (_, index) => work.row(index));
      assert.match(rows[1]?.lines[0] ?? '', /^pilot, ended 2026-08-31: It has ended; create a new one/);
      assert.deepEqual(
        rows.map(({ actions }) => actions.map(({ id }) => id)),
        [[], ['create', 'edit'], ['edit'], ['create']],
      );
      await work.act('create', undefined, progress());
      assert.deepEqual(
        applied.at(-1),
        [expired.customer, 7].map((index) => scopePath(bench.customer(index))),
      );
      await work.act('create', 3, progress());
      assert.deepEqual(applied.at(-1), [scopePath(bench.customer(7))]);
      await work.act('edit', 2, progress());
      assert.equal(edited.at(-1), `${scopePath(bench.customer(silent.customer))} no-alerts`);
    });

    it('keeps going where one scope is refused, and ends at once where nothing is reached', async () => {
      const refused = bench.customer(1);
      const answer = { kind: 'instead', status: 403, body: '{"error":{"code":"RBACAccessDenied"}}' } as const;
      const name = scopePath(refused).split('/').at(-1) ?? '';
      const work = table(
        troubled((path) => (path.includes(name) && path.includes('budgets') ? answer : undefined)),
        [0, 1, 2],
      );
      await work.load(progress());
      assert.deepEqual(
        work.coverage.map(({ state }) => state),
        ['covered', 'unknown', 'silent'],
      );
      assert.match(work.row(1).lines[0] ?? '', /403/);
      let sent = 0;
      const dead = table(
        troubled(() => {
          sent++;
          return { kind: 'resetBefore' };
        }),
        Array.from({ length: 30 }, (_, index) => index),
      );
      await assert.rejects(dead.load(progress()), /could not|connection|broke|reset/i);
      assert.ok(sent < 12, `${sent} requests for 30 scopes`);
    });

    it('is nothing, rather than a part, when it is cancelled', async () => {
      const stop = new AbortController();
      const work = table(bench.arm(), [0, 1, 2, 3, 4, 5, 6, 7]);
      const told = progress(stop.signal);
      await assert.rejects(work.load({ ...told, tell: (text) => /^3 of 8/.test(text) && stop.abort() }), {
        name: 'AbortError',
      });
      assert.equal(work.count, 0);
    });

    it('stays what it was when reading again is cancelled', async () => {
      const work = table(bench.arm(), [7, 0, 1]);
      await work.load(progress());
      const before = work.coverage;
      const stop = new AbortController();
      const told = progress(stop.signal);
      const again = work.act('again', undefined, { ...told, tell: (text) => /^2 of 3/.test(text) && stop.abort() });
      await assert.rejects(again, { name: 'AbortError' });
      assert.deepEqual(work.coverage, before);
      await work.act('create', 0, progress());
      assert.deepEqual(applied.at(-1), [scopePath(bench.customer(7))]);
    });
  });

  describe('back-test', () => {
    const notification = (more: object) => ({
      enabled: true,
      operator: 'GreaterThan',
      threshold: 80,
      contactEmails: ['a@harbourlight.example'],
      ...more,
    });
    const body = (amount: number, notifications: object, more: object = {}) =>
      ({ category: 'Cost', amount, timeGrain: 'Monthly', notifications, ...more }) as BudgetBody;
    const table = (given?: BudgetBody, arm = bench.arm()) =>
      new BackTestTable(
        { arm: async () => arm, now },
        {
          connection: 'x',
          scope: scopePath(bench.customer(0)),
          name: BUDGET_STORIES.healthy.name,
          label: 'Emberstone Ferries',
          body: given,
        },
      );

    it('tells days in words, forecasts as estimates, and what cannot be tested', async () => {
      const work = table(
        body(0.01, {
          often: notification({}),
          never: notification({ threshold: 1000, thresholdType: 'Forecasted', enabled: false }),
          broken: notification({ operator: 'Around' }),
        }),
      );
      const { told, ...rest } = progress();
      await work.load(rest);
      assert.equal(told.length, 12);
      assert.equal(told[0], 'Reading 2025-11: 1 of 12 months…');
      assert.equal(work.view().summary, 'Would have fired on 12 days, the first of them 1 November 2025.');
      const rows = [0, 1, 2].map((index) => work.row(index));
      assert.deepEqual(
        rows.map(({ state }) => state),
        ['fired', 'estimated', 'notTested'],
      );
      assert.match(rows[0]?.lines[0] ?? '', /^12 times: 1 Nov, 1 Dec 2025; 1 Jan, 1 Feb, /);
      assert.match(rows[0]?.lines[1] ?? '', /^1 November 2025, at [\d.]+ % of the amount\.$/);
      assert.equal(rows[0]?.note, 'Actual cost above 80 %');
      assert.match(rows[1]?.lines[0] ?? '', /^What Azure foresaw on a day is kept nowhere/);
      assert.equal(rows[1]?.note, 'Forecasted cost above 1,000 %, switched off');
      assert.match(rows[2]?.lines[0] ?? '', /operator and threshold cannot be compared/);
    });

    it('tells that nothing would have fired, and that there is nothing that could', async () => {
      const huge = table(body(1e12, { one: notification({}) }));
      await huge.load(progress());
      assert.equal(huge.view().summary, 'No actual cost of the last 12 months would have passed a threshold.');
      assert.deepEqual(huge.row(0).lines, ['On no day of the 12 months.']);
      const none = table(body(1, {}));
      await none.load(progress());
      assert.equal(none.view().summary, 'The budget has no notifications: it would have told nobody.');
      assert.equal(none.count, 0);
      const odd = table(body(1, { one: notification({}) }, { timeGrain: 'BillingMonth' }));
      await odd.load(progress());
      assert.match(odd.row(0).lines[0] ?? '', /Only monthly, quarterly and yearly budgets can be replayed/);
    });

    it('reads the budget as the service holds it, and fails as a whole', async () => {
      const work = table();
      await work.load(progress());
      assert.equal(work.result?.notifications.length, 3);
      const refused = troubled((path) =>
        path.includes('/query') ? { kind: 'instead', status: 403, body: '{}' } : undefined,
      );
      const failing = table(undefined, refused);
      await assert.rejects(failing.load(progress()), /403/);
      assert.equal(failing.result, undefined);
    });
  });
});
