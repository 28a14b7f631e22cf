import { setImmediate } from 'node:timers/promises';
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import { decimalUnits } from './decimalUnits.ts';
import { counted, type FileFacts, factLines } from './fileFacts.ts';
import type { Instant } from './instant.ts';
import type { Sink } from './output.ts';
import type { CellType } from './rowLayout.ts';
import { UNKNOWN_FIELDS } from './schema.ts';
import type { TableColumn, TableFile } from './tableRows.ts';

/** The most digits that engines read as one decimal; costs have up to 20 of them behind the point. */
const PRECISION = 38;
const SCALE = 20;

/** What is in memory at once: rows, or characters of their texts, each text counted once, whichever comes first. */
const ROWS_A_GROUP = 10_000;
const CHARACTERS_A_GROUP = 8_000_000;

type Value = string | bigint | boolean | null;

/** The rows of one group, column by column: what the library takes. */
interface Column {
  element: SchemaElement;
  values: Value[];
  /** The last number: columns of prices repeat theirs. */
  digits: string;
  units: bigint | undefined;
  /** The texts of the group: columns of usage have few, and each is kept once. */
  readonly texts: Map<string, string>;
}

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
  readonly #out = new ByteWriter(1024 * 1024);
  readonly #file: ParquetWriter;
  readonly #columns: readonly Column[];
  readonly #unknown: number;
  /** Members of this row's unknown fields that are misfits. */
  #misfits: string[] = [];
  /** Column → how many of its values are no values of its type. */
  readonly #misfitCounts = new Map<string, number>();
  #inGroup = 0;
  #characters = 0;

  /** @param columns the last one is {@link UNKNOWN_FIELDS} */
  constructor(columns: readonly TableColumn[], facts: FileFacts, sink: Pick<Sink, 'write'>) {
    const elements = columns.map(({ name, type }) => elementOf(name, type));
    this.#facts = facts;
    this.#sink = sink;
    this.#columns = elements.map((element) => ({
      element,
      values: [],
      digits: '',
      units: undefined,
      texts: new Map(),
    }));
    this.#unknown = columns.length - 1;
    this.#file = new ParquetWriter({
      writer: this.#out,
      schema: [{ name: 'root', num_children: columns.length }, ...elements],
      codec: 'SNAPPY',
      // The form that readers of Parquet take apart: "application version 1.2.3".
      createdBy: `${facts.producedBy.name} version ${facts.producedBy.version}`,
    });
  }

  number(column: number, digits: string): boolean {
    const own = this.#columns[column] as Column;
    if (own.digits !== digits) {
      own.digits = digits;
      own.units = decimalUnits(digits, PRECISION, SCALE);
    }
    if (own.units === undefined) {
      return false;
    }
    own.values.push(own.units);
    return true;
  }

  date(column: number, { ms, microseconds }: Instant): boolean {
    this.#columns[column]?.values.push(BigInt(ms) * 1000n + BigInt(microseconds));
    return true;
  }

  boolean(column: number, value: boolean): boolean {
    this.#columns[column]?.values.push(value);
    return true;
  }

  text(column: number, text: string): boolean {
    const { texts, values } = this.#columns[column] as Column;
    let known = texts.get(text);
    if (known === undefined) {
      // Half of a surrogate pair is no UTF-8: as an escape in JSON it survives.
      if (!text.isWellFormed()) {
        return false;
      }
      known = text;
      texts.set(text, text);
      this.#characters += text.length;
    }
    values.push(known);
    return true;
  }

  misfit(column: number, _text: string, json: string): void {
    const name = this.#columns[column]?.element.name ?? '';
    this.#misfits.push(`${JSON.stringify(name)}:${json}`);
    this.#misfitCounts.set(name, (this.#misfitCounts.get(name) ?? 0) + 1);
  }

  endRow(): void {
    if (this.#misfits.length > 0) {
      this.#addMisfits();
    }
    this.rows++;
    this.#inGroup++;
    for (const { values } of this.#columns) {
      if (values.length < this.#inGroup) {
        values.push(null);
      }
    }
  }

  /** Puts the misfits beside the fields that the service sent unasked, in one object. */
  #addMisfits(): void {
    const { values } = this.#columns[this.#unknown] as Column;
    const sent = values.length > this.#inGroup ? values.pop() : undefined;
    const merged = withMembers(typeof sent === 'string' ? sent : '{}', this.#misfits);
    values.push(merged);
    this.#characters += merged.length;
    this.#misfits = [];
  }

  /** Writes what is enough for a group; between columns others get their turn. */
  async drain(): Promise<void> {
    if (this.#inGroup >= ROWS_A_GROUP || this.#characters >= CHARACTERS_A_GROUP) {
      await this.#writeGroup();
    }
  }

  /** @returns what the reader of the file should know, a sentence each */
  async finish(): Promise<string[]> {
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
    this.#file.kvMetadata = lines.map(([key, value]) => ({ key, value }));
    await this.#file.finish();
    await this.#take();
    return notes;
  }

  /**
   * The library encodes all columns of a group in one go, which would hold up the editor. It is given one column at a time, and the
   * groups of one column that it makes are joined to one.
   */
  async #writeGroup(): Promise<void> {
    const file = this.#file;
    const first = file.row_groups.length;
    for (const column of this.#columns) {
      const { element, values } = column;
      await file.write({ columnData: [{ name: element.name, data: values }], rowGroupSize: values.length });
      column.values = [];
      column.texts.clear();
      await this.#take();
      await setImmediate();
    }
    const parts = file.row_groups.splice(first);
    const sum = (of: (part: (typeof parts)[number]) => bigint | undefined) =>
      parts.reduce((total, part) => total + (of(part) ?? 0n), 0n);
    file.row_groups.push({
      columns: parts.flatMap(({ columns }) => columns),
      num_rows: BigInt(this.#inGroup),
      total_byte_size: sum((part) => part.total_byte_size),
      total_compressed_size: sum((part) => part.total_compressed_size),
    });
    file.num_rows = BigInt(this.rows);
    this.#inGroup = 0;
    this.#characters = 0;
  }

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
