import type { ArmClient } from '../api/arm/armClient.ts';
import type { Scope } from '../api/arm/scope.ts';
import { listUsageDetails } from '../api/arm/usageDetails.ts';
import { apiVersion } from '../api/arm/versions.ts';
import type { Wait } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import { sliceText } from '../json/scan.ts';
import { createWriter, type Format, type RecordWriter } from '../records/formats.ts';
import { ByteBuffer, type Sink } from '../records/output.ts';
import { firstRecordKind, RecordReader } from '../records/recordReader.ts';
import type { RecordSchema } from '../records/schema.ts';
import { CostTotals } from '../records/totals.ts';
import { LEGACY_USAGE, MODERN_USAGE } from '../records/usageDetails.ts';
import type { Period } from './period.ts';

export interface UsageRequest {
  arm: ArmClient;
  scope: Scope;
  /** Not for an invoice: its month is its period. */
  period?: Period | undefined;
  format: Format;
}

export interface UsageProgress {
  rows: number;
  pages: number;
}

export interface WriteOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: UsageProgress) => void) | undefined;
  onWait?: ((wait: Wait) => void) | undefined;
}

/** What is known of a finished document. There is none of an unfinished one: {@link writeUsage} fails instead. */
export interface UsageReport {
  rows: number;
  pages: number;
  bytes: number;
  /** Exact cost per billing currency, plain digits. */
  totals: Record<string, string>;
  /** Rows that no total contains, because they have no cost. */
  rowsWithoutCost: number;
  /** `x-ms-request-id` of every page. */
  requestIds: string[];
  /** When the last page arrived. */
  fetchedAt: Date;
  /** The call behind it, e.g. `Usage Details 2023-11-01`. */
  source: string;
  /** Names of fields that no schema knows; their values are in the last column. */
  unknownFields: string[];
}

/**
 * Fetches the usage of a scope page by page and writes it in one format to a sink. Memory holds a page, not the rows.
 *
 * @throws BillingError when any page fails for good; the sink then holds a part that must not be shown as the whole
 */
export async function writeUsage(request: UsageRequest, sink: Sink, options: WriteOptions = {}): Promise<UsageReport> {
  if (request.scope.kind === 'invoice' && request.period !== undefined) {
    throw new BillingError('argument', 'period: an invoice has its own period.', { advice: 'Leave the period out.' });
  }
  const walk = listUsageDetails(request.arm, {
    scope: request.scope,
    from: request.period?.from,
    to: request.period?.to,
  });
  const document = new UsageWriter(request.format, sink);
  const requestIds: string[] = [];
  let fetchedAt = new Date();
  for await (const page of walk.rest(options)) {
    await document.page(page.value);
    fetchedAt = page.answer.receivedAt;
    if (page.answer.requestId !== undefined) {
      requestIds.push(page.answer.requestId);
    }
    options.onProgress?.({ rows: document.rows, pages: page.number });
  }
  await document.end();
  return {
    rows: document.rows,
    pages: walk.pages,
    bytes: document.bytes,
    totals: document.totals,
    rowsWithoutCost: document.rowsWithoutCost,
    requestIds,
    fetchedAt,
    source: `Usage Details ${apiVersion('usageDetails', request.arm.versions)}`,
    unknownFields: document.unknownFields,
  };
}

/** Pages in, formatted bytes out. The schema is that of the first record: partner agreements send modern ones, enrolments legacy ones. */
class UsageWriter {
  rows = 0;
  bytes = 0;
  readonly #format: Format;
  readonly #sink: Sink;
  readonly #out = new ByteBuffer();
  readonly #unknown = new Set<string>();
  #started: { reader: RecordReader; writer: RecordWriter; totals: CostTotals } | undefined;

  constructor(format: Format, sink: Sink) {
    this.#format = format;
    this.#sink = sink;
  }

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

  #start(schema: RecordSchema): { reader: RecordReader; writer: RecordWriter; totals: CostTotals } {
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

  get totals(): Record<string, string> {
    return this.#started?.totals.result() ?? {};
  }

  get unknownFields(): string[] {
    return [...this.#unknown].sort();
  }
}
