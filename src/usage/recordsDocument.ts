import { isUtf8 } from 'node:buffer';
import { sliceText } from '../json/scan.ts';
import { createWriter, type Format, type RecordWriter } from '../records/formats.ts';
import { ByteBuffer, type Sink } from '../records/output.ts';
import { RecordReader, type RecordRuns } from '../records/recordReader.ts';
import type { RecordSchema } from '../records/schema.ts';
import { CostTotals } from '../records/totals.ts';
import { type DocumentState, type PartSettings, rowSeparator } from './documentParts.ts';
import type { Period } from './period.ts';
import { readable } from './readable.ts';
import { RowDays } from './rowDays.ts';
import { type RowFilter, RowMatch, RowText } from './rowFilter.ts';

export interface RecordsSettings extends PartSettings {
  schema: RecordSchema;
  format: Format;
  /** What brings the records; opens error messages. */
  operation: string;
  /** The currency of a culture; see {@link CostTotals}. */
  currencyOf?: ((culture: string) => string) | undefined;
  /** Which records are kept; left out: all. */
  only?: RowFilter | undefined;
  /** Of which days records are, where more are given; others do not count as left out. Left out: all. */
  days?: Period | undefined;
}

/** Records of one kind in, as pages or line by line, formatted bytes out. Memory holds what was given, not the rows. */
export class RecordsDocument {
  /** Those that were written. */
  rows = 0;
  /** Those that the filter left out. */
  leftOut = 0;
  bytes = 0;
  /** What stands before the rows; a part tells it only. */
  readonly head: Uint8Array;
  readonly #operation: string;
  readonly #sink: Sink;
  readonly #out = new ByteBuffer();
  readonly #unknown: Set<string>;
  readonly #reader: RecordReader;
  readonly #writer: RecordWriter;
  readonly #totals: CostTotals;
  readonly #match: RowMatch;
  readonly #days: { days: RowDays; text: RowText } | undefined;
  readonly #isPart: boolean;
  /** Goes before the next row. */
  #before: Uint8Array | undefined;

  constructor(settings: RecordsSettings, sink: Sink) {
    const { schema, format, operation, currencyOf, only = [], days, options, part = false, from } = settings;
    this.#operation = operation;
    this.#sink = sink;
    this.#reader = new RecordReader(schema);
    this.#writer = createWriter(format, this.#reader, options);
    this.#totals = new CostTotals(this.#reader, currencyOf);
    this.#match = new RowMatch(this.#reader, only);
    this.#days = days && {
      days: new RowDays(days),
      text: new RowText(this.#reader, { column: schema.cost.day ?? '' }),
    };
    this.#isPart = part;
    this.#writer.begin(this.#out);
    this.head = Buffer.from(this.#out.take());
    if (part) {
      this.#before = rowSeparator(format);
    } else {
      this.#out.slice(this.head, 0, this.head.length);
    }
    if (from !== undefined) {
      this.rows = from.rows;
      this.leftOut = from.leftOut;
      this.#totals.sums.merge(from.sums);
    }
    this.#unknown = new Set(from?.unknownFields);
  }

  /** What another document needs to go on behind this one. */
  get state(): DocumentState {
    const { rows, leftOut, unknownFields } = this;
    return { rows, leftOut, sums: this.#totals.sums.snapshot(), unknownFields };
  }

  /** @throws BillingError of kind `malformed`; nothing of such a page reaches the sink */
  async page(page: Uint8Array): Promise<void> {
    if (page.length === 0) {
      return;
    }
    readable(this.#operation, 'a page', () => {
      // Values are copied as bytes, so nobody else would notice.
      if (!isUtf8(page)) {
        throw new TypeError('it is not UTF-8');
      }
      this.#reader.readPage(page, (bytes) => this.#record(bytes), this.#runs());
    });
    await this.#flush();
  }

  /** @throws BillingError of kind `malformed`; nothing of these lines reaches the sink */
  async lines(lines: readonly Uint8Array[]): Promise<void> {
    readable(this.#operation, 'a line', () => {
      for (const line of lines) {
        this.#record(this.#reader.readLine(line));
      }
    });
    await this.#flush();
  }

  /** The walk writes what is usual on its own, unless rows are left out. */
  #runs(): RecordRuns | undefined {
    const rows = this.#match.isOpen && this.#days === undefined ? this.#writer.rows?.() : undefined;
    return (
      rows && {
        rows,
        costs: this.#totals.slots,
        out: this.#out,
        onRun: (records) => {
          this.rows += records;
        },
        sum: () => this.#totals.last,
      }
    );
  }

  #record(bytes: Uint8Array): void {
    if (this.#days?.days.has(this.#days.text.of(bytes)) === false) {
      return;
    }
    if (!this.#match.matches(bytes)) {
      this.leftOut++;
      return;
    }
    this.rows++;
    if (this.#before !== undefined) {
      this.#out.slice(this.#before, 0, this.#before.length);
      this.#before = undefined;
    }
    this.#writer.record(bytes, this.#out);
    this.#totals.add(bytes);
    for (const field of this.#reader.unknown) {
      const key = JSON.parse(sliceText(bytes, field.keyStart, field.keyEnd)) as string;
      // A name within `properties` is known without its path.
      this.#unknown.add(field.within === 'properties' ? key : field.path + key);
    }
  }

  async end(): Promise<void> {
    if (!this.#isPart) {
      this.#writer.end(this.#out);
    }
    await this.#flush();
  }

  async #flush(): Promise<void> {
    this.bytes += await this.#out.flushTo(this.#sink);
  }

  get rowsWithoutCost(): number {
    return this.#totals.withoutCost;
  }

  /** Exact sums per currency (or what the schema adds up by), plain digits. */
  get totals(): Record<string, string> {
    return this.#totals.result();
  }

  /** Names of fields that the schema does not know. */
  get unknownFields(): string[] {
    return [...this.#unknown].sort();
  }
}
