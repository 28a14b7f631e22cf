import { DecimalSum } from '../records/decimal.ts';

/** Quantities of one kind over slices of time: exact sums, and memory for slices rather than for what was added. */
export class QuantitySeries {
  readonly #slices = new Map<number, DecimalSum>();
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  /**
   * @param slice number of the hour or day
   * @throws RangeError when the digits are no number
   */
  add(slice: number, digits: string): void {
    let sum = this.#slices.get(slice);
    if (sum === undefined) {
      sum = new DecimalSum();
      this.#slices.set(slice, sum);
      this.#first = Math.min(this.#first, slice);
      this.#last = Math.max(this.#last, slice);
    }
    sum.add(digits);
  }

  /** First and last slice with anything in it; above and below everything while there is none. */
  get span(): readonly [first: number, last: number] {
    return [this.#first, this.#last];
  }

  /** Digits; empty where there is nothing between two slices with something; null outside of them. */
  at(slice: number): string | null {
    return this.#slices.get(slice)?.toString() ?? (slice > this.#first && slice < this.#last ? '' : null);
  }

  /** Exact digits. */
  get total(): string {
    const sum = new DecimalSum();
    for (const quantity of this.#slices.values()) {
      sum.add(quantity.toString());
    }
    return sum.toString();
  }

  /** The sum of several, slice by slice. */
  static sumOf(all: readonly QuantitySeries[]): QuantitySeries {
    const [only, ...others] = all;
    if (only !== undefined && others.length === 0) {
      return only;
    }
    const sum = new QuantitySeries();
    for (const series of all) {
      for (const [slice, quantity] of series.#slices) {
        sum.add(slice, quantity.toString());
      }
    }
    return sum;
  }
}
