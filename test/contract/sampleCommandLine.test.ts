import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/sample/main.ts', import.meta.url));
const SMALL = ['--port', '0', '--customers', '12', '--usage-rows', '2000', '--now', '2026-11-21'];

interface Running {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
}

function run(...args: string[]): Running {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return { child, stdout: () => stdout, stderr: () => stderr };
}

describe('sample service: command line', function () {
  this.timeout(20_000);

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`prints one line of endpoints, serves, and stops on ${signal}`, async () => {
      const { child, stdout, stderr } = run(
        ...SMALL,
        '--seed',
        '5',
        '--latency',
        '1',
        '--throttle',
        'off',
        '--fault',
        '500*1',
      );
      const exited = once(child, 'exit');
      while (!stdout().includes('\n')) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        assert.equal(child.exitCode, null, stderr());
      }
      const endpoints = JSON.parse(stdout()) as Record<string, string>;
      assert.deepEqual(Object.keys(endpoints), ['resourceManager', 'partnerCenter', 'graph', 'authority']);
      for (const endpoint of Object.values(endpoints)) assert.match(endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
      const url = `${endpoints.resourceManager}/providers/Microsoft.Billing/billingAccounts?api-version=2024-04-01`;
      assert.equal((await fetch(url)).status, 500);
      const response = await fetch(url);
      assert.equal(((await response.json()) as { value: unknown[] }).value.length, 2);
      child.kill(signal);
      assert.deepEqual(await exited, [0, null]);
      assert.equal(stdout().trimEnd().split('\n').length, 1);
      assert.equal(stderr(), '');
    });
  }

  for (const [args, expected] of [
    [['--size', '3'], /'--size'.*--usage-rows/],
    [['extra'], /'extra'/],
    [['--port'], /--port/],
    [['--seed', '-5'], /--seed/],
    [['--port', 'x'], /^--port must be a whole number/],
    [['--port', '70000'], /port must be a whole number from 0 to 65535/],
    [['--customers', '1'], /customers must be a whole number from 10/],
    [['--now', '2026-02-30'], /^--now must be a date/],
    [['--throttle', 'always'], /^--throttle must be documented or off/],
    [['--caller', 'king'], /^--caller must be one of adminAgent, .*wrongTenant/],
    [['--fault', 'earthquake'], /earthquake.*429/],
  ] as const) {
    it(`refuses ${args.join(' ')} with one line and exit code 2`, async () => {
      const { child, stdout, stderr } = run(...args);
      assert.deepEqual(await once(child, 'close'), [2, null]);
      assert.match(stderr(), expected);
      assert.equal(stderr().trimEnd().split('\n').length, 1);
      assert.equal(stdout(), '');
    });
  }
});
