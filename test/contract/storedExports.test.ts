import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createArmClient } from '../../src/api/arm/armClient.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import type { WireRequest, WireResponse } from '../../src/api/http/transport.ts';
import type { CheckpointPace } from '../../src/jobs/jobAssembly.ts';
import type { Jobs } from '../../src/jobs/jobs.ts';
import type { ExportRequest, ExportResult, ExportTarget } from '../../src/jobs/jobTypes.ts';
import { planner } from '../../src/jobs/planner.ts';
import { FILE_FORMATS } from '../../src/records/fileFormats.ts';
import { readStored } from '../../src/store/readStored.ts';
import type { Asker, StoredSource } from '../../src/store/readTypes.ts';
import type { Store } from '../../src/store/store.ts';
import { StoreUsage } from '../../src/store/storeUsage.ts';
import type { ExportClients, KeptUsage } from '../../src/usage/plan/exportSource.ts';
import { type Piece, RESUME_REFUSED } from '../../src/usage/plan/plan.ts';
import { transportBetween } from '../support/between.ts';
import { FastClock } from '../support/fastClock.ts';
import { connectGraph } from '../support/graph.ts';
import { JobBench } from '../support/jobBench.ts';
import { madeChunks, madePlanner } from '../support/jobPlans.ts';
import { connectPartnerCenter } from '../support/partnerCenter.ts';
import { SamplePartnerCenter } from '../support/samplePartnerCenter.ts';
import { ASKER, OCTOBER, PRESENT, StoreBench, usageOf } from '../support/storedUsage.ts';

const AUTUMN = { from: '2026-09-01', to: '2026-11-21' };
const EACH_ANSWER: CheckpointPace = { bytes: 1, milliseconds: 0 };
const HOUR = 3_600_000;

async function* bodyOf(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from(text);
}

/** Usage details are refused as unsupported, so Cost Details take their place. */
function unsupported({ path: asked }: WireRequest): WireResponse | undefined {
  const error = { code: 'BadRequest', message: 'The offer of this subscription is not supported.' };
  return /\/usageDetails\?/i.test(asked)
    ? { status: 400, headers: {}, body: bodyOf(JSON.stringify({ error })) }
    : undefined;
}

/** A file of an export is the same, byte for byte, and so is what its manifest says of the rows. */
function assertSameExport(bench: JobBench, kept: string, fetched: string): void {
  const bytes = (name: string) => readFileSync(path.join(bench.root, name));
  assert.ok(bytes(kept).equals(bytes(fetched)), `${kept} and ${fetched} have the same bytes`);
  const facts = (name: string) => {
    const {
      file: _,
      job: __,
      pages: ___,
      requestIds,
      fetchedAt: ____,
      asOf: _____,
      why: ______,
      ...rest
    } = bench.manifest(name);
    return { ...rest, hasIds: (requestIds?.length ?? 0) > 0 };
  };
  assert.deepEqual(facts(kept), facts(fetched));
}

describe('exports of what is stored', function () {
  this.timeout(120_000);
  let stores: StoreBench;
  let bench: JobBench;

  before(async () => {
    stores = await StoreBench.start(12_000);
  });
  after(() => stores.close());
  beforeEach(() => {
    stores.now = PRESENT;
    stores.setAside.length = 0;
    bench = new JobBench();
  });
  afterEach(() => bench.close());

  type Answer = typeof unsupported;

  /**
   * A window whose exports may read a store, and what they send.
   *
   * @param ends behind so many answers of the store the editor ends
   */
  const windowOn = (
    store: Store | undefined,
    answer?: Answer,
    asker: Asker = ASKER,
    ends = Number.POSITIVE_INFINITY,
  ) => {
    const { arm, seen } = stores.client(answer === undefined ? {} : { answer });
    const failures: unknown[] = [];
    const kept = new StoreUsage({
      storedFor: async () => (store === undefined ? undefined : { store, asker }),
      now: () => stores.now,
      failed: (error) => failures.push(error),
    });
    let left = ends;
    const cut: Piece['read'] = async function* (this: Piece, options = {}) {
      for await (const chunk of this.read(options)) {
        if (left-- <= 0) {
          const ended = new Promise((resolve) => options.signal?.addEventListener('abort', resolve));
          void jobs.dispose();
          await ended;
        }
        options.signal?.throwIfAborted();
        yield chunk;
      }
    };
    const ending: KeptUsage = {
      async plan(source) {
        const plan = await kept.plan(source);
        return plan && { ...plan, pieces: plan.pieces.map((piece) => ({ ...piece, read: cut.bind(piece) })) };
      },
      read: (...given) => kept.read(...given),
    };
    const jobs: Jobs = bench.open(planner, {
      open: async ({ anew }) => ({
        clients: { arm, kept: anew === true ? undefined : ending },
        pseudonymKey: new Uint8Array(32).fill(3),
      }),
      clock: new FastClock(stores.now.getTime()),
      pace: EACH_ANSWER,
    });
    return { jobs, seen, failures };
  };

  const keep = async (store: Store, source: StoredSource, answer?: Answer, asker: Asker = ASKER) => {
    const { arm } = stores.client(answer === undefined ? {} : { answer });
    const usage = await readStored(store, asker, source, { arm }, stores.now);
    assert.ok(usage);
    await usage.release();
  };

  const request = (name: string, source: StoredSource, more: Partial<ExportTarget> = {}): ExportRequest => ({
    ...bench.request(name, more),
    title: 'Usage',
    source,
  });

  const run = async (jobs: Jobs, asked: ExportRequest): Promise<ExportResult> => (await jobs.start(asked)).done;

  /** Waiting for reports took the client's clock ahead. */
  const later = () => {
    stores.now = new Date(stores.now.getTime() + HOUR);
  };

  const october = () => usageOf(stores.scopes.customer, OCTOBER);

  it('send nothing for a closed month, and say when it was fetched', async () => {
    const store = stores.store('closed');
    await keep(store, october());
    stores.now = new Date('2027-03-01T09:00:00Z');
    const { jobs, seen } = windowOn(store);
    const { rows, totals, asOf } = await run(jobs, request('a.csv', october()));
    assert.equal(seen.requests.length, 0);
    assert.deepEqual({ rows, totals }, stores.truth(stores.scopes.customer, OCTOBER));
    assert.equal(asOf, PRESENT.toISOString());
    const { fetchedAt, periodState, asOf: told, source } = bench.manifest('a.csv');
    assert.deepEqual(fetchedAt, { first: PRESENT.toISOString(), last: PRESENT.toISOString() });
    assert.deepEqual([periodState, told], ['closed', PRESENT.toISOString()]);
    assert.match(source, /^Usage Details /);
  });

  it('ask Azure for everything when that is wanted', async () => {
    const store = stores.store('anew');
    await keep(store, october());
    const { jobs, seen } = windowOn(store);
    const { asOf, rows } = await run(jobs, { ...request('a.csv', october()), anew: true });
    assert.ok(seen.requests.length > 0);
    assert.deepEqual([asOf, rows], [undefined, stores.truth(stores.scopes.customer, OCTOBER).rows]);
    assert.equal('asOf' in bench.manifest('a.csv'), false);
  });

  it('ask Azure where nothing is kept, a month is missing, or the month is not a whole one', async () => {
    const store = stores.store('missing');
    await keep(store, october());
    for (const source of [
      usageOf(stores.scopes.subscription, OCTOBER),
      usageOf(stores.scopes.customer, AUTUMN),
      usageOf(stores.scopes.customer, { from: '2026-10-02', to: '2026-10-31' }),
      { ...october(), metric: 'AmortizedCost' as const },
    ]) {
      const { jobs, seen } = windowOn(store);
      assert.equal((await run(jobs, request('a.csv', source))).asOf, undefined);
      assert.ok(seen.requests.length > 0);
    }
    const off = windowOn(undefined);
    assert.equal((await run(off.jobs, request('a.csv', october()))).asOf, undefined);
    assert.ok(off.seen.requests.length > 0);
  });

  it('read an open month for four hours, and call it open', async () => {
    const store = stores.store('open');
    const source = usageOf(stores.scopes.customer, { from: '2026-11-01', to: '2026-11-21' });
    await keep(store, source);
    stores.now = new Date(PRESENT.getTime() + 3 * HOUR);
    const fresh = windowOn(store);
    assert.equal((await run(fresh.jobs, request('fresh.csv', source))).asOf, PRESENT.toISOString());
    assert.equal(fresh.seen.requests.length, 0);
    assert.equal(bench.manifest('fresh.csv').periodState, 'open');
    stores.now = new Date(PRESENT.getTime() + 5 * HOUR);
    const stale = windowOn(store);
    assert.equal((await run(stale.jobs, request('stale.csv', source))).asOf, undefined);
    assert.ok(stale.seen.requests.length > 0);
  });

  it('do not call final what was fetched while late usage could arrive', async () => {
    const store = stores.store('settling');
    stores.now = new Date('2026-11-05T23:00:00Z');
    await keep(store, october());
    stores.now = new Date('2026-11-06T01:00:00Z');
    const { jobs, seen } = windowOn(store);
    await run(jobs, request('a.csv', october()));
    assert.equal(seen.requests.length, 0);
    assert.equal(bench.manifest('a.csv').periodState, 'settling');
  });

  it('are for nobody but who fetched it, neither as they begin nor as they go on', async () => {
    const store = stores.store('others');
    await keep(store, october());
    for (const other of [
      { ...ASKER, origin: 'somebody else' },
      { ...ASKER, connection: 'Another' },
    ]) {
      const { jobs, seen } = windowOn(store, undefined, other);
      assert.equal((await run(jobs, request('a.csv', october()))).asOf, undefined);
      assert.ok(seen.requests.length > 0);
    }
    const [name = ''] = await entriesOf(store);
    const stranger = new StoreUsage({
      storedFor: async () => ({ store, asker: { ...ASKER, origin: 'somebody else' } }),
      now: () => stores.now,
      failed: assert.fail,
    });
    await assert.rejects(stranger.read(name).next(), /was fetched with another sign-in/);
    await assert.rejects(stranger.read(`../entries/${name}`).next(), /is gone/);
  });

  const entriesOf = async (store: Store) => (await store.list()).map(({ name }) => name);

  /** An export that the end of the editor interrupted behind so many answers. */
  const begun = async (store: Store, source: StoredSource, answers: number): Promise<string> => {
    const { jobs, seen } = windowOn(store, undefined, ASKER, answers);
    const job = await jobs.start(request('a.csv', source));
    await assert.rejects(job.done);
    await jobs.dispose();
    assert.equal(seen.requests.length, 0);
    return job.id;
  };

  const cases: [string, () => StoredSource, Answer?][] = [
    ['a month', () => october()],
    ['three months', () => usageOf(stores.scopes.account, AUTUMN)],
    ['an invoice', () => usageOf(stores.scopes.invoice)],
    [
      'one scope with a label',
      () => ({
        kind: 'usageDetails',
        scopes: [{ scope: stores.scopes.customer, label: 'Fabrikam' }],
        period: OCTOBER,
      }),
    ],
    ['three months from Cost Details', () => usageOf(stores.scopes.customer, AUTUMN), unsupported],
    [
      'several scopes with labels',
      () => ({
        kind: 'usageDetails',
        scopes: [
          { scope: stores.scopes.subscription.toUpperCase() },
          { scope: stores.scopes.customer, label: 'Fabrikam' },
        ],
        period: { from: '2026-09-01', to: '2026-10-31' },
      }),
    ],
  ];

  for (const [name, source, answer] of cases) {
    for (const format of FILE_FORMATS) {
      it(`of ${name} have the bytes of a fetch as ${format}`, async () => {
        const store = stores.store(`bytes ${name}`);
        await keep(store, source(), answer);
        later();
        const fetched = windowOn(undefined, answer);
        const kept = windowOn(store, answer);
        const ways: [string, Partial<ExportTarget>][] = [
          ['plain', {}],
          ['safe', { shareSafe: true, formulaGuard: true, lineEnd: '\r\n', bom: true }],
          ['focus', { columns: 'focus' }],
        ];
        for (const [way, target] of ways) {
          await run(fetched.jobs, request(`${way} fetched.${format}`, source(), target));
          await run(kept.jobs, request(`${way} kept.${format}`, source(), target));
          assertSameExport(bench, `${way} kept.${format}`, `${way} fetched.${format}`);
        }
        assert.equal(kept.seen.requests.length, 0);
      });
    }

    it(`of ${name} go on behind every answer when the editor ended there`, async () => {
      const store = stores.store(`cuts ${name}`);
      await keep(store, source(), answer);
      later();
      const fetched = windowOn(undefined, answer);
      await run(fetched.jobs, request('whole.csv', source()));
      const { pages } = bench.manifest('whole.csv');
      assert.ok(pages > 0);
      for (let cut = 0; cut < pages; cut += Math.ceil(pages / 8)) {
        const id = await begun(store, source(), cut);
        const again = windowOn(store, answer);
        await again.jobs.load();
        await (await again.jobs.resume(id)).done;
        assert.equal(again.seen.requests.length, 0);
        assertSameExport(bench, 'a.csv', 'whole.csv');
        await again.jobs.dispose();
      }
    });
  }

  const failureOf = async (jobs: Jobs, id: string): Promise<BillingError> => {
    const error: unknown = await (await jobs.resume(id)).done.then(
      () => assert.fail('it was done'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof BillingError, String(error));
    return error;
  };

  const autumn = () => usageOf(stores.scopes.account, AUTUMN);

  it('fail with one sentence when an entry went while the editor was closed, and begin anew', async () => {
    const store = stores.store('gone');
    await keep(store, autumn());
    const id = await begun(store, autumn(), 2);
    await store.clear();
    const { jobs, seen } = windowOn(store);
    await jobs.load();
    assert.match((await failureOf(jobs, id)).explanation, /^The stored usage .* is gone: .* Start the export again\.$/);
    assert.equal(seen.requests.length, 0);
    assert.equal(bench.files.includes('a.csv'), false, 'nothing partial has the name');
    await jobs.cancel(id);
    assert.equal((await run(jobs, request('a.csv', autumn()))).rows, stores.truth(stores.scopes.account, AUTUMN).rows);
  });

  it('say so when nobody is signed in or storing is turned off, or somebody else is signed in, and go on later', async () => {
    const store = stores.store('left');
    await keep(store, autumn());
    const id = await begun(store, autumn(), 2);
    const off = windowOn(undefined);
    await off.jobs.load();
    const closed = await failureOf(off.jobs, id);
    assert.match(closed.message, /nobody is signed in, or stored data is turned off/);
    assert.match(closed.explanation, /Sign in as before, .* and resume\.$/);
    const other = windowOn(store, undefined, { ...ASKER, origin: 'somebody else' });
    await off.jobs.dispose();
    await other.jobs.load();
    assert.match((await failureOf(other.jobs, id)).message, /was fetched with another sign-in/);
    await other.jobs.dispose();
    const same = windowOn(store);
    await same.jobs.load();
    const { rows } = await (await same.jobs.resume(id)).done;
    assert.equal(rows, stores.truth(stores.scopes.account, AUTUMN).rows);
  });

  it('of an entry that is damaged before they begin ask Azure, and it is set aside', async () => {
    const folder = path.join(stores.root, 'damaged', 'entries');
    const store = stores.store('damaged');
    await keep(store, october());
    const [name = ''] = readdirSync(folder);
    // Not of the length that this process has seen whole.
    writeFileSync(path.join(folder, name), readFileSync(path.join(folder, name)).subarray(0, 5000));
    const { jobs, seen } = windowOn(store);
    const { rows, asOf } = await run(jobs, request('a.csv', october()));
    assert.deepEqual([rows, asOf], [stores.truth(stores.scopes.customer, OCTOBER).rows, undefined]);
    assert.ok(seen.requests.length > 0);
    assert.equal(stores.setAside.length, 1);
  });

  it('of an entry that was damaged after it was seen whole are fetched', async () => {
    const folder = path.join(stores.root, 'damaged later', 'entries');
    const store = stores.store('damaged later');
    await keep(store, october());
    await run(windowOn(store).jobs, request('before.csv', october()));
    const [name = ''] = readdirSync(folder);
    const bytes = readFileSync(path.join(folder, name));
    bytes.fill(0xff, 200, 260);
    writeFileSync(path.join(folder, name), bytes);
    const { jobs, seen } = windowOn(store);
    await run(jobs, request('a.csv', october()));
    assert.ok(seen.requests.length > 0);
    assert.equal(stores.setAside.length, 1);
    assert.equal(bench.text('a.csv'), bench.text('before.csv'));
  });

  it('ask Azure when the disk fails, and the log is told', async () => {
    const store = stores.store('no disk');
    rmSync(path.join(stores.root, 'no disk'), { recursive: true, force: true });
    writeFileSync(path.join(stores.root, 'no disk'), 'no folder');
    const { jobs, seen, failures } = windowOn(store);
    await run(jobs, request('a.csv', october()));
    assert.ok(seen.requests.length > 0);
    assert.equal(failures.length, 1);
  });

  it('begin in the middle of a file of Cost Details with its header', async () => {
    const store = stores.store('middle');
    const made = {
      content: 'files',
      pieces: [
        [2, 3, 1],
        [4, 1],
      ],
    } as const;
    const { arm } = stores.client();
    const plan = await madePlanner(made).plan(october(), { arm }, {});
    const key = { ...ASKER, scope: '/subscriptions/x', month: '2026-10', dataset: 'made' };
    const kept = await store.readTable(key, async (begin) => {
      const writer = await begin(plan);
      for (const piece of plan.pieces) {
        for await (const chunk of piece.read()) {
          await writer.take(chunk);
        }
      }
      return writer;
    });
    assert.ok(kept);
    const usage = new StoreUsage({
      storedFor: async () => ({ store, asker: ASKER }),
      now: () => stores.now,
      failed: assert.fail,
    });
    const chunksFrom = async (from: string | undefined) => {
      const chunks: { text: string; header: string; endsFile: boolean; resume: string | undefined }[] = [];
      for await (const { bytes, header = [], endsFile = false, resume } of usage.read(kept.table.entry.name, {
        from,
      })) {
        const [text, head] = [bytes, header].map((each) => Buffer.from(each).toString());
        chunks.push({ text: text ?? '', header: head ?? '', endsFile, resume });
      }
      return chunks;
    };
    const all = await chunksFrom(undefined);
    assert.deepEqual(
      all.map(({ text, header, endsFile }) => ({ text, header, endsFile })),
      madeChunks(made).map(({ bytes, header = [], endsFile = false }) => ({
        text: Buffer.from(bytes).toString(),
        header: Buffer.from(header).toString(),
        endsFile,
      })),
    );
    assert.equal(all.at(-1)?.resume, undefined);
    for (const [i, { resume }] of all.slice(0, -1).entries()) {
      const [first, ...rest] = await chunksFrom(resume);
      assert.deepEqual(first, { ...all[i + 1], header: all[0]?.header });
      assert.deepEqual(rest, all.slice(i + 2));
    }
    for (const mark of ['{"answer":99}', '{"answer":-1}', '{"answer":"1"}', '7', 'nothing']) {
      await assert.rejects(chunksFrom(mark), { code: RESUME_REFUSED });
    }
    await kept.table.release();
  });

  it('leave nothing held', async () => {
    const store = stores.store('held');
    await keep(store, autumn());
    await run(windowOn(store).jobs, request('a.csv', autumn()));
    assert.deepEqual(readdirSync(path.join(stores.root, 'held', 'inUse')), []);
  });
});

describe('exports of stored lines of invoices', function () {
  this.timeout(120_000);
  let center: SamplePartnerCenter;
  let stores: StoreBench;
  let bench: JobBench;
  const open: (() => Promise<void>)[] = [];

  before(async () => {
    stores = await StoreBench.start(1000);
    center = await SamplePartnerCenter.start({ customers: 30, usageRows: 30_000, graph: { partitionRows: 150 } });
  });
  after(async () => {
    await Promise.all(open.splice(0).map((close) => close()));
    await center.service.close();
    await stores.close();
  });
  beforeEach(() => {
    bench = new JobBench();
  });
  afterEach(() => bench.close());

  const clients = (): ExportClients => {
    const { endpoints } = center.service;
    const { transport } = transportBetween({});
    const partner = connectPartnerCenter(endpoints.partnerCenter, { clock: new FastClock() });
    const graph = connectGraph(endpoints.graph);
    open.push(() => transport.close(), partner.close, graph.close);
    const arm = createArmClient({ transport, base: endpoints.resourceManager, clock: new FastClock() });
    return { arm, partnerCenter: partner.client, graph: graph.graph };
  };

  const invoice = () => {
    const [main] = center.service.tenant.accounts;
    assert.ok(main);
    return center.service.tenant.invoices(main)[0]?.name ?? '';
  };

  const sources: [string, () => StoredSource][] = [
    ['rated usage', () => ({ kind: 'ratedUsage', invoice: invoice() })],
    ['line items', () => ({ kind: 'lineItems', provider: 'onetime', type: 'billinglineitems', invoice: invoice() })],
  ];

  for (const [name, source] of sources) {
    for (const format of FILE_FORMATS) {
      it(`${name} have the bytes of a fetch as ${format}, without a request`, async () => {
        const store = stores.store(`${name} ${format}`);
        const usage = await readStored(store, ASKER, source(), clients(), stores.now);
        await usage?.release();
        const kept = new StoreUsage({
          storedFor: async () => ({ store, asker: ASKER }),
          now: () => stores.now,
          failed: assert.fail,
        });
        const run = async (name: string, own: ExportClients) => {
          const jobs = bench.open(planner, { open: async () => ({ clients: own }), clock: new FastClock() });
          const request = { ...bench.request(`${name}.${format}`), title: 'Lines', source: source() };
          await (await jobs.start(request)).done;
        };
        await run('fetched', clients());
        // Without what it takes to ask anybody.
        await run('kept', { arm: clients().arm, kept });
        assertSameExport(bench, `kept.${format}`, `fetched.${format}`);
      });
    }
  }
});
