/** Tells listeners that something changed, at most so often. */
export class Changes {
  readonly #listeners = new Set<() => void>();
  readonly #milliseconds: number;
  #timer: NodeJS.Timeout | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** The returned function ends it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Something changed: it is told now, or when the time has come. */
  note(): void {
    const wait = this.#toldAt + this.#milliseconds - performance.now();
    // Never from within the change: who listens may look at everything.
    this.#timer ??= setTimeout(() => this.#tell(), Math.max(wait, 0)).unref();
  }

  #tell(): void {
    this.#timer = undefined;
    this.#toldAt = performance.now();
    for (const listener of this.#listeners) {
      listener();
    }
  }

  /** Tells nothing more. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }
}
