import assert from 'node:assert/strict';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { listBillingAccounts } from '../../src/api/arm/billingAccounts.ts';
import { listBillingSubscriptions } from '../../src/api/arm/billingSubscriptions.ts';
import { listCustomers } from '../../src/api/arm/customers.ts';
import { listInvoices } from '../../src/api/arm/invoices.ts';
import { readJson } from '../../src/api/http/body.ts';
import type { Wait } from '../../src/api/http/client.ts';
import { BillingError, type FailureKind } from '../../src/api/http/errors.ts';
import type { PageWalk } from '../../src/api/http/paging.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { writeUsage } from '../../src/usage/writeUsage.ts';
import { collect, connect, MemorySink } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import { type StubService, sendJson, startStubService } from '../support/stubService.ts';

/** Enough invoices and usage rows for two pages. */
const INVOICES = { from: '2025-05-01', to: '2026-11-30' };
const USAGE = { from: '2026-04-01', to: '2026-11-30' };

interface Context {
  arm: ArmClient;
  account: string;
  signal: AbortSignal;
}

/** A call of the client, and what of its result is compared. */
interface FaultyCall {
  operation: string;
  run(context: Context): Promise<unknown>;
}

async function namesOf(walk: PageWalk<{ name: string }[]>, signal: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  for await (const page of walk.rest({ signal })) {
    names.push(...page.value.map(({ name }) => name));
  }
  return names;
}

const CALLS: Record<string, FaultyCall> = {
  accounts: {
    operation: 'List billing accounts',
    run: ({ arm, signal }) => namesOf(listBillingAccounts(arm), signal),
  },
  customers: {
    operation: 'List customers',
    run: ({ arm, account, signal }) => namesOf(listCustomers(arm, { account }), signal),
  },
  subscriptions: {
    operation: 'List billing subscriptions',
    run: ({ arm, account, signal }) => namesOf(listBillingSubscriptions(arm, { account }), signal),
  },
  invoices: {
    operation: 'List invoices',
    run: ({ arm, account, signal }) => namesOf(listInvoices(arm, { account }, INVOICES), signal),
  },
  usage: {
    operation: 'List usage details',
    async run({ arm, account, signal }) {
      const sink = new MemorySink();
      const request = { arm, scope: { kind: 'billingAccount', account }, period: USAGE, format: 'json' } as const;
      try {
        const { rows, totals, pages } = await writeUsage(request, sink, { signal });
        assert.equal((JSON.parse(sink.text) as unknown[]).length, rows);
        return { rows, totals, pages };
      } catch (error) {
        assert.throws(() => JSON.parse(sink.text), 'what was written must not pass for a document');
        throw error;
      }
    },
  },
};

/** How a fault ends when it stays, and what it takes to get there. */
interface Expected {
  kind: FailureKind | 'right' | 'cancelled';
  /** Milliseconds before each retry; none when the failure is final. */
  waits?: readonly number[];
  status?: number;
  message?: RegExp;
  advice?: RegExp;
}

const BACKOFF = [1000, 2000, 4000];

const EXPECTED: Record<string, Expected> = {
  // The largest of the headers counts, whatever it is called.
  '429': {
    kind: 'refused',
    waits: [2000, 2000, 2000],
    status: 429,
    message: /HTTP 429/,
    advice: /limit for this scope/,
  },
  '429-retry-after': { kind: 'refused', waits: [1000, 1000, 1000], status: 429, advice: /limit for this scope/ },
  ...Object.fromEntries(
    ['qpu', 'entity', 'tenant', 'client', 'clienttype', 'consumption'].map((limit) => [
      `429-${limit}`,
      { kind: 'refused', waits: [2000, 2000, 2000], status: 429, advice: /limit for this scope/ },
    ]),
  ),
  '429-bare': { kind: 'refused', waits: BACKOFF, status: 429, advice: /limit for this scope/ },
  '500': { kind: 'refused', waits: BACKOFF, status: 500, message: /HTTP 500 InternalServerError/, advice: /try again/ },
  '503': { kind: 'refused', waits: [1000, 1000, 1000], status: 503, message: /HTTP 503/, advice: /try again/ },
  '503-html': { kind: 'refused', waits: BACKOFF, status: 503, message: /failed with HTTP 503\.$/, advice: /try again/ },
  html: { kind: 'malformed', status: 200, message: /a web page, not data/, advice: /proxy or a sign-in page/ },
  truncated: { kind: 'malformed', waits: BACKOFF, status: 200, message: /cut short/ },
  reset: { kind: 'unreachable', waits: BACKOFF, message: /the connection to 127\.0\.0\.1:\d+ broke/ },
  'empty-body': { kind: 'malformed', waits: BACKOFF, status: 200, message: /the answer is empty/ },
  slow: { kind: 'right' },
  hang: { kind: 'cancelled' },
  'foreign-next-link': {
    kind: 'unsafeLink',
    message: /a link to 'https:\/\/management\.azure\.com\.example\.net'.*was not followed/,
    advice: /No token was sent there/,
  },
  'downgraded-next-link': { kind: 'unsafeLink', message: /a link to 'http:\/\/127\.0\.0\.1:1'.*was not followed/ },
  'repeating-next-link': { kind: 'unsafeLink', status: 200, message: /leads back/, advice: /not complete/ },
  'foreign-location': { kind: 'right' },
  '401': { kind: 'refused', status: 401, message: /InvalidAuthenticationToken/, advice: /Sign in again/ },
  '401-after-first-page': { kind: 'refused', status: 401, advice: /Sign in again/ },
  '403': { kind: 'refused', status: 403, message: /RBACAccessDenied/, advice: /role/ },
  bom: { kind: 'right' },
  'not-an-object': { kind: 'malformed', status: 200, message: /unexpected shape/, advice: /endpoint/ },
  'wrong-shape': { kind: 'malformed', status: 200, message: /unexpected shape/, advice: /endpoint/ },
};

/** A limit that refuses without saying for how long is free again after its minute: the scheduler waits for the rest of it. */
function waitsOf(call: string, fault: string, waits: readonly number[] = []): readonly number[] {
  return call === 'usage' && fault === '429-bare' ? waits.flatMap((wait) => [wait, 60_000 - wait]) : waits;
}

/** Waited for in real time, in tests of their own. */
const IN_REAL_TIME = ['slow', 'hang'];

describe('faults of the service', () => {
  let service: SampleService;
  let account: string;
  const right: Record<string, unknown> = {};
  /** Fault → call → outcome in words, printed at the end. */
  const table = new Map<string, Map<string, string>>();

  before(async () => {
    service = await startSampleService({ customers: 60, usageRows: 2_200, now: new Date('2026-11-21T12:00:00Z') });
    account = service.tenant.accounts[0]?.name ?? '';
    const { arm, close } = connect(service.endpoints.resourceManager);
    for (const [name, call] of Object.entries(CALLS)) {
      right[name] = await call.run({ arm, account, signal: new AbortController().signal });
    }
    await close();
    assert.equal((right.usage as { pages: number }).pages, 2, 'a walk that can fail in its middle');
  });
  afterEach(() => service.setFault(undefined));
  after(async () => {
    await service.close();
    printTable(table);
  });

  function note(fault: string, call: string, outcome: string): void {
    table.set(fault, (table.get(fault) ?? new Map()).set(call, outcome));
  }

  /** Runs a call under a fault; the clock does not wait but remembers. */
  async function run(name: string, fault: string, signal = new AbortController().signal) {
    service.setFault(fault);
    const clock = new FastClock();
    const { arm, close } = connect(service.endpoints.resourceManager, { clock });
    try {
      const result = await CALLS[name]?.run({ arm, account, signal });
      return { result, error: undefined, waits: clock.waits };
    } catch (error) {
      return { result: undefined, error, waits: clock.waits };
    } finally {
      await close();
    }
  }

  function assertFailure(error: unknown, operation: string, expected: Expected): BillingError {
    assert.ok(error instanceof BillingError, String(error));
    assert.equal(error.kind, expected.kind, error.message);
    assert.ok(error.message.startsWith(`${operation} failed`), error.message);
    assert.equal(error.message.indexOf(' failed'), error.message.lastIndexOf(' failed'), error.message);
    assert.match(error.message, /^[^\n]*[^.]\.$/);
    assert.match(error.message, expected.message ?? /./);
    assert.match(error.advice ?? '', expected.advice ?? /^/);
    assert.equal(error.status, expected.status);
    assert.equal(error.call?.operation, operation);
    assert.equal(error.call?.method, 'GET');
    if (expected.status !== undefined) {
      assert.match(error.requestId ?? '', /^[0-9a-f-]{36}$/);
      assert.match(error.correlationId ?? '', /^[0-9a-f-]{36}$/);
    }
    return error;
  }

  it('covers every fault that the service knows', () => {
    let known = '';
    try {
      service.setFault('?');
    } catch (error) {
      known = (error as Error).message;
    }
    const names = /use one of (.*)\.$/.exec(known)?.[1]?.split(', ') ?? [];
    assert.deepEqual([...names].sort(), Object.keys(EXPECTED).sort());
  });

  for (const [fault, expected] of Object.entries(EXPECTED).filter(([name]) => !IN_REAL_TIME.includes(name))) {
    for (const [name, { operation }] of Object.entries(CALLS)) {
      // The fault needs a second page, and there are only two accounts.
      const spared = fault === '401-after-first-page' && name === 'accounts';
      const kind = spared ? 'right' : expected.kind;
      it(`${operation}, ${fault} for ever: ${kind === 'right' ? 'the whole result' : `one error, ${kind}`}`, async () => {
        const { result, error, waits } = await run(name, fault);
        if (kind === 'right') {
          assert.equal(error, undefined);
          assert.deepEqual(result, right[name]);
          assert.deepEqual(waits, []);
          note(fault, name, 'right');
          return;
        }
        assertFailure(error, operation, expected);
        assert.deepEqual(waits, waitsOf(name, fault, expected.waits));
        note(fault, name, waits.length === 0 ? kind : `${kind} (${waits.map((wait) => wait / 1000).join('+')} s)`);
      });

      if (expected.waits !== undefined) {
        it(`${operation}, ${fault} once: the whole result after one wait`, async () => {
          const { result, error, waits } = await run(name, `${fault}*1`);
          assert.equal(error, undefined);
          assert.deepEqual(result, right[name]);
          assert.deepEqual(waits, waitsOf(name, fault, expected.waits?.slice(0, 1)));
          note(`${fault}*1`, name, 'right');
        });
      } else if (kind !== 'right') {
        it(`${operation}, ${fault} once: an error all the same, and nothing is asked again`, async () => {
          const { error, waits } = await run(name, `${fault}*1`);
          assertFailure(error, operation, expected);
          assert.deepEqual(waits, []);
          note(`${fault}*1`, name, kind);
        });
      }
    }
  }

  it('a slow body is read to its end by every call', async () => {
    service.setFault(`slow*${Object.keys(CALLS).length}`);
    const clock = new FastClock();
    const { arm, close } = connect(service.endpoints.resourceManager, { clock });
    await Promise.all(
      Object.entries(CALLS).map(async ([name, call]) => {
        assert.deepEqual(await call.run({ arm, account, signal: new AbortController().signal }), right[name]);
        note('slow', name, 'right');
      }),
    );
    assert.deepEqual(clock.waits, []);
    await close();
  });

  for (const [name, { operation }] of Object.entries(CALLS)) {
    it(`${operation}, no answer at all: ends with the reason when it is cancelled`, async () => {
      const before = service.requests().length;
      const cancel = new AbortController();
      const reason = new Error('the user closed it');
      const running = run(name, 'hang', cancel.signal);
      while (service.requests().length === before) {
        await new Promise(setImmediate);
      }
      cancel.abort(reason);
      assert.equal((await running).error, reason);
      assert.equal(service.requests().length, before + 1);
      note('hang', name, 'cancelled');
    });
  }

  it('two 429 are waited out, the third retry is the last', async () => {
    const twice = await run('customers', '429*2');
    assert.deepEqual(twice.result, right.customers);
    assert.deepEqual(twice.waits, [2000, 2000]);
    const thrice = await run('customers', '429*3');
    assert.deepEqual(thrice.result, right.customers);
    assert.deepEqual(thrice.waits, [2000, 2000, 2000]);
    const before = service.requests().length;
    const { error, waits } = await run('customers', '429*4');
    assertFailure(error, 'List customers', EXPECTED['429'] ?? { kind: 'refused' });
    assert.equal(waits.length, 3);
    assert.equal(service.requests().length, before + 4);
  });

  it('every page has its own retries', async () => {
    const { result, error, waits } = await run('invoices', '503*3@skip=50');
    assert.equal(error, undefined);
    assert.deepEqual(result, right.invoices);
    assert.deepEqual(waits, [1000, 1000, 1000]);
  });

  it('rows of the first page do not pass for the whole when the second is refused', async () => {
    const { arm, close } = connect(service.endpoints.resourceManager);
    service.setFault('401-after-first-page');
    const walk = listCustomers(arm, { account });
    const first = await walk.nextPage();
    assert.equal(first?.value.length, 50);
    assert.ok(walk.more, 'the walk knows that there is more');
    await assert.rejects(walk.nextPage(), BillingError);
    assert.ok(walk.more, 'and still does after the failure');
    service.setFault(undefined);
    const rest = await walk.nextPage();
    assert.deepEqual(
      [...(first?.value ?? []), ...(rest?.value ?? [])].map(({ name }) => name),
      right.customers,
    );
    assert.ok(!walk.more);
    await close();
  });
});

describe('pages of usage that are odd', () => {
  let stub: StubService;
  afterEach(() => stub.close());

  async function usageOf(body: string) {
    stub = await startStubService((_request, response) => sendJson(response, 200, body, { 'x-ms-request-id': 'r-1' }));
    const { arm, close } = connect(stub.base, { clock: new FastClock() });
    try {
      const scope = { kind: 'billingAccount', account: 'a' } as const;
      return await writeUsage({ arm, scope, format: 'ndjson' }, new MemorySink());
    } finally {
      await close();
    }
  }

  it('have their list behind other members, or nothing in it', async () => {
    for (const [body, rows] of [
      ['{"nextLink":null,"count":{"value":3},"value":[{"kind":"modern"}]}', 1],
      ['\ufeff \n{ "nextLink" : "" , "value" : [ ] }', 0],
      ['{"v\\u0061lue":[{"kind":"modern"},{"kind":"modern"}]}', 2],
    ] as const) {
      assert.equal((await usageOf(body)).rows, rows, body);
      await stub.close();
    }
  });

  for (const body of [
    '{}',
    '{"nextLink":null}',
    '{"value":null}',
    '{"value":"[]"}',
    '{"properties":{"value":[]}}',
    '{"error":{"code":"x"}}',
    'null',
    '7',
  ]) {
    it(`${body} is an error, not an empty document`, async () => {
      const error = await usageOf(body).catch((reason: unknown) => reason);
      assert.ok(error instanceof BillingError, String(error));
      assert.equal(error.kind, 'malformed');
      assert.match(error.message, /^List usage details failed: the answer has an unexpected shape[^\n]*\.$/);
      assert.deepEqual([error.status, error.requestId, error.call?.method], [200, 'r-1', 'GET']);
      assert.equal(stub.requests.length, 1);
    });
  }
});

describe('waits that the service asks for', () => {
  let stub: StubService;
  afterEach(() => stub.close());

  /** Answers the first requests with a status and headers, later ones with an empty list. */
  async function refuse(status: number, headers: Record<string, string>, times = 1) {
    let left = times;
    stub = await startStubService((_request, response) =>
      left-- > 0
        ? sendJson(response, status, { error: { code: 'Slow', message: 'Wait' } }, headers)
        : sendJson(response, 200, { value: [] }),
    );
    const clock = new FastClock();
    const waits: Wait[] = [];
    const { arm, close } = connect(stub.base, { clock });
    try {
      const walk = listBillingAccounts(arm);
      const result = await walk.nextPage({ onWait: (wait) => waits.push(wait) });
      return { pages: result?.number, error: undefined, slept: clock.waits, waits };
    } catch (error) {
      return { pages: undefined, error, slept: clock.waits, waits };
    } finally {
      await close();
    }
  }

  it('are the largest of all the headers, and are told', async () => {
    const { pages, slept, waits } = await refuse(429, {
      'retry-after': '5',
      'x-ms-ratelimit-microsoft.costmanagement-qpu-retry-after': '12',
      'x-ms-ratelimit-microsoft.costmanagement-entity-retry-after': '38',
      'x-ms-ratelimit-microsoft.costmanagement-clienttype-retry-after': '7',
    });
    assert.equal(pages, 1);
    assert.deepEqual(slept, [38_000]);
    assert.deepEqual(waits, [{ milliseconds: 38_000, reason: 'limit', operation: 'List billing accounts' }]);
  });

  it('may be a date', async () => {
    const { slept } = await refuse(503, { 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT' });
    assert.deepEqual(slept, [30_000]);
  });

  it('of ten minutes are waited, longer ones are told instead', async () => {
    assert.deepEqual((await refuse(429, { 'retry-after': '600' })).slept, [600_000]);
    await stub.close();
    const { error, slept, waits } = await refuse(429, { 'retry-after': '601' });
    assert.ok(error instanceof BillingError);
    assert.equal(error.status, 429);
    assert.match(error.advice ?? '', /asks to wait 11 minutes/);
    assert.deepEqual([slept, waits], [[], []]);
    assert.equal(stub.requests.length, 1);
  });

  for (const status of [408, 429, 500, 502, 503, 504]) {
    it(`HTTP ${status} is tried again`, async () => {
      const { pages, slept, waits } = await refuse(status, {});
      assert.equal(pages, 1);
      assert.deepEqual(slept, [1000]);
      assert.equal(waits[0]?.reason, status === 429 ? 'limit' : 'failure');
    });
  }

  for (const status of [302, 400, 404, 409, 412, 501]) {
    it(`HTTP ${status} is not`, async () => {
      const { error, slept } = await refuse(status, { 'retry-after': '1', location: 'http://127.0.0.1:1/' });
      assert.ok(error instanceof BillingError);
      assert.equal(error.status, status);
      assert.deepEqual(slept, []);
    });
  }

  it('are not waited by a call that changes something and may have done so', async () => {
    let answers = 0;
    stub = await startStubService((_request, response) => {
      answers++;
      sendJson(response, 503, {});
    });
    const { arm, close } = connect(stub.base, { clock: new FastClock() });
    const call = { operation: 'Change it', address: '/x', body: {} } as const;
    await assert.rejects(arm.http.send({ ...call, method: 'POST' }, readJson), BillingError);
    await assert.rejects(arm.http.send({ ...call, method: 'PATCH' }, readJson), BillingError);
    assert.equal(answers, 2);
    await assert.rejects(arm.http.send({ ...call, method: 'POST', repeatable: true }, readJson), BillingError);
    assert.equal(answers, 6);
    await close();
  });

  it('end when nothing listens: that is told at once', async () => {
    stub = await startStubService((_request, response) => sendJson(response, 200, { value: [] }));
    await stub.close();
    const clock = new FastClock();
    const { arm, close } = connect(stub.base, { clock });
    await assert.rejects(collect(listBillingAccounts(arm)), (error: unknown) => {
      assert.ok(error instanceof BillingError);
      assert.equal(error.kind, 'unreachable');
      assert.match(error.message, /^List billing accounts failed: nothing listens at 127\.0\.0\.1:\d+\.$/);
      return true;
    });
    assert.deepEqual(clock.waits, []);
    await close();
  });
});

function printTable(table: ReadonlyMap<string, ReadonlyMap<string, string>>): void {
  const rows = [
    ['fault', ...Object.keys(CALLS)],
    ...[...table].map(([fault, outcomes]) => [fault, ...Object.keys(CALLS).map((call) => outcomes.get(call) ?? '-')]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const text = rows.map((row) => `    ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`);
  console.log(`\n${text.map((line) => line.trimEnd()).join('\n')}\n`);
}
