import { costColumns } from './costFiles.ts';
import type { CsvRow } from './csvReader.ts';
import { CurrencySums } from './currencySums.ts';
import { utcDay } from './sumFinder.ts';

/** Exact cost per currency and day of the rows of a cost file, in whatever columns its header names. */
export class CsvTotals {
  readonly sums = new CurrencySums();
  readonly #amount: number;
  readonly #currency: number;
  readonly #day: number;
  #last = { text: '', day: '' };

  constructor(header: readonly string[]) {
    const { amount, currency, day } = costColumns(header);
    this.#amount = amount;
    this.#currency = currency;
    this.#day = day;
  }

  /** @throws RangeError when the cost is no number */
  add(row: CsvRow): void {
    const text = (column: number) => (column < 0 ? '' : row.text(column).trim());
    this.sums.add(text(this.#amount), text(this.#currency), this.#dayOf(text(this.#day)));
  }

  #dayOf(text: string): string {
    if (text !== this.#last.text) {
      this.#last = { text, day: utcDay(text) };
    }
    return this.#last.day;
  }
}
