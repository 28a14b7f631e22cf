import type { Measured } from '../measure.ts';
import type { WorkDone, WorkInput } from '../works/work.ts';

/** The environment variables by which a bench and the module that it runs in an extension host talk. */
export const TASK = 'BENCH_TASK';
/** A file that receives the answer as JSON. */
export const ANSWER = 'BENCH_ANSWER';

export type HostTask = Pick<WorkInput, 'base' | 'scope' | 'period'> & { file: string };

export interface HostAnswer {
  measured: Measured;
  done: WorkDone;
}
