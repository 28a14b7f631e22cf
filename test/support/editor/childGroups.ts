import type { ChildProcess } from 'node:child_process';

const cleanups = new Set<() => void>();
let watching = false;

function runAll(): void {
  for (const cleanup of cleanups) cleanup();
}

/**
 * Runs something, synchronously, when this process ends, by itself or by a signal: children in groups of their own outlive
 * their parent, and neither Ctrl+C in a terminal nor a signal to the parent reaches them.
 * @returns a function that calls it off
 */
export function atEndOfProcess(cleanup: () => void): () => void {
  cleanups.add(cleanup);
  if (!watching) {
    watching = true;
    process.once('exit', runAll);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        runAll();
        // A program with its own handler for this signal decides itself when it ends.
        if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
      });
    }
  }
  return () => {
    cleanups.delete(cleanup);
  };
}

/** Ends a child that was started `detached`, with all its descendants. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The whole group has ended already.
  }
}
