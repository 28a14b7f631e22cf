/** What has a share of the memory. */
export interface Shareholder {
  /**
   * Megabytes from now on.
   *
   * @throws when it cannot give back so much at this moment
   */
  limitTo(megabytes: number): Promise<void>;
}

/** Who is not at work has this part of the whole, and so has who comes while others cannot give anything back. */
const LEAST = 1 / 16;

interface Share {
  megabytes: number;
  /** Questions under way. */
  works: number;
}

/**
 * One limit for several that are open at the same time: those at work have the same part of it, the others little. Nothing changes before
 * somebody needs more. One change after the other.
 */
export class MemoryShares {
  readonly #whole: number;
  readonly #least: number;
  readonly #shares = new Map<Shareholder, Share>();
  #last: Promise<unknown> = Promise.resolve();

  /** @param whole megabytes for all together */
  constructor(whole: number) {
    this.#whole = whole;
    this.#least = Math.ceil(whole * LEAST);
  }

  /** @param open begins with so many megabytes */
  join<T extends Shareholder>(open: (megabytes: number) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      const share = await this.#level(1);
      const megabytes = Math.max(Math.min(share, this.#rest()), this.#least);
      const holder = await open(megabytes);
      this.#shares.set(holder, { megabytes, works: 0 });
      return holder;
    });
  }

  /** It is closed: the others may have more. */
  leave(holder: Shareholder): void {
    this.#shares.delete(holder);
    void this.#inTurn(() => this.#level());
  }

  /** It is at work, with its part when this resolves. Never fails. */
  async begin(holder: Shareholder): Promise<void> {
    await this.#inTurn(() => {
      const share = this.#shares.get(holder);
      if (share !== undefined) {
        share.works++;
      }
      return this.#level();
    });
  }

  /** It has done one work: who had too little may have more. Never fails. */
  async end(holder: Shareholder): Promise<void> {
    await this.#inTurn(() => {
      const share = this.#shares.get(holder);
      if (share !== undefined) {
        share.works--;
      }
      return this.#level();
    });
  }

  /** @param coming that will be at work, too. @returns megabytes for each that is at work */
  async #level(coming = 0): Promise<number> {
    const all = [...this.#shares];
    const busy = all.filter(([, { works }]) => works > 0);
    const idle = all.filter(([, { works }]) => works <= 0);
    const each = Math.floor((this.#whole - idle.length * this.#least) / Math.max(1, busy.length + coming));
    const share = Math.max(each, this.#least);
    if (coming > 0 || this.#rest() < 0 || busy.some(([, { megabytes }]) => megabytes < share)) {
      for (const [holder, { megabytes }] of [...idle, ...busy]) {
        const most = (this.#shares.get(holder)?.works ?? 0) > 0 ? share : this.#least;
        if (megabytes > most) {
          await this.#give(holder, most);
        }
      }
    }
    for (const [holder, { megabytes }] of busy) {
      const more = Math.min(share - megabytes, this.#rest());
      if (more > 0) {
        await this.#give(holder, megabytes + more);
      }
    }
    return share;
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
      // A question needs what it has: it is asked again when one is over.
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }
}
