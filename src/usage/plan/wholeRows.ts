const QUOTE = 0x22;
const COMMA = 0x2c;
const CR = 0x0d;
const LF = 0x0a;

/** Where the bytes so far end: at the start of a cell, in one without quotes, in quotes, or behind a quote that may be doubled. */
type Place = 'start' | 'plain' | 'quoted' | 'closed';

/** Bytes that are worth a chunk of their own. */
const ENOUGH = 1024 * 1024;

/** A row longer than this is no row: quotes that never end would collect the whole file in memory. Bytes. */
const LONGEST_ROW = 16 * 1024 * 1024;

/**
 * CSV (RFC 4180; lines end with CR, LF or both) in pieces that end where a row does. Nothing is changed, only cut: joined they are what
 * came.
 *
 * @throws RangeError when a row has no end
 */
export async function* wholeRows(
  bytes: AsyncIterable<Uint8Array>,
  enough = ENOUGH,
): AsyncGenerator<Uint8Array, void, undefined> {
  const ends = new RowEnds();
  let kept: Uint8Array[] = [];
  let size = 0;
  /** How many of the kept bytes are whole rows. */
  let whole = 0;
  for await (const chunk of bytes) {
    const end = ends.lastIn(chunk);
    whole = end === undefined ? whole : size + end;
    kept.push(chunk);
    size += chunk.length;
    if (whole >= enough || (size - whole > LONGEST_ROW && whole > 0)) {
      const all = Buffer.concat(kept);
      yield all.subarray(0, whole);
      kept = [all.subarray(whole)];
      size -= whole;
      whole = 0;
    }
    if (size - whole > LONGEST_ROW) {
      throw new RangeError(`a row is longer than ${LONGEST_ROW} bytes`);
    }
  }
  if (size > 0) {
    yield Buffer.concat(kept);
  }
}

/** Where the first row ends, its line end included; the end of the bytes when it is the only one. */
export function firstRowEnd(bytes: Uint8Array): number {
  const ends = new RowEnds();
  return ends.firstIn(bytes) ?? bytes.length;
}

/** Finds where rows end in bytes that come in parts. */
class RowEnds {
  #place: Place = 'start';
  /** The last byte was a CR that ends a row, unless a LF follows. */
  #afterCr = false;

  /** Behind the last row that ends in the chunk. 0: behind what came before it. */
  lastIn(chunk: Uint8Array): number | undefined {
    let last: number | undefined;
    this.#walk(chunk, (end) => {
      last = end;
      return true;
    });
    return last;
  }

  firstIn(chunk: Uint8Array): number | undefined {
    let first: number | undefined;
    this.#walk(chunk, (end) => {
      first = end;
      return false;
    });
    return first;
  }

  /** @param onEnd whether to go on */
  #walk(chunk: Uint8Array, onEnd: (end: number) => boolean): void {
    let place = this.#place;
    let afterCr = this.#afterCr;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i];
      if (afterCr) {
        afterCr = false;
        const end = byte === LF ? i + 1 : i;
        if (!onEnd(end)) {
          return;
        }
        if (byte === LF) {
          continue;
        }
      }
      if (place === 'quoted') {
        place = byte === QUOTE ? 'closed' : 'quoted';
      } else if (byte === LF) {
        place = 'start';
        if (!onEnd(i + 1)) {
          return;
        }
      } else if (byte === CR) {
        place = 'start';
        afterCr = true;
      } else if (byte === COMMA) {
        place = 'start';
      } else if (byte === QUOTE && place !== 'plain') {
        place = 'quoted';
      } else {
        place = 'plain';
      }
    }
    this.#place = place;
    this.#afterCr = afterCr;
  }
}
