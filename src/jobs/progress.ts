/** Rates are those of so many milliseconds. */
const WINDOW = 5000;

/** Moments that are kept within the window, about. */
const STEP = 250;

/** What has come, or is counted of it. */
export interface Counts {
  rows: number;
  bytes: number;
  /** Answers that hold rows. */
  calls: number;
}

interface Moment {
  at: number;
  rows: number;
  bytes: number;
}

/** How far the rows of a job are, and how fast they come. Times are milliseconds. */
export class Progress {
  rows = 0;
  bytes = 0;
  calls = 0;
  readonly #begun: { at: number; calls: number };
  readonly #moments: Moment[];

  /** @param before what an earlier run has done: it says nothing about how fast this one is */
  constructor(before: Counts, now: number) {
    this.rows = before.rows;
    this.bytes = before.bytes;
    this.calls = before.calls;
    this.#begun = { at: now, calls: before.calls };
    this.#moments = [{ at: now, rows: this.rows, bytes: this.bytes }];
  }

  add({ rows, bytes, calls }: Counts): void {
    this.rows += rows;
    this.bytes += bytes;
    this.calls += calls;
  }

  /** Takes back what has to come once more. */
  take({ rows, bytes, calls }: Counts): void {
    this.add({ rows: -rows, bytes: -bytes, calls: -calls });
  }

  /** Remembers how it stands now, for the rates. */
  note(now: number): void {
    const last = this.#moments.at(-1);
    if (last !== undefined && now - last.at >= STEP) {
      this.#moments.push({ at: now, rows: this.rows, bytes: this.bytes });
      while ((this.#moments[1]?.at ?? now) < now - WINDOW) {
        this.#moments.shift();
      }
    }
  }

  /** A second, over the last five; never below 0, though a piece that is read anew takes rows back. */
  rates(now: number): { rowsPerSecond: number; bytesPerSecond: number } {
    const from = this.#moments.findLast(({ at }) => at <= now - WINDOW) ?? this.#moments[0];
    const seconds = Math.max(now - (from?.at ?? now), STEP) / 1000;
    return {
      rowsPerSecond: Math.max(0, Math.round((this.rows - (from?.rows ?? 0)) / seconds)),
      bytesPerSecond: Math.max(0, Math.round((this.bytes - (from?.bytes ?? 0)) / seconds)),
    };
  }

  /** Seconds until all is fetched, as fast as it went so far; undefined before anything came. */
  secondsLeft(now: number, callsPlanned: number): number | undefined {
    const done = this.calls - this.#begun.calls;
    if (done <= 0) {
      return undefined;
    }
    return Math.round((((now - this.#begun.at) / done) * Math.max(callsPlanned - this.calls, 0)) / 1000);
  }
}
