import { isUtf8 } from 'node:buffer';
import { sliceText } from '../json/scan.ts';
import { COST_DETAILS_COLUMNS } from '../records/costFiles.ts';
import { CsvReader } from '../records/csvReader.ts';
import { CsvTable, csvColumns } from '../records/csvTable.ts';
import { CsvTotals } from '../records/csvTotals.ts';
import { CurrencySums } from '../records/currencySums.ts';
import { ByteBuffer } from '../records/output.ts';
import type { ParquetFile } from '../records/parquetFile.ts';
import { RecordReader, type RecordRuns } from '../records/recordReader.ts';
import { RecordTable, recordColumns } from '../records/recordTable.ts';
import type { RecordSchema } from '../records/schema.ts';
import type { TableColumn } from '../records/tableRows.ts';
import { CostTotals } from '../records/totals.ts';
import { MODERN_USAGE } from '../records/usageDetails.ts';
import { linesOf } from '../usage/linesOf.ts';
import { usageDetailsSchema } from '../usage/pagesDocument.ts';
import { cultureCurrency } from '../usage/plan/cultureCurrency.ts';
import type { PieceChunk, Plan } from '../usage/plan/plan.ts';
import { readable } from '../usage/readable.ts';
import { RowMatch } from '../usage/rowFilter.ts';

/** Makes the file when it is known which columns the rows have. */
export type OpenTable = (columns: readonly TableColumn[]) => ParquetFile;

/** Answers in, as they came; rows in a Parquet file out. Memory holds an answer and a group of rows. */
export interface AnswerRows {
  /** @throws BillingError of kind `malformed` */
  take(chunk: PieceChunk): Promise<void>;
  /** All answers were taken; returns the file, which is to be finished. */
  end(): ParquetFile;
  /** Rows that the plan's filter left out. */
  readonly leftOut: number;
  readonly sums: CurrencySums;
  readonly unknownFields: readonly string[];
}

/** How the rows of a plan are read. */
export type RowsOf = Pick<Plan, 'content' | 'schema' | 'only' | 'operation'>;

export function answerRows(plan: RowsOf, open: OpenTable): AnswerRows {
  return plan.content === 'files' ? new FileRows(plan, open) : new RecordRows(plan, open);
}

class RecordRows implements AnswerRows {
  leftOut = 0;
  readonly #plan: RowsOf;
  readonly #open: OpenTable;
  readonly #unknown = new Set<string>();
  /** Rows become no text. */
  readonly #out = new ByteBuffer();
  #reading:
    | { reader: RecordReader; match: RowMatch; totals: CostTotals; table: RecordTable; file: ParquetFile }
    | undefined;

  constructor(plan: RowsOf, open: OpenTable) {
    this.#plan = plan;
    this.#open = open;
  }

  get sums(): CurrencySums {
    return this.#reading?.totals.sums ?? new CurrencySums();
  }

  get unknownFields(): readonly string[] {
    return [...this.#unknown].sort();
  }

  async take({ bytes }: PieceChunk): Promise<void> {
    const { content, schema, operation } = this.#plan;
    const known =
      bytes.length === 0 ? undefined : (this.#reading?.reader.schema ?? schema ?? usageDetailsSchema(bytes));
    if (known === undefined) {
      return;
    }
    const { reader, table } = this.#start(known);
    readable(operation, content === 'lines' ? 'a line' : 'a page', () => {
      if (!isUtf8(bytes)) {
        throw new TypeError('it is not UTF-8');
      }
      table.beginPage();
      if (content === 'pages') {
        reader.readPage(bytes, this.#record, this.#runs());
        return;
      }
      for (const line of linesOf(bytes)) {
        const record = reader.readLine(line);
        table.beginPage();
        this.#record(record);
      }
    });
    await table.drain();
  }

  /** The walk puts what is usual on its own, unless rows are left out. */
  #runs(): RecordRuns | undefined {
    if (this.#reading?.match.isOpen !== true) {
      return undefined;
    }
    const { table, totals } = this.#reading;
    return { rows: table.rows, costs: totals.slots, out: this.#out, onRun() {}, sum: () => totals.last };
  }

  #start(schema: RecordSchema) {
    if (this.#reading === undefined) {
      const reader = new RecordReader(schema);
      const file = this.#open(recordColumns(reader));
      this.#reading = {
        reader,
        file,
        match: new RowMatch(reader, this.#plan.only ?? []),
        totals: new CostTotals(reader, cultureCurrency),
        table: new RecordTable(reader, file),
      };
    }
    return this.#reading;
  }

  readonly #record = (bytes: Uint8Array): void => {
    if (this.#reading === undefined) {
      return;
    }
    const { match, reader, table, totals } = this.#reading;
    if (!match.isOpen && !match.matches(bytes)) {
      this.leftOut++;
      // The next row may have values in common with this one that the table was not told.
      table.beginPage();
      return;
    }
    table.record(bytes);
    if (match.isOpen) {
      // Between runs: the walk may have looked at the next record before it is asked for it.
      table.beginPage();
    }
    totals.add(bytes);
    for (const field of reader.unknown) {
      const key = JSON.parse(sliceText(bytes, field.keyStart, field.keyEnd)) as string;
      this.#unknown.add(field.within === 'properties' ? key : field.path + key);
    }
  };

  end(): ParquetFile {
    const { table, file } = this.#start(this.#plan.schema ?? MODERN_USAGE);
    table.end();
    return file;
  }
}

class FileRows implements AnswerRows {
  readonly leftOut = 0;
  readonly unknownFields = [];
  readonly #operation: string;
  readonly #open: OpenTable;
  readonly #reader: CsvReader;
  #writing: { file: ParquetFile; table: CsvTable; totals: CsvTotals } | undefined;

  constructor({ operation }: RowsOf, open: OpenTable) {
    this.#operation = operation;
    this.#open = open;
    this.#reader = new CsvReader(
      () => this.#begin(this.#reader.header ?? []),
      (row) => {
        this.#writing?.table.row(row);
        this.#writing?.totals.add(row);
      },
    );
  }

  get sums(): CurrencySums {
    return this.#writing?.totals.sums ?? new CurrencySums();
  }

  async take({ bytes, header, endsFile }: PieceChunk): Promise<void> {
    readable(this.#operation, 'a file', () => {
      if (header !== undefined) {
        this.#reader.write(header);
      }
      this.#reader.write(bytes);
      if (endsFile === true) {
        this.#reader.endPart();
      }
    });
    await this.#writing?.table.drain();
  }

  #begin(header: readonly string[]) {
    const file = this.#open(csvColumns(header));
    this.#writing = { file, table: new CsvTable(header, file), totals: new CsvTotals(header) };
    return this.#writing;
  }

  end(): ParquetFile {
    const { file, table } = this.#writing ?? this.#begin(COST_DETAILS_COLUMNS);
    table.end();
    return file;
  }
}
