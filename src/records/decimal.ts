/** Decimals behind the point that {@link DecimalSum} adds without big integers: two limbs of twelve digits. */
const LIMB_DIGITS = 12;
const LIMB = 1e12;
const FINE_DECIMALS = LIMB_DIGITS * 2;
/** Sums of limbs are exact below 2^53; this leaves room for one more limb. */
const FULL = 8e15;
/** Digits before the point of a number that is added so. */
const WHOLE_DIGITS = 15;

const TENS = Array.from({ length: LIMB_DIGITS + 1 }, (_, digits) => 10 ** digits);

/**
 * An exact decimal sum. Money is never added as doubles with a fraction: what is usual is kept in three integers that doubles hold
 * exactly, all else in one of any size and the number of decimals it is scaled by.
 */
export class DecimalSum {
  #units = 0n;
  #decimals = 0;
  /** Before the point, the first twelve decimals, the next twelve. Their signs may differ. */
  #whole = 0;
  #fraction = 0;
  #finest = 0;

  /**
   * Adds a number given by its JSON digits (RFC 8259 number grammar, exponent included).
   *
   * @throws RangeError when the text is no number, or its exponent is beyond any money
   */
  add(digits: string): void {
    const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(digits);
    if (match === null) {
      throw new RangeError(`'${digits.slice(0, 60)}' is not a number`);
    }
    const [, sign, whole = '', fraction = '', exponent = '0'] = match;
    const decimals = fraction.length - Number(exponent);
    let units = BigInt(whole + fraction);
    if (decimals < 0) {
      units *= 10n ** BigInt(-decimals);
    }
    this.#addUnits(sign === '-' ? -units : units, Math.max(decimals, 0));
  }

  /**
   * Adds the number whose digits are these bytes, when it is a usual one: no exponent, and not more digits than the limbs hold.
   *
   * @returns false when it was not added; {@link add} knows what it is
   */
  addUsual(bytes: Uint8Array, start: number, end: number): boolean {
    const sign = bytes[start] === 0x2d ? -1 : 1;
    const from = sign === 1 ? start : start + 1;
    let at = from;
    let whole = 0;
    for (; at < end; at++) {
      const digit = (bytes[at] as number) - 0x30;
      if (digit < 0 || digit > 9) {
        break;
      }
      whole = whole * 10 + digit;
    }
    if (at === from || at - from > WHOLE_DIGITS) {
      return false;
    }
    if (at === end) {
      this.addLimbs(sign * whole, 0, 0);
      return true;
    }
    const first = at + 1;
    if (bytes[at] !== 0x2e || first === end || end - first > FINE_DECIMALS) {
      return false;
    }
    const middle = Math.min(first + LIMB_DIGITS, end);
    const fraction = limb(bytes, first, middle);
    const finest = middle === end ? 0 : limb(bytes, middle, end);
    if (fraction < 0 || finest < 0) {
      return false;
    }
    this.addLimbs(sign * whole, sign * fraction, sign * finest);
    return true;
  }

  /**
   * Adds three integers that doubles hold exactly: of the digits before the point, of twelve behind it, of twelve behind these. Their
   * signs may differ.
   */
  addLimbs(whole: number, fraction: number, finest: number): void {
    this.#whole += whole;
    this.#fraction += fraction;
    this.#finest += finest;
    if (
      Math.abs(this.#whole) > FULL ||
      Math.abs(this.#fraction) > FULL ||
      (finest !== 0 && Math.abs(this.#finest) > FULL)
    ) {
      this.#settle();
    }
  }

  /** Moves what the limbs hold to the integer of any size. */
  #settle(): void {
    const units = (BigInt(this.#whole) * BigInt(LIMB) + BigInt(this.#fraction)) * BigInt(LIMB) + BigInt(this.#finest);
    this.#whole = 0;
    this.#fraction = 0;
    this.#finest = 0;
    if (units !== 0n) {
      this.#addUnits(units, FINE_DECIMALS);
    }
  }

  #addUnits(units: bigint, decimals: number): void {
    if (decimals > this.#decimals) {
      this.#units *= 10n ** BigInt(decimals - this.#decimals);
      this.#decimals = decimals;
    }
    this.#units += decimals === this.#decimals ? units : units * 10n ** BigInt(this.#decimals - decimals);
  }

  /** The sum in plain digits without trailing zeros behind the point, e.g. `-12.5`. */
  toString(): string {
    this.#settle();
    const negative = this.#units < 0n;
    const text = (negative ? -this.#units : this.#units).toString().padStart(this.#decimals + 1, '0');
    const whole = text.slice(0, text.length - this.#decimals);
    const fraction = text.slice(text.length - this.#decimals).replace(/0+$/, '');
    return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
  }
}

/** Up to twelve decimals as an integer of twelve; -1 when some byte is no digit. */
function limb(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) {
      return -1;
    }
    value = value * 10 + digit;
  }
  return value * (TENS[LIMB_DIGITS - (end - start)] as number);
}
