import { utcDay } from '../records/sumFinder.ts';
import type { Period } from './period.ts';

/** Which rows are of certain days, by what they tell as their day. */
export class RowDays {
  readonly #period: Period;
  /** Most rows are of the day of the row before. */
  #last: { text: string; has: boolean } | undefined;

  constructor(period: Period) {
    this.#period = period;
  }

  /**
   * @param text a date as services write it
   * @throws RangeError when it is none: a row that is of no day could belong to these as well
   */
  has(text: string): boolean {
    if (this.#last?.text !== text) {
      const day = utcDay(text);
      if (day === '') {
        throw new RangeError('a row does not tell its day');
      }
      this.#last = { text, has: day >= this.#period.from && day <= this.#period.to };
    }
    return this.#last.has;
  }
}
