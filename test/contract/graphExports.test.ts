import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import {
  type BillingExportOptions,
  resumeBillingExport,
  runBillingExport,
} from '../../src/api/graph/billingExports.ts';
import { exportLines } from '../../src/api/graph/exportLines.ts';
import type { GraphClient } from '../../src/api/graph/graphClient.ts';
import type { Exchange } from '../../src/api/http/client.ts';
import { failureOf, type GraphStub, packed, rowTexts, withGraphStub } from '../support/graph.ts';
import { sendBlob, sendStorageError } from '../support/stubBlobs.ts';
import { type StubAnswer, type StubRequest, sendJson } from '../support/stubService.ts';

const OPERATION = '/v1.0/reports/partners/billing/operations/op-1';
const MANIFEST = '/v1.0/reports/partners/billing/manifests/m-1';
const SECRET = 'dG9wL3NlY3JldA%3D%3D';
const ROWS = ['{"Total":1.12345678901234567890}', '{"Total":-0.50,"Name":"北星 \\u0041"}', '{"Total":3E-7}'];
const BILLED = { kind: 'billedUsage', invoiceId: 'G016907411' } as const;
const UNBILLED = { kind: 'unbilledUsage', currencyCode: 'USD', billingPeriod: 'current' } as const;

const sas = (number = 0) => `sv=2021-08-06&sr=d&sp=rl&sdd=7&n=${number}&sig=${SECRET}`;
const manifestOf = (base: string, names: readonly string[], more: object = {}) => ({
  id: 'm-1',
  dataFormat: 'compressedJSON',
  rootDirectory: `${base}/account/folder/Fragment=full`,
  sasToken: sas(),
  partitionType: 'Default',
  blobCount: names.length,
  blobs: names.map((name) => ({ name, partitionValue: 'default' })),
  ...more,
});
const succeeded = (manifest: unknown) => ({
  '@odata.type': '#microsoft.graph.partners.billing.exportSuccessOperation',
  status: 'succeeded',
  resourceLocation: manifest,
});
const isStart = ({ method }: StubRequest) => method === 'POST';
const isOperation = ({ target }: StubRequest) => target === OPERATION;
const started = (response: ServerResponse, base: string) =>
  sendJson(response, 202, '', { location: `${base}${OPERATION}`, 'retry-after': '7' });

/** Answers the start itself, and the polls with these bodies in turn, the last one for ever. */
function polled(...bodies: readonly ((base: string) => unknown)[]): StubAnswer {
  let next = 0;
  return (request, response, base) => {
    if (isStart(request)) {
      started(response, base);
    } else {
      sendJson(response, 200, bodies[Math.min(next++, bodies.length - 1)]?.(base));
    }
  };
}

/** Runs an export whose files these are. */
const withFiles = (files: Readonly<Record<string, Uint8Array>>, more: object = {}): StubAnswer => {
  return (request, response, base) => {
    if (isStart(request)) {
      return started(response, base);
    }
    if (isOperation(request)) {
      return sendJson(response, 200, succeeded(manifestOf(base, Object.keys(files), more)));
    }
    const name = decodeURIComponent(/\/Fragment=full\/([^?]+)\?/.exec(request.target)?.[1] ?? '');
    const content = files[name];
    return content === undefined
      ? sendStorageError(response, 404, 'BlobNotFound', 'The specified blob does not exist.')
      : sendBlob(response, request, { content });
  };
};

async function allRows(graph: GraphClient, options?: BillingExportOptions): Promise<string[]> {
  return rowTexts(exportLines(graph, await runBillingExport(graph, BILLED, options), options));
}

const failure = (answer: StubAnswer) => withGraphStub(answer, ({ graph }) => failureOf(allRows(graph)));

describe('billing exports: the operation', () => {
  it('is started, asked about as told, and hands out its address', async () => {
    const running = () => ({ '@odata.type': '#microsoft.graph.partners.billing.runningOperation', status: 'running' });
    await withGraphStub(
      polled(running, running, (base) => succeeded(manifestOf(base, []))),
      async ({ graph, service, clock }) => {
        const told: string[] = [];
        const waits: string[] = [];
        const done = await runBillingExport(graph, UNBILLED, {
          onOperation: (address) => told.push(address),
          onWait: ({ reason, operation, milliseconds }) => waits.push(`${operation} ${reason} ${milliseconds}`),
        });
        assert.deepEqual(told, [`${service.base}${OPERATION}`]);
        assert.equal(done.operation, told[0]);
        assert.deepEqual(clock.waits, [7_000, 10_000, 10_000]);
        assert.equal(waits[0], 'Export unbilled usage operation 7000');
        assert.deepEqual(await rowTexts(exportLines(graph, done)), []);
        const [start, ...polls] = service.requests;
        assert.equal(start?.target, '/v1.0/reports/partners/billing/usage/unbilled/export');
        assert.deepEqual(JSON.parse(start?.body ?? ''), { currencyCode: 'USD', billingPeriod: 'current' });
        assert.deepEqual(
          polls.map(({ target }) => target),
          [OPERATION, OPERATION, OPERATION],
        );
      },
    );
  });

  it('is understood in every spelling, the name of the type before the word', async () => {
    const type = (name: string) => ({ '@odata.type': `#microsoft.graph.partners.billing.${name}` });
    const goingOn = [
      { status: 'notStarted' },
      { status: 'NotStarted' },
      { status: 'inProgress' },
      { status: 'unknownFutureValue' },
      { ...type('runningOperation'), status: 'completed' },
    ];
    const ends = [
      { status: 'succeeded' },
      { status: 'Completed' },
      type('exportSuccessOperation'),
      { ...type('exportSuccessOperation'), status: 'something new' },
      { ...type('ExportSuccessOperation'), status: null },
    ];
    for (const end of ends) {
      const bodies = goingOn.map((body) => () => body);
      await withGraphStub(
        polled(...bodies, (base) => ({ ...end, resourceLocation: manifestOf(base, []) })),
        async ({ graph, clock }) => {
          assert.deepEqual((await runBillingExport(graph, BILLED)).manifest.blobs, []);
          assert.equal(clock.waits.length, goingOn.length + 1);
        },
      );
    }
    for (const end of [{ status: 'failed' }, { ...type('failedOperation'), status: 'completed', error: null }]) {
      const { message, advice } = await failure(polled(() => end));
      assert.equal(message, 'Export billed usage failed: the service could not write the export.');
      assert.match(advice ?? '', /^Start the export again/);
    }
  });

  it('gives its manifest inside or behind a link, with a host or without', async () => {
    for (const link of ['{base}', '']) {
      const answer = polled(
        (base) => ({
          status: 'succeeded',
          'resourceLocation@odata.navigationLink': link.replace('{base}', base) + MANIFEST,
        }),
        (base) => manifestOf(base, ['a.gz']),
      );
      await withGraphStub(answer, async ({ graph, service }) => {
        assert.equal((await runBillingExport(graph, BILLED)).manifest.blobs[0]?.name, 'a.gz');
        assert.equal(service.requests.at(-1)?.target, MANIFEST);
      });
    }
  });

  it('is resumed from its address alone', async () => {
    await withGraphStub(withFiles({ 'a.gz': packed(ROWS.join('\n')) }), async ({ graph, service }) => {
      const done = await resumeBillingExport(graph, `${service.base}${OPERATION}`);
      assert.deepEqual(await rowTexts(exportLines(graph, done)), ROWS);
      assert.ok(!service.requests.some(isStart));
    });
  });

  it('that never ends is given up after hours', async () => {
    const { message } = await failure(polled(() => ({ status: 'running' })));
    assert.equal(message, 'Export billed usage failed: the service has worked on it for four hours and is not done.');
  });

  it('waits no longer than told and no more than ten minutes at a time, and at least a second', async () => {
    let polls = 0;
    const answer: StubAnswer = (request, response, base) => {
      if (isStart(request)) {
        return sendJson(response, 202, '', { location: OPERATION, 'retry-after': '0' });
      }
      const end = polls++ === 1;
      return sendJson(response, 200, end ? succeeded(manifestOf(base, [])) : { status: 'running' }, {
        'retry-after': '86400',
      });
    };
    await withGraphStub(answer, async ({ graph, clock }) => {
      await runBillingExport(graph, BILLED);
      assert.deepEqual(clock.waits, [1_000, 600_000]);
    });
  });

  it('is given up when the user does', async () => {
    const stop = new AbortController();
    await withGraphStub(
      polled(() => ({ status: 'running' })),
      async ({ graph, service }) => {
        const reason = new Error('enough');
        const onWait = () => service.requests.length > 2 && stop.abort(reason);
        await assert.rejects(runBillingExport(graph, BILLED, { signal: stop.signal, onWait }), reason);
      },
    );
  });

  it('leads nowhere else, whichever link says so', async () => {
    const foreign = 'https://graph.microsoft.com.example.net';
    const location: StubAnswer = (_request, response) =>
      sendJson(response, 202, '', { location: `${foreign}${OPERATION}` });
    const schemeless: StubAnswer = (_request, response) =>
      sendJson(response, 202, '', { location: `//graph.example.net${OPERATION}` });
    const manifest = polled(() => ({
      status: 'succeeded',
      'resourceLocation@odata.navigationLink': `${foreign}${MANIFEST}`,
    }));
    for (const answer of [location, schemeless, manifest]) {
      const { kind, message } = await failure(answer);
      assert.equal(kind, 'unsafeLink');
      assert.match(message, /is not one of this connection's hosts/);
    }
    await withGraphStub(location, async ({ graph, service }) => {
      const { kind } = await failureOf(resumeBillingExport(graph, `${foreign}${OPERATION}`));
      assert.equal(kind, 'unsafeLink');
      assert.equal(service.requests.length, 0);
    });
  });

  it('without an address, a status or a manifest is an error', async () => {
    const cases: [StubAnswer, RegExp][] = [
      [(_request, response) => sendJson(response, 202, ''), /accepted it but gave no link to follow/],
      [(_request, response) => sendJson(response, 200, '<!DOCTYPE html>'), /the answer is a web page, not data/],
      [polled(() => ({})), /the operation tells no status/],
      [polled(() => []), /unexpected shape/],
      [polled(() => ({ status: 'succeeded' })), /succeeded without a manifest/],
      [polled((base) => succeeded({ ...manifestOf(base, []), rootDirectory: null })), /no rootDirectory/],
      [polled((base) => succeeded({ ...manifestOf(base, []), sasToken: '' })), /no sasToken/],
      [polled((base) => succeeded({ ...manifestOf(base, ['a']), blobCount: 2 })), /counts 2 files and names 1/],
      [
        polled((base) => succeeded({ ...manifestOf(base, []), blobs: null, blobCount: 1 })),
        /counts 1 files and names 0/,
      ],
      [polled((base) => succeeded({ ...manifestOf(base, []), blobs: null, blobCount: null })), /counts no files/],
      [polled((base) => succeeded(manifestOf(base, ['a', 'a']))), /names a file twice/],
      [polled((base) => succeeded(manifestOf(base, ['']))), /without a name/],
      [polled((base) => succeeded({ ...manifestOf(base, []), dataFormat: 'Parquet' })), /in the format 'Parquet'/],
    ];
    for (const [answer, message] of cases) {
      const error = await failure(answer);
      assert.equal(error.kind, 'malformed');
      assert.match(error.message, message);
      assert.match(error.message, /^Export billed usage failed: /);
    }
  });

  it('is sent with one id a call, which the errors name beside that of the answer', async () => {
    const exchanges: Exchange[] = [];
    const answer: StubAnswer = (_request, response) =>
      sendJson(
        response,
        403,
        {
          error: {
            code: 'Authorization_RequestDenied',
            message: 'Insufficient privileges to complete the operation.',
            innerError: { date: '2026-11-21T12:00:00', 'request-id': 'r-1' },
          },
        },
        { 'request-id': 'r-1' },
      );
    await withGraphStub(
      answer,
      async ({ graph, service }) => {
        const error = await failureOf(runBillingExport(graph, BILLED));
        assert.equal(
          error.message,
          'Export billed usage failed with HTTP 403 Authorization_RequestDenied: Insufficient privileges to complete the operation.',
        );
        assert.match(error.advice ?? '', /PartnerBilling\.Read\.All/);
        assert.equal(error.requestId, 'r-1');
        const [request] = service.requests;
        assert.equal(error.correlationId, request?.headers['client-request-id']);
        assert.equal(exchanges[0]?.correlationId, error.correlationId);
        assert.equal(request?.headers.authorization, 'Bearer token-1');
        assert.deepEqual(
          Object.keys(request?.headers ?? {}).filter((name) => /^(undefined|x-ms|ms-)/.test(name)),
          [],
        );
      },
      { token: async () => 'token-1', log: (exchange) => exchanges.push(exchange) },
    );
  });

  it('gives advice for each refusal, waits out 429 and 503, and starts again after a reset', async () => {
    const advice: [number, RegExp][] = [
      [400, /invoice, the currency and the period/],
      [401, /token has to be for https:\/\/graph/],
      [404, /start the export again/],
    ];
    for (const [status, words] of advice) {
      const error = await failure((_request, response) => sendJson(response, status, ''));
      assert.equal(error.status, status);
      assert.match(error.advice ?? '', words);
    }
    let at = 0;
    const answer: StubAnswer = (request, response, base) => {
      switch (at++) {
        case 0:
          return sendJson(response, 429, { error: { code: 'TooManyRequests' } }, { 'retry-after': '38' });
        case 1:
          return void response.destroy();
        case 2:
          return started(response, base);
        case 3:
          return sendJson(response, 503, '', { 'retry-after': '5' });
        case 4:
          return sendJson(response, 200, '{"status":"succ');
        default:
          return isStart(request)
            ? assert.fail('started again')
            : sendJson(response, 200, succeeded(manifestOf(base, [])));
      }
    };
    await withGraphStub(answer, async ({ graph, clock }) => {
      await runBillingExport(graph, BILLED);
      assert.deepEqual(clock.waits, [38_000, 2_000, 7_000, 5_000, 2_000]);
    });
    const { message, advice: later } = await failure((_request, response) =>
      sendJson(response, 429, '', { 'retry-after': '3600' }),
    );
    assert.match(message, /HTTP 429/);
    assert.match(later ?? '', /asks to wait 60 minutes/);
  });
});

describe('billing exports: the files', () => {
  it('come in order, digits and texts unchanged, without the token, at the address of the manifest', async () => {
    const files = { 'part 1.gz': packed(`${ROWS[0]}\n${ROWS[1]}\n`), 'sub/part-2.gz': packed(ROWS[2] ?? '') };
    await withGraphStub(
      withFiles(files),
      async ({ graph, service }) => {
        assert.deepEqual(await allRows(graph), ROWS);
        const blobs = service.requests.filter(({ target }) => target.includes('/account/'));
        assert.deepEqual(
          blobs.map(({ target }) => target),
          ['part%201.gz', 'sub/part-2.gz'].map((name) => `/account/folder/Fragment=full/${name}?${sas()}`),
        );
        assert.ok(blobs.every(({ headers }) => headers.authorization === undefined));
      },
      { token: async () => 'token-1' },
    );
  });

  it('may be given with slashes and a question mark too many', async () => {
    const answer: StubAnswer = (request, response, base) => {
      const more = { rootDirectory: `${base}/account/folder/Fragment=full/`, sasToken: `?${sas()}` };
      withFiles({ 'a.gz': packed(ROWS.join('\n')) }, more)(request, response, base);
    };
    await withGraphStub(answer, async ({ graph }) => assert.deepEqual(await allRows(graph), ROWS));
  });

  it('that are cut short, damaged, no gzip or no JSON lines are an error', async () => {
    const whole = packed(ROWS.join('\n'));
    const cases: [Uint8Array, RegExp][] = [
      [whole.subarray(0, -9), /'a\.gz' is cut short, damaged or not gzip/],
      [new Uint8Array(), /'a\.gz' is cut short, damaged or not gzip/],
      [Buffer.from('<html>Sign in</html>'), /'a\.gz' is cut short, damaged or not gzip/],
      [packed(`${ROWS[0]}\n{"Total":1`), /line 2 of 'a\.gz' is not a JSON object/],
      [packed('{"a":"'), /line 1 of 'a\.gz' is not a JSON object/],
    ];
    for (const [content, message] of cases) {
      const error = await failure(withFiles({ 'a.gz': content }));
      assert.equal(error.kind, 'malformed');
      assert.match(error.message, message);
    }
  });

  it('have the rows that the manifest counts, where it counts them', async () => {
    const blobs = (itemCount: number) => ({ blobs: [{ name: 'a.gz', sizeInBytes: 1, itemCount }] });
    const files = { 'a.gz': packed(ROWS.join('\n')) };
    await withGraphStub(withFiles(files, blobs(3)), async ({ graph }) => assert.deepEqual(await allRows(graph), ROWS));
    const { kind, message } = await failure(withFiles(files, blobs(4)));
    assert.equal(kind, 'malformed');
    assert.equal(message, "Download the billing export failed: 'a.gz' has 3 rows, not 4.");
  });

  it('are fetched over https only, unless the service is on this machine', async () => {
    const answer = polled((base) =>
      succeeded({ ...manifestOf(base, ['a.gz']), rootDirectory: 'http://storage.example/x' }),
    );
    const { kind, message } = await failure(answer);
    assert.equal(kind, 'unsafeLink');
    assert.match(message, /'storage\.example' is not https/);
  });

  it('are not read on when nobody wants more', async () => {
    const rows = Array.from({ length: 20_000 }, () => `{"Id":"${randomBytes(40).toString('hex')}"}`).join('\n');
    await withGraphStub(withFiles({ 'a.gz': packed(rows), 'b.gz': packed(rows) }), async ({ graph, service }) => {
      for await (const batch of exportLines(graph, await runBillingExport(graph, BILLED))) {
        assert.ok(batch.length < 20_000);
        break;
      }
      assert.ok(!service.requests.some(({ target }) => target.includes('b.gz')));
    });
  });
});

describe('billing exports: a signature that has run out', () => {
  /** Big enough to be in many pieces. */
  const rows = Array.from(
    { length: 6_000 },
    (_, i) => `{"Row":${i},"Id":"${createHash('sha512').update(`${i}`).digest('base64')}"}`,
  );
  const content = gzipSync(rows.join('\n'));

  /** Each ask of the operation signs anew; `refuses` tells which signatures storage does not take any more. */
  function signing(
    refuses: (signature: number, blobRequest: number) => boolean,
    names: (asked: number) => readonly string[] = () => ['a.gz', 'b.gz'],
  ): StubAnswer {
    let asked = 0;
    let blobRequest = 0;
    return (request, response, base) => {
      if (isStart(request)) {
        return started(response, base);
      }
      if (isOperation(request)) {
        asked++;
        return sendJson(response, 200, succeeded(manifestOf(base, names(asked), { sasToken: sas(asked) })));
      }
      const signature = Number(/&n=(\d+)/.exec(request.target)?.[1]);
      const at = blobRequest++;
      if (refuses(signature, at)) {
        return sendStorageError(
          response,
          403,
          'AuthenticationFailed',
          'Signature not valid in the specified time frame.',
        );
      }
      // The first answer breaks in the middle, so that the file is asked for again from there.
      return sendBlob(response, request, { content }, at === 0 ? Math.floor(content.length / 2) : undefined);
    };
  }
  const asksOf = ({ service }: GraphStub) => service.requests.filter(isOperation).length;

  it('is renewed before the first byte, in the middle of a file and between files, without a lost or doubled row', async () => {
    const times: ((signature: number, at: number) => boolean)[] = [
      (signature) => signature === 1,
      (signature, at) => signature === 1 && at > 0,
      (signature, at) => signature === 1 && at > 1,
    ];
    for (const refuses of times) {
      await withGraphStub(signing(refuses), async (stub) => {
        const read = await allRows(stub.graph);
        assert.equal(read.length, 2 * rows.length);
        assert.deepEqual(read, [...rows, ...rows]);
        assert.equal(asksOf(stub), 2);
      });
    }
  });

  it('is renewed again once the new one has served', async () => {
    // Each signature is good for one file.
    const served = new Map<number, string>();
    const inner = signing(
      () => false,
      () => ['a.gz', 'b.gz', 'c.gz'],
    );
    const answer: StubAnswer = (request, response, base) => {
      const [, name = '', signature] = /(\w)\.gz\?.*&n=(\d+)/.exec(request.target) ?? [];
      const first = served.get(Number(signature)) ?? name;
      served.set(Number(signature), first);
      return first === name
        ? inner(request, response, base)
        : sendStorageError(response, 403, 'AuthenticationFailed', 'Signature not valid in the specified time frame.');
    };
    await withGraphStub(answer, async (stub) => {
      assert.deepEqual(await allRows(stub.graph), [...rows, ...rows, ...rows]);
      assert.equal(asksOf(stub), 3);
    });
  });

  it('is an error when the renewed one is refused too', async () => {
    await withGraphStub(
      signing(() => true),
      async (stub) => {
        const { kind, message, advice } = await failureOf(allRows(stub.graph));
        assert.equal(kind, 'refused');
        assert.match(message, /^Download the billing export failed: the storage link has expired or is not accepted/);
        assert.match(advice ?? '', /^Start again/);
        assert.equal(asksOf(stub), 2);
      },
    );
  });

  it('is an error when the files are not the same any more', async () => {
    const answer = signing(
      (signature) => signature === 1,
      (asked) => (asked === 1 ? ['a.gz', 'b.gz'] : ['a.gz']),
    );
    const { kind, message } = await failure(answer);
    assert.equal(kind, 'malformed');
    assert.match(message, /the export was written anew in the meantime/);
  });

  it('stands in no error and in no log', async () => {
    const exchanges: Exchange[] = [];
    const errors: unknown[] = [];
    const secretive: StubAnswer[] = [
      signing(() => true),
      withFiles({ 'a.gz': Buffer.from('no gzip') }),
      withFiles({ 'a.gz': packed('{}\n[') }),
      polled((base) => succeeded({ ...manifestOf(base, ['a.gz']), rootDirectory: 'http://storage.example/x' })),
      polled((base) => succeeded({ ...manifestOf(base, []), sasToken: { text: sas() } })),
      polled(() => succeeded(sas())),
      polled((base) => succeeded({ ...manifestOf(base, [sas()]), blobs: sas() })),
      polled((base) => JSON.stringify(succeeded(manifestOf(base, []))).slice(0, -30)),
      polled((base) => JSON.stringify(succeeded(manifestOf(base, []))).replace(SECRET, `${SECRET}" x`)),
      (request, response, base) =>
        isStart(request) || isOperation(request)
          ? withFiles({ 'a.gz': content })(request, response, base)
          : void response.destroy(),
    ];
    for (const answer of secretive) {
      const error = await withGraphStub(answer, ({ graph }) => failureOf(allRows(graph)), {
        log: (exchange) => exchanges.push(exchange),
      });
      errors.push(error, error.explanation, error.stack);
    }
    assert.ok(exchanges.some(({ url }) => url.includes('sig=…')));
    for (const said of [...errors, exchanges]) {
      assert.ok(!inspect(said, { depth: 10, showHidden: true }).includes(SECRET.slice(0, 8)), inspect(said));
    }
  });
});
