import assert from 'node:assert/strict';
import { ConnectFailure } from '../../src/api/http/connectFailure.ts';
import { matchNoProxy } from '../../src/network/noProxy.ts';
import { routeTo } from '../../src/network/route.ts';
import type { NetworkSettings } from '../../src/network/settings.ts';
import { targetOf } from '../../src/network/target.ts';
import { networkSettings } from '../support/network.ts';

const MANAGEMENT = 'https://management.azure.com';

/** The way in a few words. */
function way(address: string, settings: Partial<NetworkSettings>): string {
  const route = routeTo(address, networkSettings(settings));
  return route.kind === 'direct'
    ? `direct: ${route.decidedBy}${route.noProxy === undefined ? '' : ` ${route.noProxy}`}`
    : `${route.proxy.kind} ${route.proxy.shown}: ${route.decidedBy}`;
}

describe('hosts without a proxy', () => {
  const cases: [entry: string, address: string, matches: boolean][] = [
    ['*', MANAGEMENT, true],
    ['azure.com', MANAGEMENT, true],
    ['.azure.com', MANAGEMENT, true],
    ['AZURE.com', MANAGEMENT, true],
    ['.azure.com', 'https://azure.com', true],
    ['*.azure.com', MANAGEMENT, true],
    ['*.azure.com', 'https://azure.com', false],
    ['azure.com', 'https://management.azure.com.evil.example', false],
    ['azure.com', 'https://notazure.com', false],
    ['azure.com.', 'https://management.azure.com.', true],
    ['management.azure.com:443', MANAGEMENT, true],
    ['management.azure.com:8443', MANAGEMENT, false],
    ['management.azure.com:80', 'http://management.azure.com', true],
    ['10.0.0.5', 'https://10.0.0.5', true],
    ['10.0.0.5:8443', 'https://10.0.0.5:8443', true],
    ['10.0.0.0/8', 'https://10.20.30.40', true],
    ['10.0.0.0/8', 'https://11.20.30.40', false],
    ['10.0.0.0/8', 'https://ten.example', false],
    ['10.0.0.0/99', 'https://10.20.30.40', false],
    ['fd00::/8', 'https://[fd12::1]', true],
    ['[::1]', 'http://[::1]:8080', true],
    ['::1', 'http://[0:0:0:0:0:0:0:1]:8080', true],
    ['[::1]:8080', 'http://[::1]:8080', true],
    ['[::1]:8080', 'http://[::1]:9090', false],
    ['one.example, azure.com', MANAGEMENT, true],
    ['one.example azure.com', MANAGEMENT, true],
    ['', MANAGEMENT, false],
    ['.', MANAGEMENT, false],
  ];
  for (const [entry, address, matches] of cases) {
    it(`'${entry}' ${matches ? 'means' : 'does not mean'} ${address}`, () => {
      assert.equal(matchNoProxy([entry], targetOf(address)) !== undefined, matches);
    });
  }
});

describe('the way to a host', () => {
  const proxy = 'http://proxy.example:8080';

  it('is direct where nothing names a proxy', () => {
    assert.equal(way(MANAGEMENT, {}), 'direct: default');
    assert.equal(way(MANAGEMENT, { proxy: '', environment: { HTTPS_PROXY: ' ' } }), 'direct: default');
  });

  it('goes through the proxy of the setting before that of a variable', () => {
    const environment = { HTTPS_PROXY: 'http://other.example:3128' };
    assert.equal(way(MANAGEMENT, { proxy, environment }), 'http proxy.example:8080: http.proxy');
    assert.equal(way(MANAGEMENT, { environment }), 'http other.example:3128: HTTPS_PROXY');
  });

  it('takes the variable of the scheme, then the other, then ALL_PROXY', () => {
    const [a, b, c] = ['http://a.example', 'https://b.example', 'c.example:3128'];
    const all = { HTTPS_PROXY: a, HTTP_PROXY: b, ALL_PROXY: c };
    assert.equal(way(MANAGEMENT, { environment: all }), 'http a.example:80: HTTPS_PROXY');
    assert.equal(way('http://plain.example', { environment: all }), 'https b.example:443: HTTP_PROXY');
    assert.equal(way(MANAGEMENT, { environment: { HTTP_PROXY: b, ALL_PROXY: c } }), 'https b.example:443: HTTP_PROXY');
    assert.equal(way(MANAGEMENT, { environment: { ALL_PROXY: c } }), 'http c.example:3128: ALL_PROXY');
  });

  it('is direct with proxySupport off, whatever names a proxy', () => {
    const off = { proxySupport: 'off', proxy, environment: { HTTPS_PROXY: proxy } } as const;
    assert.equal(way(MANAGEMENT, off), 'direct: http.proxySupport');
    for (const proxySupport of ['on', 'fallback', 'override'] as const) {
      assert.equal(way(MANAGEMENT, { proxySupport, proxy }), 'http proxy.example:8080: http.proxy');
    }
  });

  it('is direct on this machine, unless the list takes that back', () => {
    for (const host of ['localhost', 'sub.localhost', '127.0.0.1', '127.9.9.9', '[::1]', '[::ffff:127.0.0.1]']) {
      assert.equal(way(`http://${host}:8080`, { proxy }), 'direct: loopback', host);
      assert.equal(
        way(`http://${host}:8080`, { proxy, noProxy: ['<-loopback>'] }),
        'http proxy.example:8080: http.proxy',
        host,
      );
    }
    assert.equal(way('http://localhost.example:8080', { proxy }), 'http proxy.example:8080: http.proxy');
  });

  it('is direct to the metadata service of a virtual machine, always', () => {
    for (const host of ['169.254.169.254', '[fe80::1]']) {
      assert.equal(way(`http://${host}`, { proxy, noProxy: ['<-loopback>'] }), 'direct: link-local');
    }
  });

  it('asks NO_PROXY only where http.noProxy is empty', () => {
    const environment = { NO_PROXY: 'one.example, .azure.com' };
    assert.equal(way(MANAGEMENT, { proxy, environment }), 'direct: NO_PROXY .azure.com');
    assert.equal(
      way(MANAGEMENT, { proxy, environment, noProxy: ['two.example'] }),
      'http proxy.example:8080: http.proxy',
    );
    assert.equal(way(MANAGEMENT, { proxy, noProxy: ['azure.com'] }), 'direct: http.noProxy azure.com');
  });
});

describe('the address of a proxy', () => {
  const authorization = (settings: Partial<NetworkSettings>) => {
    const route = routeTo(MANAGEMENT, networkSettings(settings));
    assert.ok(route.kind === 'proxy');
    assert.doesNotMatch(route.proxy.shown, /secret|user/);
    return route.proxy.authorization;
  };

  it('gives user name and password, also with odd characters', () => {
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    assert.equal(authorization({ proxy: 'http://user:secret@proxy.example' }), basic('user:secret'));
    assert.equal(authorization({ proxy: 'http://user:se%3Acr%40et@proxy.example' }), basic('user:se:cr@et'));
    assert.equal(authorization({ proxy: 'http://user@proxy.example' }), basic('user:'));
    assert.equal(authorization({ proxy: 'http://user:100%secret@proxy.example' }), basic('user:100%secret'));
    assert.equal(authorization({ proxy: 'http://proxy.example' }), undefined);
  });

  it('may be that of a SOCKS proxy', () => {
    for (const scheme of ['socks', 'socks5', 'socks5h']) {
      assert.equal(way(MANAGEMENT, { proxy: `${scheme}://proxy.example` }), 'socks5 proxy.example:1080: http.proxy');
    }
  });

  it('gives way to http.proxyAuthorization', () => {
    const settings = { proxy: 'http://user:secret@proxy.example', proxyAuthorization: 'Bearer secret' };
    assert.equal(authorization(settings), 'Bearer secret');
  });

  it('is refused by the name of its setting, without what stands there', () => {
    const refused = (settings: Partial<NetworkSettings>, expected: RegExp) =>
      assert.throws(
        () => routeTo(MANAGEMENT, networkSettings(settings)),
        (error) => {
          assert.ok(error instanceof ConnectFailure);
          assert.match(`${error.reason}. ${error.advice}`, expected);
          assert.doesNotMatch(`${error.message} ${error.advice}`, /secret/);
          return true;
        },
      );
    refused({ proxy: 'http://user:secret@' }, /^http\.proxy is not the address of a proxy\. Correct http\.proxy/);
    refused(
      { environment: { ALL_PROXY: 'socks4://user:secret@p' } },
      /^ALL_PROXY names a 'socks4' proxy, and only http, https and socks5 are supported\./,
    );
    refused({ proxy: 'http://p', proxyAuthorization: 'secret\r\nX: y' }, /^http\.proxyAuthorization has characters/);
  });
});
