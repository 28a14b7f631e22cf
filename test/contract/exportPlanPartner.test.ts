import assert from 'node:assert/strict';
import { createArmClient } from '../../src/api/arm/armClient.ts';
import type { CostQuery } from '../../src/api/arm/costQuery.ts';
import { listInvoiceTransactions, listTransactions, type TransactionType } from '../../src/api/arm/transactions.ts';
import type { VersionSet } from '../../src/api/arm/versions.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import type { Period } from '../../src/usage/period.ts';
import type { ExportClients, ExportSource } from '../../src/usage/plan/exportSource.ts';
import { keepPlan, type Plan, RESUME_REFUSED } from '../../src/usage/plan/plan.ts';
import { planExport, reopenPlan } from '../../src/usage/plan/planExport.ts';
import { RecordsDocument } from '../../src/usage/recordsDocument.ts';
import { collect, MemorySink } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import { connectGraph, failureOf } from '../support/graph.ts';
import { connectPartnerCenter } from '../support/partnerCenter.ts';
import { chunksOf, chunksOfPlan, rowsOf } from '../support/pieces.ts';
import { SamplePartnerCenter } from '../support/samplePartnerCenter.ts';

const AUTUMN: Period = { from: '2026-09-10', to: '2026-11-05' };

describe('the plan of an export', () => {
  let center: SamplePartnerCenter;
  let clients: Required<Omit<ExportClients, 'kept'>>;
  const open: (() => Promise<void>)[] = [];

  before(async () => {
    center = await SamplePartnerCenter.start({
      customers: 30,
      usageRows: 20_000,
      graph: { partitionRows: 150 },
      partnerCenter: { utilizationRows: 20_000 },
    });
  });
  after(() => center.service.close());
  beforeEach(() => {
    clients = connected();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((close) => close()));
    center.service.setFault(undefined);
    await center.control('POST', 'reset');
  });

  const connected = (versions: VersionSet = 'newest'): Required<Omit<ExportClients, 'kept'>> => {
    const { endpoints } = center.service;
    const transport = createUndiciTransport();
    const partner = connectPartnerCenter(endpoints.partnerCenter, { clock: new FastClock() });
    const graph = connectGraph(endpoints.graph);
    open.push(() => transport.close(), partner.close, graph.close);
    return {
      arm: createArmClient({ transport, base: endpoints.resourceManager, clock: new FastClock(), versions }),
      partnerCenter: partner.client,
      graph: graph.graph,
    };
  };

  const account = () => {
    const [main] = center.service.tenant.accounts;
    assert.ok(main);
    return main;
  };

  /** Every piece goes on behind any of its chunks, in another process too. */
  const resumesAnywhere = async (plan: Plan): Promise<void> => {
    const again = reopenPlan(JSON.parse(JSON.stringify(keepPlan(plan))), connected());
    assert.deepEqual(
      again.pieces.map(({ id, label }) => [id, label]),
      plan.pieces.map(({ id, label }) => [id, label]),
    );
    for (const [index, piece] of plan.pieces.slice(0, 3).entries()) {
      const chunks = await chunksOf(piece);
      const other = again.pieces[index];
      assert.ok(other);
      for (const [at, { resume }] of chunks.slice(0, 4).entries()) {
        if (resume !== undefined) {
          assert.ok(!/sig=/.test(resume));
          const rest = rowsOf(plan.content, await chunksOf(other, { from: resume }));
          assert.deepEqual(rest, rowsOf(plan.content, chunks.slice(at + 1)));
        }
      }
    }
  };

  /** The plan's rows as a document with its schema and filter, and what is known of them. */
  const document = async (plan: Plan): Promise<RecordsDocument> => {
    const { schema, operation, only } = plan;
    assert.ok(schema);
    const written = new RecordsDocument({ schema, format: 'csv', operation, only }, new MemorySink());
    for (const { bytes } of await chunksOfPlan(plan)) {
      if (plan.content === 'pages') {
        await written.page(bytes);
      } else {
        const lines = Buffer.from(bytes)
          .toString()
          .split('\n')
          .filter((line) => line !== '');
        await written.lines(lines.map((line) => Buffer.from(line)));
      }
    }
    await written.end();
    return written;
  };

  describe('of usage records', () => {
    it('has the rows of the list', async () => {
      const plan = await planExport({ kind: 'usageRecords', of: 'customers' }, clients);
      assert.equal(plan.source, 'Partner Center v1, usage records of customers');
      assert.equal(
        rowsOf(plan.content, await chunksOfPlan(plan)).length,
        (await center.items('customers/usagerecords')).length,
      );
      await resumesAnywhere(plan);
    });

    it('says so where a connection has no Partner Center', async () => {
      const source: ExportSource = { kind: 'usageRecords', of: 'customers' };
      assert.match((await failureOf(planExport(source, { arm: clients.arm }))).message, /Partner Center/);
    });
  });

  describe('of utilization', () => {
    const window = {
      start: '2026-10-20T05:00:00Z',
      end: '2026-11-06T13:00:00Z',
      granularity: 'hourly',
      showDetails: true,
      size: 100,
    } as const;

    it('has a piece of each window, and all of them together are the whole', async () => {
      const { customer, commerceId } = center.story('legacy');
      const source: ExportSource = {
        kind: 'utilization',
        subscriptions: [{ customer, subscription: commerceId }],
        ...window,
      };
      const plan = await planExport(source, clients);
      assert.equal(plan.pieces.length, 3);
      const { start, end } = window;
      const path =
        `customers/${customer}/subscriptions/${commerceId}/utilizations/azure` +
        `?start_time=${start}&end_time=${end}&granularity=hourly&show_details=true&size=1000`;
      const rows = rowsOf(plan.content, await chunksOfPlan(plan));
      assert.ok(rows.length > 300);
      assert.equal(new Set(rows).size, new Set((await center.items(path)).map((item) => JSON.stringify(item))).size);
      assert.equal(rows.length, (await center.items(path)).length);
      await resumesAnywhere(plan);
    });

    it('has the pieces of several subscriptions one after the other, with what they are called', async () => {
      const { customer, commerceId } = center.story('legacy');
      const mixed = center.story('mixed');
      const plan = await planExport(
        {
          kind: 'utilization',
          subscriptions: [
            { customer, subscription: commerceId, label: 'One' },
            { customer: mixed.customer, subscription: mixed.commerceId, label: 'Two' },
          ],
          ...window,
        },
        clients,
      );
      assert.deepEqual(
        plan.pieces.map(({ scope }) => scope?.label),
        ['One', 'One', 'One', 'Two', 'Two', 'Two'],
      );
    });

    it('refuses a window that is none before anything is sent', async () => {
      const { customer, commerceId } = center.story('legacy');
      const source: ExportSource = {
        kind: 'utilization',
        subscriptions: [{ customer, subscription: commerceId }],
        ...window,
        end: window.start,
      };
      assert.equal((await failureOf(planExport(source, clients))).kind, 'argument');
    });

    it('says that an Azure plan has none', async () => {
      const { customer, planId } = center.stories.azurePlan;
      const source: ExportSource = {
        kind: 'utilization',
        subscriptions: [{ customer, subscription: planId }],
        ...window,
      };
      const [piece] = (await planExport(source, clients)).pieces;
      assert.ok(piece);
      assert.match((await failureOf(chunksOf(piece))).message, /Azure plan has no utilization/);
    });
  });

  describe('of rated usage and line items', () => {
    const invoice = () => center.service.tenant.invoices(account())[0];

    it('has a piece of each file of the export, and adds up to the invoice', async () => {
      const newest = invoice();
      assert.ok(newest);
      const plan = await planExport({ kind: 'ratedUsage', invoice: newest.name }, clients);
      assert.equal(plan.content, 'lines');
      assert.ok(plan.pieces.length > 1);
      assert.equal(plan.estimate.known, true);
      const { rows, totals } = await document(plan);
      assert.equal(rows, rowsOf('lines', await chunksOfPlan(plan)).length);
      assert.deepEqual(Object.keys(totals), [newest.profile.currency]);
      await resumesAnywhere(plan);
    });

    it('keeps the lines of one customer', async () => {
      const newest = invoice();
      assert.ok(newest);
      const all = await document(await planExport({ kind: 'ratedUsage', invoice: newest.name }, clients));
      const [line = '{}'] = rowsOf(
        'lines',
        await chunksOfPlan(await planExport({ kind: 'ratedUsage', invoice: newest.name }, clients)),
      );
      const { CustomerId: customer } = JSON.parse(line) as { CustomerId: string };
      const own = await document(await planExport({ kind: 'ratedUsage', invoice: newest.name, customer }, clients));
      assert.ok(own.rows > 0 && own.rows < all.rows);
      assert.equal(own.rows + own.leftOut, all.rows);
    });

    it('is a list of Partner Center where there is no Microsoft Graph', async () => {
      const newest = invoice();
      assert.ok(newest);
      const { arm, partnerCenter } = clients;
      const plan = await planExport({ kind: 'ratedUsage', invoice: newest.name }, { arm, partnerCenter });
      assert.match(plan.why ?? '', /no Microsoft Graph/);
      const listed = await document(plan);
      const { currency } = newest.profile;
      const path = `invoices/${newest.name}/lineitems?provider=onetime&invoicelineitemtype=usagelineitems&currencycode=${currency}`;
      assert.equal(listed.rows, (await center.items(path)).length);
      await resumesAnywhere(plan);
    });

    it('says so when the export is gone', async () => {
      const newest = invoice();
      assert.ok(newest);
      const plan = await planExport({ kind: 'ratedUsage', invoice: newest.name }, clients);
      const kept = JSON.parse(JSON.stringify(keepPlan(plan)).replaceAll(/(operations\/)[^"]+/g, '$1gone'));
      const [piece] = reopenPlan(kept, clients).pieces;
      assert.ok(piece);
      assert.equal((await failureOf(chunksOf(piece, { from: '{"lines":1}' }))).code, RESUME_REFUSED);
      assert.notEqual((await failureOf(chunksOf(piece))).code, RESUME_REFUSED);
    });
  });

  describe('of transactions', () => {
    for (const versions of ['newest', 'seed'] as const) {
      for (const type of ['Billed', 'Unbilled'] as const satisfies readonly TransactionType[]) {
        it(`has those of a billing profile that are ${type.toLowerCase()} (${versions})`, async () => {
          const { arm } = connected(versions);
          const parent = { account: account().name, profile: account().profiles[0]?.name };
          const plan = await planExport({ kind: 'transactions', parent, period: AUTUMN, type }, { arm });
          assert.equal(plan.pieces.length, 3);
          const expected = await collect(listTransactions(arm, parent, { period: AUTUMN, type }));
          const written = await document(plan);
          assert.equal(written.rows, expected.length);
          assert.deepEqual([written.unknownFields, written.rowsWithoutCost], [[], 0]);
          assert.deepEqual(Object.keys(written.totals), [account().profiles[0]?.currency]);
          assert.ok(expected.length > 0);
          await resumesAnywhere(plan);
        });
      }
    }

    it('has those of an invoice', async () => {
      const [newest] = center.service.tenant.invoices(account());
      assert.ok(newest);
      const parent = { account: account().name };
      const plan = await planExport({ kind: 'transactions', parent, invoice: newest.name }, clients);
      const expected = await collect(listInvoiceTransactions(clients.arm, parent, newest.name));
      assert.equal((await document(plan)).rows, expected.length);
    });

    it('refuses a type that the version does not have', async () => {
      const parent = { account: account().name, profile: 'p' };
      assert.match(
        (await failureOf(planExport({ kind: 'transactions', parent, period: AUTUMN }, clients))).message,
        /^type:/,
      );
    });
  });

  describe('of a cost query', () => {
    const query: CostQuery = {
      type: 'ActualCost',
      timeframe: 'Custom',
      timePeriod: { from: '2026-10-01', to: '2026-10-31' },
      dataset: {
        granularity: 'Daily',
        aggregation: { totalCost: { name: 'Cost', function: 'Sum' } },
        grouping: [{ type: 'Dimension', name: 'ServiceName' }],
      },
    };

    it('has its rows under the names of its columns, and their exact sum', async () => {
      const scope = `/providers/Microsoft.Billing/billingAccounts/${account().name}/billingProfiles/${account().profiles[0]?.name}`;
      const plan = await planExport({ kind: 'query', scope, query, top: 50 }, clients);
      assert.deepEqual(plan.schema?.columns.map(({ name }) => name).slice(1), ['UsageDate', 'ServiceName', 'Currency']);
      const { rows, totals, rowsWithoutCost, unknownFields } = await document(plan);
      assert.ok(rows > 50, 'several pages');
      assert.deepEqual([rowsWithoutCost, unknownFields], [0, []]);
      assert.deepEqual(
        totals,
        Object.fromEntries(center.service.tenant.truth(scope, '2026-10-01', '2026-10-31').totals),
      );
      await resumesAnywhere(plan);
    });
  });
});
