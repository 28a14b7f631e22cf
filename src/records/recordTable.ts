import { cellType } from './columnTypes.ts';
import { unknownObject } from './formats.ts';
import type { ParquetFile } from './parquetFile.ts';
import type { RecordReader } from './recordReader.ts';
import type { CellType } from './rowLayout.ts';
import { UNKNOWN_FIELDS } from './schema.ts';
import { TableFeed } from './tableFeed.ts';
import { defineJson, type TableColumn } from './tableRows.ts';
import { ToldRows } from './toldRows.ts';
import type { RunRows } from './walk/walker.ts';

const QUOTE = 0x22;
/** Of `null`. */
const NULL = 0x6e;

/** The columns of a file with the records of a reader. */
export function recordColumns({ cells }: RecordReader): TableColumn[] {
  return [
    ...cells.map(({ name }): TableColumn => ({ name, type: cellType(name) })),
    { name: UNKNOWN_FIELDS, type: 'json' },
  ];
}

/** Puts records into a Parquet file as they are read: pages become columns in one walk over their bytes. */
export class RecordTable {
  readonly #reader: RecordReader;
  readonly #file: ParquetFile;
  readonly #feed: TableFeed;
  readonly #slots: Int32Array;
  #bytes: Uint8Array = new Uint8Array();
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Whether the value at hand has escapes. */
  #isEscaped = false;
  readonly #told: ToldRows;
  /** Whether the next row has to tell all its values. */
  #isFresh = true;

  /** @param file has the columns that {@link recordColumns} tells */
  constructor(reader: RecordReader, file: ParquetFile) {
    this.#reader = reader;
    this.#file = file;
    const types = reader.cells.map(({ name }) => cellType(name));
    this.#feed = new TableFeed(file, types);
    this.#slots = Int32Array.from(reader.cells, ({ slot }) => slot);
    this.#told = new ToldRows(file, this.#feed, this.#slots, types, this.#take);
  }

  /** Pages share nothing: the first record of each has to tell all its values. */
  beginPage(): void {
    this.#isFresh = true;
  }

  /** How the walk puts many records at once, one page long; {@link record} is for those that it leaves, with {@link beginPage} behind each. */
  get rows(): RunRows {
    return this.#told.rows;
  }

  /** The reader's current record. */
  record(bytes: Uint8Array): void {
    const { starts, ends, changed, escaped, unknown } = this.#reader;
    const slots = this.#slots;
    const isFresh = this.#isFresh;
    for (let column = 0; column < slots.length; column++) {
      const slot = slots[column] as number;
      if (!isFresh && changed[slot] === 0) {
        continue;
      }
      const start = starts[slot] as number;
      if (start === 0 || bytes[start] === NULL) {
        this.#feed.clear(column);
      } else {
        this.#take(column, bytes, start, ends[slot] as number, escaped[slot] !== 0);
      }
    }
    this.#isFresh = false;
    if (unknown.length === 0) {
      this.#feed.endRow();
    } else {
      const column = slots.length;
      const text = unknownObject(bytes, unknown);
      this.#feed.endRow(this.#file.text(column, text) ?? this.#file.misfit(column, text, JSON.stringify(text)));
    }
  }

  readonly #take = (column: number, bytes: Uint8Array, start: number, end: number, isEscaped: boolean): void => {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.#isEscaped = isEscaped;
    this.#feed.set(column, this.#view, start, end, this.#define);
  };

  readonly #define = (column: number, type: CellType, start: number, end: number): number => {
    const bytes = this.#bytes;
    const isText = type === 'text' || (type === 'json' && bytes[start] === QUOTE);
    // Whoever reads pages has seen that they are UTF-8.
    if (isText && bytes[start] === QUOTE && !this.#isEscaped) {
      return this.#file.slice(column, bytes, start + 1, end - 1);
    }
    const digits = type === 'number' ? this.#file.digits(column, bytes, start, end) : undefined;
    return digits ?? defineJson(column, type, bytes, start, end, this.#file);
  };

  /** Writes what is enough; to be called between pages. */
  async drain(): Promise<void> {
    if (await this.#feed.drain()) {
      this.#isFresh = true;
      this.#told.forget();
    }
  }

  /** All records were put. */
  end(): void {
    this.#feed.end();
  }
}
