import assert from 'node:assert/strict';
import type { WireRequest, WireResponse } from '../../src/api/http/transport.ts';
import { FORMATS } from '../../src/records/formats.ts';
import { totalsOf } from '../support/parquetTotals.ts';
import { type RenamingService, startRenamingService } from '../support/renamingService.ts';
import {
  maybeRead,
  OCTOBER,
  PRESENT,
  read,
  StoreBench,
  sumOf,
  usageOf,
  writeFresh,
  writeFromStore,
} from '../support/storedUsage.ts';

const AUTUMN = { from: '2026-09-01', to: '2026-11-21' };

const isUsage = ({ path }: WireRequest) => /\/usageDetails\?/i.test(path);

async function* bodyOf(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from(text);
}

/** Usage details are refused as unsupported, everything else goes through. */
const unsupported = (request: WireRequest): WireResponse | undefined =>
  isUsage(request)
    ? {
        status: 400,
        headers: {},
        body: bodyOf('{"error":{"code":"BadRequest","message":"The offer of this subscription is not supported."}}'),
      }
    : undefined;

describe('usage in the store', function () {
  this.timeout(120_000);
  let bench: StoreBench;
  const services: RenamingService[] = [];

  before(async () => {
    bench = await StoreBench.start(60_000);
  });
  after(() => bench.close());
  afterEach(() => Promise.all(services.splice(0).map((service) => service.close())));
  beforeEach(() => {
    bench.now = PRESENT;
    bench.setAside.length = 0;
  });

  for (const kind of ['account', 'customer', 'subscription'] as const) {
    it(`of a ${kind} adds up to the last digit, in the facts and in the columns of the file`, async () => {
      const scope = bench.scopes[kind];
      const usage = await read(bench, bench.store(`sums ${kind}`), usageOf(scope, OCTOBER), bench.client().arm);
      const truth = bench.truth(scope, OCTOBER);
      assert.ok(truth.rows > 0);
      assert.deepEqual(sumOf(usage), truth);
      const { file } = usage.tables[0] ?? assert.fail();
      assert.deepEqual(await totalsOf(file), truth);
      await usage.release();
    });
  }

  it('is not asked for again when its month is closed', async () => {
    const { arm, seen } = bench.client();
    const store = bench.store('second look');
    const source = usageOf(bench.scopes.customer, OCTOBER);
    const first = await read(bench, store, source, arm);
    const sent = seen.requests.length;
    assert.ok(sent > 0);
    assert.deepEqual([first.fetched, first.freshness?.state], [1, 'closed']);
    bench.now = new Date('2027-06-01T00:00:00Z');
    const second = await read(bench, store, source, arm, { anew: true });
    assert.equal(seen.requests.length, sent);
    assert.equal(second.fetched, 0);
    assert.deepEqual(sumOf(second), sumOf(first));
    assert.equal(second.tables[0]?.freshness.state, 'closed');
    await Promise.all([first.release(), second.release()]);
  });

  it('of an open month is asked for again after four hours, or when that is wanted', async () => {
    const { arm, seen } = bench.client();
    const store = bench.store('open');
    const source = usageOf(bench.scopes.customer);
    const look = async (options = {}) => {
      const before = seen.requests.length;
      const usage = await read(bench, store, source, arm, options);
      await usage.release();
      return { asked: seen.requests.length > before, state: usage.freshness?.state, age: usage.freshness?.age };
    };
    assert.deepEqual(await look(), { asked: true, state: 'open', age: 0 });
    bench.now = new Date(PRESENT.getTime() + 3 * 3600_000);
    assert.deepEqual(await look(), { asked: false, state: 'open', age: 3 * 3600_000 });
    bench.now = new Date(PRESENT.getTime() + 5 * 3600_000);
    assert.deepEqual(await look({ onlyKept: true }), { asked: false, state: 'open', age: 5 * 3600_000 });
    assert.equal((await look()).asked, true);
    assert.equal((await look({ anew: true })).asked, true);
    assert.equal((await store.list()).length, 1, 'the month is there once');
  });

  it('of a month that ended lately is settling, and what was fetched then is not taken for final later', async () => {
    const store = bench.store('settling');
    const source = usageOf(bench.scopes.customer, OCTOBER);
    bench.now = new Date('2026-11-03T08:00:00Z');
    const early = await read(bench, store, source, bench.client().arm);
    await early.release();
    assert.equal(early.freshness?.state, 'settling');
    bench.now = PRESENT;
    const offline = await read(bench, store, source, undefined, { onlyKept: true });
    assert.equal(offline.freshness?.state, 'settling');
    await offline.release();
    const { arm, seen } = bench.client();
    const late = await read(bench, store, source, arm);
    assert.ok(seen.requests.length > 0);
    assert.equal(late.freshness?.state, 'closed');
    await late.release();
  });

  it('is there offline, or is not', async () => {
    const store = bench.store('offline');
    const source = usageOf(bench.scopes.customer, OCTOBER);
    assert.equal(await maybeRead(bench, store, source, undefined, { onlyKept: true }), undefined);
    const { arm } = bench.client();
    await (await read(bench, store, source, arm)).release();
    const kept = await read(bench, store, source, undefined, { onlyKept: true });
    assert.deepEqual(sumOf(kept), bench.truth(bench.scopes.customer, OCTOBER));
    await kept.release();
    assert.equal(
      await maybeRead(bench, store, usageOf(bench.scopes.customer, AUTUMN), undefined, { onlyKept: true }),
      undefined,
      'a month of the period is missing',
    );
  });

  it('of a part of a month that is over is not kept: no month is fetched for it', async () => {
    const source = usageOf(bench.scopes.customer, { from: '2026-10-10', to: '2026-10-31' });
    const { arm, seen } = bench.client();
    assert.equal(await maybeRead(bench, bench.store('part'), source, arm), undefined);
    assert.equal(seen.requests.length, 0);
  });

  for (const from of ['usage details', 'cost details'] as const) {
    describe(`from ${from}`, () => {
      const client = () => bench.client(from === 'cost details' ? { answer: unsupported } : {});
      const only = [{ by: 'ServiceName', values: ['Storage', 'Virtual Machines'] }];

      for (const format of FORMATS) {
        it(`is written as ${format} byte for byte as it is fetched`, async () => {
          const store = bench.store(`bytes ${from}`);
          for (const scope of [bench.scopes.account, bench.scopes.subscription]) {
            const source = usageOf(scope, AUTUMN);
            const usage = await read(bench, store, source, client().arm);
            const { arm } = client();
            for (const filter of [undefined, only]) {
              const fresh = await writeFresh(arm, scope, AUTUMN, format, filter);
              const stored = await writeFromStore(store, usage, format, filter);
              assert.ok(fresh.report.rows > 0);
              assert.ok(stored.text === fresh.text, 'the same bytes');
              const { rows, leftOut, bytes, totals, rowsWithoutCost, source: call, why, unknownFields } = fresh.report;
              assert.deepEqual(
                { ...stored.report, pages: 0, requestIds: [], fetchedAt: 0 },
                {
                  ...{ rows, bytes, totals, rowsWithoutCost, source: call, unknownFields },
                  ...(leftOut === undefined ? {} : { leftOut }),
                  ...(why === undefined ? {} : { why }),
                  ...{ pages: 0, requestIds: [], fetchedAt: 0 },
                },
              );
            }
            await usage.release();
          }
        });
      }

      it('adds up in the columns of the file', async () => {
        const scope = bench.scopes.account;
        const store = bench.store(`columns ${from}`);
        const usage = await read(bench, store, usageOf(scope, OCTOBER), client().arm);
        assert.deepEqual(await totalsOf(usage.tables[0]?.file ?? ''), bench.truth(scope, OCTOBER));
        await usage.release();
      });
    });
  }

  it('of an invoice has a period of its own, and is closed', async () => {
    const { arm, seen } = bench.client();
    const store = bench.store('invoice');
    const source = usageOf(bench.scopes.invoice);
    const usage = await read(bench, store, source, arm);
    const sent = seen.requests.length;
    const fresh = await writeFresh(bench.client().arm, bench.scopes.invoice, undefined, 'csv');
    assert.ok((await writeFromStore(store, usage, 'csv')).text === fresh.text);
    assert.deepEqual(sumOf(usage).totals, fresh.report.totals);
    const again = await read(bench, store, source, arm);
    assert.deepEqual([seen.requests.length, again.freshness?.state], [sent, 'closed']);
    await Promise.all([usage.release(), again.release()]);
  });

  it('is fetched once for all who ask at the same time', async () => {
    const { arm, seen } = bench.client();
    const alone = bench.client();
    const source = usageOf(bench.scopes.customer, OCTOBER);
    await (await read(bench, bench.store('alone'), source, alone.arm)).release();
    const store = bench.store('together');
    const other = bench.store('together');
    const all = await Promise.all([store, other, store, other].map((one) => read(bench, one, source, arm)));
    assert.equal(seen.requests.length, alone.seen.requests.length);
    for (const usage of all) {
      assert.deepEqual(sumOf(usage), bench.truth(bench.scopes.customer, OCTOBER));
      await usage.release();
    }
  });

  it('keeps every answer, also fields that no schema knows', async () => {
    const service = await startRenamingService(bench.service);
    services.push(service);
    service.names.set('costCenter', 'costCentre');
    const renamed = bench.client({}, service.base);
    const store = bench.store('unknown');
    const scope = bench.scopes.subscription;
    const usage = await read(bench, store, usageOf(scope, OCTOBER), renamed.arm);
    const fresh = await writeFresh(renamed.arm, scope, OCTOBER, 'csv');
    assert.ok((await writeFromStore(store, usage, 'csv')).text === fresh.text);
    assert.deepEqual(usage.tables[0]?.facts.unknownFields, fresh.report.unknownFields);
    assert.ok(fresh.report.unknownFields.includes('costCentre'));
    assert.deepEqual(await totalsOf(usage.tables[0]?.file ?? ''), bench.truth(scope, OCTOBER));
    await usage.release();
  });
});
