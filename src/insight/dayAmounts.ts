import { SCALE, unitsOf } from './units.ts';

/** An amount of a day is three integers that doubles hold exactly: before the point, twelve decimals, the next twelve. */
const LIMBS = 3;
const LIMB = 1e12;
const LIMB_DIGITS = 12;
const FULL = 8e15;
const FINE = 10n ** BigInt(SCALE - LIMB_DIGITS * 2);
const PLAIN = /^(-?)(\d{1,15})(?:\.(\d{1,24}))?$/;

/** Exact sums of money for each day of a period, in little memory. */
export class DayAmounts {
  readonly days: number;
  readonly #limbs: Float64Array;

  constructor(days: number) {
    this.days = days;
    this.#limbs = new Float64Array(days * LIMBS);
  }

  /** @returns false when the text is no number that can be added exactly; nothing was added then */
  add(day: number, digits: string): boolean {
    const plain = PLAIN.exec(digits);
    if (plain !== null) {
      const [, sign, whole = '', fraction = ''] = plain;
      const by = sign === '-' ? -1 : 1;
      this.#addLimbs(
        day,
        by * Number(whole),
        by * Number(fraction.slice(0, LIMB_DIGITS).padEnd(LIMB_DIGITS, '0')),
        fraction.length > LIMB_DIGITS ? by * Number(fraction.slice(LIMB_DIGITS).padEnd(LIMB_DIGITS, '0')) : 0,
      );
      return true;
    }
    const units = unitsOf(digits);
    if (units === undefined || units % FINE !== 0n) {
      return false;
    }
    const fine = units / FINE;
    const limb = BigInt(LIMB);
    const whole = fine / limb / limb;
    if (whole > 1_000_000_000_000_000n || whole < -1_000_000_000_000_000n) {
      return false;
    }
    this.#addLimbs(day, Number(whole), Number((fine / limb) % limb), Number(fine % limb));
    return true;
  }

  /** Adds all days of another over the same period. */
  addAll(others: DayAmounts): void {
    const limbs = others.#limbs;
    for (let day = 0, at = 0; day < others.days; day++, at += LIMBS) {
      this.#addLimbs(day, limbs[at] as number, limbs[at + 1] as number, limbs[at + 2] as number);
    }
  }

  /** The sum of a day in units of 10^-30. */
  units(day: number): bigint {
    const at = day * LIMBS;
    const limb = BigInt(LIMB);
    const [whole = 0, fine = 0, finest = 0] = this.#limbs.subarray(at, at + LIMBS);
    return ((BigInt(whole) * limb + BigInt(fine)) * limb + BigInt(finest)) * FINE;
  }

  /** The sums as doubles, for estimates alone. */
  numbers(): Float64Array {
    const numbers = new Float64Array(this.days);
    for (let day = 0, at = 0; day < this.days; day++, at += LIMBS) {
      numbers[day] = (this.#limbs[at] as number) + (this.#limbs[at + 1] as number) / LIMB;
    }
    return numbers;
  }

  #addLimbs(day: number, whole: number, fine: number, finest: number): void {
    const at = day * LIMBS;
    const limbs = this.#limbs;
    limbs[at] = (limbs[at] as number) + whole;
    limbs[at + 1] = (limbs[at + 1] as number) + fine;
    limbs[at + 2] = (limbs[at + 2] as number) + finest;
    if (Math.abs(limbs[at + 1] as number) > FULL || Math.abs(limbs[at + 2] as number) > FULL) {
      this.#carry(at + 2);
      this.#carry(at + 1);
    }
  }

  /** Moves what a limb holds beyond its digits to the one before it. */
  #carry(at: number): void {
    const value = this.#limbs[at] as number;
    const over = Math.trunc(value / LIMB);
    this.#limbs[at] = value - over * LIMB;
    this.#limbs[at - 1] = (this.#limbs[at - 1] as number) + over;
  }
}
