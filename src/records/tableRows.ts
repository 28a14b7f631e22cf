import { sliceText } from '../json/scan.ts';
import { DistinctSlices } from './distinctSlices.ts';
import { type Instant, parseInstant } from './instant.ts';
import { RecordReader } from './recordReader.ts';
import type { CellType } from './rowLayout.ts';
import { defineFlatSchema, UNKNOWN_FIELDS } from './schema.ts';

/** A column of a file whose columns have types. */
export interface TableColumn {
  name: string;
  type: CellType;
}

/**
 * Takes rows in two steps: what a value is, once, and that a cell has it, each time. What a file makes of a value is made once, however
 * many rows have it.
 *
 * The first step answers with the number that the file knows the value by, 0 or more; undefined when the file cannot hold the value in
 * that column, which then comes back as `misfit`, so that nothing is lost without a word.
 */
export interface TableTarget {
  /** @param digits a number of JSON, as it was sent */
  number(column: number, digits: string): number | undefined;
  /** @param text as it was sent */
  date(column: number, instant: Instant, text: string): number | undefined;
  boolean(column: number, value: boolean): number | undefined;
  text(column: number, text: string): number | undefined;
  /**
   * A value that is not of its column's type.
   *
   * @param json the same value as JSON
   */
  misfit(column: number, text: string, json: string): number;
  /** The next cell that holds something, by the number of its value; columns come in their order. */
  cell(column: number, value: number): void;
  endRow(): void;
  /** Whether the file knows so many values of the column that they should be forgotten. */
  isCrowded(column: number): boolean;
  /** Nobody asks for the values of the column any more; their numbers may be given anew. */
  forget(column: number): void;
}

/** A file that rows become. */
export interface TableFile extends TableTarget {
  readonly rows: number;
  readonly bytes: number;
  /**
   * Writes what is ready; nothing more may come in before it is done.
   *
   * @returns whether values may be forgotten now: the rows that have them are written
   */
  drain(): Promise<boolean>;
  /** @returns what the file could not hold as it was, a sentence each */
  finish(): Promise<string[]>;
  /** Stops; resolves when nothing is written any more. */
  abandon?(): Promise<void>;
}

/** JSON's grammar of numbers (RFC 8259). */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Of `null`. */
const NULL = 0x6e;

/** A mark of byte order at the start of a value belongs to it. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A value that is none: empty text where a column holds no text. */
export const NOTHING = -1;

/** One column, and the values that it had so far. */
interface Column {
  type: CellType;
  slices: DistinctSlices;
  /** By the number of the slice, the number that the file knows the value by. */
  values: Int32Array;
}

/** Reads rows that were written as flat JSON objects, one a line, and hands their values to a target by the types of their columns. */
export class TableReader {
  /** The columns asked for, and behind them the one of {@link UNKNOWN_FIELDS}. */
  readonly columns: readonly TableColumn[];
  readonly #reader: RecordReader;
  readonly #columns: readonly Column[];

  constructor(columns: readonly TableColumn[]) {
    this.columns = [...columns, { name: UNKNOWN_FIELDS, type: 'json' }];
    const names = this.columns.map(({ name }) => name);
    this.#reader = new RecordReader(defineFlatSchema('rows of a file', names, { amount: '', currency: '' }));
    this.#columns = this.columns.map(({ type }) => ({
      type,
      slices: new DistinctSlices(),
      values: new Int32Array(64),
    }));
  }

  /**
   * @throws JsonSyntaxError when the line is no JSON object
   * @throws RangeError when it has a field that is no column
   */
  read(line: Uint8Array, target: TableTarget): void {
    const reader = this.#reader;
    const bytes = reader.readLine(line);
    if (reader.unknown.length > 0) {
      throw new RangeError('A row has a field that none of the columns holds.');
    }
    const { starts, ends } = reader;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let column = 0; column < this.#columns.length; column++) {
      const start = starts[column] as number;
      if (start !== 0 && bytes[start] !== NULL) {
        const own = this.#columns[column] as Column;
        const known = own.slices.size;
        const slice = own.slices.numberOf(view, start, ends[column] as number);
        if (slice === known) {
          keep(own, slice, defineJson(column, own.type, bytes, start, ends[column] as number, target));
        }
        const value = own.values[slice] as number;
        if (value !== NOTHING) {
          target.cell(column, value);
        }
      }
    }
    target.endRow();
  }

  /** Lets go of the columns whose values hardly repeat. To be called when the target refers to no values. */
  forgetMany(target: TableTarget): void {
    this.#columns.forEach(({ slices }, column) => {
      if (slices.isCrowded || target.isCrowded(column)) {
        slices.clear();
        target.forget(column);
      }
    });
  }
}

function keep(own: Column, slice: number, value: number): void {
  if (slice === own.values.length) {
    const grown = new Int32Array(slice * 2);
    grown.set(own.values);
    own.values = grown;
  }
  own.values[slice] = value;
}

/** Tells the target of a value, as JSON, that the column did not have so far; returns its number, or {@link NOTHING}. */
export function defineJson(
  column: number,
  type: CellType,
  bytes: Uint8Array,
  start: number,
  end: number,
  target: TableTarget,
): number {
  const isString = bytes[start] === QUOTE;
  const text = isString ? stringText(bytes, start, end) : sliceText(bytes, start, end);
  return (
    place(column, type, text, target) ?? target.misfit(column, text, isString ? sliceText(bytes, start, end) : text)
  );
}

/** The same for a value that is text. */
export function defineText(column: number, type: CellType, text: string, target: TableTarget): number {
  return place(column, type, text, target) ?? target.misfit(column, text, JSON.stringify(text));
}

/** The number of a value that found its place. */
function place(column: number, type: CellType, text: string, target: TableTarget): number | undefined {
  switch (type) {
    case 'text':
    case 'json':
      return target.text(column, text);
    case 'number': {
      // Some services send numbers as text.
      const digits = text.trim();
      return digits === '' ? NOTHING : NUMBER.test(digits) ? target.number(column, digits) : undefined;
    }
    case 'date': {
      const instant = parseInstant(text);
      return text === '' ? NOTHING : instant && target.date(column, instant, text);
    }
    case 'boolean': {
      const word = text.toLowerCase();
      if (word === '') {
        return NOTHING;
      }
      return word === 'true' || word === 'false' ? target.boolean(column, word === 'true') : undefined;
    }
  }
}

function stringText(bytes: Uint8Array, start: number, end: number): string {
  return bytes.subarray(start, end).includes(BACKSLASH)
    ? (JSON.parse(sliceText(bytes, start, end)) as string)
    : decoder.decode(bytes.subarray(start + 1, end - 1));
}
