import { readFileSync } from 'node:fs';
import { zstdDecompressSync } from 'node:zlib';
import { parquetMetadata, parquetRead } from 'hyparquet';
import { costColumns } from '../../src/records/costFiles.ts';
import { decimalText } from '../../src/sample/decimal.ts';

const NAMES = { amount: 'costInBillingCurrency', currency: 'billingCurrencyCode' };

/** What the typed columns of a Parquet file add up to, read by a library that knows nothing of the store. */
export async function totalsOf(file: string): Promise<{ rows: number; totals: Record<string, string> }> {
  const bytes = new Uint8Array(readFileSync(file)).buffer;
  const metadata = parquetMetadata(bytes);
  const names = metadata.schema.slice(1).map(({ name }) => name);
  const of = (name: string, at: number) => (names.includes(name) ? name : (names[at] ?? ''));
  const { amount, currency } = costColumns(names);
  const cost = of(NAMES.amount, amount);
  const code = of(NAMES.currency, currency);
  for (const element of metadata.schema) {
    delete element.converted_type;
    delete element.logical_type;
  }
  const sums = new Map<string, bigint>();
  let rows = 0;
  await parquetRead({
    file: bytes,
    metadata,
    columns: [cost, code],
    rowFormat: 'object',
    utf8: false,
    compressors: { ZSTD: (input: Uint8Array) => new Uint8Array(zstdDecompressSync(input)) },
    onComplete(read) {
      for (const row of read) {
        rows++;
        const key = Buffer.from(row[code] as Uint8Array).toString();
        const units = BigInt(`0x${Buffer.from(row[cost] as Uint8Array).toString('hex')}`);
        sums.set(key, (sums.get(key) ?? 0n) + BigInt.asIntN(128, units));
      }
    },
  });
  return { rows, totals: Object.fromEntries([...sums].sort().map(([key, sum]) => [key, decimalText(sum, 20)])) };
}
