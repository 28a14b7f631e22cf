import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseConnection } from '../../src/accounts/connection.ts';
import { ConnectionError } from '../../src/accounts/connectionError.ts';
import { servicesOf } from '../../src/accounts/services.ts';
import { CLOUDS } from '../../src/api/clouds.ts';
import { projectFolder } from '../support/project.ts';

const GOOD = {
  name: 'Local',
  cloud: 'custom',
  credential: 'none',
  endpoints: { resourceManager: 'http://127.0.0.1:8080' },
};

const at = (resourceManager: unknown) => ({ ...GOOD, endpoints: { resourceManager } });

function refusal(value: unknown): string {
  try {
    parseConnection(value);
  } catch (error) {
    assert.ok(error instanceof ConnectionError, String(error));
    assert.match(error.message, /\.$/, 'a sentence');
    return error.message;
  }
  return assert.fail(`${JSON.stringify(value)} was accepted`);
}

describe('parseConnection', () => {
  it('gives back a right entry, its name and address tidied', () => {
    assert.deepEqual(parseConnection(GOOD), GOOD);
    const untidy = { ...at('HTTP://LocalHost:80/base//'), name: '  Büro 北星 🌿 ' };
    assert.deepEqual(parseConnection(untidy), {
      ...GOOD,
      name: 'Büro 北星 🌿',
      endpoints: { resourceManager: 'http://localhost/base' },
    });
  });

  it('accepts the examples that the settings editor offers', () => {
    const manifest = JSON.parse(readFileSync(path.join(projectFolder, 'package.json'), 'utf8'));
    const items = manifest.contributes.configuration.properties['azureBilling.connections'].items;
    const names = items.defaultSnippets.map(({ body }: { body: unknown }) => {
      const text = JSON.stringify(body).replace(/\$\{\d+:([^}]*)\}/g, '$1');
      return parseConnection(JSON.parse(text)).name;
    });
    assert.deepEqual(names, ['Local', 'Azure', 'Automation']);
  });

  it('refuses what is no object', () => {
    for (const value of [undefined, null, 'Local', 7, [], [GOOD]]) {
      assert.match(refusal(value), /^A connection has to be an object with name, cloud and credential/);
    }
  });

  for (const [field, values] of [
    ['name', [undefined, null, 7, '', '  ', 'x'.repeat(61), 'a/b', 'a\\b', 'a@b', 'a:b', 'a?b', 'a#b', 'a%b']],
    ['name', ['a\nb', 'a\u0000', '\u202eabc', 'a\u200bb', 'a\ud800', '\udc00b']],
    ['cloud', [undefined, null, 'Public', 'Custom', 'german', 'constructor', 7, ['public']]],
    ['credential', [undefined, null, 'NONE', 'password', 'toString', {}]],
    ['tenantId', ['x', null, '', 7]],
    ['clientId', ['x', null, '', 7]],
    ['token', ['secret']],
    ['secret', ['secret']],
    ['clientSecret', ['secret']],
    ['__proto__x', ['secret']],
    ['Name', ['x']],
  ] as const) {
    it(`names the field ${field} for ${values.length} wrong values`, () => {
      for (const value of values) {
        assert.ok(refusal({ ...GOOD, [field]: value }).startsWith(`${field}: `), JSON.stringify(value));
      }
    });
  }

  it('names endpoints.resourceManager when it is missing or no address', () => {
    for (const endpoints of [undefined, null, 'http://127.0.0.1', []]) {
      assert.match(refusal({ ...GOOD, endpoints }), /^endpoints: the cloud 'custom' needs an object/);
    }
    for (const endpoints of [{}, { resourceManager: undefined }]) {
      assert.match(refusal({ ...GOOD, endpoints }), /^endpoints\.resourceManager: /);
    }
    for (const address of ['', 'local', '127.0.0.1:8080', '/path', 'http://', 'http://[::1', 7, null, {}]) {
      assert.match(refusal(at(address)), /^endpoints\.resourceManager: has to be an address such as/);
    }
  });

  for (const [address, base] of [
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
    ['http://127.0.0.1', 'http://127.0.0.1'],
    ['http://127.255.0.7:1', 'http://127.255.0.7:1'],
    ['https://localhost:8443', 'https://localhost:8443'],
    ['http://[::1]:9/', 'http://[::1]:9'],
    ['http://[0:0:0:0:0:0:0:1]', 'http://[::1]'],
    // Other ways to write 127.0.0.1: the address kept is the one that they mean.
    ['http://127.1:80/', 'http://127.0.0.1'],
    ['http://2130706433:8080', 'http://127.0.0.1:8080'],
    ['http://0x7f000001', 'http://127.0.0.1'],
    ['http://0177.0.0.1', 'http://127.0.0.1'],
  ] as const) {
    it(`accepts ${address} as ${base}`, () => {
      assert.equal(parseConnection(at(address)).endpoints?.resourceManager, base);
    });
  }

  for (const [address, reason] of [
    ['http://127.0.0.1.evil.example', /this machine only/],
    ['http://localhost.evil.example', /this machine only/],
    ['http://evil.example/127.0.0.1', /this machine only/],
    ['http://evil.example#@127.0.0.1', /query/],
    ['http://notlocalhost', /this machine only/],
    ['http://0.0.0.0', /this machine only/],
    ['http://[::]', /this machine only/],
    ['http://[::ffff:127.0.0.1]', /this machine only/],
    ['http://10.0.0.1', /this machine only/],
    ['http://128.0.0.1', /this machine only/],
    ['https://management.azure.com', /this machine only/],
    ['http://127.0.0.1@evil.example', /user name/],
    ['http://user@127.0.0.1', /user name/],
    ['http://user:secret@localhost', /user name/],
    ['ftp://127.0.0.1', /http or https/],
    ['file:///127.0.0.1', /http or https/],
    ['localhost:8080', /http or https/],
    ['http://127.0.0.1/?api-version=1', /query/],
    ['http://127.0.0.1/#part', /query/],
  ] as const) {
    it(`refuses ${address}`, () => {
      const message = refusal(at(address));
      assert.match(message, /^endpoints\.resourceManager: /);
      assert.match(message, reason);
    });
  }
});

const TENANT = '11111111-2222-3333-4444-555555555555';
const APP = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
const OWN = {
  name: 'Gateway',
  cloud: 'custom',
  credential: 'azureCli',
  endpoints: { resourceManager: 'https://arm.contoso.example', authority: 'https://login.contoso.example' },
};

describe('connections that sign in', () => {
  for (const entry of [
    { name: 'A', cloud: 'public', credential: 'editor' },
    { name: 'A', cloud: 'usGovernment', credential: 'azureCli', tenantId: TENANT },
    { name: 'A', cloud: 'china', credential: 'deviceCode', tenantId: 'contoso.partner.onmschina.cn', clientId: APP },
    { name: 'A', cloud: 'public', credential: 'servicePrincipal', tenantId: 'xn--bcher-kva.example', clientId: APP },
    { name: 'A', cloud: 'public', credential: 'default', clientId: APP },
    OWN,
  ]) {
    it(`${entry.credential} in ${entry.cloud} is right`, () => assert.deepEqual(parseConnection(entry), entry));
  }

  it('ids are tidied', () => {
    const entry = {
      name: 'A',
      cloud: 'public',
      credential: 'editor',
      tenantId: ` ${TENANT} `,
      clientId: APP.toUpperCase(),
    };
    assert.deepEqual(parseConnection(entry), { ...entry, tenantId: TENANT, clientId: APP });
    assert.equal(parseConnection({ ...entry, tenantId: 'Contoso.Example' }).tenantId, 'contoso.example');
  });

  it('a member that is undefined is left out', () => {
    const entry = { name: 'A', cloud: 'public', credential: 'editor' };
    assert.deepEqual(parseConnection({ ...entry, tenantId: undefined, endpoints: undefined }), entry);
  });

  const wrong: [what: string, entry: Record<string, unknown>, sentence: RegExp][] = [
    [
      'no token to a cloud',
      { cloud: 'public', credential: 'none' },
      /^credential: 'none' is for services on this machine/,
    ],
    ['a tenant for nobody', { ...GOOD, tenantId: TENANT }, /^tenantId: the credential 'none' has no tenant/],
    ['an app for nobody', { ...GOOD, clientId: APP }, /^clientId: the credential 'none' signs in without/],
    ['an app for the Azure CLI', { credential: 'azureCli', clientId: APP }, /^clientId: the credential 'azureCli'/],
    ['a service principal without a tenant', { credential: 'servicePrincipal', clientId: APP }, /^tenantId: a service/],
    [
      'a service principal without an app',
      { credential: 'servicePrincipal', tenantId: TENANT },
      /^clientId: a service/,
    ],
    ['a tenant that is a path', { tenantId: 'contoso.example/oauth2' }, /^tenantId: has to be the id/],
    ['a tenant that is an address', { tenantId: 'https://contoso.example' }, /^tenantId: has to be the id/],
    ['a tenant of another word', { tenantId: 'common' }, /^tenantId: has to be the id/],
    ['a tenant with a scope behind it', { tenantId: `${TENANT} openid` }, /^tenantId: has to be the id/],
    ['an app that is a name', { clientId: 'my app' }, /^clientId: has to be the id/],
    [
      'addresses of its own in a cloud',
      { endpoints: OWN.endpoints },
      /^endpoints: the addresses of 'public' are known/,
    ],
    [
      'addresses of its own in a cloud, empty',
      { cloud: 'china', endpoints: {} },
      /^endpoints: the addresses of 'china' are known/,
    ],
  ];
  for (const [what, entry, sentence] of wrong) {
    it(`${what} is refused`, () => {
      assert.match(refusal({ name: 'A', cloud: 'public', credential: 'editor', ...entry }), sentence);
    });
  }

  const endpoints: [what: string, endpoints: Record<string, unknown>, sentence: RegExp][] = [
    ['no authority', { authority: undefined }, /^endpoints\.authority: the credential 'azureCli' needs the address/],
    [
      'an authority with a path',
      { authority: 'https://login.contoso.example/tenant' },
      /^endpoints\.authority: .*tenantId/,
    ],
    ['an authority over http', { authority: 'http://login.contoso.example' }, /^endpoints\.authority: has to be https/],
    [
      'an authority over http on this machine',
      { authority: 'http://127.0.0.1:80' },
      /^endpoints\.authority: has to be https/,
    ],
    [
      'an authority with a user',
      { authority: 'https://a:b@login.contoso.example' },
      /^endpoints\.authority: .*user name/,
    ],
    [
      'an authority with a query',
      { authority: 'https://login.contoso.example/?a=b' },
      /^endpoints\.authority: .*query/,
    ],
    ['an authority that is a number', { authority: 7 }, /^endpoints\.authority: has to be an address/],
    ['http', { resourceManager: 'http://arm.contoso.example' }, /^endpoints\.resourceManager: has to be https/],
    ['http for Partner Center', { partnerCenter: 'http://p.example' }, /^endpoints\.partnerCenter: has to be https/],
    ['http for Graph', { graph: 'http://g.example' }, /^endpoints\.graph: has to be https/],
    ['an unknown endpoint', { storage: 'https://s.example' }, /^endpoints\.storage: a connection has no such endpoint/],
    ...Object.values(CLOUDS).flatMap(({ resourceManager, partnerCenter, graph }) =>
      [resourceManager, partnerCenter, graph]
        .filter((address) => address !== undefined)
        .flatMap((address): [string, Record<string, unknown>, RegExp][] =>
          [address, `${address}.`, `${address}:8443/x`, address.toUpperCase()].map((written) => [
            written,
            { graph: written },
            /^endpoints\.graph: \S+ belongs to .*; set cloud to '/,
          ]),
        ),
    ),
  ];
  for (const [what, more, sentence] of endpoints) {
    it(`a cloud of its own with ${what} is refused`, () => {
      assert.match(refusal({ ...OWN, endpoints: { ...OWN.endpoints, ...more } }), sentence);
    });
  }

  it('on this machine may be http, but for the authority', () => {
    const local = { ...OWN.endpoints, resourceManager: 'http://127.0.0.1:8080', graph: 'http://localhost:8080' };
    assert.deepEqual(parseConnection({ ...OWN, endpoints: local }).endpoints, local);
  });

  it('take the addresses of their cloud from the table', () => {
    assert.deepEqual(servicesOf({ name: 'A', cloud: 'china', credential: 'editor' }), {
      resourceManager: 'https://management.chinacloudapi.cn',
      partnerCenter: 'https://partner.partnercenterapi.microsoftonline.cn',
      authority: 'https://login.chinacloudapi.cn',
    });
    const entry = parseConnection(OWN);
    assert.deepEqual(servicesOf(entry), OWN.endpoints);
  });
});
