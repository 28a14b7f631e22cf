import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { digitsOf } from '../../src/json/exact.ts';
import { keptMonthToDate } from '../../src/spend/monthToDate.ts';
import { SpendCache } from '../../src/spend/spendCache.ts';
import { checkSpendQuestion } from '../../src/spend/spendQuestion.ts';
import { spendEffort } from '../../src/spend/spendReader.ts';
import type { Sameness } from '../../src/store/readTypes.ts';
import { Store } from '../../src/store/store.ts';
import { StoredAnswers } from '../../src/stored/storedAnswers.ts';
import { SpendBench } from '../support/spend.ts';

const HOUR = 60 * 60_000;

describe('answers that are kept over windows', () => {
  let bench: SpendBench;
  let folder: string;
  let aside: string[] = [];
  const failures: unknown[] = [];
  const pending: Promise<void>[] = [];

  before(async () => {
    bench = await SpendBench.start();
    folder = await mkdtemp(path.join(os.tmpdir(), 'kept-answers-'));
  });
  after(async () => {
    await written();
    await bench.close();
    await rm(folder, { recursive: true, force: true });
    assert.deepEqual(failures, []);
  });

  /** Nothing is in memory any more; what follows is another window. */
  function openWindow(origin = 'somebody', sameness: Sameness = 'same'): void {
    aside = [];
    const store = new Store({
      folder,
      now: () => bench.now,
      limit: 1e9,
      producedBy: { name: 'test', version: '1.0.0' },
      onSetAside: (file) => aside.push(file),
    });
    bench.cache = new SpendCache();
    const answers = new StoredAnswers(
      async () => store,
      { connection: 'Partner', origin, sameness: async () => sameness },
      (error) => failures.push(error),
    );
    bench.cache.of(bench.arm).answers = {
      whose: origin,
      find: (...question) => answers.find(...question),
      keep(...answer) {
        const kept = answers.keep(...answer);
        pending.push(kept);
        return kept;
      },
    };
  }

  async function failing(fault: string, run: () => Promise<unknown>): Promise<void> {
    bench.service.setFault(fault);
    await run().finally(() => bench.service.setFault(undefined));
  }

  /** Answers are written while the panel shows them already. @returns files of answers */
  async function written(): Promise<string[]> {
    await Promise.all(pending);
    return (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.answer'));
  }

  const given = () => ({
    scope: bench.customer(0),
    period: { from: '2026-09-01', to: '2026-11-21' },
    granularity: 'daily',
    groupBy: 'ServiceName',
  });

  it('are shown in another window without a request, to the last digit, and effort is none', async () => {
    openWindow();
    const first = await bench.picture(given());
    const asked = bench.service.requests().length;
    await written();
    openWindow();
    const question = checkSpendQuestion(given(), bench.now);
    assert.deepEqual(await spendEffort(bench.arm, question, bench.cache, bench.now), { queries: 0 });
    const again = await bench.picture(given());
    assert.equal(bench.service.requests().length, asked);
    assert.deepEqual(again, first);
  });

  it('are those of the same person alone', async () => {
    const asked = bench.queries;
    openWindow('somebody else');
    await bench.picture(given());
    assert.equal(bench.queries, asked + 3);
  });

  it('are not kept when another account was chosen before they came, or nobody can tell', async () => {
    const kept = (await written()).length;
    for (const sameness of ['another', 'unknown'] as const) {
      openWindow('a third', sameness);
      await bench.picture(given());
      assert.equal((await written()).length, kept);
    }
  });

  it('stay in the window while nobody can tell who is signed in, and go when it is somebody else', async () => {
    openWindow();
    const { answers } = bench.cache.of(bench.arm);
    assert.ok(answers);
    bench.cache.bind(bench.arm, answers);
    await bench.picture(given());
    const asked = bench.queries;
    bench.cache.bind(bench.arm, undefined);
    await bench.picture(given());
    assert.equal(bench.queries, asked);
    const nothing = { find: async () => undefined, keep: async () => {} };
    bench.cache.bind(bench.arm, { ...nothing, whose: 'another' });
    await bench.picture(given());
    assert.equal(bench.queries, asked + 3);
  });

  it('of the open month are asked for again after four hours or when somebody wants them anew, closed ones never', async () => {
    const asked = bench.queries;
    await written();
    openWindow();
    await bench.picture(given(), { refresh: true });
    assert.equal(bench.queries, asked + 1);
    const { now } = bench;
    bench.now = new Date(now.getTime() + 5 * HOUR);
    openWindow();
    await bench.picture(given());
    assert.equal(bench.queries, asked + 2);
    bench.now = now;
  });

  it('stand in when the service is away, and say how old they are', async () => {
    const { now } = bench;
    bench.now = new Date(now.getTime() + 6 * HOUR);
    openWindow();
    bench.service.setFault('500@query');
    try {
      const picture = await bench.picture(given());
      assert.notEqual(picture.stale, undefined);
      assert.notEqual(picture.total, '0');
    } finally {
      bench.service.setFault(undefined);
      bench.now = now;
    }
  });

  it('stand in for costs beside rows while the service is away, however old, and say so', async () => {
    openWindow();
    const { answers } = bench.cache.of(bench.arm);
    const account = bench.service.tenant.accounts[0]?.name ?? assert.fail();
    const costs = (later: number, anew = false) =>
      keptMonthToDate(bench.arm, { kind: 'billingAccount', account }, 'CustomerTenantId', {
        ...{ answers, anew },
        now: new Date(bench.now.getTime() + later),
      });
    const digits = (found: Awaited<ReturnType<typeof costs>>) =>
      [...found.costs].map(([id, money]) => [id, money.map(({ value }) => digitsOf(value ?? 0))]);
    await failing('500@query', () => assert.rejects(costs(0), { status: 500 }));
    const first = await costs(0);
    assert.deepEqual([first.keptSince, first.away], [undefined, undefined]);
    await written();
    await failing('500@query', async () => {
      for (const old of [await costs(6 * HOUR), await costs(HOUR, true)]) {
        assert.deepEqual([digits(old), old.keptSince, old.away?.status], [digits(first), bench.now, 500]);
      }
    });
    // A refusal is an answer: what somebody may not see any more is not shown.
    await failing('403@query', () => assert.rejects(costs(6 * HOUR), { status: 403 }));
    assert.equal((await costs(6 * HOUR)).away, undefined);
  });

  it('that were damaged are set aside and asked for again', async () => {
    openWindow();
    const before = await bench.picture(given());
    for (const name of await written()) {
      const file = path.join(folder, name);
      const bytes = await readFile(file);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      await writeFile(file, bytes);
    }
    openWindow();
    const asked = bench.queries;
    const after = await bench.picture(given());
    assert.ok(aside.length >= 3, aside.join());
    assert.equal(bench.queries, asked + 3);
    assert.equal(after.total, before.total);
  });
});
