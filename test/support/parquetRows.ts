import { parquetMetadata, parquetRead, type SchemaElement } from 'hyparquet';
import { decimalText } from '../../src/sample/decimal.ts';

export interface ParquetTable {
  rows: Record<string, string>[];
  schema: SchemaElement[];
}

/** Rows of a Parquet file; decimals as their exact text, which the reader's doubles would not keep. */
export async function parquetRows(bytes: Uint8Array): Promise<ParquetTable> {
  const file = new Uint8Array(bytes).buffer;
  const schema = parquetMetadata(file).schema;
  const metadata = parquetMetadata(file);
  const scales = new Map(schema.map(({ name, converted_type, scale = 0 }) => [name, { converted_type, scale }]));
  for (const element of metadata.schema) {
    if (element.converted_type !== 'DECIMAL') continue;
    delete element.converted_type;
    delete element.logical_type;
  }
  const rows: Record<string, string>[] = [];
  await parquetRead({
    file,
    metadata,
    rowFormat: 'object',
    utf8: false,
    onComplete: (read) => {
      for (const row of read) {
        const cells = Object.entries(row).map(([name, value]): [string, string] => {
          const { converted_type, scale = 0 } = scales.get(name) ?? {};
          if (value === null || value === undefined) return [name, ''];
          if (converted_type === 'DECIMAL') return [name, decimalText(signed(value as Uint8Array), scale)];
          return [name, value instanceof Date ? value.toISOString() : String(value)];
        });
        rows.push(Object.fromEntries(cells));
      }
    },
  });
  return { rows, schema };
}

function signed(bytes: Uint8Array): bigint {
  const unsigned = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  return BigInt.asIntN(bytes.length * 8, unsigned);
}
