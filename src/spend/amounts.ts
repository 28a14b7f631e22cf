import { decimalUnits } from '../records/decimalUnits.ts';

/** Decimals of the integers that amounts are added up in. Costs were seen with up to 20. */
const SCALE = 30;
const LONGEST_AMOUNT = 60;
const ONE = 10n ** BigInt(SCALE);

/**
 * An amount as an integer of units of 10^-30: sums and differences of these are exact. Undefined for digits that do not fit, which no
 * money does.
 */
export function parseAmount(digits: string): bigint | undefined {
  return decimalUnits(digits, LONGEST_AMOUNT, SCALE);
}

/** A whole number as such an integer. */
function wholeAmount(whole: number): bigint {
  return BigInt(Math.round(whole)) * ONE;
}

/** Plain digits without trailing zeros behind the point. */
export function amountText(units: bigint): string {
  const negative = units < 0n;
  const text = (negative ? -units : units).toString().padStart(SCALE + 1, '0');
  const fraction = text.slice(-SCALE).replace(/0+$/, '');
  return `${negative ? '-' : ''}${text.slice(0, -SCALE)}${fraction === '' ? '' : `.${fraction}`}`;
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
