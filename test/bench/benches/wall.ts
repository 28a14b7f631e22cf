import path from 'node:path';
import type { Figure } from '../figures.ts';
import { runWork } from '../processes.ts';
import { inTurns } from '../rounds.ts';
import { type Bench, count } from './bench.ts';

const ROWS = 200_000;
/** Milliseconds; about what usage details take for a page. */
const LATENCY = 250;

/** From the first call to the closed file and its manifest, as a clock shows it, at a service that is slow and counts. */
export const wall: Bench = async ({ service, rounds, folder }) => {
  const figures: Figure[] = [];
  for (const kind of ['customer', 'subscription'] as const) {
    const { scope, period, rows } = await service.find(kind, ROWS);
    const input = { base: service.base, scope, period, folder: path.join(folder, 'jobs') };
    const tasks = {
      sequential: { work: 'sequential', input },
      job: { work: 'jobCsv', input: { ...input, file: path.join(folder, 'wall.csv') } },
    } as const;
    const slow = () => service.set({ latency: LATENCY, throttle: 'documented', laps: 1 });
    // A rehearsal of both, so that every page that they ask for is in the service's memory.
    for (const task of Object.values(tasks)) {
      await slow();
      await runWork(task);
    }
    const broken: string[] = [];
    const found = await inTurns(tasks, rounds, {
      before: slow,
      async after(name, { done }) {
        const { refused } = await service.throttled();
        if (name === 'job' && refused > 0) broken.push(`${refused} calls were refused`);
        if (done.rows !== rows) broken.push(`${name} has ${done.rows} rows of ${rows}`);
      },
    });
    figures.push({
      work: `${count(rows)} rows of a ${kind} to a CSV file, ${LATENCY} ms latency, documented limits`,
      against: 'links followed one after the other',
      unit: 'wall s',
      goal: 1 / 6,
      ours: found.job.map(({ measured }) => measured.wall),
      theirs: found.sequential.map(({ measured }) => measured.wall),
      broken: broken[0],
    });
  }
  return figures;
};
