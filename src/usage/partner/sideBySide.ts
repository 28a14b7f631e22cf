/** How far lists are read before their turn. */
export interface SideBySide<T> {
  /** Lists that are read at the same time. */
  limit: number;
  /** What may wait in memory of each of them, in the measure of `sizeOf`; one item more than this can. */
  ahead: number;
  sizeOf: (item: T) => number;
  signal?: AbortSignal | undefined;
}

/**
 * The items of several lists, one list behind the other, while the next ones are read already. The order is that of the lists, whichever
 * answers first. When one fails, or nobody wants more, the others are stopped at once.
 *
 * @param lists each reads one list and stops with the signal
 * @throws what the first list to fail throws, also before its turn; or the signal's reason
 */
export async function* sideBySide<T>(
  lists: readonly ((signal: AbortSignal) => AsyncIterable<T>)[],
  { limit, ahead, sizeOf, signal }: SideBySide<T>,
): AsyncGenerator<T, void, undefined> {
  const stop = new AbortController();
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const queues = lists.map(() => new Queue<T>(ahead, sizeOf, both));
  const reading: Promise<void>[] = [];
  const fill = async (list: (signal: AbortSignal) => AsyncIterable<T>, queue: Queue<T>): Promise<void> => {
    try {
      for await (const item of list(both)) {
        await queue.put(item);
      }
      queue.end();
    } catch (error) {
      stop.abort(error);
    }
  };
  try {
    for (const [turn, queue] of queues.entries()) {
      for (const list of lists.slice(reading.length, turn + limit)) {
        reading.push(fill(list, queues[reading.length] as Queue<T>));
      }
      for (let next = await queue.take(); next !== undefined; next = await queue.take()) {
        yield next.item;
      }
    }
  } finally {
    stop.abort();
    await Promise.all(reading);
  }
}

/** Items on their way from one reader to one taker. */
class Queue<T> {
  readonly #items: T[] = [];
  readonly #ahead: number;
  readonly #sizeOf: (item: T) => number;
  readonly #signal: AbortSignal;
  #size = 0;
  #ended = false;
  #changed = Promise.withResolvers<void>();

  constructor(ahead: number, sizeOf: (item: T) => number, signal: AbortSignal) {
    this.#ahead = ahead;
    this.#sizeOf = sizeOf;
    this.#signal = signal;
  }

  /** Resolves when there is room for another item. */
  async put(item: T): Promise<void> {
    this.#items.push(item);
    this.#size += this.#sizeOf(item);
    this.#change();
    while (this.#size > this.#ahead) {
      await this.#nextChange();
    }
  }

  end(): void {
    this.#ended = true;
    this.#change();
  }

  /** Undefined behind the last item. */
  async take(): Promise<{ item: T } | undefined> {
    for (;;) {
      this.#signal.throwIfAborted();
      if (this.#items.length > 0) {
        const item = this.#items.shift() as T;
        this.#size -= this.#sizeOf(item);
        this.#change();
        return { item };
      }
      if (this.#ended) {
        return undefined;
      }
      await this.#nextChange();
    }
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  /** The next change, or the signal's reason. */
  async #nextChange(): Promise<void> {
    this.#signal.throwIfAborted();
    const { promise, reject } = this.#changed;
    const leave = () => reject(this.#signal.reason);
    this.#signal.addEventListener('abort', leave);
    try {
      await promise;
    } finally {
      this.#signal.removeEventListener('abort', leave);
    }
  }
}
