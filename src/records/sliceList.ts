/** What is kept when all is forgotten: a single large slice must not hold its memory for ever. Bytes. */
const KEPT = 64 * 1024;

/** More of either are too many to be remembered for long. */
const MANY = 4096;
const MANY_BYTES = 256 * 1024;

/** Pieces of bytes one after the other in one buffer, by their number from 0. */
export class SliceList {
  /** How many there are. */
  size = 0;
  /** All of them; another buffer when it has grown. */
  bytes = Buffer.allocUnsafeSlow(1024);
  /** Number n stands from starts[n] to starts[n + 1]. */
  starts = new Int32Array(64);

  /** Bytes of all slices. */
  get length(): number {
    return this.starts[this.size] as number;
  }

  get isCrowded(): boolean {
    return this.size > MANY || this.length > MANY_BYTES;
  }

  /** Makes room behind the last slice; returns where that is. */
  reserve(size: number): number {
    const at = this.length;
    if (at + size > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(at + size, this.bytes.length * 2));
      this.bytes.copy(grown, 0, 0, at);
      this.bytes = grown;
    }
    return at;
  }

  /** Makes so many bytes behind the last slice the next one; returns its number. */
  add(length: number): number {
    const number = this.size++;
    if (this.size === this.starts.length) {
      const grown = new Int32Array(this.size * 2);
      grown.set(this.starts);
      this.starts = grown;
    }
    this.starts[this.size] = (this.starts[number] as number) + length;
    return number;
  }

  /** The same for some slices of one length; returns the number of the first. */
  addEqual(count: number, length: number): number {
    const first = this.size;
    let end = this.length;
    if (first + count >= this.starts.length) {
      const grown = new Int32Array((first + count) * 2);
      grown.set(this.starts);
      this.starts = grown;
    }
    const { starts } = this;
    for (let number = first + 1; number <= first + count; number++) {
      end += length;
      starts[number] = end;
    }
    this.size += count;
    return first;
  }

  addText(text: string): number {
    // Before anything is written: there may be another buffer then.
    const at = this.reserve(text.length * 3);
    return this.add(this.bytes.write(text, at, 'utf8'));
  }

  clear(): void {
    // What was filled will be filled again: to grow anew each time costs more than the memory.
    const isMostlyEmpty = this.length < this.bytes.length / 4;
    this.size = 0;
    if (isMostlyEmpty && this.bytes.length > KEPT) {
      this.bytes = Buffer.allocUnsafeSlow(KEPT);
    }
  }
}
