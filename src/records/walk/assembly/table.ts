/**
 * Values of records for the columns of a file: what changes from one record to the next is told in a list. A value that a column had lately
 * is told by the number that the extension gave it; where values hardly repeat, they are written one after the other, in the form that the
 * file has them in.
 *
 * What is told, i32 each: the column, plus ESCAPED_TEXT where text has escapes; the record of the run; the number; where the value
 * starts and ends; its entry in the cache, 0 for none. A number below NOTHING is one of the next two.
 */
import { copy, sameBytes } from './bytes';
import { writeDecimal } from './decimals';
import {
  ARENA,
  CACHE,
  CACHED_COLUMNS,
  CHANGED,
  ENDS,
  ESCAPED,
  PAGE,
  STAGE_ENDS,
  STAGE_SIZE,
  STAGES,
  STARTS,
  TABLE_KINDS,
  TABLE_SLOTS,
  TABLE_STAGES,
} from './memory';

/** The record has no value there. */
const NOTHING: i32 = -1;
/** The next of the values that were written one after the other. */
const STAGED: i32 = -2;
/** Plus a place in the list: the value that was told there, which the extension has to look at when it is this very place. */
const ASKED: i32 = i32.MIN_VALUE;

const TOLD_SIZE: i32 = 24;
const ESCAPED_TEXT: i32 = 0x10000;

/** Kinds of columns whose values can be written here; all others are for the extension. */
const TEXTS: u32 = 1;
const NUMBERS: u32 = 2;
const DECIMAL_BYTES: i32 = 16;
const LENGTH_BYTES: i32 = 4;
/** Blocks are copied whole. */
const BLOCK: i32 = 16;

/** Of each column: i32 hash, length, where a copy of the value stands, number. */
const ENTRY_SIZE: i32 = 16;
/** A value may be in any entry of its set; sets are filled from their start. */
const SETS: i32 = 512;
const SET_SIZE: i32 = 4 * ENTRY_SIZE;
/** Longer values are not kept. */
const LONGEST: i32 = 4096;

let columns: i32 = 0;
let arena: i32 = ARENA;

/** Slots, kinds and stages of so many columns stand in the memory. */
export function setTable(count: i32): void {
  columns = count;
}

/** Nothing is known of any value. */
export function forgetValues(): void {
  memory.fill(CACHE, 0, min(columns, CACHED_COLUMNS) * SETS * SET_SIZE);
  arena = ARENA;
}

/** Stages are empty. */
export function emptyStages(count: i32): void {
  for (let stage: i32 = 0; stage < count; stage++) {
    store<i32>(STAGE_ENDS + (stage << 2), STAGES + stage * STAGE_SIZE);
  }
}

/** The most that one record can take. Bytes. */
export function mostTold(): i32 {
  return columns * TOLD_SIZE;
}

/**
 * Tells of the record that was read last; returns the end of the list.
 *
 * @param first where the list of the run starts
 * @param again whether the record before was told in it: what did not change is left out
 */
export function tellRecord(record: i32, first: i32, out: i32, again: bool): i32 {
  for (let column: i32 = 0; column < columns; column++) {
    const slot = load<i32>(TABLE_SLOTS + (column << 2));
    if (again && load<u8>(CHANGED + slot) === 0) {
      continue;
    }
    const start = load<i32>(STARTS + (slot << 2));
    store<i32>(out, column);
    store<i32>(out, record, 4);
    if (start === 0 || load<u8>(start) === 0x6e) {
      store<i32>(out, NOTHING, 8);
    } else {
      tellValue(column, slot, start, load<i32>(ENDS + (slot << 2)), first, out);
    }
    out += TOLD_SIZE;
  }
  return out;
}

function tellValue(column: i32, slot: i32, start: i32, end: i32, first: i32, out: i32): void {
  const escaped = load<u8>(start) === 0x22 && load<u8>(ESCAPED + slot) !== 0;
  const stage = <i32>load<u8>(TABLE_STAGES + column);
  if (stage !== 0) {
    if (!escaped && writeStaged(stage - 1, <u32>load<u8>(TABLE_KINDS + column), start, end)) {
      store<i32>(out, STAGED, 8);
      return;
    }
    store<i32>(out, 0, 20);
    store<i32>(out, ASKED + (out - first) / TOLD_SIZE, 8);
  } else {
    store<i32>(out, numberOf(column, start, end, ASKED + (out - first) / TOLD_SIZE, out), 8);
  }
  store<i32>(out, escaped ? column | ESCAPED_TEXT : column);
  store<i32>(out, start, 12);
  store<i32>(out, end, 16);
}

/** Writes a value behind the others of its column; tells whether it could. */
function writeStaged(stage: i32, kind: u32, start: i32, end: i32): bool {
  const place = STAGE_ENDS + (stage << 2);
  const at = load<i32>(place);
  const limit = STAGES + (stage + 1) * STAGE_SIZE - BLOCK;
  if (kind === TEXTS) {
    const length = end - start - 2;
    if (load<u8>(start) !== 0x22 || at + LENGTH_BYTES + length > limit) {
      return false;
    }
    store<i32>(at, length);
    store<i32>(place, copy(start + 1, end - 1, at + LENGTH_BYTES));
    return true;
  }
  if (kind !== NUMBERS || at + DECIMAL_BYTES > limit || !writeDecimal(start, end, at)) {
    return false;
  }
  store<i32>(place, at + DECIMAL_BYTES);
  return true;
}

/** The number of a value; `asked` when it is not known, which is kept until the extension puts the number in its place. */
function numberOf(column: i32, start: i32, end: i32, asked: i32, out: i32): i32 {
  store<i32>(out, 0, 20);
  const length = end - start;
  if (column >= CACHED_COLUMNS || length > LONGEST) {
    return asked;
  }
  const hash = hashOf(start, length);
  const set = CACHE + (column * SETS + (hash & (SETS - 1))) * SET_SIZE;
  let entry = set;
  for (; entry < set + SET_SIZE && load<i32>(entry, 4) !== 0; entry += ENTRY_SIZE) {
    if (load<i32>(entry) === hash && load<i32>(entry, 4) === length) {
      if (sameBytes(start, load<i32>(entry, 8), length) === length) {
        return load<i32>(entry, 12);
      }
    }
  }
  if (entry === set + SET_SIZE) {
    // Bits that did not choose the set choose whose place it takes.
    entry = set + ((hash >>> 28) & 3) * ENTRY_SIZE;
  }
  if (arena + length + BLOCK > PAGE) {
    forgetValues();
    entry = set;
  }
  store<i32>(entry, hash);
  store<i32>(entry, length, 4);
  store<i32>(entry, arena, 8);
  store<i32>(entry, asked, 12);
  arena = copy(start, end, arena);
  store<i32>(out, entry, 20);
  return asked;
}

function hashOf(start: i32, length: i32): i32 {
  let hash: u64 = <u64>length * 0x9e3779b97f4a7;
  let at = start;
  let left = length;
  for (; left >= 8; left -= 8) {
    hash = mixed(hash ^ load<u64>(at));
    at += 8;
  }
  if (left > 0) {
    hash = mixed(hash ^ (load<u64>(at) & (((<u64>1) << (left << 3)) - 1)));
  }
  return <i32>(hash ^ (hash >> 32));
}

function mixed(hash: u64): u64 {
  hash *= 0xbf58476d1ce4f;
  return hash ^ (hash >> 29);
}
