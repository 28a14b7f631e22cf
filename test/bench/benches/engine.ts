import { open } from 'node:fs/promises';
import path from 'node:path';
import { allRows } from '../../../src/engine/allRows.ts';
import { literal } from '../../../src/engine/sql/quote.ts';
import { openUsageTable } from '../../../src/engine/table/openTable.ts';
import type { TableView, UsageTable } from '../../../src/engine/table/usageTable.ts';
import { NOWHERE, startEngine } from '../../support/engine.ts';
import type { Figure } from '../figures.ts';
import { type Bench, count } from './bench.ts';
import { alone, groupSql, THREADS, timed, usageSql } from './duckDb.ts';

const ROWS = 2_000_000;
const GROUP_ROWS = 1_000_000;

const ALL: TableView = { sort: [], filters: [] };
const SORT: TableView = { sort: [{ column: 'costInBillingCurrency', descending: true }], filters: [] };
const FILTER: TableView = {
  sort: [],
  filters: [
    { column: 'meterCategory', test: 'oneOf', values: ['Service 7', 'Service 9'] },
    { column: 'instanceName', test: 'contains', text: 'VM-49' },
  ],
};
const SCREEN = 100;

async function readOnce(file: string): Promise<void> {
  const handle = await open(file);
  const buffer = Buffer.allocUnsafe(1 << 20);
  try {
    while ((await handle.read(buffer, 0, buffer.length)).bytesRead > 0);
  } finally {
    await handle.close();
  }
}

/** The usage table against reading the file, and against the same SQL in DuckDB alone. The process is up, tables are new. */
export const engine: Bench = async ({ rounds, folder }) => {
  const test = await startEngine({ memoryLimit: 1_024, threads: THREADS });
  const at = (name: string) => path.join(folder, name);
  const make = (name: string, rows: number) =>
    test.engine.write(
      { sql: usageSql(rows), ground: NOWHERE },
      { file: at(name), format: name.endsWith('.csv') ? 'csv' : 'parquet' },
    );
  const taken: Record<
    string,
    { work: string; against: string; goal?: number; ours: number[]; theirs: number[]; broken?: string }
  > = {};
  const take = async (
    work: string,
    against: string,
    goal: number | undefined,
    ours: () => Promise<unknown>,
    theirs: () => Promise<number>,
  ) => {
    taken[work] ??= { work, against, ours: [], theirs: [], ...(goal !== undefined && { goal }) };
    const [mine, other] = [await timed(ours), await theirs()];
    taken[work].ours.push(mine);
    taken[work].theirs.push(other);
    console.log(`  ${work.padEnd(60)} ${mine.toFixed(3)} s  against ${other.toFixed(3)} s`);
  };
  try {
    await make('usage.csv', ROWS);
    await make('usage.parquet', ROWS);
    await make('group.parquet', GROUP_ROWS);
    await allRows(test.engine, { sql: 'SELECT 1', ground: NOWHERE });
    const names = (table: UsageTable) => table.columns.map(({ name }) => name);
    const size = `${count(ROWS)} rows`;
    for (let round = 0; round < rounds; round++) {
      for (const name of ['usage.csv', 'usage.parquet']) {
        const kind = name === 'usage.csv' ? 'CSV' : 'Parquet';
        const file = at(name);
        const from = name === 'usage.csv' ? `read_csv(${literal(file)})` : `read_parquet(${literal(file)})`;
        await readOnce(file);
        let table: UsageTable | undefined;
        const opened = async () => {
          table = await openUsageTable(test.engine, [file]);
          return table.rows(ALL, 0, SCREEN, names(table).slice(0, 12));
        };
        await take(`open ${size} of ${kind}: first screen`, 'reading the file once with fs', 0.3, opened, () =>
          timed(() => readOnce(file)),
        );
        const there = table as UsageTable | undefined;
        if (there === undefined) throw new Error('no table');
        if (kind === 'CSV') {
          await take(
            `sort ${size} of CSV right after opening`,
            'the same SQL in DuckDB alone',
            undefined,
            () => there.rows(SORT, 0, SCREEN, names(there)),
            () => alone([`SELECT * FROM ${from} ORDER BY costInBillingCurrency DESC LIMIT ${SCREEN}`]),
          );
        }
        await take(
          `sort ${size} of ${kind}${kind === 'CSV' ? ', later' : ''}`,
          'the same SQL in DuckDB alone',
          1.3,
          () => there.rows({ ...SORT, sort: [...SORT.sort] }, 0, SCREEN, names(there)),
          () => alone([`SELECT * FROM ${from} ORDER BY costInBillingCurrency DESC LIMIT ${SCREEN}`]),
        );
        const where = `meterCategory IN ('Service 7', 'Service 9') AND contains(lower(instanceName), 'vm-49')`;
        await take(
          `filter ${size} of ${kind}${kind === 'CSV' ? ', later' : ''}: screen and count`,
          'the same SQL in DuckDB alone',
          1.3,
          async () => {
            await there.rows(FILTER, 0, SCREEN, names(there));
            return there.count(FILTER);
          },
          () =>
            alone([
              `SELECT * FROM ${from} WHERE ${where} LIMIT ${SCREEN}`,
              `SELECT count(*) FROM ${from} WHERE ${where}`,
            ]),
        );
        await there.close();
      }
      const grouped = await openUsageTable(test.engine, [at('group.parquet')]);
      await take(
        `group ${count(GROUP_ROWS)} rows by day and service`,
        'the same SQL in DuckDB alone',
        1.5,
        () =>
          grouped.groups(
            ALL,
            { columns: [{ column: 'date', by: 'day' }, { column: 'meterCategory' }], sums: ['costInBillingCurrency'] },
            { sum: 'costInBillingCurrency', descending: true },
            0,
            SCREEN,
          ),
        () => alone([groupSql(at('group.parquet'), SCREEN)]),
      );
      await grouped.close();
    }
  } finally {
    await test.close();
  }
  return Object.values(taken).map((figure): Figure => ({ ...figure, unit: 'wall s' }));
};
