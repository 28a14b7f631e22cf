/**
 * The record that was read last, member by member. Records that follow each other differ in few members: what is the same, byte by
 * byte and in the same place, has been checked already and only moves. So a record is compared with the last one, and only members
 * that differ are read.
 */
import { sameBytes } from './bytes';
import { readColumn } from './column';
import { CHANGED, ENDS, KEY_SLOTS, KEYS, MAX_SLOTS, OBJECTS, STARTS } from './memory';

let count: i32 = 0;
let start: i32 = 0;
let end: i32 = 0;
let known: bool = false;

/** The bytes of the last record are gone. */
export function forgetRecord(): void {
  known = false;
}

/** Whether there is a record to compare with. */
export function hasLastRecord(): bool {
  return known;
}

/** A record is read from scratch. */
export function beginMembers(): void {
  count = 0;
  known = false;
  memory.fill(CHANGED, 1, MAX_SLOTS);
}

/** A member that has a slot was read. Each slot is taken once, so there is room. */
export function addMember(key: i32, slot: i32): void {
  store<i32>(KEYS + (count << 2), key);
  store<i32>(KEY_SLOTS + (count << 2), slot);
  count++;
}

/** A record with nothing but such members was read. */
export function endMembers(from: i32, to: i32): void {
  store<i32>(KEYS + (count << 2), to);
  start = from;
  end = to;
  known = true;
}

/** Reads the record at `at` as far as it differs from the last one; returns its end, or 0 when it is not alike. */
export function readAlike(at: i32): i32 {
  known = false;
  memory.fill(CHANGED, 0, MAX_SLOTS);
  let from = start;
  let here = at;
  let member: i32 = 0;
  while (true) {
    const moved = here - from;
    const same = sameBytes(from, here, end - from);
    from += same;
    here += same;
    while (member < count && load<i32>(KEYS + (member << 2), 4) <= from) {
      move(member, moved);
      member++;
    }
    if (from === end) {
      break;
    }
    const slot = load<i32>(KEY_SLOTS + (member << 2));
    const value = load<i32>(STARTS + (slot << 2));
    // Another key, or other bytes around it.
    if (member === count || from < value || load<u8>(value + moved) <= 0x20 || load<u8>(OBJECTS + slot) !== 0) {
      return 0;
    }
    from = load<i32>(ENDS + (slot << 2));
    move(member, moved);
    here = readColumn(value + moved, slot);
    store<u8>(CHANGED + slot, 1);
    member++;
  }
  start = at;
  end = here;
  store<i32>(KEYS + (count << 2), here);
  known = true;
  return here;
}

function move(member: i32, by: i32): void {
  const key = KEYS + (member << 2);
  const value = load<i32>(KEY_SLOTS + (member << 2)) << 2;
  store<i32>(key, load<i32>(key) + by);
  store<i32>(STARTS + value, load<i32>(STARTS + value) + by);
  store<i32>(ENDS + value, load<i32>(ENDS + value) + by);
}
