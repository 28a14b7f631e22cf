import { DistinctSlices } from './distinctSlices.ts';
import type { ParquetFile } from './parquetFile.ts';
import type { CellType } from './rowLayout.ts';
import { NOTHING } from './tableRows.ts';

/** Of so many values it can be told whether a column repeats them. */
const ENOUGH_VALUES = 2048;

/** A column in which more of the values are new ones than this is not worth a search for each. */
const MOSTLY_NEW = 0.5;

/** One column, and the value of the rows that come. */
interface FedColumn {
  type: CellType;
  slices: DistinctSlices;
  /** By the number of the slice, the number that the file knows the value by. */
  values: Int32Array;
  /** Values that were looked for. */
  seen: number;
  /** Whether values are put there without a look whether they are known. */
  isDirect: boolean;
  current: number;
  /** The row of the group from which on rows have the current value, and the file has not been told. */
  since: number;
}

/**
 * Puts values of rows into a Parquet file, told only where they change from one row to the next: neighbouring rows of usage have most
 * values in common. Where values of a column repeat, each is made once; where they do not, nobody looks for them.
 */
export class TableFeed {
  readonly #file: ParquetFile;
  readonly #columns: readonly FedColumn[];
  /** Columns whose current value is a misfit, in their order. */
  #misfits: number[] = [];

  constructor(file: ParquetFile, types: readonly CellType[]) {
    this.#file = file;
    this.#columns = types.map((type) => ({
      type,
      slices: new DistinctSlices(),
      values: new Int32Array(64),
      seen: 0,
      isDirect: false,
      current: NOTHING,
      since: 0,
    }));
  }

  /**
   * The row at hand, and those behind it, have a value.
   *
   * @param bytes a view of those that tell the value
   * @param define makes a new value of it and returns its number
   */
  set(
    column: number,
    bytes: DataView,
    start: number,
    end: number,
    define: (column: number, type: CellType, start: number, end: number) => number,
  ): void {
    const own = this.#columns[column] as FedColumn;
    if (own.isDirect) {
      this.#put(column, own, define(column, own.type, start, end));
      return;
    }
    const { slices } = own;
    const known = slices.size;
    const slice = slices.numberOf(bytes, start, end);
    if (slice === known) {
      keep(own, slice, define(column, own.type, start, end));
    }
    count(own);
    this.#put(column, own, own.values[slice] as number);
  }

  /** The same for a value whose number is known. */
  put(column: number, value: number): void {
    const own = this.#columns[column] as FedColumn;
    if (!own.isDirect) {
      count(own);
    }
    this.#put(column, own, value);
  }

  /** The number of the value that the row at hand has. */
  numberOf(column: number): number {
    return (this.#columns[column] as FedColumn).current;
  }

  /** Whether values of the column are put there without a look whether they are known. */
  isDirect(column: number): boolean {
    return (this.#columns[column] as FedColumn).isDirect;
  }

  /** The row at hand, and those behind it, have no value. */
  clear(column: number): void {
    this.#put(column, this.#columns[column] as FedColumn, NOTHING);
  }

  #put(column: number, own: FedColumn, value: number): void {
    if (value === own.current) {
      return;
    }
    this.#tell(column, own);
    own.current = value;
    const isMisfit = this.#file.isMisfit(value);
    if (isMisfit || this.#misfits.length > 0) {
      const others = this.#misfits.filter((other) => other !== column);
      this.#misfits = isMisfit ? [...others, column].sort((x, y) => x - y) : others;
    }
  }

  #tell(column: number, own: FedColumn): void {
    const { current, since } = own;
    own.since = this.#file.inGroup;
    if (current !== NOTHING && !this.#file.isMisfit(current)) {
      this.#file.fill(column, since, current);
    }
  }

  /** @param unknown the value of the file's last column for this row alone */
  endRow(unknown?: number): void {
    for (const column of this.#misfits) {
      this.#file.cell(column, (this.#columns[column] as FedColumn).current);
    }
    if (unknown !== undefined) {
      this.#file.cell(this.#columns.length, unknown);
    }
    this.#file.endRow();
  }

  /**
   * Writes what is enough for a group of rows.
   *
   * @returns whether values may have been forgotten: all of the next row have to be set
   */
  async drain(): Promise<boolean> {
    if (!this.#file.isFull) {
      return false;
    }
    this.end();
    await this.#file.drain();
    this.#columns.forEach((own, column) => {
      if (own.isDirect || own.slices.isCrowded || this.#file.isCrowded(column)) {
        own.slices.clear();
        this.#file.forget(column);
        own.current = NOTHING;
      }
      own.since = 0;
    });
    this.#misfits = this.#misfits.filter((column) => this.#columns[column]?.current !== NOTHING);
    this.#file.forget(this.#columns.length);
    return true;
  }

  /** Tells the file all that it was not told. */
  end(): void {
    this.#columns.forEach((own, column) => {
      this.#tell(column, own);
    });
  }
}

/** After enough values it is known whether the column repeats them. */
function count(own: FedColumn): void {
  own.seen++;
  if (own.seen === ENOUGH_VALUES) {
    own.isDirect = own.slices.size > own.seen * MOSTLY_NEW;
  }
}

function keep(own: FedColumn, slice: number, value: number): void {
  if (slice === own.values.length) {
    const grown = new Int32Array(slice * 2);
    grown.set(own.values);
    own.values = grown;
  }
  own.values[slice] = value;
}
