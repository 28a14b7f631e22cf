import path from 'node:path';
import type { Figure } from '../figures.ts';
import { runWork } from '../processes.ts';
import { inTurns } from '../rounds.ts';
import type { WorkName } from '../works/index.ts';
import { type Bench, count, missingRows } from './bench.ts';

const OCTOBER = { from: '2026-10-01', to: '2026-10-31' };

/** One customer's closed month into the store, against the same month exported to CSV; and a second look against the first. */
export const store: Bench = async ({ service, rounds, folder }) => {
  await service.set({ latency: 0, throttle: 'off', laps: 1 });
  // Its month, whatever that has.
  const { scope } = await service.find('customer', 50_000);
  const input = { base: service.base, scope, period: OCTOBER, folder: path.join(folder, 'store') };
  const task = (work: WorkName, more: object = {}) => ({ work, input: { ...input, ...more } });
  const tasks = {
    walkCsv: task('walkCsv', { file: path.join(folder, 'walk.csv') }),
    jobCsv: task('jobCsv', { file: path.join(folder, 'job.csv'), folder: path.join(folder, 'storeJobs') }),
    first: task('storeFirst'),
    second: task('storeSecond'),
    secondCsv: task('storeSecondCsv'),
  };
  // Afterwards every page is in the service's memory, and both ways to cut the month into lists have been taken.
  await runWork(tasks.walkCsv);
  await runWork(tasks.first);
  const found = await inTurns(tasks, rounds);
  const rows = found.walkCsv[0]?.done.rows ?? 0;
  const figure = (
    work: string,
    unit: 'CPU s' | 's',
    ours: keyof typeof tasks,
    against: string,
    theirs: keyof typeof tasks,
    goal?: number,
  ): Figure => {
    const of = (name: keyof typeof tasks) =>
      found[name].map(({ measured }) => (unit === 's' ? measured.wall : measured.cpu));
    return {
      work,
      against,
      unit,
      ours: of(ours),
      theirs: of(theirs),
      ...(goal === undefined ? {} : { goal }),
      broken: missingRows(found[ours], rows),
    };
  };
  const size = `${count(rows)} modern rows of a month`;
  return [
    figure(`${size} into the store`, 'CPU s', 'first', 'the same exported to CSV as a job', 'jobCsv', 1.5),
    figure('the same', 'CPU s', 'first', 'the bare walk to a CSV file, no plan, no digest', 'walkCsv'),
    figure('a second look at the month, in a new process', 's', 'second', 'the first look', 'first', 0.05),
    figure('a second look, and a CSV document of it', 's', 'secondCsv', 'the first look', 'first'),
  ];
};
