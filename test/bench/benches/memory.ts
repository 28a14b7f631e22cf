import { rm } from 'node:fs/promises';
import path from 'node:path';
import { inTurns } from '../rounds.ts';
import type { WorkerAnswer } from '../worker.ts';
import { type Bench, count } from './bench.ts';

const FEW = 100_000;

/** Most memory above that of the process before it began, for few rows and for many; the file of either is on the disk. */
export const memory: Bench = async ({ service, rounds, full, folder }) => {
  const laps = full ? 100 : 10;
  const { scope, period, rows } = await service.find('customer', FEW);
  const set = (times: number) => service.set({ latency: 0, throttle: 'off', laps: times });
  const file = path.join(folder, 'memory.csv');
  const input = { base: service.base, scope, period, folder: path.join(folder, 'jobs'), file };
  const task = { job: { work: 'jobCsv', input } } as const;
  const few: WorkerAnswer[] = [];
  const many: WorkerAnswer[] = [];
  for (let round = 0; round < rounds; round++) {
    await set(1);
    few.push(...(await inTurns(task, 1)).job);
    // Ten million rows take as long as all else together: once is enough.
    if (round === 0 || !full) {
      await set(laps);
      many.push(...(await inTurns(task, 1)).job);
    }
    await rm(file, { force: true });
  }
  const above = (answers: readonly WorkerAnswer[]) =>
    answers.map(({ measured }) => (measured.peak - measured.idle) / 1e6);
  const wrong = many.find(({ done }) => done.rows !== rows * laps);
  return [
    {
      work: `peak memory, ${count(rows * laps)} rows to a CSV file`,
      against: `the same with ${count(rows)} rows`,
      unit: 'MB above idle',
      goal: 1.1,
      ours: full ? few.flatMap(() => above(many)) : above(many),
      theirs: above(few),
      broken: wrong === undefined ? undefined : `it has ${wrong.done.rows} rows`,
    },
  ];
};
