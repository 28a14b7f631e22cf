import { decimalUnits } from '../records/decimalUnits.ts';

/** Decimals of the integers that amounts, quantities and prices are held in. Costs were seen with up to 20. */
export const SCALE = 30;
const LONGEST = 60;
const POWERS = Array.from({ length: SCALE + 1 }, (_, decimals) => 10n ** BigInt(SCALE - decimals));

/** As services and files write nearly all numbers. */
const PLAIN = /^-?\d{1,30}(?:\.\d{1,30})?$/;

/** A decimal text as an integer of units of 10^-30; undefined when it is no number, or does not fit, which no money does. */
export function unitsOf(digits: string): bigint | undefined {
  if (!PLAIN.test(digits)) {
    return decimalUnits(digits, LONGEST, SCALE);
  }
  const point = digits.indexOf('.');
  const decimals = point < 0 ? 0 : digits.length - point - 1;
  const whole = point < 0 ? digits : digits.slice(0, point) + digits.slice(point + 1);
  return BigInt(whole) * (POWERS[decimals] ?? 1n);
}

/** Units of 10^-30 in plain digits, without trailing zeros behind the point, e.g. `-12.5`. */
export function unitsText(units: bigint): string {
  const text = magnitude(units)
    .toString()
    .padStart(SCALE + 1, '0');
  const whole = text.slice(0, text.length - SCALE);
  const fraction = text.slice(text.length - SCALE).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** How many decimals the number has, trailing zeros aside. */
export function decimalsOf(units: bigint): number {
  if (units === 0n) {
    return 0;
  }
  let zeros = 0;
  let left = units;
  for (const step of [16, 8, 4, 2, 1]) {
    const power = 10n ** BigInt(step);
    if (left % power === 0n) {
      left /= power;
      zeros += step;
    }
  }
  return Math.max(0, SCALE - zeros);
}

/** `numerator / denominator`, both whole, as a multiple of `step`, halves away from zero: its negative rounds to the negative. */
export function roundedQuotient(numerator: bigint, denominator: bigint, step: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const divisor = magnitude(denominator) * step;
  const rounded = ((magnitude(numerator) * 2n + divisor) / (divisor * 2n)) * step;
  return negative ? -rounded : rounded;
}

export function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
