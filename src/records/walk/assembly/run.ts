/** Many records without a word with the extension: they are read, added up and written one after the other. */
import { copy } from './bytes';
import { writeRow } from './cells';
import { addCost } from './costs';
import { HEAD, KEYS, MAX_SLOTS, RUN, TAIL } from './memory';
import { HAS_PROPERTIES, readRecord, recordFacts } from './record';
import { mostTold, tellRecord } from './table';

/** Records as they were sent, a line each: the page itself becomes the text. */
const LINES: i32 = 0;
/** The same with something before its first member. */
const LINES_WITH_HEAD: i32 = 1;
/** Rows of CSV; the comma of the last cell stands before an empty one, for unknown members. */
const ROWS: i32 = 2;
/** Values for the columns of a file. */
const COLUMNS: i32 = 3;

/** A row beside its values: a comma and two quotes for each cell, its head, its tail. */
const ROW_MARGIN: i32 = MAX_SLOTS * 3 + 1024 + 128;

let kind: i32 = LINES;
let cells: i32 = 0;
let guard: bool = false;
let headLength: i32 = 0;
let tailLength: i32 = 0;

/** How rows are written; head, tail and the slots of the cells stand in the memory. */
export function setRun(how: i32, cellCount: i32, guarded: bool, head: i32, tail: i32): void {
  kind = how;
  cells = cellCount;
  guard = guarded;
  headLength = head;
  tailLength = tail;
}

/**
 * Reads the record at `at` and those that stand right behind it, until one starts at `stop` or behind it, or one is odd: that one has been read,
 * but neither added up nor written. What was written stands from `out`, which ends before `limit`.
 *
 * Tells in its table: how many records were written; the end of the last of them; where what was written ends; the end of the odd
 * one, or 0.
 */
export function readRun(at: i32, stop: i32, out: i32, limit: i32): void {
  store<i32>(RUN, 0);
  store<i32>(RUN, at, 4);
  store<i32>(RUN, out, 8);
  store<i32>(RUN, 0, 12);
  const first = out;
  let records: i32 = 0;
  while (true) {
    const end = readRecord(at);
    const room = kind === LINES ? 0 : kind === COLUMNS ? mostTold() : ((end - at) << 1) + ROW_MARGIN;
    const isFull = out + room > limit;
    if (isFull && records > 0) {
      return;
    }
    if (isFull || (recordFacts() & ~HAS_PROPERTIES) !== 0 || !addCost()) {
      store<i32>(RUN, end, 12);
      return;
    }
    if (kind === ROWS) {
      out = copy(HEAD, HEAD + headLength, out);
      out = writeRow(cells, guard, records > 0, out);
      out = copy(TAIL, TAIL + tailLength, out);
    } else if (kind === LINES_WITH_HEAD) {
      out = copy(HEAD, HEAD + headLength, out);
      out = copy(load<i32>(KEYS), end, out);
      store<u8>(out++, 0x0a);
    } else if (kind === COLUMNS) {
      out = tellRecord(records, first, out, records > 0);
    }
    records++;
    store<i32>(RUN, records);
    store<i32>(RUN, end, 4);
    store<i32>(RUN, out, 8);
    // All else that may stand between two records is for the extension.
    if (load<u8>(end) !== 0x2c || load<u8>(end + 1) !== 0x7b) {
      return;
    }
    at = end + 1;
    if (kind === LINES) {
      store<u8>(end, 0x0a);
    }
    if (at >= stop) {
      return;
    }
  }
}
