import { sliceText } from '../json/scan.ts';
import type { RecordReader } from '../records/recordReader.ts';

/** A column has this text, or one of these; ids differ in case. What is no text counts as an empty one. */
export interface RowCondition {
  column: string;
  text: string | readonly string[];
  /** The column has none of them. */
  not?: true;
}

/** Records are kept when all conditions hold. Empty: all are kept. */
export type RowFilter = readonly RowCondition[];

/** A filter over the records of one reader. */
export class RowMatch {
  readonly #reader: RecordReader;
  readonly #wanted: readonly { column: number; texts: ReadonlySet<string>; has: boolean }[];

  constructor(reader: RecordReader, filter: RowFilter) {
    this.#reader = reader;
    this.#wanted = filter.map(({ column, text, not }) => ({
      column: reader.schema.columns.findIndex(({ name }) => name === column),
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
    return this.#wanted.every(({ column, texts, has }) => {
      const start = starts[column] ?? 0;
      const value: unknown = start === 0 ? '' : JSON.parse(sliceText(bytes, start, ends[column] ?? 0));
      return texts.has(typeof value === 'string' ? value.trim().toLowerCase() : '') === has;
    });
  }
}
