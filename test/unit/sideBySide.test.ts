import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type SideBySide, sideBySide } from '../../src/usage/partner/sideBySide.ts';

interface Item {
  list: number;
  position: number;
  size: number;
}

/** What lists do, and what was seen of them. */
class Watch {
  /** Of each list: whether it was begun, is being read, and what was given but not taken. */
  readonly begun = new Set<number>();
  readonly open = new Set<number>();
  readonly waiting: number[] = [];
  mostOpen = 0;
  mostWaiting = 0;

  given({ list, size }: Item): void {
    this.waiting[list] = (this.waiting[list] ?? 0) + size;
    this.mostWaiting = Math.max(this.mostWaiting, this.waiting[list]);
  }

  taken({ list, size }: Item): void {
    this.waiting[list] = (this.waiting[list] ?? 0) - size;
  }
}

type List = (signal: AbortSignal) => AsyncGenerator<Item, void, undefined>;

/** How many turns of the event loop an item takes, and how large it is. */
interface Given {
  turns: number;
  size: number;
}

function listOf(
  number: number,
  items: readonly Given[],
  watch: Watch,
  end: () => Promise<void> = async () => {},
): List {
  return async function* (signal) {
    watch.begun.add(number);
    watch.open.add(number);
    watch.mostOpen = Math.max(watch.mostOpen, watch.open.size);
    try {
      for (const [position, { turns, size }] of items.entries()) {
        for (let turn = 0; turn < turns; turn++) {
          await turnOfLoop();
        }
        signal.throwIfAborted();
        const item = { list: number, position, size };
        watch.given(item);
        yield item;
      }
      await end();
    } finally {
      watch.open.delete(number);
    }
  };
}

const turnOfLoop = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Ends only with the signal. */
const forever: List = (signal) => untilAborted(signal);

async function* untilAborted(signal: AbortSignal): AsyncGenerator<Item, void, undefined> {
  yield { list: 0, position: 0, size: 1 };
  signal.throwIfAborted();
  await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

const rules = (more: Partial<SideBySide<Item>> = {}): SideBySide<Item> => ({
  limit: 3,
  ahead: 10,
  sizeOf: ({ size }) => size,
  ...more,
});

async function readAll(lists: readonly List[], settings: SideBySide<Item>, watch = new Watch()): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of sideBySide(lists, settings)) {
    watch.taken(item);
    items.push(item);
  }
  return items;
}

const given = fc.record({ turns: fc.nat(3), size: fc.nat(12) });
const some = fc.array(fc.array(given, { maxLength: 6 }), { maxLength: 8 });
const limits = { limit: fc.integer({ min: 1, max: 5 }), ahead: fc.nat(30) };

const names = (items: readonly Item[]) => items.map(({ list, position }) => `${list}/${position}`);
const inOrder = (lists: readonly (readonly Given[])[]) =>
  lists.flatMap((items, list) => items.map((_, position) => `${list}/${position}`));

describe('lists read side by side', () => {
  it('come one behind the other, whichever answers first, however long each is', async () => {
    await fc.assert(
      fc.asyncProperty(some, limits.limit, limits.ahead, async (lists, limit, ahead) => {
        const watch = new Watch();
        const items = await readAll(
          lists.map((each, n) => listOf(n, each, watch)),
          rules({ limit, ahead }),
          watch,
        );
        assert.deepEqual(names(items), inOrder(lists));
        assert.ok(watch.mostOpen <= limit, 'no more than the limit at a time');
        // The item that was too much, and the one that is just being taken.
        assert.ok(watch.mostWaiting <= ahead + 2 * 12, `${watch.mostWaiting} waited`);
        assert.equal(watch.open.size, 0);
      }),
    );
  });

  it('are read before their turn, as many as the limit says', async () => {
    const watch = new Watch();
    const lists = Array.from({ length: 5 }, (_, n) => listOf(n, [{ turns: 0, size: 1 }], watch));
    const reading = sideBySide([forever, ...lists], rules({ limit: 3 }));
    await reading.next();
    for (let turn = 0; turn < 20; turn++) {
      await turnOfLoop();
    }
    assert.deepEqual([...watch.begun], [0, 1]);
    await reading.return();
  });

  it('wait when nobody takes what they gave', async () => {
    const watch = new Watch();
    const many = Array.from({ length: 100 }, () => ({ turns: 0, size: 4 }));
    const reading = sideBySide([forever, listOf(1, many, watch)], rules({ ahead: 10 }));
    await reading.next();
    for (let turn = 0; turn < 50; turn++) {
      await turnOfLoop();
    }
    assert.equal(watch.waiting[1], 12, 'three of four: one more than there is room for');
    await reading.return();
    assert.equal(watch.open.size, 0);
  });

  it('end with the first failure, whosever it is, and then none is read any more', async () => {
    await fc.assert(
      fc.asyncProperty(
        some.filter((lists) => lists.length > 0),
        fc.nat(),
        limits.limit,
        async (lists, which, limit) => {
          const watch = new Watch();
          const failing = which % lists.length;
          const failure = new Error('one fails');
          const reading = lists.map((each, n) =>
            listOf(n, each, watch, async () => {
              if (n === failing) {
                throw failure;
              }
            }),
          );
          const items: Item[] = [];
          await assert.rejects(async () => {
            for await (const item of sideBySide(reading, rules({ limit }))) {
              items.push(item);
            }
          }, failure);
          assert.deepEqual(names(items), inOrder(lists).slice(0, items.length), 'what came is the beginning');
          assert.ok(items.every(({ list }) => list <= failing));
          assert.equal(watch.open.size, 0, 'all are stopped');
        },
      ),
    );
  });

  it('end before the turn of the one that fails, though the others would go on for ever', async () => {
    const failure = new Error('the third');
    const broken = listOf(2, [], new Watch(), async () => {
      throw failure;
    });
    await assert.rejects(readAll([forever, forever, broken], rules()), failure);
  });

  it('stop when they are cancelled, with the reason', async () => {
    const cancel = new AbortController();
    const reason = new Error('enough');
    const reading = readAll([forever, forever], rules({ signal: cancel.signal }));
    setImmediate(() => cancel.abort(reason));
    await assert.rejects(reading, reason);
  });

  it('are not begun when they were cancelled before', async () => {
    const watch = new Watch();
    const reason = new Error('long ago');
    const lists = [listOf(0, [{ turns: 0, size: 1 }], watch)];
    await assert.rejects(readAll(lists, rules({ signal: AbortSignal.abort(reason) }), watch), reason);
    assert.equal(watch.mostWaiting, 0, 'nothing was given');
  });

  it('stop when nobody wants more', async () => {
    const watch = new Watch();
    const items = [{ turns: 1, size: 1 }];
    for await (const _ of sideBySide([listOf(0, items, watch), forever, listOf(2, items, watch)], rules())) {
      break;
    }
    assert.equal(watch.open.size, 0);
  });

  it('are nothing when there are none', async () => {
    assert.deepEqual(await readAll([], rules()), []);
  });
});
