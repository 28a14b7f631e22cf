import type { Format } from '../records/formats.ts';
import type { Sink } from '../records/output.ts';
import { firstRecordKind } from '../records/recordReader.ts';
import type { RecordSchema } from '../records/schema.ts';
import { LEGACY_USAGE, MODERN_USAGE } from '../records/usageDetails.ts';
import type { Period } from './period.ts';
import { readable } from './readable.ts';
import { RecordsDocument } from './recordsDocument.ts';
import { rowFilter, type UsageFilter } from './usageFilter.ts';

const OPERATION = 'List usage details';

/**
 * Pages of usage details in, formatted bytes out. The schema is that of the first record: partner agreements send modern ones,
 * enrolments legacy ones.
 */
export class PagesDocument {
  readonly #format: Format;
  readonly #sink: Sink;
  readonly #only: UsageFilter;
  readonly #days: Period | undefined;
  #records: RecordsDocument | undefined;

  /** @param days of which rows are, where more are given; left out: all */
  constructor(format: Format, sink: Sink, only: UsageFilter = [], days?: Period) {
    this.#format = format;
    this.#sink = sink;
    this.#only = only;
    this.#days = days;
  }

  /** @throws BillingError of kind `malformed`; nothing of such a page reaches the sink */
  async page(page: Uint8Array): Promise<void> {
    if (page.length === 0) {
      return;
    }
    if (this.#records === undefined) {
      const schema = usageDetailsSchema(page);
      if (schema === undefined) {
        return;
      }
      this.#start(schema);
    }
    await this.#records?.page(page);
  }

  #start(schema: RecordSchema): RecordsDocument {
    this.#records ??= new RecordsDocument(
      {
        schema,
        format: this.#format,
        operation: OPERATION,
        days: this.#days,
        only: rowFilter(
          this.#only,
          schema.columns.map(({ name }) => name),
        ),
      },
      this.#sink,
    );
    return this.#records;
  }

  async end(): Promise<void> {
    await this.#start(MODERN_USAGE).end();
  }

  get rows(): number {
    return this.#records?.rows ?? 0;
  }

  /** Rows that the filter left out. */
  get leftOut(): number {
    return this.#records?.leftOut ?? 0;
  }

  get bytes(): number {
    return this.#records?.bytes ?? 0;
  }

  get rowsWithoutCost(): number {
    return this.#records?.rowsWithoutCost ?? 0;
  }

  /** Exact cost per billing currency, plain digits. */
  get totals(): Record<string, string> {
    return this.#records?.totals ?? {};
  }

  /** Names of fields that the schema does not know. */
  get unknownFields(): string[] {
    return this.#records?.unknownFields ?? [];
  }
}

/**
 * The schema of usage details, told by the first record of a page; undefined where there is none. Such a page still has to be a proper
 * list.
 *
 * @throws BillingError of kind `malformed`
 */
export function usageDetailsSchema(page: Uint8Array): RecordSchema | undefined {
  const kind = readable(OPERATION, 'a page', () => firstRecordKind(page));
  return kind === undefined ? undefined : kind === 'legacy' ? LEGACY_USAGE : MODERN_USAGE;
}
