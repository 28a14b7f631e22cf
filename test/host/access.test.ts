import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { BillingError } from '../../src/api/http/errors.ts';
import { type Connected, connectSample, openUsage, refusal } from './support.ts';

interface Diagnosis {
  cause: string;
  certainty: string;
  sentence: string;
  role?: { name: string; scope: string };
  adminText: string;
}

const explain = (argument: object): Thenable<Diagnosis> =>
  vscode.commands.executeCommand<Diagnosis>('azureBilling.explainAccess', argument);

describe('explainAccess', () => {
  let connected: Connected;
  let account: string;

  before(async () => {
    connected = await connectSample();
    account = `/providers/Microsoft.Billing/billingAccounts/${connected.service.tenant.accounts[0]?.name}`;
  });
  afterEach(() => connected.service.setCaller('adminAgent'));
  after(() => connected.remove());

  it('says of a scope whether its usage can be read, and why not', async () => {
    const scope = { connection: connected.name, scope: account };
    assert.equal((await explain(scope)).cause, 'readable');
    connected.service.setCaller('none');
    const before = connected.service.requests().length;
    const diagnosis = await explain(scope);
    assert.ok(connected.service.requests().length - before <= 3);
    assert.equal(diagnosis.cause, 'roleMissing');
    assert.equal(diagnosis.certainty, 'told');
    assert.deepEqual(diagnosis.role, { name: 'Admin agent or Billing admin (in the partner tenant)', scope: account });
    assert.match(diagnosis.adminText, /Request id: /);
  });

  it('says that the cost policy is off', async () => {
    const { tenant } = connected.service;
    const first = tenant.accounts[0] ?? assert.fail();
    const subscription = tenant.subscriptions(tenant.customers(first).at(2)).at(0).name;
    connected.service.setCaller('customer');
    const diagnosis = await explain({ connection: connected.name, scope: `/subscriptions/${subscription}` });
    assert.equal(diagnosis.cause, 'costPolicyOff');
  });

  it('explains a row of the tree by its id', async () => {
    await vscode.commands.executeCommand('azureBilling.explorer.focus');
    const root = `connection:${encodeURIComponent(connected.name).toLowerCase()}`;
    const ready = async () => !/there is no row/.test(await refusal('azureBilling.copyId', { id: root }));
    for (let i = 0; i < 100 && !(await ready()); i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await vscode.commands.executeCommand('azureBilling.loadMore', { id: root });
    connected.service.setCaller('none');
    const id = `${root}/account:${encodeURIComponent(account.split('/').at(-1) ?? '').toLowerCase()}`;
    const diagnosis = await explain({ id });
    assert.match(diagnosis.sentence, /no billing role at this scope/);
  });

  it('explains a failure without a connection, from what it says', async () => {
    const error = new BillingError('refused', 'List customers failed with HTTP 403 IndirectCostDisabled.', {
      status: 403,
      code: 'IndirectCostDisabled',
    });
    // Another copy of the class than that of the extension: it is no failure of the extension.
    assert.equal((await explain({ error })).cause, 'unknown');
  });

  for (const [argument, sentence] of [
    [{ connection: 'Nowhere', scope: '/subscriptions/x' }, /^connection: there is no connection 'Nowhere'\./],
    [{}, /^connection: there is no connection 'undefined'\./],
    [{ scope: 3 }, /^scope: has to be the ARM path/],
    [{ id: 'x' }, /^id: there is no row 'x' in the tree\./],
  ] as const) {
    it(`refuses ${JSON.stringify(argument)}`, async () => {
      assert.match(await refusal('azureBilling.explainAccess', argument), sentence);
    });
  }

  it('refuses a connection without a scope', async () => {
    assert.match(await refusal('azureBilling.explainAccess', { connection: connected.name }), /^scope: is missing\./);
  });
});

interface Quota {
  connection: string;
  snapshot: {
    metered: boolean;
    limits: { area: string; limit: number; remaining: number; told?: { remaining: number }; freesAt?: number }[];
    counters: { name: string; remaining: number }[];
    waiting: unknown[];
  };
}

describe('showQuota', () => {
  it('gives the limits that a connection has used', async () => {
    const connected = await connectSample({ throttle: 'documented' });
    const ask = (argument?: object) =>
      vscode.commands.executeCommand<Quota[]>('azureBilling.showQuota', argument ?? { connection: connected.name });
    assert.deepEqual(await ask(), [], 'nothing was asked yet');
    await openUsage({
      connection: connected.name,
      scope: `/providers/Microsoft.Billing/billingAccounts/${connected.service.tenant.accounts[0]?.name}`,
      period: '2026-10',
    });
    const [quota] = await ask();
    assert.equal(quota?.connection, connected.name);
    assert.equal(quota.snapshot.metered, true);
    const [limit] = quota.snapshot.limits;
    assert.equal(limit?.area, 'usageDetails');
    assert.deepEqual([limit.remaining, limit.limit, limit.told?.remaining], [5, 6, 5]);
    assert.ok((limit.freesAt ?? 0) > Date.now());
    assert.ok(quota.snapshot.counters.some(({ name }) => name === 'tenant-reads'));
    assert.deepEqual(quota.snapshot.waiting, []);
    assert.ok((await ask({})).some(({ connection }) => connection === connected.name));
    assert.match(
      await refusal('azureBilling.showQuota', { connection: 'Nowhere' }),
      /^connection: there is no connection 'Nowhere'\./,
    );
    await connected.remove();
    assert.ok(
      (await ask({})).every(({ connection }) => connection !== connected.name),
      'gone with the connection',
    );
  });
});
