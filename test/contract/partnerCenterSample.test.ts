import assert from 'node:assert/strict';
import * as v from 'valibot';
import type { AzureCloud } from '../../src/api/clouds.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import type { Transport } from '../../src/api/http/transport.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import { type PartnerCall, unavailable } from '../../src/api/partnerCenter/availability.ts';
import { listAzureEntitlements } from '../../src/api/partnerCenter/azureEntitlements.ts';
import { parseItems } from '../../src/api/partnerCenter/collections.ts';
import { getPartnerCustomer, listPartnerCustomers } from '../../src/api/partnerCenter/customers.ts';
import { listEntitlements } from '../../src/api/partnerCenter/entitlements.ts';
import { listEstimate, listEstimateLinks } from '../../src/api/partnerCenter/estimateLinks.ts';
import { getInvoiceStatement } from '../../src/api/partnerCenter/invoiceStatement.ts';
import { getAccountBalance, listInvoiceSummaries } from '../../src/api/partnerCenter/invoiceSummaries.ts';
import { getPartnerInvoice, listPartnerInvoices } from '../../src/api/partnerCenter/invoices.ts';
import { listLineItems } from '../../src/api/partnerCenter/lineItems.ts';
import type { PartnerCenterClient } from '../../src/api/partnerCenter/partnerCenterClient.ts';
import { getRateCard } from '../../src/api/partnerCenter/rateCards.ts';
import { getServiceCosts, listServiceCostLineItems } from '../../src/api/partnerCenter/serviceCosts.ts';
import { azureIds, subscriptionKind } from '../../src/api/partnerCenter/subscriptionKind.ts';
import { getPartnerSubscription, listPartnerSubscriptions } from '../../src/api/partnerCenter/subscriptions.ts';
import { changeUsageBudget, getUsageBudget, setUsageBudget } from '../../src/api/partnerCenter/usageBudget.ts';
import {
  listUsageByMeter,
  listUsageByMeterOfLegacyAzure,
  listUsageByResource,
  listUsageOfCustomers,
  listUsageOfSubscriptions,
  readUsageRecords,
} from '../../src/api/partnerCenter/usageRecords.ts';
import {
  getUsageSummaryOfCustomer,
  getUsageSummaryOfPartner,
  getUsageSummaryOfSubscription,
} from '../../src/api/partnerCenter/usageSummaries.ts';
import { splitWindow } from '../../src/api/partnerCenter/utilizationPieces.ts';
import { listUtilizations } from '../../src/api/partnerCenter/utilizations.ts';
import { findUtilizationId } from '../../src/api/partnerCenter/utilizationTarget.ts';
import { checkWindow, type UtilizationWindow } from '../../src/api/partnerCenter/utilizationWindow.ts';
import { wireNumber } from '../../src/api/partnerCenter/wire.ts';
import { digitsOf } from '../../src/json/exact.ts';
import { DecimalSum } from '../../src/records/decimal.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { collect } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import { collectPages, connectPartnerCenter } from '../support/partnerCenter.ts';

const NOW = new Date('2026-11-21T12:00:00Z');

const utilizationRow = v.looseObject({ quantity: wireNumber });

describe('Partner Center client against the sample service', () => {
  let service: SampleService;
  let client: PartnerCenterClient;
  let close: () => Promise<void>;
  /** A customer with an Azure plan, and its plan. */
  let planned: { customer: string; subscription: string };
  let legacy: { customer: string; subscription: string };

  before(async () => {
    service = await startSampleService({
      customers: 12,
      usageRows: 6_000,
      now: NOW,
      partnerCenter: { utilizationRows: 12_000 },
    });
    ({ client, close } = connectPartnerCenter(service.endpoints.partnerCenter, { clock: new FastClock() }));
    planned = await firstPlan();
    const { customer, commerceId } = service.partnerCenter.stories.transferred;
    legacy = { customer, subscription: commerceId };
  });
  afterEach(() => {
    service.partnerCenter.reset();
    service.setFault(undefined);
  });
  after(async () => {
    await close();
    await service.close();
  });

  async function firstPlan(): Promise<{ customer: string; subscription: string }> {
    for (const customer of await collect(listPartnerCustomers(client))) {
      for (const subscription of await collect(listPartnerSubscriptions(client, customer.id))) {
        if (subscriptionKind(subscription) === 'azurePlan') {
          return { customer: customer.id, subscription: subscription.id };
        }
      }
    }
    return assert.fail('the tenant has no Azure plan');
  }

  const rows = async (pages: Promise<Buffer[]>) => (await pages).flatMap((page) => parseItems(page, v.looseObject({})));

  const WINDOW = { start: '2026-06-01', end: '2026-10-01' };

  /** What every call brings, by the name that `unavailable` knows it by. */
  function calls(of = client): Record<Exclude<PartnerCall, 'billingExports'>, () => Promise<unknown>> {
    const [invoice] = service.tenant.accounts.flatMap((account) => service.tenant.invoices(account));
    assert.ok(invoice);
    const lines = { invoice: invoice.name, provider: 'onetime', type: 'billinglineitems', size: 7 };
    return {
      customers: async () => {
        const customers = await collect(listPartnerCustomers(of, { size: 4 }));
        return [customers, await getPartnerCustomer(of, planned.customer)];
      },
      subscriptions: async () => [
        await collect(listPartnerSubscriptions(of, legacy.customer)),
        await getPartnerSubscription(of, planned.customer, planned.subscription),
      ],
      azureEntitlements: () => collect(listAzureEntitlements(of, planned.customer, planned.subscription)),
      entitlements: () => collect(listEntitlements(of, planned.customer)),
      usageOfCustomers: () => rows(collectPages(listUsageOfCustomers(of))),
      usageSummaryOfPartner: () => getUsageSummaryOfPartner(of),
      usageSummaryOfCustomer: () => getUsageSummaryOfCustomer(of, planned.customer),
      usageOfSubscriptions: () => rows(collectPages(listUsageOfSubscriptions(of, planned.customer))),
      usageSummaryOfSubscription: () => getUsageSummaryOfSubscription(of, planned),
      usageByMeter: () => rows(collectPages(listUsageByMeter(of, planned))),
      usageByResource: () => rows(collectPages(listUsageByResource(of, planned))),
      usageByMeterOfLegacyAzure: () => rows(collectPages(listUsageByMeterOfLegacyAzure(of, legacy))),
      usageBudget: () => getUsageBudget(of, planned.customer),
      utilizations: () => rows(collectPages(listUtilizations(of, { ...legacy, ...WINDOW, size: 50 }))),
      invoices: () => collect(listPartnerInvoices(of, { size: 3, offset: 0 })),
      accountBalance: () => getAccountBalance(of),
      estimateLinks: () => collect(listEstimateLinks(of, 'EUR')),
      lineItems: () => rows(collectPages(listLineItems(of, lines))),
      invoice: () => getPartnerInvoice(of, invoice.name),
      invoiceSummaries: () => collect(listInvoiceSummaries(of)),
      invoiceStatement: () => getInvoiceStatement(of, invoice.name),
      serviceCosts: async () => [
        await getServiceCosts(of, planned.customer),
        await rows(collectPages(listServiceCostLineItems(of, planned.customer))),
      ],
      rateCards: () => getRateCard(of, { market: { currency: 'EUR', region: 'DE' } }),
    };
  }

  /** The same without links and totals, which the switches change, and without the bytes of documents. */
  function plain(value: unknown): unknown {
    return JSON.parse(
      JSON.stringify(value, (name, member: unknown) => (/link|^totalCount$|^bytes$/i.test(name) ? undefined : member)),
    );
  }

  it('every call brings the same however the service writes links, totals and marks', async () => {
    const expected = new Map<string, unknown>();
    for (const [name, call] of Object.entries(calls())) {
      expected.set(name, plain(await call()));
    }
    for (const settings of [
      { bom: true, links: 'slash', totals: 'larger' },
      { bom: true, links: 'version' },
      { links: 'bare', totals: 'larger' },
    ]) {
      service.partnerCenter.set(settings);
      for (const [name, call] of Object.entries(calls())) {
        assert.deepEqual(plain(await call()), expected.get(name), `${name} with ${JSON.stringify(settings)}`);
      }
    }
  });

  for (const [cloud, signIn] of [
    ['public', 'appOnly'],
    ['public', 'appAndUser'],
    ['usGovernment', 'appOnly'],
    ['china', 'appAndUser'],
    ['china', 'appOnly'],
  ] as const satisfies readonly (readonly [AzureCloud, string])[]) {
    it(`${cloud}, ${signIn}: what is said to be unavailable is what the service refuses`, async () => {
      service.partnerCenter.set({ cloud, signIn });
      for (const [name, call] of Object.entries(calls())) {
        const reason = unavailable(name as PartnerCall, cloud, signIn);
        const error = await call().then(
          () => undefined,
          (failure: unknown) => failure,
        );
        assert.equal(error === undefined, reason === undefined, `${name}: ${reason} / ${String(error)}`);
        assert.ok(error === undefined || (error instanceof BillingError && error.advice !== undefined));
      }
    });
  }

  it('refused sign-ins come with advice', async () => {
    for (const [settings, advice] of [
      [{ mfa: 'missing' }, /multifactor/],
      [{ audience: 'retired' }, /graph\.windows\.net/],
      [{ requireToken: true }, /Sign in again/],
    ] as const) {
      service.partnerCenter.set(settings);
      await assert.rejects(getAccountBalance(client), { status: 401, advice });
      service.partnerCenter.reset();
    }
  });

  it('finds customers by the start of their names', async () => {
    const all = await collect(listPartnerCustomers(client));
    const [some] = all.map(({ companyProfile }) => companyProfile?.companyName ?? '').filter((name) => name.length > 4);
    assert.ok(some);
    const found = await collect(
      listPartnerCustomers(client, { startsWith: { field: 'CompanyName', text: some.slice(0, 4).toUpperCase() } }),
    );
    const begins = (name: string | null | undefined) => name?.toLowerCase().startsWith(some.slice(0, 4).toLowerCase());
    assert.deepEqual(
      found.map(({ id }) => id).sort(),
      all
        .filter(({ companyProfile }) => begins(companyProfile?.companyName))
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('tells the kinds of Azure apart and keeps their ids', async () => {
    const { legacy: story, mixed, transferred, licencesOnly } = service.partnerCenter.stories;
    for (const { customer, commerceId, entitlementId } of [story, mixed, transferred].filter(
      (found) => found !== undefined,
    )) {
      const subscriptions = await collect(listPartnerSubscriptions(client, customer));
      const ids = subscriptions.map(azureIds).find((each) => each.commerceId !== undefined);
      assert.deepEqual(ids, { commerceId, entitlementId });
    }
    const others = await collect(listPartnerSubscriptions(client, licencesOnly));
    assert.deepEqual([...new Set(others.map(subscriptionKind))], ['other']);
    const entitlements = await collect(listAzureEntitlements(client, planned.customer, planned.subscription));
    assert.ok(entitlements.length > 0);
    assert.ok(entitlements.every(({ subscriptionId }) => subscriptionId === planned.subscription));
  });

  it('usage of an Azure plan adds up: by subscription, by meter, by resource', async () => {
    const sum = async (pages: Promise<Buffer[]>) => {
      const total = new DecimalSum();
      for (const record of (await pages).flatMap(readUsageRecords)) {
        total.add(digitsOf(record.totalCost ?? 0));
      }
      return total.toString();
    };
    const byMeter = await sum(collectPages(listUsageByMeter(client, planned)));
    assert.equal(await sum(collectPages(listUsageByResource(client, planned))), byMeter);
    const summary = new DecimalSum();
    summary.add(digitsOf((await getUsageSummaryOfSubscription(client, planned)).totalCost));
    assert.equal(summary.toString(), byMeter);
  });

  it('the estimate links lead to lines', async () => {
    for (const link of await collect(listEstimateLinks(client, 'USD'))) {
      assert.ok(Array.isArray(await rows(collectPages(listEstimate(client, link)))));
    }
  });

  it('a statement is a document with a plain name', async () => {
    const { bytes, fileName } = (await calls().invoiceStatement()) as { bytes: Uint8Array; fileName: string };
    assert.match(Buffer.from(bytes).toString('latin1'), /^%PDF-/);
    assert.match(fileName, /^[\w.-]+\.pdf$/);
  });

  it('a budget is set, changed by somebody else, and cleared', async () => {
    const { customer } = planned;
    assert.equal(digitsOf((await setUsageBudget(client, customer, '1234.56789')).amount ?? 0), '1234.56789');
    await assert.rejects(changeUsageBudget(client, customer, { from: '1234.56', to: 5 }), {
      message: /it is 1234\.56789 by now/,
    });
    const { after } = await changeUsageBudget(client, customer, { from: '1234.567890', to: null });
    assert.equal(after.amount ?? undefined, undefined);
    assert.equal((await getUsageBudget(client, customer)).amount ?? undefined, undefined);
  });

  it('lines that Microsoft Graph took over are refused with its name', async () => {
    service.partnerCenter.set({ modernLineItemsRetired: true });
    await assert.rejects(calls().lineItems(), { code: '900141', advice: /exports of Microsoft Graph/ });
  });

  it("another partner's customer is refused with advice", async () => {
    const { foreign } = service.partnerCenter.stories;
    await assert.rejects(getPartnerCustomer(client, foreign), (error: unknown) => {
      assert.ok(error instanceof BillingError && (error.status === 403 || error.status === 404), String(error));
      assert.match(error.advice ?? '', /customer|partner/);
      return true;
    });
  });

  describe('utilization', () => {
    /** Rows and their sum, in digits. */
    async function read(pieces: readonly UtilizationWindow[], of = client) {
      const total = new DecimalSum();
      let count = 0;
      for (const piece of pieces) {
        for await (const { value } of listUtilizations(of, { ...legacy, ...piece, size: 250 }).rest()) {
          for (const { quantity } of parseItems(value, utilizationRow)) {
            total.add(digitsOf(quantity));
            count++;
          }
        }
      }
      return { rows: count, total: total.toString() };
    }

    function truth({ start, end, granularity }: UtilizationWindow) {
      const found = service.partnerCenter.utilizationTruth(legacy.subscription, {
        start: new Date(start),
        end: new Date(end),
        granularity: granularity === 'daily' ? 'Daily' : 'Hourly',
        showDetails: true,
      });
      const total = new DecimalSum();
      total.add(found.total);
      return { rows: found.rows, total: total.toString() };
    }

    const window = (granularity: string) =>
      checkWindow({ start: '2026-05-01', end: '2026-08-01', granularity }, { now: NOW.getTime() }).window;

    it('is the truth to the last digit, in one window', async () => {
      for (const granularity of ['daily', 'hourly']) {
        const whole = window(granularity);
        assert.deepEqual(await read([whole]), truth(whole));
      }
    });

    it('in hourly pieces is the same as whole: no row is missing and none is there twice', async () => {
      const whole = window('hourly');
      assert.deepEqual(await read(splitWindow(whole, 9)), truth(whole));
    });

    it('in daily pieces has every use once; a day that was reported in two pieces has a row in each', async () => {
      const whole = window('daily');
      const pieces = await read(splitWindow(whole, 31));
      assert.equal(pieces.total, truth(whole).total);
      assert.ok(pieces.rows >= truth(whole).rows);
    });

    it('that is not ready five times is waited for', async () => {
      service.partnerCenter.set({ notReady: 5, retryAfter: 7 });
      const clock = new FastClock();
      const patient = connectPartnerCenter(service.endpoints.partnerCenter, { clock });
      const whole = window('hourly');
      assert.deepEqual(await read([whole], patient.client), truth(whole));
      assert.deepEqual(clock.waits, Array(5).fill(7000));
      await patient.close();
    });

    it('of a transferred subscription needs its Commerce id', async () => {
      const { customer, commerceId, entitlementId } = service.partnerCenter.stories.transferred;
      const subscriptions = await collect(listPartnerSubscriptions(client, customer));
      assert.equal(findUtilizationId(entitlementId, subscriptions), commerceId);
      const walk = listUtilizations(client, { customer, subscription: entitlementId, ...WINDOW });
      await assert.rejects(walk.nextPage(), { status: 404, advice: /Commerce subscription id/ });
    });

    it('of an Azure plan is refused, and rated usage named', async () => {
      const walk = listUtilizations(client, { ...planned, ...WINDOW });
      await assert.rejects(walk.nextPage(), { status: 404, advice: /rated usage/ });
    });

    it('whose token is altered on the way ends with an error', async () => {
      const inner = createUndiciTransport();
      const altering: Transport = {
        send(request) {
          const { 'MS-ContinuationToken': token } = request.headers;
          const headers = token === undefined ? {} : { 'MS-ContinuationToken': `${token.slice(0, -1)}!` };
          return inner.send({ ...request, headers: { ...request.headers, ...headers } });
        },
        close: () => inner.close(),
      };
      const altered = connectPartnerCenter(service.endpoints.partnerCenter, { transport: altering });
      await assert.rejects(read([window('hourly')], altered.client), {
        status: 400,
        message: /^List utilization records failed with HTTP 400/,
      });
      await altering.close();
      await altered.close();
    });
  });

  it('ends a walk with an error where a fault sends it elsewhere', async () => {
    for (const fault of ['foreign-next-link', 'repeating-next-link']) {
      service.setFault(fault);
      await assert.rejects(collectPages(listUtilizations(client, { ...legacy, ...WINDOW, size: 50 })), {
        kind: 'unsafeLink',
      });
    }
  });
});
