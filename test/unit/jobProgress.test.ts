import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isLocked, lockFolder } from '../../src/jobs/jobLock.ts';
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
    writeFileSync(path.join(folder, `lock-${pid}-12345-0f`), '');
    assert.equal(await isLocked(folder), false);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('is not that of a later process with the same number', async function () {
    if (process.platform !== 'linux') {
      this.skip();
    }
    writeFileSync(path.join(folder, `lock-${process.ppid}-1-0f`), '');
    assert.equal(await isLocked(folder), false);
  });
});
