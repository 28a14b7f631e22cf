import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ArmClient, ArmClientOptions } from '../../src/api/arm/armClient.ts';
import { getBillingAccount, listBillingAccounts } from '../../src/api/arm/billingAccounts.ts';
import { readJson } from '../../src/api/http/body.ts';
import type { Exchange } from '../../src/api/http/client.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import { runOperation } from '../../src/api/http/longRunning.ts';
import { writeUsage } from '../../src/usage/writeUsage.ts';
import { connect, MemorySink } from '../support/arm.ts';
import { type StubAnswer, type StubService, sendJson, startStubService } from '../support/stubService.ts';

const ACCOUNT = { id: '/providers/Microsoft.Billing/billingAccounts/a', name: 'a', properties: {} };
const GET_ACCOUNT = { operation: 'Get the billing account', method: 'GET', address: '/a' } as const;

/** Time in which a request that should not be sent would arrive: it has no other way to show that it is not coming. */
const quiet = () => new Promise((resolve) => setTimeout(resolve, 25));

describe('cancelling a call', () => {
  let stub: StubService;
  let answer: StubAnswer;
  let arm: ArmClient;
  let close: () => Promise<void>;
  let cancel: AbortController;
  const reason = new Error('the user closed the tab');

  const fine: StubAnswer = (_request, response) => sendJson(response, 200, ACCOUNT);

  beforeEach(async () => {
    cancel = new AbortController();
    stub = await startStubService((request, response, base) => answer(request, response, base));
    connectWith({});
  });
  afterEach(async () => {
    await close();
    await stub.close();
  });

  function connectWith(options: Partial<ArmClientOptions>): void {
    ({ arm, close } = connect(stub.base, options));
  }

  const getAccount = () => getBillingAccount(arm, 'a', { signal: cancel.signal });

  /** The call ends with the very reason of the signal, nothing more is sent, and the next call works. */
  async function assertCancelled(call: Promise<unknown>, requests: number): Promise<void> {
    const ended = await call.then(
      () => 'it succeeded',
      (error: unknown) => error,
    );
    assert.equal(ended, reason);
    await quiet();
    assert.equal(stub.requests.length, requests);
    answer = fine;
    assert.equal((await getBillingAccount(arm, 'a')).name, 'a');
  }

  it('before it starts sends nothing', async () => {
    answer = fine;
    cancel.abort(reason);
    await assertCancelled(getAccount(), 0);
  });

  it('while a token is fetched sends nothing', async () => {
    await close();
    let asked = 0;
    connectWith({
      async token({ signal }) {
        if (asked++ === 0) {
          queueMicrotask(() => cancel.abort(reason));
          await once(signal, 'abort');
          throw signal.reason;
        }
        return 'secret';
      },
    });
    answer = fine;
    await assertCancelled(getAccount(), 0);
  });

  it('before the headers come', async () => {
    answer = () => cancel.abort(reason);
    await assertCancelled(getAccount(), 1);
  });

  it('in the middle of a body', async () => {
    let closed: Promise<unknown> | undefined;
    answer = (_request, response) => {
      closed = once(response, 'close');
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"id":"/providers', () => setImmediate(() => cancel.abort(reason)));
    };
    await assertCancelled(getAccount(), 1);
    await closed;
  });

  it('during a wait, which ends at once', async () => {
    answer = (_request, response) => sendJson(response, 429, {}, { 'retry-after': '300' });
    const waiting = getBillingAccount(arm, 'a', {
      signal: cancel.signal,
      onWait: () => setImmediate(() => cancel.abort(reason)),
    });
    await assertCancelled(waiting, 1);
  });

  it('in the moment a wait begins', async () => {
    answer = (_request, response) => sendJson(response, 429, {}, { 'retry-after': '300' });
    const waiting = getBillingAccount(arm, 'a', { signal: cancel.signal, onWait: () => cancel.abort(reason) });
    await assertCancelled(waiting, 1);
  });

  it('between pages', async () => {
    answer = (_request, response, base) =>
      sendJson(response, 200, { value: [ACCOUNT], nextLink: `${base}/${stub.requests.length}` });
    const walk = listBillingAccounts(arm).rest({ signal: cancel.signal });
    assert.equal((await walk.next()).value?.number, 1);
    assert.equal((await walk.next()).value?.number, 2);
    cancel.abort(reason);
    await assertCancelled(walk.next(), 2);
  });

  it('between pages of usage: nothing passes for a report', async () => {
    answer = (_request, response, base) =>
      sendJson(response, 200, { value: [{ kind: 'modern' }], nextLink: `${base}/${stub.requests.length}` });
    const sink = new MemorySink();
    const writing = writeUsage({ arm, scope: { kind: 'billingAccount', account: 'a' }, format: 'json' }, sink, {
      signal: cancel.signal,
      onProgress: ({ pages }) => {
        if (pages === 2) {
          cancel.abort(reason);
        }
      },
    });
    await assertCancelled(writing, 2);
    assert.throws(() => JSON.parse(sink.text));
  });

  it('between polls of an operation', async () => {
    answer = (_request, response, base) => {
      sendJson(response, 202, '', { location: `${base}/poll`, 'retry-after': '300' });
      setTimeout(() => cancel.abort(reason), 5);
    };
    const start = { operation: 'Prepare the report', method: 'POST', address: '/start' } as const;
    await assertCancelled(runOperation(arm.http, start, { signal: cancel.signal }), 1);
  });

  it('whatever the reason is, it is the one that comes back', async () => {
    for (const given of ['closed', 7, { why: 'closed' }]) {
      const own = new AbortController();
      answer = () => own.abort(given);
      const ended = await getBillingAccount(arm, 'a', { signal: own.signal }).catch((error: unknown) => error);
      assert.equal(ended, given);
    }
  });

  it('is too late when the answer is there', async () => {
    answer = fine;
    assert.equal((await getAccount()).name, 'a');
    cancel.abort(reason);
    assert.equal((await getBillingAccount(arm, 'a')).name, 'a');
  });

  it('leaves the others that are under way alone, and their places to the next', async () => {
    const held: ServerResponse[] = [];
    answer = (_request, response) => held.push(response);
    // As many as there are connections: the next call has to get the place of a cancelled one.
    const doomed = Array.from({ length: 7 }, () => getAccount().catch((error: unknown) => error));
    const other = getBillingAccount(arm, 'a');
    while (held.length < 8) {
      await quiet();
    }
    cancel.abort(reason);
    assert.deepEqual(await Promise.all(doomed), Array(7).fill(reason));
    answer = fine;
    assert.equal((await getBillingAccount(arm, 'a')).name, 'a');
    for (const response of held.filter(({ destroyed }) => !destroyed)) {
      sendJson(response, 200, ACCOUNT);
    }
    assert.equal((await other).name, 'a');
  });

  it('is in the log as what it is', async () => {
    await close();
    const log: Exchange[] = [];
    connectWith({ log: (exchange) => log.push(exchange) });
    answer = () => cancel.abort(reason);
    await assertCancelled(getAccount(), 1);
    assert.deepEqual(
      log.map(({ operation, status, failure }) => ({ operation, status, failure })),
      [
        { operation: GET_ACCOUNT.operation, status: undefined, failure: 'cancelled' },
        { operation: GET_ACCOUNT.operation, status: 200, failure: undefined },
      ],
    );
  });

  it('many calls with one signal leave no listener and no warning behind', async () => {
    const warnings: Error[] = [];
    const keep = (warning: Error) => warnings.push(warning);
    process.on('warning', keep);
    answer = fine;
    await Promise.all(Array.from({ length: 60 }, getAccount));
    await Promise.all(Array.from({ length: 60 }, () => arm.http.send(GET_ACCOUNT, readJson)));
    await quiet();
    process.off('warning', keep);
    assert.deepEqual(warnings, []);
  });
});

describe('closing the connection', () => {
  let stub: StubService;
  afterEach(() => stub.close());

  function assertClosed(error: unknown): boolean {
    assert.ok(error instanceof BillingError, String(error));
    assert.equal(error.kind, 'unreachable');
    assert.match(error.message, /^Get the billing account failed: the connection to 127\.0\.0\.1:\d+ was closed\.$/);
    assert.ok(!error.retryable);
    return true;
  }

  for (const [what, begin] of [
    ['waits for its headers', (_response: ServerResponse) => {}],
    [
      'reads its body',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"id":');
      },
    ],
  ] as const) {
    it(`ends a call that ${what}, without another try, and frees the socket`, async () => {
      let arrived = () => {};
      const arrival = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      let gone: Promise<unknown> | undefined;
      stub = await startStubService((_request, response) => {
        gone = once(response, 'close');
        begin(response);
        setTimeout(arrived, 5);
      });
      const { arm, close } = connect(stub.base);
      const waits: unknown[] = [];
      const call = getBillingAccount(arm, 'a', { onWait: (wait) => waits.push(wait) });
      const ended = assert.rejects(call, assertClosed);
      await arrival;
      await close();
      await ended;
      await gone;
      assert.deepEqual(waits, []);
      assert.equal(stub.requests.length, 1);
    });
  }

  it('refuses later calls, and may be done twice', async () => {
    stub = await startStubService((_request, response) => sendJson(response, 200, ACCOUNT));
    const { arm, close } = connect(stub.base);
    assert.equal((await getBillingAccount(arm, 'a')).name, 'a');
    await close();
    await close();
    await assert.rejects(getBillingAccount(arm, 'a'), assertClosed);
    assert.equal(stub.requests.length, 1);
  });
});
