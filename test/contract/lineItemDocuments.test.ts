import assert from 'node:assert/strict';
import type { GraphClient } from '../../src/api/graph/graphClient.ts';
import type { PartnerCenterClient } from '../../src/api/partnerCenter/partnerCenterClient.ts';
import { ExactNumber } from '../../src/json/exact.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { DecimalSum } from '../../src/records/decimal.ts';
import type { Format } from '../../src/records/formats.ts';
import { COST_SCALE, decimalText } from '../../src/sample/decimal.ts';
import { type LineItemsRequest, ratedUsageLines } from '../../src/usage/partner/lineItemCall.ts';
import { writeLineItems } from '../../src/usage/partner/writeLineItems.ts';
import type { UsageReport } from '../../src/usage/writeUsage.ts';
import { MemorySink } from '../support/arm.ts';
import { connectGraph, failureOf, packed } from '../support/graph.ts';
import { connectPartnerCenter } from '../support/partnerCenter.ts';
import { SamplePartnerCenter } from '../support/samplePartnerCenter.ts';
import { sendBlob, sendStorageError } from '../support/stubBlobs.ts';
import { type StubAnswer, sendJson, startStubService } from '../support/stubService.ts';

const CHARGES = { provider: 'onetime', type: 'billinglineitems' } as const;
const RATED = { provider: 'onetime', type: 'usagelineitems' } as const;

interface Written {
  text: string;
  report: UsageReport;
}

interface Clients {
  partnerCenter: PartnerCenterClient;
  graph: GraphClient | undefined;
}

async function write(clients: Clients, request: LineItemsRequest, format: Format = 'json'): Promise<Written> {
  const sink = new MemorySink();
  const report = await writeLineItems(clients, request, format, sink, {});
  return { text: sink.text, report };
}

/** Rows with the digits that they were written with; names in small letters and in order, what no column knows among them. */
function rowsOf(json: string): unknown[] {
  return (parseJson(json) as Record<string, unknown>[]).map(plain);
}

function plain(row: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(
    Object.entries(row)
      .map(([name, value]) => [name.toLowerCase(), digits(value)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function digits(value: unknown): unknown {
  return value instanceof ExactNumber ? value.digits : typeof value === 'number' ? String(value) : value;
}

/** The exact sum of a member over rows as {@link rowsOf} gives them, for each value of another. */
function sums(rows: readonly unknown[], amount: string, by: string): Record<string, string> {
  const found = new Map<string, DecimalSum>();
  for (const row of rows as Record<string, unknown>[]) {
    const name = String(row[by]);
    const sum = found.get(name) ?? new DecimalSum();
    sum.add(String(row[amount]));
    found.set(name, sum);
  }
  return Object.fromEntries([...found].map(([name, sum]) => [name, sum.toString()]));
}

/** As sums are written: without zeros at the end. */
function trimmed(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

describe('line items as documents', () => {
  let center: SamplePartnerCenter;
  let clients: { partnerCenter: PartnerCenterClient; graph: GraphClient };
  let close: () => Promise<unknown>;

  before(async () => {
    center = await SamplePartnerCenter.start({ customers: 40, usageRows: 60_000, graph: { partitionRows: 500 } });
    const { endpoints } = center.service;
    const partner = connectPartnerCenter(endpoints.partnerCenter);
    const graph = connectGraph(endpoints.graph);
    clients = { partnerCenter: partner.client, graph: graph.graph };
    close = () => Promise.all([partner.close(), graph.close()]);
  });
  after(async () => {
    await close();
    await center.service.close();
  });
  afterEach(() => center.control('POST', 'reset'));

  const withoutGraph = (): Clients => ({ ...clients, graph: undefined });
  const newest = () => {
    const [account] = center.service.tenant.accounts;
    const [invoice] = account === undefined ? [] : center.service.tenant.invoices(account);
    assert.ok(invoice);
    return invoice;
  };
  const named = ({ name, total, profile: { currency } }: ReturnType<typeof newest>) => {
    return { name, currency, total: trimmed(decimalText(total, COST_SCALE)) };
  };
  /** An invoice of usage. */
  const modern = () => named(newest());
  /** The one of the same month that has no usage. */
  const purchases = () => {
    const { profile, month } = newest();
    const invoice = center.service.tenant.purchases.invoiceOf(profile, month);
    assert.ok(invoice);
    return named(invoice);
  };
  const legacy = async () => {
    const [first] = (await center.items('invoices')).filter(({ id }) => String(id).startsWith('D'));
    assert.ok(first);
    const { id, currencyCode, totalCharges } = first;
    return { name: String(id), currency: String(currencyCode), total: String(totalCharges) };
  };
  const setGraph = async (settings: object) => {
    const { status, text } = await center.control('POST', 'graph', settings);
    assert.equal(status, 200, text);
  };
  /** The rows as the service's own routes give them. */
  const sent = async (path: string) =>
    (await center.pages(path)).flatMap((page) => (parseJson(page) as { items: Record<string, unknown>[] }).items);

  describe('of new commerce', () => {
    it('come from the exports of Microsoft Graph, and charges and rated usage both add up to the invoice', async () => {
      const { name, currency, total } = modern();
      const charges = await write(clients, { ...CHARGES, invoice: name });
      assert.deepEqual(charges.report.totals, { [currency]: total });
      assert.equal(charges.report.source, 'Microsoft Graph v1.0, billed reconciliation export');
      assert.equal(charges.report.why, undefined);
      assert.deepEqual(charges.report.unknownFields, []);
      assert.equal(rowsOf(charges.text).length, charges.report.rows);

      const rated = await write(clients, { ...RATED, invoice: name });
      assert.deepEqual(rated.report.totals, { [currency]: total });
      assert.equal(rated.report.source, 'Microsoft Graph v1.0, billed usage export');
      assert.ok(rated.report.pages > 1, 'several files');
      assert.deepEqual(rated.report.unknownFields, []);
    });

    it('are the same rows from both services, where a connection has no Microsoft Graph, and say why', async () => {
      const { name, currency } = modern();
      for (const [lines, amount] of [
        [CHARGES, 'subtotal'],
        [RATED, 'billingpretaxtotal'],
      ] as const) {
        const exported = await write(clients, { ...lines, invoice: name });
        const listed = await write(withoutGraph(), { ...lines, invoice: name });
        assert.match(listed.report.why ?? '', /^the connection has no Microsoft Graph/);
        const path = `invoices/${name}/lineitems?provider=onetime&invoicelineitemtype=${lines.type}&currencycode=${currency}`;
        assert.deepEqual(rowsOf(listed.text), (await sent(path)).map(plain));
        assert.deepEqual(listed.report.unknownFields, []);
        // Rated usage in lists has no row for the rounding of the invoice.
        const own = rowsOf(exported.text).filter(
          (row) => (row as { chargetype?: string }).chargetype !== 'roundingAdjustment',
        );
        const by = lines === RATED ? 'billingcurrency' : 'currency';
        assert.deepEqual(listed.report.totals, sums(own, amount, by));
      }
    });

    it('take amounts that are texts for numbers, and leave them texts', async () => {
      const { name, currency, total } = purchases();
      const written: Written[] = [];
      for (const textNumbers of [true, false]) {
        await center.set({ textNumbers });
        written.push(await write(withoutGraph(), { ...CHARGES, invoice: name }));
      }
      const [texts, numbers] = written;
      assert.match(texts?.text ?? '', /"subtotal": ?"[\d.]+"/);
      assert.match(numbers?.text ?? '', /"subtotal": ?[\d.]+,/);
      assert.deepEqual(texts?.report.totals, numbers?.report.totals);
      assert.deepEqual(texts?.report.totals, { [currency]: total });
    });

    it('are also what has no invoice yet, in a currency', async () => {
      for (const lines of [CHARGES, RATED]) {
        const request = { ...lines, period: 'current', currency: 'EUR' } as const;
        const exported = await write(clients, request);
        const listed = await write(withoutGraph(), request);
        assert.deepEqual(Object.keys(exported.report.totals), ['EUR']);
        assert.deepEqual(exported.report.totals, listed.report.totals);
        assert.equal(exported.report.rows, listed.report.rows);
      }
    });

    it('are those of one customer when one is asked for, and tell how many were left out', async () => {
      const { name } = modern();
      const all = await write(clients, { ...CHARGES, invoice: name });
      const counts = new Map<string, number>();
      for (const { customerid } of rowsOf(all.text) as { customerid: string }[]) {
        counts.set(customerid, (counts.get(customerid) ?? 0) + 1);
      }
      const [customer, rows] = [...counts].find(([id]) => id !== '') ?? [];
      for (const source of [clients, withoutGraph()]) {
        const own = await write(source, { ...CHARGES, invoice: name, customer: customer?.toUpperCase() });
        assert.equal(own.report.rows, rows);
        assert.equal(own.report.leftOut, all.report.rows - (rows ?? 0));
      }
    });

    it('come page by page whatever links look like and whatever totals they tell', async () => {
      const { name, currency, total } = modern();
      const plainly = await write(withoutGraph(), { ...RATED, invoice: name });
      assert.ok(plainly.report.pages > 1, 'several pages');
      await center.set({ malformedLinks: true, links: 'bare', totals: 'larger' });
      assert.equal((await write(withoutGraph(), { ...RATED, invoice: name })).text, plainly.text);
      const { report } = await write(withoutGraph(), { ...CHARGES, invoice: name });
      assert.deepEqual(report.totals, { [currency]: total });
    });

    it('in China and for the US government are line items of Partner Center', async () => {
      const { name, currency, total } = modern();
      for (const cloud of ['china', 'usGovernment'] as const) {
        const there = { ...clients, partnerCenter: { ...clients.partnerCenter, cloud } };
        const { report } = await write(there, { ...CHARGES, invoice: name });
        assert.equal(report.source, 'Partner Center v1, one-time line items');
        assert.equal(report.why, 'this cloud has no billing exports');
        assert.deepEqual(report.totals, { [currency]: total });
      }
    });

    it('have the same cells in CSV, JSON and NDJSON', async () => {
      const { name } = modern();
      const [csv, json, ndjson] = await Promise.all(
        (['csv', 'json', 'ndjson'] as const).map((format) => write(clients, { ...CHARGES, invoice: name }, format)),
      );
      assert.match(csv?.text ?? '', /^ChargeStartDate,ChargeEndDate,CustomerName,.*,Subtotal,TaxTotal,Total,Currency,/);
      assert.equal(csv?.text.trimEnd().split('\n').length, (json?.report.rows ?? 0) + 1);
      const lines = ndjson?.text.trimEnd().split('\n') ?? [];
      assert.deepEqual(rowsOf(`[${lines.join(',')}]`), rowsOf(json?.text ?? ''));
    });
  });

  describe('of legacy commerce', () => {
    it('are line items of Partner Center, digits and members as they were sent, and add up to the invoice', async () => {
      const { name, currency, total } = await legacy();
      const charged = new DecimalSum();
      for (const [provider, type, words] of [
        ['azure', 'billinglineitems', 'usage-based'],
        ['office', 'billinglineitems', 'licence-based'],
        ['azure', 'usagelineitems', 'daily usage'],
      ] as const) {
        const { text, report } = await write(clients, { provider, type, invoice: name });
        assert.equal(report.source, `Partner Center v1, ${words} line items`);
        assert.equal(report.why, 'legacy commerce has no billing exports');
        assert.deepEqual(report.unknownFields, []);
        const path = `invoices/${name}/lineitems?provider=${provider}&invoicelineitemtype=${type}`;
        const rows = rowsOf(text);
        assert.ok(rows.length > 0);
        assert.deepEqual(rows, (await sent(path)).map(plain));
        if (type === 'usagelineitems') {
          assert.deepEqual(report.totals, sums(rows, 'consumedquantity', 'unit'));
        } else {
          assert.deepEqual(Object.keys(report.totals), [currency]);
          charged.add(report.totals[currency] ?? '');
        }
      }
      assert.equal(Number(charged.toString()), Number(total));
    });

    it('are rated usage by meter', async () => {
      const { name } = await legacy();
      assert.deepEqual(ratedUsageLines(`Recurring-${name}`), { provider: 'azure', type: 'billinglineitems' });
      assert.deepEqual(ratedUsageLines('G016907411'), RATED);
      assert.deepEqual(ratedUsageLines(undefined), RATED);
    });
  });

  describe('that cannot be had', () => {
    it('fail with the words of the service where an export has no data, and are not looked for where they cannot be', async () => {
      const unbilled = await failureOf(write(clients, { ...CHARGES, period: 'last', currency: 'EUR' }));
      assert.equal(unbilled.code, '5000');
      const before = center.service.requests().length;
      const error = await failureOf(write(clients, { ...RATED, invoice: purchases().name }));
      assert.equal(error.code, '5000');
      assert.match(error.advice ?? '', /^There is no data for it/);
      const asked = center.service.requests().slice(before);
      assert.ok(
        !asked.some(({ path }) => /lineitems/i.test(path)),
        'no empty list stands in for an export without data',
      );
    });

    it('fail when the export fails, or is never ready', async () => {
      const { name } = modern();
      await setGraph({ ending: 'Failed' });
      const failed = await failureOf(write(clients, { ...CHARGES, invoice: name }));
      assert.match(failed.message, /^Export billed reconciliation failed: the service could not write the export/);
      await setGraph({ ending: 'Never', retryAfter: 600 });
      const never = await failureOf(write(clients, { ...CHARGES, invoice: name }));
      assert.match(never.message, /^Export billed reconciliation failed: the service has worked on it for four hours/);
    });

    it('say that line items of new commerce are retired', async () => {
      await center.set({ modernLineItemsRetired: true });
      const { name } = modern();
      const error = await failureOf(write(withoutGraph(), { ...CHARGES, invoice: name }));
      assert.equal(error.kind, 'refused');
      assert.match(error.message, /^List invoice line items failed .*export them through Microsoft Graph/);
    });

    it('stop at once when nobody wants them', async () => {
      const { name } = modern();
      const stop = new AbortController();
      const run = writeLineItems(clients, { ...CHARGES, invoice: name }, 'csv', new MemorySink(), {
        signal: stop.signal,
        onWait: () => stop.abort(),
      });
      await assert.rejects(run, { name: 'AbortError' });
    });
  });
});

describe('line items whose files or lists are damaged', () => {
  const OPERATION = '/v1.0/reports/partners/billing/operations/op-1';
  const MANIFEST = '/v1.0/reports/partners/billing/manifests/m-1';
  const ROWS = ['{"Subtotal":1.10,"Currency":"EUR"}', '{"Subtotal":"2.205","currency":"EUR","Added":{"a":[1.0]}}'];
  const REQUEST = { ...CHARGES, invoice: 'G016907411' } as const;

  /** One server for both services: an export whose files these are, linked where that is wanted, and what is asked for else. */
  const exportOf = (
    files: Readonly<Record<string, Uint8Array | undefined>>,
    { linked = false, otherwise }: { linked?: boolean; otherwise?: StubAnswer } = {},
  ): StubAnswer => {
    return (request, response, base) => {
      const { method, target } = request;
      const manifest = {
        rootDirectory: `${base}/account/folder`,
        sasToken: 'sv=2021-08-06&sr=d&sig=c2VjcmV0',
        blobCount: Object.keys(files).length,
        blobs: Object.keys(files).map((name) => ({ name, partitionValue: 'default' })),
      };
      if (method === 'POST') {
        return sendJson(response, 202, '', { location: `${base}${OPERATION}` });
      }
      if (target === OPERATION) {
        const where = linked
          ? { 'resourceLocation@odata.navigationLink': `${base}${MANIFEST}` }
          : { resourceLocation: manifest };
        return sendJson(response, 200, { status: 'succeeded', ...where });
      }
      const name = /^\/account\/folder\/([^?]+)\?/.exec(target)?.[1];
      if (name === undefined) {
        return (otherwise ?? ((_, to) => sendJson(to, 404, { code: 404, description: 'Not found' })))(
          request,
          response,
          base,
        );
      }
      const content = files[name];
      return content === undefined
        ? sendStorageError(response, 404, 'BlobNotFound', 'The specified blob does not exist.')
        : sendBlob(response, request, { content });
    };
  };

  async function withBoth<T>(answer: StubAnswer, run: (clients: Clients) => Promise<T>): Promise<T> {
    const service = await startStubService(answer);
    const graph = connectGraph(service.base);
    const partner = connectPartnerCenter(service.base, { clock: graph.clock });
    try {
      return await run({ graph: graph.graph, partnerCenter: partner.client });
    } finally {
      await Promise.all([graph.close(), partner.close()]);
      await service.close();
    }
  }

  it('keep a field that no column knows, and match names without case', async () => {
    const { text, report } = await withBoth(exportOf({ 'a.gz': packed(ROWS.join('\n')) }), (clients) =>
      write(clients, REQUEST, 'ndjson'),
    );
    assert.equal(
      text,
      '{"Subtotal":1.10,"Currency":"EUR"}\n{"Subtotal":"2.205","currency":"EUR","Added":{"a":[1.0]}}\n',
    );
    assert.deepEqual(report.unknownFields, ['Added']);
    assert.deepEqual(report.totals, { EUR: '3.305' });
  });

  it('are an error when a file is missing or cut short, or the manifest behind a link has expired', async () => {
    const whole = packed(ROWS.join('\n'));
    const cases: [StubAnswer, RegExp][] = [
      [
        exportOf({ 'a.gz': whole, 'b.gz': undefined }),
        /^Download the billing export failed with HTTP 404 BlobNotFound/,
      ],
      [exportOf({ 'a.gz': whole, 'b.gz': whole.subarray(0, -9) }), /'b\.gz' is cut short, damaged or not gzip/],
      [exportOf({ 'a.gz': packed('{"Subtotal":1,') }), /line 1 of 'a\.gz' is not a JSON object/],
      [exportOf({ 'a.gz': packed('{"Subtotal":"many"}') }), /a line cannot be read/],
      [exportOf({}, { linked: true }), /^Export billed reconciliation failed with HTTP 404/],
    ];
    for (const [answer, message] of cases) {
      assert.match((await withBoth(answer, (clients) => failureOf(write(clients, REQUEST)))).message, message);
    }
  });

  it('come from Partner Center when an invoice is older than the exports, in its currency', async () => {
    const asked: string[] = [];
    const old =
      (invoiceDate: string): StubAnswer =>
      (request, response, base) => {
        const { method, target } = request;
        if (method === 'POST') {
          return sendJson(response, 202, '', { location: `${base}${OPERATION}` });
        }
        if (target === OPERATION) {
          return sendJson(response, 200, { status: 'failed', error: { code: '5000', message: 'No data available' } });
        }
        asked.push(target);
        return sendJson(
          response,
          200,
          target === '/v1/invoices/G016907411'
            ? { id: 'G016907411', invoiceDate, billingPeriodStartDate: '0001-01-01T00:00:00', currencyCode: 'NOK' }
            : { totalCount: 1, items: [{ subtotal: '7.50', currency: 'NOK' }] },
        );
      };
    const { report } = await withBoth(old('2024-01-05T00:00:00Z'), (clients) => write(clients, REQUEST));
    assert.deepEqual(report.totals, { NOK: '7.5' });
    assert.equal(report.why, 'the invoice is older than the billing exports of Microsoft Graph');
    assert.match(
      asked.at(-1) ?? '',
      /lineitems\?provider=onetime&invoicelineitemtype=billinglineitems&currencycode=NOK/,
    );

    const young = await withBoth(old('2024-02-05T00:00:00Z'), (clients) => failureOf(write(clients, REQUEST)));
    assert.equal(young.code, '5000');
  });
});
