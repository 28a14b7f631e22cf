import { sliceText } from '../json/scan.ts';
import { CurrencySums } from './currencySums.ts';
import type { RecordReader } from './recordReader.ts';

/** Exact cost per currency of the records of a {@link RecordReader}. */
export class CostTotals {
  readonly #sums = new CurrencySums();
  readonly #amount: number;
  readonly #currency: number;
  readonly #reader: RecordReader;

  constructor(reader: RecordReader) {
    const at = (name: string) => reader.schema.columns.findIndex((column) => column.name === name);
    this.#reader = reader;
    this.#amount = at(reader.schema.cost.amount);
    this.#currency = at(reader.schema.cost.currency);
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
    const currency = this.#text(page, this.#currency) ?? 'null';
    this.#sums.add(
      digits === undefined || digits === 'null' ? '' : digits,
      currency.startsWith('"') ? (JSON.parse(currency) as string) : '',
    );
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
