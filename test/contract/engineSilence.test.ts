import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Child, startChild } from '../../src/engine/process/childProcess.ts';

/** Milliseconds between two questions whether the child is alive. */
const PING = 40;

describe('A process of the engine that says nothing', function () {
  this.timeout(30_000);
  let folder: string;
  let child: Child;
  let ended: string | undefined;
  let pongs: number;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'azure-billing-silence-'));
    await writeFile(path.join(folder, 'child.mjs'), "process.on('message', () => process.send({ is: 'pong' }));\n");
  });
  after(() => rm(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    ended = undefined;
    pongs = 0;
    const settings = { memoryLimit: 64, threads: 1, scratch: folder, scratchLimit: 1 };
    const told = { onMessage: () => pongs++, onEnd: (how: string) => (ended = how) };
    child = startChild(path.join(folder, 'child.mjs'), settings, told, PING);
    while (pongs === 0) {
      await wait(5);
    }
  });
  afterEach(() => child.end());

  it('is ended', async () => {
    process.kill(child.pid ?? assert.fail(), 'SIGSTOP');
    while (ended === undefined) {
      await wait(PING);
    }
    assert.equal(ended, 'SIGKILL');
  });

  it('lives on when it was this one that slept', async () => {
    // Nothing runs here meanwhile, no timer either: so it is when the machine wakes up.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20 * PING);
    const before = pongs;
    while (pongs < before + 3 && ended === undefined) {
      await wait(PING);
    }
    assert.equal(ended, undefined);
  });
});
