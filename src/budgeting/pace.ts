import type { ArmClient } from '../api/arm/armClient.ts';
import type { SendOptions } from '../api/http/client.ts';

/** How politely many calls are made. */
export interface Pace extends Pick<SendOptions, 'signal' | 'onWait'> {
  /** How many are under way at once; 2 when left out. */
  atOnce?: number | undefined;
  /** Milliseconds between the beginning of two; 200 when left out. Waits that the service asks for come on top. */
  between?: number | undefined;
}

const NEVER = new AbortController().signal;

/**
 * Runs something for each item, in their order, a few at once and not all at the same moment. Ends quietly when the signal is aborted: what
 * was begun is waited for, the rest is not begun.
 *
 * @throws what the first one that fails threw, when all that were begun have ended
 */
export async function eachInTurn<T>(
  arm: ArmClient,
  items: readonly T[],
  { signal = NEVER, atOnce = 2, between = 200 }: Pace,
  run: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const { clock } = arm.http;
  let next = 0;
  let turn = Promise.resolve();
  let failed = false;
  /** The gate that lets one begin at a time. */
  const mayBegin = async (first: boolean): Promise<void> => {
    const mine = turn.then(() => (first ? undefined : clock.sleep(between, signal)));
    turn = mine.catch(() => undefined);
    await mine.catch(() => undefined);
  };
  const worker = async (): Promise<void> => {
    for (;;) {
      const index = next++;
      if (index >= items.length || failed) {
        return;
      }
      await mayBegin(index === 0);
      if (signal.aborted) {
        return;
      }
      try {
        await run(items[index] as T, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.max(1, atOnce) }, worker));
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken !== undefined) {
    throw broken.reason;
  }
}
