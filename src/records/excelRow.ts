import type { ByteBuffer } from './output.ts';

/** For fewer bytes a call costs more than the copy. */
const SHORT = 48;

/** Room for the number of a row. */
const MOST_DIGITS = 10;

const ZERO = 0x30;

const START = Buffer.from('<row r="');
const INNER = Buffer.from('">');
const END = Buffer.from('</row>');

/** Rows of a sheet one after the other, put together from bytes: `<row r="7"><c r="A7" t="s"><v>3</v></c>…</row>`. */
export class ExcelRow {
  #number: number;
  /** The digits of the number, which stand at the end. */
  readonly #digits = new Uint8Array(MOST_DIGITS);
  #firstDigit = MOST_DIGITS;
  /** The cells of the row at hand. */
  #bytes = new Uint8Array(4096);
  #length = 0;

  /** @param number of the first row */
  constructor(number: number) {
    this.#number = number;
    this.#writeDigits();
  }

  /** Adds a cell: its beginning up to the letters of its address, and the slice behind the address. */
  cell(head: Uint8Array, bytes: Uint8Array, start: number, end: number): void {
    const size = head.length + MOST_DIGITS + end - start;
    if (this.#length + size > this.#bytes.length) {
      this.#grow(size);
    }
    const row = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < head.length; i++) {
      row[at++] = head[i] as number;
    }
    for (let i = this.#firstDigit; i < MOST_DIGITS; i++) {
      row[at++] = this.#digits[i] as number;
    }
    if (end - start < SHORT) {
      for (let i = start; i < end; i++) {
        row[at++] = bytes[i] as number;
      }
    } else {
      row.set(bytes.subarray(start, end), at);
      at += end - start;
    }
    this.#length = at;
  }

  /** Writes the row and begins the next one. */
  end(out: ByteBuffer): void {
    out.slice(START, 0, START.length);
    out.slice(this.#digits, this.#firstDigit, MOST_DIGITS);
    out.slice(INNER, 0, INNER.length);
    out.slice(this.#bytes, 0, this.#length);
    out.slice(END, 0, END.length);
    this.#length = 0;
    this.#number++;
    this.#writeDigits();
  }

  #writeDigits(): void {
    let at = MOST_DIGITS;
    for (let left = this.#number; left > 0; left = Math.floor(left / 10)) {
      this.#digits[--at] = ZERO + (left % 10);
    }
    this.#firstDigit = at;
  }

  #grow(size: number): void {
    const grown = new Uint8Array((this.#length + size) * 2);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
