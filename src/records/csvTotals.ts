import { costColumns } from './costFiles.ts';
import type { CsvRow } from './csvReader.ts';
import { CurrencySums } from './currencySums.ts';

/** Exact cost per currency of the rows of a cost file, in whatever columns its header names. */
export class CsvTotals {
  readonly sums = new CurrencySums();
  readonly #amount: number;
  readonly #currency: number;

  constructor(header: readonly string[]) {
    const { amount, currency } = costColumns(header);
    this.#amount = amount;
    this.#currency = currency;
  }

  /** @throws RangeError when the cost is no number */
  add(row: CsvRow): void {
    const digits = this.#amount < 0 ? '' : row.text(this.#amount).trim();
    this.sums.add(digits, this.#currency < 0 ? '' : row.text(this.#currency).trim());
  }
}
