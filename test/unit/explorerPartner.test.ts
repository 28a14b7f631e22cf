import assert from 'node:assert/strict';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import type { Call } from '../../src/api/http/client.ts';
import type { PartnerCenterClient } from '../../src/api/partnerCenter/partnerCenterClient.ts';
import { CostLabels } from '../../src/explorer/costLabels.ts';
import { emptyText } from '../../src/explorer/emptyTexts.ts';
import { learnSignIn } from '../../src/explorer/learnedSignIn.ts';
import type { ExplorerNode, NodeKind } from '../../src/explorer/node.ts';
import type { SourceOptions } from '../../src/explorer/pages.ts';
import { firstCall, jsonCall, openChildren } from '../../src/explorer/sources.ts';
import { PARTNER_STORIES } from '../../src/sample/partnerCenter/stories.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { connect } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import { connectPartnerCenter, withStub } from '../support/partnerCenter.ts';
import { sendJson } from '../support/stubService.ts';

const NOW = new Date('2026-11-21T12:00:00Z');

const CONNECTION: ExplorerNode = {
  id: 'connection:one',
  kind: 'connection',
  connection: 'one',
  parent: undefined,
  label: 'one',
  expandable: true,
};

const EVIL = 'ab\u0000c\u202egpj.exe\n\u2066x';
const CONTROL = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/u;

/** The rows of all pages below a node, as the model would place them. */
async function below(node: ExplorerNode, options: SourceOptions): Promise<ExplorerNode[]> {
  const opened = await openChildren(node, options);
  const rows: ExplorerNode[] = [];
  while (opened.more) {
    const page = await opened.nextPage({});
    rows.push(
      ...page.map(({ key, ...child }) => ({ ...child, id: `${node.id}/${key}`, connection: 'one', parent: node })),
    );
  }
  return rows;
}

const only = (nodes: ExplorerNode[], kind: NodeKind): ExplorerNode =>
  nodes.find((node) => node.kind === kind) ?? assert.fail(`no ${kind} among ${nodes.map((node) => node.kind)}`);

describe('Partner Center in the tree, over the sample tenant', () => {
  let service: SampleService;
  let arm: ArmClient;
  let client: PartnerCenterClient;
  let close: () => Promise<void>;
  let filter: string | undefined;
  let seen: ExplorerNode[] = [];

  const options = (partner: PartnerCenterClient = client): SourceOptions => ({
    arm: async () => arm,
    now: () => NOW,
    locale: 'en',
    partner: {
      has: () => true,
      client: async () => partner,
      filter: () => filter,
      billingCustomers: () => Map.groupBy(seen, ({ customer = '' }) => customer.toLowerCase()),
    },
  });

  before(async () => {
    service = await startSampleService({ customers: 40, usageRows: 20_000, now: NOW });
    const clock = new FastClock();
    const [first, second] = [
      connect(service.endpoints.resourceManager, { clock }),
      connectPartnerCenter(service.endpoints.partnerCenter, { clock }),
    ];
    arm = first.arm;
    client = second.client;
    close = async () => {
      await first.close();
      await second.close();
    };
  });
  beforeEach(() => {
    filter = undefined;
    seen = [];
  });
  after(async () => {
    await close();
    await service.close();
  });

  const folder = async (partner?: PartnerCenterClient) =>
    only(await below(CONNECTION, options(partner)), 'partnerCenter');
  const customers = async () => below(only(await below(await folder(), options()), 'partnerCustomers'), options());
  const customer = async (id: string) =>
    (await customers()).find((row) => row.customer?.toLowerCase() === id.toLowerCase()) ??
    assert.fail(`no customer ${id}`);
  const billingRow = async (id: string): Promise<ExplorerNode> => {
    for (const account of (await below(CONNECTION, options())).filter(({ kind }) => kind === 'account')) {
      const rows = await below(only(await below(account, options()), 'customers'), options());
      const found = rows.find((row) => row.customer === id);
      if (found !== undefined) {
        return found;
      }
    }
    return assert.fail(`no customer ${id} below a billing account`);
  };
  const story = (name: 'legacy' | 'mixed') => service.partnerCenter.stories[name] ?? assert.fail(`no story ${name}`);

  it('stands behind the billing accounts of a connection that has one, and nowhere else', async () => {
    const rows = await below(CONNECTION, options());
    assert.deepEqual(
      rows.map(({ kind }) => kind),
      [...service.tenant.accounts.map(() => 'account'), 'partnerCenter'],
    );
    const { partner: _, ...without } = options();
    assert.ok((await below(CONNECTION, without)).every(({ kind }) => kind === 'account'));
    assert.deepEqual(
      (await below(await folder(), options())).map(({ label }) => label),
      ['Customers', 'Invoices', 'Account balance', 'Usage of all customers', 'Rate cards'],
    );
  });

  it('stays in reach when billing accounts fail', async () => {
    const { partner } = options();
    await withStub(
      (_request, response) => sendJson(response, 500, {}),
      async ({ service: down }) => {
        const broken = connect(down.base, { clock: new FastClock() });
        const opened = await openChildren(CONNECTION, {
          arm: async () => broken.arm,
          now: () => NOW,
          locale: 'en',
          ...(partner && { partner }),
        });
        await assert.rejects(opened.nextPage({}));
        assert.deepEqual(
          opened.beside?.map(({ label }) => label),
          ['Partner Center'],
        );
        await broken.close();
      },
    );
  });

  it('lists every customer, also those that no billing account knows', async () => {
    const rows = await customers();
    assert.equal(rows.length, service.tenant.customerCount + PARTNER_STORIES.own.length);
    assert.ok(rows.some(({ label }) => label === PARTNER_STORIES.own[0]?.displayName));
    assert.ok(rows.every(({ kind, idName }) => kind === 'partnerCustomer' && idName === 'tenant id'));
  });

  it('narrows customers down on the server, in any case, and says so in a row of its own', async () => {
    filter = 'hollow';
    const [shown, ...rows] = await customers();
    assert.deepEqual([shown?.kind, shown?.label], ['partnerFilter', 'Name: hollow…']);
    assert.deepEqual(
      rows.map(({ label }) => label),
      ['Hollowmere Tide Gauges'],
    );
    const query = decodeURIComponent(service.requests().at(-1)?.query ?? '');
    assert.match(query, /"Value":"hollow","Operator":"starts_with"/);
    filter = 'nobody is called so';
    assert.ok((await customers()).every(({ aside }) => aside));
    assert.match(
      emptyText({ ...CONNECTION, kind: 'partnerCustomers' }, filter).reason ?? '',
      /^no name begins with 'nobody is called so'$/,
    );
  });

  it('tells a legacy subscription from its Azure subscription, both ids kept apart', async () => {
    const { customer: id, commerceId, entitlementId } = story('legacy');
    const rows = await below(await customer(id), options());
    const legacy = only(rows, 'partnerLegacyAzure');
    assert.deepEqual([legacy.label, legacy.description], ['Azure (145P)', undefined]);
    assert.deepEqual(
      [legacy.resourceId, legacy.idName, legacy.subscription, legacy.subscriptionKind],
      [commerceId, 'Commerce subscription id', commerceId, 'legacyAzure'],
    );
    assert.match(legacy.tooltip ?? '', new RegExp(`^Commerce subscription id: ${commerceId}$`, 'm'));
    assert.match(legacy.tooltip ?? '', new RegExp(`^Azure subscription id: ${entitlementId}$`, 'm'));
    assert.deepEqual(legacy.abilities, ['usageRecords', 'utilization']);
    const [azure, ...others] = await below(legacy, options());
    assert.deepEqual([azure?.resourceId, azure?.idName], [entitlementId, 'Azure subscription id']);
    assert.deepEqual(others, []);
  });

  it('has the Azure subscriptions of a plan below it', async () => {
    const { customer: id, planId } = service.partnerCenter.stories.azurePlan;
    const plan = only(await below(await customer(id), options()), 'partnerAzurePlan');
    assert.deepEqual([plan.resourceId, plan.idName, plan.subscription], [planId, 'Azure plan id', planId]);
    assert.deepEqual(plan.abilities, ['usageRecords', 'ratedUsage']);
    const below145 = await below(plan, options());
    const [account] = service.tenant.accounts;
    const truth = service.tenant.subscriptions(service.tenant.customers(account ?? assert.fail()).at(0));
    assert.equal(below145.length, truth.length);
    assert.ok(below145.every(({ kind, idName }) => kind === 'partnerAzureSubscription' && idName !== plan.idName));
  });

  it('puts Azure before licences, which have no usage, and says what is not active', async () => {
    const mixed = await below(await customer(story('mixed').customer), options());
    const kinds = mixed.filter(({ aside }) => !aside).map(({ kind }) => kind);
    assert.deepEqual(kinds.slice(0, 2), ['partnerAzurePlan', 'partnerLegacyAzure']);
    assert.deepEqual(
      [only(mixed, 'partnerLegacyAzure').description, only(mixed, 'partnerLegacyAzure').alarm],
      ['deleted', 'muted'],
    );
    const licences = await below(await customer(service.partnerCenter.stories.licencesOnly), options());
    const licence = only(licences, 'partnerLicence');
    assert.deepEqual([licence.alarm, licence.abilities, licence.expandable], ['muted', undefined, false]);
    assert.match(licence.description ?? '', /^\d+ × licenses$/);
  });

  it('is below the customer of a billing account, too, with the same rows', async () => {
    const { customer: id } = service.partnerCenter.stories.azurePlan;
    const row = await billingRow(id);
    const aside = only(await below(row, options()), 'partnerCenter');
    assert.ok(aside.aside);
    const shown = (rows: ExplorerNode[]) => rows.map(({ kind, label, resourceId }) => ({ kind, label, resourceId }));
    assert.deepEqual(shown(await below(aside, options())), shown(await below(await customer(id), options())));
    const unlike = await openChildren({ ...row, customer: 'not a tenant id' }, options());
    assert.ok(
      unlike.beside?.every(({ kind }) => kind !== 'partnerCenter'),
      'only a tenant id says that it is the same customer',
    );
  });

  it('is one customer with both sources where a billing account listed it', async () => {
    const { customer: id } = service.partnerCenter.stories.azurePlan;
    const row = await billingRow(id);
    seen = [{ ...row, customer: id.toUpperCase() }];
    const both = await customer(id);
    const account = row.parent?.parent?.label;
    assert.equal(both.description, `also in ${account}`);
    assert.equal(both.scope, row.scope);
    const billing = only(await below(both, options()), 'customer');
    assert.deepEqual([billing.label, billing.scope, billing.aside], [account, row.scope, true]);
    const kinds = (await below(billing, options())).map(({ kind }) => kind);
    assert.ok(kinds.includes('subscription') && !kinds.includes('partnerCenter'), 'no circle');
    const other = await customer(service.partnerCenter.stories.transferred.customer);
    assert.deepEqual([other.description, other.scope], [undefined, undefined]);
  });

  describe('the spending budget of a customer', () => {
    const state = async (id: string) => {
      const folder = only(await below(await customer(id), options()), 'partnerBudget');
      return only(await below(folder, options()), 'partnerBudgetState');
    };

    it('tells its amount and how much of it is used, with every digit in the tooltip', async () => {
      const { customer: id } = service.partnerCenter.stories.azurePlan;
      const row = await state(id);
      assert.equal(row.label, '6,500.00 USD');
      assert.match(row.description ?? '', /^\d+ % used · [\d.]+K? USD$/);
      assert.match(row.tooltip ?? '', /^Used: [\d,.]+ USD \(estimate of the open period\)$/m);
      assert.match(row.tooltip ?? '', /^Period: 2026-11-01 up to, without, 2026-12-01$/m);
      assert.deepEqual(row.spendingBudget, { amount: '6500', currency: 'USD' });
    });

    it('is there for customers without usage, for whom the service has no summary', async () => {
      const row = await state(service.partnerCenter.stories.licencesOnly);
      assert.deepEqual([row.label, row.description], ['No spending budget', 'usage not told']);
      assert.deepEqual(row.spendingBudget, { amount: undefined, currency: undefined });
    });
  });

  it('lists invoices of both kinds, and offers their statements', async () => {
    const [unbilled, ...rows] = await below(only(await below(await folder(), options()), 'partnerInvoices'), options());
    assert.deepEqual(
      [unbilled?.kind, unbilled?.abilities, unbilled?.invoice],
      ['partnerUnbilled', ['lineItems'], undefined],
    );
    const legacy = rows.filter(({ description }) => description?.includes(' · legacy'));
    assert.ok(legacy.length > 0 && legacy.length < rows.length);
    assert.ok(legacy.every(({ invoice }) => invoice?.startsWith('D')));
    assert.ok(rows.every(({ abilities }) => abilities?.includes('statementPdf') && abilities.includes('ratedUsage')));
    assert.ok(rows.every(({ label }) => /^\d{4}-\d{2}-\d{2}$/.test(label)));
    const days = rows.map(({ label }) => label);
    assert.deepEqual(days, days.toSorted().reverse(), 'the newest first, whichever kind it is');
  });

  it('has the kinds of lines of an invoice below it, in the words of requests, and asks nothing for them', async () => {
    const rows = await below(only(await below(await folder(), options()), 'partnerInvoices'), options());
    const before = service.requests().length;
    const linesOf = async (prefix: string) => {
      const invoice = rows.find((row) => row.invoice?.startsWith(prefix)) ?? assert.fail();
      return (await below(invoice, options())).map((row) => {
        assert.deepEqual([row.invoice, row.currency], [invoice.invoice, invoice.currency]);
        assert.deepEqual(row.abilities, ['lineItems']);
        return [row.label, row.lineProvider, row.lineType];
      });
    };
    assert.deepEqual(await linesOf('D'), [
      ['Azure charges', 'azure', 'billinglineitems'],
      ['Azure usage', 'azure', 'usagelineitems'],
      ['Licence charges', 'office', 'billinglineitems'],
    ]);
    assert.deepEqual(await linesOf('G'), [
      ['Charges', 'onetime', 'billinglineitems'],
      ['Daily rated usage', 'marketplace', 'usagelineitems'],
    ]);
    assert.equal(service.requests().length, before);
  });

  it('tells what the partner owes, one row for each currency', async () => {
    const rows = await below(only(await below(await folder(), options()), 'partnerBalance'), options());
    assert.deepEqual(rows.map(({ label }) => label.split(' ')[1]).sort(), ['EUR', 'JPY', 'KWD', 'USD']);
    for (const row of rows) {
      assert.match(row.description ?? '', /^latest invoice \d{4}-\d{2}-\d{2}$/);
      assert.match(row.tooltip ?? '', /^Of new commerce: /m);
    }
  });

  it('tells what a customer cost in the last closed period, as the service adds it up', async () => {
    const costsOf = async (id: string) =>
      below(only(await below(await customer(id), options()), 'partnerServiceCosts'), options());
    const azure = await costsOf(service.partnerCenter.stories.azurePlan.customer);
    assert.deepEqual(
      azure.map(({ kind, label }) => [kind, label]),
      [
        ['partnerServiceCost', 'New commerce'],
        ['partnerServiceCostLines', 'Line items'],
      ],
    );
    assert.match(azure[0]?.tooltip ?? '', /^Period: 2026-10-01 to 2026-10-31, closed$/m);
    const nothing = await costsOf(story('legacy').customer);
    assert.match(nothing[0]?.label ?? '', /^(Legacy commerce|Total)$/);
    assert.match(azure[0]?.description ?? '', /^≈ [\d.]+K USD$/);
    assert.match(azure[0]?.tooltip ?? '', /^After tax: [\d,]+\.\d{3,} USD$/m);
    const call = (await jsonCall(azure[1] ?? assert.fail(), options())) ?? assert.fail();
    assert.match(call.address, /\/servicecosts\/mostrecent\/lineitems$/);
  });

  it('lists reservations apart from subscriptions, or says that there are none', async () => {
    const entitlements = async (id: string) =>
      below(only(await below(await customer(id), options()), 'partnerEntitlements'), options());
    const all: ExplorerNode[] = [];
    for (const { customer: id = '' } of (await customers()).slice(0, 12)) {
      all.push(...(await entitlements(id)));
    }
    assert.ok(all.length > 0);
    assert.ok(all.every(({ label }) => label === 'VM reservation'));
    assert.ok(all.every(({ description }) => /^× \d+ · until \d{4}-\d{2}-\d{2} · \w+$/.test(description ?? '')));
    assert.deepEqual(await entitlements(service.partnerCenter.stories.licencesOnly), []);
  });

  it('has both rate cards, without asking for them', async () => {
    const before = service.requests().length;
    const cards = await below({ ...CONNECTION, kind: 'partnerRateCards' }, options());
    const calls = await Promise.all(cards.map((card) => jsonCall(card, options())));
    assert.deepEqual(
      calls.map((call) => call?.address),
      ['/ratecards/azure', '/ratecards/azure-shared'],
    );
    assert.equal(service.requests().length, before);
  });

  it('asks at most two requests for a level, costs included, and puts those beside its rows', async () => {
    const costs = new CostLabels({
      arm: async () => arm,
      partnerCenter: async () => client,
      locale: 'en',
      shown: () => true,
      failed: (error) => assert.fail(String(error)),
    });
    const total = () => Object.values(service.counts()).reduce((sum, count) => sum + count, 0);
    const open = async (node: ExplorerNode): Promise<ExplorerNode[]> => {
      const before = total();
      const rows = await below(node, options());
      await costs.annotate(node, rows, new AbortController().signal);
      const asked = total() - before;
      assert.ok(asked <= 2, `${node.kind} ${node.label}: ${asked}`);
      return rows;
    };
    const waiting = [await folder()];
    let subscriptions = 0;
    let labelled = 0;
    for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
      const rows = await open(node);
      waiting.push(...rows.filter(({ expandable }) => expandable));
      for (const row of rows.filter(({ subscriptionKind }) => subscriptionKind !== undefined)) {
        subscriptions++;
        labelled += row.cost === undefined ? 0 : 1;
        assert.match(row.cost?.tooltip ?? 'Open billing period: ', /^Open billing period: /);
      }
    }
    assert.ok(labelled > 0 && subscriptions > 40, `${labelled} of ${subscriptions}`);
  });

  it('has a call for every row that stands for something, and one that brings it as JSON; all work', async () => {
    const top = await below(await folder(), options());
    const places = [...top.filter(({ kind }) => kind !== 'partnerRateCards')];
    const mixed = await customer(story('mixed').customer);
    const inside = await below(mixed, options());
    places.push(mixed, ...inside);
    for (const kind of ['partnerRateCards', 'partnerInvoices'] as const) {
      const [row] = (await below(only(top, kind), options())).filter(({ aside }) => !aside);
      places.push(row ?? assert.fail());
    }
    for (const kind of ['partnerAzurePlan', 'partnerBudget', 'partnerServiceCosts'] as const) {
      places.push(...(await below(only(inside, kind), options())));
    }
    assert.ok(places.length > 20);
    const addresses = new Set<string>();
    for (const row of places) {
      for (const find of [firstCall, jsonCall]) {
        const call: Call = (await find(row, options())) ?? assert.fail(`${find.name}: no call for ${row.kind}`);
        assert.equal(call.method, 'GET');
        assert.equal(await client.http.send(call, ({ status }) => status), 200, `${find.name} of ${row.kind}`);
        addresses.add(call.address);
      }
    }
    const { customer: id, commerceId } = story('mixed');
    const planId = only(inside, 'partnerAzurePlan').resourceId;
    const base = `/customers/${id}`;
    for (const address of [
      base,
      `${base}/usagesummary`,
      '/usagesummary',
      `${base}/subscriptions`,
      `${base}/subscriptions/${planId}`,
      `${base}/subscriptions/${planId}/azureEntitlements`,
      `${base}/subscriptions/${commerceId}`,
      `${base}/usagebudget`,
      `${base}/servicecosts/mostrecent`,
      `${base}/servicecosts/mostrecent/lineitems`,
      '/invoices/summaries',
    ]) {
      assert.ok(addresses.has(address), `${address} is not among ${[...addresses].join(' ')}`);
    }
  });

  describe('where the cloud or the sign-in cannot serve a row', () => {
    const limited = (more: Partial<PartnerCenterClient>) => ({ ...client, ...more });

    it('greys it out with the reason, and asks nothing', async () => {
      const china = limited({ cloud: 'china' });
      const before = service.requests().length;
      const rows = await below({ ...CONNECTION, kind: 'partnerCenter' }, options(china));
      const usage = only(rows, 'partnerUsage');
      assert.deepEqual([usage.unavailable, usage.alarm, usage.abilities], [true, 'muted', undefined]);
      assert.equal(usage.description, 'not in this cloud');
      assert.match(usage.tooltip ?? '', /China \(21Vianet\)/);
      assert.equal(service.requests().length, before);
      const { customer: id } = story('mixed');
      const below145 = await below(await customer(id), options(china));
      for (const kind of ['partnerBudget', 'partnerUsage'] as const) {
        assert.deepEqual([only(below145, kind).expandable, only(below145, kind).unavailable], [false, true], kind);
      }
      assert.deepEqual(only(below145, 'partnerLegacyAzure').abilities, []);
      assert.deepEqual(only(below145, 'partnerAzurePlan').abilities, ['ratedUsage']);
    });

    it('has budgets without usage for an application on its own, and no statements', async () => {
      const appOnly = limited({ signIn: 'appOnly' });
      const rows = await below(await customer(service.partnerCenter.stories.azurePlan.customer), options(appOnly));
      assert.equal(only(rows, 'partnerUsage').description, 'needs a user');
      assert.match(only(rows, 'partnerUsage').tooltip ?? '', /multifactor authentication/);
      assert.deepEqual(only(rows, 'partnerAzurePlan').abilities, ['ratedUsage']);
      const before = service.counts();
      const [budget] = await below(only(rows, 'partnerBudget'), options(appOnly));
      assert.deepEqual([budget?.label, budget?.description], ['6,500.00', 'usage not told']);
      const asked = Object.entries(service.counts()).filter(([route, count]) => count !== before[route]);
      assert.deepEqual(asked.length, 1, JSON.stringify(asked));
      const invoices = await below({ ...CONNECTION, kind: 'partnerInvoices' }, options(appOnly));
      assert.ok(invoices.every(({ abilities }) => !abilities?.includes('statementPdf')));
      for (const kind of ['partnerServiceCosts', 'partnerEntitlements'] as const) {
        assert.deepEqual([only(rows, kind).expandable, only(rows, kind).unavailable], [false, true], kind);
      }
    });

    it('shows the one balance that an application on its own is told, and says that it is one', async () => {
      const rows = await below({ ...CONNECTION, kind: 'partnerBalance' }, options(limited({ signIn: 'appOnly' })));
      assert.equal(rows.length, 1);
      assert.match(rows[0]?.label ?? '', / USD$/);
      assert.equal(rows[0]?.description, 'one currency only');
      assert.match(rows[0]?.tooltip ?? '', /^Other currencies: Partner Center refuses this to an application/m);
    });

    it('learns from a refusal that a connection signs in without a user, where nothing told it', async () => {
      service.partnerCenter.set({ signIn: 'appOnly' });
      try {
        const unknown = limited({ signIn: undefined });
        const learn = (error: unknown) => learnSignIn(error, async () => unknown);
        const costs = only(
          await below(await customer(story('mixed').customer), options(unknown)),
          'partnerServiceCosts',
        );
        assert.equal(await learn(new Error('something else')), false);
        assert.equal(await learn(await below(costs, options(unknown)).catch((error: unknown) => error)), true);
        assert.equal(unknown.signIn, 'appOnly');
        const rows = await below(await customer(story('mixed').customer), options(unknown));
        assert.equal(only(rows, 'partnerServiceCosts').unavailable, true);
      } finally {
        service.partnerCenter.reset();
      }
    });

    it('asks for no costs that would be refused', async () => {
      const appOnly = limited({ signIn: 'appOnly' });
      const costs = new CostLabels({
        arm: async () => arm,
        partnerCenter: async () => appOnly,
        locale: 'en',
        shown: () => true,
        failed: (error) => assert.fail(String(error)),
      });
      const before = service.requests().length;
      const level: ExplorerNode = { ...CONNECTION, kind: 'partnerCustomers' };
      const child: ExplorerNode = { ...CONNECTION, kind: 'partnerCustomer', customer: 'x' };
      assert.deepEqual(await costs.annotate(level, [child], new AbortController().signal), []);
      assert.equal(service.requests().length, before);
    });
  });
});

describe('Partner Center in the tree, over answers that no service should give', () => {
  const rowsOf = (kind: NodeKind, items: object[]): Promise<ExplorerNode[]> =>
    withStub(
      (_request, response) => sendJson(response, 200, { items }),
      async ({ client }) => {
        const node: ExplorerNode = {
          ...CONNECTION,
          kind,
          customer: '0b2a5d0e-6c0e-4c55-8d0b-0d6d3c1f9a11',
          subscription: 'plan',
        };
        return below(node, {
          arm: () => assert.fail('Azure Resource Manager has no part in this'),
          now: () => NOW,
          locale: 'en',
          partner: {
            has: () => true,
            client: async () => client,
            filter: () => undefined,
            billingCustomers: () => new Map(),
          },
        });
      },
    );

  const ITEMS = {
    partnerCustomers: {
      id: `c${EVIL}`,
      companyProfile: { companyName: EVIL, domain: EVIL, tenantId: EVIL },
      relationshipToPartner: EVIL,
    },
    partnerCustomer: {
      id: `s${EVIL}`,
      offerId: 'MS-AZR-0145P',
      offerName: EVIL,
      friendlyName: EVIL,
      entitlementId: EVIL,
      status: EVIL,
      orderId: EVIL,
      effectiveStartDate: EVIL,
      migratedFromSubscriptionId: EVIL,
    },
    partnerAzurePlan: { id: `e${EVIL}`, friendlyName: EVIL, status: EVIL },
    partnerInvoices: {
      id: `D${EVIL}`,
      invoiceDate: EVIL,
      currencyCode: EVIL,
      totalCharges: 1,
      documentType: `void ${EVIL}`,
      invoiceDetails: [{ billingProvider: EVIL, invoiceLineItemType: EVIL }],
    },
    partnerEntitlements: {
      entitlementType: EVIL,
      productId: EVIL,
      skuId: EVIL,
      quantity: 1,
      referenceOrder: { id: EVIL },
    },
    partnerBalance: { balanceAmount: 1, currencyCode: EVIL, latestInvoiceDate: EVIL },
  } as const;

  it('cleans texts that could make a row look like another', async () => {
    for (const [kind, item] of Object.entries(ITEMS)) {
      const [row] = (await rowsOf(kind as NodeKind, [item])).filter(({ aside }) => aside !== true);
      for (const text of [row?.label, row?.description, row?.title, ...(row?.tooltip ?? '').split('\n')]) {
        assert.doesNotMatch(text ?? '', CONTROL, `${kind}: ${JSON.stringify(text)}`);
      }
    }
  });

  it('shows what has nothing but an id', async () => {
    for (const kind of ['partnerCustomers', 'partnerCustomer', 'partnerAzurePlan', 'partnerInvoices'] as const) {
      const [row] = (await rowsOf(kind, [{ id: 'just-an-id', status: null }])).filter(({ aside }) => aside !== true);
      assert.equal(row?.label, 'just-an-id', kind);
    }
  });

  it('keeps the name that somebody gave a legacy subscription, and tells its kind beside it', async () => {
    const offer = { offerId: 'MS-AZR-0145P', offerName: 'Microsoft Azure', status: 'suspended' };
    const rows = await rowsOf('partnerCustomer', [
      { ...offer, id: 'one', friendlyName: 'Cold storage' },
      { ...offer, id: 'two', friendlyName: 'Microsoft Azure' },
    ]);
    assert.deepEqual(
      rows.filter(({ aside }) => !aside).map(({ label, description }) => [label, description]),
      [
        ['Cold storage', '145P · suspended'],
        ['Azure (145P)', 'suspended'],
      ],
    );
  });

  it('knows subscriptions of kinds that nobody told of, without usage', async () => {
    const rows = await rowsOf('partnerCustomer', [
      { id: 'new', offerId: 'CFQ7TTC0LH16:0001:X', offerName: 'Something new', status: 'warming_up', quantity: 3 },
    ]);
    const row = only(rows, 'partnerLicence');
    assert.deepEqual([row.label, row.description], ['Something new', '3 × units · warming_up']);
  });
});
