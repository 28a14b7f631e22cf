/** Longer numbers are no money, and take long to read. */
const LONGEST = 255;

/** Exponents beyond this hold no money; powers of ten would eat memory. */
const LARGEST_EXPONENT = 100;

/**
 * A number given by its JSON digits as an integer of units of 10^-`scale`, for columns of decimals; undefined when that is not
 * exact, or has more than `precision` digits.
 */
export function decimalUnits(digits: string, precision: number, scale: number): bigint | undefined {
  const match = digits.length > LONGEST ? null : /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,9}))?$/.exec(digits);
  if (match === null) {
    return undefined;
  }
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  // Zeros behind the point say nothing about the amount, and may be more than the scale takes.
  const decimals = fraction.replace(/0+$/, '');
  const units = BigInt(whole + decimals);
  if (units === 0n) {
    return 0n;
  }
  const shift = scale - decimals.length + Number(exponent);
  if (Math.abs(shift) > LARGEST_EXPONENT) {
    return undefined;
  }
  const power = 10n ** BigInt(Math.abs(shift));
  if (shift < 0 && units % power !== 0n) {
    return undefined;
  }
  const scaled = shift < 0 ? units / power : units * power;
  if (scaled >= 10n ** BigInt(precision)) {
    return undefined;
  }
  return sign === '-' ? -scaled : scaled;
}
