/** One record: where the values of its members stand. */
import { readColumn, VALUE_DEPTH } from './column';
import { AN_OBJECT, COMMA_OR_BRACE } from './failures';
import { fail, takeUnknown } from './host';
import { addMember, beginMembers, endMembers, forgetRecord, hasLastRecord, readAlike } from './lastRecord';
import { firstOf, isAt, lengthAt, makeRoom, memberOf, nextAt, slotAt } from './members';
import { ENDS, MAX_UNKNOWN, OBJECTS, STARTS, UNKNOWN, UNKNOWN_SIZE } from './memory';
import { afterColon, clearLineBreaks, lineBreaks, skipSpace, skipString, skipValue } from './values';

/** The levels that every record has; those behind them are the values of columns. */
const RECORD: i32 = 0;
const PROPERTIES: i32 = 1;
/** The slot of an object named `properties`. */
const IS_PROPERTIES: i32 = -2;
/** Added to the level of a member that has a slot, but a value that its cells cannot hold. */
const VALUE_OF_COLUMN: i32 = 256;

let slots: i32 = 0;
let unknown: i32 = 0;
let hasProperties: i32 = 0;
/** Whether no column of the record has members with slots of their own. */
let isFlat: bool = true;

/** Another kind of record follows. */
export function setSlots(count: i32): void {
  slots = count;
}

/** How many unknown members the table has; it is empty after that. */
export function emptyUnknown(): i32 {
  const count = unknown;
  unknown = 0;
  return count;
}

export const HAS_PROPERTIES: i32 = 1;

/** {@link HAS_PROPERTIES}: it has an object named `properties`; 2: line breaks stand between its tokens; 4: it has unknown members. */
export function recordFacts(): i32 {
  return hasProperties | (lineBreaks << 1) | (unknown === 0 ? 0 : 4);
}

/** Reads the record that starts at `at`; returns its end. */
export function readRecord(at: i32): i32 {
  unknown = 0;
  clearLineBreaks();
  if (hasLastRecord()) {
    const end = readAlike(at);
    if (end !== 0) {
      if (lineBreaks !== 0) {
        // The next record would not be searched for them where it is the same.
        forgetRecord();
      }
      return end;
    }
    clearLineBreaks();
  }
  memory.fill(STARTS, 0, slots << 2);
  hasProperties = 0;
  makeRoom();
  if (load<u8>(at) !== 0x7b) {
    fail(AN_OBJECT, at);
  }
  isFlat = true;
  beginMembers();
  const end = readMembers(at, RECORD);
  if (isFlat && unknown === 0 && lineBreaks === 0) {
    endMembers(at, end);
  }
  return end;
}

function readMembers(at: i32, level: i32): i32 {
  at = skipSpace(at + 1);
  if (load<u8>(at) === 0x7d) {
    return at + 1;
  }
  let member = firstOf(level);
  while (true) {
    const keyStart = at;
    const expected = nextAt(member);
    if (expected !== 0 && isAt(expected, at)) {
      member = expected;
      at += lengthAt(member);
    } else {
      at = skipString(at);
      member = memberOf(member, level, keyStart, at);
    }
    const keyEnd = at;
    at = afterColon(at);
    at = readValue(at, level, slotAt(member), keyStart, keyEnd);
    at = skipSpace(at);
    const byte = load<u8>(at);
    if (byte === 0x7d) {
      return at + 1;
    }
    if (byte !== 0x2c) {
      fail(COMMA_OR_BRACE, at);
    }
    at = skipSpace(at + 1);
  }
}

function readValue(at: i32, level: i32, slot: i32, keyStart: i32, keyEnd: i32): i32 {
  const byte = load<u8>(at);
  // A doubled key keeps its first value as the column and its second as an unknown field: nothing is lost.
  if (slot < 0 || load<i32>(STARTS + (slot << 2)) !== 0) {
    if (slot === IS_PROPERTIES && byte === 0x7b) {
      hasProperties = 1;
      return readMembers(at, PROPERTIES);
    }
    const end = skipValue(at, VALUE_DEPTH);
    keepUnknown(level, keyStart, keyEnd, at, end);
    return end;
  }
  const members = <i32>load<u8>(OBJECTS + slot);
  if (members !== 0 && byte === 0x7b) {
    isFlat = false;
    const end = readMembers(at, members);
    store<i32>(STARTS + (slot << 2), at);
    store<i32>(ENDS + (slot << 2), end);
    return end;
  }
  const end = readColumn(at, slot);
  if (members !== 0 && byte !== 0x6e) {
    // What should be an object and is none fits into no cell of its members.
    keepUnknown(level | VALUE_OF_COLUMN, keyStart, keyEnd, at, end);
  }
  addMember(keyStart, slot);
  return end;
}

function keepUnknown(level: i32, keyStart: i32, keyEnd: i32, valueStart: i32, valueEnd: i32): void {
  if (unknown === MAX_UNKNOWN) {
    takeUnknown();
  }
  const entry = UNKNOWN + unknown * UNKNOWN_SIZE;
  store<i32>(entry, level);
  store<i32>(entry, keyStart, 4);
  store<i32>(entry, keyEnd, 8);
  store<i32>(entry, valueStart, 12);
  store<i32>(entry, valueEnd, 16);
  unknown++;
}
