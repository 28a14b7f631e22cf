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

/** Members without a slot, see `record.ts`. */
export const UNKNOWN: i32 = CELLS + MAX_SLOTS * 4;
export const MAX_UNKNOWN: i32 = 256;
/** i32 each: level (and whether it is the value of a column), start and end of the key, start and end of the value. */
export const UNKNOWN_SIZE: i32 = 20;

/** Where the keys of the last record's members start, and behind them its end; their slots; see `lastRecord.ts`. i32 each. */
export const KEYS: i32 = UNKNOWN + MAX_UNKNOWN * UNKNOWN_SIZE;
export const KEY_SLOTS: i32 = KEYS + (MAX_SLOTS + 4) * 4;
/** Whether the value in a slot differs from that of the record before. u8 each. */
export const CHANGED: i32 = KEY_SLOTS + MAX_SLOTS * 4;
/** Where the cells of the last row start, and behind them where the last one's comma ends. i32 each. */
export const CELL_STARTS: i32 = CHANGED + MAX_SLOTS;

/** Currency and day that costs are added up for, see `costs.ts`. */
export const LONGEST_KEPT: i32 = 64;
export const CURRENCY: i32 = CELL_STARTS + (MAX_SLOTS + 4) * 4;
export const DAY: i32 = CURRENCY + LONGEST_KEPT + 16;
/** The sum: f64 each of the digits before the point, twelve behind it, twelve behind these. */
export const SUM: i32 = DAY + LONGEST_KEPT + 16;

/** What a run did, see `run.ts`. i32 each. */
export const RUN: i32 = SUM + 32;
/** What every row of a run begins and ends with. */
export const MAX_HEAD: i32 = 1024;
export const HEAD: i32 = RUN + 16;
export const MAX_TAIL: i32 = 16;
export const TAIL: i32 = HEAD + MAX_HEAD + 16;

/** Members that were seen, see `members.ts`: a table of hashes, and behind it the members. */
export const HASHES: i32 = 24576;
export const HASH_COUNT: i32 = 4096;
export const MEMBERS: i32 = HASHES + HASH_COUNT * 4;

/** Columns of a file, see `table.ts`: their slots, i32 each; kinds of their values and where these are staged, u8 each. Members end before. */
export const TABLE_SLOTS: i32 = 131072;
export const TABLE_KINDS: i32 = TABLE_SLOTS + MAX_SLOTS * 4;
export const TABLE_STAGES: i32 = TABLE_KINDS + MAX_SLOTS;
/** Where the values end that stand one after the other, for each stage an i32, and the stages. */
export const STAGE_ENDS: i32 = TABLE_STAGES + MAX_SLOTS;
const STAGE_COUNT: i32 = 32;
export const STAGE_SIZE: i32 = 16384;
export const STAGES: i32 = STAGE_ENDS + STAGE_COUNT * 4;
/** Values that columns had lately, and copies of their bytes. Of memory that nobody wrote to, nothing is taken. */
export const CACHE: i32 = STAGES + STAGE_COUNT * STAGE_SIZE;
export const CACHED_COLUMNS: i32 = 96;
export const ARENA: i32 = CACHE + CACHED_COLUMNS * 2048 * 16;
/** The page; the copies end before it. */
export const PAGE: i32 = ARENA + 524288;

/** Bytes behind the page that are 0 and behind what is written that may be overwritten: whole blocks are read and written. */
export const MARGIN: i32 = 64;
