/** What has a share of the memory. */
export interface Shareholder {
  /**
   * Megabytes from now on.
   *
   * @throws when it cannot give back so much at this moment
   */
  limitTo(megabytes: number): Promise<void>;
}

/** Who is not at work has this part of the whole, and whoever comes has it at least. */
const LEAST = 1 / 16;

/** One at work has no more than this part, even alone: what it has is not taken from it before it is done, and others may come. */
const MOST = 3 / 4;

interface Share {
  megabytes: number;
  /** Questions under way. */
  works: number;
}

/**
 * One limit for several that are open at the same time: those at work share nearly all of it, the others have little. What is at work only
 * ever gets more: a question that has too little fails. Nothing changes before somebody needs more; one change after the other.
 */
export class MemoryShares {
  readonly #whole: number;
  readonly #least: number;
  readonly #most: number;
  /** By holder, or by a stand-in for one that is being opened. */
  readonly #shares = new Map<Shareholder, Share>();
  #last: Promise<unknown> = Promise.resolve();

  /** @param whole megabytes for all together; who comes while those at work have all of it exceeds it by its least part */
  constructor(whole: number) {
    this.#whole = whole;
    this.#least = Math.ceil(whole * LEAST);
    this.#most = Math.max(this.#least, Math.floor(whole * MOST));
  }

  /** @param open begins with so many megabytes; however long it takes, others go on */
  async join<T extends Shareholder>(open: (megabytes: number) => Promise<T>): Promise<T> {
    const coming: Shareholder = { limitTo: async () => {} };
    const share: Share = { megabytes: this.#least, works: 1 };
    await this.#inTurn(async () => {
      this.#shares.set(coming, share);
      await this.#level();
    });
    // From here on it has what it begins with.
    this.#shares.delete(coming);
    const opening: Shareholder = { limitTo: () => Promise.reject(new Error('it is being opened')) };
    const begun: Share = { megabytes: share.megabytes, works: 0 };
    this.#shares.set(opening, begun);
    try {
      const holder = await open(begun.megabytes);
      this.#shares.set(holder, begun);
      return holder;
    } finally {
      this.leave(opening);
    }
  }

  /** It is closed: the others may have more. */
  leave(holder: Shareholder): void {
    this.#shares.delete(holder);
    void this.#inTurn(() => this.#level());
  }

  /** It is at work, with its part when this resolves. Never fails. */
  begin(holder: Shareholder): Promise<void> {
    return this.#worksMore(holder, 1);
  }

  /** It has done one work: who had too little may have more. Never fails. */
  end(holder: Shareholder): Promise<void> {
    return this.#worksMore(holder, -1);
  }

  #worksMore(holder: Shareholder, more: 1 | -1): Promise<void> {
    return this.#inTurn(() => {
      const share = this.#shares.get(holder);
      if (share !== undefined) {
        share.works += more;
      }
      return this.#level();
    });
  }

  async #level(): Promise<void> {
    const all = [...this.#shares];
    const busy = all.filter(([, { works }]) => works > 0);
    const idle = all.filter(([, { works }]) => works <= 0);
    const each = Math.floor((this.#whole - idle.length * this.#least) / Math.max(1, busy.length));
    const share = Math.min(this.#most, Math.max(each, this.#least));
    if (this.#rest() < 0 || busy.some(([, { megabytes }]) => megabytes < share)) {
      for (const [holder, { megabytes }] of idle) {
        if (megabytes > this.#least) {
          await this.#give(holder, this.#least);
        }
      }
    }
    for (const [holder, { megabytes }] of busy) {
      const more = Math.min(share - megabytes, this.#rest());
      if (more > 0) {
        await this.#give(holder, megabytes + more);
      }
    }
  }

  #rest(): number {
    return [...this.#shares.values()].reduce((rest, { megabytes }) => rest - megabytes, this.#whole);
  }

  async #give(holder: Shareholder, megabytes: number): Promise<void> {
    try {
      await holder.limitTo(megabytes);
      const share = this.#shares.get(holder);
      if (share !== undefined) {
        share.megabytes = megabytes;
      }
    } catch {
      // It keeps what it has: the next change asks it again.
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }
}
