import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { AppliedBudget, ShownBackTest, ShownCoverage } from '../../src/contributions.ts';
import { BUDGET_STORIES } from '../../src/sample/budgetStories.ts';
import { type Connected, connectSample, eventually, refusal } from './support.ts';

const CUSTOMERS = 16;

const BODY = {
  category: 'Cost',
  amount: 5000,
  timeGrain: 'Monthly',
  timePeriod: { startDate: '2026-11-01T00:00:00Z' },
  notifications: {
    ninety: {
      enabled: true,
      operator: 'GreaterThan',
      threshold: 90,
      contactEmails: ['billing@harbourlight.example'],
    },
  },
};

describe('one budget for many scopes', () => {
  let connected: Connected;
  let account: string;
  let scopes: string[];

  before(async () => {
    connected = await connectSample({ customers: CUSTOMERS });
    const { tenant } = connected.service;
    account = `/providers/Microsoft.Billing/billingAccounts/${tenant.accounts[0]?.name}`;
    scopes = Array.from({ length: CUSTOMERS }, (_, index) => tenant.directory.customer(index))
      .filter((customer) => customer.account === tenant.accounts[0])
      .map(({ name }) => `${account}/customers/${name}`);
  });
  after(() => connected.remove());
  afterEach(async () => {
    connected.service.setFault(undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await fetch(`${connected.service.endpoints.resourceManager}/_sample/reset`, { method: 'POST' });
  });

  const run = <T>(command: string, argument: object) =>
    vscode.commands.executeCommand<T>(`azureBilling.${command}`, { connection: connected.name, ...argument });
  const apply = (argument: object) => run<AppliedBudget>('applyBudget', argument);
  const writes = () => connected.service.requests().filter(({ method }) => method === 'PUT');
  const counts = ({ rows }: AppliedBudget) =>
    Object.fromEntries(
      (['pending', 'done', 'failed'] as const).map((state) => [
        state,
        rows.filter((row) => row.state === state).length,
      ]),
    );

  it('shows what it would do for all customers of an account, and writes nothing', async () => {
    const plan = await apply({ customersOf: account, name: 'monthly-limit', body: BODY });
    assert.equal(writes().length, 0);
    assert.deepEqual(
      plan.rows.map(({ scope }) => scope),
      scopes,
    );
    const near = plan.rows[BUDGET_STORIES.nearLimit.customer];
    assert.equal(near?.action, 'change');
    assert.match(near?.changes.join('\n') ?? '', /^amount: .* → 5,000/m);
    const created = plan.rows[BUDGET_STORIES.healthy.customer];
    assert.equal(created?.action, 'create');
    assert.match(created?.changes.join('\n') ?? '', /^amount: 5,000 [A-Z]{3} is new$/m);
    assert.equal(created?.label, connected.service.tenant.directory.customer(0).displayName);
  });

  it('leaves out what is billed in another currency, and says why', async () => {
    const plan = await apply({ customersOf: account, name: 'limit', body: BODY, currency: 'USD' });
    const euro = plan.rows[BUDGET_STORIES.nearLimit.customer];
    assert.equal(euro?.action, 'notAllowed');
    assert.match(euro?.reason ?? '', /^amount is in USD, and budgets here are in EUR/);
    assert.ok(plan.rows.some(({ action }) => action === 'create'));
  });

  it('ends every row as done or failed with a reason, and goes on with the failed ones alone', async () => {
    const plan = await apply({ scopes, name: 'limit', body: BODY });
    connected.service.setFault(`403*3@budgets/limit`);
    const first = await apply({ goOn: plan.run });
    assert.deepEqual(counts(first), { pending: 0, done: scopes.length - 3, failed: 3 });
    const failed = first.rows.filter(({ state }) => state === 'failed');
    assert.ok(
      failed.every(({ reason }) => /HTTP 403|not have authorization/.test(reason ?? '')),
      failed[0]?.reason,
    );
    const before = writes().length;
    const second = await apply({ goOn: plan.run });
    assert.deepEqual(counts(second), { pending: 0, done: scopes.length, failed: 0 });
    const again = writes().slice(before);
    assert.deepEqual(
      again.map(({ path }) => path.split('/providers/Microsoft.CostManagement')[0]).sort(),
      failed.map(({ scope }) => scope).sort(),
    );
    await apply({ goOn: plan.run });
    assert.equal(writes().length, before + 3, 'nothing is written twice');
    const unchanged = await apply({ scopes, name: 'limit', body: BODY });
    assert.ok(unchanged.rows.every(({ action }) => action === 'unchanged'));
  });

  it('waits as the service asks, and loses no row', async () => {
    const plan = await apply({ scopes: scopes.slice(0, 4), name: 'waited', body: BODY });
    connected.service.setFault('429*2@budgets/waited');
    assert.deepEqual(counts(await apply({ goOn: plan.run })), { pending: 0, done: 4, failed: 0 });
  });

  it('stops when its tab is closed, and goes on later where it stopped', async () => {
    const ended = apply({ scopes, name: 'stopped', body: BODY, run: true });
    await eventually(() => (writes().length >= 3 ? true : undefined), 30_000);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const first = await ended;
    assert.ok(first, 'what was done is told');
    const { pending, failed } = counts(first);
    assert.ok(pending !== undefined && pending > 0 && failed === 0, JSON.stringify(counts(first)));
    const before = writes().length;
    const second = await apply({ goOn: first.run });
    assert.deepEqual(counts(second), { pending: 0, done: scopes.length, failed: 0 });
    assert.equal(writes().length - before, pending);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.match(await refusal('azureBilling.applyBudget', { goOn: first.run }), /^goOn: there is no run/);
  });

  it('takes another budget as what to write', async () => {
    const { customer, name } = BUDGET_STORIES.nearLimit;
    const like = { scope: scopes[customer], name };
    const plan = await apply({ scopes, like });
    const same = plan.rows[customer];
    assert.equal(same?.action, 'unchanged');
    const created = plan.rows.filter(({ action }) => action === 'create');
    assert.ok(created.length > 0);
    // In the currency of that budget alone.
    assert.ok(plan.rows.some(({ reason }) => /^amount is in EUR, and budgets here are in USD/.test(reason ?? '')));
  });

  it('refuses what is wrong, naming the field, before anything is sent', async () => {
    const { name: connection } = connected;
    const wrong = (argument: object) => refusal('azureBilling.applyBudget', { connection, ...argument });
    const sent = connected.service.requests().length;
    const { length: tabs } = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    assert.match(await wrong({ connection: 'Nowhere' }), /^connection: there is no connection 'Nowhere'/);
    assert.match(await wrong({ scopes, body: BODY }), /^name: is missing/);
    assert.match(await wrong({ scopes, name: 'x' }), /^body: is missing/);
    assert.match(await wrong({ name: 'x', body: BODY }), /^scopes: is missing/);
    assert.match(await wrong({ scopes: ['/nothing'], name: 'x', body: BODY }), /^scope: '\/nothing' is not a scope/);
    assert.match(await wrong({ customersOf: scopes[0], name: 'x', body: BODY }), /^customersOf: .* has no customers/);
    assert.match(await wrong({ goOn: '../../settings' }), /^goOn: there is no run/);
    assert.equal(connected.service.requests().length, sent);
    assert.equal(vscode.window.tabGroups.all.flatMap((group) => group.tabs).length, tabs);
    const amount = await apply({ scopes: scopes.slice(0, 2), name: 'x', body: { ...BODY, amount: 0 } });
    assert.ok(amount.rows.every(({ reason }) => /^amount is not above 0/.test(reason ?? '')));
  });

  it('fails once, and not for each row, where nothing is reached', async () => {
    const other = await connectSample({ customers: 10 });
    await other.service.close();
    const argument = { connection: other.name, scopes, name: 'x', body: BODY };
    assert.match(await refusal('azureBilling.applyBudget', argument), /^Get the budget failed: nothing listens at/);
    await vscode.commands.executeCommand('azureBilling.removeConnection', { connection: other.name });
  });

  it('tells who has no budget, an expired one, one that tells nobody', async () => {
    const rows = await run<ShownCoverage[]>('showBudgetCoverage', { customersOf: account });
    const state = (index: number) => rows[index]?.state;
    assert.deepEqual(
      rows.map(({ scope }) => scope),
      scopes,
    );
    assert.equal(state(BUDGET_STORIES.healthy.customer), 'covered');
    assert.equal(state(BUDGET_STORIES.expired.customer), 'expired');
    assert.equal(state(BUDGET_STORIES.silent.customer), 'silent');
    assert.deepEqual(rows[BUDGET_STORIES.silent.customer]?.budgets, [{ name: 'no-alerts', gaps: ['allOff'] }]);
    assert.equal(state(7), 'none');
    connected.service.setFault(`403*1@${scopes[7]}`);
    const [refused, covered] = await run<ShownCoverage[]>('showBudgetCoverage', { scopes: [scopes[7], scopes[0]] });
    assert.equal(refused?.state, 'unknown');
    assert.match(refused?.failure ?? '', /403/);
    assert.equal(covered?.state, 'covered');
  });

  it('tells on which days of the last 12 months a budget would have fired', async () => {
    const { customer, name } = BUDGET_STORIES.healthy;
    const scope = scopes[customer];
    const told = await run<ShownBackTest>('backTestBudget', { scope, name });
    assert.deepEqual(told.window, { from: '2025-11-01', to: '2026-10-31' });
    assert.deepEqual(
      told.notifications.map((one) => one.estimated),
      [false, false, true],
    );
    // The smallest amount is passed on the first day of each month that had any cost.
    const tiny = { ...BODY, amount: 0.01 };
    const all = await run<ShownBackTest>('backTestBudget', { scope, name, body: tiny });
    assert.equal(all.notifications[0]?.days.length, 12);
    const huge = await run<ShownBackTest>('backTestBudget', { scope, name, body: { ...BODY, amount: 1e12 } });
    assert.deepEqual(huge.notifications[0]?.days, []);
    await run('editBudget', { scope, name });
    const tab = await vscode.commands.executeCommand<ShownBackTest>('azureBilling.backTestBudget');
    assert.deepEqual(tab, told, 'the tab in front is what is tested');
    const wrong = (argument: object) =>
      refusal('azureBilling.backTestBudget', { connection: connected.name, scope, name, ...argument });
    assert.match(await wrong({ name: 'nobody' }), /HTTP 404/);
    assert.match(await wrong({ name: '' }), /^name: is missing/);
    assert.match(await wrong({ scope: '/x' }), /^scope: '\/x' is not a scope/);
  });
});
