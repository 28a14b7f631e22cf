/**
 * Where things stand in the memory that this module shares with the extension: tables of fixed size, then the page, then what is
 * written. Addresses are bytes. The exported ones are read by src/records/walk/walker.ts.
 */

export const MAX_SLOTS: i32 = 512;

/** Start and end of the value in each slot; a start of 0: the record has no such value. i32 each. */
export const STARTS: i32 = 1024;
export const ENDS: i32 = STARTS + MAX_SLOTS * 4;
/** Whether the text in a slot has an escape. u8 each. */
export const ESCAPED: i32 = ENDS + MAX_SLOTS * 4;
/** The level of the members of a slot's value where these have slots of their own; 0 where they have none. u8 each. */
export const OBJECTS: i32 = ESCAPED + MAX_SLOTS;
/** The slots of the cells that are to be written. i32 each. */
export const CELLS: i32 = OBJECTS + MAX_SLOTS;

/** Members without a slot, see `unknown.ts`. */
export const UNKNOWN: i32 = CELLS + MAX_SLOTS * 4;
export const MAX_UNKNOWN: i32 = 256;
/** i32 each: level (and whether it is the value of a column), start and end of the key, start and end of the value. */
export const UNKNOWN_SIZE: i32 = 20;

/** Members that were seen, see `members.ts`: a table of hashes, and behind it the members. */
export const HASHES: i32 = 16384;
export const HASH_COUNT: i32 = 4096;
export const MEMBERS: i32 = HASHES + HASH_COUNT * 4;
/** The page; members end before it. */
export const PAGE: i32 = 131072;

/** Bytes behind the page that are 0 and behind what is written that may be overwritten: whole blocks are read and written. */
export const MARGIN: i32 = 64;
