import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { createArmClient } from '../../src/api/arm/armClient.ts';
import { parseScope } from '../../src/api/arm/scope.ts';
import type { VersionSet } from '../../src/api/arm/versions.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import type { Transport, WireRequest, WireResponse } from '../../src/api/http/transport.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import { FORMATS, type Format } from '../../src/records/formats.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { UsageJob } from '../../src/usage/usageJob.ts';
import { type UsageReport, writeUsage } from '../../src/usage/writeUsage.ts';
import { MemorySink } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';

const AUTUMN = { from: '2026-09-10', to: '2026-11-05' };
const OCTOBER = { from: '2026-10-01', to: '2026-10-31' };
const WHY_UNSUPPORTED = 'usage details do not support this scope or offer';

/** What stands between a client and the service. */
interface Between {
  /** Answers in place of the service where it gives something. */
  answer?: (request: WireRequest) => WireResponse | undefined;
  /** Changes what goes out. */
  path?: (path: string) => string;
  body?: (request: WireRequest, body: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
}

const isUsage = ({ path }: WireRequest) => /\/usageDetails\?/i.test(path);
const isBlob = ({ path }: WireRequest) => /[?&]sig=/.test(path);

function refusal(status: number, code: string, message: string): WireResponse {
  const text = JSON.stringify({ error: { code, message } });
  return {
    status,
    headers: {},
    body: chunksOf(text),
  };
}

/** Usage details are refused as unsupported, everything else goes through. */
const UNSUPPORTED: Between = {
  answer: (request) =>
    isUsage(request) ? refusal(400, 'BadRequest', 'The offer of this subscription is not supported.') : undefined,
};

/** Pages of a few rows, so that a month has very many of them. */
const SMALL_PAGES: Between = {
  path: (path) => (/\/usageDetails\?(?!.*skiptoken)/i.test(path) ? `${path}&$top=4` : path),
};

/** Keeps what is written, and can start anew. */
class RestartingSink extends MemorySink {
  restarts = 0;

  restart(): void {
    this.restarts++;
    this.chunks.length = 0;
  }
}

describe('sources of usage', () => {
  let service: SampleService;
  let account: string;
  let scopes: Record<string, string>;
  let invoice: { short: string; long: string };

  before(async () => {
    service = await startSampleService({
      customers: 12,
      usageRows: 7_000,
      now: new Date('2026-11-21T12:00:00Z'),
      reports: { partitionRows: 150 },
    });
    const [main] = service.tenant.accounts;
    assert.ok(main);
    account = `/providers/Microsoft.Billing/billingAccounts/${main.name}`;
    const customer = service.tenant.directory.customer(0);
    const [newest] = service.tenant.invoices(main);
    assert.ok(newest);
    invoice = {
      short: `${account}/invoices/${newest.name}`,
      long: `${account}/billingProfiles/${newest.profile.name}/invoices/${newest.name}`,
    };
    scopes = {
      'billing account': account,
      'billing profile': `${account}/billingProfiles/${main.profiles[0]?.name}`,
      customer: `${account}/customers/${customer.name}`,
      subscription: `/subscriptions/${service.tenant.subscriptions(customer).at(0).name}`,
    };
  });
  after(() => service.close());
  afterEach(async () => {
    await fetch(`${service.endpoints.resourceManager}/_sample/reset`, { method: 'POST' });
    service.setFault(undefined);
  });

  const control = (name: string, body: object) =>
    fetch(`${service.endpoints.resourceManager}/_sample/${name}`, { method: 'POST', body: JSON.stringify(body) });

  const truth = (scope: string, { from, to } = { from: '2000-01-01', to: '2100-01-01' }) => {
    const { rows, totals } = service.tenant.truth(scope, from, to);
    return { rows, totals: Object.fromEntries(totals) };
  };

  const connected = (between: Between, versions: VersionSet = 'newest') => {
    const inner = createUndiciTransport();
    const sent: WireRequest[] = [];
    const transport: Transport = {
      async send(request) {
        sent.push(request);
        const { answer, path, body } = between;
        const instead = answer?.(request);
        if (instead !== undefined) {
          return instead;
        }
        const response = await inner.send({ ...request, path: path?.(request.path) ?? request.path });
        return body === undefined ? response : { ...response, body: body(request, response.body) };
      },
      close: () => inner.close(),
    };
    const clock = new FastClock();
    const arm = createArmClient({
      transport,
      base: service.endpoints.resourceManager,
      versions,
      clock,
      token: async () => 'secret',
    });
    return { arm, sent, clock, close: () => inner.close() };
  };

  interface Asked {
    scope: string;
    period?: { from: string; to: string } | undefined;
    format?: Format;
    between?: Between;
    versions?: VersionSet;
    sink?: MemorySink;
  }

  async function write({
    scope,
    period,
    format = 'csv',
    between = UNSUPPORTED,
    versions,
    sink = new MemorySink(),
  }: Asked) {
    const { arm, sent, clock, close } = connected(between, versions);
    try {
      const report = await writeUsage({ arm, scope: parseScope(scope), period, format }, sink);
      return { report, text: sink.text, sent, clock, error: undefined };
    } catch (error) {
      assert.ok(error instanceof BillingError, String(error));
      return { report: undefined, text: sink.text, sent, clock, error };
    } finally {
      await close();
    }
  }

  /** How many records a document has. */
  const recordsIn = (text: string, format: Format) =>
    format === 'json'
      ? (JSON.parse(text) as unknown[]).length
      : text.trimEnd().split('\n').length - (format === 'csv' ? 1 : 0);

  const brought = (report: UsageReport | undefined) => report && { rows: report.rows, totals: report.totals };

  for (const versions of ['newest', 'seed'] as const) {
    describe(`api-versions: ${versions}`, () => {
      const version = versions === 'newest' ? '2025-03-01' : '2022-05-01';

      it('both bring every row of every scope, and its cost to the last digit', async () => {
        for (const [name, scope] of Object.entries(scopes)) {
          const expected = truth(scope, AUTUMN);
          assert.ok(expected.rows > 0, name);
          for (const format of FORMATS) {
            const details = await write({ scope, period: AUTUMN, format, between: {}, versions });
            assert.deepEqual(brought(details.report), expected, `${name}: ${details.error?.message}`);
            assert.equal(details.report?.why, undefined);
            const { report, text, error } = await write({ scope, period: AUTUMN, format, versions });
            assert.deepEqual(brought(report), expected, `${name}: ${error?.message}`);
            assert.equal(recordsIn(text, format), expected.rows);
            assert.equal(report?.bytes, Buffer.byteLength(text));
            assert.deepEqual([report.source, report.why], [`Cost Details ${version}`, WHY_UNSUPPORTED]);
            assert.equal(report.requestIds.length, 3, 'one report a month');
            assert.equal(report.rowsWithoutCost, 0);
          }
        }
      });

      it('both bring an invoice', async () => {
        for (const scope of [invoice.long, invoice.short]) {
          const expected = truth(scope);
          for (const format of FORMATS) {
            assert.deepEqual(brought((await write({ scope, format, between: {}, versions })).report), expected);
            const { report, error, sent } = await write({ scope, format, versions });
            assert.deepEqual(brought(report), expected, error?.message);
            assert.match(
              sent.find(({ method }) => method === 'POST')?.path ?? '',
              /\/billingProfiles\/[^/]+\/providers\/Microsoft\.CostManagement\/generateCostDetailsReport/,
            );
          }
        }
      });
    });
  }

  it('are several files under one header, fetched without a token', async () => {
    const { report, text, sent } = await write({ scope: account, period: OCTOBER });
    assert.ok((report?.pages ?? 0) > 1, `${report?.pages} files`);
    assert.equal(text.match(/^invoiceId,/gm)?.length, 1);
    const files = sent.filter(isBlob);
    assert.equal(files.length, report?.pages);
    for (const { headers } of files) {
      assert.equal('authorization' in headers, false);
    }
  });

  it('are fetched from gzip files just the same', async () => {
    await control('reports', { compress: true });
    const { report, error } = await write({ scope: account, period: OCTOBER, format: 'ndjson' });
    assert.deepEqual(brought(report), truth(account, OCTOBER), error?.message);
  });

  it('are empty and whole where Cost Details find no data', async () => {
    const scope = `${account}/customers/${service.tenant.directory.customer(5).name}`;
    for (const [format, expected] of [
      ['csv', /^invoiceId,[^\n]*\n$/],
      ['json', /^\[\]\n$/],
      ['ndjson', /^$/],
    ] as const) {
      const { report, text } = await write({ scope, period: AUTUMN, format });
      assert.deepEqual([report?.rows, report?.pages, report?.totals], [0, 0, {}]);
      assert.match(text, expected);
    }
  });

  it('change to Cost Details from the beginning when usage details would take very many calls', async () => {
    const { report, text, sent } = await write({ scope: account, period: OCTOBER, between: SMALL_PAGES });
    assert.deepEqual(brought(report), truth(account, OCTOBER));
    assert.match(report?.why ?? '', /^usage details would have taken about \d+ calls$/);
    assert.equal(sent.filter(isUsage).length, 1);
    assert.match(text, /^invoiceId,/);
  });

  it('stay with usage details where there are few pages', async () => {
    const { report, sent } = await write({ scope: account, period: OCTOBER, between: {} });
    assert.match(report?.source ?? '', /^Usage Details/);
    assert.equal(sent.filter(({ method }) => method === 'POST').length, 0);
  });

  it('stay with usage details for what Cost Details do not have', async () => {
    const period = { from: '2025-09-01', to: '2025-09-30' };
    const { report } = await write({ scope: account, period, between: SMALL_PAGES });
    assert.deepEqual(brought(report), truth(account, period));
    assert.ok((report?.pages ?? 0) > 60);
    const { error } = await write({ scope: account, period });
    assert.match(error?.message ?? '', /^List usage details failed with HTTP 400 BadRequest: The offer/);
  });

  it('tell what they take before they do', async () => {
    const { arm, sent, close } = connected(SMALL_PAGES);
    const request = { arm, scope: parseScope(account), format: 'csv' } as const;
    const long = await UsageJob.begin({ ...request, period: { from: '2025-06-01', to: '2026-10-31' } });
    assert.equal(long.estimate.source, 'usageDetails');
    assert.ok(long.estimate.calls > 60, 'of days out of reach of Cost Details');
    const month = await UsageJob.begin({ ...request, period: OCTOBER });
    assert.deepEqual([month.estimate.source, month.estimate.calls, month.estimate.seconds], ['costDetails', 4, 60]);
    assert.equal(sent.length, 2, 'one call each');
    await close();
  });

  it('start anew with Cost Details when a later page is too much for the service', async () => {
    const between: Between = {
      ...SMALL_PAGES,
      answer: (request) =>
        /skiptoken/i.test(request.path) ? refusal(413, 'TooLarge', 'The answer is too large.') : undefined,
    };
    const period = { from: '2026-10-01', to: '2026-10-02' };
    const sink = new RestartingSink();
    const { report, text } = await write({ scope: account, period, between, sink });
    assert.deepEqual(brought(report), truth(account, period));
    assert.equal(report?.why, 'it is too much for usage details');
    assert.equal(sink.restarts, 1);
    assert.match(text, /^invoiceId,/);
    const { error } = await write({ scope: account, period, between });
    assert.match(error?.message ?? '', /HTTP 413/, 'a sink that cannot forget');
  });

  it('start anew with Cost Details when pages that jump between days find no end', async () => {
    const row = (day: number) => `{"kind":"modern","properties":{"date":"2026-10-0${day}","costInBillingCurrency":1}}`;
    let pages = 0;
    const between: Between = {
      answer(request) {
        if (!isUsage(request)) {
          return undefined;
        }
        const next = `${service.endpoints.resourceManager}${request.path.replace(/&page=.*|$/, `&page=${++pages}`)}`;
        const text = `{"value":[${[1, 2, 1, 2, 1, 2].map(row).join()}],"nextLink":"${next}"}`;
        return { status: 200, headers: {}, body: chunksOf(text) };
      },
    };
    const sink = new RestartingSink();
    const { report, error } = await write({ scope: account, period: OCTOBER, between, sink });
    assert.deepEqual(brought(report), truth(account, OCTOBER), error?.message);
    assert.equal(report?.why, 'usage details had not ended after 60 calls');
    assert.deepEqual([pages, sink.restarts], [60, 1]);
  });

  describe('when something goes wrong in the middle of Cost Details', () => {
    const october = { scope: '', period: OCTOBER };
    before(() => {
      october.scope = account;
    });

    it('go on after a poll that was refused or broke', async () => {
      for (const fault of ['429', '500', '503', 'reset', 'truncated', 'empty-body']) {
        service.setFault(`${fault}*1@costDetailsOperationResults`);
        const { report, error } = await write(october);
        assert.deepEqual(brought(report), truth(account, OCTOBER), `${fault}: ${error?.message}`);
      }
    });

    it('fail with one error that tells both when a poll fails for ever, the report failed, or nothing may be read', async () => {
      const failing = async (message: RegExp) => {
        const { error, text } = await write(october);
        assert.match(error?.message ?? '', message);
        assert.match(error?.message ?? '', /List usage details failed with HTTP 400 BadRequest: The offer/);
        assert.notEqual(error?.advice, undefined);
        assert.doesNotMatch(`${error?.explanation}`, /sig=(?!…)/);
        assert.equal(text, '');
      };
      service.setFault('500@costDetailsOperationResults');
      await failing(/^Generate cost details report failed with HTTP 500/);
      service.setFault('403@generateCostDetailsReport');
      await failing(/^Generate cost details report failed with HTTP 403 RBACAccessDenied/);
      service.setFault(undefined);
      await control('operations', { ending: 'Failed' });
      await failing(/^Generate cost details report failed: the service could not write the report/);
      await control('operations', { ending: 'Never' });
      await failing(/^Generate cost details report failed: it was not ready within an hour/);
      await control('operations', { ending: 'Succeeded' });
      await control('reports', { validSeconds: 0 });
      await failing(/^Download cost details failed: the storage link has expired/);
    });

    it('read a file on from where its connection broke', async () => {
      let broken = 0;
      const { report, error } = await write({
        ...october,
        between: {
          ...UNSUPPORTED,
          body: (request, body) => (isBlob(request) && broken++ === 0 ? cut(body, 5_000) : body),
        },
      });
      assert.deepEqual(brought(report), truth(account, OCTOBER), error?.message);
      assert.ok(broken > 1);
    });

    it('fail with one error when a file keeps breaking, and write nothing that looks whole', async () => {
      const { error, text } = await write({
        ...october,
        format: 'json',
        between: { ...UNSUPPORTED, body: (request, body) => (isBlob(request) ? cut(body, 10) : body) },
      });
      assert.match(error?.message ?? '', /^Download cost details failed/);
      assert.throws(() => JSON.parse(text));
    });

    it('fail with one error for a file that is no cost file', async () => {
      const files: [Buffer, RegExp][] = [
        [Buffer.from('a,b\n1'), /^Reading the cost details failed: row 2 has 1 cells, its header 2/],
        [gzipSync('a,b\n1,2\n').subarray(0, 20), /a gzip file is cut short, damaged or not gzip/],
      ];
      for (const [file, message] of files) {
        const answer = (request: WireRequest): WireResponse | undefined =>
          isBlob(request)
            ? {
                status: 200,
                headers: {},
                body: chunksOf(file),
              }
            : UNSUPPORTED.answer?.(request);
        const { error } = await write({ ...october, between: { answer } });
        assert.ok(error);
        assert.match(error.message, /^(Reading|Download)/);
        // Storage promised more bytes; whichever shows first is told.
        assert.ok(message.test(error.message) || /bytes/.test(error.message), error.message);
      }
    });

    it('say so when Cost Details have nothing where usage details have rows', async () => {
      const answer = ({ path }: WireRequest): WireResponse | undefined =>
        /generateCostDetailsReport/.test(path) ? { status: 204, headers: {}, body: chunksOf() } : undefined;
      const { error } = await write({ ...october, between: { ...SMALL_PAGES, answer } });
      assert.match(
        error?.message ?? '',
        /^Cost details have no rows where usage details have some\. Cost details were asked/,
      );
    });

    it('stop at once when they are cancelled: while the report is written, and while its files come', async () => {
      for (const stopAt of [/costDetailsOperationResults/, /[?&]sig=/]) {
        const cancel = new AbortController();
        const { arm, sent, close } = connected({
          ...UNSUPPORTED,
          body: (request, body) => {
            if (stopAt.test(request.path)) {
              cancel.abort();
            }
            return body;
          },
        });
        const sink = new MemorySink();
        await assert.rejects(
          writeUsage({ arm, scope: parseScope(account), period: OCTOBER, format: 'json' }, sink, {
            signal: cancel.signal,
          }),
          { name: 'AbortError' },
        );
        assert.match(sent.at(-1)?.path ?? '', stopAt);
        assert.equal(sink.text, '');
        await close();
      }
    });

    it('tell that they wait', async () => {
      await control('operations', { polls: 3, retryAfter: 30 });
      const { arm, close } = connected(UNSUPPORTED);
      const waits: string[] = [];
      await writeUsage({ arm, scope: parseScope(account), period: OCTOBER, format: 'csv' }, new MemorySink(), {
        onWait: ({ reason, milliseconds }) => waits.push(`${reason} ${milliseconds}`),
      });
      assert.deepEqual(
        waits,
        Array.from({ length: 4 }, () => 'operation 30000'),
      );
      await close();
    });
  });
});

async function* chunksOf(...chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    yield Buffer.from(chunk);
  }
}

/** The body up to so many bytes; then the connection breaks. */
async function* cut(body: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    yield chunk.subarray(0, bytes);
    throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
  }
}
