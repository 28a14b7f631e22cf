import assert from 'node:assert/strict';
import { mapChoices } from '../../src/charts/heatMapChoices.ts';
import { heatMapView } from '../../src/charts/heatMapView.ts';
import { readUtilization } from '../../src/charts/readUtilization.ts';
import { DecimalSum } from '../../src/records/decimal.ts';
import { NoUtilization } from '../../src/usage/partner/noUtilization.ts';
import type { UtilizationRequest } from '../../src/usage/partner/utilizationPages.ts';
import { writeUtilization } from '../../src/usage/partner/writeUtilization.ts';
import type { WriteOptions } from '../../src/usage/writeUsage.ts';
import { MemorySink } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import { failureOf } from '../support/graph.ts';
import { connectPartnerCenter } from '../support/partnerCenter.ts';
import { SamplePartnerCenter } from '../support/samplePartnerCenter.ts';

const AUTUMN = { start: '2026-10-20T00:00:00Z', end: '2026-11-06T00:00:00Z' };

describe('a utilization window read for its heat map', () => {
  let center: SamplePartnerCenter;
  let connection: ReturnType<typeof connectPartnerCenter>;

  before(async () => {
    center = await SamplePartnerCenter.start({
      customers: 20,
      usageRows: 2_000,
      partnerCenter: { utilizationRows: 40_000 },
    });
    connection = connectPartnerCenter(center.service.endpoints.partnerCenter, { clock: new FastClock() });
  });
  after(async () => {
    await connection.close();
    await center.service.close();
  });
  afterEach(() => {
    center.service.setFault(undefined);
    return center.control('POST', 'reset');
  });

  const requestOf = (more: Partial<UtilizationRequest> = {}): UtilizationRequest => {
    const { customer, commerceId } = center.story('legacy');
    return {
      customer,
      subscription: commerceId,
      ...AUTUMN,
      granularity: 'hourly',
      showDetails: true,
      size: 100,
      ...more,
    };
  };
  const read = (more: Partial<UtilizationRequest> = {}, options: WriteOptions = {}) =>
    readUtilization(connection.client, requestOf(more), options);

  for (const granularity of ['hourly', 'daily'] as const) {
    for (const showDetails of [true, false]) {
      const rows = `${granularity} rows of ${showDetails ? 'resources' : 'meters'}`;

      it(`adds up to the digits of the document and of the service, in ${rows}`, async () => {
        const request = { granularity, showDetails };
        const overview = await read(request);
        const report = await writeUtilization(connection.client, requestOf(request), 'ndjson', new MemorySink(), {});
        assert.ok(overview.rows > 0);
        assert.deepEqual([overview.rows, overview.totals], [report.rows, report.totals]);
        assert.equal(overview.source, report.source);
        const drawn: Record<string, string> = {};
        const meters = new DecimalSum();
        for (const choice of mapChoices(overview.cells)) {
          const total = new DecimalSum();
          for (const cell of heatMapView(overview.cells, choice).lines.flatMap(({ cells }) => cells)) {
            total.add(cell || '0');
          }
          if (choice.single) {
            meters.add(total.toString());
          }
          drawn[choice.unit] ??= total.toString();
        }
        assert.deepEqual(drawn, overview.totals, 'the cells of each unit');
        const { subscription, start, end } = requestOf();
        const truth = center.service.partnerCenter.utilizationTruth(subscription, {
          start: new Date(start),
          end: new Date(end),
          granularity: granularity === 'daily' ? 'Daily' : 'Hourly',
          showDetails,
        });
        assert.deepEqual([overview.rows, meters.toString()], [truth.rows, truth.total], 'the cells of each meter');
      });
    }
  }

  it('is empty where nothing was reported', async () => {
    const { rows, totals, cells } = await read({ start: '2014-01-01T00:00:00Z', end: '2014-01-03T00:00:00Z' });
    assert.deepEqual([rows, totals, cells.span, mapChoices(cells)], [0, {}, undefined, []]);
  });

  it('waits visibly while the data is not ready, and is whole then', async () => {
    const plain = await read();
    await center.set({ notReady: 3, retryAfter: 20 });
    const waits: number[] = [];
    const waited = await read({}, { onWait: ({ milliseconds }) => waits.push(milliseconds) });
    assert.deepEqual(waits, [20_000, 20_000, 20_000]);
    assert.deepEqual(waited.totals, plain.totals);
  });

  for (const fault of ['503', 'reset', 'truncated']) {
    it(`is whole after ${fault} in the middle, and nothing at all when it stays`, async () => {
      const plain = await read();
      center.service.setFault(`${fault}*2@seek_operation`);
      assert.deepEqual((await read()).totals, plain.totals);
      center.service.setFault(`${fault}@seek_operation`);
      assert.match((await failureOf(read())).message, /^List utilization records failed/);
    });
  }

  it('ends when it is cancelled', async () => {
    const abort = new AbortController();
    const cancelled = read({}, { signal: abort.signal, onProgress: () => abort.abort() });
    await assert.rejects(cancelled, { name: 'AbortError' });
  });

  it('says what there is in place of utilization of an Azure plan', async () => {
    const { customer, planId } = center.stories.azurePlan ?? assert.fail();
    const error = await failureOf(read({ customer, subscription: planId }));
    assert.ok(error instanceof NoUtilization);
    assert.match(error.explanation, /an Azure plan has no utilization records\. Open its rated usage instead/);
  });
});
