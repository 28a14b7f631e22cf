/**
 * Exact money: integers with a fixed number of decimals, written as JSON numbers with all their digits. Doubles hold
 * about 16 digits and costs have up to 20 decimals, so no amount ever passes through a double.
 */

/** Decimals of a quantity: quantities are integers of millionths of a unit. */
export const QUANTITY_SCALE = 6;
/** Decimals of a unit price in USD. */
export const PRICE_SCALE = 10;
/** Decimals of an exchange rate from USD to the billing currency. */
export const RATE_SCALE = 4;
/** Decimals of quantity × price. */
export const USD_SCALE = QUANTITY_SCALE + PRICE_SCALE;
/** Decimals of quantity × price × rate, the scale of every amount in billing currency. */
export const COST_SCALE = USD_SCALE + RATE_SCALE;

/** Writes `units` / 10^scale without exponent and without trailing zeros; `0` for zero, never `-0`. */
export function decimalText(units: bigint, scale: number): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  let end = digits.length;
  while (end > whole.length && digits.charCodeAt(end - 1) === 48) end--;
  const text = end > whole.length ? `${whole}.${digits.slice(whole.length, end)}` : whole;
  return negative ? `-${text}` : text;
}

/** Reads a plain decimal into integer units of 10^-scale; throws when the text has more decimals than that. */
export function decimalUnits(text: string, scale: number): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const decimals = match?.[3] ?? '';
  if (!match || decimals.length > scale)
    throw new RangeError(`${text} is not a decimal with at most ${scale} decimals`);
  const units = BigInt(`${match[2]}${decimals.padEnd(scale, '0')}`);
  return match[1] ? -units : units;
}

/** Rounds to a coarser scale, halves to the even neighbour, and returns the value at the fine scale again. */
export function roundHalfEven(units: bigint, scale: number, decimals: number): bigint {
  const step = 10n ** BigInt(scale - decimals);
  let quotient = units / step;
  let rest = units % step;
  if (rest < 0n) {
    rest += step;
    quotient -= 1n;
  }
  const twice = rest * 2n;
  if (twice > step || (twice === step && quotient % 2n !== 0n)) quotient += 1n;
  return quotient * step;
}

// TypeScript 6 has no declaration for JSON.rawJSON, which Node has had since 21.
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

/** A value that `JSON.stringify` writes as exactly these digits. */
export function exactNumber(units: bigint, scale: number): unknown {
  return rawJson(decimalText(units, scale));
}
