import { digitsOf, type JsonNumber } from '../json/exact.ts';

/** An exact decimal: `units` divided by ten to the power of `scale`. */
interface Decimal {
  units: bigint;
  scale: number;
}

/** Numbers with larger exponents are no money. */
const LARGEST_EXPONENT = 400;

/**
 * A number by its JSON digits.
 *
 * @throws RangeError for what is no number, or one beyond any money
 */
function decimalOf(digits: string): Decimal {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(digits.trim()) ?? [];
  if (whole === '' || Math.abs(Number(exponent)) > LARGEST_EXPONENT) {
    throw new RangeError(`'${digits.slice(0, 60)}' is no amount`);
  }
  const units = BigInt(`${sign}${whole}${fraction}`);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

function textOf({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

function aligned(one: Decimal, other: Decimal): [bigint, bigint, number] {
  const scale = Math.max(one.scale, other.scale);
  const to = ({ units, scale: own }: Decimal): bigint => units * 10n ** BigInt(scale - own);
  return [to(one), to(other), scale];
}

/** A number to calculate with as the digits that it was written with. */
export type Digits = JsonNumber | string;

function read(value: Digits): Decimal {
  return decimalOf(typeof value === 'string' ? value : digitsOf(value));
}

/** -1, 0 or 1: whether the first is smaller, the same or larger, to the last digit. */
export function compareDigits(one: Digits, other: Digits): number {
  const [a, b] = aligned(read(one), read(other));
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The exact sum in plain digits. */
export function addDigits(one: Digits, other: Digits): string {
  const [a, b, scale] = aligned(read(one), read(other));
  return textOf({ units: a + b, scale });
}

/** The exact product in plain digits. */
export function multiplyDigits(one: Digits, other: Digits): string {
  const [a, b] = [read(one), read(other)];
  return textOf({ units: a.units * b.units, scale: a.scale + b.scale });
}

/** The quotient, cut (not rounded) behind that many decimals. @throws RangeError for a divisor of 0 */
export function divideDigits(one: Digits, other: Digits, decimals: number): string {
  const [a, b] = aligned(read(one), read(other));
  return textOf({ units: (a * 10n ** BigInt(decimals)) / b, scale: decimals });
}

/** A number with commas between thousands, its digits as they are: `1,250.00`. */
export function groupedDigits(value: Digits): string {
  const digits = typeof value === 'string' ? value : digitsOf(value);
  return /^-?\d+(\.\d+)?$/.test(digits)
    ? digits.replace(/\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ','))
    : digits;
}

/** How many decimals a number is written with, its exponent counted in. */
export function decimalsIn(value: Digits): number {
  return read(value).scale;
}

/** A number as an integer of units of ten to the power of minus `scale`, which is not smaller than `decimalsIn`. */
export function unitsAt(value: Digits, scale: number): bigint {
  const { units, scale: own } = read(value);
  return units * 10n ** BigInt(scale - own);
}
