import assert from 'node:assert/strict';
import type { PartnerCenterClient } from '../../src/api/partnerCenter/partnerCenterClient.ts';
import { billingCustomers } from '../../src/explorer/billingCustomers.ts';
import { CostLabels } from '../../src/explorer/costLabels.ts';
import { ExplorerModel } from '../../src/explorer/model.ts';
import type { ExplorerNode } from '../../src/explorer/node.ts';
import type { SourceOptions } from '../../src/explorer/pages.ts';
import { openChildren } from '../../src/explorer/sources.ts';
import { PARTNER_STORIES } from '../../src/sample/partnerCenter/stories.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { connect } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import { connectPartnerCenter } from '../support/partnerCenter.ts';

const NOW = '2026-11-21T12:00:00Z';

/** No answer of Azure comes sooner. Milliseconds. */
const ROUND_TRIP = 50;

/** What opening one row of the tree, or one more page below it, asked the service. */
interface Expansion {
  path: string;
  kind: ExplorerNode['kind'];
  page: number;
  /** Requests until the rows of the page and their costs were there, and how many of them were cost queries. */
  requests: number;
  queries: number;
}

/** The explorer without an editor: its sources, model and costs on a service that enforces the documented limits. */
class Walk {
  readonly expansions: Expansion[] = [];
  readonly failures: unknown[] = [];
  readonly #model: ExplorerModel;
  readonly #counts: () => Record<string, number>;
  #labelled: Promise<readonly ExplorerNode[]> = Promise.resolve([]);

  constructor(service: SampleService, arm: ReturnType<typeof connect>['arm'], partner?: PartnerCenterClient) {
    this.#counts = () => service.counts();
    const ofPartner: SourceOptions['partner'] = partner && {
      has: () => true,
      client: async () => partner,
      filter: () => undefined,
      billingCustomers: (name) => billingCustomers(this.#model.seen(), name),
    };
    const sources: SourceOptions = {
      arm: async () => arm,
      now: () => new Date(NOW),
      locale: 'en',
      ...(ofPartner && { partner: ofPartner }),
    };
    const costs = new CostLabels({
      arm: sources.arm,
      ...(partner && { partnerCenter: async () => partner }),
      locale: sources.locale,
      shown: () => true,
      failed: (error) => this.failures.push(error),
    });
    this.#model = new ExplorerModel({
      roots: () => [
        {
          id: 'connection:sample',
          kind: 'connection',
          connection: 'sample',
          parent: undefined,
          label: 'sample',
          expandable: true,
        },
      ],
      open: (node) => openChildren(node, sources),
      annotate: (node, children, fresh, signal) => {
        if (fresh) {
          costs.forget(node);
        }
        this.#labelled = costs.annotate(node, children, signal);
        return this.#labelled;
      },
      emptyText: () => ({ label: 'Nothing' }),
      explain: (error) => {
        this.failures.push(error);
        return { summary: 'Failed', message: String(error), tooltip: String(error) };
      },
    });
  }

  /**
   * Opens every account, profile and customer, and what is below them, each level to its last page. What the tree shows in two
   * places is opened in the first, but a customer is opened in Partner Center too; of rows that repeat one call (years, months, subscriptions of a customer) the first two are.
   *
   * @param kinds rows of other kinds stay closed
   * @returns all rows that were seen, each resource once
   */
  async all(kinds?: readonly string[]): Promise<ExplorerNode[]> {
    const seen = new Map<string, ExplorerNode>();
    const waiting = await this.#model.children();
    for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
      const opened = new Map<string, number>();
      for (const row of await this.#expand(node)) {
        const identity = row.kind === 'customer' ? `customer ${row.account} ${row.customer}` : row.id;
        const number = (opened.get(row.kind) ?? 0) + 1;
        opened.set(row.kind, number);
        const wanted = number <= 2 || ['account', 'profile', 'customer', 'partnerCustomer'].includes(row.kind);
        if (row.expandable && wanted && !seen.has(identity) && (kinds?.includes(row.kind) ?? true)) {
          waiting.push(row);
        }
        seen.set(identity, seen.get(identity) ?? row);
      }
    }
    return [...seen.values()];
  }

  /** Opens a row, then has the other pages below it one by one. Gives all its rows. */
  async #expand(node: ExplorerNode): Promise<ExplorerNode[]> {
    for (let page = 1; ; page++) {
      const before = this.#counts();
      // The same load that opening the row starts, and its end.
      await this.#model.loadMore(node);
      await this.#labelled;
      const after = this.#counts();
      this.expansions.push({
        path: pathOf(node),
        kind: node.kind,
        page,
        requests: total(after) - total(before),
        queries: (after.costQuery ?? 0) - (before.costQuery ?? 0),
      });
      const rows = await this.#model.children(node);
      if (!rows.some(({ kind }) => kind === 'loadMore')) {
        return rows;
      }
    }
  }

  /** What was asked, for a failure's message: a line for every kind of row. */
  get table(): string {
    const kinds = Map.groupBy(this.expansions, ({ kind }) => kind);
    const lines = [...kinds].map(([kind, all]) => {
      const most = all.reduce((a, b) => (b.requests > a.requests ? b : a));
      const sum = (field: 'requests' | 'queries') => all.reduce((n, one) => n + one[field], 0);
      return [kind, all.length, sum('requests'), sum('queries'), `${most.requests} (${most.path}, page ${most.page})`];
    });
    return [['kind', 'pages', 'requests', 'of them queries', 'most for a page'], ...lines]
      .map((cells) =>
        cells
          .map((cell) => String(cell).padEnd(16))
          .join(' ')
          .trimEnd(),
      )
      .join('\n');
  }
}

function pathOf({ label, parent }: ExplorerNode): string {
  return parent === undefined ? label : `${pathOf(parent)} › ${label}`;
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

describe('a walk through the whole tree, under the documented limits', () => {
  for (const [customers, versions, kinds] of [
    [40, 'newest', undefined],
    [40, 'seed', undefined],
    // Levels of several pages.
    [160, 'newest', ['connection', 'account', 'customers', 'customer', 'costPolicy']],
  ] as const) {
    describe(`${customers} customers, ${versions} versions`, () => {
      let service: SampleService;
      let client: ReturnType<typeof connect>;
      let clock: FastClock;
      let walk: Walk;
      let rows: ExplorerNode[];

      before(async () => {
        clock = new FastClock();
        service = await startSampleService({
          customers,
          usageRows: 20_000,
          now: new Date(NOW),
          throttle: 'documented',
          clock: () => clock.pass(ROUND_TRIP),
        });
        client = connect(service.endpoints.resourceManager, { versions, clock });
        walk = new Walk(service, client.arm);
        rows = await walk.all(kinds);
      });
      after(async () => {
        await client.close();
        await service.close();
      });

      it('opens everything', () => {
        assert.deepEqual(walk.failures, []);
        const kinds = Map.groupBy(rows, ({ kind }) => kind);
        assert.equal(kinds.get('account')?.length, service.tenant.accounts.length);
        assert.equal(kinds.get('customer')?.length, customers);
        assert.equal(kinds.get('costPolicyState')?.length, customers);
        assert.ok(rows.every(({ kind }) => !['error', 'loading', 'loadMore'].includes(kind)));
        assert.ok(walk.expansions.length > 100, walk.table);
      });

      it('has the cost of every customer with usage beside it', () => {
        for (const row of rows.filter(({ kind }) => kind === 'customer')) {
          const truth = service.tenant.truth(row.scope ?? '', '2026-11-01', '2026-11-30');
          assert.equal(row.cost !== undefined, truth.rows > 0, row.label);
        }
      });

      it('is never refused', () => {
        const { refused, refusedBy } = service.throttled();
        assert.equal(refused, 0, `refused by ${JSON.stringify(refusedBy)}\n${walk.table}`);
        assert.deepEqual(
          service.requests().filter(({ status }) => status === 429),
          [],
        );
      });

      it('asks at most two requests for a level: one for a page of its rows, one for their costs', () => {
        const dear = walk.expansions.filter(({ requests, queries }) => requests > 2 || queries > 1);
        assert.deepEqual(dear, [], walk.table);
      });
    });
  }

  describe('40 customers, in Partner Center', () => {
    let service: SampleService;
    let arm: ReturnType<typeof connect>;
    let partner: ReturnType<typeof connectPartnerCenter>;
    let walk: Walk;
    let rows: ExplorerNode[];

    before(async () => {
      const clock = new FastClock();
      service = await startSampleService({
        customers: 40,
        usageRows: 20_000,
        now: new Date(NOW),
        throttle: 'documented',
        clock: () => clock.pass(ROUND_TRIP),
      });
      arm = connect(service.endpoints.resourceManager, { clock });
      partner = connectPartnerCenter(service.endpoints.partnerCenter, { clock });
      walk = new Walk(service, arm.arm, partner.client);
      rows = await walk.all([
        ...['connection', 'account', 'customers', 'customer'],
        ...['partnerCenter', 'partnerCustomers', 'partnerCustomer', 'partnerAzurePlan', 'partnerLegacyAzure'],
        ...['partnerBudget', 'partnerServiceCosts', 'partnerEntitlements'],
        ...['partnerInvoices', 'partnerInvoice', 'partnerBalance', 'partnerRateCards'],
      ]);
    });
    after(async () => {
      await partner.close();
      await arm.close();
      await service.close();
    });

    const count = (kind: ExplorerNode['kind'], parent?: ExplorerNode['kind']) =>
      rows.filter((row) => row.kind === kind && (parent === undefined || row.parent?.kind === parent)).length;

    it('opens everything, and each customer from both sides', () => {
      assert.deepEqual(walk.failures, []);
      const all = service.tenant.customerCount + PARTNER_STORIES.own.length;
      assert.equal(count('partnerCustomer'), all);
      assert.equal(count('partnerCenter', 'customer'), service.tenant.customerCount);
      assert.equal(count('partnerBudgetState', 'partnerBudget'), all + service.tenant.customerCount);
      assert.ok(rows.every(({ kind }) => !['error', 'loading', 'loadMore'].includes(kind)));
    });

    it('has the estimate of every customer with usage beside it', () => {
      const labelled = rows.filter(({ kind, cost }) => kind === 'partnerCustomer' && cost !== undefined);
      assert.ok(labelled.length > service.tenant.customerCount / 2, String(labelled.length));
    });

    it('is never refused', () => {
      assert.equal(service.throttled().refused, 0, walk.table);
      assert.deepEqual(
        service.requests().filter(({ status }) => status === 429),
        [],
      );
    });

    it('asks at most two requests for a level: one for a page of its rows, one for their estimates', () => {
      assert.deepEqual(
        walk.expansions.filter(({ requests }) => requests > 2),
        [],
        walk.table,
      );
      const lists = walk.expansions.filter(({ kind }) => kind === 'partnerCustomers');
      assert.deepEqual(
        lists.map(({ requests }) => requests),
        [2],
        'one page of customers, and one list of estimates for all of them',
      );
    });
  });
});
