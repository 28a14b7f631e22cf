import path from 'node:path';
import type { Figure } from '../figures.ts';
import type { HostAnswer } from '../host/hostTask.ts';
import { buildHostBench, runBuiltJob, runInHost } from '../host/runInHost.ts';
import { runWork } from '../processes.ts';
import { type Bench, count, missingRows } from './bench.ts';

const ROWS = 200_000;

/**
 * The command in a real extension host against the same built engine in plain Node of the same version: what the editor around it costs.
 * The engine from its sources, loaded before the clock starts, tells what loading and the build cost.
 */
export const host: Bench = async ({ service, rounds, folder }) => {
  await buildHostBench();
  await service.set({ latency: 0, throttle: 'off', laps: 1 });
  const { scope, period, rows } = await service.find('customer', ROWS);
  const input = { base: service.base, scope, period, file: path.join(folder, 'host.csv') };
  const jobs = path.join(folder, 'jobs');
  const runs = {
    host: () => runInHost(input, folder),
    built: () => runBuiltJob({ ...input, folder: jobs }),
    sources: () => runWork({ work: 'jobCsv', input: { ...input, folder: jobs } }),
  };
  // Afterwards every page is in the service's memory.
  await runs.sources();
  const found: Record<keyof typeof runs, HostAnswer[]> = { host: [], built: [], sources: [] };
  for (let round = 1; round <= rounds; round++) {
    for (const name of ['host', 'built', 'sources'] as const) {
      const answer = await runs[name]();
      found[name].push(answer);
      const { cpu, wall } = answer.measured;
      console.log(`  ${round}/${rounds} ${name.padEnd(8)} ${cpu.toFixed(2)} s CPU  ${wall.toFixed(2)} s`);
    }
  }
  const figures = (
    work: string,
    ours: keyof typeof runs,
    against: string,
    theirs: keyof typeof runs,
    goal?: number,
  ): Figure[] =>
    (['wall', 'cpu'] as const).map((what) => ({
      work,
      against,
      unit: what === 'cpu' ? 'CPU s' : 'wall s',
      ...(goal === undefined ? {} : { goal }),
      ours: found[ours].map(({ measured }) => measured[what]),
      theirs: found[theirs].map(({ measured }) => measured[what]),
      broken: missingRows(found[ours], rows),
    }));
  const built = 'the same built job in plain Node';
  return [
    ...figures(`${count(rows)} rows to a CSV file by the command, in the extension host`, 'host', built, 'built', 1.15),
    ...figures(built, 'built', 'the job from its sources, loaded beforehand', 'sources'),
  ];
};
