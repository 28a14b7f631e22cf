import { BillingError } from '../api/http/errors.ts';
import { COST_DETAILS_COLUMNS } from '../records/costFiles.ts';
import { type CsvRowWriter, createCsvRowWriter } from '../records/csvFormats.ts';
import { CsvReader } from '../records/csvReader.ts';
import { CsvTotals } from '../records/csvTotals.ts';
import type { Format } from '../records/formats.ts';
import { ByteBuffer, type Sink } from '../records/output.ts';

/** Bytes that are worth handing on. */
const ENOUGH = 192 * 1024;

/** CSV files in, each with the same header, formatted bytes of one document out. Memory holds a chunk, not a file. */
export class FilesDocument {
  bytes = 0;
  readonly #sink: Sink;
  readonly #out = new ByteBuffer();
  readonly #writer: CsvRowWriter;
  readonly #reader: CsvReader;
  #totals: CsvTotals | undefined;

  constructor(format: Format, sink: Sink) {
    this.#sink = sink;
    this.#writer = createCsvRowWriter(format);
    this.#reader = new CsvReader(
      () => this.#begin(this.#reader.header ?? []),
      (row) => {
        this.#writer.row(row, this.#out);
        this.#totals?.add(row);
      },
    );
  }

  #begin(header: readonly string[]): CsvTotals {
    const totals = new CsvTotals(header);
    this.#totals = totals;
    this.#writer.begin(header, this.#out);
    return totals;
  }

  /** @throws BillingError of kind `malformed` when the file is not CSV or does not go with the others */
  async write(chunk: Uint8Array): Promise<void> {
    readable(() => this.#reader.write(chunk));
    // Chunks off the network are small; sinks that keep theirs would hold many half-empty buffers.
    if (this.#out.length >= ENOUGH) {
      await this.#flush();
    }
  }

  /** @throws BillingError of kind `malformed` when the file ends in the middle of a row */
  endFile(): void {
    readable(() => this.#reader.endPart());
  }

  /** Ends the document. One of no files at all has the columns that such files have. */
  async end(): Promise<void> {
    if (this.#totals === undefined) {
      this.#begin(COST_DETAILS_COLUMNS);
    }
    this.#writer.end(this.#out);
    await this.#flush();
  }

  async #flush(): Promise<void> {
    const chunk = this.#out.take();
    this.bytes += chunk.length;
    if (chunk.length > 0) {
      await this.#sink.write(chunk);
    }
  }

  get rows(): number {
    return this.#reader.rows;
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
    throw new BillingError(
      'malformed',
      `Reading the cost details failed: ${error instanceof Error ? error.message : String(error)}.`,
      { advice: 'Nothing was kept of it. Try again; report it if it stays.', cause: error },
    );
  }
}
