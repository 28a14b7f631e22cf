import { DecimalSum } from './decimal.ts';

/** Exact sums per currency. Currencies are never added together. */
export class CurrencySums {
  readonly #sums = new Map<string, DecimalSum>();
  /** How many records had no cost: null, empty or absent. They are in no total, so somebody has to say so. */
  withoutCost = 0;

  /**
   * @param digits empty where the record has no cost
   * @throws RangeError when the cost is no number: a total that leaves one out would look complete
   */
  add(digits: string, currency: string): void {
    if (digits === '') {
      this.withoutCost++;
      return;
    }
    let sum = this.#sums.get(currency);
    if (sum === undefined) {
      sum = new DecimalSum();
      this.#sums.set(currency, sum);
    }
    sum.add(digits);
  }

  /** Currency code → exact amount as plain digits, by code. */
  result(): Record<string, string> {
    return Object.fromEntries(
      [...this.#sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sum]) => [currency, sum.toString()]),
    );
  }
}
