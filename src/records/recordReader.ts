import { expectEnd, JsonSyntaxError, sliceText, startOfText, walkItems, walkMembers } from '../json/scan.ts';
import { keyText, MemberIndex } from './memberIndex.ts';
import type { ByteBuffer } from './output.ts';
import { type Column, defineSchema, type RecordSchema } from './schema.ts';
import {
  type CellGuard,
  type CostSlots,
  type CostSum,
  NO_SLOT,
  PROPERTIES_SLOT,
  type RecordShape,
  type RunRows,
  type Walker,
  walkerFor,
} from './walk/walker.ts';

/** A member that the schema does not know, or not with such a value: the slices of its key (with quotes) and its value. */
export interface UnknownField {
  /** Of the record, of its `properties`, or of the value of a column, which has it in its slice, too. */
  within: Column['within'] | 'column';
  /** Stands before its key where fields of all levels are named together: nothing, `properties.`, `resource.`. */
  path: string;
  keyStart: number;
  keyEnd: number;
  valueStart: number;
  valueEnd: number;
}

/** A cell of CSV, and where `starts` and `ends` have its value. */
export interface Cell {
  name: string;
  slot: number;
}

const PROPERTIES = 'properties.';

/** One kind of object: what stands in it goes where. */
interface Level {
  within: UnknownField['within'];
  path: string;
  index: MemberIndex;
}

/** Has rows written and costs added up without a call for each record. */
export interface RecordRuns {
  /** How the rows of a page are written. */
  rows: RunRows;
  costs: CostSlots;
  out: ByteBuffer;
  /** So many records were written and added up. */
  onRun(records: number): void;
  /** What the cost of the current record was added to; undefined when it has none, or its currency and day do not tell. */
  sum(): CostSum | undefined;
}

/** The levels that every kind of record has; behind them those of columns whose members are cells of their own. */
const RECORD_LEVEL = 0;

/**
 * Walks pages `{"value":[record,…]}` (or what the schema calls their list), or records one by one, and tells where each value of a
 * record stands. Pages are copied piece by piece into the memory of the walk, so offsets are those of the bytes that callers are given, not of
 * the page. One reader is reused for all records: what it says is valid until the next record that any reader reads.
 */
export class RecordReader {
  readonly schema: RecordSchema;
  /** What a row of CSV has, in the order of the columns. */
  readonly cells: readonly Cell[];
  /**
   * Start and end of each column's value, and behind them those of members that are cells of their own; start 0 when the record lacks
   * it (a value never starts at 0). Other arrays may hold them with the next record.
   */
  starts: Int32Array;
  ends: Int32Array;
  /** By slot: 0 where the value is byte by byte that of the record before; 1 may mean nothing. Told while a page is read. */
  changed = new Uint8Array();
  /** By slot, of values that changed: 0 where text has no escapes. */
  escaped = new Uint8Array();
  /** Members that no column holds, in the order they were sent. */
  readonly unknown: UnknownField[] = [];
  /** Whether the record has an object named `properties`, be it empty. */
  hasProperties = false;
  /** Whether line breaks stand between the tokens of the record. */
  hasLineBreaks = false;
  /** Where the record stands. */
  recordStart = 0;
  recordEnd = 0;
  /** Name of the list, with its quotes. */
  readonly #list: string;
  readonly #shape: RecordShape;
  #walker: Walker | undefined;

  constructor(schema: RecordSchema) {
    const { columns } = schema;
    const levels: Level[] = [];
    const addLevel = (within: Level['within'], path: string, slots: Iterable<readonly [string, number]>): number =>
      levels.push({ within, path, index: new MemberIndex(slots, schema.anyCase === true) }) - 1;
    const slotsWithin = (within: Column['within']) =>
      columns.flatMap((column, slot) => (column.within === within ? [[column.name, slot] as const] : []));
    addLevel('record', '', slotsWithin('record'));
    addLevel('properties', PROPERTIES, slotsWithin('properties'));
    const cells: Cell[] = [];
    let slots = columns.length;
    const objects = columns.map(({ name, within, members }, slot) => {
      if (members === undefined) {
        cells.push({ name, slot });
        return 0;
      }
      const own = members.map((member) => [member, slots++] as const);
      cells.push(...own.map(([member, at]) => ({ name: `${name}.${member}`, slot: at })));
      return addLevel('column', `${within === 'properties' ? PROPERTIES : ''}${name}.`, own);
    });
    this.schema = schema;
    this.#list = JSON.stringify(schema.list ?? 'value');
    this.cells = cells;
    this.starts = new Int32Array(slots);
    this.ends = new Int32Array(slots);
    this.#shape = {
      begin: () => {
        this.unknown.length = 0;
      },
      slots,
      objects: Uint8Array.from(objects),
      slotOf(bytes, level, keyStart, keyEnd) {
        const key = keyText(bytes, keyStart, keyEnd);
        if (level === RECORD_LEVEL && schema.flat !== true && key === '"properties"') {
          return PROPERTIES_SLOT;
        }
        return levels[level]?.index.slotOf(key) ?? NO_SLOT;
      },
      unknown: (level, valueOfColumn, keyStart, keyEnd, valueStart, valueEnd) => {
        const { within = 'record', path = '' } = levels[level] ?? {};
        this.unknown.push({
          within: valueOfColumn ? 'column' : within,
          path,
          keyStart,
          keyEnd,
          valueStart,
          valueEnd,
        });
      },
    };
  }

  /**
   * Calls `onRecord` once per record of the page, with the bytes in which it stands.
   *
   * @param runs what is usual is written by the walk itself, and `onRecord` is called for all others
   * @returns the number of records
   * @throws JsonSyntaxError when the page is not an object with one list of the schema's name, or not JSON at all
   */
  readPage(page: Uint8Array, onRecord: (bytes: Uint8Array) => void, runs?: RecordRuns): number {
    return this.#read(page, (walker) => {
      const isRun = runs !== undefined && walker.beginRuns(runs.rows, runs.costs);
      let records = 0;
      let lists = 0;
      const start = startOfText(page);
      const end = walkMembers(page, start, (keyStart, keyEnd, valueStart) => {
        if (keyText(page, keyStart, keyEnd) !== this.#list) {
          return undefined;
        }
        lists++;
        return walkItems(page, valueStart, (at) => {
          if (!isRun) {
            const recordEnd = this.#record(walker, at);
            records++;
            onRecord(walker.bytes);
            return recordEnd;
          }
          walker.run(at, runs.out);
          const { runRecords, runEnd, oddEnd } = walker;
          records += runRecords;
          runs.onRun(runRecords);
          if (oddEnd === 0) {
            return runEnd;
          }
          records++;
          this.#take(walker);
          onRecord(walker.bytes);
          const sum = runs.sum();
          if (sum !== undefined) {
            walker.keepSum(sum);
          }
          return oddEnd;
        });
      });
      expectEnd(page, end);
      if (lists !== 1) {
        throw new JsonSyntaxError(`expected one list named '${this.schema.list ?? 'value'}', found ${lists}`, start);
      }
      return records;
    });
  }

  /**
   * Reads one record that stands for itself, a line of JSON lines.
   *
   * @returns the bytes in which it stands
   * @throws JsonSyntaxError when it is no object, or something stands behind it
   */
  readLine(line: Uint8Array): Uint8Array {
    return this.#read(line, (walker) => {
      expectEnd(line, this.#record(walker, startOfText(line)));
      return walker.bytes;
    });
  }

  /** Writes values of the current record as cells of CSV, commas between them; see {@link CellGuard}. */
  writeCells(slots: Int32Array, out: ByteBuffer, guard?: CellGuard): void {
    this.#walker?.writeCells(slots, out, guard);
  }

  #read<T>(text: Uint8Array, read: (walker: Walker) => T): T {
    const walker = walkerFor(this.#walker);
    this.#walker = walker;
    walker.busy = true;
    try {
      walker.begin(this.#shape, text);
      return read(walker);
    } finally {
      walker.end();
      walker.busy = false;
    }
  }

  #record(walker: Walker, at: number): number {
    const end = walker.record(at);
    this.#take(walker);
    return end;
  }

  /** The record that the walker has read. */
  #take(walker: Walker): void {
    this.recordStart = walker.recordStart;
    this.recordEnd = walker.recordEnd;
    this.hasProperties = walker.hasProperties;
    this.hasLineBreaks = walker.hasLineBreaks;
    this.starts = walker.starts;
    this.ends = walker.ends;
    this.changed = walker.changed;
    this.escaped = walker.escaped;
  }
}

const KIND = defineSchema('kind of a record', [], ['kind'], { amount: '', currency: '' });

/**
 * The `kind` of the first record of a page (`modern`, `legacy`), '' when it has none, or undefined when the page has no records.
 *
 * @throws JsonSyntaxError as {@link RecordReader.readPage} does
 */
export function firstRecordKind(page: Uint8Array): string | undefined {
  const reader = new RecordReader(KIND);
  let kind: string | undefined;
  reader.readPage(page, (bytes) => {
    if (kind === undefined) {
      const start = reader.starts[0] ?? 0;
      const value: unknown = start === 0 ? '' : JSON.parse(sliceText(bytes, start, reader.ends[0] ?? 0));
      kind = typeof value === 'string' ? value.toLowerCase() : '';
    }
  });
  return kind;
}
