import assert from 'node:assert/strict';
import { parquetMetadata } from 'hyparquet';
import type { Dataset } from '../../src/sample/datasets/dataset.ts';
import { parquetContent } from '../../src/sample/parquetFile.ts';
import { parquetRows } from '../support/parquetRows.ts';

const COLUMNS = [
  { name: 'name', kind: 'text' },
  { name: 'cost', kind: 'number' },
  { name: 'day', kind: 'date' },
  { name: 'isCredit', kind: 'boolean' },
] as const;

function datasetOf(rows: readonly (readonly string[])[]): Dataset {
  return {
    columns: COLUMNS,
    dataVersion: '1',
    count: () => rows.length,
    rows: (from = 0, to = rows.length) => rows.slice(from, to),
  };
}

async function written(dataset: Dataset, from: number, to: number, compression: 'none' | 'snappy' = 'snappy') {
  const pieces: Uint8Array[] = [];
  for await (const piece of parquetContent(dataset, { from, to }, compression)()) pieces.push(piece);
  return { bytes: Buffer.concat(pieces), pieces: pieces.length };
}

describe('Parquet files of the sample', () => {
  it('keep all digits, signs, days and what is empty', async () => {
    const rows = [
      ['a', '0.00000000000000000001', '11/30/2026', 'True'],
      ['ü, "quoted"', '-123456789012345678.00000000000000000009', '2026-02-28T00:00Z', 'False'],
      ['', '', '', ''],
      ['zero', '0', '2026-12-31T23:59:58Z', 'false'],
    ];
    const { bytes } = await written(datasetOf(rows), 0, rows.length);
    assert.deepEqual((await parquetRows(bytes)).rows, [
      { name: 'a', cost: '0.00000000000000000001', day: '2026-11-30T00:00:00.000Z', isCredit: 'true' },
      {
        name: 'ü, "quoted"',
        cost: '-123456789012345678.00000000000000000009',
        day: '2026-02-28T00:00:00.000Z',
        isCredit: 'false',
      },
      { name: '', cost: '', day: '', isCredit: '' },
      { name: 'zero', cost: '0', day: '2026-12-31T23:59:58.000Z', isCredit: 'false' },
    ]);
  });

  it('come in pieces where there are many rows, and are one file', async () => {
    const rows = Array.from({ length: 45_000 }, (_, i) => [`row ${i}`, `${i}.5`, '01/01/2026', 'true']);
    for (const compression of ['none', 'snappy'] as const) {
      const { bytes, pieces } = await written(datasetOf(rows), 1_000, 45_000, compression);
      const metadata = parquetMetadata(new Uint8Array(bytes).buffer);
      assert.ok(pieces > 2);
      assert.deepEqual([metadata.row_groups.length, Number(metadata.num_rows)], [3, 44_000]);
      assert.equal(
        metadata.row_groups[0]?.columns[0]?.meta_data?.codec,
        compression === 'none' ? 'UNCOMPRESSED' : 'SNAPPY',
      );
      const read = (await parquetRows(bytes)).rows;
      assert.deepEqual(
        read.map(({ name, cost }) => [name, cost]),
        rows.slice(1_000).map(([name, cost]) => [name, cost]),
      );
    }
  });

  it('are the same bytes each time, and valid without rows', async () => {
    const dataset = datasetOf([['a', '1', '01/01/2026', 'true']]);
    assert.deepEqual((await written(dataset, 0, 1)).bytes, (await written(dataset, 0, 1)).bytes);
    const { bytes } = await written(dataset, 0, 0);
    assert.deepEqual((await parquetRows(bytes)).rows, []);
  });
});
