import { sliceText } from '../json/scan.ts';
import type { RecordReader } from '../records/recordReader.ts';

/** Records are kept when every one of these columns has the text that is given; ids differ in case. Empty: all are kept. */
export type RowFilter = readonly { column: string; text: string }[];

/** A filter over the records of one reader. */
export class RowMatch {
  readonly #reader: RecordReader;
  readonly #wanted: readonly { column: number; text: string }[];

  constructor(reader: RecordReader, filter: RowFilter) {
    this.#reader = reader;
    this.#wanted = filter.map(({ column, text }) => ({
      column: reader.schema.columns.findIndex(({ name }) => name === column),
      text: text.toLowerCase(),
    }));
  }

  /** Whether the reader's current record is kept. */
  matches(bytes: Uint8Array): boolean {
    const { starts, ends } = this.#reader;
    return this.#wanted.every(({ column, text }) => {
      const start = starts[column] ?? 0;
      const value: unknown = start === 0 ? undefined : JSON.parse(sliceText(bytes, start, ends[column] ?? 0));
      return typeof value === 'string' && value.toLowerCase() === text;
    });
  }
}
