import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { CostManagementClient } from '@azure/arm-costmanagement';
import { BlobClient, ContainerClient } from '@azure/storage-blob';
import { generateCostDetails } from '../../src/api/arm/costDetails.ts';
import { generateDetailedCostReport, getDetailedCostReportStatus } from '../../src/api/arm/detailedCostReport.ts';
import type { BlobStore } from '../../src/sample/blobStore.ts';
import { REPORTS } from '../../src/sample/costReportFiles.ts';
import { decimalUnits } from '../../src/sample/decimal.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { connect } from '../support/arm.ts';
import { type Azurite, startAzurite } from '../support/azurite.ts';
import { FastClock } from '../support/fastClock.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const OCTOBER = { start: '2026-10-01', end: '2026-10-31' };
const PARTITION_ROWS = 60;
const BILLING_COLUMNS = 70;
const SUBSCRIPTION_COLUMNS = 56;
const COST_SCALE = 20;

interface Report {
  id: string;
  name: string;
  status: string;
  manifest?: {
    manifestVersion: string;
    blobCount: number;
    byteCount: number;
    compressData: boolean;
    requestContext: { requestScope: string; requestBody: object };
    blobs: { blobLink: string; byteCount: number }[];
  };
  validTill?: string;
  error?: { code: string; message: string };
}

type Row = Record<string, string>;

/** Reads RFC 4180 strictly: every record ends with CRLF and has a cell for each column. */
function rowsOf(csv: string): { columns: string[]; rows: Row[] } {
  const records: string[][] = [[]];
  let position = 0;
  while (position < csv.length) {
    const match = /"((?:[^"]|"")*)"|([^",\r\n]*)/y;
    match.lastIndex = position;
    const [all = '', quoted, plain = ''] = match.exec(csv) ?? [];
    records.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    position += all.length;
    if (csv[position] === ',') {
      position++;
      continue;
    }
    assert.equal(csv.slice(position, position + 2), '\r\n');
    position += 2;
    if (position < csv.length) records.push([]);
  }
  const [columns = [], ...cells] = records;
  for (const record of cells) assert.equal(record.length, columns.length);
  return { columns, rows: cells.map((record) => Object.fromEntries(columns.map((c, i) => [c, record[i] ?? '']))) };
}

function sums(rows: readonly Row[]): Record<string, bigint> {
  const totals: Record<string, bigint> = {};
  for (const { billingCurrency = '', costInBillingCurrency = '' } of rows) {
    totals[billingCurrency] = (totals[billingCurrency] ?? 0n) + decimalUnits(costInBillingCurrency, COST_SCALE);
  }
  return totals;
}

/** What the tests do with a running service. */
class Session {
  readonly service: SampleService;
  readonly account: string;
  readonly profile: string;
  readonly customer: string;
  readonly subscription: string;

  constructor(service: SampleService) {
    this.service = service;
    const { directory, accounts } = service.tenant;
    const customer = directory.customer(3);
    this.account = `/providers/Microsoft.Billing/billingAccounts/${accounts[0]?.name}`;
    this.profile = `${this.account}/billingProfiles/${customer.profile.name}`;
    this.customer = `${this.account}/customers/${customer.name}`;
    this.subscription = `/subscriptions/${directory.subscription(customer, 0).name}`;
  }

  get base(): string {
    return this.service.endpoints.resourceManager;
  }

  post(path: string, body: unknown, version = '2025-03-01'): Promise<Response> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return fetch(`${this.base}${path}?api-version=${version}`, { method: 'POST', body: text });
  }

  ask(scope: string, body: unknown, version?: string): Promise<Response> {
    return this.post(`${scope}/providers/Microsoft.CostManagement/generateCostDetailsReport`, body, version);
  }

  async control(name: string, body: unknown): Promise<void> {
    const response = await fetch(`${this.base}/_sample/${name}`, { method: 'POST', body: JSON.stringify(body) });
    assert.equal(response.status, 200, await response.text());
  }

  async report(scope: string, body: unknown, version?: string): Promise<Report> {
    const started = await this.ask(scope, body, version);
    assert.equal(started.status, 202, await started.text());
    const location = started.headers.get('location') ?? '';
    for (;;) {
      const answer = await fetch(location);
      if (answer.status !== 202) {
        assert.equal(answer.status, 200);
        return (await answer.json()) as Report;
      }
    }
  }

  async files({ manifest }: Report): Promise<Buffer[]> {
    const blobs = manifest?.blobs ?? [];
    return Promise.all(
      blobs.map(async ({ blobLink, byteCount }) => {
        const response = await fetch(blobLink);
        assert.equal(response.status, 200);
        const bytes = Buffer.from(await response.arrayBuffer());
        assert.equal(bytes.length, byteCount);
        return bytes;
      }),
    );
  }

  /** All rows of a report; all its files have the same header. */
  async rows(report: Report): Promise<{ columns: string[]; rows: Row[]; files: number[] }> {
    const parts = (await this.files(report)).map((file) => rowsOf(file.toString()));
    const columns = parts[0]?.columns ?? [];
    for (const part of parts) assert.deepEqual(part.columns, columns);
    return { columns, rows: parts.flatMap(({ rows }) => rows), files: parts.map(({ rows }) => rows.length) };
  }

  truth(scope: string, { start, end }: { start: string; end: string }): { rows: number; totals: object } {
    const { rows, totals } = this.service.tenant.truth(scope, start, end);
    return {
      rows,
      totals: Object.fromEntries([...totals].map(([currency, text]) => [currency, decimalUnits(text, COST_SCALE)])),
    };
  }
}

async function start(storage?: BlobStore, more: object = {}): Promise<Session> {
  const service = await startSampleService({
    customers: 30,
    usageRows: 20_000,
    now: NOW,
    operations: { retryAfter: 0 },
    reports: { partitionRows: PARTITION_ROWS },
    ...(storage ? { storage } : {}),
    ...more,
  });
  return new Session(service);
}

const STORES = [
  { name: 'the embedded storage', isOwn: true },
  { name: 'Azurite', isOwn: false },
] as const;

for (const { name, isOwn } of STORES) {
  describe(`sample service: cost details reports in ${name}`, () => {
    let azurite: Azurite | undefined;
    let session: Session;

    before(async () => {
      azurite = isOwn ? undefined : await startAzurite([REPORTS.account]);
      session = await start(azurite?.store);
    });
    afterEach(() => session.control('reset', {}));
    after(async () => {
      await session.service.close();
      await azurite?.stop();
    });

    it('add up to the truth at every scope, for both metrics', async () => {
      for (const scope of [session.account, session.profile, session.customer, session.subscription]) {
        for (const metric of ['ActualCost', 'AmortizedCost']) {
          const report = await session.report(scope, { metric, timePeriod: OCTOBER });
          assert.equal(report.status, 'Completed');
          const { columns, rows, files } = await session.rows(report);
          assert.equal(columns.length, scope === session.subscription ? SUBSCRIPTION_COLUMNS : BILLING_COLUMNS);
          assert.deepEqual({ rows: rows.length, totals: sums(rows) }, session.truth(scope, OCTOBER));
          assert.ok(files.slice(0, -1).every((count) => count === PARTITION_ROWS));
        }
      }
    });

    it('tell of every file in the manifest', async () => {
      const report = await session.report(session.profile, { timePeriod: OCTOBER }, '2023-11-01');
      const { manifest } = report;
      assert.ok(manifest);
      assert.equal(
        report.id,
        `${session.profile.slice(1)}/providers/Microsoft.CostManagement/costDetailsOperationResults/${report.name}`,
      );
      assert.equal(manifest.manifestVersion, '2023-11-01');
      assert.equal(manifest.compressData, false);
      assert.equal(manifest.blobCount, Math.ceil(session.truth(session.profile, OCTOBER).rows / PARTITION_ROWS));
      assert.equal(manifest.blobs.length, manifest.blobCount);
      assert.equal(
        manifest.byteCount,
        manifest.blobs.reduce((sum, { byteCount }) => sum + byteCount, 0),
      );
      assert.deepEqual(manifest.requestContext, {
        requestScope: session.profile.slice(1),
        requestBody: { metric: 'ActualCost', timePeriod: OCTOBER },
      });
      assert.match(report.validTill ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/);
      await session.files(report);
    });

    it('are gzip files where that is switched on, with the same content', async () => {
      const body = { timePeriod: OCTOBER };
      const plain = await session.files(await session.report(session.customer, body));
      await session.control('reports', { compress: true });
      const report = await session.report(session.customer, body);
      assert.equal(report.manifest?.compressData, true);
      const packed = await session.files(report);
      assert.ok(packed.length > 0);
      assert.deepEqual(
        packed.map((file) => gunzipSync(file).toString()),
        plain.map(String),
      );
    });

    it('are read with their signature, in ranges, while they stay the same', async () => {
      const report = await session.report(session.customer, { timePeriod: OCTOBER });
      const [whole = Buffer.alloc(0)] = await session.files(report);
      const { blobLink = '' } = report.manifest?.blobs[0] ?? {};
      const get = (headers: Record<string, string>, link = blobLink) => fetch(link, { headers });
      const head = await fetch(blobLink, { method: 'HEAD' });
      assert.equal(head.headers.get('content-length'), String(whole.length));
      assert.equal(head.headers.get('x-ms-blob-type'), 'BlockBlob');
      const eTag = head.headers.get('etag') ?? '';

      const part = await get({ range: 'bytes=100-199', 'if-match': eTag });
      assert.equal(part.status, 206);
      assert.equal(part.headers.get('content-range'), `bytes 100-199/${whole.length}`);
      assert.deepEqual(Buffer.from(await part.arrayBuffer()), whole.subarray(100, 200));
      const rest = await get({ range: `bytes=${whole.length - 5}-` });
      assert.deepEqual(Buffer.from(await rest.arrayBuffer()), whole.subarray(-5));

      for (const [status, code, answer] of [
        [412, 'ConditionNotMet', await get({ 'if-match': '"0x1"' })],
        [416, 'InvalidRange', await get({ range: `bytes=${whole.length + 10}-` })],
        [403, /^Auth/, await get({}, blobLink.replace(/sig=[^&]+/, 'sig=AAAA'))],
        [403, /^Auth/, await get({}, blobLink.replace(/se=[^&]+/, 'se=2099-01-01T00%3A00%3A00Z'))],
        [403, /^Auth/, await get({}, blobLink.replace('part_0_0001', 'part_0_0002'))],
        [403, /^Auth/, await fetch(blobLink, { method: 'DELETE' })],
      ] as const) {
        assert.equal(answer.status, status);
        const said = /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1] ?? '';
        if (typeof code === 'string') assert.equal(said, code);
        else assert.match(said, code);
      }
    });

    it('are read by the official storage client', async () => {
      const report = await session.report(session.customer, { timePeriod: OCTOBER });
      const [whole] = await session.files(report);
      const blob = new BlobClient(report.manifest?.blobs[0]?.blobLink ?? '');
      assert.deepEqual(await blob.downloadToBuffer(0, undefined, { blockSize: 10_000, concurrency: 3 }), whole);
      const properties = await blob.getProperties();
      assert.equal(properties.contentLength, whole?.length);
    });

    it('cannot be read any more when their time is over', async () => {
      await session.control('reports', { validSeconds: 0 });
      const { manifest } = await session.report(session.customer, { timePeriod: OCTOBER });
      assert.equal((await fetch(manifest?.blobs[0]?.blobLink ?? '')).status, 403);
    });

    it('are gone after a reset', async () => {
      const { manifest } = await session.report(session.customer, { timePeriod: OCTOBER });
      await session.control('reset', {});
      assert.equal((await fetch(manifest?.blobs[0]?.blobLink ?? '')).status, 404);
    });
  });

  describe(`sample service: blobs in ${name}`, () => {
    const EXPORTS = { account: 'sampleexports', container: 'cost' };
    let azurite: Azurite | undefined;
    let session: Session;
    let store: BlobStore;

    before(async () => {
      azurite = isOwn ? undefined : await startAzurite([EXPORTS.account]);
      session = await start(azurite?.store);
      store = session.service.storage;
    });
    after(async () => {
      await session.service.close();
      await azurite?.stop();
    });

    const inAnHour = () => new Date(Date.now() + 3_600_000);
    const write = (name: string, text: string) =>
      store.write(EXPORTS, name, 'text/csv', () => [Buffer.from(text.slice(0, 3)), Buffer.from(text.slice(3))]);

    it('are listed by prefix with the signature of their container, page by page', async () => {
      const names = ['daily/A & b <1>.csv', 'daily/München 100%.csv', 'monthly/a.csv'];
      for (const name of names) assert.deepEqual(await write(name, 'a,b\r\n1,2\r\n'), { name, bytes: 10 });
      assert.deepEqual(
        (await store.list(EXPORTS, 'daily/')).map(({ name }) => name),
        names.slice(0, 2),
      );
      assert.deepEqual(await store.list({ ...EXPORTS, container: 'nowhere' }, ''), []);

      const signature = store.containerSignature(EXPORTS, inAnHour());
      const container = new ContainerClient(`${store.endpoint(EXPORTS.account)}/${EXPORTS.container}?${signature}`);
      const listed: string[] = [];
      for await (const page of container.listBlobsFlat().byPage({ maxPageSize: 2 })) {
        assert.ok(page.segment.blobItems.length <= 2);
        for (const { name, properties } of page.segment.blobItems) {
          assert.equal(properties.contentLength, 10);
          assert.equal((await container.getBlobClient(name).downloadToBuffer()).toString(), 'a,b\r\n1,2\r\n');
          listed.push(name);
        }
      }
      assert.deepEqual(listed, names);
      await assert.rejects(container.getBlobClient('nothing').downloadToBuffer(), { statusCode: 404 });
      await assert.rejects(container.deleteBlob(names[0] ?? ''), { statusCode: 403 });
    });

    it('are deleted by prefix', async () => {
      await write('old/1.csv', 'abcd');
      await write('old/2.csv', 'abcd');
      await write('older.csv', 'abcd');
      assert.equal(await store.delete(EXPORTS, 'old/'), 2);
      assert.deepEqual(
        (await store.list(EXPORTS, 'old')).map(({ name }) => name),
        ['older.csv'],
      );
    });

    it('are another blob once they were written again', async () => {
      await write('again.csv', 'first');
      const link = store.readUrl(EXPORTS, 'again.csv', inAnHour());
      const eTag = (await fetch(link)).headers.get('etag') ?? '';
      await write('again.csv', 'second');
      assert.equal((await fetch(link, { headers: { 'if-match': eTag } })).status, 412);
      assert.equal(await (await fetch(link)).text(), 'second');
    });
  });
}

describe('sample service: cost details requests', () => {
  let session: Session;

  before(async () => {
    session = await start();
  });
  afterEach(() => session.control('reset', {}));
  after(() => session.service.close());

  const refused = async (answer: Promise<Response>, status: number): Promise<string> => {
    const response = await answer;
    assert.equal(response.status, status);
    return ((await response.json()) as { error: { message: string } }).error.message;
  };

  it('answer 202 with a Location until the report is there, and keep the report', async () => {
    await session.control('operations', { polls: 2, retryAfter: 30 });
    const started = await session.ask(session.customer, { timePeriod: OCTOBER }, '2022-05-01');
    assert.equal(started.headers.get('retry-after'), '30');
    const location = started.headers.get('location') ?? '';
    assert.match(location, /\/costDetailsOperationResults\/[0-9a-f-]{36}\?api-version=2022-05-01$/);
    for (let poll = 0; poll < 2; poll++) {
      const answer = await fetch(location);
      assert.equal(answer.status, 202);
      assert.equal(answer.headers.get('location'), location);
    }
    const first = await (await fetch(location)).text();
    assert.equal(await (await fetch(location)).text(), first);
    assert.equal((await fetch(location.replace(/[0-9a-f]{8}-/, '00000000-'))).status, 404);
  });

  it('are the open month when they name no period', async () => {
    const { rows } = await session.rows(await session.report(session.customer, {}));
    const truth = session.truth(session.customer, { start: '2026-11-01', end: '2026-11-30' });
    assert.deepEqual({ rows: rows.length, totals: sums(rows) }, truth);
  });

  it('have the rows of usage details', async () => {
    const query = `startDate=${OCTOBER.start}&endDate=${OCTOBER.end}&api-version=2021-10-01`;
    const usage = await fetch(
      `${session.base}${session.customer}/providers/Microsoft.Consumption/usageDetails?${query}`,
    );
    // Costs as texts, with all their digits.
    const text = (await usage.text()).replace(/"(quantity|costIn\w+)":(-?[\d.]+)/g, '"$1":"$2"');
    const { value, nextLink } = JSON.parse(text) as { value: { properties: Row }[]; nextLink?: string };
    assert.equal(nextLink, undefined);
    const expected = value.map(({ properties: p }) =>
      [p.date?.slice(0, 10), p.instanceName, p.meterId, p.quantity, p.costInBillingCurrency, p.costInUSD].join(' '),
    );
    const { rows } = await session.rows(await session.report(session.customer, { timePeriod: OCTOBER }));
    const actual = rows.map((row) => {
      const [month, day, year] = (row.date ?? '').split('/');
      const date = `${year}-${month}-${day}`;
      return [date, row.ResourceId, row.meterId, row.quantity, row.costInBillingCurrency, row.costInUsd].join(' ');
    });
    assert.deepEqual(actual.sort(), expected.sort());
    assert.ok(actual.length > 0);
  });

  it('by invoice have its rows, at the billing profile and at a customer of it', async () => {
    const { tenant } = session.service;
    const profile = tenant.directory.customer(3).profile;
    const invoice = tenant.invoices(profile, {})[0];
    assert.ok(invoice);
    const { rows } = await session.rows(
      await session.report(session.profile, { invoiceId: invoice.name.toLowerCase() }),
    );
    assert.deepEqual(sums(rows), { [profile.currency]: invoice.total });
    assert.deepEqual(new Set(rows.map(({ invoiceId }) => invoiceId)), new Set([invoice.name]));
    const own = await session.rows(await session.report(session.customer, { invoiceId: invoice.name }));
    assert.deepEqual({ rows: own.rows.length, totals: sums(own.rows) }, session.truth(session.customer, OCTOBER));
  });

  it('find no data for a customer without usage, and for an invoice of purchases', async () => {
    const { tenant } = session.service;
    const silent = `${session.account}/customers/${tenant.directory.customer(5).name}`;
    const report = await session.report(silent, { timePeriod: OCTOBER });
    assert.deepEqual([report.status, report.manifest, report.validTill], ['NoDataFound', undefined, undefined]);
    const purchases = tenant.purchases.invoiceOf(tenant.directory.customer(3).profile, 2026 * 12 + 9);
    assert.ok(purchases);
    assert.equal((await session.report(session.profile, { invoiceId: purchases.name })).status, 'NoDataFound');
  });

  it('end Failed with an error when operations fail', async () => {
    await session.control('operations', { ending: 'Failed' });
    const { status, error } = await session.report(session.customer, {});
    assert.equal(status, 'Failed');
    assert.match(error?.message ?? '', /could not be written/);
  });

  it('are refused with the member that is wrong', async () => {
    const period = (start: unknown, end: unknown = start) => ({ timePeriod: { start, end } });
    for (const [scope, body, message] of [
      [session.customer, '{"metric":', /not JSON/],
      [session.customer, '', /not JSON/],
      [session.customer, [], /JSON object/],
      [session.customer, { metrics: 'ActualCost' }, /'metrics'/],
      [session.customer, { customerId: 'x' }, /'customerId'/],
      [session.customer, { metric: 'Usage' }, /'Usage' of metric .* ActualCost, AmortizedCost/],
      [session.customer, { ...period('2026-10-01'), billingPeriod: '202610' }, /Only one of .* timePeriod and billing/],
      [session.customer, { billingPeriod: '202610' }, /billingPeriod .* enrolments/],
      [session.customer, { timePeriod: { start: '2026-10-01' } }, /timePeriod\.end is required/],
      [session.customer, period('2026-02-30'), /timePeriod\.start/],
      [session.customer, period('2026-10-02', '2026-10-01'), /is after/],
      [session.customer, period('2025-10-20'), /^Start date must be after 2025-10-20/],
      [session.customer, period('2026-09-01', '2026-10-02'), /longer than one month/],
      [session.account, { invoiceId: 'G000000000' }, /billing profile or a customer/],
      [session.subscription, { invoiceId: 'G000000000' }, /billing profile or a customer/],
    ] as const) {
      assert.match(await refused(session.ask(scope, body), 400), message);
    }
    assert.match(await refused(session.ask(session.profile, { invoiceId: 'G000000000' }), 404), /'G000000000'/);
    const other = session.service.tenant.directory.profiles[0];
    assert.ok(other);
    const [foreign] = session.service.tenant.invoices(other, {});
    await refused(session.ask(session.profile, { invoiceId: foreign?.name }), 404);
    assert.equal((await session.ask(session.customer, period('2025-10-21'))).status, 202);
    assert.equal((await session.ask(session.customer, period('2026-09-01', '2026-10-01'))).status, 202);
  });

  it('are refused at scopes that have no reports, and in versions that do not know them', async () => {
    const { directory } = session.service.tenant;
    const group = session.service.tenant.ledger.lines.find(({ customer }) => customer === 3)?.resourceGroup;
    const inGroup = `/subscriptions/${directory.subscription(directory.customer(3), 0).name}/resourceGroups/${group}`;
    await refused(session.ask(inGroup, {}), 404);
    await refused(session.ask(`${session.customer}x`, {}), 404);
    await refused(session.ask('/providers/Microsoft.Management/managementGroups/all', {}), 400);
    for (const version of ['2022-05-01', '2022-10-01', '2023-03-01', '2023-08-01', '2023-11-01', '2024-08-01']) {
      assert.equal((await session.ask(session.customer, {}, version)).status, 202);
    }
    assert.match(await refused(session.ask(session.customer, {}, '2021-10-01'), 400), /2022-05-01/);
    assert.equal(
      (await fetch(`${session.base}${session.customer}/providers/Microsoft.CostManagement/generateCostDetailsReport`))
        .status,
      405,
    );
  });

  it('refuse a token at the storage, which proves that none is sent there', async () => {
    const { manifest } = await session.report(session.customer, {});
    const link = manifest?.blobs[0]?.blobLink ?? '';
    const answer = await fetch(link, { headers: { authorization: 'Bearer secret' } });
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /<Code>InvalidAuthenticationInfo<\/Code>/);
  });

  it('are hit by faults in the storage too', async () => {
    const { manifest } = await session.report(session.customer, { timePeriod: OCTOBER });
    const { blobLink: link = '', byteCount } = manifest?.blobs[0] ?? { byteCount: 0 };
    const half = Math.ceil(byteCount / 2);
    await session.control('fault', { fault: 'truncated*1@armreports' });
    assert.equal((await (await fetch(link)).arrayBuffer()).byteLength, half);
    await session.control('fault', { fault: 'reset*1@armreports' });
    const cut = await fetch(link);
    assert.equal(cut.status, 200);
    await assert.rejects(cut.arrayBuffer());
    await session.control('fault', { fault: '503*1@armreports' });
    assert.equal((await fetch(link)).status, 503);
    assert.equal((await (await fetch(link)).arrayBuffer()).byteLength, byteCount);
    assert.equal(session.service.counts()['blobs.read'], 4);
  });

  it('refuse impossible settings', async () => {
    for (const [body, message] of [
      [{ partitionRows: 0 }, /partitionRows/],
      [{ compress: 'yes' }, /compress/],
      [{ validSeconds: -1 }, /validSeconds/],
    ] as const) {
      assert.match(await refused(session.post('/_sample/reports', body), 400), message);
    }
    await assert.rejects(startSampleService({ reports: { singleFileBytes: 0.5 } }), /singleFileBytes/);
  });

  it('are limited as documented, and so are polls of one operation', async () => {
    const limited = await start(undefined, { throttle: 'documented' });
    try {
      const first = await limited.ask(limited.customer, {});
      assert.equal((await limited.ask(limited.customer, {})).status, 202);
      const third = await limited.ask(limited.customer, {});
      assert.equal(third.status, 429);
      assert.ok(Number(third.headers.get('retry-after')) > 0);
      const location = first.headers.get('location') ?? '';
      assert.deepEqual(
        [(await fetch(location)).status, (await fetch(location)).status, (await fetch(location)).status],
        [202, 200, 429],
      );
    } finally {
      await limited.service.close();
    }
  });

  it('are understood by our client and the official one', async () => {
    const { arm, close } = connect(session.base, { clock: new FastClock() });
    const customer = session.service.tenant.directory.customer(3);
    const scope = { kind: 'customer', account: customer.account.name, customer: customer.name } as const;
    const ours = await generateCostDetails(arm, scope, { timePeriod: OCTOBER }, '2026-11-21').finally(close);
    const credential = { getToken: async () => null };
    const official = new CostManagementClient(credential, { endpoint: session.base, allowInsecureConnection: true });
    official.pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' });
    const theirs = await official.generateCostDetailsReport.beginCreateOperationAndWait(
      session.customer.slice(1),
      { metric: 'ActualCost', timePeriod: OCTOBER },
      { updateIntervalInMs: 1 },
    );
    assert.equal(theirs.status, 'Completed');
    assert.equal(theirs.blobCount, ours.blobs.length);
    const content = async (links: readonly (string | undefined)[]) =>
      Promise.all(links.map(async (link) => (await fetch(link ?? '')).text()));
    assert.deepEqual(
      await content(theirs.blobs?.map(({ blobLink }) => blobLink) ?? []),
      await content(ours.blobs.map(({ blobLink }) => blobLink)),
    );
  });
});

describe('sample service: detailed cost reports', () => {
  let session: Session;

  before(async () => {
    session = await start();
  });
  afterEach(() => session.control('reset', {}));
  after(() => session.service.close());

  const begin = async (scope: string, body: object): Promise<{ location: string; status: string }> => {
    const path = `${scope}/providers/Microsoft.CostManagement/generateDetailedCostReport`;
    const answer = await session.post(path, body, '2023-11-01');
    assert.equal(answer.status, 202, await answer.text());
    const status = answer.headers.get('azure-asyncoperation') ?? '';
    assert.equal(answer.headers.get('azure-consumption-asyncoperation'), status);
    return { location: answer.headers.get('location') ?? '', status };
  };
  const state = async (address: string) =>
    (await (await fetch(address)).json()) as {
      status: string;
      type: string;
      properties?: { downloadUrl: string };
      error: { code: string; message: string | null };
    };

  it('tell by their status how far they are, and are one file', async () => {
    const { location, status } = await begin(session.account, { timePeriod: OCTOBER });
    const running = await state(status);
    assert.deepEqual([running.status, running.error], ['InProgress', { code: '0', message: null }]);
    const done = await state(status);
    assert.deepEqual([done.status, done.type], ['Completed', 'Microsoft.Consumption/operationStatus']);
    const result = (await (await fetch(location)).json()) as typeof done;
    assert.deepEqual(result.properties, done.properties);
    const { rows } = rowsOf(await (await fetch(done.properties?.downloadUrl ?? '')).text());
    assert.deepEqual({ rows: rows.length, totals: sums(rows) }, session.truth(session.account, OCTOBER));
  });

  it('narrow an invoice to one customer', async () => {
    const { tenant } = session.service;
    const customer = tenant.directory.customer(3);
    const [invoice] = tenant.invoices(customer.profile, {});
    const { status } = await begin(session.profile, { invoiceId: invoice?.name, customerId: customer.name });
    await state(status);
    const { rows } = rowsOf(await (await fetch((await state(status)).properties?.downloadUrl ?? '')).text());
    assert.deepEqual({ rows: rows.length, totals: sums(rows) }, session.truth(session.customer, OCTOBER));
  });

  it('tell of no data, failure and a file that would be too large', async () => {
    const silent = `${session.account}/customers/${session.service.tenant.directory.customer(5).name}`;
    const none = await begin(silent, { timePeriod: OCTOBER });
    await fetch(none.location);
    assert.equal((await fetch(none.location)).status, 204);
    assert.equal((await state(none.status)).status, 'NoDataFound');

    await session.control('reports', { singleFileBytes: 1000 });
    const large = await begin(session.account, { timePeriod: OCTOBER });
    await fetch(large.location);
    assert.equal((await fetch(large.location)).status, 413);
    const { status, error } = await state(large.status);
    assert.equal(status, 'Failed');
    assert.match(error.message ?? '', /too large/);
  });

  it('are understood by our client', async () => {
    const { arm, close } = connect(session.base, { clock: new FastClock() });
    const customer = session.service.tenant.directory.customer(3);
    const scope = { kind: 'customer', account: customer.account.name, customer: customer.name } as const;
    try {
      const report = await generateDetailedCostReport(arm, scope, { metric: 'ActualCost', timePeriod: OCTOBER });
      assert.equal((await fetch(report?.properties?.downloadUrl ?? '')).status, 200);
      const { status } = await begin(session.customer, {});
      assert.equal((await getDetailedCostReportStatus(arm, status)).status, 'InProgress');
    } finally {
      await close();
    }
  });
});
