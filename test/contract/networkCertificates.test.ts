import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadTrust } from '../../src/network/certificates.ts';
import type { NetworkSettings } from '../../src/network/settings.ts';
import { createTransport } from '../../src/network/transport.ts';
import { bodyOf, networkSettings } from '../support/network.ts';
import { type InterceptingProxy, startInterceptingProxy } from '../support/proxies/interceptingProxy.ts';
import { noSystemStore, runWithSystemAuthority } from '../support/proxies/systemStore.ts';
import { sendJson } from '../support/stubService.ts';
import { makeTestAuthority } from '../support/tls.ts';

const MANAGEMENT = 'https://management.azure.com';
const url = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);

describe('the authorities that are trusted', () => {
  const authority = makeTestAuthority('Contoso Inspection');
  const folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-authorities-'));
  let proxy: InterceptingProxy;
  before(async () => {
    proxy = await startInterceptingProxy({
      authority,
      answer: (_, response) => sendJson(response, 200, { inspected: true }),
    });
  });
  after(async () => {
    await proxy.stop();
    rmSync(folder, { recursive: true });
  });

  const fileWith = (name: string, content: string) => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  const trusting = (file: string) => networkSettings({ environment: { NODE_EXTRA_CA_CERTS: file } });
  const get = async (settings: NetworkSettings) => {
    const transport = createTransport({ ...settings, proxy: `http://${proxy.address}` });
    const { signal } = new AbortController();
    try {
      return await bodyOf(await transport.send({ method: 'GET', origin: MANAGEMENT, path: '/', headers: {}, signal }));
    } finally {
      await transport.close();
    }
  };

  it('are those of the file that NODE_EXTRA_CA_CERTS names, beside all others', async () => {
    const settings = trusting(fileWith('extra.pem', `Inspection\n${authority.authority}\n${authority.authority}`));
    assert.equal(await get(settings), '{"inspected":true}');
    const { counts, problems } = loadTrust(settings);
    assert.equal(counts.extra, 2);
    assert.ok(counts.builtIn > 50);
    assert.deepEqual(problems, []);
  });

  for (const [why, content, problem] of [
    [
      'is not there',
      undefined,
      /^NODE_EXTRA_CA_CERTS names a file that cannot be read \(ENOENT\); correct the variable\.$/,
    ],
    ['is no PEM text', 'nothing', /^NODE_EXTRA_CA_CERTS holds no certificate; certificates have to be PEM text\.$/],
    [
      'is damaged',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
      /^NODE_EXTRA_CA_CERTS holds a damaged certificate, which is left out; certificates have to be PEM text\.$/,
    ],
  ] as const) {
    it(`are the others alone when that file ${why}, which is told`, async () => {
      const settings = trusting(content === undefined ? path.join(folder, 'none') : fileWith('bad.pem', content));
      const { problems, counts } = loadTrust(settings);
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? '', problem);
      assert.equal(counts.extra, 0);
      await assert.rejects(get(settings), /issued by 'Contoso Inspection', which is not trusted/);
    });
  }

  it("are those of the system's store, unless http.systemCertificates is off", async function () {
    const missing = noSystemStore();
    if (missing !== undefined) {
      console.log(`    ${missing}`);
      this.skip();
    }
    const printed = await runWithSystemAuthority(
      authority.authority,
      `
      const { createTransport } = await import(${url('../../src/network/transport.ts')});
      const { networkSettings, bodyOf } = await import(${url('../support/network.ts')});
      const { signal } = new AbortController();
      for (const systemCertificates of [true, false]) {
        const transport = createTransport(networkSettings({ proxy: 'http://${proxy.address}', systemCertificates }));
        try {
          console.log(await bodyOf(await transport.send({ method: 'GET', origin: '${MANAGEMENT}', path: '/', headers: {}, signal })));
        } catch (error) {
          console.log(error.message);
        }
        await transport.close();
      }`,
    );
    const [withStore, without = ''] = printed.split('\n');
    assert.equal(withStore, '{"inspected":true}');
    assert.match(without, /issued by 'Contoso Inspection', which is not trusted/);
  });
});
