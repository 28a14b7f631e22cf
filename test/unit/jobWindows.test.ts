import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Jobs } from '../../src/jobs/jobs.ts';
import type { Job } from '../../src/jobs/jobTypes.ts';
import { JobBench } from '../support/jobBench.ts';
import { type MadePlan, madePlanner } from '../support/jobPlans.ts';

const PLAN: MadePlan = { pieces: [[3, 2], [5, 1, 2], [2]], latency: () => 2 };
const ROWS = 15;

/** What came of several calls at the same moment. */
async function outcomes(calls: readonly Promise<Job>[]): Promise<{ jobs: Job[]; refusals: string[] }> {
  const settled = await Promise.allSettled(calls);
  return {
    jobs: settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    refusals: settled.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).message] : [])),
  };
}

describe('windows of the editor that share their exports', () => {
  let bench: JobBench;
  beforeEach(() => {
    bench = new JobBench();
  });
  afterEach(() => bench.close());

  /** A window that fails behind its first chunks. */
  const failing = () =>
    bench.open(
      madePlanner({
        ...PLAN,
        before: (piece, chunk) => {
          if (piece === 1 && chunk === 1) {
            throw new Error('no');
          }
        },
      }),
    );
  const left = async (window: Jobs): Promise<string> => {
    const job = await window.start(bench.request('a.csv'));
    await assert.rejects(job.done, /no/);
    return job.id;
  };

  it('never begin two exports into one file at the same moment', async () => {
    let begun = 0;
    for (let round = 0; round < 10; round++) {
      const windows = [1, 2, 3].map(() => bench.open(madePlanner(PLAN)));
      const name = `${round}.csv`;
      const { jobs, refusals } = await outcomes(windows.map((window) => window.start(bench.request(name))));
      assert.ok(jobs.length <= 1);
      begun += jobs.length;
      for (const refusal of refusals) {
        assert.match(refusal, /^file: '.+' is being written by the export '\d\.csv': cancel that one first/);
      }
      await Promise.all(jobs.map(({ done }) => done));
      assert.equal(existsSync(path.join(bench.root, name)), jobs.length === 1);
      assert.equal(bench.jobs.length, begun, 'nothing is left of those that were refused');
    }
    assert.ok(bench.files.every((name) => !name.endsWith('.partial')));
  });

  it('never go on with the same export at the same moment', async () => {
    const id = await left(failing());
    const windows = [1, 2, 3].map(() => bench.open(madePlanner(PLAN)));
    await Promise.all(windows.map((window) => window.load()));
    let running: Job[] = [];
    while (running.length === 0) {
      const { jobs, refusals } = await outcomes(windows.map((window) => window.resume(id)));
      assert.ok(jobs.length <= 1);
      for (const refusal of refusals) {
        assert.match(refusal, /^Another window of the editor works on the export 'a\.csv'|is done\.$/);
      }
      running = jobs;
    }
    assert.equal((await running[0]?.done)?.rows, ROWS);
  });

  it('agree on whether an export is cancelled or goes on', async () => {
    for (let round = 0; round < 5; round++) {
      const id = await left(failing());
      const [one, other] = [bench.open(madePlanner(PLAN)), bench.open(madePlanner(PLAN))];
      await Promise.all([one.load(), other.load()]);
      const [resumed, cancelled] = await Promise.allSettled([one.resume(id), other.cancel(id)]);
      if (resumed.status === 'fulfilled') {
        assert.equal((await resumed.value.done).rows, ROWS);
        assert.ok(bench.files.includes('a.csv'));
        await one.remove(id);
        rmSync(path.join(bench.root, 'a.csv'));
      } else {
        assert.match(String(resumed.reason), /not there any more|Another window/);
        assert.ok(!bench.files.includes('a.csv'));
      }
      assert.ok(resumed.status === 'rejected' || cancelled.status === 'rejected' || other.get(id)?.state === 'done');
      assert.ok(!bench.files.includes('a.csv.partial'));
    }
  });

  it('say so when another has removed an export', async () => {
    const id = await left(failing());
    const [one, other] = [bench.open(madePlanner(PLAN)), bench.open(madePlanner(PLAN))];
    await Promise.all([one.load(), other.load()]);
    await one.remove(id);
    await assert.rejects(other.resume(id), /^BillingError: job: the export 'a\.csv' is not there any more/);
    assert.deepEqual(other.list(), []);
  });

  it('leave an export alone that another has ended in the meantime', async () => {
    const id = await left(failing());
    const [one, other] = [bench.open(madePlanner(PLAN)), bench.open(madePlanner(PLAN))];
    await Promise.all([one.load(), other.load()]);
    await (await one.resume(id)).done;
    await other.cancel(id);
    assert.equal(other.get(id)?.state, 'done');
    assert.ok(bench.files.includes('a.csv'));
  });
});

describe('what jobs keep on the disk', () => {
  let bench: JobBench;
  beforeEach(() => {
    bench = new JobBench();
  });
  afterEach(() => bench.close());

  const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

  for (const format of ['csv', 'parquet'] as const) {
    it(`is for its owner alone while it is made, the file itself is like others (${format})`, async function () {
      if (process.platform === 'win32') {
        this.skip();
      }
      // As an earlier version may have made it.
      mkdirSync(bench.folder, { mode: 0o755 });
      const gate = Promise.withResolvers<void>();
      const reached = Promise.withResolvers<void>();
      const plan: MadePlan = {
        ...PLAN,
        before: async (piece, chunk) => {
          if (piece === 0 && chunk === 1) {
            reached.resolve();
            await gate.promise;
          }
        },
      };
      const jobs = bench.open(madePlanner(plan), { pace: { bytes: 1, milliseconds: 0 } });
      const job = await jobs.start(bench.request(`a.${format}`));
      await reached.promise;
      const folder = path.join(bench.folder, job.id);
      const found = readdirSync(folder, { recursive: true, withFileTypes: true });
      assert.equal(modeOf(bench.folder), '700');
      assert.equal(modeOf(folder), '700');
      for (const entry of found) {
        const file = path.join(entry.parentPath, entry.name);
        assert.equal(modeOf(file), entry.isDirectory() ? '700' : '600', entry.name);
      }
      const names = found.map(({ name }) => name);
      for (const name of ['job.json', 'plan.json', 'journal.ndjson', 'parts']) {
        assert.ok(names.includes(name), name);
      }
      assert.equal(names.includes('rows.ndjson'), format === 'parquet');
      gate.resolve();
      await job.done;
      const usual = (0o666 & ~process.umask()).toString(8);
      assert.equal(modeOf(path.join(bench.root, `a.${format}`)), usual);
      assert.equal(modeOf(path.join(bench.root, `a.${format}.manifest.json`)), usual);
      assert.deepEqual(readdirSync(folder), ['job.json'], 'rows do not outlive the file');
      assert.equal(modeOf(path.join(folder, 'job.json')), '600');
      assert.match(readFileSync(path.join(folder, 'job.json'), 'utf8'), /"title"/);
      await jobs.remove(job.id);
      assert.deepEqual(bench.jobs, [], 'titles and scopes go with the job');
    });
  }
});
