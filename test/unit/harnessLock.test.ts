import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { acquireLock, isStale } from '../support/editor/folderLock.ts';

const timing = { poll: 5, heartbeat: 1_000, abandonedAfter: 60_000 };

function processThatEnded(): number {
  const { pid } = spawnSync(process.execPath, ['--version']);
  return pid;
}

describe('harness: lock of the editor installation', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-lock-'));
    file = path.join(folder, 'deep', 'editor.lock');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('lets one in at a time and tells the other whom it waits for', async () => {
    const order: string[] = [];
    const first = await acquireLock(file, undefined, timing);
    const told = Promise.withResolvers<number | undefined>();
    const second = acquireLock(file, told.resolve, timing).then((lock) => {
      order.push('second in');
      return lock;
    });
    assert.equal(await told.promise, process.pid);
    order.push('first out');
    await first.release();
    await (await second).release();
    assert.deepEqual(order, ['first out', 'second in']);
  });

  it('keeps many at once apart, also when all of them find a lock of the dead', async () => {
    await (await acquireLock(file, undefined, timing)).release();
    writeFileSync(file, JSON.stringify({ pid: processThatEnded(), host: hostname(), token: 'left behind' }));
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 12 }, async () => {
        const lock = await acquireLock(file, undefined, timing);
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
        await lock.release();
      }),
    );
    assert.equal(most, 1);
    assert.deepEqual(readdirSync(path.dirname(file)), []);
  });

  it('takes over from a process that died', async () => {
    await (await acquireLock(file, undefined, timing)).release();
    writeFileSync(file, JSON.stringify({ pid: processThatEnded(), host: hostname(), token: 'left behind' }));
    const lock = await acquireLock(file, () => assert.fail('waited for a dead process'), timing);
    assert.ok(existsSync(file));
    await lock.release();
    assert.ok(!existsSync(file));
  });

  it('takes over a lock that nobody touched for long, whoever wrote it', async () => {
    await (await acquireLock(file, undefined, timing)).release();
    for (const content of ['', 'not json', JSON.stringify({ pid: 1, host: 'another-machine', token: 'x' })]) {
      writeFileSync(file, content);
      utimesSync(file, new Date(0), new Date(0));
      const lock = await acquireLock(file, () => assert.fail('waited for an abandoned lock'), timing);
      await lock.release();
    }
  });

  it('respects a living owner, one on another machine, and one who is just writing its name', () => {
    assert.equal(isStale({ pid: process.pid, host: hostname(), token: 'x' }, 0), false);
    assert.equal(isStale({ pid: processThatEnded(), host: 'another-machine', token: 'x' }, 0), false);
    assert.equal(isStale(undefined, 0), false);
    assert.equal(isStale({ pid: processThatEnded(), host: hostname(), token: 'x' }, 0), true);
  });

  it('leaves a lock alone that somebody else took over meanwhile', async () => {
    const lock = await acquireLock(file, undefined, timing);
    writeFileSync(file, JSON.stringify({ pid: process.pid, host: hostname(), token: 'somebody else' }));
    await lock.release();
    assert.ok(existsSync(file));
  });
});
