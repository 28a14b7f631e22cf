/** Numbers as Parquet has its decimals: 16 bytes, two's complement, the highest byte first. */

/** Digits behind the point that a column has; more of them are for the extension. */
const SCALE: i32 = 20;
const WHOLE_DIGITS: i32 = 15;
/** Digits that are taken in at once. */
const STEP: i32 = 9;

/** The number at hand: 128 bits. */
let low: u64 = 0;
let high: u64 = 0;

/** Writes the number of JSON at `at` at `out`; tells whether it could: the extension knows what all others are. */
export function writeDecimal(at: i32, end: i32, out: i32): bool {
  const negative = load<u8>(at) === 0x2d;
  if (negative) {
    at++;
  }
  const first = at;
  low = 0;
  high = 0;
  while (at < end && <u32>load<u8>(at) - 0x30 <= 9) {
    low = low * 10 + <u64>(<u32>load<u8>(at) - 0x30);
    at++;
    if (at - first > WHOLE_DIGITS) {
      return false;
    }
  }
  if (at === first) {
    return false;
  }
  let missing = SCALE;
  if (at < end) {
    missing -= end - at - 1;
    if (load<u8>(at) !== 0x2e || missing === SCALE || missing < 0) {
      return false;
    }
    at++;
    while (at < end) {
      let power: u64 = 1;
      let digits: u64 = 0;
      for (const stop = min(at + STEP, end); at < stop; at++) {
        const digit = <u32>load<u8>(at) - 0x30;
        if (digit > 9) {
          return false;
        }
        digits = digits * 10 + <u64>digit;
        power *= 10;
      }
      takeIn(power, digits);
    }
  }
  while (missing > 0) {
    let power: u64 = 1;
    for (const left = max(missing - STEP, 0); missing > left; missing--) {
      power *= 10;
    }
    takeIn(power, 0);
  }
  if (negative) {
    low = ~low + 1;
    high = ~high + (low === 0 ? 1 : 0);
  }
  store<u64>(out, bswap<u64>(high));
  store<u64>(out, bswap<u64>(low), 8);
  return true;
}

/** Multiplies the number and adds to it. Both are below 2^32, so no product of a half is cut. */
function takeIn(factor: u64, more: u64): void {
  const lower = (low & 0xffffffff) * factor;
  const upper = (low >> 32) * factor + (lower >> 32);
  const product = (lower & 0xffffffff) | (upper << 32);
  high = high * factor + (upper >> 32);
  low = product + more;
  if (low < product) {
    high++;
  }
}
