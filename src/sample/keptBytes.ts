/** The bytes of what was used last, up to a budget: the oldest go first. */
export class KeptBytes {
  readonly #budget: number;
  readonly #kept = new Map<object, Uint8Array>();
  #total = 0;

  constructor(budget: number) {
    this.#budget = budget;
  }

  fits(bytes: number): boolean {
    return bytes <= this.#budget;
  }

  get(key: object): Uint8Array | undefined {
    const bytes = this.#kept.get(key);
    if (bytes) {
      this.#kept.delete(key);
      this.#kept.set(key, bytes);
    }
    return bytes;
  }

  /** Bytes beyond the budget are not kept. */
  keep(key: object, bytes: Uint8Array): void {
    this.drop(key);
    if (!this.fits(bytes.length)) return;
    this.#kept.set(key, bytes);
    this.#total += bytes.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#total <= this.#budget) return;
      this.drop(oldest);
    }
  }

  drop(key: object): void {
    this.#total -= this.#kept.get(key)?.length ?? 0;
    this.#kept.delete(key);
  }
}
