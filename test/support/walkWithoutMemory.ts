import { ByteBuffer } from '../../src/records/output.ts';
import { ParquetFile } from '../../src/records/parquetFile.ts';
import { RecordReader } from '../../src/records/recordReader.ts';
import { RecordTable, recordColumns } from '../../src/records/recordTable.ts';
import { MODERN_USAGE } from '../../src/records/usageDetails.ts';
import { parquetRows } from './parquetRows.ts';
import { FACTS } from './tableFiles.ts';

/**
 * A process of its own, whose walk has the memory that it starts with: takes a small page, then a large one while the system once refuses more
 * memory. Prints whether it was asked, whether the large page failed, and the ids in the file.
 */
const pageOf = (rows: number, name: string) =>
  Buffer.from(
    `{"value":[${Array.from({ length: rows }, (_, i) => `{"id":"${name}${i}","properties":{"billingCurrencyCode":"EUR","paygCostInUSD":1}}`).join(',')}]}`,
  );
const reader = new RecordReader(MODERN_USAGE);
const chunks: Uint8Array[] = [];
const file = new ParquetFile(recordColumns(reader), FACTS, { write: (chunk) => void chunks.push(chunk) });
const table = new RecordTable(reader, file);
const slotOf = (name: string) => reader.cells.find((cell) => cell.name === name)?.slot ?? -1;
const take = (page: Uint8Array) => {
  table.beginPage();
  const onRecord = (bytes: Uint8Array) => {
    table.record(bytes);
    table.beginPage();
  };
  const costs = { amount: slotOf('paygCostInUSD'), currency: slotOf('billingCurrencyCode'), day: -1 };
  const sum = () => ({ addLimbs() {} });
  reader.readPage(page, onRecord, { rows: table.rows, costs, out: new ByteBuffer(), onRun() {}, sum });
};

take(pageOf(50, 'a'));
// The types of Node do not have it.
const { Memory } = Reflect.get(globalThis, 'WebAssembly') as { Memory: { prototype: { grow(by: number): number } } };
const { grow } = Memory.prototype;
let refused = false;
let failed = false;
Memory.prototype.grow = function (by) {
  if (!refused) {
    refused = true;
    throw new RangeError('no memory');
  }
  return grow.call(this, by);
};
try {
  take(pageOf(1_300, 'b'));
} catch {
  failed = true;
}
await table.drain();
table.end();
await file.finish();
const { rows } = await parquetRows(Buffer.concat(chunks));
console.log(JSON.stringify({ refused, failed, ids: rows.map(({ id }) => id) }));
