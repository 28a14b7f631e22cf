import { existsSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../../support/project.ts';
import type { Figure } from '../figures.ts';
import type { HostAnswer } from '../host/hostTask.ts';
import { buildHostBench, runInHost } from '../host/runInHost.ts';
import { runWork } from '../processes.ts';
import { type Bench, count } from './bench.ts';

const ROWS = 200_000;

/** The command in a real extension host against the same engine in plain Node: what the editor around it costs. */
export const host: Bench = async ({ service, rounds, folder }) => {
  if (!existsSync(path.join(projectFolder, 'dist/extension.js'))) {
    throw new Error('The bench host runs the built extension: npm run build first.');
  }
  await buildHostBench();
  await service.set({ latency: 0, throttle: 'off', laps: 1 });
  const { scope, period, rows } = await service.find('customer', ROWS);
  const input = { base: service.base, scope, period, file: path.join(folder, 'host.csv') };
  const plain = { work: 'jobCsv', input: { ...input, folder: path.join(folder, 'jobs') } } as const;
  // Afterwards every page is in the service's memory.
  await runWork(plain);
  const ours: HostAnswer[] = [];
  const theirs: HostAnswer[] = [];
  for (let round = 1; round <= rounds; round++) {
    ours.push(await runInHost(input, folder));
    theirs.push(await runWork(plain));
    console.log(`  ${round}/${rounds} host ${told(ours)}, plain Node ${told(theirs)}`);
  }
  const wrong = ours.find(({ done }) => done.rows !== rows);
  return (['wall', 'cpu'] as const).map(
    (what): Figure => ({
      work: `${count(rows)} rows to a CSV file by the command, in the extension host`,
      against: 'the same job in plain Node',
      unit: what === 'cpu' ? 'CPU s' : 'wall s',
      goal: 1.15,
      ours: ours.map(({ measured }) => measured[what]),
      theirs: theirs.map(({ measured }) => measured[what]),
      broken: wrong === undefined ? undefined : `it has ${wrong.done.rows} rows`,
    }),
  );
};

function told(answers: readonly HostAnswer[]): string {
  const { cpu = Number.NaN, wall = Number.NaN } = answers.at(-1)?.measured ?? {};
  return `${cpu.toFixed(2)} s CPU ${wall.toFixed(2)} s`;
}
