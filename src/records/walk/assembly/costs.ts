/**
 * Costs, added up as long as they are of one currency and day: most rows have those of the row before. Integers that doubles hold
 * exactly, as in src/records/decimal.ts, which takes them over.
 */
import { CURRENCY, DAY, ENDS, LONGEST_KEPT, STARTS, SUM } from './memory';

const LIMB_DIGITS: i32 = 12;
const WHOLE_DIGITS: i32 = 15;
/** Sums are exact below 2^53; this leaves room for one more. */
const FULL: f64 = 8e15;

let amountSlot: i32 = -1;
let currencySlot: i32 = -1;
let daySlot: i32 = -1;

let kept: bool = false;
let currencyLength: i32 = 0;
let dayLength: i32 = 0;

/** Where amount, currency and day of a record stand; -1: nowhere. */
export function setCosts(amount: i32, currency: i32, day: i32): void {
  amountSlot = amount;
  currencySlot = currency;
  daySlot = day;
  kept = false;
  // A page that failed may have left something.
  memory.fill(SUM, 0, 24);
}

/** Costs that follow are of the currency and day of the record that was read last, until others come. */
export function keepSum(): void {
  currencyLength = keep(currencySlot, CURRENCY);
  dayLength = keep(daySlot, DAY);
  kept = currencyLength >= 0 && dayLength >= 0;
}

function startOf(slot: i32): i32 {
  return slot < 0 ? 0 : load<i32>(STARTS + (slot << 2));
}

function lengthOf(slot: i32): i32 {
  const start = startOf(slot);
  return start === 0 ? 0 : load<i32>(ENDS + (slot << 2)) - start;
}

function keep(slot: i32, place: i32): i32 {
  const length = lengthOf(slot);
  if (length > LONGEST_KEPT) {
    return -1;
  }
  memory.copy(place, startOf(slot), length);
  return length;
}

function isKept(slot: i32, place: i32, length: i32): bool {
  if (lengthOf(slot) !== length) {
    return false;
  }
  const start = startOf(slot);
  let at: i32 = 0;
  while (at < length) {
    let same = i8x16.bitmask(i8x16.eq(v128.load(start + at), v128.load(place + at)));
    const left = length - at;
    if (left < 16) {
      same |= 0xffff << left;
    }
    if ((same & 0xffff) !== 0xffff) {
      return false;
    }
    at += 16;
  }
  return true;
}

/** Adds the cost of the record that was read last; tells whether it could: the extension knows what all others are. */
export function addCost(): bool {
  if (!kept || !isKept(currencySlot, CURRENCY, currencyLength) || !isKept(daySlot, DAY, dayLength)) {
    return false;
  }
  let at = startOf(amountSlot);
  if (at === 0) {
    return false;
  }
  let end = load<i32>(ENDS + (amountSlot << 2));
  // Some services send numbers as text.
  if (load<u8>(at) === 0x22) {
    at++;
    end--;
  }
  let sign: f64 = 1;
  if (load<u8>(at) === 0x2d) {
    sign = -1;
    at++;
  }
  const first = at;
  let whole: i64 = 0;
  while (isDigit(at, end)) {
    whole = whole * 10 + (load<u8>(at) - 0x30);
    at++;
  }
  if (at === first || at - first > WHOLE_DIGITS) {
    return false;
  }
  let fraction: i64 = 0;
  let finest: i64 = 0;
  if (at !== end) {
    if (load<u8>(at) !== 0x2e || at + 1 === end) {
      return false;
    }
    at++;
    const middle = at + LIMB_DIGITS;
    const last = middle + LIMB_DIGITS;
    for (; at < middle; at++) {
      fraction = fraction * 10 + (isDigit(at, end) ? load<u8>(at) - 0x30 : 0);
    }
    for (; at < last && middle < end; at++) {
      finest = finest * 10 + (isDigit(at, end) ? load<u8>(at) - 0x30 : 0);
    }
    if (!isAllDigits(middle - LIMB_DIGITS, end) || end > last) {
      return false;
    }
  }
  const wholes = load<f64>(SUM) + sign * <f64>whole;
  const fractions = load<f64>(SUM, 8) + sign * <f64>fraction;
  const finests = load<f64>(SUM, 16) + sign * <f64>finest;
  if (abs(wholes) > FULL || abs(fractions) > FULL || abs(finests) > FULL) {
    return false;
  }
  store<f64>(SUM, wholes);
  store<f64>(SUM, fractions, 8);
  store<f64>(SUM, finests, 16);
  return true;
}

function isDigit(at: i32, end: i32): bool {
  return at < end && <u32>load<u8>(at) - 0x30 <= 9;
}

function isAllDigits(at: i32, end: i32): bool {
  while (at < end) {
    if (!isDigit(at, end)) {
      return false;
    }
    at++;
  }
  return true;
}
