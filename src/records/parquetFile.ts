import { setImmediate } from 'node:timers/promises';
import type { ColumnChunk } from 'hyparquet';
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import { snappyCompress } from 'hyparquet-writer/src/snappy.js';
import { counted, type FileFacts, factLines } from './fileFacts.ts';
import type { Instant } from './instant.ts';
import type { Sink } from './output.ts';
import { ColumnRoom, type PageCodec, ParquetColumn } from './parquetColumn.ts';
import { LENGTH_BYTES, type PlainValues } from './plainValues.ts';
import type { CellType } from './rowLayout.ts';
import { UNKNOWN_FIELDS } from './schema.ts';
import type { TableColumn, TableFile } from './tableRows.ts';

/** The most digits that engines read as one decimal; costs have up to 20 of them behind the point. */
const PRECISION = 38;
const SCALE = 20;

/** What is in memory at once: rows, or bytes of their values, each counted once, whichever comes first. */
const ROWS_A_GROUP = 20_000;
const BYTES_A_GROUP = 8_000_000;

/** What every reader of Parquet knows. */
const SNAPPY: PageCodec = { name: 'SNAPPY', compress: snappyCompress };

/** Bytes that are written at once. */
const CHUNK = 256 * 1024;

/** How long others wait for their turn, at most about. Milliseconds. */
const TURN = 8;

/** Numbers of misfits count downwards from here. */
const FIRST_MISFIT = -2;

/**
 * A Parquet file: numbers as DECIMAL(38, 20), which doubles and text are no stand-in for, dates as TIMESTAMP (UTC, microseconds),
 * booleans, all else UTF-8. A value that its column cannot hold exactly goes with its name into the last column, `unknownFields`,
 * and is counted.
 */
export class ParquetFile implements TableFile {
  rows = 0;
  bytes = 0;
  readonly #facts: FileFacts;
  readonly #sink: Pick<Sink, 'write'>;
  readonly #out = new ByteWriter(CHUNK * 2);
  readonly #file: ParquetWriter;
  readonly #columns: readonly ParquetColumn[];
  readonly #unknown: number;
  /** What does not fit, by column: each as a member of the unknown fields. */
  readonly #misfits: readonly string[][];
  /** Those of the row at hand. */
  #members: string[] = [];
  /** Column → how many of its values are no values of its type. */
  readonly #misfitCounts = new Map<string, number>();
  #inGroup = 0;
  #groupBytes = 0;
  #turnStarted = 0;

  /** @param columns the last one is {@link UNKNOWN_FIELDS} */
  constructor(columns: readonly TableColumn[], facts: FileFacts, sink: Pick<Sink, 'write'>, codec: PageCodec = SNAPPY) {
    const elements = columns.map(({ name, type }) => elementOf(name, type));
    this.#facts = facts;
    this.#sink = sink;
    const room = new ColumnRoom();
    this.#columns = elements.map((element) => new ParquetColumn(element, codec, room));
    this.#misfits = elements.map(() => []);
    this.#unknown = columns.length - 1;
    this.#file = new ParquetWriter({
      writer: this.#out,
      schema: [{ name: 'root', num_children: columns.length }, ...elements],
      codec: codec.name,
      // The form that readers of Parquet take apart: "application version 1.2.3".
      createdBy: `${facts.producedBy.name} version ${facts.producedBy.version}`,
    });
  }

  number(column: number, digits: string): number | undefined {
    return this.#added(column, this.#valuesOf(column).addDecimal(digits, PRECISION, SCALE));
  }

  date(column: number, { ms, microseconds }: Instant): number | undefined {
    return this.#added(column, this.#valuesOf(column).addInteger(BigInt(ms) * 1000n + BigInt(microseconds)));
  }

  boolean(column: number, value: boolean): number | undefined {
    return this.#added(column, this.#valuesOf(column).addBoolean(value));
  }

  text(column: number, text: string): number | undefined {
    // Half of a surrogate pair is no UTF-8: as an escape in JSON it survives.
    return text.isWellFormed() ? this.#added(column, this.#valuesOf(column).addText(text)) : undefined;
  }

  /** A usual number, as bytes; undefined for what {@link number} has to look at. */
  digits(column: number, bytes: Uint8Array, start: number, end: number): number | undefined {
    return this.#added(column, this.#valuesOf(column).addDecimalSlice(bytes, start, end, SCALE));
  }

  /** Text that is UTF-8 and has no escapes, as bytes. */
  slice(column: number, bytes: Uint8Array, start: number, end: number): number {
    this.#groupBytes += end - start + LENGTH_BYTES;
    return this.#valuesOf(column).addSlice(bytes, start, end);
  }

  /** Texts as {@link PlainValues} has them, one after the other; returns the number of the first. */
  texts(column: number, bytes: Uint8Array, start: number, end: number): number {
    this.#groupBytes += end - start;
    return this.#valuesOf(column).addTexts(bytes, start, end);
  }

  /** The same for decimals. */
  decimals(column: number, bytes: Uint8Array, start: number, end: number): number {
    this.#groupBytes += end - start;
    return this.#valuesOf(column).addDecimals(bytes, start, end);
  }

  misfit(column: number, _text: string, json: string): number {
    const misfits = this.#misfits[column] as string[];
    this.#groupBytes += json.length;
    return FIRST_MISFIT + 1 - misfits.push(`${JSON.stringify(this.#nameOf(column))}:${json}`);
  }

  cell(column: number, value: number): void {
    if (value > FIRST_MISFIT) {
      (this.#columns[column] as ParquetColumn).set(this.#inGroup, value);
      return;
    }
    const name = this.#nameOf(column);
    this.#members.push(this.#misfits[column]?.[FIRST_MISFIT - value] ?? '');
    this.#misfitCounts.set(name, (this.#misfitCounts.get(name) ?? 0) + 1);
  }

  /** The rows of the group from one on, up to the row at hand, have a value that is no misfit. */
  fill(column: number, from: number, value: number): void {
    (this.#columns[column] as ParquetColumn).fill(from, this.#inGroup, value);
  }

  /** Rows of the group that are complete. */
  get inGroup(): number {
    return this.#inGroup;
  }

  /** Whether a value is kept among the unknown fields: then each row has to tell it. */
  isMisfit(value: number): boolean {
    return value <= FIRST_MISFIT;
  }

  endRow(): void {
    if (this.#members.length > 0) {
      this.#addMisfits();
    }
    this.rows++;
    this.#inGroup++;
  }

  isCrowded(column: number): boolean {
    return this.#valuesOf(column).isCrowded || (this.#misfits[column] as string[]).length > 0;
  }

  forget(column: number): void {
    this.#valuesOf(column).clear();
    (this.#misfits[column] as string[]).length = 0;
  }

  #nameOf(column: number): string {
    return this.#columns[column]?.element.name ?? '';
  }

  #valuesOf(column: number): PlainValues {
    return (this.#columns[column] as ParquetColumn).values;
  }

  /** Counts what the group holds. */
  #added(column: number, value: number | undefined): number | undefined {
    if (value !== undefined) {
      const { starts } = this.#valuesOf(column);
      this.#groupBytes += (starts[value + 1] as number) - (starts[value] as number);
    }
    return value;
  }

  /** Puts the misfits beside the fields that the service sent unasked, in one object. */
  #addMisfits(): void {
    const unknown = this.#columns[this.#unknown] as ParquetColumn;
    const merged = withMembers(unknown.textOf(this.#inGroup) ?? '{}', this.#members);
    this.#members = [];
    unknown.set(this.#inGroup, this.#added(this.#unknown, unknown.values.addText(merged)) ?? 0);
  }

  /** Whether there is enough for a group. */
  get isFull(): boolean {
    return this.#inGroup >= ROWS_A_GROUP || this.#groupBytes >= BYTES_A_GROUP;
  }

  /** Writes what is enough for a group. */
  async drain(): Promise<boolean> {
    if (!this.isFull) {
      return false;
    }
    await this.#writeGroup();
    return true;
  }

  /**
   * Puts bytes between row groups, where no column refers to them.
   *
   * @returns where in the file they stand
   */
  async block(bytes: Uint8Array): Promise<number> {
    const at = this.#out.offset;
    this.#out.appendBytes(bytes);
    if (this.#out.index >= CHUNK) {
      await this.#take();
    }
    return at;
  }

  /**
   * @param more what else the end of the file says; asked for when all before it is written
   * @returns what the reader of the file should know, a sentence each
   */
  async finish(more: () => [key: string, value: string][] = () => []): Promise<string[]> {
    if (this.#inGroup > 0) {
      await this.#writeGroup();
    }
    const notes = Array.from(
      this.#misfitCounts,
      ([name, count]) => `${counted(count, 'value')} of ${name} did not fit its type and went into ${UNKNOWN_FIELDS}.`,
    );
    const lines = factLines(this.#facts, this.rows);
    if (notes.length > 0) {
      lines.push(['Notes', notes.join('\n')]);
    }
    await this.#take();
    this.#file.kvMetadata = [...lines, ...more()].map(([key, value]) => ({ key, value }));
    await this.#file.finish();
    await this.#take();
    return notes;
  }

  async #writeGroup(): Promise<void> {
    const columns: ColumnChunk[] = [];
    this.#turnStarted = performance.now();
    for (const column of this.#columns) {
      columns.push(await column.write(this.#out, this.#inGroup, this.#pause));
    }
    const sum = (of: (chunk: ColumnChunk) => bigint | undefined) =>
      columns.reduce((total, chunk) => total + (of(chunk) ?? 0n), 0n);
    this.#file.row_groups.push({
      columns,
      num_rows: BigInt(this.#inGroup),
      total_byte_size: sum(({ meta_data }) => meta_data?.total_uncompressed_size),
      total_compressed_size: sum(({ meta_data }) => meta_data?.total_compressed_size),
    });
    this.#file.num_rows = BigInt(this.rows);
    this.#inGroup = 0;
    this.#groupBytes = 0;
  }

  /** Between pages: hands on what is written, and gives others their turn when it is time. */
  readonly #pause = async (): Promise<void> => {
    if (this.#out.index >= CHUNK) {
      await this.#take();
    }
    if (performance.now() - this.#turnStarted > TURN) {
      await setImmediate();
      this.#turnStarted = performance.now();
    }
  };

  async #take(): Promise<void> {
    const bytes = this.#out.getBytes().slice();
    // Offsets in the file go on counting; only the buffer begins anew.
    this.#out.index = 0;
    this.bytes += bytes.length;
    await this.#sink.write(bytes);
  }
}

/** The object with members behind its own; text that is no object becomes a member. */
function withMembers(json: string, members: readonly string[]): string {
  const own = /^\{\s*(.*?)\s*\}$/s.exec(json)?.[1] ?? `"${UNKNOWN_FIELDS}":${JSON.stringify(json)}`;
  return `{${[...(own === '' ? [] : [own]), ...members].join(',')}}`;
}

function elementOf(name: string, type: CellType): SchemaElement {
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  switch (type) {
    case 'number':
      return {
        ...optional,
        type: 'FIXED_LEN_BYTE_ARRAY',
        type_length: 16,
        converted_type: 'DECIMAL',
        logical_type: { type: 'DECIMAL', precision: PRECISION, scale: SCALE },
        precision: PRECISION,
        scale: SCALE,
      };
    case 'date':
      return {
        ...optional,
        type: 'INT64',
        converted_type: 'TIMESTAMP_MICROS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
      };
    case 'boolean':
      return { ...optional, type: 'BOOLEAN' };
    case 'text':
    case 'json':
      return { ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
  }
}
