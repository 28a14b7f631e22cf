import { sliceText } from '../json/scan.ts';
import { DecimalSum } from './decimal.ts';
import type { RecordReader } from './recordReader.ts';

/** Exact cost per currency. Currencies are never added together. */
export class CostTotals {
  readonly #sums = new Map<string, DecimalSum>();
  /** How many records had no cost: null, empty or absent. They are in no total, so somebody has to say so. */
  withoutCost = 0;
  readonly #amount: number;
  readonly #currency: number;
  readonly #reader: RecordReader;

  constructor(reader: RecordReader) {
    const at = (name: string) => reader.schema.columns.findIndex((column) => column.name === name);
    this.#reader = reader;
    this.#amount = at(reader.schema.cost.amount);
    this.#currency = at(reader.schema.cost.currency);
  }

  /**
   * Adds the cost of the reader's current record; a record without a cost is counted.
   *
   * @throws RangeError when the cost is no number: a total that leaves one out would look complete
   */
  add(page: Uint8Array): void {
    const amount = this.#text(page, this.#amount);
    // Some services send numbers as text, and empty text where they mean null.
    const digits = amount?.startsWith('"') ? (JSON.parse(amount) as string).trim() : amount;
    if (digits === undefined || digits === 'null' || digits === '') {
      this.withoutCost++;
      return;
    }
    const currency = this.#text(page, this.#currency) ?? 'null';
    const name = currency.startsWith('"') ? (JSON.parse(currency) as string) : '';
    let sum = this.#sums.get(name);
    if (sum === undefined) {
      sum = new DecimalSum();
      this.#sums.set(name, sum);
    }
    sum.add(digits);
  }

  #text(page: Uint8Array, column: number): string | undefined {
    const start = this.#reader.starts[column] ?? 0;
    return start === 0 ? undefined : sliceText(page, start, this.#reader.ends[column] ?? 0);
  }

  /** Currency code → exact amount as plain digits, by code. */
  result(): Record<string, string> {
    return Object.fromEntries(
      [...this.#sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sum]) => [currency, sum.toString()]),
    );
  }
}
