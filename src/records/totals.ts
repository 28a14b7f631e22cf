import { sliceText } from '../json/scan.ts';
import { CurrencySums } from './currencySums.ts';
import type { DecimalSum } from './decimal.ts';
import type { RecordReader } from './recordReader.ts';
import { SumFinder } from './sumFinder.ts';
import type { CostSlots } from './walk/walker.ts';

const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** Exact cost per currency and day of the records of a {@link RecordReader}. */
export class CostTotals {
  readonly sums = new CurrencySums();
  readonly #finder = new SumFinder(this.sums, unquoted);
  readonly #amount: number;
  readonly #currency: number;
  readonly #culture: number;
  readonly #day: number;
  readonly #reader: RecordReader;
  readonly #currencyOf: (culture: string) => string;
  /** Whether the last record had a cost. */
  #hasCost = false;

  /** @param currencyOf the currency of a culture, for schemas that have one */
  constructor(reader: RecordReader, currencyOf: (culture: string) => string = (culture) => culture) {
    const { amount, currency, culture, day } = reader.schema.cost;
    // Names of columns, or of cells: `transactionAmount.value`.
    const at = (name: string | undefined) => {
      const column = reader.schema.columns.findIndex((one) => one.name === name);
      return column >= 0 ? column : (reader.cells.find((cell) => cell.name === name)?.slot ?? -1);
    };
    this.#reader = reader;
    this.#currencyOf = currencyOf;
    this.#amount = at(amount);
    this.#currency = at(currency);
    this.#culture = at(culture);
    this.#day = at(day);
  }

  /** See {@link CurrencySums.withoutCost}. */
  get withoutCost(): number {
    return this.sums.withoutCost;
  }

  /**
   * Adds the cost of the reader's current record; a record without a cost is counted.
   *
   * @throws RangeError when the cost is no number
   */
  add(bytes: Uint8Array): void {
    this.#hasCost = true;
    const start = this.#startOf(this.#amount);
    const end = this.#endOf(this.#amount);
    // Some services send numbers as text.
    const quote = bytes[start] === QUOTE ? 1 : 0;
    const first = bytes[start + quote] as number;
    const isUsual = start !== 0 && (first === MINUS || (first >= ZERO && first <= NINE));
    if (isUsual && this.#sum(bytes).addUsual(bytes, start + quote, end - quote)) {
      return;
    }
    // Empty text stands where they mean null.
    const digits = start === 0 ? 'null' : quote === 1 ? unquoted(bytes, start, end) : sliceText(bytes, start, end);
    if (digits === '' || digits === 'null') {
      this.sums.withoutCost++;
      this.#hasCost = false;
    } else {
      this.#sum(bytes).add(digits);
    }
  }

  /** Where the cost of a record stands. */
  get slots(): CostSlots {
    return { amount: this.#amount, currency: this.#currency, day: this.#day };
  }

  /** What the last cost was added to, when it was that of the last record, and the bytes of its currency and day tell which it is. */
  get last(): DecimalSum | undefined {
    return this.#hasCost ? this.#finder.last : undefined;
  }

  /** The sum of the current record's currency and day. */
  #sum(bytes: Uint8Array): DecimalSum {
    return this.#finder.find(
      bytes,
      this.#startOf(this.#currency),
      this.#endOf(this.#currency),
      this.#startOf(this.#day),
      this.#endOf(this.#day),
      this.#currencyByCulture,
    );
  }

  readonly #currencyByCulture = (bytes: Uint8Array): string => {
    const culture = unquoted(bytes, this.#startOf(this.#culture), this.#endOf(this.#culture));
    return culture === '' ? '' : this.#currencyOf(culture);
  };

  #startOf(slot: number): number {
    return this.#reader.starts[slot] ?? 0;
  }

  #endOf(slot: number): number {
    return this.#startOf(slot) === 0 ? 0 : (this.#reader.ends[slot] ?? 0);
  }

  /** See {@link CurrencySums.result}. */
  result(): Record<string, string> {
    return this.sums.result();
  }
}

/** The text of a JSON string without blanks around it; empty for everything else. */
function unquoted(bytes: Uint8Array, start: number, end: number): string {
  return start !== end && bytes[start] === QUOTE ? (JSON.parse(sliceText(bytes, start, end)) as string).trim() : '';
}
