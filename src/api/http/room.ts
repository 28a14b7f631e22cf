/** Bytes. */
const SMALLEST = 4096;

/**
 * Memory for answers, see `SendOptions.room`, shared by lists that are read side by side: an answer that is on its way or looked at has
 * some, a list that waits for the service has none.
 */
export class Rooms {
  readonly #free: Uint8Array[] = [];

  /** Memory for the answers of one list, each of which is looked at before the next one is asked for. */
  open(): Room {
    let held: Uint8Array | undefined;
    return {
      take: (bytes) => {
        // A call that is sent again takes what it took before.
        held ??= this.#free.pop();
        if (held === undefined || held.length < bytes) {
          held = Buffer.allocUnsafeSlow(fewSizes(bytes));
        }
        return held;
      },
      free: () => {
        if (held !== undefined) {
          this.#free.push(held);
          held = undefined;
        }
      },
    };
  }
}

/** The next power of two: pages differ by little, and what is not written to takes no memory. */
function fewSizes(bytes: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(bytes, SMALLEST)));
}

/** The memory of one list. */
export interface Room {
  /** For the answer that comes, of at least so many bytes. */
  take: (bytes: number) => Uint8Array;
  /** Nobody looks at the last answer any more. Not for one that failed: bytes of it may still come. */
  free: () => void;
}
