import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { BlobContent } from '../blobStore.ts';
import type { Dataset } from './dataset.ts';

/** Rows of a dataset that make one file, `to` exclusive. */
export interface Partition {
  readonly from: number;
  readonly to: number;
}

const CHUNK_BYTES = 64 * 1024;

/** Neighbouring partitions of at most so many rows; none for a dataset without rows. */
export function partitionsOf(dataset: Dataset, mostRows: number): Partition[] {
  const count = dataset.count();
  const partitions: Partition[] = [];
  for (let from = 0; from < count; from += mostRows) {
    partitions.push({ from, to: Math.min(from + mostRows, count) });
  }
  return partitions;
}

/** A partition as a CSV file (RFC 4180, UTF-8, CRLF) with a header row of its own. */
export function csvContent(dataset: Dataset, partition: Partition): BlobContent {
  return () => csvChunks(dataset, partition);
}

/** The content as a gzip file; always the same bytes for the same content. */
export function gzipContent(content: BlobContent): BlobContent {
  // A failure reaches the reader through the stream itself.
  return () => pipeline(Readable.from(content()), createGzip(), () => {});
}

function* csvChunks(dataset: Dataset, { from, to }: Partition): Iterable<Uint8Array> {
  let text = line(dataset.columns.map(({ name }) => name));
  for (const row of dataset.rows(from, to)) {
    text += line(row);
    if (text.length < CHUNK_BYTES) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

function line(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
