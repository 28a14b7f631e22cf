import { SliceList } from './sliceList.ts';

/** Slots of an empty table, a power of two as all sizes of it are. At most half of them are filled. */
const SMALLEST = 128;

/** Bytes that are compared at once. */
const STEP = 4;

/**
 * Numbers the different values of a column, from 0 in the order they came. Most columns of usage have few values and repeat them from row to
 * row, so whatever is made of a value is made once and found by its number. Values are compared as bytes: to make strings of them costs ten
 * times as much.
 */
export class DistinctSlices {
  readonly #slices = new SliceList();
  #view = viewOf(this.#slices.bytes);
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

  /**
   * The number of the value; it is {@link size} before the call when the value is new.
   *
   * @param bytes a view of bytes, which gives several at once
   */
  numberOf(bytes: DataView, start: number, end: number): number {
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

  #find(bytes: DataView, start: number, end: number): number {
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

  #isSame(number: number, bytes: DataView, start: number, end: number): boolean {
    const { starts } = this.#slices;
    const own = this.#view;
    const from = starts[number] as number;
    let left = end - start;
    if ((starts[number + 1] as number) - from !== left) {
      return false;
    }
    // From the end: ids differ there.
    for (; left >= STEP; left -= STEP) {
      if (bytes.getInt32(start + left - STEP, true) !== own.getInt32(from + left - STEP, true)) {
        return false;
      }
    }
    for (; left > 0; left--) {
      if (bytes.getUint8(start + left - 1) !== own.getUint8(from + left - 1)) {
        return false;
      }
    }
    return true;
  }

  #add(hash: number, bytes: DataView, start: number, end: number): number {
    const slices = this.#slices;
    const length = end - start;
    const at = slices.reserve(length);
    if (slices.bytes.buffer !== this.#view.buffer) {
      this.#view = viewOf(slices.bytes);
    }
    slices.bytes.set(new Uint8Array(bytes.buffer, bytes.byteOffset + start, length), at);
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

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** As FNV-1a, four bytes at a time; the upper half is mixed into the lower one, by which tables are looked up. */
function hashOf(bytes: DataView, start: number, end: number): number {
  let hash = (0x811c9dc5 ^ (end - start)) | 0;
  let at = start;
  for (; at <= end - STEP; at += STEP) {
    hash = Math.imul(hash ^ bytes.getInt32(at, true), 0x01000193);
    hash ^= hash >>> 17;
  }
  for (; at < end; at++) {
    hash = Math.imul(hash ^ bytes.getUint8(at), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}
