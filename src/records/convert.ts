import { open } from 'node:fs/promises';
import type { FileFacts } from './fileFacts.ts';
import { ExcelLimitError, excelRefusal } from './fileFormats.ts';
import type { Sink } from './output.ts';
import { type TableColumn, type TableFile, TableReader } from './tableRows.ts';

/** Rows as flat JSON objects, one a line, as the writers of JSON lines give them with a layout. */
export interface ConvertSource {
  file: string;
  /** Names and types of the layout's cells; fields that no column holds stand in each row's `unknownFields`. */
  columns: readonly TableColumn[];
}

export interface ConvertOptions {
  facts: FileFacts;
  /** Rows of the source, where they are known: what cannot be done is refused before it begins. */
  rows?: number;
  signal?: AbortSignal;
  /** Called now and then with the rows that are done. */
  onRows?: (rows: number) => void;
}

export interface ConvertReport {
  rows: number;
  /** Of the file that was written. */
  bytes: number;
  /** What the file could not hold as it was, a sentence each. */
  notes: string[];
}

const CHUNK = 256 * 1024;
const LINE_FEED = 0x0a;

/**
 * Writes a file of rows anew as Parquet or Excel. The same rows and facts give the same bytes. Memory does not grow with the rows,
 * and others get their turn between chunks.
 *
 * @throws ExcelLimitError when an Excel file cannot hold the rows
 * @throws JsonSyntaxError when a line is no JSON object, RangeError when it has a field that no column holds
 * @throws the reason of `signal`, and what reading the file or writing to the sink throws
 */
export async function convert(
  { file, columns }: ConvertSource,
  format: 'parquet' | 'xlsx',
  sink: Pick<Sink, 'write'>,
  { facts, rows = 0, signal, onRows }: ConvertOptions,
): Promise<ConvertReport> {
  const refusal = format === 'xlsx' ? excelRefusal(rows) : undefined;
  if (refusal !== undefined) {
    throw new ExcelLimitError(refusal);
  }
  const reader = new TableReader(columns);
  // Each brings its library, which is loaded with the first file of its format.
  const File =
    format === 'xlsx' ? (await import('./excelFile.ts')).ExcelFile : (await import('./parquetFile.ts')).ParquetFile;
  const target: TableFile = new File(reader.columns, facts, sink);
  try {
    for await (const lines of wholeLines(file)) {
      signal?.throwIfAborted();
      for (let at = 0; at < lines.length; ) {
        const end = lines.indexOf(LINE_FEED, at);
        if (end > at) {
          reader.read(lines.subarray(at, end), target);
        }
        at = end + 1;
      }
      if (await target.drain()) {
        reader.forgetMany(target);
      }
      onRows?.(target.rows);
    }
    const notes = await target.finish();
    return { rows: target.rows, bytes: target.bytes, notes };
  } catch (error) {
    await target.abandon?.();
    throw error;
  }
}

/** The file in pieces that end with a line; the last one gets its end where it has none. What is given is valid until the next piece. */
async function* wholeLines(file: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file);
  try {
    let buffer = Buffer.allocUnsafe(CHUNK);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
      length += bytesRead;
      if (bytesRead === 0) {
        if (length > 0) {
          buffer[length] = LINE_FEED;
          yield buffer.subarray(0, length + 1);
        }
        return;
      }
      const end = buffer.lastIndexOf(LINE_FEED, length - 1) + 1;
      if (end > 0) {
        yield buffer.subarray(0, end);
        buffer.copyWithin(0, end, length);
        length -= end;
      }
      if (length === buffer.length) {
        buffer = Buffer.concat([buffer], buffer.length * 2);
      }
    }
  } finally {
    await handle.close();
  }
}
