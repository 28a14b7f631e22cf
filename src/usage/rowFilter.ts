import { sliceText } from '../json/scan.ts';
import type { RecordReader } from '../records/recordReader.ts';

/** A column has this text, or one of these; ids differ in case. What is no text counts as an empty one. */
export interface RowCondition {
  /** Of several, that any of them has it. */
  column: string | readonly string[];
  /** The member of the column's object that is looked at, in any case: a tag. */
  member?: string;
  text: string | readonly string[];
  /** The column has none of them. */
  not?: true;
}

/** Records are kept when all conditions hold. Empty: all are kept. */
export type RowFilter = readonly RowCondition[];

/** A filter over the records of one reader. */
export class RowMatch {
  readonly #reader: RecordReader;
  readonly #wanted: readonly {
    columns: readonly number[];
    member: string | undefined;
    texts: ReadonlySet<string>;
    has: boolean;
  }[];

  constructor(reader: RecordReader, filter: RowFilter) {
    this.#reader = reader;
    this.#wanted = filter.map(({ column, member, text, not }) => ({
      columns: [column].flat().map((one) => reader.schema.columns.findIndex(({ name }) => name === one)),
      member,
      texts: new Set([text].flat().map((one) => one.toLowerCase())),
      has: not !== true,
    }));
  }

  /** Whether all records are kept. */
  get isOpen(): boolean {
    return this.#wanted.length === 0;
  }

  /** Whether the reader's current record is kept. */
  matches(bytes: Uint8Array): boolean {
    const { starts, ends } = this.#reader;
    const valueIn = (column: number): unknown => {
      const start = starts[column] ?? 0;
      return start === 0 ? '' : JSON.parse(sliceText(bytes, start, ends[column] ?? 0));
    };
    return this.#wanted.every(({ columns, member, texts, has }) => {
      const values = columns.map(valueIn).map((value) => (member === undefined ? value : memberOf(value, member)));
      return values.some((value) => texts.has(comparable(value))) === has;
    });
  }
}

/** A text as conditions compare it. */
export function comparable(value: unknown): string {
  return typeof value === 'string' ? value.trim().toLowerCase() : '';
}

/** A member of an object by its name in any case; undefined where there is none. */
export function memberOf(value: unknown, member: string): unknown {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const wanted = member.toLowerCase();
  return Object.entries(value).find(([name]) => name.toLowerCase() === wanted)?.[1];
}
