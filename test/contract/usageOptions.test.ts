import assert from 'node:assert/strict';
import type { Scope } from '../../src/api/arm/scope.ts';
import { listUsageDetails, type UsageDetailsQuery } from '../../src/api/arm/usageDetails.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import { connect } from '../support/arm.ts';
import { type StubService, sendJson, startStubService } from '../support/stubService.ts';

const ACCOUNT = 'aaaa:bbbb_2019-05-31';
const BILLING = `/providers/Microsoft.Billing/billingAccounts/${ACCOUNT}`;
const ENROLMENT: Scope = { kind: 'billingAccount', account: '1234567' };
const SUBSCRIPTION: Scope = { kind: 'subscription', subscription: 's1' };
const CUSTOMER: Scope = { kind: 'customer', account: ACCOUNT, customer: 'c1' };

const SCOPES: readonly [Scope, string][] = [
  [{ kind: 'billingAccount', account: ACCOUNT }, BILLING],
  [{ kind: 'billingProfile', account: ACCOUNT, profile: 'p1' }, `${BILLING}/billingProfiles/p1`],
  [CUSTOMER, `${BILLING}/customers/c1`],
  [{ kind: 'invoice', account: ACCOUNT, invoice: 'G1' }, `${BILLING}/invoices/G1`],
  [{ kind: 'invoice', account: ACCOUNT, profile: 'p1', invoice: 'G1' }, `${BILLING}/billingProfiles/p1/invoices/G1`],
  [SUBSCRIPTION, '/subscriptions/s1'],
];

for (const versions of ['newest', 'seed'] as const) {
  const version = versions === 'newest' ? '2023-11-01' : '2019-10-01';

  describe(`options of usage details (${versions} versions)`, () => {
    let stub: StubService;
    let client: ReturnType<typeof connect>;

    before(async () => {
      stub = await startStubService((_request, response) => sendJson(response, 200, '{"value":[]}'));
      client = connect(stub.base, { versions });
    });
    after(async () => {
      await client.close();
      await stub.close();
    });

    /** Path and parameters of the call that a query becomes. */
    const sent = async (query: UsageDetailsQuery) => {
      await listUsageDetails(client.arm, query).nextPage();
      const { pathname, searchParams } = new URL(stub.requests.at(-1)?.target ?? '', stub.base);
      return { path: decodeURIComponent(pathname), parameters: Object.fromEntries(searchParams) };
    };

    const refused = (query: UsageDetailsQuery, message: RegExp) => {
      const before = stub.requests.length;
      assert.throws(
        () => listUsageDetails(client.arm, query),
        (error: unknown) => error instanceof BillingError && error.kind === 'argument' && message.test(error.message),
      );
      assert.equal(stub.requests.length, before, 'nothing is sent');
    };

    it('reach every scope', async () => {
      for (const [scope, path] of SCOPES) {
        assert.deepEqual(await sent({ scope }), {
          path: `${path}/providers/Microsoft.Consumption/usageDetails`,
          parameters: { 'api-version': version },
        });
      }
    });

    it('are sent as the service spells them', async () => {
      const { parameters } = await sent({
        scope: SUBSCRIPTION,
        from: '2026-10-01',
        to: '2026-10-31',
        metric: 'AmortizedCost',
        expand: ['meterDetails', 'additionalInfo'],
        filter: "properties/resourceGroup eq 'mill'",
        top: 500,
      });
      assert.deepEqual(parameters, {
        'api-version': version,
        startDate: '2026-10-01',
        endDate: '2026-10-31',
        metric: 'amortizedcost',
        $expand: 'properties/meterDetails,properties/additionalInfo',
        $filter: "properties/resourceGroup eq 'mill'",
        $top: '500',
      });
      assert.equal((await sent({ scope: CUSTOMER, metric: 'Usage' })).parameters.metric, 'usage');
      assert.equal('$expand' in (await sent({ scope: CUSTOMER, expand: [] })).parameters, false);
    });

    it('put a billing period into the path', async () => {
      const { path } = await sent({ scope: ENROLMENT, billingPeriod: '202610', filter: "tags eq 'env:prod'" });
      assert.equal(
        path,
        '/providers/Microsoft.Billing/billingAccounts/1234567/providers/Microsoft.Billing/billingPeriods/202610/providers/Microsoft.Consumption/usageDetails',
      );
    });

    it('are refused where the service would ignore them', () => {
      for (const [scope] of SCOPES.filter(([{ kind }]) => kind !== 'subscription')) {
        refused({ scope, filter: "properties/chargeType eq 'Usage'" }, /^filter: is ignored for partner and customer/);
        refused({ scope, billingPeriod: '202610' }, /^billingPeriod: is only known for enrolments/);
      }
    });

    it('are refused when they are wrong', () => {
      for (const top of [0, 1001, 1.5, Number.NaN]) {
        refused({ scope: CUSTOMER, top }, /^top: '.*' is not a whole number from 1 to 1000/);
      }
      const wrong = (query: object) => ({ scope: SUBSCRIPTION, ...query }) as UsageDetailsQuery;
      refused(wrong({ metric: 'amortised' }), /^metric: 'amortised' is not a metric; use ActualCost, AmortizedCost or/);
      refused(wrong({ expand: ['tags'] }), /^expand: 'tags' cannot be expanded; use meterDetails or additionalInfo/);
      refused(wrong({ filter: ' ' }), /^filter: is empty/);
      refused(wrong({ billingPeriod: '2026-10' }), /^billingPeriod: '2026-10' is not a billing period such as 202610/);
      refused(
        wrong({ billingPeriod: '202610', from: '2026-10-01', to: '2026-10-02' }),
        /^billingPeriod: stands beside/,
      );
      refused(wrong({ from: '2026-10-01' }), /^to: is missing/);
      refused(wrong({ to: '2026-10-01' }), /^from: is missing/);
      refused(wrong({ from: '2026-10-02', to: '2026-10-01' }), /^from: 2026-10-02 is after/);
      refused(wrong({ from: '2026-02-30', to: '2026-03-01' }), /^from: '2026-02-30' is not a day/);
    });
  });
}
