import path from 'node:path';
import type { Figure } from '../figures.ts';
import { inTurns } from '../rounds.ts';
import type { WorkerAnswer } from '../worker.ts';
import { type Bench, count } from './bench.ts';

const ROWS = 200_000;

/** What the other forms of an export cost beside CSV, each as a whole job; told for comparison alone. */
export const formats: Bench = async ({ service, rounds, folder }) => {
  await service.set({ latency: 0, throttle: 'off', laps: 1 });
  const { scope, period, rows } = await service.find('customer', ROWS);
  const input = { base: service.base, scope, period, folder: path.join(folder, 'jobs') };
  const tasks = {
    jobCsv: { work: 'jobCsv', input: { ...input, file: path.join(folder, 'rows.csv') } },
    jobParquet: { work: 'jobParquet', input: { ...input, file: path.join(folder, 'rows.parquet') } },
    jobExcel: { work: 'jobExcel', input: { ...input, file: path.join(folder, 'rows.xlsx') } },
    jobFocus: { work: 'jobFocus', input: { ...input, file: path.join(folder, 'focus.csv') } },
    jobShareSafe: { work: 'jobShareSafe', input: { ...input, file: path.join(folder, 'shared.csv') } },
  } as const;
  const found = await inTurns(tasks, rounds);
  const figures = (work: string, ours: keyof typeof tasks): Figure[] => {
    const other = found[ours].find(({ done }) => done.rows !== rows);
    const broken = other === undefined ? undefined : `it has ${other.done.rows} rows of ${rows}`;
    const figure = (unit: string, of: (answer: WorkerAnswer) => number): Figure => ({
      ...{ work, against: 'the same to a CSV file', unit, broken },
      ours: found[ours].map(of),
      theirs: found.jobCsv.map(of),
    });
    return [
      figure('CPU s', ({ measured }) => measured.cpu),
      figure('MB above idle', ({ measured }) => (measured.peak - measured.idle) / 1e6),
    ];
  };
  const size = `${count(rows)} modern rows as a job`;
  return [
    ...figures(`${size}, to Parquet`, 'jobParquet'),
    ...figures(`${size}, to Excel`, 'jobExcel'),
    ...figures(`${size}, FOCUS columns, to CSV`, 'jobFocus'),
    ...figures(`${size}, safe to share, to CSV`, 'jobShareSafe'),
  ];
};
