import assert from 'node:assert/strict';
import type { Wait } from '../../src/api/http/client.ts';
import type { PartnerCenterClientOptions } from '../../src/api/partnerCenter/partnerCenterClient.ts';
import type { Format } from '../../src/records/formats.ts';
import { type UtilizationRequest, utilizationWalk } from '../../src/usage/partner/utilizationPages.ts';
import { writeUtilization } from '../../src/usage/partner/writeUtilization.ts';
import type { UsageProgress, UsageReport } from '../../src/usage/writeUsage.ts';
import { MemorySink } from '../support/arm.ts';
import { type Between, expiringSignIn, partnerRefusal, type Seen, transportBetween } from '../support/between.ts';
import { FastClock } from '../support/fastClock.ts';
import { failureOf } from '../support/graph.ts';
import { collectPages, connectPartnerCenter } from '../support/partnerCenter.ts';
import { SamplePartnerCenter } from '../support/samplePartnerCenter.ts';

/** Longer than two pieces, over the end of Pacific summer time, from hour to hour, and not ending with a piece. */
const AUTUMN = { start: '2026-10-20T05:00:00Z', end: '2026-11-06T13:00:00Z', granularity: 'hourly' } as const;
const HEADER = [
  ...['usageStartTime', 'usageEndTime', 'quantity', 'unit'],
  ...['resource.category', 'resource.subcategory', 'resource.name', 'resource.region', 'resource.id'],
  ...['instanceData.resourceUri', 'instanceData.location', 'instanceData.partNumber', 'instanceData.orderNumber'],
  ...['instanceData.tags', 'instanceData.additionalInfo', 'infoFields', 'attributes', 'unknownFields'],
].join();

interface Written {
  report: UsageReport;
  /** Lines of the file without its header. */
  rows: string[];
  text: string;
  seen: Seen;
  clock: FastClock;
  waits: Wait[];
  progress: UsageProgress[];
}

describe('a utilization window as one document', () => {
  let center: SamplePartnerCenter;
  const open: (() => Promise<void>)[] = [];

  before(async () => {
    center = await SamplePartnerCenter.start({
      customers: 20,
      usageRows: 2_000,
      partnerCenter: { utilizationRows: 40_000 },
    });
  });
  after(() => center.service.close());
  afterEach(async () => {
    await Promise.all(open.splice(0).map((close) => close()));
    center.service.setFault(undefined);
    await center.control('POST', 'reset');
  });

  interface Asked {
    request?: Partial<UtilizationRequest>;
    format?: Format;
    between?: Between;
    client?: Partial<PartnerCenterClientOptions>;
    signal?: AbortSignal;
    onWait?: (wait: Wait) => void;
    sink?: MemorySink;
  }

  const connected = (between: Between, options: Partial<PartnerCenterClientOptions> = {}) => {
    const { transport, seen } = transportBetween(between);
    const clock = new FastClock();
    const { client } = connectPartnerCenter(center.service.endpoints.partnerCenter, { transport, clock, ...options });
    open.push(() => transport.close());
    return { client, seen, clock };
  };

  const requestOf = (more: Partial<UtilizationRequest> = {}): UtilizationRequest => {
    const { customer, commerceId } = center.story('legacy');
    return { customer, subscription: commerceId, ...AUTUMN, showDetails: true, size: 100, ...more };
  };

  const write = async ({
    request,
    format = 'csv',
    between = {},
    client: options,
    ...more
  }: Asked = {}): Promise<Written> => {
    const { client, seen, clock } = connected(between, options);
    const { sink = new MemorySink(), onWait, ...rest } = more;
    const [waits, progress]: [Wait[], UsageProgress[]] = [[], []];
    const report = await writeUtilization(client, requestOf(request), format, sink, {
      ...rest,
      onProgress: (step) => progress.push(step),
      onWait(wait) {
        waits.push(wait);
        onWait?.(wait);
      },
    });
    const [header, ...rows] = sink.text.trimEnd().split('\n');
    if (format === 'csv') {
      assert.equal(header, HEADER);
    }
    return { report, rows, text: sink.text, seen, clock, waits, progress };
  };

  const truthOf = (more: Partial<UtilizationRequest> = {}) => {
    const { subscription, start, end, granularity, showDetails } = requestOf(more);
    return center.service.partnerCenter.utilizationTruth(subscription, {
      start: new Date(start),
      end: new Date(end),
      granularity: granularity === 'daily' ? 'Daily' : 'Hourly',
      showDetails,
    });
  };

  /** Whole: as many rows as the service has, none twice, and its sums to the last digit. */
  const assertWhole = ({ report, rows }: Written, more: Partial<UtilizationRequest> = {}) => {
    const truth = truthOf(more);
    assert.ok(truth.rows > 0, 'the window has rows');
    assert.deepEqual([report.rows, rows.length], [truth.rows, truth.rows]);
    assert.equal(new Set(rows.map(withoutQuantity)).size, rows.length, 'no row comes twice');
    assert.equal(sumOf(Object.values(report.totals)), sumOf([truth.total]));
    assert.deepEqual(report.unknownFields, []);
  };

  const firstPages = ({ requests }: Seen) => requests.filter(({ path }) => path.includes('start_time='));

  it('is joined from pieces without a gap or a doubled row, over the end of summer time', async () => {
    const written = await write();
    assertWhole(written);
    const windows = firstPages(written.seen).map(({ path }) => {
      const query = new URLSearchParams(path.split('?')[1]);
      return [query.get('start_time'), query.get('end_time')];
    });
    assert.deepEqual(windows, [
      ['2026-10-20T05:00:00Z', '2026-10-27T00:00:00Z'],
      ['2026-10-27T00:00:00Z', '2026-11-03T00:00:00Z'],
      ['2026-11-03T00:00:00Z', '2026-11-06T13:00:00Z'],
    ]);
    assert.match(written.report.source, /^Partner Center v1, Azure utilization records, 3 windows joined$/);
    const whole = utilizationWalk(connected({}).client, requestOf());
    const pages = (await collectPages(whole)).map((page) => JSON.parse(String(page)) as { items: object[] });
    const asked = pages.flatMap(({ items }) => items.map((item) => JSON.stringify(item))).sort();
    const joined = (await write({ format: 'ndjson' })).text.trimEnd().split('\n');
    assert.deepEqual(joined.map(sortedMembers).sort(), asked.map(sortedMembers).sort(), 'the rows of the whole window');
  });

  it('tells rows, pages, ids and when the last of it came', async () => {
    const { report, seen, progress, text } = await write();
    assert.equal(report.pages, seen.requests.length);
    assert.equal(new Set(report.requestIds).size, report.pages);
    assert.equal(report.bytes, Buffer.byteLength(text));
    assert.deepEqual(
      progress.map(({ pages, source }) => `${source} ${pages}`),
      Array.from({ length: report.pages }, (_, n) => `partnerCenter ${n + 1}`),
    );
    assert.equal(progress.at(-1)?.rows, report.rows);
    assert.equal(new Set(seen.requests.map(({ headers }) => headers['MS-CorrelationId'])).size, 1, 'one operation');
    assert.equal(report.leftOut, undefined);
  });

  it('has the same bytes whichever piece answers first, and asks for four at a time at most', async () => {
    const year = { start: '2026-08-01T00:00:00Z', end: '2026-11-08T00:00:00Z', size: 200 };
    const plain = await write({ request: year });
    const turns = (count: number) =>
      new Promise<undefined>((resolve) => {
        const turn = (left: number) => (left === 0 ? resolve(undefined) : setImmediate(() => turn(left - 1)));
        turn(count);
      });
    // Every piece has its own pace, the first the slowest.
    const slow = await write({ request: year, between: { answer: (_request, number) => turns((97 * number) % 400) } });
    assert.equal(slow.text, plain.text);
    assert.ok(slow.seen.mostAtATime <= 4 && slow.seen.mostAtATime > 1, `${slow.seen.mostAtATime} at a time`);
    assertWhole(slow, year);
  });

  it('is one list where rows sum up what was reported within the window', async () => {
    const quarter = { start: '2026-08-10T00:00:00Z', end: '2026-11-09T00:00:00Z' };
    for (const more of [
      { ...quarter, granularity: 'daily' },
      { ...quarter, granularity: 'daily', showDetails: false },
      { ...quarter, granularity: 'hourly', showDetails: false },
    ] as const) {
      const written = await write({ request: more });
      assertWhole(written, more);
      assert.equal(firstPages(written.seen).length, 1);
    }
  });

  it('has all rows whatever the size of a page, and whatever total a page tells, behind a byte order mark', async () => {
    const plain = await write();
    for (const [settings, size] of [
      [{ bom: true, totals: 'larger' }, 1000],
      [{ links: 'version' }, 333],
      [{ links: 'slash', bom: true }, 100],
    ] as const) {
      await center.set(settings);
      assert.equal((await write({ request: { size } })).text, plain.text);
    }
  });

  it('is whole and empty where nothing was reported', async () => {
    const written = await write({ request: { start: '2014-01-01T00:00:00Z', end: '2014-01-03T00:00:00Z' } });
    assert.equal(written.text, `${HEADER}\n`);
    assert.deepEqual([written.report.rows, written.report.pages, written.report.totals], [0, 1, {}]);
  });

  it('keeps every digit and text as the service wrote it', async () => {
    const raw = (
      await center.pages(
        `customers/${requestOf().customer}/subscriptions/${requestOf().subscription}/utilizations/azure?start_time=2026-11-01T00:00:00Z&end_time=2026-11-03T00:00:00Z&granularity=hourly`,
      )
    ).join();
    const { text } = await write({
      request: { start: '2026-11-01T00:00:00Z', end: '2026-11-03T00:00:00Z' },
      format: 'ndjson',
    });
    const values = (name: string, of: string) =>
      [...of.matchAll(new RegExp(`"${name}":("[^"]*"|[-0-9.]+)`, 'g'))].map(([, v]) => v);
    for (const name of ['usageStartTime', 'usageEndTime', 'quantity', 'unit', 'resourceUri', 'location']) {
      assert.deepEqual(values(name, text), values(name, raw), name);
    }
  });

  describe('under faults', () => {
    it('waits visibly while the data is not ready, five times, and is whole then', async () => {
      await center.set({ notReady: 5, retryAfter: 20 });
      const written = await write();
      assertWhole(written);
      assert.deepEqual(
        written.waits,
        Array(5).fill({ milliseconds: 20_000, reason: 'operation', operation: 'List utilization records' }),
      );
    });

    for (const fault of ['429-retry-after', '503', '500', 'reset', 'truncated', 'empty-body']) {
      it(`is whole after ${fault} in the middle`, async () => {
        const plain = await write();
        center.service.setFault(`${fault}*2@seek_operation`);
        const written = await write();
        assert.equal(written.text, plain.text);
        assert.ok(written.waits.length >= 2, 'the waits are told');
      });
    }

    it('goes on with another token when one runs out on page 500, and is whole', async () => {
      const year = { start: '2025-10-15T00:00:00Z', end: '2026-11-19T00:00:00Z', size: 50 };
      const { token, between } = expiringSignIn((_request, number) => number >= 500);
      const written = await write({ request: year, client: { token }, between });
      assert.ok(written.report.pages > 600, `${written.report.pages} pages`);
      assertWhole(written, year);
      assert.ok(written.seen.requests.length - written.report.pages <= 4, 'only what was under way is asked for again');
    }).timeout(60_000);

    it('goes on when the token runs out on the first page of a later piece', async () => {
      let begun = 0;
      const { token, between } = expiringSignIn(() => true);
      const written = await write({
        client: { token },
        between: {
          async answer(request, number) {
            if (request.path.includes('start_time=2026-11-03')) {
              // The pieces before have been taken by then.
              await until(() => begun > 4);
              return between.answer?.(request, number);
            }
            begun++;
            return undefined;
          },
        },
      });
      assertWhole(written);
    });

    /** What fails for good: the error, and what was written until then. */
    const failing = async (between: Between, more: Asked = {}) => {
      const sink = new MemorySink();
      let seen: Seen | undefined;
      const error = await failureOf(
        (async () => {
          const connection = connected(between, more.client);
          seen = connection.seen;
          await writeUtilization(connection.client, requestOf(more.request), 'json', sink, {});
        })(),
      );
      assert.throws(() => JSON.parse(sink.text), 'what there is does not look whole');
      const asked = seen?.requests.length;
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(seen?.requests.length, asked, 'nothing is asked any more');
      return { error, text: sink.text };
    };

    it('ends in one clear error when a continuation token was altered', async () => {
      const { error } = await failing({
        headers(headers, number) {
          const token = headers['MS-ContinuationToken'];
          return token === undefined || number < 8
            ? headers
            : { ...headers, 'MS-ContinuationToken': `${token.slice(0, -3)}xyz` };
        },
      });
      assert.deepEqual([error.kind, error.status, error.code], ['refused', 400, '800002']);
      assert.match(error.message, /^List utilization records failed with HTTP 400 800002: .*token/i);
      assert.ok(error.requestId && error.correlationId);
      assert.doesNotMatch(JSON.stringify(error), /xyz/, 'the token is not told');
    });

    for (const [fault, expected] of [
      ['500@start_time=2026-11-03', /HTTP 500/],
      ['truncated@start_time=2026-11-03', /cut short/],
      ['reset@start_time=2026-11-03', /List utilization records failed/],
      ['foreign-next-link@start_time=2026-11-03', /not one of this connection's hosts/],
      ['not-an-object@start_time=2026-11-03', /not an object/],
    ] as const) {
      it(`never looks whole when the last piece fails for good: ${fault.split('@')[0]}`, async () => {
        center.service.setFault(fault);
        const { error } = await failing({});
        assert.match(error.message, expected);
      });
    }

    it('ends in the refusal when another token is refused too', async () => {
      const { error } = await failing(
        { answer: (_request, number) => (number > 6 ? partnerRefusal(401, '400', 'Access denied.') : undefined) },
        { client: { token: async () => 'old' } },
      );
      assert.equal(error.status, 401);
    });

    it('stops at once when it is cancelled while the data is not ready', async () => {
      await center.set({ notReady: 1_000, retryAfter: 600 });
      const cancel = new AbortController();
      const sink = new MemorySink();
      // With the clock of the machine: the test ends long before the wait does.
      const { transport, seen } = transportBetween({});
      const { client } = connectPartnerCenter(center.service.endpoints.partnerCenter, { transport });
      open.push(() => transport.close());
      await assert.rejects(
        writeUtilization(client, requestOf(), 'json', sink, { signal: cancel.signal, onWait: () => cancel.abort() }),
        { name: 'AbortError' },
      );
      assert.ok(seen.requests.length <= 3);
      assert.equal(sink.text, '');
    });

    it('stops at once when it is cancelled while pages come', async () => {
      const cancel = new AbortController();
      const { client, seen } = connected({
        answer: (_request, number) => {
          if (number === 7) {
            cancel.abort();
          }
          return undefined;
        },
      });
      await assert.rejects(writeUtilization(client, requestOf(), 'csv', new MemorySink(), { signal: cancel.signal }), {
        name: 'AbortError',
      });
      assert.ok(seen.requests.length <= 8);
    });
  });

  describe('of what has none', () => {
    const why = async (customer: string, subscription: string) =>
      failureOf(write({ request: { customer, subscription } }));

    it('is refused for an Azure plan and what is in it, with the rated usage to open instead', async () => {
      const { customer, planId } = center.stories.azurePlan;
      const [entitlement] = await center.items(`customers/${customer}/subscriptions/${planId}/azureEntitlements`);
      for (const subscription of [planId, String(entitlement?.id)]) {
        const error = await why(customer, subscription);
        assert.equal(error.name, 'BillingError');
        assert.match(error.message, /^subscriptionId: .*no utilization records\.$/);
        assert.match(error.advice ?? '', /rated usage/);
        assert.equal((error as { plan?: string }).plan?.toLowerCase(), planId.toLowerCase());
      }
    });

    it('is refused for the Azure id of a transferred subscription, with its Commerce id', async () => {
      const { customer, entitlementId, commerceId } = center.stories.transferred;
      const error = await why(customer, entitlementId);
      assert.match(error.message, /^subscriptionId: '.*' is the id of the Azure subscription/);
      assert.ok(error.advice?.includes(commerceId));
    });

    it('is refused for licences, and for an id that the customer does not have', async () => {
      const { licencesOnly } = center.stories;
      const [licence] = await center.items(`customers/${licencesOnly}/subscriptions`);
      const ofLicence = await why(licencesOnly, String(licence?.id));
      assert.match(ofLicence.message, /^subscriptionId: only Azure subscriptions of the offer MS-AZR-0145P have/);
      const unknown = await why(center.story('legacy').customer, '00000000-0000-0000-0000-000000000001');
      assert.match(unknown.message, /^subscriptionId: '0{8}-.*' is not among the subscriptions/);
      assert.match(unknown.advice ?? '', /as Partner Center lists it/);
    });

    it('is refused in the words of the service when the subscriptions cannot be listed', async () => {
      center.service.setFault(`500@${center.stories.azurePlan.customer}/subscriptions?`);
      const error = await why(center.stories.azurePlan.customer, center.stories.azurePlan.planId);
      assert.deepEqual([error.kind, error.status, error.code], ['refused', 404, '20003']);
      assert.match(error.message, /was not found under this customer/);
      assert.match(error.advice ?? '', /rated usage/);
    });

    it('is refused for a customer of another partner', async () => {
      const error = await why(center.stories.foreign, center.story('legacy').commerceId);
      assert.equal(error.kind, 'refused');
      assert.ok(error.status === 403 || error.status === 404);
    });
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A row is told by all but its quantity: an hour, or a day, of a resource has one. */
function withoutQuantity(row: string): string {
  return row.replace(/^([^,]*,[^,]*),[^,]*/, '$1');
}

function sortedMembers(text: string): string {
  return JSON.stringify(Object.entries(JSON.parse(text) as object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** In millionths, which are all the digits that the sample has. */
function sumOf(digits: readonly string[]): bigint {
  return digits.reduce((sum, text) => {
    const [whole = '', fraction = ''] = text.split('.');
    assert.ok(fraction.length <= 6);
    return sum + BigInt(`${whole}${fraction.padEnd(6, '0')}`);
  }, 0n);
}
