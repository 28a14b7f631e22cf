import assert from 'node:assert/strict';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { parseScope } from '../../src/api/arm/scope.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import { FORMATS } from '../../src/records/formats.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { resolvePeriod } from '../../src/usage/period.ts';
import { type UsageProgress, writeUsage } from '../../src/usage/writeUsage.ts';
import { connect, MemorySink } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import { type StubService, sendJson, startStubService } from '../support/stubService.ts';

const QUARTER = { from: '2026-08-01', to: '2026-10-31' };

/** Requests for pages of usage that the service answered. */
const pagesServed = (service: SampleService) => service.counts()['usageDetails.list'] ?? 0;

describe('writeUsage against the sample tenant', () => {
  let service: SampleService;
  let account: string;
  const clients: { arm: ArmClient; close(): Promise<void> }[] = [];

  before(async () => {
    service = await startSampleService({ customers: 12, usageRows: 20_000, now: new Date('2026-11-21T12:00:00Z') });
    account = `/providers/Microsoft.Billing/billingAccounts/${service.tenant.accounts[0]?.name}`;
  });
  after(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await service.close();
  });

  const client = (versions: 'newest' | 'seed'): ArmClient => {
    const connection = connect(service.endpoints.resourceManager, { versions, clock: new FastClock() });
    clients.push(connection);
    return connection.arm;
  };

  for (const versions of ['newest', 'seed'] as const) {
    it(`writes every row and counts them, their cost and the pages (${versions} versions)`, async () => {
      const sink = new MemorySink();
      const progress: UsageProgress[] = [];
      const before = pagesServed(service);
      const report = await writeUsage(
        { arm: client(versions), scope: parseScope(account), period: QUARTER, format: 'ndjson' },
        sink,
        { onProgress: (step) => progress.push(step) },
      );
      const truth = service.tenant.truth(account, QUARTER.from, QUARTER.to);
      assert.ok(report.pages > 2, 'more than one page is needed to show anything');
      assert.equal(report.rows, truth.rows);
      assert.deepEqual(report.totals, Object.fromEntries(truth.totals));
      assert.equal(report.pages, pagesServed(service) - before);
      assert.equal(new Set(report.requestIds).size, report.pages);
      assert.equal(report.bytes, Buffer.byteLength(sink.text));
      assert.equal(sink.text.trimEnd().split('\n').length, truth.rows);
      assert.deepEqual(report.unknownFields, []);
      assert.match(report.source, versions === 'newest' ? /2023-11-01$/ : /2019-10-01$/);
      assert.deepEqual(
        progress.map(({ pages }) => pages),
        Array.from({ length: report.pages }, (_, i) => i + 1),
      );
      assert.ok(progress.every(({ rows }, i) => rows > (progress[i - 1]?.rows ?? 0)));
      assert.equal(progress.at(-1)?.rows, truth.rows);
    });

    it(`writes a document of a scope without usage that is empty and whole (${versions} versions)`, async () => {
      const scope = parseScope(`${account}/customers/${service.tenant.directory.customer(5).name}`);
      const texts: string[] = [];
      for (const format of FORMATS) {
        const sink = new MemorySink();
        const report = await writeUsage({ arm: client(versions), scope, period: QUARTER, format }, sink);
        assert.deepEqual([report.rows, report.pages, report.totals], [0, 1, {}]);
        assert.equal(report.requestIds.length, 1);
        texts.push(sink.text);
      }
      const [csv = '', json = '', ndjson] = texts;
      assert.match(csv, /^date,customerName,[^\n]*,unknownFields\n$/);
      assert.deepEqual(JSON.parse(json), []);
      assert.equal(ndjson, '');
    });
  }

  it("takes an invoice's month from the invoice, and no other period", async () => {
    const [invoice] = service.tenant.invoices(service.tenant.accounts[0] ?? assert.fail());
    const path = `${account}/billingProfiles/${invoice?.profile.name}/invoices/${invoice?.name}`;
    const request = { arm: client('newest'), scope: parseScope(path), format: 'csv' } as const;
    const report = await writeUsage(request, new MemorySink());
    const truth = service.tenant.truth(path, '2000-01-01', '2100-01-01');
    assert.deepEqual([report.rows, report.totals], [truth.rows, Object.fromEntries(truth.totals)]);

    const sink = new MemorySink();
    const before = pagesServed(service);
    await assert.rejects(
      writeUsage({ ...request, period: QUARTER }, sink),
      (error: unknown) => error instanceof BillingError && error.kind === 'argument' && /^period: /.test(error.message),
    );
    assert.deepEqual([sink.chunks.length, pagesServed(service)], [0, before]);
  });

  it('stops between two pages when it is cancelled, and writes nothing more', async () => {
    const sink = new MemorySink();
    const cancel = new AbortController();
    const before = pagesServed(service);
    await assert.rejects(
      writeUsage({ arm: client('newest'), scope: parseScope(account), period: QUARTER, format: 'json' }, sink, {
        signal: cancel.signal,
        onProgress: ({ pages }) => pages === 2 && cancel.abort(),
      }),
      { name: 'AbortError' },
    );
    assert.equal(sink.chunks.length, 2);
    assert.doesNotMatch(sink.text, /\]\s*$/, 'a part must not look like a finished list');
    assert.equal(pagesServed(service) - before, 2);
  });

  it('asks for nothing when it is cancelled before it starts', async () => {
    const sink = new MemorySink();
    const before = pagesServed(service);
    await assert.rejects(
      writeUsage({ arm: client('newest'), scope: parseScope(account), format: 'csv' }, sink, {
        signal: AbortSignal.abort(),
      }),
      { name: 'AbortError' },
    );
    assert.deepEqual([sink.chunks.length, pagesServed(service)], [0, before]);
  });
});

describe('periods of usage', () => {
  it('are not named after members that every JavaScript object has', () => {
    for (const name of ['constructor', 'toString', '__proto__']) {
      assert.throws(() => resolvePeriod(name, new Date()), BillingError, name);
    }
  });
});

describe('writeUsage against odd pages', () => {
  /** The pages that the stub serves, one after the other. */
  let pages: string[] = [];
  let stub: StubService;
  let client: { arm: ArmClient; close(): Promise<void> };

  before(async () => {
    stub = await startStubService(({ target }, response, base) => {
      const number = Number(new URL(target, base).searchParams.get('page') ?? 0);
      const next = number + 1 < pages.length ? `,"nextLink":"${base}/?page=${number + 1}"` : '';
      sendJson(response, 200, `{"value":${pages[number]}${next}}`);
    });
    client = connect(stub.base, { clock: new FastClock() });
  });
  after(async () => {
    await client.close();
    await stub.close();
  });

  const write = async (served: string[], format: 'csv' | 'json' | 'ndjson' = 'csv') => {
    pages = served;
    const sink = new MemorySink();
    const outcome = await writeUsage({ arm: client.arm, scope: parseScope('/subscriptions/s'), format }, sink).then(
      (report) => ({ report, error: undefined }),
      (error: unknown) => ({ report: undefined, error }),
    );
    return { ...outcome, text: sink.text };
  };

  it('picks the schema by the first record, however many empty pages come before', async () => {
    const legacy = '[{"kind":"legacy","properties":{"cost":1.50,"billingCurrency":"EUR"}}]';
    const { report, text } = await write(['[]', '[]', legacy, '[]', legacy]);
    assert.match(text, /^date,accountName,/);
    assert.equal(text.split('\n').length, 4);
    assert.deepEqual([report?.rows, report?.pages, report?.totals], [2, 5, { EUR: '3' }]);
    assert.deepEqual(report?.unknownFields, []);
  });

  it('writes one list over all pages', async () => {
    const row = (name: string) => `[{"kind":"modern","name":"${name}"}]`;
    const { text } = await write([row('a'), '[]', row('b')], 'json');
    assert.deepEqual(JSON.parse(text), [
      { kind: 'modern', name: 'a' },
      { kind: 'modern', name: 'b' },
    ]);
  });

  it('names fields that no schema knows as people read them, each once', async () => {
    const { report } = await write([
      '[{"kind":"modern","ne\\u0077\\"Field":1,"properties":{"zeta":1,"alpha":null}},{"kind":"modern","properties":{"zeta":2}}]',
      '[{"kind":"modern","größe":1}]',
    ]);
    assert.deepEqual(report?.unknownFields, ['alpha', 'größe', 'new"Field', 'zeta']);
  });

  it('keeps nothing of a page that cannot be read, and says so', async () => {
    const good = '[{"kind":"modern","name":"good"}]';
    for (const bad of ['[{"kind":"modern","name":"bad"},7]', 'null', '{"name":"bad"}']) {
      const { error, text } = await write([good, bad]);
      assert.ok(error instanceof BillingError, bad);
      assert.equal(error.kind, 'malformed');
      assert.match(error.message, /^List usage details failed: /);
      assert.match(text, /good/);
      assert.doesNotMatch(text, /bad/);
    }
    const { error } = await write(['[{"kind":"modern","properties":{"costInBillingCurrency":"free"}}]']);
    assert.match(String(error), /'free' is not a number/);
  });
});
