import { sliceText } from '../json/scan.ts';
import { CurrencySums } from './currencySums.ts';
import type { RecordReader } from './recordReader.ts';

/** Exact cost per currency of the records of a {@link RecordReader}. */
export class CostTotals {
  readonly #sums = new CurrencySums();
  readonly #amount: number;
  readonly #currency: number;
  readonly #culture: number;
  readonly #reader: RecordReader;
  readonly #currencyOf: (culture: string) => string;

  /** @param currencyOf the currency of a culture, for schemas that have one */
  constructor(reader: RecordReader, currencyOf: (culture: string) => string = (culture) => culture) {
    const { amount, currency, culture } = reader.schema.cost;
    const at = (name: string | undefined) => reader.schema.columns.findIndex((column) => column.name === name);
    this.#reader = reader;
    this.#currencyOf = currencyOf;
    this.#amount = at(amount);
    this.#currency = at(currency);
    this.#culture = at(culture);
  }

  /** See {@link CurrencySums.withoutCost}. */
  get withoutCost(): number {
    return this.#sums.withoutCost;
  }

  /**
   * Adds the cost of the reader's current record; a record without a cost is counted.
   *
   * @throws RangeError when the cost is no number
   */
  add(page: Uint8Array): void {
    const amount = this.#text(page, this.#amount);
    // Some services send numbers as text, and empty text where they mean null.
    const digits = amount?.startsWith('"') ? (JSON.parse(amount) as string).trim() : amount;
    this.#sums.add(digits === undefined || digits === 'null' ? '' : digits, this.#currencyText(page));
  }

  #currencyText(page: Uint8Array): string {
    const currency = unquoted(this.#text(page, this.#currency));
    if (currency !== '') {
      return currency;
    }
    const culture = unquoted(this.#text(page, this.#culture));
    return culture === '' ? '' : this.#currencyOf(culture);
  }

  #text(page: Uint8Array, column: number): string | undefined {
    const start = this.#reader.starts[column] ?? 0;
    return start === 0 ? undefined : sliceText(page, start, this.#reader.ends[column] ?? 0);
  }

  /** See {@link CurrencySums.result}. */
  result(): Record<string, string> {
    return this.#sums.result();
  }
}

/** The text of a JSON string without blanks around it; empty for everything else. */
function unquoted(value: string | undefined): string {
  return value?.startsWith('"') ? (JSON.parse(value) as string).trim() : '';
}
