import type { Wait } from '../api/http/client.ts';
import type { UsageEstimate } from './estimate.ts';
import type { UsageProgress, WriteOptions } from './writeUsage.ts';

export interface BuildOptions extends WriteOptions {
  /** Told what the job takes before most of it is done; it goes on when this resolves. Whoever declines aborts the signal. */
  onEstimate?: ((estimate: UsageEstimate) => Promise<void>) | undefined;
}

/**
 * One build for everybody who asks for the same document at the same time. Each waits with a signal and callbacks of its own; the
 * work stops when the last one has left.
 */
export class SharedBuild<T> {
  readonly #abort = new AbortController();
  readonly #waiting = new Set<BuildOptions>();
  readonly #result: Promise<T>;

  constructor(build: (options: BuildOptions) => Promise<T>) {
    this.#result = build({
      signal: this.#abort.signal,
      onEstimate: async (estimate) => {
        await Promise.all([...this.#waiting].map((one) => one.onEstimate?.(estimate)));
      },
      onProgress: (progress: UsageProgress) => {
        for (const one of this.#waiting) {
          one.onProgress?.(progress);
        }
      },
      onWait: (wait: Wait) => {
        for (const one of this.#waiting) {
          one.onWait?.(wait);
        }
      },
    });
    // Those who wait are told; nobody may be left when it fails.
    this.#result.catch(() => {});
  }

  /** Whether everybody has left: the work is being stopped and must not be joined. */
  get abandoned(): boolean {
    return this.#abort.signal.aborted;
  }

  /** The result, or the signal's reason as soon as the signal is aborted. */
  async join(options: BuildOptions): Promise<T> {
    const { signal } = options;
    signal?.throwIfAborted();
    this.#waiting.add(options);
    let leave = () => {};
    try {
      return await Promise.race([
        this.#result,
        new Promise<never>((_resolve, reject) => {
          // At once: work that was declined must not take another step.
          leave = () => {
            reject(signal?.reason);
            this.#leave(options);
          };
          signal?.addEventListener('abort', leave);
        }),
      ]);
    } finally {
      signal?.removeEventListener('abort', leave);
      this.#leave(options);
    }
  }

  #leave(options: BuildOptions): void {
    this.#waiting.delete(options);
    if (this.#waiting.size === 0) {
      // Too late to matter when the result is there.
      this.#abort.abort();
    }
  }
}
