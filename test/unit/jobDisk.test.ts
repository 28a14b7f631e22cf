import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { JobBench } from '../support/jobBench.ts';
import { type MadePlan, madePlanner } from '../support/jobPlans.ts';

const BIG: MadePlan = { pieces: [[1000, 1000, 1000], [1000, 1000], [1000]], sideBySide: 2 };
const ROWS = 6000;

/** A small disk of its own, where this machine lets us have one. */
class SmallDisk {
  readonly folder: string;

  constructor(folder: string, options: string) {
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
    this.folder = folder;
  }

  resize(size: string): void {
    execFileSync('mount', ['-o', `remount,size=${size}`, this.folder], { stdio: 'ignore' });
  }

  remove(): void {
    execFileSync('umount', [this.folder], { stdio: 'ignore' });
  }
}

describe('a job and its disk', () => {
  let bench: JobBench;
  let disk: SmallDisk | undefined;
  beforeEach(() => {
    bench = new JobBench();
    disk = undefined;
  });
  afterEach(async () => {
    disk?.remove();
    await bench.close();
  });

  /** The disk, or a test that is skipped. */
  function smallDisk(context: Mocha.Context, folder: string, options: string): SmallDisk {
    try {
      disk = new SmallDisk(folder, options);
      return disk;
    } catch {
      return context.skip();
    }
  }

  for (const format of ['csv', 'parquet'] as const) {
    it(`that is full: says so, keeps what there is, and goes on with space (${format})`, async function () {
      const room = format === 'csv' ? 'size=300k' : 'size=24k';
      const { folder } = smallDisk(this, path.join(bench.root, 'small'), room);
      const jobs = bench.open(madePlanner(BIG), { pace: { bytes: 64 * 1024, milliseconds: 1000 } });
      const file = path.join(folder, `a.${format}`);
      const job = await jobs.start(bench.request(`a.${format}`, { file }));
      await assert.rejects(job.done, /cannot be written: the disk is full; make room, then try again\.$/);
      const failed = jobs.get(job.id);
      assert.equal(failed?.state, 'failed');
      assert.match(failed?.error?.advice ?? '', /What was fetched is kept/);
      assert.deepEqual(readdirSync(folder), [`a.${format}.partial`]);
      disk?.resize('20m');
      const { rows } = await (await jobs.resume(job.id)).done;
      assert.equal(rows, ROWS);
      assert.deepEqual(readdirSync(folder), [`a.${format}`, `a.${format}.manifest.json`]);
    });
  }

  it('whose folder of jobs is full: says so, and goes on with space', async function () {
    smallDisk(this, bench.folder, 'size=200k');
    // The first piece waits until the second has filled the disk.
    const full = Promise.withResolvers<void>();
    const slow: MadePlan = {
      ...BIG,
      before: async (piece, _, { signal }) => {
        if (piece === 0) {
          signal?.addEventListener('abort', () => full.resolve());
          await full.promise;
        }
      },
    };
    const jobs = bench.open(madePlanner(slow));
    const job = await jobs.start(bench.request('a.csv'));
    await assert.rejects(job.done, /parts\/1' cannot be written: the disk is full; make room, then try again\.$/);
    disk?.resize('20m');
    assert.equal((await (await jobs.resume(job.id)).done).rows, ROWS);
  });

  it('that is read-only: says so before anything is fetched', async function () {
    const { folder } = smallDisk(this, path.join(bench.root, 'ro'), 'ro');
    const jobs = bench.open(madePlanner(BIG));
    await assert.rejects(
      jobs.start(bench.request('a.csv', { file: path.join(folder, 'a.csv') })),
      /cannot be written: the disk is read-only; choose another folder\.$/,
    );
  });

  it('with a file that may not be written: says so before anything is fetched', async function () {
    if (process.getuid?.() === 0) {
      this.skip();
    }
    const file = path.join(bench.root, 'a.csv');
    writeFileSync(file, 'old');
    chmodSync(file, 0o444);
    const jobs = bench.open(madePlanner(BIG));
    await assert.rejects(
      jobs.start(bench.request('a.csv')),
      /cannot be written: you have no right to; choose another folder\.$/,
    );
  });

  it('whose folder goes away: says so, and begins anew when it is back', async () => {
    const folder = path.join(bench.root, 'gone');
    mkdirSync(folder);
    let gone = false;
    const plan: MadePlan = {
      ...BIG,
      before: (piece) => {
        if (piece === 2 && !gone) {
          gone = true;
          rmSync(folder, { recursive: true });
        }
      },
    };
    const jobs = bench.open(madePlanner(plan));
    const job = await jobs.start(bench.request('a.csv', { file: path.join(folder, 'a.csv') }));
    await assert.rejects(job.done, /the folder '.*gone' does not exist; make it, then try again\.$/);
    await assert.rejects(
      (await jobs.resume(job.id)).done,
      /the folder '.*gone' does not exist; make it, then try again\.$/,
    );
    mkdirSync(folder);
    assert.equal((await (await jobs.resume(job.id)).done).rows, ROWS);
  });

  it('whose file is deleted while it grows: says so long before all is fetched, and begins anew', async () => {
    let gone = false;
    let last = false;
    const plan: MadePlan = {
      ...BIG,
      before: (piece, chunk) => {
        if (piece === 0 && chunk === 1 && !gone) {
          gone = true;
          rmSync(path.join(bench.root, 'a.csv.partial'));
        }
        last ||= piece === 2;
      },
    };
    const jobs = bench.open(madePlanner(plan), { pace: { bytes: 1, milliseconds: 0 } });
    const job = await jobs.start(bench.request('a.csv'));
    await assert.rejects(job.done, /a\.csv\.partial' cannot be written: it was deleted meanwhile; try again\.$/);
    assert.equal(last, false);
    assert.equal((await (await jobs.resume(job.id)).done).rows, ROWS);
  });

  it('whose parts go away while they wait: says so, and fetches them again', async () => {
    const there = Promise.withResolvers<void>();
    const plan: MadePlan = {
      ...BIG,
      before: async (piece, chunk) => {
        if (piece === 0 && chunk === 1) {
          await there.promise;
        }
      },
    };
    const jobs = bench.open(madePlanner(plan), { pace: { bytes: 1, milliseconds: 0 } });
    const job = await jobs.start(bench.request('a.csv'));
    const parts = path.join(bench.folder, job.id, 'parts');
    while ((jobs.get(job.id)?.piecesDone ?? 0) < 2) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    rmSync(parts, { recursive: true });
    there.resolve();
    await assert.rejects(job.done, /parts\/\d' is gone; resume the export to fetch its rows again\.$/);
    assert.equal((await (await jobs.resume(job.id)).done).rows, ROWS);
    assert.equal(existsSync(parts), false);
  });
});
