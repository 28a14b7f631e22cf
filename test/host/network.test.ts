import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { NetworkReport } from '../../src/network/report.ts';
import { findTinyproxy, startTinyproxy, type Tinyproxy } from '../support/proxies/tinyproxy.ts';
import { makeTestAuthority } from '../support/tls.ts';
import { type Connected, connectSample, refusal } from './support.ts';

const SLOTS = [1, 2].map((number) => Symbol.for(`undici.globalDispatcher.${number}`));
const slots = () => SLOTS.map((slot) => Reflect.get(globalThis, slot));

async function set(values: Record<string, unknown>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    await vscode.workspace.getConfiguration('http').update(name, value, vscode.ConfigurationTarget.Global);
  }
}

const unset = () =>
  set({
    proxy: undefined,
    noProxy: undefined,
    proxySupport: undefined,
    proxyAuthorization: undefined,
    proxyStrictSSL: undefined,
  });

const report = (argument?: object): Thenable<NetworkReport> =>
  vscode.commands.executeCommand<NetworkReport>('azureBilling.showNetworkReport', argument);

describe("the editor's network settings", () => {
  const connections: Connected[] = [];
  let plain: Connected;
  let secure: Connected;
  let proxy: Tinyproxy;
  const shared = slots();

  before(async function () {
    if (findTinyproxy() === undefined) {
      console.log('    tinyproxy is not installed: apt-get install tinyproxy');
      this.skip();
    }
    proxy = await startTinyproxy({ basicAuth: { user: 'billing', password: 'pass.word-1' } });
    plain = await connectSample();
    connections.push(plain);
    secure = await connectSample({ tls: makeTestAuthority('Contoso Inspection').server });
    connections.push(secure);
  });
  afterEach(unset);
  after(async () => {
    for (const connection of connections) {
      await connection.remove();
    }
    await proxy?.stop();
  });

  const policyOf = ({ name, service: { tenant } }: Connected) => {
    const [account] = tenant.accounts;
    assert.ok(account);
    return { connection: name, account: account.name, customer: tenant.customers(account).at(0).name };
  };
  const read = (connected: Connected) =>
    vscode.commands.executeCommand<{ name: string }>('azureBilling.getCostPolicy', policyOf(connected));
  /** This machine is else reached directly. */
  const THROUGH = ['<-loopback>'];
  const withPassword = () => `http://billing:pass.word-1@${proxy.address}`;

  it('hold for the next request after a change, without a reload', async () => {
    assert.ok(await read(plain));
    assert.deepEqual(proxy.tunnels(), []);

    await set({ noProxy: THROUGH, proxy: withPassword() });
    assert.ok(await read(plain));
    assert.deepEqual(proxy.tunnels(), [new URL(plain.service.endpoints.resourceManager).host]);

    await set({ noProxy: ['127.0.0.1', '<-loopback>'] });
    assert.ok(await read(plain));
    await set({ noProxy: undefined });
    assert.ok(await read(plain));
    await set({ noProxy: THROUGH, proxySupport: 'off' });
    assert.ok(await read(plain));
    assert.equal(proxy.tunnels().length, 1, 'direct by the list, on this machine, and with the support off');
  });

  it('name the setting when the proxy refuses, and show no password', async () => {
    await set({ noProxy: THROUGH, proxy: `http://${proxy.address}` });
    assert.match(
      await refusal('azureBilling.getCostPolicy', policyOf(plain)),
      /the proxy 127\.0\.0\.1:\d+ wants a sign-in \(407\)\. Put user name and password into http\.proxy/,
    );
    await set({ proxy: `http://billing:wrong-1@${proxy.address}` });
    const text = await refusal('azureBilling.getCostPolicy', policyOf(plain));
    assert.match(text, /refused the credentials \(401\)/);
    assert.doesNotMatch(text, /wrong-1|billing:/);
    await set({ proxyAuthorization: `Basic ${Buffer.from('billing:pass.word-1').toString('base64')}` });
    assert.ok(await read(plain));
  });

  it('leave certificates unchecked only through a proxy, and only while http.proxyStrictSSL is off', async () => {
    const distrusted = /issued by 'Contoso Inspection', which is not trusted/;
    assert.match(await refusal('azureBilling.getCostPolicy', policyOf(secure)), distrusted);
    await set({ noProxy: THROUGH, proxy: withPassword(), proxyStrictSSL: false });
    assert.ok(await read(secure));
    await set({ proxyStrictSSL: true });
    assert.match(await refusal('azureBilling.getCostPolicy', policyOf(secure)), distrusted);
    await set({ proxyStrictSSL: false, proxySupport: 'off' });
    assert.match(await refusal('azureBilling.getCostPolicy', policyOf(secure)), distrusted);
  });

  it('are told by the network report, without secrets, in a text that cannot be edited', async () => {
    await set({ noProxy: THROUGH, proxy: withPassword() });
    const told = await report({ connection: plain.name });
    const [host] = told.connections[0]?.hosts ?? [];
    assert.equal(host?.service, 'Azure Resource Manager');
    assert.equal(host?.route, 'proxy');
    assert.equal(host?.decidedBy, 'http.proxy');
    assert.equal(host?.reachable, true);

    const editor = vscode.window.activeTextEditor;
    const text = editor?.document.getText() ?? '';
    assert.match(text, /^Network report of Azure Billing/);
    assert.match(text, new RegExp(`through the proxy ${proxy.address.replaceAll('.', '\\.')} \\(http\\.proxy\\)`));
    assert.doesNotMatch(text + JSON.stringify(told), /pass\.word-1|billing:/);
    assert.equal(vscode.workspace.fs.isWritableFileSystem(editor?.document.uri.scheme ?? ''), undefined);

    const all = await report();
    assert.ok(all.connections.some(({ connection }) => connection === secure.name));
    const distrusted = all.connections.find(({ connection }) => connection === secure.name)?.hosts[0];
    assert.match(distrusted?.error ?? '', /issued by 'Contoso Inspection', which is not trusted/);
    assert.match(await refusal('azureBilling.showNetworkReport', { connection: 'Nobody' }), /^connection: there is no/);
  });

  it('never touch the dispatcher that the process shares', () => {
    assert.deepEqual(slots(), shared);
  });
});
