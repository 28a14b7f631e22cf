import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ConnectionError, parseConnection } from '../../src/accounts/connection.ts';
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

  it('accepts the example that the settings editor offers', () => {
    const manifest = JSON.parse(readFileSync(path.join(projectFolder, 'package.json'), 'utf8'));
    const items = manifest.contributes.configuration.properties['azureBilling.connections'].items;
    const text = JSON.stringify(items.defaultSnippets[0].body).replace(/\$\{\d+:([^}]*)\}/g, '$1');
    assert.equal(parseConnection(JSON.parse(text)).name, 'Local');
  });

  it('refuses what is no object', () => {
    for (const value of [undefined, null, 'Local', 7, [], [GOOD]]) {
      assert.match(refusal(value), /^A connection has to be an object with name, cloud, credential and endpoints/);
    }
  });

  for (const [field, values] of [
    ['name', [undefined, null, 7, '', '  ', 'x'.repeat(61), 'a/b', 'a\\b', 'a@b', 'a:b', 'a?b', 'a#b', 'a%b']],
    ['name', ['a\nb', 'a\u0000', '\u202eabc', 'a\u200bb', 'a\ud800', '\udc00b']],
    ['cloud', [undefined, null, 'public', 'Custom', 7]],
    ['credential', [undefined, null, 'editor', 'NONE', {}]],
    ['tenantId', ['x', undefined]],
    ['Name', ['x']],
  ] as const) {
    it(`names the field ${field} for ${values.length} wrong values`, () => {
      for (const value of values) {
        assert.ok(refusal({ ...GOOD, [field]: value }).startsWith(`${field}: `), JSON.stringify(value));
      }
    });
  }

  it('names endpoints.resourceManager when it is missing or no address', () => {
    for (const endpoints of [undefined, null, 'http://127.0.0.1', [], {}, { resourceManager: undefined }]) {
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
      assert.equal(parseConnection(at(address)).endpoints.resourceManager, base);
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
