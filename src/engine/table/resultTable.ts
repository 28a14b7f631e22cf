import { createHash } from 'node:crypto';
import { allRows } from '../allRows.ts';
import type { Engine, Named } from '../engine.ts';
import { EngineError } from '../engineErrors.ts';
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
  // What is cut off could have been part of a text: it is looked at again.
  const bare = async () => {
    const cut = sql.replace(TRAILING, '');
    return cut === sql ? sql : (await engine.check({ sql: cut, ...ask })).sql;
  };
  if (kind === 'explain') {
    const plan = await allRows(engine, { sql, ...ask });
    const lines = plan.flatMap(([, text]) => (text ?? '').split('\n')).map((line) => `(${literal(line)})`);
    select = `SELECT * FROM (VALUES ${lines.join(', ')}) AS t(plan)`;
  } else if (kind === 'describe') {
    select = `FROM (${await bare()}\n)`;
  }
  const hash = createHash('sha256').update(select).digest('hex').slice(0, 24);
  const table: Named = { name: `q_${hash}`, sql: select };
  const describe = (made: Named) => allRows(engine, { sql: `DESCRIBE ${quoted(made.name)}`, tables: [made], ...ask });
  const described = await (kind === 'select'
    ? // A table without rows has the same columns, and the statement is not run for it.
      bare()
        .then((inner) => describe({ name: `e_${hash}`, sql: `FROM (${inner}\n) LIMIT 0` }))
        .catch((error: unknown) => {
          if (error instanceof EngineError && error.kind === 'question' && signal?.aborted !== true) {
            // It cannot stand there, or is wrong: the statement itself tells.
            return describe(table);
          }
          throw error;
        })
    : describe(table));
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
    isAnswer: true,
  };
  return new EngineTable(engine, {
    files: ground.files,
    columns: () => columns,
    slow: false,
    shared: true,
    load: async () => source,
  });
}
