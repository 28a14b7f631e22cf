import type { Clock } from '../../src/api/http/clock.ts';

/** A clock that jumps instead of waiting, and remembers how long it would have waited. */
export class FastClock implements Clock {
  /** Milliseconds. */
  readonly waits: number[] = [];
  #time: number;

  /** @param start left out: a moment that is always the same; the present, where the other side looks at the real clock */
  constructor(start = Date.parse('2026-11-21T12:00:00Z')) {
    this.#time = start;
  }

  now(): number {
    return this.#time;
  }

  /** Lets time pass without anybody waiting: what a request takes. Gives the time after it. */
  pass(milliseconds: number): number {
    this.#time += milliseconds;
    return this.#time;
  }

  random(): number {
    return 0;
  }

  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.waits.push(milliseconds);
    this.#time += milliseconds;
  }
}
