import { runWork } from './processes.ts';
import type { WorkerAnswer, WorkerTask } from './worker.ts';

/** Runs each task once a round, in the same order: neighbours in time meet the same machine. */
export async function inTurns<N extends string>(
  tasks: Readonly<Record<N, WorkerTask>>,
  rounds: number,
  hooks: { before?: () => Promise<void>; after?: (name: N, answer: WorkerAnswer) => Promise<void> | void } = {},
): Promise<Record<N, WorkerAnswer[]>> {
  const names = Object.keys(tasks) as N[];
  const answers = Object.fromEntries(names.map((name) => [name, [] as WorkerAnswer[]])) as Record<N, WorkerAnswer[]>;
  for (let round = 1; round <= rounds; round++) {
    for (const name of names) {
      await hooks.before?.();
      const answer = await runWork(tasks[name]);
      answers[name].push(answer);
      await hooks.after?.(name, answer);
      const { cpu, wall, peak, idle } = answer.measured;
      const above = (peak - idle) / 1e6;
      console.log(
        `  ${round}/${rounds} ${name.padEnd(14)} ${cpu.toFixed(2)} s CPU  ${wall.toFixed(2)} s  ${above.toFixed(0)} MB above idle`,
      );
    }
  }
  return answers;
}
