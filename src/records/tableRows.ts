import { sliceText } from '../json/scan.ts';
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
 * Takes rows value by value. Methods that return a boolean answer whether the file can hold the value in that column; what it
 * cannot comes back as `misfit`, so that nothing is lost without a word.
 */
export interface TableTarget {
  /** @param digits a number of JSON, as it was sent */
  number(column: number, digits: string): boolean;
  /** @param text as it was sent */
  date(column: number, instant: Instant, text: string): boolean;
  boolean(column: number, value: boolean): boolean;
  text(column: number, text: string): boolean;
  /**
   * A value that is not of its column's type.
   *
   * @param json the same value as JSON
   */
  misfit(column: number, text: string, json: string): void;
  endRow(): void;
}

/** A file that rows become. */
export interface TableFile extends TableTarget {
  readonly rows: number;
  readonly bytes: number;
  /** Writes what is ready; nothing more may come in before it is done. */
  drain(): Promise<void>;
  /** @returns what the file could not hold as it was, a sentence each */
  finish(): Promise<string[]>;
  /** Stops; resolves when nothing is written any more. */
  abandon?(): Promise<void>;
}

/** JSON's grammar of numbers (RFC 8259). */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A mark of byte order at the start of a value belongs to it. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What a column had last: most columns of usage repeat their values from row to row, and comparing bytes is cheaper than decoding. */
interface Last {
  bytes: Uint8Array;
  text: string;
  instant: Instant | undefined;
}

/** Reads rows that were written as flat JSON objects, one a line, and hands their values to a target by the types of their columns. */
export class TableReader {
  /** The columns asked for, and behind them the one of {@link UNKNOWN_FIELDS}. */
  readonly columns: readonly TableColumn[];
  readonly #reader: RecordReader;
  readonly #last: Last[];

  constructor(columns: readonly TableColumn[]) {
    this.columns = [...columns, { name: UNKNOWN_FIELDS, type: 'json' }];
    const names = this.columns.map(({ name }) => name);
    this.#reader = new RecordReader(defineFlatSchema('rows of a file', names, { amount: '', currency: '' }));
    this.#last = names.map(() => ({ bytes: new Uint8Array(), text: '', instant: undefined }));
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
    let column = 0;
    for (const { type } of this.columns) {
      const start = reader.starts[column] as number;
      if (start !== 0) {
        this.#value(bytes, start, reader.ends[column] as number, column, type, target);
      }
      column++;
    }
    target.endRow();
  }

  #value(bytes: Uint8Array, start: number, end: number, column: number, type: CellType, target: TableTarget): void {
    const first = bytes[start];
    if (first === 0x6e) {
      return;
    }
    const last = this.#last[column] as Last;
    if (!isSame(bytes, start, end, last.bytes)) {
      last.bytes = bytes.slice(start, end);
      last.text = first === QUOTE ? stringText(bytes, start, end) : sliceText(bytes, start, end);
      last.instant = type === 'date' ? parseInstant(last.text) : undefined;
    }
    const { text } = last;
    if (!place(column, type, last, target)) {
      target.misfit(column, text, first === QUOTE ? sliceText(bytes, start, end) : text);
    }
  }
}

/** Whether the value found its place; empty text is none where the column holds no text. */
function place(column: number, type: CellType, { text, instant }: Last, target: TableTarget): boolean {
  switch (type) {
    case 'text':
    case 'json':
      return target.text(column, text);
    case 'number': {
      // Some services send numbers as text.
      const digits = text.trim();
      return digits === '' || (NUMBER.test(digits) && target.number(column, digits));
    }
    case 'date':
      return text === '' || (instant !== undefined && target.date(column, instant, text));
    case 'boolean': {
      const word = text.toLowerCase();
      return word === '' || ((word === 'true' || word === 'false') && target.boolean(column, word === 'true'));
    }
  }
}

function stringText(bytes: Uint8Array, start: number, end: number): string {
  return bytes.subarray(start, end).includes(BACKSLASH)
    ? (JSON.parse(sliceText(bytes, start, end)) as string)
    : decoder.decode(bytes.subarray(start + 1, end - 1));
}

function isSame(bytes: Uint8Array, start: number, end: number, other: Uint8Array): boolean {
  if (end - start !== other.length) {
    return false;
  }
  // From the end: ids differ there.
  for (let i = other.length - 1; i >= 0; i--) {
    if (bytes[start + i] !== other[i]) {
      return false;
    }
  }
  return true;
}
