import assert from 'node:assert/strict';
import type { Diagnosis } from '../../src/access/diagnosis.ts';
import { explainScope, explainSubject } from '../../src/access/explain.ts';
import { type AccessSubject, scopeOfCall } from '../../src/access/subject.ts';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { listBillingAccounts } from '../../src/api/arm/billingAccounts.ts';
import { listBillingPermissions } from '../../src/api/arm/billingPermissions.ts';
import { getCostPolicy, setCostPolicy } from '../../src/api/arm/costPolicy.ts';
import { queryCost } from '../../src/api/arm/costQuery.ts';
import { listCustomers } from '../../src/api/arm/customers.ts';
import type { CostScope } from '../../src/api/arm/scope.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import { type CallerRole, type SampleService, startSampleService } from '../../src/sample/service.ts';
import { STORIES } from '../../src/sample/stories.ts';
import { collect, connect } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const options = () => ({ signal: new AbortController().signal, now: NOW });

for (const versions of ['newest', 'seed'] as const) {
  describe(`what a caller may see, and why not (${versions} versions)`, () => {
    let service: SampleService;
    let client: ReturnType<typeof connect>;
    let arm: ArmClient;
    let account: string;

    before(async () => {
      service = await startSampleService({ now: NOW, customers: 12, usageRows: 6_000 });
      client = connect(service.endpoints.resourceManager, { versions, clock: new FastClock() });
      arm = client.arm;
      account = service.tenant.accounts[0]?.name ?? assert.fail();
    });
    after(async () => {
      await client.close();
      await service.close();
    });
    afterEach(async () => {
      service.setFault(undefined);
      await fetch(`${service.endpoints.resourceManager}/_sample/reset`, { method: 'POST' });
    });

    const customer = (index: number) => {
      const first = service.tenant.accounts[0] ?? assert.fail();
      return service.tenant.customers(first).at(index);
    };
    const subscription = (index: number) => service.tenant.subscriptions(customer(index)).at(0).name;
    const become = async (role: CallerRole) => {
      const answer = await fetch(`${service.endpoints.resourceManager}/_sample/caller`, {
        method: 'POST',
        body: JSON.stringify({ role }),
      });
      assert.equal(answer.status, 200);
    };
    const query = (scope: CostScope) =>
      queryCost(arm, scope, {
        type: 'Usage',
        timeframe: 'MonthToDate',
        dataset: { granularity: 'None', aggregation: { totalCost: { name: 'Cost', function: 'Sum' } } },
      }).nextPage();

    /** The explanation of a call that has to fail, and what it took. */
    const explained = async (call: Promise<unknown>): Promise<{ diagnosis: Diagnosis; asked: number }> => {
      const error = await call.then(
        () => assert.fail('the call was not refused'),
        (failure: unknown) => failure,
      );
      assert.ok(error instanceof BillingError, String(error));
      const before = service.requests().length;
      const diagnosis = await explainSubject(arm, { scope: scopeOfCall(error), error }, options());
      const asked = service.requests().length - before;
      assert.ok(asked <= 3, `${asked} requests`);
      assert.equal(diagnosis.refused?.requestId, error.requestId);
      return { diagnosis, asked };
    };

    it('an admin agent may everything', async () => {
      assert.equal((await collect(listBillingAccounts(arm))).length, service.tenant.accounts.length);
      const policy = await getCostPolicy(arm, names(0));
      assert.ok(policy.properties.viewCharges);
      const scope = `/subscriptions/${subscription(0)}`;
      const diagnosis = await explainScope(arm, scope, options());
      assert.equal(diagnosis.cause, 'readable');
    });

    const names = (index: number) => ({
      account,
      profile: customer(index).profile.name,
      customer: customer(index).name,
    });

    it('without a role there are no billing accounts, and billing refuses everything else', async () => {
      await become('none');
      assert.deepEqual(await collect(listBillingAccounts(arm)), []);
      const empty = await explainSubject(arm, { listed: 'billing accounts' }, options());
      assert.equal(empty.cause, 'roleMissing');

      const customers = await explained(collect(listCustomers(arm, { account })));
      assert.equal(customers.diagnosis.cause, 'roleMissing');
      assert.equal(customers.diagnosis.certainty, 'told', 'the check of rights says so');
      assert.match(
        customers.diagnosis.checks[1]?.outcome ?? '',
        /^Could not be checked: HTTP 403 BillingAccessDenied\.$/,
      );

      const costs = await explained(query({ kind: 'customer', account, customer: customer(0).name }));
      assert.equal(costs.diagnosis.refused?.status, 401);
      assert.equal(costs.diagnosis.cause, 'roleMissing');
    });

    it('a billing reader reads, but not the cost policy and not in subscriptions', async () => {
      await become('billingReader');
      assert.ok((await collect(listCustomers(arm, { account }))).length > 0);
      await query({ kind: 'billingAccount', account });

      const read = await explained(getCostPolicy(arm, names(0)));
      assert.equal(read.diagnosis.role?.name, 'Admin agent (in the partner tenant)');
      const written = await explained(setCostPolicy(arm, names(0), 'Allowed'));
      assert.equal(written.diagnosis.role?.name, 'Admin agent (in the partner tenant)');

      const costs = await explained(query({ kind: 'subscription', subscription: subscription(0) }));
      assert.deepEqual(costs.diagnosis.role, {
        name: 'Cost Management Reader',
        scope: `/subscriptions/${subscription(0)}`,
      });
      assert.match(costs.diagnosis.sentence, /the cost policy is on/);
    });

    it('a customer sees the costs of a subscription when the policy is on, else is told of the policy', async () => {
      const off = STORIES.costPolicy.off;
      await become('customer');
      await query({ kind: 'subscription', subscription: subscription(0) });
      const { diagnosis } = await explained(query({ kind: 'subscription', subscription: subscription(off) }));
      assert.equal(diagnosis.cause, 'costPolicyOff');
      assert.match(diagnosis.adminText, /Request id: [0-9a-f-]{36}\n/);

      const { cause } = await explainScope(arm, `/subscriptions/${subscription(off)}`, options());
      assert.equal(cause, 'costPolicyOff');

      await become('adminAgent');
      await setCostPolicy(arm, names(off), 'Allowed');
      await become('customer');
      await query({ kind: 'subscription', subscription: subscription(off) });
    });

    it('a token of the wrong tenant is told the right one, without a request', async () => {
      await become('wrongTenant');
      const { diagnosis, asked } = await explained(collect(listBillingAccounts(arm)));
      assert.equal(diagnosis.cause, 'wrongTenant');
      assert.ok(diagnosis.sentence.includes(service.tenant.directory.partnerTenantId));
      assert.equal(asked, 0);
    });

    it('permissions follow the role', async () => {
      const count = async () =>
        (await collect(listBillingPermissions(arm, { account }))).flatMap(({ actions }) => actions).length;
      const all = await count();
      await become('billingReader');
      const some = await count();
      assert.ok(0 < some && some < all);
      await become('none');
      assert.equal(await count(), 0);
    });

    it('a scope that is not there, and one that has nothing yet', async () => {
      const missing = await explained(query({ kind: 'customer', account, customer: 'nobody' }));
      assert.equal(missing.diagnosis.cause, 'notFound');
      const gone = await explained(
        query({ kind: 'subscription', subscription: '00000000-0000-0000-0000-000000000000' }),
      );
      assert.equal(gone.diagnosis.cause, 'newSubscription');
      assert.ok(gone.diagnosis.checks.some(({ outcome }) => outcome === 'Billing does not know it'));

      const { name } = service.tenant.subscriptions(customer(STORIES.noUsage.customer)).at(0);
      const empty = await explainScope(arm, `/subscriptions/${name}`, options());
      assert.equal(
        empty.cause,
        STORIES.noUsage.customer % 3 === STORIES.costPolicy.off ? 'costPolicyOff' : 'noDataYet',
      );
    });

    for (const fault of ['429', '500', 'truncated', 'html', 'reset']) {
      it(`probes that meet the fault ${fault} are not repeated, and their facts are not known`, async () => {
        const error = new BillingError('refused', 'List customers failed with HTTP 403.', { status: 403 });
        service.setFault(fault);
        const before = service.requests().length;
        const subject: AccessSubject = { scope: `/subscriptions/${subscription(0)}`, error };
        const { cause, checks } = await explainSubject(arm, subject, options());
        assert.equal(cause, 'roleMissing');
        assert.ok(checks.length > 0 && checks.every(({ outcome }) => outcome.startsWith('Could not be checked: ')));
        assert.ok(service.requests().length - before <= 3);
      });
    }

    it('probes that hang can be cancelled', async () => {
      service.setFault('hang');
      const error = new BillingError('refused', 'List customers failed with HTTP 403.', { status: 403 });
      const abort = new AbortController();
      const asked = explainSubject(
        arm,
        { scope: `/subscriptions/${subscription(0)}`, error },
        { signal: abort.signal, now: NOW },
      );
      setImmediate(() => abort.abort());
      await assert.rejects(asked, { name: 'AbortError' });
    });
  });
}

describe('the role of the caller of the sample service', () => {
  it('can be given at the start, is refused when it is none, and comes back with a reset', async () => {
    await assert.rejects(
      startSampleService({ caller: 'king' as CallerRole }),
      /^RangeError: The caller must be one of adminAgent, /,
    );
    const service = await startSampleService({ caller: 'none', customers: 10, usageRows: 1_000 });
    const base = service.endpoints.resourceManager;
    const post = (path: string, body: unknown) =>
      fetch(`${base}/_sample/${path}`, { method: 'POST', body: JSON.stringify(body) });
    const accounts = async () => {
      const answer = await fetch(`${base}/providers/Microsoft.Billing/billingAccounts?api-version=2024-04-01`);
      return ((await answer.json()) as { value: unknown[] }).value.length;
    };
    assert.equal(await accounts(), 0);
    service.setCaller('adminAgent');
    assert.equal(await accounts(), 2);
    const refused = await post('caller', { role: 'king' });
    assert.equal(refused.status, 400);
    assert.match(await refused.text(), /The caller must be one of/);
    await post('reset', {});
    assert.equal(await accounts(), 0);
    await service.close();
  });
});
