/** What has a share of the memory. */
export interface Shareholder {
  /**
   * Megabytes from now on.
   *
   * @throws when it cannot give back so much at this moment
   */
  limitTo(megabytes: number): Promise<void>;
}

/** Whoever comes while others cannot give anything back has this part of the whole, until they can. */
const LEAST = 1 / 16;

/** One limit for several that are open at the same time: each has the same part of it. One change after the other. */
export class MemoryShares {
  readonly #whole: number;
  readonly #given = new Map<Shareholder, number>();
  #last: Promise<unknown> = Promise.resolve();

  /** @param whole megabytes for all together */
  constructor(whole: number) {
    this.#whole = whole;
  }

  /** @param open begins with so many megabytes, which the others have given back */
  join<T extends Shareholder>(open: (megabytes: number) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      const share = this.#shareOf(this.#given.size + 1);
      await this.#level(share);
      const rest = this.#whole - [...this.#given.values()].reduce((sum, given) => sum + given, 0);
      const megabytes = Math.max(Math.min(share, rest), Math.ceil(this.#whole * LEAST));
      const holder = await open(megabytes);
      this.#given.set(holder, megabytes);
      return holder;
    });
  }

  /** It is closed: the others have more. */
  leave(holder: Shareholder): void {
    this.#given.delete(holder);
    void this.level();
  }

  /** Gives all the same, as far as those who have more can give it back now. Never fails. */
  level(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#level(this.#shareOf(this.#given.size));
    });
  }

  async #level(share: number): Promise<void> {
    const over = [...this.#given].filter(([, given]) => given > share);
    for (const [holder] of over) {
      await this.#give(holder, share);
    }
    let rest = this.#whole - [...this.#given.values()].reduce((sum, given) => sum + given, 0);
    for (const [holder, given] of [...this.#given].filter(([, each]) => each < share)) {
      const more = Math.min(share - given, rest);
      if (more > 0) {
        await this.#give(holder, given + more);
        rest -= more;
      }
    }
  }

  async #give(holder: Shareholder, megabytes: number): Promise<void> {
    try {
      await holder.limitTo(megabytes);
      if (this.#given.has(holder)) {
        this.#given.set(holder, megabytes);
      }
    } catch {
      // A question needs what it has: it is asked again when one is over.
    }
  }

  #shareOf(holders: number): number {
    return Math.max(1, Math.floor(this.#whole / Math.max(1, holders)));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }
}
