import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { HttpClient } from '../../src/api/http/client.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import { parseProxy } from '../../src/network/proxyAddress.ts';
import type { NetworkSettings } from '../../src/network/settings.ts';
import { createTransport } from '../../src/network/transport.ts';
import { openTunnel } from '../../src/network/tunnel.ts';
import { FastClock } from '../support/fastClock.ts';
import { networkSettings } from '../support/network.ts';
import { type InterceptingOptions, startInterceptingProxy } from '../support/proxies/interceptingProxy.ts';
import { startRawProxy } from '../support/proxies/rawProxy.ts';
import { findTinyproxy, startTinyproxy } from '../support/proxies/tinyproxy.ts';
import { sendJson, startStubService } from '../support/stubService.ts';
import { makeTestAuthority } from '../support/tls.ts';

const MANAGEMENT = 'https://management.azure.com';
const SECRET = 'never-shown';

interface Outcome {
  value?: unknown;
  /** The sentence and the advice. */
  text: string;
  error?: BillingError;
}

/** One call with a token, as a connection makes it. */
async function call(base: string, settings: Partial<NetworkSettings>): Promise<Outcome> {
  const transport = createTransport(networkSettings(settings));
  const lines: string[] = [];
  const client = new HttpClient({
    transport,
    base,
    clock: new FastClock(),
    token: async () => SECRET,
    log: (exchange) => lines.push(JSON.stringify(exchange)),
  });
  try {
    const value = await client.send(
      { operation: 'List customers', method: 'GET', address: '/customers' },
      ({ bytes }) => Buffer.from(bytes).toString('utf8'),
    );
    return { value, text: '' };
  } catch (error) {
    assert.ok(error instanceof BillingError, String(error));
    const { explanation } = error;
    assert.ok(!`${explanation} ${lines.join()}`.includes(SECRET), explanation);
    return { text: explanation, error };
  } finally {
    await transport.close();
  }
}

const reply = (text: string) => (socket: Socket) => socket.end(`HTTP/1.1 ${text}\r\n\r\n`);

describe('a proxy that does not let through', () => {
  const cases: [
    name: string,
    answer: (socket: Socket) => unknown,
    expected: RegExp,
    settings?: (address: string) => Partial<NetworkSettings>,
  ][] = [
    [
      'wants a password',
      reply('407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"'),
      /^List customers failed: the proxy 127\.0\.0\.1:\d+ wants a sign-in \(407\)\. Put user name and password into http\.proxy, or the header into http\.proxyAuthorization\.$/,
    ],
    [
      'wants a Windows sign-in',
      reply('407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM'),
      /wants a Windows sign-in \(407\), which this extension cannot give\./,
    ],
    [
      'refuses the password',
      reply('407 No\r\nProxy-Authenticate: Basic'),
      /refused the credentials \(407\)\. Correct http\.proxyAuthorization, or the user name and password in HTTPS_PROXY\.$/,
      (address) => ({ environment: { HTTPS_PROXY: `http://user:${SECRET}@${address}` } }),
    ],
    [
      'forbids the host',
      reply('403 Filtered'),
      /does not allow connections to management\.azure\.com \(403\)\. Ask who runs the proxy/,
    ],
    [
      'leads elsewhere',
      reply('302 Found\r\nLocation: https://evil.example/'),
      /leads to another address \(302\), and it was not followed\./,
    ],
    ['cannot reach the host', reply('502 Bad Gateway'), /could not reach management\.azure\.com \(502\)\./],
    ['is a web server', reply('nonsense'), /is no http proxy\. Check http\.proxy: the port/],
    ['is something else', (socket) => socket.end('220 mail.example ESMTP\r\n'), /is no http proxy\./],
    [
      'answers byte by byte',
      async (socket) => {
        for (const byte of 'HTTP/1.1 403 Forbidden\r\nX: y\r\n\r\n') {
          socket.write(byte);
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
      /does not allow connections to management\.azure\.com \(403\)\./,
    ],
    [
      'never ends its head',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(100_000)}`),
      /is no http proxy\./,
    ],
    ['closes the connection', (socket) => socket.destroy(), /closed the connection\. Check http\.proxy;/],
  ];
  for (const [name, answer, expected, settings] of cases) {
    it(name, async () => {
      const proxy = await startRawProxy(answer);
      try {
        const { text } = await call(MANAGEMENT, settings?.(proxy.address) ?? { proxy: `http://${proxy.address}` });
        assert.match(text, expected);
        assert.ok(proxy.heads.every((head) => !head.includes(SECRET)));
      } finally {
        await proxy.stop();
      }
    });
  }

  it('never answers', async () => {
    const silent = await startRawProxy(() => {});
    try {
      const proxy = parseProxy(`http://user:${SECRET}@${silent.address}`, 'http.proxy', undefined);
      const { signal } = new AbortController();
      const trust = () => createSecureContext();
      const target = { host: 'management.azure.com', port: 443 };
      await assert.rejects(
        openTunnel({ proxy, target, trust, strictSsl: true, timeout: 50, signal }),
        /^ConnectFailure: the proxy 127\.0\.0\.1:\d+ does not answer\.$/,
      );
    } finally {
      await silent.stop();
    }
  });

  it('does not speak TLS', async () => {
    const plain = await startStubService(() => {});
    try {
      const { text } = await call(MANAGEMENT, { proxy: plain.base.replace('http:', 'https:') });
      assert.match(text, /the proxy 127\.0\.0\.1:\d+ does not speak TLS\. Check http\.proxy: it may have to begin/);
      assert.deepEqual(plain.requests, []);
    } finally {
      await plain.close();
    }
  });

  it('is no SOCKS proxy', async () => {
    const plain = await startStubService(() => {});
    try {
      const { text } = await call(MANAGEMENT, { proxy: plain.base.replace('http:', 'socks5:') });
      assert.match(text, /what answers at the proxy 127\.0\.0\.1:\d+ is no SOCKS proxy\. Check http\.proxy/);
    } finally {
      await plain.close();
    }
  });

  it('is down', async () => {
    const proxy = await startRawProxy(() => {});
    await proxy.stop();
    const { text } = await call(MANAGEMENT, { proxy: `http://user:${SECRET}@${proxy.address}` });
    assert.match(
      text,
      /^List customers failed: nothing listens at the proxy 127\.0\.0\.1:\d+\. Check http\.proxy, and/,
    );
  });

  it('has a name that nobody knows', async () => {
    const { text, error } = await call(MANAGEMENT, { proxy: 'http://proxy.invalid:8080' });
    assert.match(
      text,
      /the name of the proxy proxy\.invalid:8080 (is unknown|cannot be looked up now)\. Check http\.proxy/,
    );
    assert.match(error?.code ?? '', /^PROXY_/);
  });

  it('is none at all', async () => {
    const { text } = await call(MANAGEMENT, { proxy: `socks4://user:${SECRET}@proxy.example` });
    assert.match(text, /^List customers failed: http\.proxy names a 'socks4' proxy, and only http, https and socks5/);
  });

  it('tinyproxy says it in the same words', async function () {
    if (findTinyproxy() === undefined) {
      this.skip();
    }
    const guarded = await startTinyproxy({ basicAuth: { user: 'a', password: 'b' }, refused: ['blocked\\.example'] });
    try {
      const open = await call(MANAGEMENT, { proxy: `http://${guarded.address}` });
      assert.match(open.text, /wants a sign-in \(407\)\. Put user name and password into http\.proxy/);
      const wrong = await call(MANAGEMENT, { proxy: `http://a:${SECRET}@${guarded.address}` });
      assert.match(wrong.text, /refused the credentials \(401\)\. Correct http\.proxyAuthorization/);
      const blocked = await call('https://blocked.example', { proxy: `http://a:b@${guarded.address}` });
      assert.match(blocked.text, /does not allow connections to blocked\.example \(403\)/);
      const lost = await call('https://nowhere.invalid', { proxy: `http://a:b@${guarded.address}` });
      assert.match(lost.text, /could not reach nowhere\.invalid \(50\d\)/);
    } finally {
      await guarded.stop();
    }
  });
});

it('a host that does not speak TLS is named', async () => {
  const plain = await startStubService(() => {});
  try {
    const { text } = await call(plain.base.replace('http:', 'https:'), {});
    assert.match(text, /^List customers failed: 127\.0\.0\.1:\d+ does not speak TLS \(\w+\)\. Check the endpoint;/);
  } finally {
    await plain.close();
  }
});

describe('a proxy that inspects TLS', () => {
  const authority = makeTestAuthority('Contoso Inspection');

  async function inspected(
    options: Partial<InterceptingOptions>,
    settings: (address: string) => Partial<NetworkSettings>,
    base = MANAGEMENT,
  ) {
    const proxy = await startInterceptingProxy({
      authority,
      answer: (_, response) => sendJson(response, 200, { inspected: true }),
      ...options,
    });
    try {
      return { ...(await call(base, settings(proxy.address))), proxy };
    } finally {
      await proxy.stop();
    }
  }
  const through =
    (more: Partial<NetworkSettings> = {}) =>
    (address: string) => ({ proxy: `http://${address}`, ...more });

  it('is trusted with its authority among the extra certificates', async () => {
    const { value, proxy } = await inspected({}, through({ extraCertificates: [authority.authority] }));
    assert.equal(value, '{"inspected":true}');
    assert.deepEqual(proxy.tunnels, ['management.azure.com:443']);
    assert.deepEqual(proxy.requests, [
      { host: 'management.azure.com:443', method: 'GET', path: '/customers', authorization: `Bearer ${SECRET}` },
    ]);
  });

  it('may be spoken to over TLS itself, with an authority that is trusted', async () => {
    const identity = authority.issue(['localhost']);
    const named = (more: Partial<NetworkSettings>) => (address: string) => ({
      proxy: `https://user:${SECRET}@${address.replace('127.0.0.1', 'localhost')}`,
      ...more,
    });
    const trusted = await inspected({ identity }, named({ extraCertificates: [authority.authority] }));
    assert.equal(trusted.value, '{"inspected":true}');
    const unknown = await inspected({ identity }, named({}));
    assert.match(
      unknown.text,
      /^List customers failed: the certificate of the proxy localhost:\d+ is not trusted \(\w+\)\. Add its authority/,
    );
    assert.deepEqual(unknown.proxy.tunnels, []);
    const unchecked = await inspected({ identity }, named({ strictSsl: false }));
    assert.equal(unchecked.value, '{"inspected":true}');
  });

  it('with an authority that nobody knows sees no request', async () => {
    const { text, error, proxy } = await inspected({}, through());
    assert.match(
      text,
      /^List customers failed: the certificate that management\.azure\.com showed through the proxy 127\.0\.0\.1:\d+ was issued by 'Contoso Inspection', which is not trusted \(\w+\)\. If your network inspects TLS, add that authority to the system's certificates \(http\.systemCertificates\) or to the file that NODE_EXTRA_CA_CERTS names/,
    );
    assert.equal(error?.retryable, false);
    assert.deepEqual(proxy.requests, []);
  });

  it('with a certificate that ended sees no request', async () => {
    const hour = 3_600_000;
    const valid = { from: Date.now() - 48 * hour, to: Date.now() - 24 * hour };
    const { text, proxy } = await inspected({ valid }, through({ extraCertificates: [authority.authority] }));
    assert.match(
      text,
      /showed through the proxy .* issued by 'Contoso Inspection', ended on \w+ .*\. Check this machine's clock/,
    );
    assert.deepEqual(proxy.requests, []);
  });

  it('with a certificate for another host sees no request', async () => {
    const names = () => ['portal.contoso.example', 'www.contoso.example'];
    const { text, proxy } = await inspected({ names }, through({ extraCertificates: [authority.authority] }));
    assert.match(
      text,
      /is one for other hosts \(portal\.contoso\.example, www\.contoso\.example\), issued by 'Contoso Inspection'\. A sign-in page/,
    );
    assert.deepEqual(proxy.requests, []);
  });

  it('gets through unchecked with http.proxyStrictSSL off', async () => {
    const { value } = await inspected({}, through({ strictSsl: false }));
    assert.equal(value, '{"inspected":true}');
  });

  it('is why http.proxyStrictSSL exists: what is reached directly stays checked', async () => {
    const direct = createServer(makeTestAuthority('Nobody').server, (_, response) => response.end('{}'));
    direct.listen(0, '127.0.0.1');
    await once(direct, 'listening');
    try {
      const { port } = direct.address() as AddressInfo;
      const { text } = await call(`https://127.0.0.1:${port}`, { proxy: 'http://proxy.invalid', strictSsl: false });
      assert.match(text, /the certificate that 127\.0\.0\.1:\d+ showed was issued by 'Nobody', which is not trusted/);
    } finally {
      direct.close();
    }
  });

  it('that answers with a redirect gets no second request, and nobody else the token', async () => {
    const foreign = await startStubService((_, response) => sendJson(response, 200, {}));
    try {
      const { text, proxy } = await inspected(
        {
          answer: (_, response) => {
            response.writeHead(307, { location: `${foreign.base}/signin` });
            response.end();
          },
        },
        through({ extraCertificates: [authority.authority] }),
      );
      assert.match(text, /HTTP 307/);
      assert.equal(proxy.requests.length, 1);
      assert.equal(foreign.requests.length, 0);
    } finally {
      await foreign.close();
    }
  });
});
