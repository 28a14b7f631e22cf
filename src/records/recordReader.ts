import {
  expectEnd,
  JsonSyntaxError,
  skipSpace,
  skipValue,
  sliceText,
  startOfText,
  walkItems,
  walkMembers,
} from '../json/scan.ts';
import { keyText, MemberIndex } from './memberIndex.ts';
import type { Column, RecordSchema } from './schema.ts';

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

/**
 * Walks pages `{"value":[record,…]}` (or what the schema calls their list), or records one by one, and tells where each value of a
 * record stands. One reader is reused for all records: what it says is valid until the next record.
 */
export class RecordReader {
  readonly schema: RecordSchema;
  /** What a row of CSV has, in the order of the columns. */
  readonly cells: readonly Cell[];
  /**
   * Start and end of each column's value in the page, and behind them those of members that are cells of their own; start 0 when the
   * record lacks it (a value never starts at 0).
   */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Members that no column holds, in the order they were sent. */
  readonly unknown: UnknownField[] = [];
  /** Whether the record has an object named `properties`, be it empty. */
  hasProperties = false;
  /** Name of the list, with its quotes. */
  readonly #list: string;
  readonly #record: Level;
  readonly #properties: Level;
  /** For each column whose members are cells of their own. */
  readonly #objects: readonly (Level | undefined)[];

  constructor(schema: RecordSchema) {
    const { columns } = schema;
    const level = (within: Level['within'], path: string, slots: Iterable<readonly [string, number]>): Level => ({
      within,
      path,
      index: new MemberIndex(slots, schema.anyCase === true),
    });
    const slotsWithin = (within: Column['within']) =>
      columns.flatMap((column, slot) => (column.within === within ? [[column.name, slot] as const] : []));
    const cells: Cell[] = [];
    let slots = columns.length;
    this.schema = schema;
    this.#list = JSON.stringify(schema.list ?? 'value');
    this.#record = level('record', '', slotsWithin('record'));
    this.#properties = level('properties', PROPERTIES, slotsWithin('properties'));
    this.#objects = columns.map(({ name, within, members }, slot) => {
      if (members === undefined) {
        cells.push({ name, slot });
        return undefined;
      }
      const own = members.map((member) => [member, slots++] as const);
      cells.push(...own.map(([member, at]) => ({ name: `${name}.${member}`, slot: at })));
      return level('column', `${within === 'properties' ? PROPERTIES : ''}${name}.`, own);
    });
    this.cells = cells;
    this.starts = new Int32Array(slots);
    this.ends = new Int32Array(slots);
  }

  /**
   * Calls `onRecord` once per record of the page.
   *
   * @returns the number of records
   * @throws JsonSyntaxError when the page is not an object with one list of the schema's name, or not JSON at all
   */
  readPage(page: Uint8Array, onRecord: (page: Uint8Array) => void): number {
    let records = 0;
    let lists = 0;
    const start = startOfText(page);
    const end = walkMembers(page, start, (keyStart, keyEnd, valueStart) => {
      if (keyText(page, keyStart, keyEnd) !== this.#list) {
        return undefined;
      }
      lists++;
      return walkItems(page, valueStart, (at) => {
        const recordEnd = this.#readRecord(page, at);
        records++;
        onRecord(page);
        return recordEnd;
      });
    });
    expectEnd(page, end);
    if (lists !== 1) {
      throw new JsonSyntaxError(`expected one list named '${this.schema.list ?? 'value'}', found ${lists}`, start);
    }
    return records;
  }

  /**
   * Reads one record that stands for itself, a line of JSON lines.
   *
   * @throws JsonSyntaxError when it is no object, or something stands behind it
   */
  readLine(line: Uint8Array): void {
    expectEnd(line, this.#readRecord(line, startOfText(line)));
  }

  #readRecord(page: Uint8Array, at: number): number {
    this.starts.fill(0);
    this.unknown.length = 0;
    this.hasProperties = false;
    this.#record.index.begin();
    return walkMembers(page, at, (keyStart, keyEnd, valueStart) => {
      if (
        this.schema.flat !== true &&
        page[valueStart] === 0x7b &&
        keyText(page, keyStart, keyEnd) === '"properties"'
      ) {
        this.hasProperties = true;
        return this.#readObject(page, this.#properties, valueStart, 1);
      }
      return this.#place(page, this.#record, keyStart, keyEnd, valueStart);
    });
  }

  #readObject(page: Uint8Array, level: Level, at: number, depth: number): number {
    level.index.begin();
    return walkMembers(page, at, (k, e, v) => this.#place(page, level, k, e, v), depth);
  }

  #place(page: Uint8Array, level: Level, keyStart: number, keyEnd: number, valueStart: number): number {
    const slot = level.index.slotOf(page, keyStart, keyEnd);
    const { path } = level;
    // A doubled key keeps its first value as the column and its second as an unknown field: nothing is lost.
    if (slot < 0 || this.starts[slot] !== 0) {
      const valueEnd = skipValue(page, valueStart, 2);
      this.unknown.push({ within: level.within, path, keyStart, keyEnd, valueStart, valueEnd });
      return valueEnd;
    }
    const object = this.#objects[slot];
    const isObject = object !== undefined && page[valueStart] === 0x7b;
    const valueEnd = isObject ? this.#readObject(page, object, valueStart, 3) : skipValue(page, valueStart, 2);
    if (object !== undefined && !isObject && page[valueStart] !== 0x6e) {
      // What should be an object and is none fits into no cell of its members.
      this.unknown.push({ within: 'column', path, keyStart, keyEnd, valueStart, valueEnd });
    }
    this.starts[slot] = valueStart;
    this.ends[slot] = valueEnd;
    return valueEnd;
  }
}

/** The `kind` of the first record of a page (`modern`, `legacy`), '' when it has none, or undefined when the page has no records. */
export function firstRecordKind(page: Uint8Array): string | undefined {
  let kind: string | undefined;
  walkMembers(page, startOfText(page), (keyStart, keyEnd, valueStart) => {
    if (keyText(page, keyStart, keyEnd) !== '"value"') {
      return undefined;
    }
    return walkItems(page, valueStart, (at) => {
      if (kind !== undefined) {
        return undefined;
      }
      kind = '';
      return walkMembers(page, skipSpace(page, at), (k, e, v) => {
        if (keyText(page, k, e) !== '"kind"') {
          return undefined;
        }
        const end = skipValue(page, v);
        const value: unknown = JSON.parse(sliceText(page, v, end));
        kind = typeof value === 'string' ? value.toLowerCase() : '';
        return end;
      });
    });
  });
  return kind;
}
