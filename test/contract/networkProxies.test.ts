import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { createArmClient } from '../../src/api/arm/armClient.ts';
import { preparePriceSheet, priceSheetAddress } from '../../src/api/arm/priceSheet.ts';
import { listPartnerCustomers } from '../../src/api/partnerCenter/customers.ts';
import { createPartnerCenterClient } from '../../src/api/partnerCenter/partnerCenterClient.ts';
import { readBlob } from '../../src/api/storage/blob.ts';
import type { NetworkSettings } from '../../src/network/settings.ts';
import { createTransport, type NetworkTransport } from '../../src/network/transport.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { collect } from '../support/arm.ts';
import { ARM_CALLS, CALLS_TENANT, callNames } from '../support/armCalls.ts';
import { FastClock } from '../support/fastClock.ts';
import { bodyOf, networkSettings } from '../support/network.ts';
import { startInterceptingProxy } from '../support/proxies/interceptingProxy.ts';
import { findProgram, startProgram } from '../support/proxies/program.ts';
import { findTinyproxy, startTinyproxy, type Tinyproxy } from '../support/proxies/tinyproxy.ts';
import { type StubService, sendJson, startStubService } from '../support/stubService.ts';
import { makeTestAuthority } from '../support/tls.ts';

const USER = { user: 'billing', password: 'pass.word-1' };

/** The sample tenant is on this machine, which is else reached directly. */
const THROUGH = ['<-loopback>'];

const skipWithout = (context: Mocha.Context) => {
  if (findTinyproxy() === undefined) {
    console.log('    tinyproxy is not installed: apt-get install tinyproxy');
    context.skip();
  }
};

/** Follows a fresh transport through a test, and ends it. */
async function over<T>(transport: NetworkTransport, run: (transport: NetworkTransport) => Promise<T>): Promise<T> {
  try {
    return await run(transport);
  } finally {
    await transport.close();
  }
}

describe('through tinyproxy', () => {
  let open: Tinyproxy;
  let guarded: Tinyproxy;
  let service: StubService;
  before(async function () {
    skipWithout(this);
    open = await startTinyproxy();
    guarded = await startTinyproxy({ basicAuth: USER });
    service = await startStubService(({ target }, response) => sendJson(response, 200, { target }));
  });
  after(async () => {
    await open?.stop();
    await guarded?.stop();
    await service?.close();
  });

  const get = async (transport: NetworkTransport, path = '/x') => {
    const { signal } = new AbortController();
    return bodyOf(await transport.send({ method: 'GET', origin: service.base, path, headers: {}, signal }));
  };
  const credentials = `billing:${USER.password}`;

  for (const [how, settings] of Object.entries({
    'http.proxy with credentials': () => ({ proxy: `http://${credentials}@${guarded.address}` }),
    'http.proxyAuthorization': () => ({
      proxy: `http://${guarded.address}`,
      proxyAuthorization: `Basic ${Buffer.from(`${USER.user}:${USER.password}`).toString('base64')}`,
    }),
    HTTP_PROXY: () => ({ environment: { HTTP_PROXY: `http://${credentials}@${guarded.address}` } }),
    'ALL_PROXY without a scheme': () => ({ environment: { ALL_PROXY: open.address } }),
  })) {
    it(`${how} leads there`, async () => {
      const host = new URL(service.base).host;
      const before = [...open.tunnels(), ...guarded.tunnels()].length;
      const text = await over(createTransport(networkSettings({ noProxy: THROUGH, ...settings() })), get);
      assert.equal(text, '{"target":"/x"}');
      const tunnels = [...open.tunnels(), ...guarded.tunnels()];
      assert.equal(tunnels.length, before + 1);
      assert.ok(tunnels.includes(host));
      assert.ok(!JSON.stringify(service.requests.at(-1)?.headers).includes('proxy-authorization'));
    });
  }

  it('http.noProxy and this machine are reached past it', async () => {
    const before = open.tunnels().length;
    const proxy = `http://${open.address}`;
    for (const noProxy of [[...THROUGH, '127.0.0.1'], [...THROUGH, '127.0.0.0/8'], [...THROUGH, '*'], []]) {
      assert.equal(await over(createTransport(networkSettings({ proxy, noProxy })), get), '{"target":"/x"}');
    }
    assert.equal(open.tunnels().length, before);
  });

  it('a setting that changes holds for the next request, and those under way end', async () => {
    let release: (() => void) | undefined;
    const slow = await startStubService((_, response) => {
      response.writeHead(200, { 'content-length': '4' });
      response.write('ab');
      release = () => response.end('cd');
    });
    try {
      await over(createTransport(networkSettings({ noProxy: THROUGH, proxy: `http://${open.address}` })), async (t) => {
        const { signal } = new AbortController();
        const request = { method: 'GET', origin: slow.base, path: '/', headers: {}, signal };
        const first = await t.send(request);
        const before = open.tunnels().length;
        t.use(networkSettings());
        assert.equal(await get(t), '{"target":"/x"}');
        assert.equal(open.tunnels().length, before, 'direct now');
        release?.();
        assert.equal(await bodyOf(first), 'abcd');
        t.use(networkSettings({ noProxy: THROUGH, proxy: `http://${open.address}` }));
        await get(t);
        assert.equal(open.tunnels().length, before + 1, 'through the proxy again');
      });
    } finally {
      await slow.close();
    }
  });

  it('a request that is cancelled ends at once, and the transport works on', async () => {
    const silent = await startStubService(() => {});
    try {
      await over(createTransport(networkSettings({ noProxy: THROUGH, proxy: `http://${open.address}` })), async (t) => {
        const stop = new AbortController();
        const reason = new Error('The user pressed cancel.');
        const sending = t.send({ method: 'GET', origin: silent.base, path: '/', headers: {}, signal: stop.signal });
        stop.abort(reason);
        await assert.rejects(sending, reason);
        assert.equal(await get(t), '{"target":"/x"}');
      });
    } finally {
      await silent.close();
    }
  });

  it('the dispatcher that the process shares stays as it was', async () => {
    // A process of its own: this one may have loaded undici already.
    const script = `
      // Node's own fetch fills them when it is first touched.
      Reflect.get(globalThis, 'Headers');
      const slots = () => [1, 2].map((n) => globalThis[Symbol.for('undici.globalDispatcher.' + n)]);
      const before = slots();
      const { createTransport } = await import(${JSON.stringify(new URL('../../src/network/transport.ts', import.meta.url).href)});
      const { networkSettings, bodyOf } = await import(${JSON.stringify(new URL('../support/network.ts', import.meta.url).href)});
      const [, proxy, origin] = process.argv;
      const transport = createTransport(networkSettings({ noProxy: ['<-loopback>'], proxy }));
      const { signal } = new AbortController();
      const text = await bodyOf(await transport.send({ method: 'GET', origin, path: '/', headers: {}, signal }));
      await transport.close();
      console.log(slots().every((dispatcher, index) => dispatcher === before[index]), text);`;
    const child = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      script,
      `http://${open.address}`,
      service.base,
    ]);
    const [out] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    assert.equal(out.trim(), 'true {"target":"/"}');
  });
});

describe('through microsocks', () => {
  before(function () {
    if (findProgram('microsocks') === undefined) {
      console.log('    microsocks is not installed: apt-get install microsocks');
      this.skip();
    }
  });

  it('requests go, with a password where it wants one, and say so where it is not given', async () => {
    const proxy = await startProgram('microsocks', (port) => [
      ...['-i', '127.0.0.1', '-p', String(port)],
      ...['-u', USER.user, '-P', USER.password],
    ]);
    const service = await startStubService(({ target }, response) => sendJson(response, 200, { target }));
    const own = makeTestAuthority();
    const secure = await startSampleService({ ...CALLS_TENANT, tls: own.server });
    const get = (base: string, credentials: string) => {
      const settings = { noProxy: THROUGH, proxy: `socks5://${credentials}${proxy.address}` };
      const { signal } = new AbortController();
      return over(createTransport(networkSettings({ ...settings, extraCertificates: [own.authority] })), async (t) =>
        bodyOf(await t.send({ method: 'GET', origin: base, path: '/x', headers: {}, signal })),
      );
    };
    const credentials = `${USER.user}:${USER.password}@`;
    try {
      assert.equal(await get(service.base, credentials), '{"target":"/x"}');
      assert.equal(await get(service.base.replace('127.0.0.1', 'localhost'), credentials), '{"target":"/x"}');
      assert.match(await get(secure.endpoints.resourceManager, credentials), /"error"/);
      assert.match(proxy.said(), new RegExp(`connected to 127\\.0\\.0\\.1:${new URL(service.base).port}`));
      await assert.rejects(get(service.base, ''), /the proxy 127\.0\.0\.1:\d+ wants a sign-in/);
      await assert.rejects(get(service.base, 'billing:wrong@'), /the proxy 127\.0\.0\.1:\d+ refused the credentials/);
      await assert.rejects(get('http://127.0.0.1:1', credentials), /could not reach 127\.0\.0\.1 \(SOCKS reply \d\)/);
      await assert.rejects(get('http://[::1]:1', credentials), /could not reach ::1 \(SOCKS reply \d\)/);
    } finally {
      await proxy.stop();
      await service.close();
      await secure.close();
    }
  });
});

/** How every call ends: 'answered', what is counted, or the sentence of the failure. */
async function outcomes(service: SampleService, settings: Partial<NetworkSettings>): Promise<Record<string, unknown>> {
  const base = service.endpoints.resourceManager;
  const names = callNames(service);
  const admin = createTransport(networkSettings({ extraCertificates: settings.extraCertificates ?? [] }));
  return over(admin, () =>
    over(createTransport(networkSettings(settings)), async (transport) => {
      const clock = new FastClock();
      const arm = createArmClient({ transport, base, clock });
      const results: Record<string, unknown> = {};
      const note = async (name: string, call: () => Promise<unknown>) => {
        results[name] = await call().catch((error: Error) => error.message);
      };
      for (const [name, { only = arm.versions, prepare, run }] of Object.entries(ARM_CALLS)) {
        if (only === arm.versions) {
          await note(name, async () => {
            await run(arm, names, {}, await prepare?.(arm, names));
            return 'answered';
          });
          const { signal } = new AbortController();
          await bodyOf(await admin.send({ method: 'POST', origin: base, path: '/_sample/reset', headers: {}, signal }));
        }
      }
      await note('a file of the storage', async () => {
        const sheet = await preparePriceSheet(arm, names);
        let bytes = 0;
        for await (const chunk of readBlob(arm.storage, priceSheetAddress(sheet), { operation: 'Download' })) {
          bytes += chunk.length;
        }
        return bytes;
      });
      await note('customers of Partner Center', async () => {
        const client = createPartnerCenterClient({ transport, base: service.endpoints.partnerCenter, clock });
        return (await collect(listPartnerCustomers(client))).length;
      });
      return results;
    }),
  );
}

describe('every call ends through a proxy as it does without one', function () {
  this.timeout(120_000);
  const own = makeTestAuthority();
  const inspection = makeTestAuthority('Contoso Inspection');
  let service: SampleService;
  let secure: SampleService;
  let direct: Record<string, unknown>;
  before(async () => {
    service = await startSampleService(CALLS_TENANT);
    secure = await startSampleService({ ...CALLS_TENANT, tls: own.server });
    direct = await outcomes(service, {});
    assert.ok(Object.keys(direct).length > 50);
    assert.ok(Number(direct['a file of the storage']) > 100);
    assert.ok(Number(direct['customers of Partner Center']) > 10);
  });
  after(async () => {
    await service?.close();
    await secure?.close();
  });

  for (const basicAuth of [undefined, USER]) {
    it(`that is tinyproxy, ${basicAuth === undefined ? 'open' : 'with a password'}`, async function () {
      skipWithout(this);
      const proxy = await startTinyproxy(basicAuth === undefined ? {} : { basicAuth });
      try {
        const credentials = basicAuth === undefined ? '' : `${basicAuth.user}:${basicAuth.password}@`;
        const settings = { noProxy: THROUGH, proxy: `http://${credentials}${proxy.address}` };
        assert.deepEqual(await outcomes(service, settings), direct);
        const tunnels = proxy.tunnels().length;
        assert.ok(tunnels > 0 && tunnels < Object.keys(direct).length / 2, `${tunnels} tunnels: connections are kept`);
      } finally {
        await proxy.stop();
      }
    });
  }

  it('that inspects TLS', async () => {
    const proxy = await startInterceptingProxy({ authority: inspection });
    try {
      const settings = { noProxy: THROUGH, proxy: `http://${proxy.address}` };
      const through = await outcomes(secure, {
        ...settings,
        extraCertificates: [inspection.authority, own.authority],
      });
      assert.deepEqual(through, direct);
      assert.ok(proxy.requests.length >= Object.keys(direct).length);
    } finally {
      await proxy.stop();
    }
  });
});
