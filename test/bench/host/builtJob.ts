import { measure } from '../measure.ts';
import type { WorkInput } from '../works/work.ts';
import type { HostAnswer } from './hostTask.ts';

/** The engine of an export as it is built for the editor, in plain Node: loaded when it is needed, as a command loads it. */
const input = JSON.parse(process.argv[2] ?? '') as WorkInput;
const { measured, value } = await measure(async () => {
  const { exportJob } = await import('../works/exportJob.ts');
  return exportJob(input, 'csv');
});
process.send?.({ measured, done: value } satisfies HostAnswer);
process.disconnect();
