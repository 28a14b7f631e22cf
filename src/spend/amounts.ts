import { decimalUnits } from '../records/decimalUnits.ts';

/** Decimals of the integers that amounts are added up in. Costs were seen with up to 20. */
const SCALE = 30;
const LONGEST_AMOUNT = 60;
const ONE = 10n ** BigInt(SCALE);

/** By how much digits with so many decimals are to be multiplied. */
const POWERS = Array.from({ length: SCALE + 1 }, (_, decimals) => 10n ** BigInt(SCALE - decimals));

/** As the service writes nearly all costs. */
const PLAIN = /^-?\d{1,30}(?:\.\d{1,30})?$/;

/**
 * An amount as an integer of units of 10^-30: sums and differences of these are exact. Undefined for digits that do not fit, which no
 * money does.
 */
export function parseAmount(digits: string): bigint | undefined {
  if (!PLAIN.test(digits)) {
    return decimalUnits(digits, LONGEST_AMOUNT, SCALE);
  }
  const point = digits.indexOf('.');
  const decimals = point < 0 ? 0 : digits.length - point - 1;
  const whole = point < 0 ? digits : digits.slice(0, point) + digits.slice(point + 1);
  return BigInt(whole) * (POWERS[decimals] ?? 1n);
}

/** A whole number as such an integer. */
function wholeAmount(whole: number): bigint {
  return BigInt(Math.round(whole)) * ONE;
}

const ZERO = 0x30;

/** Plain digits without trailing zeros behind the point. */
export function amountText(units: bigint): string {
  if (units === 0n) {
    return '0';
  }
  const negative = units < 0n;
  const text = (negative ? -units : units).toString().padStart(SCALE + 1, '0');
  let end = text.length;
  while (end > text.length - SCALE && text.charCodeAt(end - 1) === ZERO) {
    end--;
  }
  const point = text.length - SCALE;
  return `${negative ? '-' : ''}${text.slice(0, point)}${end === point ? '' : `.${text.slice(point, end)}`}`;
}

/** For positions and estimates: a double is near enough there. */
export function amountNumber(units: bigint): number {
  return Number(amountText(units));
}

/** A double as an amount with so many decimals. */
export function amountOf(value: number, decimals: number): bigint {
  return wholeAmount(value * 10 ** decimals) / 10n ** BigInt(decimals);
}

/** Rounded half away from zero to so many decimals. */
export function roundAmount(units: bigint, decimals: number): bigint {
  const step = 10n ** BigInt(SCALE - decimals);
  const half = units < 0n ? -step / 2n : step / 2n;
  return ((units + half) / step) * step;
}

/** `part` of `whole` with its sign in percent, one decimal; undefined where the whole is nothing. */
export function percentText(part: bigint, whole: bigint): string | undefined {
  if (whole === 0n) {
    return undefined;
  }
  const base = whole < 0n ? -whole : whole;
  return amountText(roundAmount((part * 100n * ONE) / base, 1));
}
