import assert from 'node:assert/strict';
import type { Alert } from '../../src/api/arm/alerts.ts';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import type { Budget } from '../../src/api/arm/budgets.ts';
import type { CostExport, ExportRun } from '../../src/api/arm/exports.ts';
import type { ChildNode, ExplorerNode } from '../../src/explorer/node.ts';
import { budgetNode } from '../../src/explorer/rows/budgets.ts';
import { permissionNodes, transactionPeriodNode } from '../../src/explorer/rows/charges.ts';
import { alertNode, exportNode, exportRunNode, resourceGroupNode } from '../../src/explorer/rows/costManagement.ts';
import { firstCall, jsonCall, openChildren } from '../../src/explorer/sources.ts';
import { ExactNumber } from '../../src/json/exact.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { connect } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const SCOPE = '/providers/Microsoft.Billing/billingAccounts/acct';

const FOLDER: ExplorerNode = {
  id: 'connection:one/folder',
  kind: 'budgets',
  connection: 'one',
  parent: undefined,
  label: 'Budgets',
  expandable: true,
  costScope: SCOPE,
  account: 'acct',
};

describe('budgets as rows', () => {
  const row = (properties: Budget['properties'], name = 'plan', parent = FOLDER) =>
    budgetNode({ id: `${SCOPE}/budgets/${name}`, name, properties }, parent, '2026-11-21', 'en');
  const told = { first: { enabled: true, threshold: 80, contactEmails: ['a@example.com'] } };

  it('tells how much is spent, cut and not rounded up, and how long the period still is', () => {
    const node = row({
      amount: 2000,
      timeGrain: 'Monthly',
      currentSpend: { amount: new ExactNumber('1999.99'), unit: 'USD' },
      notifications: told,
    });
    assert.equal(node.description, '99 % · 2K USD of 2K USD · 9 days left');
    assert.equal(node.alarm, 'warning');
    assert.match(node.tooltip ?? '', /^Spent: 1,999\.99 USD, 99 % \(last evaluation/m);
    assert.match(node.tooltip ?? '', /^The period ends on 2026-11-30: 9 days left$/m);
    assert.match(node.tooltip ?? '', /^Notifications: 1$/m);
    assert.match(row({ amount: 100, currentSpend: { amount: 29, unit: 'EUR' } }).description ?? '', /^29 % /);
  });

  it('tells what is foreseen, and colours what will be too much', () => {
    const at = (amount: number) =>
      row({
        amount: 100,
        timeGrain: 'Annually',
        currentSpend: { amount: 50, unit: 'EUR' },
        forecastSpend: { amount, unit: 'EUR' },
        notifications: told,
      });
    assert.equal(at(90).description, '50 % · 50 EUR of 100 EUR · forecast 90 EUR · 40 days left');
    assert.deepEqual([at(90).alarm, at(90).decoration], [undefined, undefined]);
    assert.deepEqual([at(112).alarm, at(112).decoration], ['warning', '/foreseen/112 %']);
    assert.match(at(112).tooltip ?? '', /^Forecast: 112\.00 EUR, 112 %$/m);
  });

  it('warns near the limit and above it, and not below', () => {
    const at = (amount: number) => row({ amount: 100, currentSpend: { amount, unit: 'EUR' } });
    assert.deepEqual(
      [79.99, 80, 99.99, 100, 250].map((amount) => [at(amount).alarm, at(amount).decoration]),
      [
        [undefined, undefined],
        ['warning', '/near/80 %'],
        ['warning', '/near/99 %'],
        ['error', '/over/100 %'],
        ['error', '/over/250 %'],
      ],
    );
    assert.match(at(250).description ?? '', /^250 %/);
  });

  it('marks what is expired, what has not begun, and what alerts nobody', () => {
    const from = (startDate: string, endDate: string, notifications: Budget['properties']['notifications'] = told) =>
      row({ amount: 5, timePeriod: { startDate, endDate }, notifications });
    const node = from('2025-01-01T00:00:00Z', '2026-11-20T00:00:00Z');
    assert.deepEqual([node.description, node.alarm, node.decoration], ['expired on 2026-11-20', 'muted', '/expired/']);
    assert.match(from('2025-01-01T00:00:00Z', '2026-11-21T00:00:00Z').description ?? '', /last day$/);
    assert.match(from('2025-01-01T00:00:00Z', '2026-11-22T00:00:00Z').description ?? '', /1 day left$/);
    assert.match(from('2026-12-01T00:00:00Z', '2027-11-22T00:00:00Z').description ?? '', /begins on 2026-12-01$/);
    const silent = from('2025-01-01T00:00:00Z', '2027-11-20T00:00:00Z', {});
    assert.match(silent.description ?? '', /alerts nobody$/);
    assert.match(silent.tooltip ?? '', /^Alerts nobody: It has no notifications; add one\.$/m);
  });

  it('survives a budget without amount, spend and period, and one with odd words', () => {
    const node = row({ category: 'ReservationUtilization', amount: null, currentSpend: null, notifications: told });
    assert.deepEqual([node.description, node.alarm], [undefined, undefined]);
    assert.equal(row({ amount: 0, currentSpend: { amount: 5, unit: 'USD' } }).alarm, undefined);
    const odd = row({ amount: 5, timeGrain: 'toString', timePeriod: { startDate: 'x', endDate: '2026-13-40' } });
    assert.doesNotMatch(`${odd.description} ${odd.tooltip}`, /NaN|undefined|function/);
  });

  it('keeps all digits of any currency in the tooltip, and long and right-to-left names in their place', () => {
    const of = (amount: string, unit: string) =>
      row({ amount: new ExactNumber(amount), currentSpend: { amount: new ExactNumber(amount), unit } }, 'plan');
    assert.match(of('1234567', 'JPY').tooltip ?? '', /^Amount: 1,234,567 JPY$/m);
    assert.match(of('1234.5', 'KWD').tooltip ?? '', /^Amount: 1,234\.500 KWD$/m);
    assert.match(of('0.12345678901234567890', 'USD').tooltip ?? '', /0\.12345678901234567890 USD/);
    const name = 'תקציב\u202e-evil';
    assert.equal(row({ amount: 5 }, name).label, 'תקציב -evil');
    // Budgets of an account are in USD, whatever its customers are billed in.
    assert.match(row({ amount: 5 }).tooltip ?? '', /^Amount: 5\.00 USD$/m);
  });
});

describe('alerts as rows', () => {
  const row = (properties: Alert['properties']) =>
    alertNode({ id: `${SCOPE}/alerts/a1`, name: 'a1', properties }, FOLDER, 'en');

  it('can be dismissed while they are active, and only then', () => {
    const open = row({ status: 'Active', costEntityId: 'plan', details: { threshold: new ExactNumber('0.80') } });
    assert.deepEqual([open.label, open.description, open.alarm], ['plan', '80 % reached', 'warning']);
    assert.deepEqual(open.abilities, ['dismissAlert']);
    for (const status of ['Dismissed', 'Resolved', 'Overridden', 'SomethingNew']) {
      const closed = row({ status });
      assert.deepEqual([closed.abilities, closed.alarm, closed.description], [undefined, 'muted', status]);
    }
  });

  it('says nothing of a day that never was', () => {
    const node = row({ status: 'Active', creationTime: '2026-11-20T08:00:00Z', closeTime: '0001-01-01T00:00:00' });
    assert.match(node.tooltip ?? '', /^Raised: 2026-11-20$/m);
    assert.doesNotMatch(node.tooltip ?? '', /Closed/);
  });
});

describe('exports and their runs as rows', () => {
  const row = (properties: CostExport['properties']) => exportNode({ id: 'x', name: 'daily', properties }, FOLDER);

  it('offers to pause what is scheduled and to resume what is paused', () => {
    const active = row({
      format: 'Csv',
      schedule: { status: 'Active', recurrence: 'Daily' },
      definition: { type: 'ActualCost' },
      nextRunTimeEstimate: '2026-11-22T04:00:00Z',
    });
    assert.equal(active.description, 'ActualCost · Csv · daily');
    assert.ok(active.abilities?.includes('pauseExport'));
    assert.match(active.tooltip ?? '', /^Next run: about 2026-11-22$/m);
    const paused = row({ schedule: { status: 'Inactive', recurrence: 'Daily' } });
    assert.deepEqual([paused.description, paused.alarm], ['paused', 'muted']);
    assert.ok(paused.abilities?.includes('resumeExport'));
    assert.equal(row({ schedule: { status: 'SystemSuspended' } }).alarm, 'warning');
  });

  it('offers the files of completed runs only', () => {
    const run = (status: string): ChildNode =>
      exportRunNode({ id: '/x/Run/7', name: null, properties: { status } } as ExportRun, {
        ...FOLDER,
        exportName: 'daily',
      });
    assert.deepEqual(run('Completed').abilities, ['exportRun']);
    assert.equal(run('Completed').run, '7');
    for (const status of ['Queued', 'InProgress', 'Failed', 'Timeout', 'NewDataNotAvailable', 'Later']) {
      assert.equal(run(status).abilities, undefined, status);
    }
    assert.equal(run('Failed').alarm, 'warning');
    assert.match(run('Later').description ?? '', /Later/);
  });
});

describe('other rows of billing', () => {
  it('counts transactions by month, after what is not billed yet', () => {
    const folder: ExplorerNode = { ...FOLDER, kind: 'transactions', title: 'Acme' };
    const at = (index: number) => transactionPeriodNode(folder, new Date('2026-03-05T23:30:00Z'), index);
    assert.deepEqual(at(0)?.period, { from: '2026-02-01', to: '2026-03-31', billed: false });
    assert.deepEqual(at(1)?.period, { from: '2026-03-01', to: '2026-03-31', billed: true });
    assert.deepEqual(at(2)?.period, { from: '2026-02-01', to: '2026-02-28', billed: true });
    assert.deepEqual(at(13)?.period, { from: '2025-03-01', to: '2025-03-31', billed: true });
    assert.equal(at(100), undefined);
  });

  it('shows every action of a permission, those that are not allowed among them', () => {
    const rows = permissionNodes({ actions: ['a/read'], notActions: ['b/write'] });
    assert.deepEqual(
      rows.map(({ label, description, alarm }) => [label, description, alarm]),
      [
        ['a/read', undefined, undefined],
        ['b/write', 'not allowed', 'muted'],
      ],
    );
    assert.deepEqual(permissionNodes({ actions: null }), []);
  });

  it('keeps costs of no resource group apart', () => {
    const subscription: ExplorerNode = {
      ...FOLDER,
      kind: 'subscription',
      label: 'Production',
      scope: '/subscriptions/s',
    };
    const none = resourceGroupNode('', [], subscription);
    assert.deepEqual([none.label, none.expandable, none.costScope], ['No resource group', false, undefined]);
    assert.equal(resourceGroupNode('rg-web', [], subscription).costScope, '/subscriptions/s/resourceGroups/rg-web');
  });
});

for (const versions of ['newest', 'seed'] as const) {
  describe(`every place of the tree over the sample tenant (${versions} versions)`, () => {
    let service: SampleService;
    let arm: ArmClient;
    let close: () => Promise<void>;
    const options = () => ({ arm: async () => arm, now: () => NOW, locale: 'en' });

    before(async () => {
      service = await startSampleService({ customers: 12, usageRows: 4_000, now: NOW });
      ({ arm, close } = connect(service.endpoints.resourceManager, { versions, clock: new FastClock() }));
    });
    after(async () => {
      await close();
      await service.close();
    });

    /** The rows of the first page below a node. */
    async function below(node: ExplorerNode): Promise<ExplorerNode[]> {
      const page = await (await openChildren(node, options())).nextPage({});
      return page.map(({ key, ...child }) => ({ ...child, id: `${node.id}/${key}`, connection: 'one', parent: node }));
    }

    /** Follows kinds or labels downwards from the connection, always the first that fits. */
    async function at(...path: string[]): Promise<ExplorerNode> {
      let node: ExplorerNode = {
        ...FOLDER,
        kind: 'connection',
        label: 'one',
        costScope: undefined,
        account: undefined,
      };
      for (const step of path) {
        const rows = await below(node);
        node =
          rows.find(({ kind, label }) => kind === step || label === step) ??
          assert.fail(`no ${step} among ${rows.map(({ kind, label }) => `${kind} '${label}'`).join(', ')}`);
      }
      return node;
    }

    const labels = async (...path: string[]) => (await below(await at(...path))).map(({ label }) => label);

    it('has billing profiles with their invoices, sections and customers', async () => {
      const account = service.tenant.accounts[0] ?? assert.fail();
      const profile = await at('account', 'profiles', 'profile');
      assert.equal(
        profile.scope,
        `/providers/Microsoft.Billing/billingAccounts/${account.name}/billingProfiles/${profile.profile}`,
      );
      assert.deepEqual(
        (await below(profile)).map(({ kind }) => kind),
        ['customers', 'invoices', 'priceSheet', 'invoiceSections', 'budgets', 'more'],
      );
      const customers = await below(await at('account', 'profiles', 'profile', 'customers'));
      assert.ok(customers.length > 0 && customers.every(({ kind }) => kind === 'customer'));
      const invoices = await below(await at('account', 'profiles', 'profile', 'invoices', '2026'));
      assert.ok(invoices.length > 0 && invoices.every((invoice) => invoice.profile === profile.profile));
      assert.equal((await below(await at('account', 'profiles', 'profile', 'invoiceSections'))).length, 1);
    });

    it('has the lines of an invoice below it, and offers its files', async () => {
      const invoice = await at('account', 'profiles', 'profile', 'invoices', '2026', 'invoice');
      assert.ok(invoice.abilities?.includes('invoicePdf') && invoice.abilities.includes('priceSheet'));
      const rows = await below(invoice);
      assert.ok(rows.length > 0 && rows.every(({ kind }) => kind === 'transaction'));
    });

    it('has transactions, billed and not', async () => {
      const place = ['account', 'profiles', 'profile', 'more', 'transactions'] as const;
      assert.equal((await labels(...place))[0], 'Not billed yet');
      const open = await below(await at(...place, 'Not billed yet'));
      assert.ok(open.length > 0 && open.every(({ tooltip }) => tooltip?.includes('Not on an invoice yet')));
      const billed = await below(await at(...place, '2026-10'));
      assert.ok(billed.length > 0 && billed.every(({ tooltip }) => /Invoice: \S/.test(tooltip ?? '')));
      assert.ok(
        (await below(await at('account', 'customers', 'customer', 'more', 'transactions', '2026-10'))).length > 0,
      );
    });

    it('has products, charges, balances and permissions', async () => {
      assert.ok((await labels('account', 'more', 'products')).includes('Azure plan'));
      assert.deepEqual((await labels('account', 'customers', 'customer', 'more', 'charges')).slice(0, 2), [
        '2026-11',
        '2026-10',
      ]);
      assert.match((await labels('account', 'profiles', 'profile', 'more', 'balance'))[0] ?? '', /^[\d,.]+ [A-Z]{3}$/);
      for (const place of [['account'], ['account', 'profiles', 'profile'], ['account', 'customers', 'customer']]) {
        assert.ok((await labels(...place, 'more', 'permissions')).length > 0);
      }
    });

    it('has resource groups below a subscription, with what they cost', async () => {
      const subscription = await at('account', 'customers', 'customer', 'subscription');
      const rows = await below(subscription);
      assert.deepEqual(
        rows.filter(({ aside }) => aside).map(({ kind }) => kind),
        ['budgets', 'more'],
      );
      const groups = rows.filter(({ kind }) => kind === 'resourceGroup');
      assert.ok(groups.length > 0);
      assert.ok(groups.every(({ monthToDate }) => monthToDate?.[0]?.currency));
      assert.deepEqual(
        (await below(groups[0] ?? assert.fail())).map(({ kind }) => kind),
        ['budgets', 'alerts', 'exports'],
      );
    });

    it('has budgets and alerts at every scope', async () => {
      const scopes = [['account'], ['account', 'profiles', 'profile'], ['account', 'customers', 'customer']];
      for (const place of scopes) {
        for (const budget of await below(await at(...place, 'budgets'))) {
          assert.equal(budget.kind, 'budget');
          assert.match(budget.tooltip ?? '', /^Amount: /m);
        }
        await below(await at(...place, 'more', 'alerts'));
      }
      assert.ok((await labels('account', 'budgets')).length > 0);
    });

    it('gives every row that stands for a call a call that works', async () => {
      const places = [
        ['account'],
        ['account', 'customers', 'customer'],
        ['account', 'customers', 'customer', 'costPolicy'],
        ['account', 'customers', 'customer', 'budgets', 'budget'],
        ['account', 'customers', 'customer', 'subscription'],
        ['account', 'profiles', 'profile'],
        ['account', 'profiles', 'profile', 'more', 'balance'],
        ['account', 'profiles', 'profile', 'invoiceSections', 'invoiceSection'],
        ['account', 'invoices', '2026', 'invoice'],
        ['account', 'more', 'products', 'product'],
        ['account', 'budgets'],
      ];
      for (const place of places) {
        const node = await at(...place);
        const call = (await jsonCall(node, options())) ?? assert.fail(`no call for ${place.join(' › ')}`);
        const status = await arm.http.send(call, (answer) => answer.status);
        assert.equal(status, 200, `${place.join(' › ')}: ${call.address}`);
        assert.ok(await firstCall(node, options()));
      }
      const sheet = await firstCall(await at('account', 'profiles', 'profile', 'priceSheet'), options());
      assert.deepEqual(
        [sheet?.method, /\/pricesheets?\/default\/download\?/.test(sheet?.address ?? '')],
        ['POST', true],
      );
    });
  });
}
