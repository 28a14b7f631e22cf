/**
 * An exact decimal sum: an integer and the number of decimals it is scaled by. Money is never added as doubles.
 */
export class DecimalSum {
  #units = 0n;
  #decimals = 0;

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

  #addUnits(units: bigint, decimals: number): void {
    if (decimals > this.#decimals) {
      this.#units *= 10n ** BigInt(decimals - this.#decimals);
      this.#decimals = decimals;
    }
    this.#units += decimals === this.#decimals ? units : units * 10n ** BigInt(this.#decimals - decimals);
  }

  /** The sum in plain digits without trailing zeros behind the point, e.g. `-12.5`. */
  toString(): string {
    const negative = this.#units < 0n;
    const text = (negative ? -this.#units : this.#units).toString().padStart(this.#decimals + 1, '0');
    const whole = text.slice(0, text.length - this.#decimals);
    const fraction = text.slice(text.length - this.#decimals).replace(/0+$/, '');
    return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
  }
}
