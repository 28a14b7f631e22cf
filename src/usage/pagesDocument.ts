import { BillingError } from '../api/http/errors.ts';
import { sliceText } from '../json/scan.ts';
import { createWriter, type Format, type RecordWriter } from '../records/formats.ts';
import { ByteBuffer, type Sink } from '../records/output.ts';
import { firstRecordKind, RecordReader } from '../records/recordReader.ts';
import type { RecordSchema } from '../records/schema.ts';
import { CostTotals } from '../records/totals.ts';
import { LEGACY_USAGE, MODERN_USAGE } from '../records/usageDetails.ts';

interface Started {
  reader: RecordReader;
  writer: RecordWriter;
  totals: CostTotals;
}

/**
 * Pages of usage details in, formatted bytes out. The schema is that of the first record: partner agreements send modern ones,
 * enrolments legacy ones.
 */
export class PagesDocument {
  rows = 0;
  bytes = 0;
  readonly #format: Format;
  readonly #sink: Sink;
  readonly #out = new ByteBuffer();
  readonly #unknown = new Set<string>();
  #started: Started | undefined;

  constructor(format: Format, sink: Sink) {
    this.#format = format;
    this.#sink = sink;
  }

  /** @throws BillingError of kind `malformed`; nothing of such a page reaches the sink */
  async page(page: Uint8Array): Promise<void> {
    if (page.length === 0) {
      return;
    }
    try {
      this.#records(page);
    } catch (error) {
      throw error instanceof BillingError
        ? error
        : new BillingError(
            'malformed',
            `List usage details failed: a page cannot be read (${(error as Error).message}).`,
            {
              advice: 'Nothing was kept of it. Try again; report the request id if it stays.',
              cause: error,
            },
          );
    }
    await this.#flush();
  }

  #records(page: Uint8Array): void {
    let schema = MODERN_USAGE;
    if (this.#started === undefined) {
      const kind = firstRecordKind(page);
      if (kind === undefined) {
        // No record to tell the schema by yet; the page still has to be a proper list.
        new RecordReader(schema).readPage(page, () => {});
        return;
      }
      schema = kind === 'legacy' ? LEGACY_USAGE : MODERN_USAGE;
    }
    const { reader, writer, totals } = this.#start(schema);
    this.rows += reader.readPage(page, () => {
      writer.record(page, this.#out);
      totals.add(page);
      for (const field of reader.unknown) {
        this.#unknown.add(JSON.parse(sliceText(page, field.keyStart, field.keyEnd)) as string);
      }
    });
  }

  #start(schema: RecordSchema): Started {
    if (this.#started === undefined) {
      const reader = new RecordReader(schema);
      this.#started = { reader, writer: createWriter(this.#format, reader), totals: new CostTotals(reader) };
      this.#started.writer.begin(this.#out);
    }
    return this.#started;
  }

  async end(): Promise<void> {
    this.#start(MODERN_USAGE).writer.end(this.#out);
    await this.#flush();
  }

  async #flush(): Promise<void> {
    const chunk = this.#out.take();
    this.bytes += chunk.length;
    if (chunk.length > 0) {
      await this.#sink.write(chunk);
    }
  }

  get rowsWithoutCost(): number {
    return this.#started?.totals.withoutCost ?? 0;
  }

  /** Exact cost per billing currency, plain digits. */
  get totals(): Record<string, string> {
    return this.#started?.totals.result() ?? {};
  }

  /** Names of fields that the schema does not know. */
  get unknownFields(): string[] {
    return [...this.#unknown].sort();
  }
}
