import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isLocked, lockFolder } from '../../src/disk/folderLock.ts';
import { Progress } from '../../src/jobs/progress.ts';

const SECOND = 1000;

describe('the progress of a job', () => {
  it('has the rates of the last five seconds', () => {
    const progress = new Progress({ rows: 0, bytes: 0, calls: 0 }, 0);
    for (let at = 500; at <= 20 * SECOND; at += 500) {
      // Ten times as fast from the tenth second on.
      progress.add({ rows: at <= 10 * SECOND ? 50 : 500, bytes: at <= 10 * SECOND ? 1000 : 10_000, calls: 1 });
      progress.note(at);
    }
    assert.deepEqual(progress.rates(20 * SECOND), { rowsPerSecond: 1000, bytesPerSecond: 20_000 });
    assert.deepEqual(progress.rates(40 * SECOND), { rowsPerSecond: 0, bytesPerSecond: 0 }, 'nothing moves any more');
  });

  it('does not count what an earlier run has done as fast', () => {
    const progress = new Progress({ rows: 1_000_000, bytes: 1e9, calls: 500 }, 0);
    assert.deepEqual(progress.rates(SECOND), { rowsPerSecond: 0, bytesPerSecond: 0 });
    assert.equal(progress.secondsLeft(SECOND, 1000), undefined);
    progress.add({ rows: 1000, bytes: 1000, calls: 1 });
    assert.equal(progress.secondsLeft(2 * SECOND, 1000), 998);
  });

  it('never goes backwards in words when a piece is read anew', () => {
    const progress = new Progress({ rows: 0, bytes: 0, calls: 0 }, 0);
    progress.add({ rows: 100, bytes: 100, calls: 5 });
    progress.note(SECOND);
    progress.take({ rows: 100, bytes: 100, calls: 5 });
    assert.deepEqual(progress.rates(2 * SECOND), { rowsPerSecond: 0, bytesPerSecond: 0 });
    assert.equal(progress.secondsLeft(2 * SECOND, 10), undefined);
  });

  it('has nothing left when there are more calls than were foreseen', () => {
    const progress = new Progress({ rows: 0, bytes: 0, calls: 0 }, 0);
    progress.add({ rows: 1, bytes: 1, calls: 12 });
    assert.equal(progress.secondsLeft(SECOND, 10), 0);
  });
});

describe('the lock of a job', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Puts a lock there as a process would have left it: like one of this process, but for what is told. */
  const leaveLock = async (other: { pid?: number; start?: string; host?: string }): Promise<string> => {
    const lock = await lockFolder(folder);
    const [name = ''] = readdirSync(folder);
    await lock?.release();
    const [, pid, start, host, ...rest] = name.split('-');
    const left = path.join(
      folder,
      ['lock', other.pid ?? pid, other.start ?? start, other.host ?? host, ...rest].join('-'),
    );
    writeFileSync(left, '');
    return left;
  };

  it('is held by one at a time', async () => {
    const lock = await lockFolder(folder);
    assert.ok(lock);
    assert.equal(await lockFolder(folder), undefined);
    assert.equal(await isLocked(folder), true);
    await lock.release();
    assert.equal(await isLocked(folder), false);
    assert.ok(await lockFolder(folder));
  });

  it('is never given to two that come at the same moment', async () => {
    for (let round = 0; round < 20; round++) {
      const locks = (await Promise.all([lockFolder(folder), lockFolder(folder), lockFolder(folder)])).filter(Boolean);
      assert.ok(locks.length <= 1);
      await Promise.all(locks.map((lock) => lock?.release()));
    }
  });

  it('ends with its process', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await leaveLock({ pid, start: '12345' });
    assert.equal(await isLocked(folder), false);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('is not that of a later process with the same number', async function () {
    if (process.platform !== 'linux') {
      this.skip();
    }
    await leaveLock({ pid: process.ppid, start: '1' });
    assert.equal(await isLocked(folder), false);
  });

  describe('of which nobody can tell whether its process lives', () => {
    const pace = { beat: 20, stale: 60_000 };
    const old = new Date(Date.now() - 2 * pace.stale);
    for (const [which, left] of [
      ['on a system that tells no starts', { pid: process.ppid, start: '' }],
      ['of another machine with the same disk', { host: '00000000' }],
    ] as const) {
      it(`${which}, holds while it is touched`, async () => {
        await leaveLock(left);
        assert.equal(await isLocked(folder), true);
        assert.equal(await lockFolder(folder, pace), undefined);
      });

      it(`${which}, is taken when nobody touches it any more`, async () => {
        const file = await leaveLock(left);
        utimesSync(file, old, old);
        assert.equal(await isLocked(folder), false);
        assert.ok(await lockFolder(folder, pace));
        assert.ok(!existsSync(file));
      });

      it(`${which}, holds when its machine has slept`, async () => {
        const file = await leaveLock(left);
        utimesSync(file, old, old);
        const locking = lockFolder(folder, { ...pace, beat: 200 });
        // It wakes up.
        const beat = setInterval(() => utimesSync(file, new Date(), new Date()), 20);
        assert.equal(await locking, undefined);
        clearInterval(beat);
        assert.ok(existsSync(file));
      });
    }
  });

  it('shows that its process lives, and leaves nothing', async () => {
    const lock = await lockFolder(folder, { beat: 10, stale: 60_000 });
    const [name = ''] = readdirSync(folder);
    const file = path.join(folder, name);
    const old = new Date(0);
    utimesSync(file, old, old);
    while (statSync(file).mtimeMs === 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await lock?.release();
    assert.deepEqual(readdirSync(folder), []);
  });
});
