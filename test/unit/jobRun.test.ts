import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { BillingError } from '../../src/api/http/errors.ts';
import { JobCancelled, JobInterrupted } from '../../src/jobs/jobStops.ts';
import type { Jobs } from '../../src/jobs/jobs.ts';
import type { ExportTarget, JobSnapshot } from '../../src/jobs/jobTypes.ts';
import type { Planner } from '../../src/jobs/planner.ts';
import { chooseLayout } from '../../src/records/chooseLayout.ts';
import type { RowOptions } from '../../src/records/rowOptions.ts';
import { MODERN_USAGE } from '../../src/records/usageDetails.ts';
import { FilesDocument } from '../../src/usage/filesDocument.ts';
import { RecordsDocument } from '../../src/usage/recordsDocument.ts';
import { MemorySink } from '../support/arm.ts';
import { JobBench } from '../support/jobBench.ts';
import { type MadePlan, madeChunks, madePlanner, PlanLog } from '../support/jobPlans.ts';

type TextFormat = 'csv' | 'json' | 'ndjson';

/** The document of all chunks, written by itself in one go. */
async function wholeText(made: MadePlan, format: TextFormat, options?: RowOptions): Promise<string> {
  const sink = new MemorySink();
  if (made.content === 'files') {
    const document = new FilesDocument(format, sink, { options });
    for (const { header, bytes, endsFile } of madeChunks(made)) {
      await document.write(Buffer.concat([header ?? new Uint8Array(), bytes]));
      if (endsFile === true) {
        document.endFile();
      }
    }
    await document.end();
  } else {
    const settings = { schema: MODERN_USAGE, format, operation: 'List', options };
    const document = new RecordsDocument(settings, sink);
    for (const { bytes } of madeChunks(made)) {
      await document.page(bytes);
    }
    await document.end();
  }
  return sink.text;
}

function rowsOf({ pieces }: MadePlan): number {
  return pieces.flat().reduce((sum, rows) => sum + rows, 0);
}

/** Waits until a job is in a state, or says what it is in. */
async function reaches(jobs: Jobs, id: string, wanted: (job: JobSnapshot) => boolean): Promise<void> {
  for (let turn = 0; turn < 2000; turn++) {
    const job = jobs.get(id);
    if (job !== undefined && wanted(job)) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.fail(`the job stays ${JSON.stringify(jobs.get(id))}`);
}

const PLAN: MadePlan = { pieces: [[3, 2, 4], [5], [], [1, 0, 6], [2]] };

/** A plan that stops before a chunk until it is let go. */
function gated(plan: MadePlan, at: string): { plan: MadePlan; open: () => void; reached: Promise<void> } {
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  return {
    plan: {
      ...plan,
      before: async (piece, chunk, { signal }) => {
        if (`${piece}/${chunk}` === at) {
          reached.resolve();
          const left = Promise.withResolvers<never>();
          signal?.addEventListener('abort', () => left.reject(signal.reason));
          await Promise.race([gate.promise, left.promise]);
        }
      },
    },
    open: () => gate.resolve(),
    reached: reached.promise,
  };
}

describe('a job', () => {
  let bench: JobBench;
  beforeEach(() => {
    bench = new JobBench();
  });
  afterEach(() => bench.close());

  describe('writes what one walk would have written', () => {
    for (const content of ['pages', 'files'] as const) {
      for (const format of ['csv', 'json', 'ndjson'] as const) {
        it(`${content} as ${format}, whichever piece comes first`, async () => {
          const plan: MadePlan = { ...PLAN, content, latency: (piece) => (piece === 0 ? 8 : 0) };
          const job = await bench.open(madePlanner(plan)).start(bench.request(`a.${format}`));
          const result = await job.done;
          assert.equal(bench.text(`a.${format}`), await wholeText(plan, format));
          assert.equal(result.rows, rowsOf(plan));
          assert.equal(result.complete, true);
          assert.deepEqual(bench.files, [`a.${format}`, `a.${format}.manifest.json`]);
        });

        it(`no rows of ${content} as ${format}`, async () => {
          const plan: MadePlan = { content, pieces: [[], []] };
          await (await bench.open(madePlanner(plan)).start(bench.request(`a.${format}`))).done;
          assert.equal(bench.text(`a.${format}`), await wholeText(plan, format));
        });
      }
    }

    for (const format of ['csv', 'json', 'ndjson'] as const) {
      it(`columns of FOCUS with the scope in each row, as ${format}`, async () => {
        const scope = { scope: '/subscriptions/a', label: '=A, "B"' };
        const made = madePlanner(PLAN);
        const scoped: Planner = {
          ...made,
          plan: async (...args) => {
            const plan = await made.plan(...args);
            return { ...plan, pieces: plan.pieces.map((piece) => ({ ...piece, scope })) };
          },
        };
        const jobs = bench.open(scoped);
        const csv = { formulaGuard: true, lineEnd: '\r\n', bom: true } as const;
        await (await jobs.start(bench.request(`a.${format}`, { columns: 'focus', ...csv }))).done;
        const options = { layout: chooseLayout({ columns: 'focus' }), scope, ...csv };
        assert.equal(bench.text(`a.${format}`), await wholeText(PLAN, format, options));
        assert.equal(bench.manifest(`a.${format}`).columns, 'focus');
      });
    }

    it('Parquet and Excel, made of the rows at the end', async () => {
      const jobs = bench.open(madePlanner(PLAN));
      for (const [format, magic] of [
        ['parquet', 'PAR1'],
        ['xlsx', 'PK'],
      ] as const) {
        const { rows, bytes } = await (await jobs.start(bench.request(`a.${format}`))).done;
        const file = readFileSync(path.join(bench.root, `a.${format}`));
        assert.equal(file.subarray(0, magic.length).toString(), magic);
        assert.equal(rows, rowsOf(PLAN));
        assert.equal(bytes, file.length);
        assert.equal(bench.manifest(`a.${format}`).sha256, createHash('sha256').update(file).digest('hex'));
      }
      assert.deepEqual(
        bench.files.filter((name) => name.includes('partial')),
        [],
      );
    });
  });

  it('leaves a manifest that proves the file', async () => {
    const jobs = bench.open(madePlanner(PLAN));
    const { totals, manifest } = await (await jobs.start(bench.request('a.csv'))).done;
    const facts = bench.manifest('a.csv');
    assert.equal(manifest, path.join(bench.root, 'a.csv.manifest.json'));
    assert.equal(facts.sha256, createHash('sha256').update(bench.text('a.csv')).digest('hex'));
    assert.equal(facts.bytes, Buffer.byteLength(bench.text('a.csv')));
    assert.deepEqual(facts.totals, totals);
    assert.equal(facts.pages, 8);
    assert.deepEqual(facts.requestIds?.slice(0, 4), ['request-0-0', 'request-0-1', 'request-0-2', 'request-1-0']);
    assert.deepEqual(facts.unknownFields, ['surprise']);
    assert.deepEqual(facts.fetchedAt, { first: '2026-10-01T00:00:00.000Z', last: '2026-10-01T04:00:00.000Z' });
    assert.deepEqual(facts.scopes, [{ scope: '/subscriptions/a' }]);
    assert.equal(facts.totalsByDay['2026-10-02']?.EUR, '5.0000000000000000001');
  });

  it('that is safe to share tells nobody whose rows they are', async () => {
    const key = new Uint8Array(32).fill(7);
    const jobs = bench.open(madePlanner(PLAN), {
      open: async () => ({ clients: { arm: {} as never }, pseudonymKey: key }),
    });
    await (await jobs.start(bench.request('a.csv', { shareSafe: true }))).done;
    const { scopes, requestIds, unknownFields, shareSafe } = bench.manifest('a.csv');
    assert.deepEqual(
      { scopes, requestIds, unknownFields, shareSafe },
      {
        scopes: undefined,
        requestIds: undefined,
        unknownFields: undefined,
        shareSafe: true,
      },
    );
    assert.doesNotMatch(bench.text('a.csv'), /row 0\/0/);
    const [job] = bench.jobs;
    const kept = readFileSync(path.join(bench.folder, job ?? '', 'job.json'), 'utf8');
    assert.doesNotMatch(kept, /pseudonymKey|7,7,7|BwcHBw/);
  });

  it('reads at most so many pieces at once, and the next ones when these are whole', async () => {
    const log = new PlanLog();
    const plan: MadePlan = { pieces: Array.from({ length: 9 }, () => [1, 1]), sideBySide: 3, latency: () => 2 };
    await (await bench.open(madePlanner(plan, log)).start(bench.request('a.ndjson'))).done;
    assert.equal(log.mostOpen, 3);
    assert.equal(log.chunks.length, 18);
  });

  it('keeps what waits for its turn out of memory', async () => {
    const { plan, open, reached } = gated({ pieces: [[1], [2000, 2000, 2000, 2000]] }, '0/0');
    const jobs = bench.open(madePlanner(plan));
    const job = await jobs.start(bench.request('a.ndjson'));
    await reached;
    await reaches(jobs, job.id, ({ piecesDone }) => piecesDone === 1);
    const parts = path.join(bench.folder, job.id, 'parts');
    assert.deepEqual(readdirSync(parts), ['1']);
    assert.ok(readFileSync(path.join(parts, '1')).length > 8000 * 100);
    open();
    assert.equal((await job.done).rows, 8001);
  });

  it('asks before most of it is done, and leaves nothing where the answer is no', async () => {
    const log = new PlanLog();
    const jobs = bench.open(madePlanner(PLAN, log));
    const job = await jobs.start(bench.request('a.csv'), async ({ calls }) => {
      assert.equal(calls, 8);
      assert.equal(jobs.list()[0]?.state, 'asking');
      return 'stop';
    });
    await assert.rejects(job.done, JobCancelled);
    assert.deepEqual(log.chunks, []);
    assert.deepEqual(bench.files, []);
    assert.deepEqual(bench.jobs, []);
  });

  it('can be cancelled while the question is open', async () => {
    const jobs = bench.open(madePlanner(PLAN));
    const job = await jobs.start(bench.request('a.csv'), () => new Promise(() => {}));
    await reaches(jobs, job.id, ({ state }) => state === 'asking');
    await jobs.cancel(job.id);
    await assert.rejects(job.done, JobCancelled);
    assert.equal(jobs.get(job.id)?.state, 'cancelled');
  });

  it('refuses usage details of two kinds in one file', async () => {
    const plan = madePlanner(PLAN);
    const legacy = madePlanner({ ...PLAN, kind: 'legacy' });
    const mixed = {
      ...plan,
      plan: async (...args: Parameters<typeof plan.plan>) => {
        const [one, other] = [await plan.plan(...args), await legacy.plan(...args)];
        return { ...one, pieces: [...one.pieces, ...other.pieces] };
      },
    };
    const job = await bench.open(mixed).start(bench.request('a.csv'));
    await assert.rejects(job.done, /different kinds of usage details/);
    assert.equal(existsSync(path.join(bench.root, 'a.csv')), false);
  });

  it('that is cancelled leaves nothing, and a file that was there as it was', async () => {
    writeFileSync(path.join(bench.root, 'a.csv'), 'old');
    const { plan, reached } = gated(PLAN, '3/1');
    const jobs = bench.open(madePlanner(plan));
    const job = await jobs.start(bench.request('a.csv'));
    await reached;
    await jobs.cancel(job.id);
    await assert.rejects(job.done, JobCancelled);
    assert.deepEqual(bench.files, ['a.csv']);
    assert.equal(bench.text('a.csv'), 'old');
    assert.deepEqual(bench.jobs, []);
    assert.equal(jobs.get(job.id)?.state, 'cancelled');
    await jobs.remove(job.id);
    assert.deepEqual(jobs.list(), []);
  });

  it('that is paused finishes the page under way, and goes on from there', async () => {
    const { plan, open, reached } = gated({ ...PLAN, sideBySide: 1 }, '3/1');
    const log = new PlanLog();
    const jobs = bench.open(madePlanner(plan, log));
    const job = await jobs.start(bench.request('a.json'));
    await reached;
    const paused = jobs.pause(job.id);
    open();
    await paused;
    assert.equal(jobs.get(job.id)?.state, 'paused');
    assert.equal(log.chunks.at(-1), '3/1');
    assert.equal(jobs.get(job.id)?.rows, 15);
    const resumed = await jobs.resume(job.id);
    assert.equal(resumed.id, job.id);
    assert.equal((await job.done).rows, rowsOf(PLAN));
    assert.equal((await resumed.done).rows, rowsOf(PLAN));
    assert.equal(bench.text('a.json'), await wholeText(PLAN, 'json'));
    assert.equal(new Set(log.chunks).size, log.chunks.length, 'nothing was fetched twice');
    assert.equal(log.planned, 1);
  });

  it('that is paused does not sit out a wait for the limit', async () => {
    const plan: MadePlan = {
      ...PLAN,
      sideBySide: 2,
      before: async (piece, chunk, { onWait, signal }) => {
        if (piece === 0 && chunk === 1) {
          onWait?.({ milliseconds: 60_000, reason: 'limit', operation: 'List made-up rows' });
          const left = Promise.withResolvers<never>();
          signal?.addEventListener('abort', () => left.reject(signal.reason));
          await left.promise;
        }
      },
    };
    const jobs = bench.open(madePlanner(plan));
    const job = await jobs.start(bench.request('a.csv'));
    await reaches(jobs, job.id, ({ wait, piecesDone }) => wait !== undefined && piecesDone === 4);
    assert.equal(jobs.get(job.id)?.wait?.operation, 'List made-up rows');
    await jobs.pause(job.id);
    assert.equal(jobs.get(job.id)?.state, 'paused');
    await jobs.cancel(job.id);
    await assert.rejects(job.done, JobCancelled);
    assert.deepEqual(bench.files, []);
  });

  it('that fails says why, and goes on behind what it has', async () => {
    let failing = true;
    const log = new PlanLog();
    const plan: MadePlan = {
      ...PLAN,
      before: (piece, chunk) => {
        if (failing && piece === 3 && chunk === 2) {
          throw new BillingError('refused', 'List made-up rows failed: no.', { advice: 'Try again.' });
        }
      },
    };
    const jobs = bench.open(madePlanner(plan, log));
    const job = await jobs.start(bench.request('a.csv'));
    await assert.rejects(job.done, { message: 'List made-up rows failed: no.' });
    const { state, error } = jobs.get(job.id) ?? {};
    assert.deepEqual([state, error], ['failed', { message: 'List made-up rows failed: no.', advice: 'Try again.' }]);
    assert.deepEqual(bench.files, ['a.csv.partial']);
    failing = false;
    // Another window, later.
    const later = bench.open(madePlanner(plan, log));
    await later.load();
    assert.equal(later.get(job.id)?.state, 'failed');
    const resumed = await later.resume(job.id);
    assert.equal((await resumed.done).rows, rowsOf(PLAN));
    assert.equal(bench.text('a.csv'), await wholeText(PLAN, 'csv'));
    assert.equal(log.chunks.filter((chunk) => chunk === '0/0').length, 1);
  });

  it('reads a piece anew whose mark is refused, in the document or ahead of its turn', async () => {
    for (const at of ['0/2', '3/2']) {
      let failing = true;
      const log = new PlanLog();
      const plan: MadePlan = {
        ...PLAN,
        sideBySide: 5,
        latency: (piece) => (piece === 0 && at === '3/2' ? 5 : 0),
        before: (piece, chunk) => {
          if (failing && `${piece}/${chunk}` === at) {
            throw new Error('the connection is gone');
          }
        },
        refuses: (piece) => `${piece}` === at[0],
      };
      const jobs = bench.open(madePlanner(plan, log));
      const job = await jobs.start(bench.request('a.json'));
      await assert.rejects(job.done, /connection is gone/);
      failing = false;
      const { rows } = await (await jobs.resume(job.id)).done;
      assert.equal(rows, rowsOf(PLAN));
      assert.equal(bench.text('a.json'), await wholeText(PLAN, 'json'));
      const { requestIds, totals } = bench.manifest('a.json');
      assert.equal(new Set(requestIds).size, 8);
      assert.equal(requestIds?.length, 8);
      assert.ok(totals.EUR);
      assert.equal(jobs.get(job.id)?.calls, 8);
    }
  });

  it('stops with the editor, is found interrupted, and is then done', async () => {
    const { plan, reached } = gated(PLAN, '3/2');
    const jobs = bench.open(madePlanner(plan));
    const job = await jobs.start(bench.request('a.csv'));
    await reached;
    await jobs.dispose();
    await assert.rejects(job.done, JobInterrupted);
    const later = bench.open(madePlanner(PLAN));
    await later.load();
    assert.equal(later.get(job.id)?.state, 'interrupted');
    assert.ok((later.get(job.id)?.rows ?? 0) > 0);
    await (await later.resume(job.id)).done;
    assert.equal(bench.text('a.csv'), await wholeText(PLAN, 'csv'));
  });

  it('is done when a crash came between its file and its last word', async () => {
    const jobs = bench.open(madePlanner(PLAN));
    const job = await jobs.start(bench.request('a.csv'));
    await job.done;
    const file = path.join(bench.folder, job.id, 'job.json');
    const { manifest: _, ...kept } = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...kept, state: 'finishing' }));
    const later = bench.open(madePlanner(PLAN));
    await later.load();
    assert.equal(later.get(job.id)?.state, 'done');
    assert.equal(later.get(job.id)?.manifest?.rows, rowsOf(PLAN));
  });

  it('is worked on by one window at a time', async () => {
    const { plan, open, reached } = gated(PLAN, '3/2');
    const jobs = bench.open(madePlanner(plan));
    const job = await jobs.start(bench.request('a.csv'));
    await reached;
    const other = bench.open(madePlanner(PLAN));
    await other.load();
    assert.equal(other.get(job.id)?.elsewhere, true);
    assert.equal(other.get(job.id)?.state, 'running');
    await assert.rejects(other.resume(job.id), /Another window/);
    await assert.rejects(other.cancel(job.id), /Another window/);
    await assert.rejects(other.start(bench.request('a.csv')), /is being written by the export 'a\.csv'/);
    open();
    await job.done;
    await other.load();
    assert.equal(other.get(job.id)?.state, 'done');
  });

  it('refuses a file that another job of the window writes, and takes the place of one that failed', async () => {
    const { plan, open, reached } = gated(PLAN, '0/1');
    const jobs = bench.open(madePlanner(plan));
    const first = await jobs.start(bench.request('a.csv'));
    await reached;
    await assert.rejects(jobs.start(bench.request('a.csv')), /cancel that one first, or choose another name/);
    open();
    await first.done;
    const failing = bench.open(
      madePlanner({
        ...PLAN,
        before: () => {
          throw new Error('no');
        },
      }),
    );
    const second = await failing.start(bench.request('a.csv'));
    await assert.rejects(second.done, /no/);
    const third = await jobs.start(bench.request('a.csv'));
    await third.done;
    assert.equal(jobs.get(second.id), undefined);
    assert.equal(bench.text('a.csv'), await wholeText(PLAN, 'csv'));
  });

  it('tells of its progress at most five times a second', async () => {
    const jobs = bench.open(madePlanner({ pieces: [Array.from({ length: 300 }, () => 2)] }));
    let told = 0;
    jobs.onDidChange(() => told++);
    const begun = performance.now();
    const job = await jobs.start(bench.request('a.csv'));
    await job.done;
    const most = Math.ceil((performance.now() - begun) / 200) + 1;
    assert.ok(told <= most, `${told} of ${most}`);
    assert.equal(jobs.get(job.id)?.rows, 600);
    assert.equal(jobs.get(job.id)?.callsPlanned, 300);
  });

  for (const [what, target, message] of [
    ['no absolute path', { file: 'a.csv' }, /file: 'a\.csv' is no absolute path/],
    ['a folder that is not there', { file: '/none/such/a.csv' }, /the folder '\/none\/such' does not exist/],
    ['a folder that is a file', { file: '/etc/passwd/a.csv' }, /'\/etc\/passwd' is not a folder/],
    ['a folder of that name', { file: '/tmp' }, /it is a folder/],
  ] as [string, Partial<ExportTarget>, RegExp][]) {
    it(`refuses ${what} before anything is fetched`, async () => {
      const log = new PlanLog();
      const jobs = bench.open(madePlanner(PLAN, log));
      await assert.rejects(jobs.start(bench.request('a.csv', target)), message);
      assert.equal(log.planned, 0);
      assert.deepEqual(jobs.list(), []);
    });
  }

  it('fails with a sentence when its target became a folder, and puts the old manifest back', async () => {
    const { plan, open, reached } = gated(PLAN, '4/0');
    const jobs = bench.open(madePlanner(plan));
    writeFileSync(path.join(bench.root, 'a.csv.manifest.json'), 'old');
    const job = await jobs.start(bench.request('a.csv'));
    await reached;
    mkdirSync(path.join(bench.root, 'a.csv'));
    open();
    await assert.rejects(job.done, /it is a folder/);
    assert.equal(bench.text('a.csv.manifest.json'), 'old');
    rmSync(path.join(bench.root, 'a.csv'), { recursive: true });
    await (await jobs.resume(job.id)).done;
    assert.equal(bench.text('a.csv'), await wholeText(PLAN, 'csv'));
  });

  it('goes on right, whatever a crash left of its files', async () => {
    const plans = fc.record({
      pieces: fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 5 }), { minLength: 1, maxLength: 5 }),
      content: fc.constantFrom('pages' as const, 'files' as const),
      sideBySide: fc.integer({ min: 1, max: 4 }),
    });
    const crashes = fc.array(
      fc.record({
        chunks: fc.integer({ min: 0, max: 8 }),
        slow: fc.integer({ min: 0, max: 4 }),
        journal: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
        document: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
        parts: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      }),
      { minLength: 1, maxLength: 3 },
    );
    const format = fc.constantFrom('csv' as const, 'json' as const, 'ndjson' as const);
    await fc.assert(
      fc.asyncProperty(plans, crashes, format, async (made, cuts, ending) => {
        const own = new JobBench();
        try {
          let id: string | undefined;
          for (const { chunks, slow, journal, document, parts } of cuts) {
            let left = chunks;
            const crash = Promise.withResolvers<void>();
            const plan: MadePlan = {
              ...made,
              latency: (piece) => (piece === slow ? 1 : 0),
              before: async () => {
                if (left-- <= 0) {
                  crash.resolve();
                }
              },
            };
            const jobs = own.open(madePlanner(plan));
            await jobs.load();
            const job: { id: string; done: Promise<unknown> } =
              id === undefined ? await jobs.start(own.request(`a.${ending}`)) : await jobs.resume(id);
            id = job.id;
            const done = await Promise.race([job.done.then(() => true), crash.promise.then(() => false)]);
            await jobs.dispose();
            if (done || jobs.get(id)?.state === 'done') {
              break;
            }
            const folder = path.join(own.folder, id);
            cut(path.join(folder, 'journal.ndjson'), journal);
            cut(path.join(own.root, `a.${ending}.partial`), document);
            for (const part of existsSync(path.join(folder, 'parts')) ? readdirSync(path.join(folder, 'parts')) : []) {
              cut(path.join(folder, 'parts', part), parts);
            }
          }
          const jobs = own.open(madePlanner(made));
          await jobs.load();
          const [job] = jobs.list();
          if (job?.state !== 'done') {
            await (await jobs.resume(job?.id ?? '')).done;
          }
          assert.equal(own.text(`a.${ending}`), await wholeText(made, ending));
          const { rows, sha256, requestIds } = own.manifest(`a.${ending}`);
          assert.equal(rows, rowsOf(made));
          assert.equal(
            sha256,
            createHash('sha256')
              .update(own.text(`a.${ending}`))
              .digest('hex'),
          );
          assert.deepEqual(
            requestIds,
            madeChunks(made).map(({ requestId }) => requestId),
          );
        } finally {
          await own.close();
        }
      }),
      { numRuns: Number(process.env.JOB_RUNS ?? 25) },
    );
  });
});

/** Cuts a file to a share of its length. */
function cut(file: string, share: number | null): void {
  if (share !== null && existsSync(file)) {
    truncateSync(file, Math.floor(readFileSync(file).length * share));
  }
}
