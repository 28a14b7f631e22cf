import assert from 'node:assert/strict';
import { findChromium } from '../support/editor/browser.ts';
import { cacheRoot, editorPaths, installationPaths } from '../support/editor/cachePaths.ts';
import { executablesBeside, findDesktopEditor } from '../support/editor/desktop.ts';
import { withoutNpmRun, withoutOuterEditor } from '../support/editor/environment.ts';
import { windowAddress } from '../support/editor/server.ts';
import { readCounts, writeCounts } from '../support/hostRunner/counts.ts';
import { markLine, unmarkLine } from '../support/hostRunner/lines.ts';

describe('harness: environment of child processes', () => {
  it('drops what an outer npm run exports', () => {
    const outer = {
      npm_lifecycle_event: 'test',
      npm_package_name: 'azure-billing-explorer',
      npm_execpath: '/usr/lib/npm-cli.js',
      npm_config_global: 'true',
      npm_config_prefix: '/usr',
      npm_config_ignore_scripts: 'true',
      npm_config_nodedir: '/usr',
      INIT_CWD: '/home/someone',
    };
    assert.deepEqual(withoutNpmRun(outer), {});
  });

  it('keeps the way to the registry and everything that is not from npm', () => {
    const outer = {
      PATH: '/usr/bin',
      HTTPS_PROXY: 'http://proxy:8080',
      npm_config_registry: 'https://registry.example/',
      NPM_CONFIG_CAFILE: '/etc/ca.pem',
      npm_config_https_proxy: 'http://proxy:8080',
      'npm_config_strict-ssl': 'true',
      npm_config_userconfig: '/home/someone/.npmrc',
      'npm_config_@scope:registry': 'https://registry.example/scope/',
      'npm_config_//registry.example/:_authToken': 'value',
    };
    assert.deepEqual(withoutNpmRun(outer), outer);
  });

  it('hides an editor that the tests were started from', () => {
    const outer = {
      VSCODE_IPC_HOOK_CLI: '/tmp/x.sock',
      ELECTRON_RUN_AS_NODE: '1',
      VSCODE_PID: '7',
      HOME: '/home/someone',
    };
    assert.deepEqual(withoutOuterEditor(outer), { HOME: '/home/someone' });
  });
});

describe('harness: places', () => {
  it('follows XDG_CACHE_HOME when it is absolute, else ~/.cache', () => {
    assert.equal(cacheRoot({ XDG_CACHE_HOME: '/var/cache/me' }, '/home/me'), '/var/cache/me/azure-billing-explorer');
    assert.equal(cacheRoot({ XDG_CACHE_HOME: 'relative' }, '/home/me'), '/home/me/.cache/azure-billing-explorer');
    assert.equal(cacheRoot({}, '/home/me'), '/home/me/.cache/azure-billing-explorer');
  });

  it('gives every pair of editor and Node versions a folder of its own', () => {
    const one = editorPaths('/c', 'v24.21.0', '4.139.1');
    assert.equal(one.root, '/c/editor-4.139.1-node-24.21.0');
    assert.notEqual(one.root, editorPaths('/c', 'v24.22.0', '4.139.1').root);
    assert.notEqual(one.root, editorPaths('/c', 'v24.21.0', '4.140.0').root);
    assert.equal(installationPaths(one.root).node, '/c/editor-4.139.1-node-24.21.0/node/bin/node');
  });

  it('finds the application behind the code command on each platform', () => {
    assert.deepEqual(executablesBeside('/usr/share/code/bin/code', 'linux'), ['/usr/share/code/code']);
    assert.deepEqual(executablesBeside('/Applications/Code.app/Contents/Resources/app/bin/code', 'darwin'), [
      '/Applications/Code.app/Contents/MacOS/Code',
      '/Applications/Code.app/Contents/MacOS/Electron',
    ]);
  });

  it('says why there is no desktop editor', () => {
    assert.match(String(findDesktopEditor({ PATH: '/nowhere' })), /no "code" on PATH/);
    assert.match(
      String(findDesktopEditor({ VSCODE_EXECUTABLE: '/nowhere/code' })),
      /\/nowhere\/code, which does not exist/,
    );
  });

  it('refuses a CHROMIUM that cannot be started instead of taking another one', () => {
    assert.throws(() => findChromium({ CHROMIUM: '/nowhere/chromium' }), /CHROMIUM names \/nowhere\/chromium/);
    assert.equal(findChromium({ CHROMIUM: process.execPath }), process.execPath);
  });

  it('writes window addresses that people can read and browsers can open', () => {
    assert.equal(windowAddress({ url: 'http://localhost:1' }, '/a b/c&d'), 'http://localhost:1/?folder=/a%20b/c%26d');
  });
});

describe('harness: what the extension host reports', () => {
  it('reads the totals that it wrote, and nothing else', () => {
    const counts = { passed: 3, failed: 1, skipped: 2 };
    assert.equal(writeCounts(counts), 'TEST-COUNTS {"passed":3,"failed":1,"skipped":2}');
    assert.deepEqual(readCounts(writeCounts(counts)), counts);
    for (const line of [
      '  3 passing',
      'TEST-COUNTS',
      'TEST-COUNTS {',
      'TEST-COUNTS {"passed":"3"}',
      'TEST-COUNTS null',
    ]) {
      assert.equal(readCounts(line), undefined, line);
    }
  });

  it('tells lines of the run from lines of the workbench', () => {
    assert.equal(unmarkLine(markLine('  1 passing')), '  1 passing');
    assert.equal(unmarkLine(markLine('')), '');
    assert.equal(unmarkLine('Creating a socket'), undefined);
  });
});
