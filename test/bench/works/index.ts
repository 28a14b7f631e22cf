import type { WorkDone, WorkInput } from './work.ts';

type Work = (input: WorkInput) => Promise<WorkDone>;

/**
 * By name. Each loads what it needs and nothing else, before it is measured: packages of a peer must not weigh on anybody else's
 * memory.
 */
export const WORKS = {
  idle: async (): Promise<Work> => async () => ({ bytes: 0 }),
  read: async (): Promise<Work> => (await import('./floors.ts')).readBodies,
  drain: async (): Promise<Work> => (await import('./floors.ts')).drainBodies,
  parse: async (): Promise<Work> => (await import('./floors.ts')).parseBodies,
  official: async (): Promise<Work> => (await import('./officialPager.ts')).officialPagerToCsv,
  walkCsv: async (): Promise<Work> => {
    const { walkRecords } = await import('./recordWalk.ts');
    return (input) => walkRecords(input, 'csv');
  },
  sequential: async (): Promise<Work> => (await import('./sequentialWalk.ts')).walkSequentially,
  jobCsv: async (): Promise<Work> => {
    const { exportJob } = await import('./exportJob.ts');
    return (input) => exportJob(input, 'csv');
  },
  jobNdjson: async (): Promise<Work> => {
    const { exportJob } = await import('./exportJob.ts');
    return (input) => exportJob(input, 'ndjson');
  },
  jobParquet: async (): Promise<Work> => {
    const { exportJob } = await import('./exportJob.ts');
    return (input) => exportJob(input, 'parquet');
  },
  jobExcel: async (): Promise<Work> => {
    const { exportJob } = await import('./exportJob.ts');
    return (input) => exportJob(input, 'xlsx');
  },
  jobFocus: async (): Promise<Work> => {
    const { exportJob } = await import('./exportJob.ts');
    return (input) => exportJob(input, 'csv', { columns: 'focus' });
  },
  jobShareSafe: async (): Promise<Work> => {
    const { exportJob } = await import('./exportJob.ts');
    return (input) => exportJob(input, 'csv', { shareSafe: true });
  },
  storeFirst: async (): Promise<Work> => (await import('./storeUsage.ts')).storeFirst,
  storeSecond: async (): Promise<Work> => (await import('./storeUsage.ts')).storeSecond,
  storeSecondCsv: async (): Promise<Work> => (await import('./storeUsage.ts')).storeSecondCsv,
  walkNdjson: async (): Promise<Work> => {
    const { walkRecords } = await import('./recordWalk.ts');
    return (input) => walkRecords(input, 'ndjson');
  },
} as const satisfies Record<string, () => Promise<Work>>;

export type WorkName = keyof typeof WORKS;
