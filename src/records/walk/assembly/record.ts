/** One record: where the values of its members stand. */
import { AN_OBJECT, COMMA_OR_BRACE } from './failures';
import { fail, takeUnknown } from './host';
import { firstOf, isAt, lengthAt, makeRoom, memberOf, nextAt, slotAt } from './members';
import { ENDS, ESCAPED, MAX_UNKNOWN, OBJECTS, STARTS, UNKNOWN, UNKNOWN_SIZE } from './memory';
import {
  afterColon,
  clearEscapes,
  clearLineBreaks,
  escapes,
  lineBreaks,
  skipSpace,
  skipString,
  skipValue,
} from './values';

/** The levels that every record has; those behind them are the values of columns. */
const RECORD: i32 = 0;
const PROPERTIES: i32 = 1;
/** The slot of an object named `properties`. */
const IS_PROPERTIES: i32 = -2;
/** Added to the level of a member that has a slot, but a value that its cells cannot hold. */
const VALUE_OF_COLUMN: i32 = 256;
/** How deep values of members stand, for the limit of depth. */
const VALUE_DEPTH: i32 = 2;

let slots: i32 = 0;
let unknown: i32 = 0;
let hasProperties: i32 = 0;

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

/** 1: it has an object named `properties`; 2: line breaks stand between its tokens; 4: it has unknown members. */
export function recordFacts(): i32 {
  return hasProperties | (lineBreaks << 1) | (unknown === 0 ? 0 : 4);
}

/** Reads the record that starts at `at`; returns its end. */
export function readRecord(at: i32): i32 {
  memory.fill(STARTS, 0, slots << 2);
  unknown = 0;
  hasProperties = 0;
  clearLineBreaks();
  makeRoom();
  if (load<u8>(at) !== 0x7b) {
    fail(AN_OBJECT, at);
  }
  return readMembers(at, RECORD);
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
  let end: i32;
  if (byte === 0x22) {
    clearEscapes();
    end = skipString(at);
    store<u8>(ESCAPED + slot, <u8>escapes);
  } else if (members !== 0 && byte === 0x7b) {
    end = readMembers(at, members);
  } else {
    end = skipValue(at, VALUE_DEPTH);
  }
  if (members !== 0 && byte !== 0x7b && byte !== 0x6e) {
    // What should be an object and is none fits into no cell of its members.
    keepUnknown(level | VALUE_OF_COLUMN, keyStart, keyEnd, at, end);
  }
  store<i32>(STARTS + (slot << 2), at);
  store<i32>(ENDS + (slot << 2), end);
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
