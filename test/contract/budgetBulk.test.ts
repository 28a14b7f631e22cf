import assert from 'node:assert/strict';
import { getBudget, listBudgets } from '../../src/api/arm/budgets.ts';
import { parseCostScope, scopePath } from '../../src/api/arm/scope.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import { bodyOf } from '../../src/budgeting/budgetBody.ts';
import { type BudgetTemplate, type PlanTarget, planBudgets } from '../../src/budgeting/bulkPlan.ts';
import { type BulkRun, countRows, runBudgets, startRun } from '../../src/budgeting/bulkRun.ts';
import { countStates, coverageOf } from '../../src/budgeting/coverage.ts';
import { saveBudget } from '../../src/budgeting/saveBudget.ts';
import { ExactNumber } from '../../src/json/exact.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { BUDGET_STORIES } from '../../src/sample/budgetStories.ts';
import { collect } from '../support/arm.ts';
import { type BudgetBench, startBudgetBench, TODAY } from '../support/budgetBench.ts';
import { type Trouble, TroubledTransport } from '../support/troubledTransport.ts';

const CUSTOMERS = 500;

const TEMPLATE: BudgetTemplate = {
  name: 'monthly-limit',
  body: {
    category: 'Cost',
    amount: new ExactNumber('5000.00'),
    timeGrain: 'Monthly',
    timePeriod: { startDate: '2026-11-01T00:00:00Z', endDate: '2027-12-31T00:00:00Z' },
    notifications: {
      ninety: {
        enabled: true,
        operator: 'GreaterThan',
        threshold: 90,
        contactEmails: ['billing@harbourlight.example'],
      },
    },
  },
  currency: undefined,
  provider: undefined,
};

describe('one budget for many customers', () => {
  let bench: BudgetBench;
  let targets: PlanTarget[];

  before(async () => {
    bench = await startBudgetBench({ customers: CUSTOMERS, usageRows: 5000 });
    const { tenant } = bench.service;
    targets = Array.from({ length: CUSTOMERS }, (_, index) => {
      const customer = tenant.directory.customer(index);
      const account = customer.account.name;
      const scope = `/providers/Microsoft.Billing/billingAccounts/${account}/customers/${customer.name}`;
      return { scope, label: customer.displayName, currency: customer.profile.currency };
    });
  });
  after(() => bench.close());
  beforeEach(async () => {
    await fetch(`${bench.service.endpoints.resourceManager}/_sample/reset`, { method: 'POST' });
  });

  const options = { today: TODAY };
  const writes = () => bench.service.requests().filter(({ method }) => method === 'PUT').length;

  it('tells before anything is written what it would do', async () => {
    const arm = bench.arm();
    const before = writes();
    const odd: PlanTarget = { scope: '/subscriptions/none', label: 'gone', currency: 'USD' };
    const rows = await planBudgets(arm, { ...TEMPLATE, currency: 'USD' }, [...targets.slice(0, 10), odd], options);
    assert.equal(writes(), before);
    assert.equal(rows[0]?.action, 'create');
    assert.equal(rows[0]?.sentences[1], 'amount: 5,000.00 USD is new');
    // A customer in euros, and the scope that does not exist.
    const euro = rows[BUDGET_STORIES.nearLimit.customer];
    assert.equal(euro?.action, 'notAllowed');
    assert.match(
      euro?.reason ?? '',
      /amount is in USD, and budgets here are in EUR; give this row an amount of its own/,
    );
    assert.equal(rows.at(-1)?.action, 'notAllowed');
    const target = {
      ...(targets[BUDGET_STORIES.nearLimit.customer] as PlanTarget),
      amount: new ExactNumber('4500.00'),
    };
    const [own] = await planBudgets(arm, { ...TEMPLATE, currency: 'USD' }, [target], options);
    assert.equal(own?.action, 'change');
    // The start of a budget that exists stays, its notifications are the template's.
    assert.match(own?.body?.timePeriod?.startDate ?? '', /^2026-06-01/);
    assert.deepEqual(Object.keys(own?.body?.notifications ?? {}), ['ninety']);
    assert.match(own?.sentences.join('\n') ?? '', /^amount: .* → 4,500\.00 EUR$/m);
    const broken = { ...TEMPLATE, body: { ...TEMPLATE.body, amount: 0 } };
    const [refused] = await planBudgets(arm, broken, targets.slice(0, 1), options);
    assert.match(refused?.reason ?? '', /^amount is not above 0/);
  });

  it(`ends every row of ${CUSTOMERS} as done or failed with a reason at 5 % faults, and a second run touches only the failed ones`, async () => {
    const kinds: Trouble[] = [
      { kind: 'resetBefore' },
      { kind: 'resetAfter' },
      { kind: 'instead', status: 500 },
      { kind: 'answered', status: 502, body: '<html>' },
      { kind: 'instead', status: 403, body: '{"error":{"code":"RBACAccessDenied","message":"No."}}' },
    ];
    let count = 0;
    let healthy = false;
    const transport = new TroubledTransport(createUndiciTransport(), ({ method }) =>
      method === 'PUT' && !healthy && count++ % 20 === 7 ? kinds[Math.floor(count / 20) % kinds.length] : undefined,
    );
    const arm = bench.arm('newest', transport);
    const plan = await planBudgets(arm, TEMPLATE, targets, options);
    const first = await runBudgets(arm, startRun(TEMPLATE, plan), options);
    const { done, failed, pending } = countRows(first);
    assert.equal(count, CUSTOMERS);
    // Of 25 faults two kinds in five came after the service had done it: those are done.
    assert.deepEqual([done, failed, pending], [485, 15, 0]);
    for (const { state, reason } of first.rows) {
      assert.equal(reason !== undefined && reason !== '', state === 'failed', reason);
    }
    healthy = true;
    const touched: string[] = [];
    const from = transport.requests.length;
    const again = parseJson(JSON.stringify(first)) as BulkRun;
    const second = await runBudgets(arm, again, { ...options, onRow: ({ scope }) => touched.push(scope) });
    assert.deepEqual(countRows(second), { done: CUSTOMERS, failed: 0, pending: 0 });
    assert.deepEqual(
      touched.toSorted(),
      first.rows
        .filter(({ state }) => state === 'failed')
        .map(({ scope }) => scope)
        .toSorted(),
    );
    const paths = transport.requests
      .slice(from)
      .map(({ path }) => path.split('/providers/Microsoft.CostManagement')[0]);
    assert.ok(paths.every((path) => touched.includes(path ?? '')));
    for (const { scope, body } of second.rows) {
      const held = bodyOf(await getBudget(arm, { scope: parseCostScope(scope) }, TEMPLATE.name));
      assert.equal(JSON.stringify(held.amount), '5000.00');
      assert.deepEqual(Object.keys(held.notifications ?? {}), ['ninety'], JSON.stringify(body));
    }
    const third = transport.requests.length;
    await runBudgets(arm, second, options);
    assert.equal(transport.requests.length, third);
  });

  it('stops between rows, and goes on with what is pending', async () => {
    const arm = bench.arm();
    const plan = await planBudgets(arm, TEMPLATE, targets.slice(0, 12), options);
    const stop = new AbortController();
    let ended = 0;
    const first = await runBudgets(arm, startRun(TEMPLATE, plan), {
      ...options,
      signal: stop.signal,
      onRow: () => ++ended === 5 && stop.abort(),
    });
    const counts = countRows(first);
    assert.ok(counts.done >= 5 && counts.pending >= 5 && counts.failed === 0, JSON.stringify(counts));
    const before = writes();
    const second = await runBudgets(arm, first, options);
    assert.deepEqual(countRows(second), { done: 12, failed: 0, pending: 0 });
    assert.equal(writes() - before, counts.pending);
  });

  it('begins no other row when nothing is reached any more, and goes on when it is', async () => {
    let down = false;
    const transport = new TroubledTransport(createUndiciTransport(), () =>
      down ? { kind: 'resetBefore' } : undefined,
    );
    const arm = bench.arm('newest', transport);
    const plan = await planBudgets(arm, TEMPLATE, targets.slice(0, 40), options);
    let ended = 0;
    const first = await runBudgets(arm, startRun(TEMPLATE, plan), {
      ...options,
      onRow: () => {
        down = ++ended >= 10;
      },
    });
    const { done, failed, pending } = countRows(first);
    assert.ok(done >= 10 && done <= 12 && failed >= 3 && failed <= 6, JSON.stringify({ done, failed, pending }));
    assert.equal(done + failed + pending, 40);
    down = false;
    assert.deepEqual(countRows(await runBudgets(arm, first, options)), { done: 40, failed: 0, pending: 0 });
  });

  it('never writes over what somebody changed since the plan, however often it runs', async () => {
    const arm = bench.arm();
    const target = targets[BUDGET_STORIES.nearLimit.customer] as PlanTarget;
    const plan = await planBudgets(arm, TEMPLATE, [target], options);
    const place = { scope: parseCostScope(target.scope), name: TEMPLATE.name };
    const now = await getBudget(arm, place, place.name);
    await saveBudget(arm, place, now, { ...bodyOf(now), amount: 77 }, options);
    let run = startRun(TEMPLATE, plan);
    for (let times = 1; times <= 2; times++) {
      run = await runBudgets(arm, run, options);
      assert.equal(run.rows[0]?.reason, 'Somebody else changed it since the plan; plan again.');
      assert.equal(run.rows[0]?.tries, times);
    }
    assert.equal((await getBudget(arm, place, place.name)).properties.amount, 77);
    const fresh = startRun(TEMPLATE, await planBudgets(arm, TEMPLATE, [target], options));
    assert.deepEqual(countRows(await runBudgets(arm, fresh, options)), { done: 1, failed: 0, pending: 0 });
    const [same] = await planBudgets(arm, TEMPLATE, [target], options);
    assert.equal(same?.action, 'unchanged');
  });

  it('tells who has no budget, an expired one, one that tells nobody', async () => {
    const arm = bench.arm();
    const rows = await Promise.all(
      targets.slice(0, 8).map(async ({ scope, label }) => {
        const budgets = await collect(listBudgets(arm, { scope: parseCostScope(scope) }));
        return coverageOf({ scope, label }, budgets, TODAY);
      }),
    );
    const state = (index: number) => rows[index]?.state;
    assert.equal(state(BUDGET_STORIES.healthy.customer), 'covered');
    assert.equal(state(BUDGET_STORIES.expired.customer), 'expired');
    assert.equal(state(BUDGET_STORIES.silent.customer), 'silent');
    assert.deepEqual(rows[BUDGET_STORIES.silent.customer]?.budgets[0]?.gaps, ['allOff']);
    assert.equal(state(7), 'none');
    const unknown = coverageOf({ scope: scopePath(bench.customer(0)), label: 'x' }, { failure: 'No.' }, TODAY);
    assert.equal(unknown.state, 'unknown');
    assert.deepEqual(countStates([...rows, unknown]), {
      covered: 4,
      silent: 1,
      expired: 1,
      future: 0,
      none: 2,
      unknown: 1,
    });
  });
});
