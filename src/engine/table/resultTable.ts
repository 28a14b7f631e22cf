import { createHash } from 'node:crypto';
import { allRows } from '../allRows.ts';
import type { Engine, Named } from '../engine.ts';
import { literal, quoted } from '../sql/quote.ts';
import type { FriendlyViews } from '../views/friendlyViews.ts';
import type { Column } from './column.ts';
import { EngineTable } from './engineTable.ts';
import { kindOfType, type Source } from './fileSource.ts';
import type { UsageTable } from './usageTable.ts';

/** What may stand behind a statement: blanks, comments, semicolons. */
const TRAILING = /(?:\s|;|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)+$/;

/**
 * The answer to a person's SQL as a table. The SQL is looked at on the parser's own tree first and runs on a ground that can read the files of
 * the views and nothing else.
 *
 * @throws EngineError when the SQL is not one statement that only reads, or fails
 */
export async function resultTable(
  engine: Engine,
  { ground }: Pick<FriendlyViews, 'ground'>,
  { sql: written }: { sql: string },
  { signal }: { signal?: AbortSignal } = {},
): Promise<UsageTable> {
  const ask = { ground, ...(signal && { signal }) };
  const { kind, sql } = await engine.check({ sql: written, ...ask });
  let select = sql;
  if (kind === 'explain') {
    const plan = await allRows(engine, { sql, ...ask });
    const lines = plan.flatMap(([, text]) => (text ?? '').split('\n')).map((line) => `(${literal(line)})`);
    select = `SELECT * FROM (VALUES ${lines.join(', ')}) AS t(plan)`;
  } else if (kind === 'describe') {
    // What is cut off could have been part of a text.
    const bare = await engine.check({ sql: sql.replace(TRAILING, ''), ...ask });
    select = `FROM (${bare.sql}\n)`;
  }
  const table: Named = { name: `q_${createHash('sha256').update(select).digest('hex').slice(0, 24)}`, sql: select };
  const described = await allRows(engine, { sql: `DESCRIBE ${quoted(table.name)}`, tables: [table], ...ask });
  const columns = described.map(
    ([name, type], i): Column => ({
      name: name ?? '',
      kind: kindOfType(type ?? ''),
      id: `c${i}`,
      ...(/^U?HUGEINT$/.test(type ?? '') && { wide: true }),
    }),
  );
  const picks = columns.map(({ name, id }) => `${quoted(name)} AS ${id}`);
  const source: Source = {
    base: `(SELECT ${[...picks, 'rowid AS rid'].join(', ')} FROM ${quoted(table.name)}) AS base`,
    ground,
    columns,
    tables: [table],
    dense: true,
  };
  return new EngineTable(engine, {
    files: ground.files,
    columns: () => columns,
    slow: false,
    shared: true,
    load: async () => source,
  });
}
