const QUOTE = 0x22;
const COMMA = 0x2c;
const CR = 0x0d;
const LF = 0x0a;

/** A row longer than this is no row: quotes that never end would collect the whole file in memory. Bytes. */
const LONGEST_ROW = 16 * 1024 * 1024;

/** The text is not CSV, or its parts do not belong together. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** One row as slices of the bytes it was read from. What it says is valid until the next row. */
export class CsvRow {
  bytes: Uint8Array = new Uint8Array();
  /** Where the row starts and ends in `bytes`, its line end not included. */
  start = 0;
  end = 0;
  /** Number of cells. */
  size = 0;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  /** Forgets the last row. */
  begin(bytes: Uint8Array, start: number): void {
    this.bytes = bytes;
    this.start = start;
    this.size = 0;
  }

  cell(start: number, end: number): void {
    this.#starts[this.size] = start;
    this.#ends[this.size] = end;
    this.size++;
  }

  /**
   * The value of a cell, without the quotes that a value with commas, quotes or line ends stands in.
   *
   * @throws TypeError when the bytes are not UTF-8
   */
  text(cell: number): string {
    const start = this.#starts[cell] ?? 0;
    const end = this.#ends[cell] ?? 0;
    if (this.bytes[start] !== QUOTE || start === end) {
      return decoder.decode(this.bytes.subarray(start, end));
    }
    return decoder.decode(this.bytes.subarray(start + 1, end - 1)).replaceAll('""', '"');
  }

  /** Where a cell starts and ends in `bytes`, its quotes included. */
  startOf(cell: number): number {
    return this.#starts[cell] ?? 0;
  }

  endOf(cell: number): number {
    return this.#ends[cell] ?? 0;
  }

  texts(): string[] {
    return Array.from({ length: this.size }, (_, cell) => this.text(cell));
  }
}

/**
 * Reads CSV (RFC 4180; lines may end with CR, LF or both) that comes in chunks of any size, in one or more parts of which each
 * starts with the same header. Values are not converted. Memory holds a chunk and one row.
 *
 * A quote inside of an unquoted cell belongs to its value; an empty line is no row.
 */
export class CsvReader {
  /** Names of the columns, as the first part writes them; undefined before its header has come. */
  header: readonly string[] | undefined;
  /** Rows of all parts, headers not counted. */
  rows = 0;
  readonly #onHeader: (row: CsvRow) => void;
  readonly #onRow: (row: CsvRow) => void;
  readonly #row = new CsvRow();
  /** What of the last chunk is no whole row yet. */
  #rest: Uint8Array = new Uint8Array();
  /** Rows of this part, its header counted; a byte order mark may stand before the first. */
  #inPart = 0;

  /** @param onHeader called once, for the header of the first part */
  constructor(onHeader: (row: CsvRow) => void, onRow: (row: CsvRow) => void) {
    this.#onHeader = onHeader;
    this.#onRow = onRow;
  }

  /** @throws CsvError */
  write(chunk: Uint8Array): void {
    this.#read(this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]), false);
  }

  /**
   * The part is at its end, with or without a last line end.
   *
   * @throws CsvError when it ends in the middle of a row
   */
  endPart(): void {
    this.#read(this.#rest, true);
    this.#inPart = 0;
  }

  #read(data: Uint8Array, last: boolean): void {
    let at = 0;
    if (this.#inPart === 0) {
      if (data.length < 3 && !last) {
        this.#rest = Buffer.from(data);
        return;
      }
      at = data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? 3 : 0;
    }
    while (at < data.length) {
      const next = this.#readRow(data, at, last);
      if (next === undefined) {
        break;
      }
      at = next;
    }
    // A copy: the chunk may be reused by whoever gave it.
    this.#rest = Buffer.from(data.subarray(at));
    if (this.#rest.length > LONGEST_ROW) {
      throw new CsvError(`row ${this.#inPart + 1} is longer than ${LONGEST_ROW / 1024 / 1024} MB`);
    }
  }

  /** Where the next row starts; undefined when this one is not whole yet. */
  #readRow(data: Uint8Array, from: number, last: boolean): number | undefined {
    const row = this.#row;
    row.begin(data, from);
    for (let at = from; ; at++) {
      const start = at;
      const end = data[at] === QUOTE ? this.#endOfQuoted(data, at, last) : endOfPlain(data, at);
      if (end === undefined || (end >= data.length - 1 && data[end] !== LF && data[end] !== COMMA && !last)) {
        // The byte behind decides: a second quote, the LF of a CRLF, or more of the value.
        return undefined;
      }
      at = end;
      row.cell(start, end);
      const byte = data[at];
      if (byte !== COMMA) {
        if (byte !== undefined && byte !== LF && byte !== CR) {
          throw new CsvError(`row ${this.#inPart + 1} has text behind a closing quote`);
        }
        row.end = at;
        this.#take(row);
        return byte === CR && data[at + 1] === LF ? at + 2 : at + 1;
      }
    }
  }

  /** The position behind the closing quote; undefined when it has not come. */
  #endOfQuoted(data: Uint8Array, start: number, last: boolean): number | undefined {
    for (let at = start; ; at++) {
      at = data.indexOf(QUOTE, at + 1);
      if (at < 0) {
        if (last) {
          throw new CsvError(`row ${this.#inPart + 1} ends inside of a quoted cell`);
        }
        return undefined;
      }
      if (data[at + 1] !== QUOTE) {
        return at + 1;
      }
    }
  }

  #take(row: CsvRow): void {
    if (row.end === row.start) {
      return;
    }
    this.#inPart++;
    if (this.#inPart === 1) {
      this.#takeHeader(row);
      return;
    }
    const columns = this.header?.length ?? 0;
    if (row.size !== columns) {
      throw new CsvError(`row ${this.#inPart} has ${row.size} cells, its header ${columns}`);
    }
    this.rows++;
    this.#onRow(row);
  }

  #takeHeader(row: CsvRow): void {
    const names = row.texts().map((name) => name.trim());
    if (this.header !== undefined) {
      requireSame(this.header, names);
      return;
    }
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) {
      throw new CsvError(`two columns are named '${twice.slice(0, 60)}'`);
    }
    this.header = names;
    this.#onHeader(row);
  }
}

function endOfPlain(data: Uint8Array, start: number): number {
  let at = start;
  for (; at < data.length; at++) {
    const byte = data[at];
    if (byte === COMMA || byte === LF || byte === CR) {
      break;
    }
  }
  return at;
}

/** Spelling of names varies in case from one version of a data set to the next. */
function requireSame(first: readonly string[], names: readonly string[]): void {
  for (let i = 0; i < Math.max(first.length, names.length); i++) {
    const [expected, found] = [first[i], names[i]];
    if (expected?.toLowerCase() !== found?.toLowerCase()) {
      const shown = (name: string | undefined) => (name === undefined ? 'nothing' : `'${name.slice(0, 60)}'`);
      throw new CsvError(
        `the parts have different columns: column ${i + 1} is ${shown(expected)} in the first and ${shown(found)} in another`,
      );
    }
  }
}
