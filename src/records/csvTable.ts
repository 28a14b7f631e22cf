import { fileCellType } from './columnTypes.ts';
import type { CsvRow } from './csvReader.ts';
import type { ParquetFile } from './parquetFile.ts';
import type { CellType } from './rowLayout.ts';
import { UNKNOWN_FIELDS } from './schema.ts';
import { TableFeed } from './tableFeed.ts';
import { defineText, type TableColumn } from './tableRows.ts';

/** The columns of a file with the rows of cost files. */
export function csvColumns(header: readonly string[]): TableColumn[] {
  return [...header.map((name) => ({ name, type: fileCellType(name) })), { name: UNKNOWN_FIELDS, type: 'json' }];
}

/** Puts rows of cost files into a Parquet file as they are read. */
export class CsvTable {
  readonly #file: ParquetFile;
  readonly #feed: TableFeed;
  readonly #columns: number;
  #row: CsvRow | undefined;
  #bytes: Uint8Array | undefined;
  #view: DataView = new DataView(new ArrayBuffer(0));

  /** @param file has the columns that {@link csvColumns} tells */
  constructor(header: readonly string[], file: ParquetFile) {
    this.#file = file;
    this.#columns = header.length;
    this.#feed = new TableFeed(file, header.map(fileCellType));
  }

  row(row: CsvRow): void {
    const { bytes } = row;
    this.#row = row;
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    for (let column = 0; column < this.#columns; column++) {
      const start = row.startOf(column);
      const end = row.endOf(column);
      if (start === end) {
        this.#feed.clear(column);
      } else {
        this.#feed.set(column, this.#view, start, end, this.#define);
      }
    }
    this.#feed.endRow();
  }

  readonly #define = (column: number, type: CellType): number =>
    defineText(column, type, this.#row?.text(column) ?? '', this.#file);

  /** Writes what is enough; to be called between chunks. */
  async drain(): Promise<void> {
    await this.#feed.drain();
  }

  /** All rows were put. */
  end(): void {
    this.#feed.end();
  }
}
