import assert from 'node:assert/strict';
import type { NetworkSettings } from '../../src/network/settings.ts';
import { createTransport } from '../../src/network/transport.ts';
import { createCredential } from '../../src/signIn/createCredential.ts';
import { networkSettings } from '../support/network.ts';
import { startInterceptingProxy } from '../support/proxies/interceptingProxy.ts';
import { findTinyproxy, startTinyproxy, type Tinyproxy } from '../support/proxies/tinyproxy.ts';
import { tokenRequest } from '../support/signInService/bench.ts';
import { type SignInService, startSignInService } from '../support/signInService/signInService.ts';
import { makeAppIdentity, makeTestAuthority, type TestAuthority } from '../support/tls.ts';

/** The sign-in service is on this machine, which is else reached directly. */
const THROUGH = ['<-loopback>'];

describe('the network settings hold for the sign-in', () => {
  let tls: TestAuthority;
  let service: SignInService;
  before(async () => {
    tls = makeTestAuthority();
    // Nothing in this process trusts it: the settings have to.
    service = await startSignInService(tls.server, makeAppIdentity());
  });
  after(() => service.close());

  async function signIn(changed: Partial<NetworkSettings>): Promise<string> {
    const transport = createTransport(networkSettings(changed));
    const [{ id, app }] = service.tenants;
    try {
      const credential = createCredential(
        {
          credential: 'servicePrincipal',
          tenant: id,
          clientId: app.clientId,
          proof: async () => ({ secret: app.secret }),
        },
        { authority: service.authority, transport },
      );
      return (await credential.getToken(tokenRequest())).token;
    } finally {
      await transport.close();
    }
  }

  it('a certificate authority that is added is trusted', async () => {
    assert.ok(await signIn({ extraCertificates: [tls.authority] }));
  });

  it('one that is not is refused, and nothing secret was sent', async () => {
    const before = service.requests.length;
    await assert.rejects(signIn({}), { kind: 'unreachable', message: /^Sign-in failed: .*certificate/ });
    assert.equal(service.requests.length, before);
  });

  it('a proxy that looks into the traffic is passed with its authority', async () => {
    const proxyAuthority = makeTestAuthority('A proxy');
    const proxy = await startInterceptingProxy({ authority: proxyAuthority });
    try {
      const settings = { proxy: `http://${proxy.address}`, noProxy: THROUGH };
      assert.ok(await signIn({ ...settings, extraCertificates: [proxyAuthority.authority] }));
      await assert.rejects(signIn({ ...settings, extraCertificates: [tls.authority] }), { kind: 'unreachable' });
    } finally {
      await proxy.stop();
    }
  });

  describe('through tinyproxy', () => {
    const USER = { user: 'billing', password: 'pass.word-1' };
    let proxy: Tinyproxy;
    before(async function () {
      if (findTinyproxy() === undefined) {
        console.log('    tinyproxy is not installed: apt-get install tinyproxy');
        this.skip();
      }
      proxy = await startTinyproxy({ basicAuth: USER });
    });
    after(() => proxy?.stop());

    it('every request goes', async () => {
      const before = proxy.tunnels().length;
      const address = `http://${USER.user}:${USER.password}@${proxy.address}`;
      assert.ok(await signIn({ proxy: address, noProxy: THROUGH, extraCertificates: [tls.authority] }));
      const tunnels = proxy.tunnels().slice(before);
      assert.ok(tunnels.length > 0);
      assert.deepEqual([...new Set(tunnels)], [new URL(service.authority).host]);
    });

    it('a refusal of the proxy names it, not its password', () =>
      assert.rejects(
        signIn({ proxy: `http://${USER.user}:wrong-word@${proxy.address}`, noProxy: THROUGH }),
        (error: Error & { kind?: string }) => {
          assert.equal(error.kind, 'unreachable');
          assert.match(error.message, new RegExp(proxy.address));
          assert.doesNotMatch(error.message, /wrong-word/);
          return true;
        },
      ));
  });
});
