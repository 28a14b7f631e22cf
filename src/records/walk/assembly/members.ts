/**
 * Members that were seen, by the bytes of their keys. A service writes the members of all its records in one order, so a member
 * remembers what came behind it the last time, and its key is compared with sixteen bytes at once. A key that is not the one expected
 * is looked up; only one that was never seen is decoded, by the extension.
 *
 * A member: i32 length of its key with quotes, i32 slot, i32 address of the next member (0: none yet), i32 level, i32 mask of the
 * bytes of the last block, and at 32 the bytes of the key.
 */
import { slotOf } from './host';
import { HASH_COUNT, HASHES, MEMBERS, TABLE_SLOTS } from './memory';

const HEADER: i32 = 32;
const MAX_LEVELS: i32 = 32;
/** Longer keys are decoded each time. */
const LONGEST_KEY: i32 = 256;
/** Beyond this the table gets slow. */
const MAX_MEMBERS: i32 = HASH_COUNT / 2;

/** One member for each level stands before its first: without a key. */
const FIRST: i32 = MEMBERS;
/** For keys that are not kept. */
const PASSING: i32 = FIRST + MAX_LEVELS * HEADER;
const KEPT: i32 = PASSING + HEADER;

let free: i32 = KEPT;
let count: i32 = 0;
let full: bool = false;

/** Forgets all members. */
export function forget(): void {
  memory.fill(HASHES, 0, KEPT - HASHES);
  free = KEPT;
  count = 0;
  full = false;
}

/** Makes room when there is none: keys of the past are worth less than those that come. */
export function makeRoom(): void {
  if (full) {
    forget();
  }
}

export function firstOf(level: i32): i32 {
  return FIRST + level * HEADER;
}

export function slotAt(member: i32): i32 {
  return load<i32>(member, 4);
}

export function lengthAt(member: i32): i32 {
  return load<i32>(member);
}

export function nextAt(member: i32): i32 {
  return load<i32>(member, 8);
}

/** Whether the member's key stands at `at`. */
export function isAt(member: i32, at: i32): bool {
  let key = member + HEADER;
  let left = load<i32>(member);
  while (left > 16) {
    if (i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(key))) !== 0xffff) {
      return false;
    }
    at += 16;
    key += 16;
    left -= 16;
  }
  const mask = load<i32>(member, 16);
  return (i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(key))) & mask) === mask;
}

/** The member with the key from `start` to `end`, which comes behind the member `before`. */
export function memberOf(before: i32, level: i32, start: i32, end: i32): i32 {
  const length = end - start;
  let hash: u32 = 0x811c9dc5 ^ level;
  for (let i = start; i < end; i++) {
    hash = (hash ^ load<u8>(i)) * 16777619;
  }
  let entry = (hash ^ (hash >> 15)) & (HASH_COUNT - 1);
  let member = load<i32>(HASHES + (entry << 2));
  while (member !== 0) {
    if (load<i32>(member) === length && load<i32>(member, 12) === level && isAt(member, start)) {
      expect(before, member);
      return member;
    }
    entry = (entry + 1) & (HASH_COUNT - 1);
    member = load<i32>(HASHES + (entry << 2));
  }
  const slot = slotOf(level, start, end);
  const size = HEADER + ((length + 15) & ~15);
  if (length > LONGEST_KEY) {
    store<i32>(PASSING, slot, 4);
    return PASSING;
  }
  if (count >= MAX_MEMBERS || free + size > TABLE_SLOTS) {
    full = true;
    store<i32>(PASSING, slot, 4);
    return PASSING;
  }
  member = free;
  free += size;
  count++;
  store<i32>(member, length);
  store<i32>(member, slot, 4);
  store<i32>(member, 0, 8);
  store<i32>(member, level, 12);
  store<i32>(member, (1 << (((length - 1) & 15) + 1)) - 1, 16);
  memory.copy(member + HEADER, start, length);
  store<i32>(HASHES + (entry << 2), member);
  expect(before, member);
  return member;
}

function expect(before: i32, member: i32): void {
  // The passing member belongs to all levels, so what it expected could be a member of another one.
  if (before !== PASSING) {
    store<i32>(before, member, 8);
  }
}
