import assert from 'node:assert/strict';
import { readJson } from '../../src/api/http/body.ts';
import type { Call } from '../../src/api/http/client.ts';
import { type OperationLinks, readOperation, resumeOperation } from '../../src/api/http/longRunning.ts';
import { connect } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import { type StubAnswer, sendJson, startStubService } from '../support/stubService.ts';

const START: Call = { operation: 'Prepare', method: 'POST', address: '/start' };

/** Runs against a service that answers one after the other. */
async function against<T>(
  answers: readonly StubAnswer[],
  run: (http: ReturnType<typeof connect>['arm']['http']) => Promise<T>,
) {
  let at = 0;
  const stub = await startStubService((...all) =>
    (answers[at++] ?? ((_, response) => sendJson(response, 418, {})))(...all),
  );
  const clock = new FastClock();
  const { arm, close } = connect(stub.base, { clock });
  try {
    const value = await run(arm.http);
    return { value, waits: clock.waits, lines: stub.requests.map(({ method, target }) => `${method} ${target}`) };
  } finally {
    await close();
    await stub.close();
  }
}

const running =
  (link: string, header = 'location'): StubAnswer =>
  (_request, response, base) =>
    sendJson(response, 202, {}, { [header]: `${base}${link}`, 'retry-after': '5' });
const done: StubAnswer = (_request, response) => sendJson(response, 200, { status: 'Succeeded', done: true });

describe('an operation that outlives a reload', () => {
  it('tells where it is polled, and goes on there without being started again', async () => {
    const told: OperationLinks[] = [];
    const stop = new AbortController();
    const onLink = (links: OperationLinks) => {
      told.push(links);
      if (told.length === 2) {
        stop.abort();
      }
    };
    const again: StubAnswer = (_request, response) => sendJson(response, 202, {}, { 'retry-after': '9' });
    const { value, waits, lines } = await against(
      [running('/op/1?sessiontoken=0:1'), running('/op/2'), again, done],
      async (http) => {
        await assert.rejects(readOperation(http, START, readJson, { onLink, signal: stop.signal }), {
          name: 'AbortError',
        });
        const kept = JSON.parse(JSON.stringify(told.at(-1))) as OperationLinks;
        return resumeOperation(http, START, kept, readJson);
      },
    );
    assert.deepEqual(value, { status: 'Succeeded', done: true });
    assert.deepEqual(lines, ['POST /start', 'GET /op/1?sessiontoken=0:1', 'GET /op/2', 'GET /op/2']);
    assert.deepEqual(waits, [5000, 9000]);
  });

  it('goes on by its status too, and then fetches its result', async () => {
    const status: StubAnswer = (_request, response) =>
      sendJson(response, 200, { status: 'Running' }, { 'retry-after': '3' });
    const { value, lines } = await against([status, done, done], (http) => {
      const links = { status: http.absolute('/status'), result: http.absolute('/result') };
      return resumeOperation(http, START, links, readJson);
    });
    assert.deepEqual(value, { status: 'Succeeded', done: true });
    assert.deepEqual(lines, ['GET /status', 'GET /status', 'GET /result']);
  });

  it('refuses a kept link that leads elsewhere', async () => {
    await assert.rejects(
      against([], (http) => resumeOperation(http, START, { result: 'https://elsewhere.example/op' }, readJson)),
      { kind: 'unsafeLink' },
    );
  });
});

describe('a call that must not be done twice', () => {
  const busy: StubAnswer = (_request, response) => sendJson(response, 429, {}, { 'retry-after': '4' });
  const fails: StubAnswer = (_request, response) => sendJson(response, 500, {});

  for (const call of [
    { operation: 'Run', method: 'POST', address: '/run', body: {} },
    { operation: 'Change', method: 'PATCH', address: '/run', body: {} },
    { operation: 'Create', method: 'PUT', address: '/run', body: {}, repeatable: false },
  ] as const satisfies readonly Call[]) {
    it(`is sent again after 429, which did nothing, and not after 500: ${call.method}`, async () => {
      const sent = await against([busy, done], (http) => http.send(call, readJson));
      assert.deepEqual(sent.waits, [4000]);
      assert.equal(sent.lines.length, 2);
      await assert.rejects(
        against([fails, done], (http) => http.send(call, readJson)),
        { status: 500 },
      );
    });
  }
});
