import { decimalUnits } from './decimalUnits.ts';

/** Bytes of a decimal with up to 38 digits (Parquet format: DECIMAL as FIXED_LEN_BYTE_ARRAY). */
export const DECIMAL_BYTES = 16;

const LIMBS = 4;
const LIMB = 2 ** 32;
/** Digits that are taken in at once: a limb times their power of ten stays below 2^53. */
const STEP = 6;
const TENS = Array.from({ length: STEP + 1 }, (_, digits) => 10 ** digits);

/** Digits before the point of a number that is read without big integers. */
const WHOLE_DIGITS = 15;

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/** The number at hand: its lowest 32 bits come first. */
const limbs = new Float64Array(LIMBS);

/**
 * Writes a number given by its JSON digits as an integer of units of 10^-`scale`: 16 bytes, two's complement, the highest byte first.
 *
 * @param scale at most 20
 * @returns false when that is not exact, or has more than `precision` digits; nothing is written then
 */
export function writeDecimal(bytes: Uint8Array, at: number, digits: string, precision: number, scale: number): boolean {
  if (readUsual(digits, scale)) {
    writeLimbs(bytes, at, digits.charCodeAt(0) === MINUS);
    return true;
  }
  const units = decimalUnits(digits, precision, scale);
  if (units === undefined) {
    return false;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, DECIMAL_BYTES);
  view.setBigInt64(0, units >> 64n);
  view.setBigUint64(8, BigInt.asUintN(64, units));
  return true;
}

/**
 * The same for a number of JSON that is given as bytes.
 *
 * @returns false when it has to be looked at as text: an exponent, too many digits, or no number at all; nothing is written then
 */
export function writeDecimalSlice(
  bytes: Uint8Array,
  at: number,
  source: Uint8Array,
  start: number,
  end: number,
  scale: number,
): boolean {
  if (!readUsualSlice(source, start, end, scale)) {
    return false;
  }
  writeLimbs(bytes, at, source[start] === MINUS);
  return true;
}

/** The integer of such bytes. */
export function decimalOf(bytes: Uint8Array, at: number): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, DECIMAL_BYTES);
  return (view.getBigInt64(0) << 64n) | view.getBigUint64(8);
}

/** Puts a usual number without its sign into the limbs: no exponent, few enough digits on both sides of the point. */
function readUsual(digits: string, scale: number): boolean {
  const first = digits.charCodeAt(0) === MINUS ? 1 : 0;
  const point = digits.indexOf('.');
  const wholeEnd = point < 0 ? digits.length : point;
  const decimals = point < 0 ? 0 : digits.length - point - 1;
  if (wholeEnd - first > WHOLE_DIGITS || decimals > scale) {
    return false;
  }
  limbs.fill(0);
  let chunk = 0;
  let size = 0;
  for (let i = first; i < digits.length; i++) {
    const code = digits.charCodeAt(i);
    if (code !== POINT) {
      const digit = code - ZERO;
      if (digit < 0 || digit > 9) {
        return false;
      }
      chunk = chunk * 10 + digit;
      size++;
      if (size === STEP) {
        takeIn(chunk, size);
        chunk = 0;
        size = 0;
      }
    }
  }
  takeIn(chunk, size);
  for (let missing = scale - decimals; missing > 0; missing -= STEP) {
    takeIn(0, Math.min(missing, STEP));
  }
  return true;
}

/** {@link readUsual} over bytes. Digits that fit into a double are taken in at once. */
function readUsualSlice(source: Uint8Array, start: number, end: number, scale: number): boolean {
  const first = source[start] === MINUS ? start + 1 : start;
  let whole = 0;
  let at = first;
  for (; at < end; at++) {
    const digit = (source[at] as number) - ZERO;
    if (digit < 0 || digit > 9) {
      break;
    }
    whole = whole * 10 + digit;
  }
  if (at === first || at - first > WHOLE_DIGITS) {
    return false;
  }
  limbs[0] = whole % LIMB;
  limbs[1] = Math.floor(whole / LIMB);
  limbs[2] = 0;
  limbs[3] = 0;
  let decimals = 0;
  if (at < end) {
    decimals = end - at - 1;
    if (source[at] !== POINT || decimals === 0 || decimals > scale) {
      return false;
    }
    let chunk = 0;
    let size = 0;
    for (at++; at < end; at++) {
      const digit = (source[at] as number) - ZERO;
      if (digit < 0 || digit > 9) {
        return false;
      }
      chunk = chunk * 10 + digit;
      size++;
      if (size === STEP) {
        takeIn(chunk, size);
        chunk = 0;
        size = 0;
      }
    }
    takeIn(chunk, size);
  }
  for (let missing = scale - decimals; missing > 0; missing -= STEP) {
    takeIn(0, Math.min(missing, STEP));
  }
  return true;
}

function takeIn(chunk: number, size: number): void {
  let carry = chunk;
  for (let i = 0; i < LIMBS; i++) {
    const value = (limbs[i] as number) * (TENS[size] as number) + carry;
    carry = Math.floor(value / LIMB);
    limbs[i] = value - carry * LIMB;
  }
}

function writeLimbs(bytes: Uint8Array, at: number, negative: boolean): void {
  // Two's complement: all bits turned, and one added.
  let carry = negative ? 1 : 0;
  for (let i = 0; i < LIMBS; i++) {
    const limb = limbs[i] as number;
    const value = (negative ? LIMB - 1 - limb : limb) + carry;
    carry = value === LIMB ? 1 : 0;
    const low = value >>> 0;
    const end = at + DECIMAL_BYTES - i * 4;
    bytes[end - 1] = low & 0xff;
    bytes[end - 2] = (low >>> 8) & 0xff;
    bytes[end - 3] = (low >>> 16) & 0xff;
    bytes[end - 4] = low >>> 24;
  }
}
