import assert from 'node:assert/strict';
import { parseScope } from '../../src/api/arm/scope.ts';
import type { WireRequest, WireResponse } from '../../src/api/http/transport.ts';
import { writeStoredUsage } from '../../src/documents/storedUsage.ts';
import { FORMATS, type Format } from '../../src/records/formats.ts';
import { type KeptPart, keptPart } from '../../src/store/keptPart.ts';
import type { Store } from '../../src/store/store.ts';
import type { Period } from '../../src/usage/period.ts';
import type { UsageFilter } from '../../src/usage/usageFilter.ts';
import type { UsageReport } from '../../src/usage/writeUsage.ts';
import { MemorySink } from '../support/arm.ts';
import {
  ASKER,
  OCTOBER,
  PRESENT,
  read,
  StoreBench,
  usageOf,
  type Written,
  writeFresh,
  writeFromStore,
} from '../support/storedUsage.ts';

const AUTUMN = { from: '2026-09-01', to: '2026-11-21' };
const DAYS = { from: '2026-10-10', to: '2026-10-12' };

/** Days within a month, over the ends of closed months and of the open one, and a last day, which has the rounding rows. */
const PARTS: readonly Period[] = [
  DAYS,
  { from: '2026-10-31', to: '2026-10-31' },
  { from: '2026-09-28', to: '2026-10-02' },
  { from: '2026-09-30', to: '2026-11-01' },
  { from: '2026-11-03', to: '2026-11-09' },
];

const isUsage = ({ path }: WireRequest) => /\/usageDetails\?/i.test(path);

async function* bodyOf(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from(text);
}

const answer = (text: string, status = 200): WireResponse => ({ status, headers: {}, body: bodyOf(text) });

/** Usage details are refused as unsupported, everything else goes through. */
const unsupported = (request: WireRequest): WireResponse | undefined =>
  isUsage(request)
    ? answer('{"error":{"code":"BadRequest","message":"The offer of this subscription is not supported."}}', 400)
    : undefined;

interface Row {
  day: string;
  cost: string;
  properties?: object;
}

/** An enrolment: legacy rows of the days that are asked for, the newest month first, two on a page. */
function legacyService(rows: readonly Row[]): (request: WireRequest) => WireResponse {
  return ({ path, origin }) => {
    const address = new URL(path, origin);
    const [from = '', to = ''] = ['startDate', 'endDate'].map((name) => address.searchParams.get(name) ?? '');
    const skip = Number(address.searchParams.get('$skiptoken') ?? 0);
    const found = rows
      .filter(({ day }) => day >= from && day <= to)
      .toSorted((a, b) => b.day.slice(0, 7).localeCompare(a.day.slice(0, 7)));
    address.searchParams.set('$skiptoken', String(skip + 2));
    const value = found.slice(skip, skip + 2).map(({ day, cost, properties }, i) => ({
      ...{ id: `${day}/${i}`, name: String(i), kind: 'legacy', tags: null },
      properties: {
        ...{ date: `${day}T00:00:00.0000000Z`, product: `of ${day}`, cost: Number(cost), billingCurrency: 'EUR' },
        ...properties,
      },
    }));
    return answer(JSON.stringify({ value, ...(found.length > skip + 2 ? { nextLink: address.href } : {}) }));
  };
}

const LEGACY: readonly Row[] = [
  '2026-09-29',
  '2026-09-30',
  '2026-10-01',
  '2026-10-10',
  '2026-10-12',
  '2026-10-13',
].flatMap((day, i) => [
  { day, cost: `${i}.25` },
  { day, cost: '0.125', properties: { costCenter: `"quoted", ${i}` } },
]);

/** What a report says that does not depend on how many answers there were. */
function factsOf({ report }: Written): Partial<UsageReport> {
  const { rows, leftOut, bytes, totals, rowsWithoutCost, source, why, unknownFields } = report;
  return {
    ...{ rows, bytes, totals, rowsWithoutCost, source, unknownFields },
    ...(leftOut === undefined ? {} : { leftOut }),
    ...(why === undefined ? {} : { why }),
  };
}

describe('days of months that are kept', function () {
  this.timeout(120_000);
  let bench: StoreBench;

  before(async () => {
    bench = await StoreBench.start(60_000);
  });
  after(() => bench.close());
  beforeEach(() => {
    bench.now = PRESENT;
  });

  const part = (store: Store, scope: string, days: Period, options: { anew?: boolean } = {}) =>
    keptPart(store, ASKER, usageOf(scope, days), bench.now, options);

  const held = async (kept: Promise<KeptPart | undefined>): Promise<boolean> => {
    const found = await kept;
    await found?.release();
    return found !== undefined;
  };

  const keep = async (store: Store, scope: string, period: Period, arm = bench.client().arm) => {
    await (await read(bench, store, usageOf(scope, period), arm)).release();
  };

  const write = async (store: Store, kept: KeptPart, format: Format, only?: UsageFilter): Promise<Written> =>
    writeFromStore(store, kept, format, only, kept.days);

  for (const from of ['usage details', 'cost details'] as const) {
    for (const format of FORMATS) {
      it(`are written as ${format} byte for byte as ${from} are fetched`, async () => {
        const client = () => bench.client(from === 'cost details' ? { answer: unsupported } : {});
        const store = bench.store(`bytes ${from}`);
        const only = [{ by: 'ServiceName', values: ['Storage', 'Virtual Machines'] }];
        for (const scope of [bench.scopes.account, bench.scopes.subscription]) {
          bench.now = PRESENT;
          await keep(store, scope, AUTUMN, client().arm);
          // The clock of a client runs ahead while it waits for reports.
          bench.now = new Date(PRESENT.getTime() + 3600_000);
          for (const days of PARTS) {
            const kept = await part(store, scope, days);
            assert.ok(kept, days.from);
            for (const filter of [undefined, only]) {
              const fresh = await writeFresh(client().arm, scope, days, format, filter);
              const stored = await write(store, kept, format, filter);
              assert.ok(fresh.report.rows > 0 || scope === bench.scopes.subscription, days.from);
              assert.ok(stored.text === fresh.text, `the same bytes from ${days.from} to ${days.to}`);
              assert.deepEqual(factsOf(stored), factsOf(fresh));
              if (filter === undefined) {
                assert.deepEqual(stored.report.totals, bench.truth(scope, days).totals);
              }
            }
            await kept.release();
          }
        }
      });
    }
  }

  for (const format of FORMATS) {
    it(`are written as ${format} byte for byte as legacy rows are fetched`, async () => {
      const { arm } = bench.client({ answer: legacyService(LEGACY) });
      const store = bench.store('legacy');
      const scope = bench.scopes.subscription;
      await keep(store, scope, { from: '2026-09-01', to: '2026-10-31' }, arm);
      for (const days of [DAYS, { from: '2026-09-30', to: '2026-10-01' }, { from: '2026-10-13', to: '2026-10-20' }]) {
        const kept = await part(store, scope, days);
        assert.ok(kept, days.from);
        const fresh = await writeFresh(arm, scope, days, format);
        const stored = await write(store, kept, format);
        assert.ok(fresh.report.rows > 0);
        assert.equal(stored.text, fresh.text);
        assert.deepEqual(factsOf(stored), factsOf(fresh));
        await kept.release();
      }
    });
  }

  it('are no answer when a month around them is not kept', async () => {
    const store = bench.store('missing');
    const { customer } = bench.scopes;
    assert.equal(await held(part(store, customer, DAYS)), false);
    await keep(store, customer, OCTOBER);
    assert.equal(await held(part(store, customer, DAYS)), true);
    assert.equal(await held(part(store, customer, { from: '2026-09-30', to: '2026-10-02' })), false);
    const other = { ...ASKER, origin: 'somebody else' };
    assert.equal(await keptPart(store, other, usageOf(customer, DAYS), bench.now), undefined);
  });

  it('of the open month are an answer for four hours, unless they are wanted anew', async () => {
    const store = bench.store('open');
    const { customer } = bench.scopes;
    const week = { from: '2026-11-03', to: '2026-11-09' };
    await keep(store, customer, AUTUMN);
    bench.now = new Date(PRESENT.getTime() + 3 * 3600_000);
    assert.equal(await held(part(store, customer, week)), true);
    assert.equal(await held(part(store, customer, week, { anew: true })), false);
    assert.equal(await held(part(store, customer, DAYS, { anew: true })), true, 'a closed month is what it is');
    const kept = await part(store, customer, { from: '2026-10-30', to: '2026-11-02' });
    assert.ok(kept);
    const { report } = await write(store, kept, 'csv');
    const asOf = kept.tables.find(({ facts }) => facts.month === '2026-11')?.facts.fetchedAt;
    assert.deepEqual(report.fetchedAt, asOf, 'as old as the month that goes on');
    await kept.release();
    bench.now = new Date(PRESENT.getTime() + 5 * 3600_000);
    assert.equal(await held(part(store, customer, week)), false);
    assert.equal(await held(part(store, customer, DAYS)), true);
  });

  it('are no answer when nothing is kept of them, as on a day that has just begun', async () => {
    const { arm } = bench.client({ answer: legacyService(LEGACY) });
    const store = bench.store('nothing');
    const scope = bench.scopes.subscription;
    await keep(store, scope, OCTOBER, arm);
    assert.equal(await held(part(store, scope, { from: '2026-10-20', to: '2026-10-21' })), false);
    assert.equal(await held(part(store, scope, DAYS)), true);
  });

  for (const [what, properties] of Object.entries({
    'tells no day': { date: null },
    'tells no day of the calendar': { date: '2026-10-99' },
    'is of a day of another month': { date: '2026-09-30T00:00:00.0000000Z' },
    'has no cost, so that its day is not known': { cost: null },
  })) {
    it(`are no answer when a row of the month ${what}`, async () => {
      const { arm } = bench.client({
        answer: legacyService([...LEGACY, { day: '2026-10-11', cost: '1', properties }]),
      });
      const store = bench.store(what);
      await keep(store, bench.scopes.subscription, OCTOBER, arm);
      assert.equal(await held(part(store, bench.scopes.subscription, DAYS)), false);
    });
  }

  it('are not written without rows that might be of them', async () => {
    const undated = { day: '2026-10-11', cost: '1', properties: { date: '' } };
    const { arm } = bench.client({ answer: legacyService([...LEGACY, undated]) });
    const store = bench.store('undated');
    const usage = await read(bench, store, usageOf(bench.scopes.subscription, OCTOBER), arm);
    await assert.rejects(writeFromStore(store, usage, 'csv', undefined, DAYS), /a row does not tell its day/);
    await usage.release();
  });

  it('are shown without a request; where they are not kept, their months are not fetched for them', async () => {
    const store = bench.store('document');
    const { customer } = bench.scopes;
    const { arm, seen } = bench.client();
    const parts = { store, asker: ASKER, failed: assert.fail };
    const show = async () => {
      const sink = new MemorySink();
      const request = { scope: parseScope(customer), period: DAYS, format: 'csv' as const };
      const report = await writeStoredUsage(parts, request, arm, sink, { anew: false });
      return report && { report, text: sink.text };
    };
    assert.equal(await show(), undefined);
    assert.equal(seen.requests.length, 0);
    await keep(store, customer, OCTOBER);
    const shown = await show();
    assert.equal(seen.requests.length, 0);
    assert.equal(shown?.text, (await writeFresh(arm, customer, DAYS, 'csv')).text);
    assert.equal(shown?.report.rows, bench.truth(customer, DAYS).rows);
  });
});
