import type { ColumnSource, SchemaElement } from 'hyparquet-writer';
import type { BlobContent } from './blobStore.ts';
import type { Partition } from './datasets/csv.ts';
import type { CellKind, Dataset } from './datasets/dataset.ts';
import { decimalUnits } from './decimal.ts';

/**
 * Numbers are DECIMAL(38, 20): a double would lose digits of costs, and text would lose that they are numbers. 38 digits are
 * the most that engines read as one decimal, 20 decimals are what costs have, and 18 digits are left before the point.
 */
const DECIMAL = { precision: 38, scale: 20 } as const;
const DECIMAL_BYTES = 16;

/** Rows that are in memory at once, column by column. */
const ROWS_A_GROUP = 20_000;

/**
 * A partition of a data set as one Parquet file: numbers as exact decimals, dates as timestamps (milliseconds, UTC), an
 * empty cell as null. Always the same bytes for the same partition.
 */
export function parquetContent(dataset: Dataset, partition: Partition, compression: 'none' | 'snappy'): BlobContent {
  return () => parquetChunks(dataset, partition, compression);
}

async function* parquetChunks(
  dataset: Dataset,
  { from, to }: Partition,
  compression: 'none' | 'snappy',
): AsyncIterable<Uint8Array> {
  // Loaded with the first Parquet file: most who start the service never ask for one.
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const { columns } = dataset;
  const writer = new ByteWriter();
  const taken = (): Uint8Array => {
    const bytes = writer.getBytes().slice();
    // Offsets in the file go on counting; only the buffer begins anew.
    writer.index = 0;
    return bytes;
  };
  const file = new ParquetWriter({
    writer,
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(({ name, kind }) => elementOf(name, kind))],
    codec: compression === 'snappy' ? 'SNAPPY' : 'UNCOMPRESSED',
    createdBy: 'sample tenant',
  });
  for (let start = from; start < to; start += ROWS_A_GROUP) {
    const cells: unknown[][] = columns.map(() => []);
    for (const row of dataset.rows(start, Math.min(start + ROWS_A_GROUP, to))) {
      columns.forEach(({ kind }, i) => void cells[i]?.push(typedValue(kind, row[i] ?? '')));
    }
    const columnData: ColumnSource[] = columns.map(({ name }, i) => ({ name, data: cells[i] ?? [] }));
    await file.write({ columnData, rowGroupSize: ROWS_A_GROUP });
    yield taken();
  }
  await file.finish();
  yield taken();
}

function elementOf(name: string, kind: CellKind): SchemaElement {
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  switch (kind) {
    case 'number':
      return {
        ...optional,
        type: 'FIXED_LEN_BYTE_ARRAY',
        type_length: DECIMAL_BYTES,
        converted_type: 'DECIMAL',
        logical_type: { type: 'DECIMAL', ...DECIMAL },
        ...DECIMAL,
      };
    case 'date':
      return {
        ...optional,
        type: 'INT64',
        converted_type: 'TIMESTAMP_MILLIS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
      };
    case 'boolean':
      return { ...optional, type: 'BOOLEAN' };
    case 'text':
      return { ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
  }
}

/** A cell as the writer takes it; dates come as MM/dd/yyyy or ISO 8601. */
function typedValue(kind: CellKind, cell: string): unknown {
  if (cell === '') return null;
  switch (kind) {
    case 'number':
      return decimalUnits(cell, DECIMAL.scale);
    case 'date': {
      const american = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(cell);
      return new Date(american ? `${american[3]}-${american[1]}-${american[2]}T00:00:00Z` : cell);
    }
    case 'boolean':
      return cell.toLowerCase() === 'true';
    case 'text':
      return cell;
  }
}
