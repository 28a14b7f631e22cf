import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { ThrottleCounts } from '../../src/sample/throttle.ts';
import type { BenchScope, ServiceSettings } from './service/benchService.ts';
import type { ServiceAnswer, ServiceMessage } from './service/main.ts';
import type { WorkerAnswer, WorkerTask } from './worker.ts';

/** The service in a process of its own. */
export interface RunningService {
  base: string;
  set(settings: ServiceSettings): Promise<void>;
  /** A big customer or subscription, and the days in which it has about so many rows. */
  find(what: 'customer' | 'subscription', rows: number): Promise<BenchScope>;
  /** What its own limits counted since the last `set`. */
  throttled(): Promise<ThrottleCounts>;
  close(): void;
}

export async function startService(): Promise<RunningService> {
  // It keeps pages, about 600 MB for each time that somebody cuts 200,000 rows into other lists.
  const execArgv = ['--max-old-space-size=4096'];
  const child = fork(path.join(import.meta.dirname, 'service/main.ts'), [], { execArgv });
  const ask = async (message: ServiceMessage): Promise<ServiceAnswer> => {
    const answer = nextMessage<ServiceAnswer>(child, 'the service');
    child.send(message);
    return answer;
  };
  const started = await nextMessage<ServiceAnswer>(child, 'the service');
  return {
    base: 'base' in started ? started.base : '',
    async set(settings) {
      await ask({ set: settings });
    },
    async find(what, rows) {
      const answer = await ask({ ask: what, rows });
      if (!('scope' in answer)) throw new Error('the service answered something else');
      return answer;
    },
    async throttled() {
      const answer = await ask({ ask: 'throttled' });
      if (!('throttled' in answer)) throw new Error('the service answered something else');
      return answer.throttled;
    },
    close: () => child.disconnect(),
  };
}

/** Runs one work in a process of its own. @throws Error when it fails; what it says is on the terminal */
export function runWork(task: WorkerTask): Promise<WorkerAnswer> {
  return runModule<WorkerAnswer>(path.join(import.meta.dirname, 'worker.ts'), task, `work ${task.work}`);
}

/** What a module answers that is given a task as JSON, in a process of its own. @throws Error when it fails */
export async function runModule<T>(module: string, task: object, who: string): Promise<T> {
  const child = fork(module, [JSON.stringify(task)], { execArgv: [] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const answer = await nextMessage<T>(child, who);
  await ended;
  return answer;
}

function nextMessage<T>(child: ChildProcess, who: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`${who} ended with code ${code} before it answered`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as T);
    });
  });
}
