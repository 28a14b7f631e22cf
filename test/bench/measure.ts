import { readFileSync } from 'node:fs';

/** What a piece of work took, measured in a process of its own. */
export interface Measured {
  /** User and system time of the whole process, threads of the engine included; seconds. */
  cpu: number;
  /** Seconds. */
  wall: number;
  /** Resident bytes when everything was loaded and nothing done. */
  idle: number;
  /** Most resident bytes at any time. */
  peak: number;
  /** Most bytes of JavaScript objects and of buffers outside of them, as seen four times a second. */
  heap: number;
}

/** Milliseconds. A look takes time itself, which counts. */
const SAMPLE_EVERY = 250;

/** Runs some work once, cold: what the engine compiles on the way is a part of it. */
export async function measure<T>(work: () => Promise<T>): Promise<{ measured: Measured; value: T }> {
  const idle = process.memoryUsage.rss();
  let heap = 0;
  const look = () => {
    const { heapUsed, external } = process.memoryUsage();
    heap = Math.max(heap, heapUsed + external);
  };
  const timer = setInterval(look, SAMPLE_EVERY);
  const started = performance.now();
  const before = process.cpuUsage();
  try {
    const value = await work();
    const { user, system } = process.cpuUsage(before);
    const wall = (performance.now() - started) / 1000;
    look();
    return { value, measured: { cpu: (user + system) / 1e6, wall, idle, peak: peakMemory(), heap } };
  } finally {
    clearInterval(timer);
  }
}

/** Linux counts what the parent held before the process was started into `maxRSS`, but not into this. */
function peakMemory(): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
