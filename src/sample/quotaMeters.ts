/** Times are milliseconds of any clock that does not go back. */

interface Spent {
  readonly at: number;
  readonly cost: number;
}

const MOST_KEYS = 5_000;

/** So many units in each stretch of time, counted apart for each key; a unit comes back when its time has passed. */
export class SlidingWindows {
  readonly #most: number;
  readonly #length: number;
  readonly #spent = new Map<string, Spent[]>();

  constructor(most: number, seconds: number) {
    this.#most = most;
    this.#length = seconds * 1000;
  }

  left(key: string, now: number): number {
    return this.#most - this.#live(key, now).reduce((sum, { cost }) => sum + cost, 0);
  }

  /** Milliseconds until `cost` units are free; 0 when they are. What is dearer than the whole limit waits for all of it. */
  wait(key: string, cost: number, now: number): number {
    let missing = Math.min(cost, this.#most) - this.left(key, now);
    for (const { at, cost: freed } of this.#live(key, now)) {
      if (missing <= 0) return 0;
      missing -= freed;
      if (missing <= 0) return at + this.#length - now;
    }
    return 0;
  }

  spend(key: string, cost: number, now: number): void {
    if (this.#spent.size > MOST_KEYS) for (const other of [...this.#spent.keys()]) this.#live(other, now);
    this.#spent.set(key, [...this.#live(key, now), { at: now, cost: Math.min(cost, this.#most) }]);
  }

  /** Oldest first. */
  #live(key: string, now: number): readonly Spent[] {
    const all = this.#spent.get(key) ?? [];
    const live = all.filter(({ at }) => at + this.#length > now);
    if (live.length === 0) this.#spent.delete(key);
    else if (live.length < all.length) this.#spent.set(key, live);
    return live;
  }
}

/** A bucket of tokens for each key that fills up again at a steady pace. */
export class TokenBuckets {
  readonly #size: number;
  readonly #perSecond: number;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(size: number, perSecond: number) {
    this.#size = size;
    this.#perSecond = perSecond;
  }

  left(key: string, now: number): number {
    const bucket = this.#buckets.get(key);
    if (!bucket) return this.#size;
    return Math.min(this.#size, bucket.tokens + ((now - bucket.at) / 1000) * this.#perSecond);
  }

  /** Milliseconds until a token is there; 0 when one is. */
  wait(key: string, now: number): number {
    return Math.max(0, ((1 - this.left(key, now)) / this.#perSecond) * 1000);
  }

  spend(key: string, now: number): void {
    this.#buckets.set(key, { tokens: this.left(key, now) - 1, at: now });
  }
}
