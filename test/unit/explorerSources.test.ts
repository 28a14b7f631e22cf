import assert from 'node:assert/strict';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { parseScope } from '../../src/api/arm/scope.ts';
import { listUsageDetails } from '../../src/api/arm/usageDetails.ts';
import type { ChildNode, ExplorerNode } from '../../src/explorer/node.ts';
import { openChildren } from '../../src/explorer/sources.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { connect } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import { type StubService, sendJson, startStubService } from '../support/stubService.ts';

const NOW = new Date('2026-11-21T12:00:00Z');

const CONNECTION: ExplorerNode = {
  id: 'connection:one',
  kind: 'connection',
  connection: 'one',
  parent: undefined,
  label: 'one',
  expandable: true,
};

/** A source's node as the model would place it. */
const placed = ({ key, ...child }: ChildNode): ExplorerNode => ({
  ...child,
  id: `connection:one/${key}`,
  connection: 'one',
  parent: undefined,
});

/** The pages below a node, as many as asked for. */
async function pagesOf(node: ExplorerNode, arm: ArmClient, most = Number.POSITIVE_INFINITY): Promise<ChildNode[][]> {
  const opened = await openChildren(node, { arm: async () => arm, now: () => NOW, locale: 'en' });
  const pages: ChildNode[][] = [];
  while (opened.more && pages.length < most) {
    pages.push(await opened.nextPage({}));
  }
  return pages;
}

async function childrenOf(node: ExplorerNode, arm: ArmClient): Promise<ExplorerNode[]> {
  return (await pagesOf(node, arm)).flat().map(placed);
}

function only(nodes: ExplorerNode[], kind: ExplorerNode['kind']): ExplorerNode {
  return nodes.find((node) => node.kind === kind) ?? assert.fail(`there is no ${kind}`);
}

for (const versions of ['newest', 'seed'] as const) {
  describe(`the tree over the sample tenant (${versions} versions)`, () => {
    let service: SampleService;
    let arm: ArmClient;
    let close: () => Promise<void>;
    let account: ExplorerNode;

    before(async () => {
      // 57 customers in the first account: two pages of them.
      service = await startSampleService({ customers: 60, usageRows: 4_000, now: NOW });
      ({ arm, close } = connect(service.endpoints.resourceManager, { versions, clock: new FastClock() }));
      account = only(await childrenOf(CONNECTION, arm), 'account');
    });
    after(async () => {
      await close();
      await service.close();
    });

    /** What was requested while `run` ran, by route. */
    async function requestsOf(run: () => Promise<unknown>): Promise<Record<string, number>> {
      const before = service.counts();
      await run();
      return Object.fromEntries(
        Object.entries(service.counts())
          .map(([route, count]) => [route, count - (before[route] ?? 0)] as const)
          .filter(([, count]) => count > 0),
      );
    }

    const first = () => service.tenant.accounts[0] ?? assert.fail();
    const folders = () => childrenOf(account, arm);

    it('shows the billing accounts of a connection', async () => {
      const accounts = await childrenOf(CONNECTION, arm);
      assert.deepEqual(
        accounts.map(({ label, description, partner, scope }) => ({ label, description, partner, scope })),
        service.tenant.accounts.map(({ name, displayName }) => ({
          label: displayName,
          description: 'Partner agreement',
          partner: true,
          scope: `/providers/Microsoft.Billing/billingAccounts/${name}`,
        })),
      );
    });

    it('shows customers and invoices below a partner account', async () => {
      assert.deepEqual(
        (await folders()).map(({ kind, label }) => `${kind} ${label}`),
        ['customers Customers', 'invoices Invoices', 'profiles Billing profiles', 'budgets Budgets', 'more More'],
      );
    });

    it('shows subscriptions below an account that has no customers', async () => {
      const direct = await childrenOf({ ...account, partner: false }, arm);
      assert.deepEqual(
        direct.map(({ kind }) => kind),
        ['subscriptions', 'invoices', 'profiles', 'budgets', 'more'],
      );
      const subscriptions = await childrenOf(only(direct, 'subscriptions'), arm);
      const expected = Array.from(
        { length: first().customerCount },
        (_, i) => service.tenant.subscriptions(service.tenant.customers(first()).at(i)).length,
      );
      assert.equal(
        subscriptions.length,
        expected.reduce((sum, count) => sum + count, 0),
      );
      assert.match(subscriptions[0]?.title ?? '', new RegExp(`^.+ ${subscriptions[0]?.label}$`));
    });

    it('shows all customers, page by page, with the scope that cost calls take', async () => {
      const customers = only(await folders(), 'customers');
      const pages = await pagesOf(customers, arm);
      assert.deepEqual(
        pages.map((page) => page.length),
        [50, 7],
      );
      const nodes = pages.flat();
      assert.equal(new Set(nodes.map(({ key }) => key)).size, 57);
      nodes.forEach((node, i) => {
        const customer = service.tenant.customers(first()).at(i);
        assert.equal(node.label, customer.displayName);
        assert.equal(node.scope, `${account.scope}/customers/${customer.name}`);
        assert.ok(node.resourceId?.endsWith(`/customers/${customer.name}`));
      });
    });

    it('shows the subscriptions of a customer', async () => {
      const customers = await childrenOf(only(await folders(), 'customers'), arm);
      for (const index of [0, 4, 7]) {
        const node = customers[index] ?? assert.fail();
        const expected = service.tenant.subscriptions(service.tenant.customers(first()).at(index));
        const rows = await childrenOf(node, arm);
        const subscriptions = rows.filter(({ aside }) => aside !== true);
        assert.deepEqual(
          rows.slice(0, rows.length - subscriptions.length).map(({ kind }) => kind),
          ['costPolicy', 'budgets', 'more'],
        );
        assert.deepEqual(
          subscriptions.map(({ label, scope }) => ({ label, scope })),
          Array.from({ length: expected.length }, (_, i) => ({
            label: expected.at(i).displayName,
            scope: `/subscriptions/${expected.at(i).name}`,
          })),
        );
        assert.ok(subscriptions.every(({ title, label }) => title === `${node.label} ${label}`));
        assert.deepEqual(
          subscriptions.map(({ alarm, description }) => [alarm, description]),
          Array.from({ length: expected.length }, (_, i) =>
            expected.at(i).status === 'Deleted' ? ['muted', 'Deleted'] : [undefined, undefined],
          ),
        );
      }
    });

    it('shows years down to 2019 without a request, and the invoices of a year', async () => {
      const invoices = only(await folders(), 'invoices');
      let years: ExplorerNode[] = [];
      assert.deepEqual(
        await requestsOf(async () => {
          const pages = await pagesOf(invoices, arm);
          assert.deepEqual(
            pages.map((page) => page.map(({ label }) => label)),
            [
              ['2026', '2025', '2024'],
              ['2023', '2022', '2021'],
              ['2020', '2019'],
            ],
          );
          years = pages.flat().map(placed);
        }),
        {},
      );
      const [year2026, year2025, year2024] = years;
      const names: (string | undefined)[] = [];
      for (const year of [year2026, year2025]) {
        const nodes = await childrenOf(year ?? assert.fail(), arm);
        assert.ok(nodes.every(({ label }) => label.startsWith(year?.label ?? '?')));
        names.push(...nodes.map(({ resourceId }) => resourceId?.split('/').at(-1)));
      }
      assert.deepEqual(
        names,
        service.tenant.invoices(first()).map(({ name }) => name),
      );
      assert.deepEqual(await childrenOf(year2024 ?? assert.fail(), arm), []);
    });

    it('shows what an invoice is about', async () => {
      const year = placed((await pagesOf(only(await folders(), 'invoices'), arm, 1))[0]?.[0] ?? assert.fail());
      const invoices = await childrenOf(year, arm);
      const truth = service.tenant.invoices(first())[0] ?? assert.fail();
      const [invoice] = invoices;
      assert.equal(invoice?.label, '2026-10');
      assert.match(
        invoice?.description ?? '',
        new RegExp(`^[\\d,.]+ ${truth.profile.currency} · Due · ${truth.name}$`),
      );
      assert.equal(invoice?.title, `Invoice 2026-10 ${truth.name}`);
      assert.equal(invoice?.scope, `${account.scope}/billingProfiles/${truth.profile.name}/invoices/${truth.name}`);
      assert.match(invoice?.tooltip ?? '', /Period: 2026-10-01 to 2026-10-31 \(UTC, inclusive\)/);
      const alarms = new Set(invoices.map(({ alarm }) => alarm));
      assert.deepEqual([alarms.has('warning'), alarms.has('muted')], [true, true], 'overdue and void ones stand out');
    });

    it('costs one request for each page that is opened, and none before', async () => {
      assert.deepEqual(
        await requestsOf(() => openChildren(CONNECTION, { arm: async () => arm, now: () => NOW, locale: 'en' })),
        {},
      );
      assert.deepEqual(await requestsOf(() => pagesOf(CONNECTION, arm)), { 'billingAccounts.list': 1 });
      assert.deepEqual(await requestsOf(folders), {});
      const [customers, invoices] = await folders();
      assert.ok(customers !== undefined && invoices !== undefined);
      assert.deepEqual(await requestsOf(() => pagesOf(customers, arm, 1)), { 'customers.list': 1 });
      assert.deepEqual(await requestsOf(() => pagesOf(customers, arm)), { 'customers.list': 2 });
      const [customer] = await childrenOf(customers, arm);
      assert.deepEqual(await requestsOf(() => pagesOf(customer ?? assert.fail(), arm)), {
        'billingSubscriptions.list': 1,
      });
      const [year] = await childrenOf(invoices, arm);
      assert.deepEqual(await requestsOf(() => pagesOf(year ?? assert.fail(), arm)), { 'invoices.list': 1 });
    });

    it('shows the cost policy of a customer when it is opened, and what it means', async () => {
      const [customers] = await folders();
      const seen = new Set<string>();
      for (const customer of (await childrenOf(customers ?? assert.fail(), arm)).slice(0, 12)) {
        const policy = only(await childrenOf(customer, arm), 'costPolicy');
        const asked = await requestsOf(async () => {
          const [state] = await childrenOf(policy, arm);
          assert.match(`${state?.label}: ${state?.description}`, /^(On: .* see its charges|Off: .* see no charges)/);
          seen.add(state?.label ?? '');
        });
        assert.equal(
          Object.values(asked).reduce((sum, count) => sum + count, 0),
          1,
        );
      }
      assert.deepEqual([...seen].sort(), ['Off', 'On']);
    });

    it('gives scopes that usage can be opened at', async () => {
      const [customers, invoices] = await folders();
      const [customer] = await childrenOf(customers ?? assert.fail(), arm);
      const subscription = only(await childrenOf(customer ?? assert.fail(), arm), 'subscription');
      const [year] = await childrenOf(invoices ?? assert.fail(), arm);
      const [invoice] = await childrenOf(year ?? assert.fail(), arm);
      for (const node of [account, customer, subscription, invoice]) {
        const scope = parseScope(node?.scope ?? assert.fail(`no scope at ${node?.kind}`));
        const period = scope.kind === 'invoice' ? {} : { from: '2026-10-01', to: '2026-10-31' };
        const page = await listUsageDetails(arm, { scope, top: 1, ...period }).nextPage();
        assert.match(Buffer.from(page?.value ?? []).toString(), /^\{"value":\[\{/, node?.kind);
      }
      assert.deepEqual(
        [customers, invoices, year].map((node) => node?.scope),
        [undefined, undefined, undefined],
      );
    });
  });
}

describe('the tree over answers that no service should give', () => {
  const EVIL = 'ab\u0000c\u202egpj.exe\n\u2066x';
  const CLEAN = 'ab c gpj.exe x';
  const CONTROL = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/u;
  let resources: unknown[] = [];
  let stub: StubService;
  let client: { arm: ArmClient; close(): Promise<void> };

  before(async () => {
    stub = await startStubService((_request, response) => sendJson(response, 200, { value: resources }));
    client = connect(stub.base, { clock: new FastClock() });
  });
  after(async () => {
    await client.close();
    await stub.close();
  });

  const nodeOf = (kind: ExplorerNode['kind'], more: Partial<ExplorerNode> = {}): ExplorerNode => ({
    ...CONNECTION,
    kind,
    account: 'acct',
    ...more,
  });
  const show = async (kind: ExplorerNode['kind'], ...served: { name: string; id?: string; properties: object }[]) => {
    resources = served.map((one) => ({ id: `/x/${one.name}`, ...one }));
    const rows = await childrenOf(nodeOf(kind, { year: 2026 }), client.arm);
    return rows.filter(({ aside }) => aside !== true);
  };

  /** Every text of a row is one line each, and says nothing in another direction than it stands. */
  function assertHarmless(nodes: ExplorerNode[]): void {
    for (const { label, description, tooltip, title } of nodes) {
      for (const text of [label, description, title, ...(tooltip ?? '').split('\n')]) {
        assert.doesNotMatch(text ?? '', CONTROL, JSON.stringify(text));
      }
    }
  }

  it('cleans names and states that could make a row look like another', async () => {
    const properties = {
      displayName: EVIL,
      agreementType: EVIL,
      accountStatus: EVIL,
      status: EVIL,
      billingProfileDisplayName: EVIL,
      skuDescription: EVIL,
      customerDisplayName: EVIL,
      subscriptionId: 'sub',
      invoicePeriodStartDate: '2026-10-01T00:00:00Z',
      invoicePeriodEndDate: '2026-10-31T00:00:00Z',
      dueDate: '\n2026-11',
      totalAmount: { value: 1, currency: EVIL },
      amountDue: { value: 1, currency: EVIL },
    };
    for (const kind of ['connection', 'customers', 'customer', 'subscriptions', 'year'] as const) {
      const nodes = await show(kind, { name: `n${EVIL}`, properties });
      assert.equal(nodes[0]?.label, kind === 'year' ? '2026-10' : CLEAN, kind);
      assertHarmless(nodes);
      const lines = (nodes[0]?.tooltip ?? '').split('\n').length;
      const plain = await show(kind, {
        name: 'n',
        properties: JSON.parse(
          JSON.stringify(properties).replaceAll(JSON.stringify(EVIL), '"x"').replace('\\n2026-11', '2026-11-30'),
        ),
      });
      assert.equal(lines, (plain[0]?.tooltip ?? '').split('\n').length, 'no line of a tooltip can be made up');
    }
  });

  it('falls back to the name where there is no display name, and cleans that too', async () => {
    for (const kind of ['connection', 'customers', 'subscriptions', 'year'] as const) {
      for (const displayName of ['', '  ', '\u202e\u0000', null]) {
        const [plain, evil] = await show(
          kind,
          { name: 'G1', properties: { displayName } },
          { name: EVIL, properties: { displayName } },
        );
        assert.deepEqual([plain?.label, evil?.label], ['G1', CLEAN], kind);
        assertHarmless([plain ?? assert.fail(), evil ?? assert.fail()]);
      }
    }
  });

  it('keeps names of any script, and emoji that are joined', async () => {
    for (const displayName of ['شركة النخيل', 'מאפיית הגבעה', '北星 👩🏽‍💻', 'می‌خواهم']) {
      assert.equal((await show('customers', { name: 'n', properties: { displayName } }))[0]?.label, displayName);
    }
  });

  it('takes empty text for a field that is not told', async () => {
    const [customer] = await show('customers', { name: 'c', properties: { displayName: 'C', status: '' } });
    assert.deepEqual([customer?.description, customer?.alarm], [undefined, undefined]);
    const [subscription] = await show('subscriptions', {
      name: 's',
      properties: { displayName: '', subscriptionId: '', subscriptionBillingStatus: '', status: '' },
    });
    assert.deepEqual([subscription?.label, subscription?.scope, subscription?.alarm], ['s', undefined, undefined]);
    const [account] = await show('connection', { name: 'a', properties: { displayName: 'A', accountStatus: '' } });
    assert.equal(account?.description, 'Unknown agreement');
    const [invoice] = await show('year', { name: 'G1', properties: { invoicePeriodStartDate: '', status: '' } });
    assert.deepEqual([invoice?.label, invoice?.description], ['G1', 'Unknown']);
  });

  it('shows an invoice whose id is no scope, without usage', async () => {
    const invoices = await show(
      'year',
      { name: 'G1', id: '/subscriptions/s/providers/Other/things/G1', properties: {} },
      {
        name: 'G2',
        id: '/providers/Microsoft.Billing/billingAccounts/acct/invoices/G2',
        properties: { billingProfileId: '/providers/Microsoft.Billing/billingAccounts/acct/billingProfiles/bp' },
      },
    );
    assert.deepEqual(
      invoices.map(({ label, scope }) => [label, scope]),
      [
        ['G1', undefined],
        ['G2', '/providers/Microsoft.Billing/billingAccounts/acct/billingProfiles/bp/invoices/G2'],
      ],
    );
  });

  it('knows agreements without a word for them', async () => {
    for (const agreementType of ['NewAgreement', 'constructor']) {
      const [account] = await show('connection', { name: 'a', properties: { agreementType } });
      assert.deepEqual([account?.description, account?.partner], [agreementType, false]);
    }
  });
});
