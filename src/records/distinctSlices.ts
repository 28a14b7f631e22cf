import { SliceList } from './sliceList.ts';

/** Slots of an empty table, a power of two as all sizes of it are. At most half of them are filled. */
const SMALLEST = 128;

/**
 * Numbers the different values of a column, from 0 in the order they came. Most columns of usage have few values and repeat them from row to
 * row, so whatever is made of a value is made once and found by its number. Values are compared as bytes: to make strings of them costs ten
 * times as much.
 */
export class DistinctSlices {
  readonly #slices = new SliceList();
  #hashes = new Int32Array(SMALLEST / 2);
  /** By hash: the number of a value plus one, 0 for none. */
  #table = new Int32Array(SMALLEST);
  #last = -1;

  /** How many values there are. */
  get size(): number {
    return this.#slices.size;
  }

  get isCrowded(): boolean {
    return this.#slices.isCrowded;
  }

  /** The number of the value; it is {@link size} before the call when the value is new. */
  numberOf(bytes: Uint8Array, start: number, end: number): number {
    if (this.#last < 0 || !this.#isSame(this.#last, bytes, start, end)) {
      this.#last = this.#find(bytes, start, end);
    }
    return this.#last;
  }

  /** Forgets all values; numbers begin anew. */
  clear(): void {
    this.#slices.clear();
    this.#last = -1;
    this.#table.fill(0);
  }

  #find(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(bytes, start, end);
    const mask = this.#table.length - 1;
    let slot = hash & mask;
    for (let known = this.#table[slot] as number; known !== 0; known = this.#table[slot] as number) {
      if (this.#hashes[known - 1] === hash && this.#isSame(known - 1, bytes, start, end)) {
        return known - 1;
      }
      slot = (slot + 1) & mask;
    }
    return this.#add(hash, bytes, start, end);
  }

  #isSame(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const { bytes: own, starts } = this.#slices;
    const from = starts[number] as number;
    const length = end - start;
    if ((starts[number + 1] as number) - from !== length) {
      return false;
    }
    // From the end: ids differ there.
    for (let i = length - 1; i >= 0; i--) {
      if (bytes[start + i] !== own[from + i]) {
        return false;
      }
    }
    return true;
  }

  #add(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const slices = this.#slices;
    const length = end - start;
    const at = slices.reserve(length);
    slices.bytes.set(bytes.subarray(start, end), at);
    const number = slices.add(length);
    if (number === this.#hashes.length) {
      this.#grow();
    }
    this.#hashes[number] = hash;
    this.#enter(number);
    return number;
  }

  #grow(): void {
    const hashes = this.#hashes;
    this.#hashes = new Int32Array(hashes.length * 2);
    this.#hashes.set(hashes);
    this.#table = new Int32Array(hashes.length * 4);
    for (let number = 0; number < hashes.length; number++) {
      this.#enter(number);
    }
  }

  #enter(number: number): void {
    const mask = this.#table.length - 1;
    let slot = (this.#hashes[number] as number) & mask;
    while (this.#table[slot] !== 0) {
      slot = (slot + 1) & mask;
    }
    this.#table[slot] = number + 1;
  }
}

/** FNV-1a, with its upper half mixed into the lower one, by which tables are looked up. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = start; at < end; at++) {
    hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}
