import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../src/api/http/client.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import { type BlobOptions, readBlob } from '../../src/api/storage/blob.ts';
import { listBlobs } from '../../src/api/storage/container.ts';
import { connect } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import { type Misbehaviour, type StubBlob, sendBlob, sendStorageError, startStubBlobs } from '../support/stubBlobs.ts';
import type { StubRequest } from '../support/stubService.ts';

const SMALL = Buffer.from('date,cost\r\n2026-10-01,1.20\r\n');
const LARGE = randomBytes(1_000_000);
const PART = 256 * 1024;

interface Result {
  bytes: Buffer;
  error?: BillingError;
  requests: StubRequest[];
  log: Exchange[];
  waits: number[];
}

/** Reads a file of the stub to its end, or to its failure. */
async function read(
  file: StubBlob | Uint8Array,
  misbehave?: Misbehaviour,
  options: Partial<BlobOptions> = {},
): Promise<Result> {
  const blob = file instanceof Uint8Array ? { content: file } : file;
  const storage = await startStubBlobs({ file: blob }, misbehave);
  const log: Exchange[] = [];
  const clock = new FastClock();
  const token = async () => 'never to be sent';
  const { arm, close } = connect(storage.base, { clock, token, log: (exchange) => log.push(exchange) });
  const chunks: Uint8Array[] = [];
  const result = () => ({ bytes: Buffer.concat(chunks), requests: storage.requests, log, waits: clock.waits });
  try {
    const all = { operation: 'Download the file', partSize: PART, ...options };
    for await (const chunk of readBlob(arm.storage, storage.address('file'), all)) {
      chunks.push(chunk);
    }
    return result();
  } catch (error) {
    assert.ok(error instanceof BillingError, String(error));
    assert.doesNotMatch(JSON.stringify([error.message, error.advice, error.call]), /top|secret/);
    return { ...result(), error };
  } finally {
    await close();
    await storage.close();
  }
}

/** The first requests are answered by what is listed, the others as they should be. */
const firstly =
  (...answers: Misbehaviour[]): Misbehaviour =>
  (at, ...rest) =>
    answers[at]?.(at, ...rest) ?? false;

const status =
  (code: number, headers: Record<string, string> = {}): Misbehaviour =>
  (_at, response) => {
    sendStorageError(response, code, 'ServerBusy', 'The server is busy.', headers);
    return true;
  };

describe('the download of a file from storage', () => {
  it('brings a small file with one request, without a token and without a client type', async () => {
    const sizes: number[] = [];
    const { bytes, requests, log } = await read(SMALL, undefined, { onStart: (total) => sizes.push(total) });
    assert.deepEqual(bytes, SMALL);
    assert.deepEqual(sizes, [SMALL.length]);
    assert.equal(requests.length, 1);
    const { headers, target } = requests[0] as StubRequest;
    assert.equal(headers.authorization, undefined);
    assert.equal(headers.clienttype, undefined);
    assert.equal(headers['user-agent'], 'azure-billing-explorer');
    assert.match(target, /sig=top%2Fsecret%3D$/);
    assert.match(log[0]?.url ?? '', /\/file\?sv=…&sr=…&sp=…&sig=…$/);
  });

  it('brings a large file in parts, all of the version that the first one found', async () => {
    const { bytes, requests } = await read(LARGE);
    assert.deepEqual(bytes, LARGE);
    assert.deepEqual(requests.map(({ headers }) => headers.range).sort(), [
      'bytes=0-262143',
      'bytes=262144-524287',
      'bytes=524288-786431',
      'bytes=786432-999999',
    ]);
    assert.deepEqual(
      requests.slice(1).map(({ headers }) => headers['if-match']),
      ['"0x1"', '"0x1"', '"0x1"'],
    );
  });

  it('keeps to the number of parts that may be on their way', async () => {
    let open = 0;
    let most = 0;
    const { bytes } = await read(
      LARGE,
      (_at, response) => {
        most = Math.max(most, ++open);
        response.on('finish', () => open--);
        return false;
      },
      { partSize: 50_000, parallel: 3 },
    );
    assert.deepEqual(bytes, LARGE);
    assert.ok(most <= 3, `${most} at once`);
  });

  it('brings an empty file', async () => {
    const { bytes, requests } = await read(new Uint8Array());
    assert.equal(bytes.length, 0);
    assert.deepEqual(
      requests.map(({ headers }) => headers.range),
      [`bytes=0-${PART - 1}`, undefined],
    );
  });

  it('takes the whole file from storage that knows no parts, and resumes there too', async () => {
    const { bytes, requests } = await read(LARGE, (at, response, request) => {
      const { range: _range, ...headers } = request.headers;
      sendBlob(response, { ...request, headers }, { content: LARGE }, at === 0 ? 400_000 : undefined);
      return true;
    });
    assert.deepEqual(bytes, LARGE);
    assert.equal(requests.length, 2);
  });

  it('takes a file of unknown length', async () => {
    const { bytes } = await read(SMALL, (_at, response) => {
      response.writeHead(200, { 'content-type': 'text/csv' });
      response.write(SMALL.subarray(0, 5));
      response.end(SMALL.subarray(5));
      return true;
    });
    assert.deepEqual(bytes, SMALL);
  });

  it('goes on from where a connection broke', async () => {
    const { bytes, requests } = await read(
      LARGE,
      firstly((_at, response, request) => {
        sendBlob(response, request, { content: LARGE }, 100_000);
        return true;
      }),
      { partSize: 4_000_000 },
    );
    assert.deepEqual(bytes, LARGE);
    assert.equal(requests[1]?.headers.range, 'bytes=100000-999999');
    assert.equal(requests[1]?.headers['if-match'], '"0x1"');
  });

  it('goes on however often it breaks, as long as bytes come', async () => {
    const { bytes, requests } = await read(
      LARGE,
      (_at, response, request) => {
        sendBlob(response, request, { content: LARGE }, 100_000);
        return true;
      },
      { partSize: 4_000_000 },
    );
    assert.deepEqual(bytes, LARGE);
    assert.ok(requests.length > 9);
  });

  it('gives up when no bytes come any more', async () => {
    const { error, requests } = await read(SMALL, (_at, response, request) => {
      sendBlob(response, request, { content: SMALL }, 0);
      return true;
    });
    assert.equal(error?.kind, 'unreachable');
    assert.match(error?.message ?? '', /^Download the file failed: the connection to 127\.0\.0\.1:\d+ broke\.$/);
    assert.equal(requests.length, 4);
  });

  it('waits as storage asks, and then brings the file', async () => {
    const { bytes, waits } = await read(SMALL, firstly(status(503, { 'retry-after': '7' }), status(500), status(429)));
    assert.deepEqual(bytes, SMALL);
    assert.deepEqual(waits, [7000, 2000, 4000]);
  });

  it('brings a slow file', async () => {
    const { bytes } = await read(SMALL, (_at, response) => {
      response.writeHead(200, { 'content-length': SMALL.length });
      response.write(SMALL.subarray(0, 9));
      setTimeout(() => response.end(SMALL.subarray(9)), 30);
      return true;
    });
    assert.deepEqual(bytes, SMALL);
  });

  for (const [what, misbehave, file, options, message, advice] of [
    [
      'an expired link',
      (_at, response) => {
        sendStorageError(response, 403, 'AuthenticationFailed', 'Server failed to authenticate the request.');
        return true;
      },
      SMALL,
      {},
      /^Download the file failed: the storage link has expired or is not accepted \(HTTP 403 AuthenticationFailed\)\.$/,
      /asks for a new link/,
    ],
    [
      'a closed firewall',
      (_at, response) => {
        sendStorageError(response, 403, 'AuthorizationFailure', 'This request is not authorized.');
        return true;
      },
      SMALL,
      {},
      /^Download the file failed with HTTP 403 AuthorizationFailure: This request is not authorized\.$/,
      /firewall/,
    ],
    [
      'a file that is gone',
      (_at, response) => {
        sendStorageError(response, 404, 'BlobNotFound', 'The specified blob does not exist.');
        return true;
      },
      SMALL,
      {},
      /^Download the file failed with HTTP 404 BlobNotFound: The specified blob does not exist\.$/,
      /deleted/,
    ],
    [
      'a file that changes between its parts',
      (at, response, request) => {
        sendBlob(response, request, { content: LARGE, eTag: at === 0 ? '"0x1"' : '"0x2"' });
        return true;
      },
      LARGE,
      {},
      /^Download the file failed: the file was changed while it was downloaded\.$/,
      /start again/,
    ],
    [
      'a file that grows although its tag stays',
      (at, response, request) => {
        sendBlob(response, request, { content: at === 0 ? LARGE : Buffer.concat([LARGE, SMALL]) });
        return true;
      },
      LARGE,
      {},
      /the file was changed while it was downloaded/,
      /start again/,
    ],
    [
      'another part than was asked for',
      (_at, response) => {
        response.writeHead(206, { 'content-range': 'bytes 5-9/20' });
        response.end('wrong');
        return true;
      },
      SMALL,
      {},
      /^Download the file failed: storage sent another part of the file than was asked for\.$/,
      undefined,
    ],
    ['a wrong checksum', undefined, { content: SMALL, md5: 'AAAAAAAAAAAAAAAAAAAAAA==' }, {}, /checksum/, /start again/],
    [
      'a file that is shorter than it was announced',
      undefined,
      SMALL,
      { expectedBytes: 99 },
      /^Download the file failed: the file has 28 bytes and was announced with 99\.$/,
      /start again/,
    ],
    [
      'a short file of unknown length',
      (_at, response) => {
        response.writeHead(200);
        response.end('dat');
        return true;
      },
      SMALL,
      { expectedBytes: 28 },
      /the file has 3 bytes and was announced with 28/,
      /start again/,
    ],
    [
      'a page of a proxy',
      (_at, response) => {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<html>');
        return true;
      },
      SMALL,
      {},
      /^Download the file failed: the answer is a web page, not the file\.$/,
      /proxy/,
    ],
    [
      'a redirect to another host',
      (_at, response) => {
        response.writeHead(302, { location: 'https://elsewhere.example/file' });
        response.end();
        return true;
      },
      SMALL,
      {},
      /^Download the file failed: the storage leads to another address, and it was not followed\.$/,
      /proxy/,
    ],
  ] as const satisfies readonly (readonly [
    string,
    Misbehaviour | undefined,
    StubBlob | Uint8Array,
    Partial<BlobOptions>,
    RegExp,
    RegExp | undefined,
  ])[]) {
    it(`says what is wrong with ${what}`, async () => {
      const { error } = await read(file, misbehave, options);
      assert.match(error?.message ?? '', message);
      if (advice !== undefined) {
        assert.match(error?.advice ?? '', advice);
      }
    });
  }

  it('ends too early even when the connection ends well', async () => {
    const { error } = await read(SMALL, (_at, response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-27/28', 'transfer-encoding': 'chunked' });
      response.end();
      return true;
    });
    assert.match(error?.message ?? '', /^Download the file failed: storage ended the file too early\.$/);
  });

  it('reads no storage over plain http for a connection to another machine, and sends nothing', async () => {
    const storage = await startStubBlobs({ file: { content: SMALL } });
    const { arm, close } = connect('https://management.azure.com');
    await assert.rejects(readBlob(arm.storage, storage.address('file'), { operation: 'Download' }).next(), {
      kind: 'unsafeLink',
      message: /^Download failed: the storage link to '127\.0\.0\.1:\d+' is not https, and it was not followed\.$/,
    });
    assert.equal(storage.requests.length, 0);
    await close();
    await storage.close();
  });

  for (const [address, reason] of [
    ['http://storage.example/file?sig=secret', /is not https/],
    ['https://me:pass@storage.example/file?sig=secret', /has a user name in it/],
    ['ftp://127.0.0.1/file?sig=secret', /is not https/],
    ['file?sig=secret', /is not an address/],
  ] as const) {
    it(`refuses ${address.split('?')[0]}`, async () => {
      const { arm, close } = connect('http://127.0.0.1:9');
      await assert.rejects(readBlob(arm.storage, address, { operation: 'Download' }).next(), (error: unknown) => {
        assert.ok(error instanceof BillingError);
        assert.equal(error.kind, 'unsafeLink');
        assert.match(error.message, reason);
        assert.doesNotMatch(JSON.stringify(error), /secret|pass/);
        return true;
      });
      await close();
    });
  }

  it('stops at once when it is cancelled, with all its requests', async () => {
    const cancel = new AbortController();
    const open = new Set<unknown>();
    const storage = await startStubBlobs({ file: { content: LARGE } }, (at, response) => {
      if (at > 0) {
        open.add(response);
        response.on('close', () => open.delete(response));
      }
      return at > 0;
    });
    const { arm, close } = connect(storage.base, { clock: new FastClock() });
    const options = { operation: 'Download', partSize: PART, signal: cancel.signal };
    const work = (async () => {
      for await (const chunk of readBlob(arm.storage, storage.address('file'), options)) {
        assert.ok(chunk.length > 0);
      }
    })();
    while (open.size < 3) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    cancel.abort();
    await assert.rejects(work, { name: 'AbortError' });
    while (open.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await close();
    await storage.close();
  });

  it('ends its requests when the reader fails, as on a full disk', async () => {
    const storage = await startStubBlobs({ file: { content: LARGE } });
    const { arm, close } = connect(storage.base, { clock: new FastClock() });
    await assert.rejects(
      async () => {
        for await (const _ of readBlob(arm.storage, storage.address('file'), {
          operation: 'Download',
          partSize: 9999,
        })) {
          throw new Error('the disk is full');
        }
      },
      { message: 'the disk is full' },
    );
    assert.ok(storage.requests.length < 10, `${storage.requests.length} requests`);
    await close();
    await storage.close();
  });
});

describe('the list of files in a container', () => {
  const page = (names: string, next = '') =>
    `\ufeff<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs>${names}</Blobs><NextMarker>${next}</NextMarker></EnumerationResults>`;
  const blob = (name: string, length: number) =>
    `<Blob><Name>${name}</Name><Properties><Content-Length>${length}</Content-Length></Properties></Blob>`;

  async function list(pages: readonly string[]) {
    let at = 0;
    const storage = await startStubBlobs({}, (_at, response) => {
      response.end(pages[Math.min(at++, pages.length - 1)]);
      return true;
    });
    const { arm, close } = connect(storage.base, { clock: new FastClock() });
    try {
      const access = { container: `${storage.base}/exports`, sas: 'sv=1&sig=top%2Fsecret' };
      return { blobs: await listBlobs(arm.storage, access, 'root/a&b', 'List files'), requests: storage.requests };
    } finally {
      await close();
      await storage.close();
    }
  }

  it('has all pages, and names as they are', async () => {
    const { blobs, requests } = await list([
      page(blob('root/a&amp;b/1.csv', 5), 'next one'),
      page(`${blob('root/a&amp;b/&#252;.csv', 6)}<Blob><Name Encoded="true">root/a%1F.csv</Name></Blob>`),
    ]);
    assert.deepEqual(blobs, [
      { name: 'root/a&b/1.csv', bytes: 5 },
      { name: 'root/a&b/ü.csv', bytes: 6 },
      { name: 'root/a\u001f.csv', bytes: undefined },
    ]);
    assert.deepEqual(
      requests.map(({ target }) => target),
      [
        '/exports?restype=container&comp=list&prefix=root%2Fa%26b&sv=1&sig=top%2Fsecret',
        '/exports?restype=container&comp=list&prefix=root%2Fa%26b&marker=next+one&sv=1&sig=top%2Fsecret',
      ],
    );
  });

  it('asks again for a page that was cut short, and gives up on one that always is', async () => {
    const whole = page(blob('a', 1));
    assert.equal((await list([whole.slice(0, 90), whole])).blobs.length, 1);
    await assert.rejects(list([whole.slice(0, 90)]), { message: /cut short or is none/ });
  });

  it('ends when pages lead in a circle', async () => {
    await assert.rejects(list([page(blob('a', 1), 'again')]), { message: /leads back to a page/ });
  });
});
