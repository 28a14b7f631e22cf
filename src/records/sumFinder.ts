import type { CurrencySums } from './currencySums.ts';
import type { DecimalSum } from './decimal.ts';
import { parseInstant } from './instant.ts';

/** Longer texts are neither currencies nor days. Bytes. */
const LONGEST = 64;

/** How many sums are known by the bytes of their rows: times of day, for which there are many ways to write a day, stay few. */
const KNOWN = 4096;

/** Reads a slice as text; empty for none. */
export type SliceReader = (bytes: Uint8Array, start: number, end: number) => string;

/** Finds the sum that a row belongs to by the bytes of its currency and its day: most rows have those of the row before. */
export class SumFinder {
  readonly #sums: CurrencySums;
  readonly #read: SliceReader;
  readonly #currency = new LastSlice();
  readonly #day = new LastSlice();
  readonly #known = new Map<string, DecimalSum>();
  #last: DecimalSum | undefined;

  /** @param read gives the text of a currency or a day */
  constructor(sums: CurrencySums, read: SliceReader) {
    this.#sums = sums;
    this.#read = read;
  }

  /** The sum that was found last, when the bytes of its currency and day tell which it is. */
  get last(): DecimalSum | undefined {
    return this.#last;
  }

  /**
   * Slices are empty for none.
   *
   * @param substitute gives the currency where its slice has none
   */
  find(
    bytes: Uint8Array,
    currencyStart: number,
    currencyEnd: number,
    dayStart: number,
    dayEnd: number,
    substitute: (bytes: Uint8Array) => string,
  ): DecimalSum {
    const sameCurrency = this.#currency.take(bytes, currencyStart, currencyEnd);
    const sameDay = this.#day.take(bytes, dayStart, dayEnd);
    if (this.#last !== undefined && sameCurrency && sameDay) {
      return this.#last;
    }
    const currency = this.#read(bytes, currencyStart, currencyEnd) || undefined;
    const day = this.#read(bytes, dayStart, dayEnd);
    const sum = this.#sumOf(currency ?? substitute(bytes), day);
    this.#last = currency === undefined ? undefined : sum;
    return sum;
  }

  #sumOf(currency: string, day: string): DecimalSum {
    const key = `${currency.length} ${currency}${day}`;
    let sum = this.#known.get(key);
    if (sum === undefined) {
      if (this.#known.size === KNOWN) {
        this.#known.clear();
      }
      sum = this.#sums.sumOf(currency, utcDay(day));
      this.#known.set(key, sum);
    }
    return sum;
  }
}

/** The day of a date as services write it, `YYYY-MM-DD` (UTC); empty for what is no date. */
export function utcDay(text: string): string {
  // Finer than microseconds is nothing that a day depends on.
  const instant = parseInstant(text.replace(/(\.\d{6})\d+/, '$1'));
  return instant === undefined ? '' : new Date(instant.ms).toISOString().slice(0, 10);
}

/** A copy of the bytes that were looked at last. */
class LastSlice {
  readonly #bytes = new Uint8Array(LONGEST);
  #length = -1;

  /** Takes a slice; returns whether it is the same as the last. */
  take(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    if (this.#isSame(bytes, start, length)) {
      return true;
    }
    this.#length = length > LONGEST ? -1 : length;
    for (let i = 0; i < this.#length; i++) {
      this.#bytes[i] = bytes[start + i] as number;
    }
    return false;
  }

  #isSame(bytes: Uint8Array, start: number, length: number): boolean {
    if (length !== this.#length) {
      return false;
    }
    for (let i = 0; i < length; i++) {
      if (this.#bytes[i] !== bytes[start + i]) {
        return false;
      }
    }
    return true;
  }
}
