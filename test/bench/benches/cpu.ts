import path from 'node:path';
import type { Figure } from '../figures.ts';
import { runWork } from '../processes.ts';
import { inTurns } from '../rounds.ts';
import type { WorkName } from '../works/index.ts';
import { type Bench, count, missingRows } from './bench.ts';

const ROWS = 200_000;

/** CPU time from the first call to the closed file, one customer's usage details; the service's own time does not count. */
export const cpu: Bench = async ({ service, rounds, folder }) => {
  await service.set({ latency: 0, throttle: 'off', laps: 1 });
  const { scope, period, rows } = await service.find('customer', ROWS);
  const input = { base: service.base, scope, period, folder: path.join(folder, 'jobs') };
  const toFile = (work: WorkName) => ({ work, input: { ...input, file: path.join(folder, work) } });
  const dropped = (work: WorkName) => ({ work, input });
  const tasks = {
    official: toFile('official'),
    parse: dropped('parse'),
    walkCsv: toFile('walkCsv'),
    read: dropped('read'),
    walkNdjson: toFile('walkNdjson'),
    drain: dropped('drain'),
    ndjsonDropped: dropped('walkNdjson'),
    jobCsv: toFile('jobCsv'),
    jobNdjson: toFile('jobNdjson'),
  };
  // Afterwards every page is in the service's memory.
  await runWork(tasks.read);
  const found = await inTurns(tasks, rounds);
  const seconds = (name: keyof typeof tasks) => found[name].map(({ measured }) => measured.cpu);
  const figure = (
    work: string,
    ours: keyof typeof tasks,
    against: string,
    theirs: keyof typeof tasks,
    goal?: number,
  ) => ({
    work,
    against,
    unit: 'CPU s',
    ours: seconds(ours),
    theirs: seconds(theirs),
    ...(goal === undefined ? {} : { goal }),
    broken: missingRows(found[ours], rows),
  });
  const size = `${count(rows)} modern rows`;
  const pager = '@azure/arm-consumption pager + csv-stringify';
  const parsed = 'undici body + JSON.parse';
  const body = 'undici body.bytes()';
  return [
    figure(`${size} to a CSV file`, 'walkCsv', pager, 'official', 0.1),
    figure('the same as a job (plan, journal, SHA-256, manifest)', 'jobCsv', pager, 'official', 0.1),
    figure(`${size} to a CSV file`, 'walkCsv', parsed, 'parse', 0.8),
    figure('the same as a job', 'jobCsv', parsed, 'parse', 0.8),
    figure(`${size} to NDJSON, dropped`, 'ndjsonDropped', body, 'read', 1.5),
    figure('the same to an NDJSON file', 'walkNdjson', body, 'read', 1.5),
    figure('the same as a job', 'jobNdjson', body, 'read'),
    figure(`${size} to NDJSON, dropped`, 'ndjsonDropped', 'undici body, chunks dropped', 'drain'),
  ] satisfies Figure[];
};
