import { JsonSyntaxError } from '../../json/scan.ts';
import type { ByteBuffer } from '../output.ts';
import { instantiateWalk, type WalkExports } from './walkModule.ts';

/** What a kind of record looks like to the walk. */
export interface RecordShape {
  /** A record is about to be read, perhaps for the second time. */
  begin(): void;
  /** How many slots there are: one for each column, and for each member that is a cell of its own. */
  slots: number;
  /** For each column whose members have slots of their own, their level; 0 for all others. */
  objects: Uint8Array;
  /** The slot of a key with its quotes on a level: the record is 0, its `properties` 1; see {@link NO_SLOT}, {@link PROPERTIES_SLOT}. */
  slotOf(bytes: Uint8Array, level: number, keyStart: number, keyEnd: number): number;
  /** A member that no slot holds; `valueOfColumn`: one has it, but cannot show it in the cells of its members. */
  unknown(
    level: number,
    valueOfColumn: boolean,
    keyStart: number,
    keyEnd: number,
    valueStart: number,
    valueEnd: number,
  ): void;
}

export const NO_SLOT = -1;
export const PROPERTIES_SLOT = -2;

/** Writes a text that a spreadsheet might run: returns the cell as it shall stand in the file. */
export type CellGuard = (json: string) => string;

/** How the rows of a run are written: see {@link Walker.run}. */
export interface RunRows {
  /** What stands before each. */
  head: string;
  /** Cells of CSV, and behind them an empty one for unknown members; left out: the record as it was sent, on a line of its own. */
  csv?: {
    slots: Int32Array;
    guard: CellGuard | undefined;
    lineEnd: string;
  };
  /** Left out: rows are text. */
  table?: RunTable;
}

/** Columns of a file that are told what changes from record to record. */
export interface RunTable {
  /** By column: where its values stand in records. */
  slots: Int32Array;
  /** By column: {@link TEXTS}, {@link NUMBERS}, or 0 for all else. */
  kinds: Uint8Array;
  /**
   * By column: which stage its values are written to one after the other, from 1; 0 where they are told by their numbers. Others than at the
   * last page are obeyed from the next page on.
   */
  stages: Uint8Array;
  take(run: ToldRun): void;
}

/** Kinds of columns whose values may be staged: texts with their length before them, and decimals of 16 bytes; see `assembly/table.ts`. */
export const TEXTS = 1;
export const NUMBERS = 2;

/** What a run tells the columns of a file, good until the call returns. The list is described in `assembly/table.ts`. */
export interface ToldRun {
  records: number;
  bytes: Uint8Array;
  ints: Int32Array;
  /** Where the list starts and ends, as places of `ints`. */
  from: number;
  to: number;
  /** Where the values of a stage start and end, as places of `bytes`; stages count from 1. */
  staged(stage: number): [start: number, end: number];
}

/** See `assembly/table.ts`. */
export const TOLD_SIZE = 6;
export const TOLD_ESCAPED = 0x10000;
export const TOLD_STAGED = -2;
export const TOLD_ASKED = -0x80000000;
/** Of an entry of the cache: its length, which is -1 for none, and its number. As places of `ints`. */
export const ENTRY_LENGTH = 1;
export const ENTRY_NUMBER = 3;

/** How many stages there are. */
export const MOST_STAGES = 32;

/** Where the cost of a record stands, as slots; -1 for what it has not. */
export interface CostSlots {
  amount: number;
  currency: number;
  day: number;
}

/** Takes what a run added up: three integers, of the digits before the point, of twelve behind it, of twelve behind these. */
export interface CostSum {
  addLimbs(whole: number, fraction: number, finest: number): void;
}

/** By the number that the module names them with (src/records/walk/assembly/failures.ts). */
const EXPECTED = [
  ...['a string', 'no control character inside a string', 'the end of a string', 'a hexadecimal digit'],
  ...['an escape character', 'a digit', "'true'", "'false'", "'null'", 'a value', 'an object', "':'"],
  ...["',' or '}'", "',' or ']'"],
];
const TOO_DEEP = 14;

const HAS_PROPERTIES = 1;
const HAS_LINE_BREAKS = 2;
const HAS_UNKNOWN = 4;

const VALUE_OF_COLUMN = 256;

/** Addresses are signed. Bytes. */
const LARGEST_WINDOW = 1024 * 1024 * 1024;

/** How much of a page is copied at once: with what is written from it, it stays in the cache of one core. Bytes. */
const WINDOW = 192 * 1024;

/** A record that begins so near to the end of the window is likely to be cut by it. Bytes. */
const AHEAD = 8 * 1024;

const BLOCK = 65_536;

/** How much a run may write before it is taken; as long as a row, at least. Bytes. */
const ROOM = 128 * 1024;

const LINES = 0;
const LINES_WITH_HEAD = 1;
const ROWS = 2;
const COLUMNS = 3;
const LINE_FEED = 0x0a;

interface Run {
  cells: Int32Array | undefined;
  guard: CellGuard | undefined;
  table: RunTable | undefined;
  isLines: boolean;
}

const NO_RUN: Run = { cells: undefined, guard: undefined, table: undefined, isLines: true };

const COMMA = 0x2c;

/**
 * The memory that the record walk works in, and the walk. All readers share one: pages are read without a turn of the event loop between,
 * so it holds a window of one page at a time. It is collected with the last reader that used it, and what a large record needed with
 * it.
 */
export class Walker {
  /** The whole memory. */
  bytes = new Uint8Array();
  starts = new Int32Array();
  ends = new Int32Array();
  /** By slot: 0 where the value is that of the record before. */
  changed = new Uint8Array();
  /** By slot: 0 where the value is text without escapes, or no text. Told of values that changed. */
  escaped = new Uint8Array();
  hasProperties = false;
  hasLineBreaks = false;
  /** Where the current record stands in the memory. */
  recordStart = 0;
  recordEnd = 0;
  /** Whether a page is being read. */
  busy = false;
  /** Of the last run: how many records it wrote, where the last of them ends, and where the odd one does, 0 for none. */
  runRecords = 0;
  runEnd = 0;
  oddEnd = 0;
  readonly #walk: WalkExports;
  readonly #page: number;
  readonly #margin: number;
  readonly #cellMargin: number;
  #shape: RecordShape | undefined;
  #source: Uint8Array = new Uint8Array();
  /** What of the source the window has. */
  #windowStart = 0;
  #windowEnd = 0;
  /** Where cells are written. */
  #out = 0;
  #cells: Int32Array | undefined;
  readonly #runs = new WeakMap<Int32Array, Int32Array[]>();
  #guard: CellGuard | undefined;
  #run: Run = NO_RUN;
  /** Whose values the cache has. */
  #table: RunTable | undefined;
  /** The whole memory as numbers. */
  #ints = new Int32Array();
  /** What the module tells of a run. */
  #told = new Int32Array();
  #limbs = new Float64Array();
  /** What the costs of a run belong to. */
  #sum: CostSum | undefined;

  constructor() {
    this.#walk = instantiateWalk({
      fail: (failure, at) => this.#fail(failure, at),
      slotOf: (level, start, end) => this.#shape?.slotOf(this.bytes, level, start, end) ?? NO_SLOT,
      takeUnknown: () => this.#takeUnknown(),
      guardedCell: (start, end, out) => this.#guardedCell(start, end, out),
    });
    this.#page = this.#walk.PAGE.value;
    this.#margin = this.#walk.MARGIN.value;
    // A comma and two quotes for each cell.
    this.#cellMargin = this.#margin + this.#walk.MAX_SLOTS.value * 3;
    this.#renew();
  }

  /** Views of memory that grew are empty. */
  #renew(): void {
    const { memory, STARTS, ENDS, CHANGED, ESCAPED, MAX_SLOTS, RUN, SUM } = this.#walk;
    this.bytes = new Uint8Array(memory.buffer);
    this.#ints = new Int32Array(memory.buffer);
    this.starts = new Int32Array(memory.buffer, STARTS.value, MAX_SLOTS.value);
    this.ends = new Int32Array(memory.buffer, ENDS.value, MAX_SLOTS.value);
    this.changed = new Uint8Array(memory.buffer, CHANGED.value, MAX_SLOTS.value);
    this.escaped = new Uint8Array(memory.buffer, ESCAPED.value, MAX_SLOTS.value);
    this.#told = new Int32Array(memory.buffer, RUN.value, 4);
    this.#limbs = new Float64Array(memory.buffer, SUM.value, 3);
  }

  /** Begins a page, or a line. */
  begin(shape: RecordShape, source: Uint8Array): void {
    if (this.#shape !== shape) {
      this.#take(shape);
    }
    this.#source = source;
    this.#show(0, Math.min(WINDOW, source.length));
  }

  /** The page is read: it is not kept from being collected. */
  end(): void {
    this.#source = new Uint8Array();
  }

  /** Copies a part of the page to where the walk reads. */
  #show(start: number, end: number): void {
    const size = end - start;
    if (size > LARGEST_WINDOW) {
      throw new RangeError(`a record of ${size} bytes is more than can be read`);
    }
    const address = this.#page + size;
    this.#out = (address + this.#margin + 15) & ~15;
    this.#reserve(this.#out + this.#margin);
    this.bytes.set(this.#source.subarray(start, end), this.#page);
    // The walk stops at what is no JSON, so it needs no look at where the window ends.
    this.bytes.fill(0, address, this.#out);
    this.#walk.setPageEnd(address);
    this.#walk.forgetRecord();
    this.#windowStart = start;
    this.#windowEnd = end;
  }

  #take(shape: RecordShape): void {
    const { OBJECTS, MAX_SLOTS } = this.#walk;
    if (shape.slots > MAX_SLOTS.value) {
      throw new RangeError(`a record has at most ${MAX_SLOTS.value} values with a place of their own`);
    }
    this.#walk.forget();
    this.#walk.setSlots(shape.slots);
    this.bytes.fill(0, OBJECTS.value, OBJECTS.value + MAX_SLOTS.value);
    this.bytes.set(shape.objects, OBJECTS.value);
    this.#shape = shape;
  }

  #reserve(end: number): void {
    const missing = end - this.bytes.length;
    if (missing > 0) {
      this.#walk.memory.grow(Math.ceil(missing / BLOCK));
      this.#renew();
    }
  }

  /**
   * Reads the record that starts at an offset of the page; returns the offset of its end.
   *
   * @throws JsonSyntaxError
   */
  record(at: number): number {
    const { length } = this.#source;
    if (at + AHEAD > this.#windowEnd && this.#windowEnd < length) {
      this.#show(at, Math.min(at + WINDOW, length));
    }
    try {
      return this.#read(at);
    } catch (error) {
      if (this.#windowEnd === length) {
        throw error;
      }
    }
    // The window has only a part of it, or something is wrong with it: all that there is tells which.
    this.#show(at, length);
    return this.#read(at);
  }

  #read(at: number): number {
    const start = at + this.#page - this.#windowStart;
    this.#shape?.begin();
    return this.#took(start, this.#walk.readRecord(start));
  }

  /** A record is read; returns the offset of its end. */
  #took(start: number, end: number): number {
    this.recordStart = start;
    this.recordEnd = end;
    const facts = this.#walk.recordFacts();
    this.hasProperties = (facts & HAS_PROPERTIES) !== 0;
    this.hasLineBreaks = (facts & HAS_LINE_BREAKS) !== 0;
    if ((facts & HAS_UNKNOWN) !== 0) {
      this.#takeUnknown();
    }
    // Here, since it may renew the views that callers are about to be given: no text grows to more than twice its size as cells.
    this.#reserve(this.#out + (end - start) * 2 + this.#cellMargin);
    return end - this.#page + this.#windowStart;
  }

  /** Has runs over this page write their rows so, and add up what these slots hold; tells whether that is possible. */
  beginRuns({ head, csv, table }: RunRows, costs: CostSlots): boolean {
    const { HEAD, MAX_HEAD, MAX_SLOTS, TAIL } = this.#walk;
    const start = Buffer.from(head);
    const cells = csv === undefined ? [] : this.#runsOf(csv.slots);
    if (start.length > MAX_HEAD.value || cells.length > 1 || (table?.slots.length ?? 0) > MAX_SLOTS.value) {
      return false;
    }
    const end = Buffer.from(csv?.lineEnd ?? '');
    this.bytes.set(start, HEAD.value);
    this.bytes.set(end, TAIL.value);
    const text = csv !== undefined ? ROWS : start.length > 0 ? LINES_WITH_HEAD : LINES;
    const kind = table === undefined ? text : COLUMNS;
    const isGuarded = csv?.guard === undefined ? 0 : 1;
    this.#walk.setRun(kind, cells[0]?.length ?? 0, isGuarded, start.length, end.length);
    this.#walk.setCosts(costs.amount, costs.currency, costs.day);
    this.#run = { cells: cells[0], guard: csv?.guard, table, isLines: kind === LINES };
    if (table !== undefined) {
      this.#setTable(table);
    }
    this.#sum = undefined;
    return true;
  }

  #setTable(table: RunTable): void {
    const { TABLE_SLOTS, TABLE_KINDS, TABLE_STAGES } = this.#walk;
    this.#ints.set(table.slots, TABLE_SLOTS.value / 4);
    this.bytes.set(table.kinds, TABLE_KINDS.value);
    this.bytes.set(table.stages, TABLE_STAGES.value);
    this.#walk.setTable(table.slots.length);
    if (this.#table !== table) {
      this.#table = table;
      this.#walk.forgetValues();
    }
  }

  /** Costs of the currency and the day of the current record, which runs meet, belong to this sum. */
  keepSum(sum: CostSum): void {
    this.#sum = sum;
    this.#walk.keepSum();
  }

  /**
   * Reads the record that starts at an offset of the page, and those that stand right behind it, writes them and adds up their costs,
   * until one is odd: it has unknown members, its cost is of another day, or what else there is that somebody has to look at. That one
   * has been read and is the current one, but is neither written nor added up.
   *
   * Tells of it in {@link runRecords}, {@link runEnd} and {@link oddEnd}: either some were written or there is an odd one.
   *
   * @throws JsonSyntaxError when the first one is no record
   */
  run(at: number, out: ByteBuffer): void {
    const { length } = this.#source;
    if (at + AHEAD > this.#windowEnd && this.#windowEnd < length) {
      this.#show(at, Math.min(at + WINDOW, length));
    }
    try {
      this.#readRun(at);
    } catch (error) {
      // Those before the one that cannot be read were written; the next run begins with it.
      if (this.#told[0] === 0) {
        if (this.#windowEnd === length) {
          throw error;
        }
        this.#show(at, length);
        this.#readRun(at);
      }
    }
    this.#takeRun(at, out);
  }

  #readRun(at: number): void {
    const base = this.#page - this.#windowStart;
    const { cells, guard, table } = this.#run;
    // What fails before the walk begins must not be taken for the end of the run before.
    this.#told[0] = 0;
    this.#reserve(this.#out + ROOM + this.#margin);
    this.#shape?.begin();
    this.#setCells(cells);
    this.#guard = guard;
    if (table !== undefined) {
      this.#walk.emptyStages(MOST_STAGES);
    }
    const stop = this.#windowEnd === this.#source.length ? this.#windowEnd : this.#windowEnd - AHEAD;
    this.#walk.readRun(at + base, stop + base, this.#out, this.#out + ROOM);
  }

  #takeRun(at: number, out: ByteBuffer): void {
    const base = this.#page - this.#windowStart;
    const [records = 0, end = 0, written = 0, odd = 0] = this.#told;
    this.runRecords = records;
    this.runEnd = end - base;
    this.oddEnd = 0;
    if (records > 0) {
      const { isLines, table } = this.#run;
      if (table !== undefined) {
        this.#tell(table, records, written);
      } else if (isLines) {
        out.slice(this.bytes, at + base, end);
        out.byte(LINE_FEED);
      } else {
        out.slice(this.bytes, this.#out, written);
      }
      const [whole = 0, fraction = 0, finest = 0] = this.#limbs;
      this.#sum?.addLimbs(whole, fraction, finest);
      this.#limbs.fill(0);
    }
    if (odd !== 0) {
      this.oddEnd = this.#took(records > 0 ? end + 1 : at + base, odd);
    }
  }

  #tell(table: RunTable, records: number, end: number): void {
    const { STAGES, STAGE_ENDS, STAGE_SIZE } = this.#walk;
    const ints = this.#ints;
    // What a column that failed half-way was about to keep must not be found again.
    this.#table = undefined;
    table.take({
      ...{ records, bytes: this.bytes, ints, from: this.#out / 4, to: end / 4 },
      staged: (stage) => [STAGES.value + (stage - 1) * STAGE_SIZE.value, ints[STAGE_ENDS.value / 4 + stage - 1] ?? 0],
    });
    this.#table = table;
  }

  #takeUnknown(): void {
    const { UNKNOWN, UNKNOWN_SIZE, memory } = this.#walk;
    const size = UNKNOWN_SIZE.value / 4;
    const count = this.#walk.emptyUnknown();
    const table = new Int32Array(memory.buffer, UNKNOWN.value, count * size);
    for (let at = 0; at < table.length; at += size) {
      const [level = 0, keyStart = 0, keyEnd = 0, valueStart = 0, valueEnd = 0] = table.subarray(at, at + size);
      this.#shape?.unknown(level & ~VALUE_OF_COLUMN, level >= VALUE_OF_COLUMN, keyStart, keyEnd, valueStart, valueEnd);
    }
  }

  /** Writes the values of some slots of the current record as cells of CSV with commas between them. */
  writeCells(slots: Int32Array, out: ByteBuffer, guard: CellGuard | undefined): void {
    this.#guard = guard;
    let first = true;
    for (const run of this.#runsOf(slots)) {
      this.#setCells(run);
      if (!first) {
        out.byte(COMMA);
      }
      first = false;
      out.slice(this.bytes, this.#out, this.#walk.writeCells(run.length, guard === undefined ? 0 : 1, this.#out));
    }
  }

  #setCells(slots: Int32Array | undefined): void {
    if (slots !== undefined && this.#cells !== slots) {
      new Int32Array(this.bytes.buffer, this.#walk.CELLS.value, slots.length).set(slots);
      this.#cells = slots;
    }
  }

  /** The slots in runs that have each once: so much room is there. */
  #runsOf(slots: Int32Array): readonly Int32Array[] {
    let runs = this.#runs.get(slots);
    if (runs === undefined) {
      runs = [];
      for (let start = 0, at = 1; at <= slots.length; at++) {
        if (at === slots.length || slots.subarray(start, at).includes(slots[at] ?? 0)) {
          runs.push(slots.slice(start, at));
          start = at;
        }
      }
      this.#runs.set(slots, runs);
    }
    return runs;
  }

  #guardedCell(start: number, end: number, out: number): number {
    const cell = Buffer.from(this.#guard?.(Buffer.from(this.bytes.buffer, start, end - start).toString()) ?? '');
    this.bytes.set(cell, out);
    return out + cell.length;
  }

  #fail(failure: number, address: number): never {
    const at = address - this.#page + this.#windowStart;
    if (failure === TOO_DEEP) {
      throw new JsonSyntaxError('values are nested more than 512 deep', at);
    }
    const expected = EXPECTED[failure] ?? 'something else';
    throw at >= this.#windowEnd
      ? new JsonSyntaxError(`the text ends where ${expected} should be`, at)
      : new JsonSyntaxError(`expected ${expected}`, at);
  }
}

let shared: WeakRef<Walker> | undefined;

/** The walker that all readers share; another one while a page is being read, by whom that is in the middle of its record. */
export function walkerFor(last: Walker | undefined): Walker {
  const walker = last ?? shared?.deref();
  if (walker !== undefined && !walker.busy) {
    return walker;
  }
  const made = new Walker();
  if (walker === undefined) {
    shared = new WeakRef(made);
  }
  return made;
}
