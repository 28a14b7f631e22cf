/**
 * The function with its last answer kept: neighbouring rows have most values in common, so what is made of a value was made just before.
 */
export function keepLast<T>(make: (text: string) => T): (text: string) => T {
  let last: { text: string; made: T } | undefined;
  return (text) => {
    if (last?.text !== text) {
      last = { text, made: make(text) };
    }
    return last.made;
  };
}

/** Decodes the value of one column, which is mostly the one of the row before: to compare bytes costs a tenth of making a string. */
export class LastText {
  #bytes: Uint8Array = new Uint8Array(64);
  #length = -1;
  #text: string | undefined;

  /** @param decode what is asked where the bytes differ from the last ones */
  of(
    bytes: Uint8Array,
    start: number,
    end: number,
    decode: (bytes: Uint8Array, start: number, end: number) => string | undefined,
  ): string | undefined {
    const length = end - start;
    if (length !== this.#length || !this.#isLast(bytes, start, length)) {
      this.#text = decode(bytes, start, end);
      if (length > this.#bytes.length) {
        this.#bytes = new Uint8Array(length * 2);
      }
      for (let i = 0; i < length; i++) {
        this.#bytes[i] = bytes[start + i] as number;
      }
      this.#length = length;
    }
    return this.#text;
  }

  #isLast(bytes: Uint8Array, start: number, length: number): boolean {
    const last = this.#bytes;
    for (let i = 0; i < length; i++) {
      if (bytes[start + i] !== last[i]) {
        return false;
      }
    }
    return true;
  }
}
