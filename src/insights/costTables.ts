import { allRows } from '../engine/allRows.ts';
import type { Engine, Ground } from '../engine/engine.ts';
import { fileLiteral } from '../engine/sql/quote.ts';
import type { DimensionName } from '../insight/costColumns.ts';
import { dimensionsIn } from '../insight/costColumns.ts';
import type { SideTable } from '../insight/sideQuery.ts';

/** A month of usage that the engine answers questions about. */
export interface CostTable {
  ground: Ground;
  table: SideTable;
}

/** A Parquet file, by its absolute path, and how many rows it has. */
interface RowsFile {
  readonly file: string;
  readonly facts: { readonly rows: number };
}

/** The months that have rows, with their columns; on one ground, because each is an instance of the engine. @throws EngineMissing; EngineError */
export async function costTables(
  engine: Engine,
  tables: readonly RowsFile[],
  signal: AbortSignal,
): Promise<CostTable[]> {
  const files = tables.filter(({ facts }) => facts.rows > 0).map(({ file }) => file);
  const views = files.map((file, at) => ({
    name: `rows${at}`,
    sql: `SELECT * FROM read_parquet(${fileLiteral(file)})`,
  }));
  const ground = { files, views };
  const found: CostTable[] = [];
  for (const { name } of views) {
    const rows = await allRows(engine, { sql: `DESCRIBE ${name}`, ground, signal });
    const columns = rows.map(([column, type]) => ({
      name: column ?? '',
      isDecimal: type?.startsWith('DECIMAL') === true,
    }));
    found.push({ ground, table: { name, columns } });
  }
  return found;
}

/** Those of the dimensions that every table has. */
export function sharedDimensions<Name extends DimensionName>(
  tables: readonly CostTable[],
  wanted: readonly Name[],
): Name[] {
  const found = tables.map(({ table }) => dimensionsIn(table.columns.map(({ name }) => name)).map(({ name }) => name));
  return wanted.filter((name) => found.every((names) => names.includes(name)));
}
