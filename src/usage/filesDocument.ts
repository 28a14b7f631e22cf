import { BillingError } from '../api/http/errors.ts';
import { COST_DETAILS_COLUMNS, costColumns } from '../records/costFiles.ts';
import { type CsvRowWriter, createCsvRowWriter } from '../records/csvFormats.ts';
import { CsvReader } from '../records/csvReader.ts';
import { CsvTotals } from '../records/csvTotals.ts';
import { CurrencySums } from '../records/currencySums.ts';
import type { Format } from '../records/formats.ts';
import { ByteBuffer, type Sink } from '../records/output.ts';
import { CsvMatch } from './csvMatch.ts';
import { type DocumentState, type PartSettings, rowSeparator } from './documentParts.ts';
import type { Period } from './period.ts';
import { RowDays } from './rowDays.ts';
import type { UsageFilter } from './usageFilter.ts';

/** Bytes that are worth handing on. */
const ENOUGH = 192 * 1024;

/** CSV files in, each with the same header, formatted bytes of one document out. Memory holds a chunk, not a file. */
export class FilesDocument {
  bytes = 0;
  /** Rows that the filter left out. */
  leftOut = 0;
  readonly #sink: Sink;
  readonly #out = new ByteBuffer();
  readonly #writer: CsvRowWriter;
  readonly #reader: CsvReader;
  readonly #isPart: boolean;
  readonly #from: DocumentState | undefined;
  readonly #only: UsageFilter;
  readonly #days: RowDays | undefined;
  #match: CsvMatch | undefined;
  /** Position of the day. */
  #day = -1;
  /** Rows of other days. */
  #outside = 0;
  #totals: CsvTotals | undefined;
  #head: Uint8Array | undefined;
  /** Goes before the next row. */
  #before: Uint8Array | undefined;

  /** @param days of which rows are, where more are given; left out: all */
  constructor(
    format: Format,
    sink: Sink,
    { options, part = false, from }: PartSettings = {},
    only: UsageFilter = [],
    days?: Period,
  ) {
    this.#sink = sink;
    this.#only = only;
    this.#days = days && new RowDays(days);
    this.#writer = createCsvRowWriter(format, options);
    this.#isPart = part;
    this.#from = from;
    this.#before = part ? rowSeparator(format) : undefined;
    this.#reader = new CsvReader(
      () => this.#begin(this.#reader.header ?? []),
      (row) => {
        if (this.#days?.has(row.text(this.#day).trim()) === false) {
          this.#outside++;
          return;
        }
        if (this.#match?.matches(row) === false) {
          this.leftOut++;
          return;
        }
        this.#separate();
        this.#writer.row(row, this.#out);
        this.#totals?.add(row);
      },
    );
  }

  #begin(header: readonly string[]): void {
    this.#totals = new CsvTotals(header);
    this.#day = costColumns(header).day;
    this.#match = this.#only.length === 0 ? undefined : new CsvMatch(header, this.#only);
    if (this.#from !== undefined) {
      this.#totals.sums.merge(this.#from.sums);
    }
    this.#writer.begin(header, this.#out);
    this.#head = Buffer.from(this.#out.take());
    if (!this.#isPart) {
      this.#out.slice(this.#head, 0, this.#head.length);
    }
  }

  #separate(): void {
    if (this.#before !== undefined) {
      this.#out.slice(this.#before, 0, this.#before.length);
      this.#before = undefined;
    }
  }

  /** What stands before the rows; a part tells it only. Undefined before the header has come. */
  get head(): Uint8Array | undefined {
    return this.#head;
  }

  /** Names of the columns; undefined before the header has come. */
  get header(): readonly string[] | undefined {
    return this.#reader.header;
  }

  /** What another document needs to go on behind this one, which has to stand between two rows. */
  get state(): DocumentState {
    const sums = this.#totals?.sums.snapshot() ?? this.#from?.sums ?? new CurrencySums().snapshot();
    return { rows: this.rows, leftOut: 0, sums, unknownFields: [] };
  }

  /** @throws BillingError of kind `malformed` when the file is not CSV or does not go with the others */
  async write(chunk: Uint8Array): Promise<void> {
    readable(() => this.#reader.write(chunk));
    // Chunks off the network are small; sinks that keep theirs would hold many half-empty buffers.
    if (this.#out.length >= ENOUGH) {
      await this.flush();
    }
  }

  /** @throws BillingError of kind `malformed` when the file ends in the middle of a row */
  endFile(): void {
    readable(() => this.#reader.endPart());
  }

  /** Ends the document. One of no files at all has the columns that such files have. */
  async end(): Promise<void> {
    if (this.#totals === undefined) {
      this.beginWithoutFile();
    }
    if (!this.#isPart) {
      this.#writer.end(this.#out);
    }
    await this.flush();
  }

  /** Begins a document that may stay without files: it has the columns that such files have. */
  beginWithoutFile(): void {
    this.#begin(COST_DETAILS_COLUMNS);
  }

  /** Hands on what was written so far. */
  async flush(): Promise<void> {
    this.bytes += await this.#out.flushTo(this.#sink);
  }

  get rows(): number {
    return (this.#from?.rows ?? 0) + this.#reader.rows - this.#outside - this.leftOut;
  }

  get rowsWithoutCost(): number {
    return this.#totals?.sums.withoutCost ?? 0;
  }

  /** Exact cost per billing currency, plain digits. */
  get totals(): Record<string, string> {
    return this.#totals?.sums.result() ?? {};
  }
}

function readable(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (error instanceof BillingError) {
      throw error;
    }
    throw new BillingError(
      'malformed',
      `Reading the cost details failed: ${error instanceof Error ? error.message : String(error)}.`,
      { advice: 'Nothing was kept of it. Try again; report it if it stays.', cause: error },
    );
  }
}
