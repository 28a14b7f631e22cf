import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { createArmClient } from '../../src/api/arm/armClient.ts';
import type { CostQuery } from '../../src/api/arm/costQuery.ts';
import type { WireRequest, WireResponse } from '../../src/api/http/transport.ts';
import type { JobsOptions } from '../../src/jobs/jobs.ts';
import type { ExportRequest, ExportTarget } from '../../src/jobs/jobTypes.ts';
import { planner } from '../../src/jobs/planner.ts';
import type { ExportClients, ExportSource } from '../../src/usage/plan/exportSource.ts';
import { transportBetween } from '../support/between.ts';
import { excelSheets } from '../support/excelRows.ts';
import { FastClock } from '../support/fastClock.ts';
import { connectGraph } from '../support/graph.ts';
import { JobBench } from '../support/jobBench.ts';
import { parquetRows } from '../support/parquetRows.ts';
import { connectPartnerCenter } from '../support/partnerCenter.ts';
import { assertSameCells } from '../support/sameCells.ts';
import { SamplePartnerCenter } from '../support/samplePartnerCenter.ts';

const OCTOBER = { from: '2026-10-01', to: '2026-10-31' };

async function* bytes(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from(text);
}

/** Usage details are refused as unsupported, so Cost Details take their place. */
function unsupported({ path }: WireRequest): WireResponse | undefined {
  const error = { code: 'BadRequest', message: 'The offer of this subscription is not supported.' };
  return /\/usageDetails\?/i.test(path)
    ? { status: 400, headers: {}, body: bytes(JSON.stringify({ error })) }
    : undefined;
}

const QUERY: CostQuery = {
  type: 'ActualCost',
  timeframe: 'Custom',
  timePeriod: OCTOBER,
  dataset: {
    granularity: 'Daily',
    aggregation: { totalCost: { name: 'Cost', function: 'Sum' } },
    grouping: [{ type: 'Dimension', name: 'ServiceName' }],
  },
};

describe('an export of the sample tenant', function () {
  this.timeout(120_000);
  let center: SamplePartnerCenter;
  let bench: JobBench;
  let account: string;
  const open: (() => Promise<void>)[] = [];

  before(async () => {
    center = await SamplePartnerCenter.start({
      customers: 30,
      usageRows: 30_000,
      graph: { partitionRows: 150 },
      partnerCenter: { utilizationRows: 20_000 },
    });
    account = `/providers/Microsoft.Billing/billingAccounts/${center.service.tenant.accounts[0]?.name}`;
  });
  after(() => center.service.close());
  beforeEach(() => {
    bench = new JobBench();
  });
  afterEach(async () => {
    await bench.close();
    await Promise.all(open.splice(0).map((close) => close()));
    center.service.setFault(undefined);
    await center.control('POST', 'reset');
  });

  const clients = (answer?: typeof unsupported): ExportClients => {
    const { endpoints } = center.service;
    const clock = new FastClock();
    const { transport } = transportBetween(answer === undefined ? {} : { answer });
    const partner = connectPartnerCenter(endpoints.partnerCenter, { clock });
    const graph = connectGraph(endpoints.graph);
    open.push(() => transport.close(), partner.close, graph.close);
    return {
      arm: createArmClient({ transport, base: endpoints.resourceManager, clock }),
      partnerCenter: partner.client,
      graph: graph.graph,
    };
  };

  const jobsWith = (answer?: typeof unsupported, key = 3) => {
    const options: Partial<JobsOptions> = {
      open: async () => ({ clients: clients(answer), pseudonymKey: new Uint8Array(32).fill(key) }),
      pace: { bytes: 1, milliseconds: 0 },
    };
    return bench.open(planner, options);
  };

  const request = (name: string, source: ExportSource, target: Partial<ExportTarget> = {}): ExportRequest => ({
    ...bench.request(name, target),
    source,
  });

  const customers = () =>
    [0, 1, 2].map((index) => {
      const customer = center.service.tenant.directory.customer(index);
      return { scope: `${account}/customers/${customer.name}`, label: customer.displayName };
    });

  const invoice = () => {
    const [main] = center.service.tenant.accounts;
    assert.ok(main);
    return center.service.tenant.invoices(main)[0]?.name ?? '';
  };

  const sources: [string, () => ExportSource, typeof unsupported?][] = [
    ['usage details', () => ({ kind: 'usageDetails', scopes: [{ scope: account }], period: OCTOBER })],
    ['usage details of several customers', () => ({ kind: 'usageDetails', scopes: customers(), period: OCTOBER })],
    ['Cost Details', () => ({ kind: 'usageDetails', scopes: [{ scope: account }], period: OCTOBER }), unsupported],
    ['usage records', () => ({ kind: 'usageRecords', of: 'customers' })],
    [
      'utilization',
      () => ({
        kind: 'utilization',
        subscriptions: [{ customer: center.story('legacy').customer, subscription: center.story('legacy').commerceId }],
        start: '2026-10-20T05:00:00Z',
        end: '2026-11-06T13:00:00Z',
        granularity: 'hourly',
        showDetails: true,
      }),
    ],
    [
      'utilization of several subscriptions',
      () => ({
        kind: 'utilization',
        subscriptions: (['legacy', 'mixed'] as const).map((story) => {
          const { customer, commerceId } = center.story(story);
          return { customer, subscription: commerceId, label: `The ${story} one` };
        }),
        start: '2026-10-20T00:00:00Z',
        end: '2026-10-27T00:00:00Z',
        granularity: 'daily',
        showDetails: true,
      }),
    ],
    ['line items', () => ({ kind: 'lineItems', provider: 'onetime', type: 'billinglineitems', invoice: invoice() })],
    ['rated usage', () => ({ kind: 'ratedUsage', invoice: invoice() })],
    [
      'transactions',
      () => ({ kind: 'transactions', parent: { account: account.split('/').at(-1) ?? '' }, invoice: invoice() }),
    ],
    [
      'a cost query',
      () => ({
        kind: 'query',
        scope: `${account}/billingProfiles/${center.service.tenant.accounts[0]?.profiles[0]?.name}`,
        query: QUERY,
        top: 50,
      }),
    ],
  ];

  for (const [name, source, answer] of sources) {
    it(`of ${name} is the same file when the editor ends in the middle`, async () => {
      const calm = await (await jobsWith(answer).start(request('calm.csv', source()))).done;
      assert.ok(calm.rows > 0);
      const jobs = jobsWith(answer);
      const job = await jobs.start(request('cut.csv', source()));
      while ((jobs.get(job.id)?.calls ?? 0) < 1) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await jobs.dispose();
      const ended = await job.done.then(
        () => true,
        () => false,
      );
      const later = jobsWith(answer);
      await later.load();
      if (!ended) {
        await (await later.resume(job.id)).done;
      }
      const { sha256, rows, totals, totalsByDay } = bench.manifest('cut.csv');
      const expected = bench.manifest('calm.csv');
      assert.deepEqual(
        { sha256, rows, totals, totalsByDay },
        {
          sha256: expected.sha256,
          rows: expected.rows,
          totals: expected.totals,
          totalsByDay: expected.totalsByDay,
        },
      );
    });

    for (const format of ['parquet', 'xlsx', 'json', 'ndjson'] as const) {
      it(`of ${name} is complete as ${format}, safe to share or not`, async () => {
        const jobs = jobsWith(answer);
        const plain = await (await jobs.start(request(`plain.${format}`, source()))).done;
        const safe = await (await jobs.start(request(`safe.${format}`, source(), { shareSafe: true }))).done;
        assert.equal(safe.rows, plain.rows);
        assert.deepEqual(safe.totals, plain.totals);
        assert.doesNotMatch(
          JSON.stringify(bench.manifest(`safe.${format}`)),
          new RegExp(account.split('/').at(-1) ?? ''),
        );
      });
    }

    it(`of ${name} has the same cells in every format`, async () => {
      const jobs = jobsWith(answer);
      for (const format of ['csv', 'ndjson', 'json', 'parquet', 'xlsx'] as const) {
        await (await jobs.start(request(`same.${format}`, source(), { formulaGuard: false }))).done;
      }
      const text = (format: string) => bench.text(`same.${format}`);
      const csv = parse(text('csv'), { columns: true }) as Record<string, string>[];
      assertSameCells((await parquetRows(readFileSync(path.join(bench.root, 'same.parquet')))).rows, csv);
      assertSameCells((await excelSheets(readFileSync(path.join(bench.root, 'same.xlsx'))))[0]?.rows ?? [], csv);
      // Lines are records as the service sent them: how many there are is all that is comparable for every kind.
      assert.equal(text('ndjson').trimEnd().split('\n').length, csv.length);
      assert.equal((JSON.parse(text('json')) as object[]).length, csv.length);
    });
  }

  it('adds up to what the tenant has', async () => {
    const { rows, totals } = await (await jobsWith().start(request('a.csv', sources[0]?.[1]() as ExportSource))).done;
    const truth = center.service.tenant.truth(account, OCTOBER.from, OCTOBER.to);
    assert.equal(rows, truth.rows);
    assert.deepEqual(totals, Object.fromEntries([...truth.totals].sort()));
    const days = Object.keys(bench.manifest('a.csv').totalsByDay);
    assert.equal(days.at(0), OCTOBER.from);
    assert.equal(days.at(-1), OCTOBER.to);
  });

  it('of several customers tells in each row whose it is', async () => {
    const wanted = customers();
    await (await jobsWith().start(request('a.csv', { kind: 'usageDetails', scopes: wanted, period: OCTOBER }))).done;
    const lines = bench.text('a.csv').trimEnd().split('\n');
    assert.match(lines[0] ?? '', /^scopeName,scopeId,/);
    for (const { scope } of wanted) {
      const rows = lines.filter((line) => line.includes(`,${scope},`)).length;
      assert.equal(rows, center.service.tenant.truth(scope, OCTOBER.from, OCTOBER.to).rows);
    }
    assert.deepEqual(bench.manifest('a.csv').scopes, wanted);
  });

  it('has the pseudonyms of one key, also when that was reset while the editor was closed', async () => {
    const source = sources[0]?.[1]() as ExportSource;
    const safe = (name: string) => request(name, source, { shareSafe: true });
    const jobs = jobsWith();
    const job = await jobs.start(safe('reset.csv'));
    while ((jobs.get(job.id)?.rows ?? 0) < 1) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await jobs.pause(job.id);
    assert.equal(jobs.get(job.id)?.state, 'paused');
    await jobs.dispose();
    const later = jobsWith(undefined, 4);
    await later.load();
    await (await later.resume(job.id)).done;
    await (await later.start(safe('whole.csv'))).done;
    assert.equal(bench.manifest('reset.csv').sha256, bench.manifest('whole.csv').sha256);
  });

  it('keeps nothing secret on the disk', async () => {
    const jobs = jobsWith(unsupported);
    const job = await jobs.start(request('a.csv', sources[0]?.[1]() as ExportSource, { shareSafe: true }));
    while ((jobs.get(job.id)?.calls ?? 0) < 1) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await jobs.dispose();
    await job.done.catch(() => {});
    const kept = readdirSync(bench.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'));
    assert.ok(kept.length > 0);
    for (const text of kept) {
      assert.doesNotMatch(text, /[?&]sig=|bearer |AwMDAwMD|3,3,3,3/i);
    }
  });
});
