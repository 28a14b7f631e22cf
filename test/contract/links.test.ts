import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type ArmClient, type ArmClientOptions, createArmClient } from '../../src/api/arm/armClient.ts';
import { listCustomers } from '../../src/api/arm/customers.ts';
import { listUsageDetails } from '../../src/api/arm/usageDetails.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import { runOperation } from '../../src/api/http/longRunning.ts';
import type { Transport, WireRequest } from '../../src/api/http/transport.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import { collect, connect } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import {
  type StubAnswer,
  type StubRequest,
  type StubService,
  sendJson,
  startStubService,
} from '../support/stubService.ts';

const START = {
  operation: 'Prepare the report',
  method: 'POST',
  address: '/start',
  body: { month: '2026-10' },
} as const;

describe('links that the service hands out', () => {
  let own: StubService;
  /** Listens where no request may arrive; whatever does, with or without a token, is a failure. */
  let foreign: StubService;
  let answer: StubAnswer;
  let clock: FastClock;
  let tokens: number;
  const closers: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    tokens = 0;
    clock = new FastClock();
    own = await startStubService((request, response, base) => answer(request, response, base));
    foreign = await startStubService((_request, response) => sendJson(response, 200, { value: [] }));
  });
  afterEach(async () => {
    for (const close of [...closers.splice(0), own.close, foreign.close]) {
      await close();
    }
  });

  /** A client that signs in; every token is another one. */
  function signedIn(options: Partial<ArmClientOptions> = {}): ArmClient {
    const token = async () => `secret-${++tokens}`;
    const { arm, close } = connect(options.base ?? own.base, { clock, token, ...options });
    closers.push(close);
    return arm;
  }

  async function failureOf(call: Promise<unknown>): Promise<BillingError> {
    const error = await call.then(
      () => assert.fail('it succeeded'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof BillingError, String(error));
    return error;
  }

  /** Each way in which a link can come, on a first answer that is fine otherwise. */
  const CARRIERS: Record<
    string,
    { give(response: ServerResponse, link: string): void; follow(arm: ArmClient): Promise<unknown> }
  > = {
    'nextLink of a list': {
      give: (response, link) => sendJson(response, 200, { value: [], nextLink: link }),
      follow: (arm) => collect(listCustomers(arm, { account: 'a' })),
    },
    'nextLink of usage details': {
      give: (response, link) => sendJson(response, 200, { value: [], nextLink: link }),
      async follow(arm) {
        for await (const page of listUsageDetails(arm, { scope: { kind: 'billingAccount', account: 'a' } }).rest()) {
          assert.ok(page);
        }
      },
    },
    Location: {
      give: (response, link) => sendJson(response, 202, '', { location: link, 'retry-after': '10' }),
      follow: (arm) => runOperation(arm.http, START),
    },
    'Azure-AsyncOperation': {
      give: (response, link) => sendJson(response, 201, '{}', { 'azure-asyncoperation': link, 'retry-after': '10' }),
      follow: (arm) => runOperation(arm.http, START),
    },
  };

  /** Links that lead away, most of them to the foreign listener if they were followed. */
  const AWAY: Record<string, () => string> = {
    'another port': () => `${foreign.base}/next`,
    'another name of this machine': () => `${own.base.replace('127.0.0.1', 'localhost')}/next`,
    'another host': () => 'https://management.azure.com/next',
    'a look-alike host': () => `${own.base.replace('127.0.0.1', '127.0.0.1.example.net')}/next`,
    'another scheme': () => `${own.base.replace('http:', 'https:')}/next`,
    'user information on the own host': () => `${own.base.replace('http://', 'http://user:pass@')}/next`,
    'the own host as user information': () => `${own.base}@${new URL(foreign.base).host}/next`,
    'the own host and a password': () =>
      `${foreign.base.replace('http://', `http://${new URL(own.base).hostname}:x@`)}/next`,
    'a backslash before another host': () => `http:\\\\${new URL(foreign.base).host}\\next`,
    'a file': () => 'file:///etc/passwd',
    'no address': () => 'next page',
  };

  for (const [carrier, { give, follow }] of Object.entries(CARRIERS)) {
    for (const [what, link] of Object.entries(AWAY)) {
      it(`${carrier} to ${what} is not followed`, async () => {
        answer = (_request, response) => give(response, link());
        const error = await failureOf(follow(signedIn()));
        assert.equal(error.kind, 'unsafeLink', error.message);
        assert.match(error.message, / failed: the service sent a link [^\n]*\.$/);
        assert.ok(error.call !== undefined && error.message.startsWith(error.call.operation));
        assert.doesNotMatch(`${error.explanation} ${error.call.url}`, /secret-|user:|pass@/);
        assert.deepEqual(foreign.requests, []);
        assert.equal(own.requests.length, 1, 'nothing but the first request');
        assert.equal(tokens, 1, 'no token was asked for');
      });
    }

    it(`${carrier} without a scheme reaches the own host at most`, async () => {
      answer = (request, response) =>
        own.requests.length > 1
          ? sendJson(response, 404, {})
          : give(response, `//${new URL(foreign.base).host}${request.target}`);
      const error = await failureOf(follow(signedIn()));
      assert.ok(['unsafeLink', 'refused'].includes(error.kind));
      assert.deepEqual(foreign.requests, []);
    });

    it(`${carrier} with http in place of https is not followed`, async () => {
      // The own service speaks https by name only; everything else goes over the wire, if it goes.
      const base = foreign.base.replace('http:', 'https:');
      const wire = createUndiciTransport();
      const sent: WireRequest[] = [];
      const transport: Transport = {
        send(request) {
          sent.push(request);
          return request.origin === base ? wire.send({ ...request, origin: own.base }) : wire.send(request);
        },
        close: () => wire.close(),
      };
      closers.push(() => transport.close());
      answer = (_request, response) => give(response, `${foreign.base}/next`);
      const arm = createArmClient({ transport, base, clock, token: async () => 'secret' });
      assert.equal((await failureOf(follow(arm))).kind, 'unsafeLink');
      assert.equal(sent.length, 1);
      assert.deepEqual(foreign.requests, []);
    });
  }

  it('a redirection is not followed', async () => {
    answer = (_request, response) => sendJson(response, 307, {}, { location: `${foreign.base}/next` });
    const error = await failureOf(collect(listCustomers(signedIn(), { account: 'a' })));
    assert.deepEqual([error.kind, error.status], ['refused', 307]);
    assert.deepEqual(foreign.requests, []);
  });

  it('every request to the own host has a fresh token: pages, retries, polls', async () => {
    answer = (request, response, base) => {
      if (own.requests.length === 2) {
        sendJson(response, 503, {}, { 'retry-after': '1' });
      } else if (request.method === 'POST') {
        sendJson(response, 202, '', { location: `${base}/poll` });
      } else if (request.target === '/poll') {
        sendJson(response, own.requests.length < 6 ? 202 : 200, '{}', { location: `${base}/poll` });
      } else {
        sendJson(response, 200, request.target === '/2' ? { value: [] } : { value: [], nextLink: `${base}/2` });
      }
    };
    const arm = signedIn();
    await collect(listCustomers(arm, { account: 'a' }));
    await runOperation(arm.http, START);
    assert.deepEqual(
      own.requests.map(({ headers }) => headers.authorization),
      [1, 2, 3, 4, 5, 6].map((n) => `Bearer secret-${n}`),
    );
  });

  it('without a token source none is sent', async () => {
    answer = (_request, response) => sendJson(response, 200, { value: [] });
    const { arm, close } = connect(own.base);
    await collect(listCustomers(arm, { account: 'a' }));
    assert.equal(own.requests[0]?.headers.authorization, undefined);
    await close();
  });

  /** A list whose pages give these links, in turn. */
  async function walkInto(links: (base: string) => string[]): Promise<BillingError> {
    answer = (_request, response, base) =>
      sendJson(response, 200, { value: [], nextLink: links(base)[own.requests.length - 1] ?? null });
    return failureOf(collect(listCustomers(signedIn(), { account: 'a' })));
  }

  it('a link to its own page ends the walk with an error', async () => {
    const error = await walkInto((base) => [`${base}/2`, `${base}/2`]);
    assert.deepEqual([error.kind, own.requests.length], ['unsafeLink', 2]);
    assert.match(
      error.message,
      /^List customers failed: the link on page 2 leads back to a page that was read before\.$/,
    );
  });

  it('a link to the first page ends the walk with an error', async () => {
    const error = await walkInto((base) => [`${base}${own.requests[0]?.target}`]);
    assert.deepEqual([error.kind, own.requests.length], ['unsafeLink', 1]);
  });

  it('a circle of three pages ends the walk with an error', async () => {
    const error = await walkInto((base) => [`${base}/2`, `${base}/3`, `${base}/4`, `${base}/2`]);
    assert.deepEqual([error.kind, own.requests.length], ['unsafeLink', 4]);
    assert.match(error.message, /on page 4/);
  });

  it('a link that differs in the case of its host is the same link', async () => {
    const base = own.base.replace('127.0.0.1', 'localhost');
    const shouted = base.replace('http://localhost', 'HTTP://LOCALHOST');
    const links = [`${shouted}/2`, `${base}/2`];
    answer = (_request, response) =>
      sendJson(response, 200, { value: [], nextLink: links[own.requests.length - 1] ?? null });
    const error = await failureOf(collect(listCustomers(signedIn({ base }), { account: 'a' })));
    assert.deepEqual([error.kind, own.requests.length], ['unsafeLink', 2]);
    assert.match(error.message, /on page 2/);
  });

  /** Characters that an address library likes to rewrite. */
  const VERBATIM = [
    '/x/pricesheetDownloadOperations/7?sessiontoken=0:11186&api-version=2019-10-01-preview',
    '/x/operationResults/7?sessiontoken=0%3A11186&api-version=2018-07-31&OperationType=PriceSheet',
    "/A/./b/../c//d%2Fe%2fe%7E~?x=%20+%2B&y=a%3Ab:c/d?e&z='(*)!'&empty=&&flag",
    '/x/providers/Microsoft.Billing/billingAccounts/1:2_2019-05-31?%24skiptoken=AQAAAA%3D%3D==&$top=5|{}[]^`<>"',
  ];

  for (const target of VERBATIM) {
    it(`${target} is asked for exactly as it was sent`, async () => {
      answer = (request, response, base) =>
        request.method === 'POST'
          ? sendJson(response, 202, '', { location: base + target, 'retry-after': '10' })
          : sendJson(response, 200, request.target === target ? { value: [] } : { value: [], nextLink: base + target });
      const arm = signedIn();
      await runOperation(arm.http, START);
      await collect(listCustomers(arm, { account: 'a' }));
      assert.equal(own.requests[1]?.target, target);
      assert.equal(own.requests[3]?.target, target);
    });
  }
});

describe('runOperation', () => {
  let stub: StubService;
  let clock: FastClock;
  afterEach(() => stub.close());

  interface Step {
    status: number;
    body?: unknown;
    headers?: Record<string, string>;
  }

  /** The service answers these in turn, `{base}` filled in; returns what the operation ended with. */
  async function operate(...steps: Step[]): Promise<{ body: string; status: number; targets: string[] }> {
    stub = await startStubService((_request: StubRequest, response, base) => {
      const { status, body = '', headers = {} } = steps[stub.requests.length - 1] ?? { status: 418 };
      const filled = Object.entries(headers).map(([name, value]) => [name, value.replace('{base}', base)]);
      sendJson(response, status, body, Object.fromEntries(filled));
    });
    clock = new FastClock();
    const { arm, close } = connect(stub.base, { clock });
    try {
      const { bytes, status } = await runOperation(arm.http, START);
      const targets = stub.requests.map(({ method, target }) => `${method} ${target}`);
      return { body: Buffer.from(bytes).toString(), status, targets };
    } finally {
      await close();
    }
  }

  async function failsWith(message: RegExp, ...steps: Step[]): Promise<BillingError> {
    const error = await operate(...steps).then(
      () => assert.fail('it succeeded'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof BillingError, String(error));
    assert.match(error.message, message);
    assert.equal(error.call?.operation, START.operation);
    return error;
  }

  const location = (address: string, more: Record<string, string> = {}) => ({ location: `{base}${address}`, ...more });
  const status = (address: string, more: Record<string, string> = {}) => ({
    'azure-asyncoperation': `{base}${address}`,
    ...more,
  });

  it('returns an answer that is no operation as it is', async () => {
    assert.deepEqual(await operate({ status: 200, body: { url: 'x' } }), {
      body: '{"url":"x"}',
      status: 200,
      targets: ['POST /start'],
    });
    assert.deepEqual(clock.waits, []);
  });

  it('follows Location until it is not 202, to wherever it moves, and waits as told', async () => {
    const { body, targets } = await operate(
      { status: 202, headers: location('/1', { 'retry-after': '10' }) },
      { status: 202, headers: location('/2?sessiontoken=0:11186', { 'retry-after': '30' }) },
      { status: 202 },
      { status: 200, body: { done: true } },
    );
    assert.equal(body, '{"done":true}');
    assert.deepEqual(targets, ['POST /start', 'GET /1', 'GET /2?sessiontoken=0:11186', 'GET /2?sessiontoken=0:11186']);
    assert.deepEqual(clock.waits, [10_000, 30_000, 60_000]);
  });

  it('never polls without a pause', async () => {
    await operate({ status: 202, headers: location('/1', { 'retry-after': '0' }) }, { status: 200, body: {} });
    assert.deepEqual(clock.waits, [1000]);
  });

  it('ends with 204 when there is nothing', async () => {
    const { body, status: last } = await operate({ status: 202, headers: location('/1') }, { status: 204 });
    assert.deepEqual([last, body], [204, '']);
  });

  it('tries a poll again that failed, without starting anew', async () => {
    const { targets } = await operate(
      { status: 202, headers: location('/1') },
      { status: 503, headers: { 'retry-after': '2' } },
      { status: 200, body: {} },
    );
    assert.deepEqual(targets, ['POST /start', 'GET /1', 'GET /1']);
    assert.deepEqual(clock.waits, [60_000, 2000]);
  });

  it('follows Azure-AsyncOperation through every running state', async () => {
    const { body, targets } = await operate(
      { status: 201, body: {}, headers: status('/status', { 'retry-after': '5' }) },
      { status: 200, body: { status: 'Accepted' }, headers: { 'retry-after': '7' } },
      { status: 200, body: { status: 'InProgress' } },
      { status: 200, body: { status: 'SomethingNew' } },
      { status: 200, body: { status: 'Succeeded', properties: { n: 1 } } },
    );
    assert.equal(body, '{"status":"Succeeded","properties":{"n":1}}');
    assert.deepEqual(targets, ['POST /start', ...Array(4).fill('GET /status')]);
    assert.deepEqual(clock.waits, [5000, 7000, 60_000, 60_000]);
  });

  it('fetches the Location after Azure-AsyncOperation succeeded', async () => {
    const { body, targets } = await operate(
      { status: 202, headers: { ...status('/status'), ...location('/result') } },
      { status: 200, body: { status: 'Running' } },
      { status: 200, body: { status: 'succeeded' } },
      { status: 200, body: { url: 'x' } },
    );
    assert.equal(body, '{"url":"x"}');
    assert.deepEqual(targets, ['POST /start', 'GET /status', 'GET /status', 'GET /result']);
  });

  it('tells why an operation failed', async () => {
    const error = await failsWith(
      /^Prepare the report failed: the operation ended as Failed: the month is not closed\.$/,
      { status: 202, headers: status('/status') },
      { status: 200, body: { status: 'Failed', error: { code: 'NotClosed', message: 'the month is not closed' } } },
    );
    assert.deepEqual([error.kind, error.code, error.retryable], ['refused', 'NotClosed', false]);
    assert.deepEqual(clock.waits, [60_000], 'and does not ask again');
  });

  it('tells that an operation was cancelled, on either spelling of the state', async () => {
    for (const state of ['Canceled', 'CANCELED']) {
      await failsWith(
        new RegExp(`^Prepare the report failed: the operation ended as ${state}\\.$`),
        { status: 202, headers: status('/status') },
        { status: 200, body: { status: state, error: null } },
      );
      await stub.close();
    }
  });

  it('refuses 202 without a link', async () => {
    const error = await failsWith(/^Prepare the report failed: the service accepted it but gave no link to follow\.$/, {
      status: 202,
      headers: { 'x-ms-request-id': 'r-1', location: '' },
    });
    assert.deepEqual([error.kind, error.status, error.requestId], ['malformed', 202, 'r-1']);
    assert.equal(stub.requests.length, 1);
  });

  it('tells when the status cannot be found, after asking again', async () => {
    for (const body of ['', 'null', '[]', '{}', '{"status":null}', '{"status":"Succ', '<html>']) {
      const error = await failsWith(
        /^Prepare the report failed: the answer [^\n]*\.$/,
        { status: 202, headers: status('/status', { 'x-ms-request-id': 'r-1' }) },
        ...Array(4).fill({ status: 200, body, headers: { 'x-ms-request-id': 'r-2' } }),
      );
      assert.deepEqual([error.kind, error.requestId], ['malformed', 'r-2'], body);
      await stub.close();
    }
  });

  it('recovers from a status that was cut short once', async () => {
    const { targets } = await operate(
      { status: 202, headers: status('/status') },
      { status: 200, body: '{"status":"Succ' },
      { status: 200, body: { status: 'Succeeded' } },
    );
    assert.equal(targets.length, 3);
  });
});
