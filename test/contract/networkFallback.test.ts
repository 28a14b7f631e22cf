import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { WireRequest, WireResponse } from '../../src/api/http/transport.ts';
import type { NetworkSettings } from '../../src/network/settings.ts';
import { createTransport } from '../../src/network/transport.ts';
import { bodyOf, networkSettings } from '../support/network.ts';
import { type StubAnswer, type StubService, sendJson, startStubService } from '../support/stubService.ts';

/** A name that no DNS knows, as in a network that only its proxy script knows the way out of. */
const HIDDEN = 'http://billing.invalid';

/** Puts a fetch in place as the editor does: it knows the way to the hidden host. Gives the way back. */
function knowTheWay(service: StubService): { asked: string[]; forget(): void } {
  const before = globalThis.fetch;
  const asked: string[] = [];
  globalThis.fetch = (input, init) => {
    asked.push(String(input));
    return before(String(input).replace(HIDDEN, service.base), init);
  };
  return {
    asked,
    forget() {
      globalThis.fetch = before;
    },
  };
}

async function withHiddenHost(
  answer: StubAnswer,
  run: (parts: {
    send(path: string, more?: Partial<WireRequest>): Promise<WireResponse>;
    service: StubService;
    asked: string[];
    said: string[];
  }) => Promise<void>,
  settings: Partial<NetworkSettings> = {},
): Promise<void> {
  const service = await startStubService(answer);
  const said: string[] = [];
  const transport = createTransport(networkSettings(settings), { log: (sentence) => said.push(sentence) });
  const { asked, forget } = knowTheWay(service);
  try {
    const send = (path: string, { signal = new AbortController().signal, ...more }: Partial<WireRequest> = {}) =>
      transport.send({ method: 'GET', origin: HIDDEN, path, headers: { 'X-Test': 'Yes' }, signal, ...more });
    await run({ send, service, asked, said });
  } finally {
    forget();
    await transport.close();
    await service.close();
  }
}

describe("the editor's own way", () => {
  it('is found where no direct connection can be made, kept, and told', async () => {
    const answer: StubAnswer = ({ target, body }, response) =>
      sendJson(response, 201, { target, body }, { 'X-Ms-Request-Id': 'r1' });
    await withHiddenHost(answer, async ({ send, service, asked, said }) => {
      const first = await send('/a?b=%2f', { method: 'POST', body: '{"c":1}' });
      assert.equal(first.status, 201);
      assert.equal(first.headers['x-ms-request-id'], 'r1');
      assert.equal(await bodyOf(first), '{"target":"/a?b=%2f","body":"{\\"c\\":1}"}');
      await bodyOf(await send('/again'));
      assert.deepEqual(asked, [`${HIDDEN}/a?b=%2f`, `${HIDDEN}/again`]);
      assert.equal(service.requests[0]?.headers['x-test'], 'Yes');
      assert.equal(said.length, 1);
      assert.match(
        said[0] ?? '',
        /^billing\.invalid cannot be reached directly \(\w+\); requests go the way that the editor found\.$/,
      );
    });
  });

  it('is taken for other hosts too, but not for this machine', async () => {
    await withHiddenHost(
      (_, response) => sendJson(response, 200, {}),
      async ({ send, service, asked }) => {
        await bodyOf(await send('/a'));
        await bodyOf(await send('/b', { origin: service.base }));
        await assert.rejects(send('/c', { origin: 'http://other.invalid' }));
        assert.deepEqual(asked, [`${HIDDEN}/a`, 'http://other.invalid/c']);
      },
    );
  });

  it('follows no redirect', async () => {
    const answer: StubAnswer = (_, response) => sendJson(response, 302, {}, { location: 'http://evil.invalid/' });
    await withHiddenHost(answer, async ({ send, asked }) => {
      const { status, headers } = await send('/');
      assert.equal(status, 302);
      assert.equal(headers.location, 'http://evil.invalid/');
      assert.equal(asked.length, 1);
    });
  });

  it('brings bytes as they were sent, and asks for nothing packed', async () => {
    const bytes = Buffer.alloc(300_000, 'abc\0');
    const answer: StubAnswer = (_, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.end(bytes);
    };
    await withHiddenHost(answer, async ({ send, service }) => {
      const response = await send('/file');
      const hash = createHash('sha256');
      for await (const chunk of response.body) {
        hash.update(chunk);
      }
      assert.equal(hash.digest('hex'), createHash('sha256').update(bytes).digest('hex'));
      assert.equal(response.headers['content-length'], '300000');
      assert.equal(service.requests[0]?.headers['accept-encoding'], 'identity');
    });
  });

  it('gives what is packed unpacked, without the measures of the packed body, but no parts of it', async () => {
    const answer: StubAnswer = ({ target }, response) => {
      const packed = gzipSync('whole');
      response.writeHead(target === '/part' ? 206 : 200, {
        'content-encoding': 'gzip',
        'content-length': packed.length,
        'content-md5': 'x',
      });
      response.end(packed);
    };
    await withHiddenHost(answer, async ({ send }) => {
      await assert.rejects(send('/part'), /^BillingError: a part of a packed file cannot be read/);
      const whole = await send('/');
      assert.equal(await bodyOf(whole), 'whole');
      assert.deepEqual(
        Object.keys(whole.headers).filter((name) => name.startsWith('content-')),
        [],
      );
    });
  });

  it('fails when the body breaks off, and when it is cancelled', async () => {
    const answer: StubAnswer = ({ target }, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      if (target === '/broken') {
        setImmediate(() => response.destroy());
      }
    };
    await withHiddenHost(answer, async ({ send }) => {
      await assert.rejects(bodyOf(await send('/broken')));
      const stop = new AbortController();
      const reading = bodyOf(await send('/slow', { signal: stop.signal }));
      const reason = new Error('The user pressed cancel.');
      stop.abort(reason);
      await assert.rejects(reading, reason);
    });
  });

  it('is left when it fails, and the first error stays when it brings nothing', async () => {
    await withHiddenHost(
      (_, response) => sendJson(response, 200, {}),
      async ({ send, service, asked }) => {
        await bodyOf(await send('/a'));
        await service.close();
        await assert.rejects(send('/b'), /fetch failed/);
        await assert.rejects(send('/c'), (error: NodeJS.ErrnoException) =>
          /^(ENOTFOUND|EAI_AGAIN)$/.test(error.code ?? ''),
        );
        assert.equal(asked.length, 3);
      },
    );
  });

  for (const [why, settings] of Object.entries<Partial<NetworkSettings>>({
    'a proxy is named': { proxy: 'http://127.0.0.1:1' },
    'proxySupport is off': { proxySupport: 'off' },
    'the host is to be reached directly': { proxy: 'http://127.0.0.1:1', noProxy: ['.invalid'] },
  })) {
    it(`is not asked where ${why}`, async () => {
      await withHiddenHost(
        (_, response) => sendJson(response, 200, {}),
        async ({ send, asked }) => {
          await assert.rejects(send('/'));
          assert.deepEqual(asked, []);
        },
        settings,
      );
    });
  }
});
