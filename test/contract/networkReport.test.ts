import assert from 'node:assert/strict';
import { networkReport } from '../../src/network/report.ts';
import { reportText } from '../../src/network/reportText.ts';
import type { NetworkSettings } from '../../src/network/settings.ts';
import { networkSettings } from '../support/network.ts';
import { startInterceptingProxy } from '../support/proxies/interceptingProxy.ts';
import { startRawProxy } from '../support/proxies/rawProxy.ts';
import { sendJson, startStubService } from '../support/stubService.ts';
import { makeTestAuthority } from '../support/tls.ts';

const MANAGEMENT = 'https://management.azure.com';
const NOW = new Date('2026-11-21T12:00:00Z');
const SECRET = 'never-shown';

function reportOn(
  addresses: readonly string[],
  settings: Partial<NetworkSettings>,
  signal = new AbortController().signal,
) {
  const services = addresses.map((address, index) => ({ service: `Service ${index + 1}`, address }));
  return networkReport(networkSettings(settings), [{ connection: 'Contoso', services }], { now: NOW, signal });
}

describe('the network report', () => {
  const authority = makeTestAuthority('Contoso Inspection');

  it('tells the way to each host, what decided it, and who issued the certificate', async () => {
    const proxy = await startInterceptingProxy({ authority });
    const service = await startStubService((_, response) => sendJson(response, 200, {}));
    try {
      const report = await reportOn([MANAGEMENT, `${service.base}/base`, 'https://graph.invalid', MANAGEMENT], {
        proxy: `http://user:${SECRET}@${proxy.address}`,
        proxyAuthorization: `Basic ${SECRET}`,
        noProxy: ['.invalid'],
        extraCertificates: [authority.authority],
        environment: { NODE_EXTRA_CA_CERTS: `/home/${SECRET}/authorities.pem`, HTTPS_PROXY: `http://${SECRET}:x@p:1` },
      });
      const [hosts = []] = report.connections.map((connection) => connection.hosts);
      const [management, local, excepted, again] = hosts.map(({ milliseconds, ...rest }) => {
        assert.ok(milliseconds >= 0);
        return rest;
      });
      assert.deepEqual(
        { ...management, certificate: management?.certificate?.issuer },
        {
          service: 'Service 1',
          host: 'management.azure.com:443',
          route: 'proxy',
          proxy: proxy.address,
          decidedBy: 'http.proxy',
          reachable: true,
          certificate: 'Contoso Inspection',
        },
      );
      assert.deepEqual({ ...again, service: 'Service 1' }, management);
      assert.deepEqual(local, {
        service: 'Service 2',
        host: new URL(service.base).host,
        route: 'direct',
        decidedBy: 'loopback',
        reachable: true,
      });
      assert.equal(excepted?.reachable, false);
      assert.equal(excepted?.noProxy, '.invalid');
      assert.match(excepted?.error ?? '', /^Connecting failed: the name graph\.invalid .*\.$/);
      assert.equal(report.certificates.extra, 1);
      assert.match(report.certificates.problems.join(), /NODE_EXTRA_CA_CERTS names a file that cannot be read/);
      // One connection a host, and no request in any.
      assert.equal(proxy.tunnels.length, 1);
      assert.deepEqual(proxy.requests, []);
      assert.deepEqual(service.requests, []);

      const text = reportText(report);
      assert.ok(!(text + JSON.stringify(report)).includes(SECRET));
      assert.match(text, /http\.proxy +http:\/\/127\.0\.0\.1:\d+ \(with credentials, not shown\)/);
      assert.match(text, /http\.proxyAuthorization +set \(not shown\)/);
      assert.match(
        text,
        /Route +through the proxy 127\.0\.0\.1:\d+ \(http\.proxy\)\n +Reachable +yes, after \d+ ms\n +Certificate +issued by Contoso Inspection, valid to/,
      );
      assert.match(text, /Route +direct \(http\.noProxy: \.invalid\)/);
    } finally {
      await proxy.stop();
      await service.close();
    }
  });

  it('tells what stands in the way, in the words of a failed call', async () => {
    const refusing = await startRawProxy((socket) => socket.end('HTTP/1.1 403 No\r\n\r\n'));
    const inspecting = await startInterceptingProxy({ authority });
    try {
      const through = async (proxy: string) => (await reportOn([MANAGEMENT], { proxy })).connections[0]?.hosts[0];
      const refused = await through(`http://${refusing.address}`);
      assert.match(refused?.error ?? '', /does not allow connections to management\.azure\.com \(403\)\.$/);
      assert.match(refused?.advice ?? '', /Ask who runs the proxy/);
      const distrusted = await through(`http://${inspecting.address}`);
      assert.match(distrusted?.error ?? '', /issued by 'Contoso Inspection', which is not trusted/);
      const none = await through('socks4://proxy.example');
      assert.equal(none?.route, 'none');
      assert.match(none?.error ?? '', /http\.proxy names a 'socks4' proxy/);
    } finally {
      await refusing.stop();
      await inspecting.stop();
    }
  });

  it("tells when only the editor's way leads to a host, and sends no token there", async () => {
    const service = await startStubService((_, response) => sendJson(response, 404, {}));
    const before = globalThis.fetch;
    globalThis.fetch = (input, init) => before(String(input).replace('http://billing.invalid', service.base), init);
    try {
      const [host] = (await reportOn(['http://billing.invalid'], {})).connections[0]?.hosts ?? [];
      assert.equal(host?.route, 'editor');
      assert.equal(host?.reachable, true);
      assert.equal(service.requests[0]?.method, 'HEAD');
      assert.equal(service.requests[0]?.headers.authorization, undefined);
    } finally {
      globalThis.fetch = before;
      await service.close();
    }
  });

  it('ends when it is cancelled', async () => {
    const silent = await startRawProxy(() => {});
    try {
      const stop = new AbortController();
      const reason = new Error('The user pressed cancel.');
      const reporting = reportOn([MANAGEMENT], { proxy: `http://${silent.address}` }, stop.signal);
      setTimeout(() => stop.abort(reason), 50);
      await assert.rejects(reporting, reason);
    } finally {
      await silent.stop();
    }
  });

  it('says so when certificates are not checked', async () => {
    const text = reportText(await reportOn([], { strictSsl: false }));
    assert.match(text, /Certificates that come through a proxy are not checked, because http\.proxyStrictSSL is off\./);
  });
});
