import { type Measured, measure } from './measure.ts';
import { WORKS, type WorkName } from './works/index.ts';
import type { WorkDone, WorkInput } from './works/work.ts';

/** What a worker is told on its command line, and what it answers. */
export interface WorkerTask {
  work: WorkName;
  input: WorkInput;
}

export interface WorkerAnswer {
  measured: Measured;
  done: WorkDone;
}

/** One work, once: a process of its own starts cold and ends with all that it held. */
const { work, input } = JSON.parse(process.argv[2] ?? '') as WorkerTask;
const run = await WORKS[work]();
const { measured, value } = await measure(() => run(input));
process.send?.({ measured, done: value } satisfies WorkerAnswer);
process.disconnect();
