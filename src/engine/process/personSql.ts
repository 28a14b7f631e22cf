import { EngineError } from '../engineErrors.ts';

/** Functions that stand where a table stands. All others read files, settings or SQL from texts, or change the engine. */
const TABLE_FUNCTIONS = new Set(['range', 'generate_series', 'unnest', 'repeat', 'json_each', 'json_tree']);

/** Scalar functions that tell about the machine, or leave traces. */
const REFUSED_FUNCTIONS =
  /^(getenv|current_setting|set_config|getvariable|write_log|.*secret.*|read_.*|parquet_.*|.*sql|glob|query|query_table|nextval|pg_.*|current_query.*|txid_current|in_search_path|add_parquet_key)$/;

const HINT = 'One SELECT, WITH, FROM, DESCRIBE, SUMMARIZE, SHOW TABLES or EXPLAIN SELECT is allowed';

/** What stands before the statement itself: blanks, comments, `EXPLAIN`, `ANALYZE`. */
const LEADING = /^(?:\s|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)*/;

/** Splits `EXPLAIN` off, which the parser's tree cannot hold. `sql` is what is explained. */
export function splitExplain(sql: string): { explain: string; sql: string } {
  const start = sql.slice(LEADING.exec(sql)?.[0].length ?? 0);
  const word = /^explain(?![\w$])/i.exec(start);
  if (word === null) {
    return { explain: '', sql: start };
  }
  const rest = start.slice(word[0].length);
  const behind = rest.slice(LEADING.exec(rest)?.[0].length ?? 0);
  const analyze = /^analyze(?![\w$])/i.exec(behind);
  return { explain: 'EXPLAIN ', sql: analyze === null ? behind : behind.slice(analyze[0].length) };
}

/**
 * Looks at the parser's tree of a person's SQL (`json_serialize_sql`): one statement that only reads, from the named tables alone.
 *
 * @returns which kind it is
 * @throws EngineError (`refused`, or `question` for SQL that does not parse)
 */
export function checkTree(tree: unknown, tables: readonly string[]): 'select' | 'describe' {
  const { error, error_type, error_message, statements } = record(tree);
  if (error === true) {
    const why = typeof error_message === 'string' ? error_message : '';
    if (error_type === 'parser') {
      throw new EngineError('question', `The SQL cannot be read: ${oneLine(why)}.`);
    }
    throw new EngineError('refused', `${HINT}; this is something else (a PIVOT needs its values: ON column IN (…)).`);
  }
  if (!Array.isArray(statements) || statements.length === 0) {
    throw new EngineError('refused', `There is no SQL. ${HINT}.`);
  }
  if (statements.length > 1) {
    throw new EngineError('refused', `There are ${statements.length} statements. ${HINT}.`);
  }
  const names = new Set(tables.map((name) => name.toLowerCase()));
  collectNames(statements[0], names);
  checkNode(statements[0], names, tables);
  const from = record(record(record(statements[0]).node).from_table);
  return from.type === 'SHOW_REF' ? 'describe' : 'select';
}

/** Names that the statement itself gives to tables: those of WITH. */
function collectNames(node: unknown, names: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) {
      collectNames(item, names);
    }
  } else if (typeof node === 'object' && node !== null) {
    for (const [key, value] of Object.entries(node)) {
      if (key === 'cte_map') {
        const { map } = record(value);
        for (const entry of Array.isArray(map) ? map : []) {
          const { key: name } = record(entry);
          if (typeof name === 'string') {
            names.add(name.toLowerCase());
          }
        }
      }
      collectNames(value, names);
    }
  }
}

function checkNode(node: unknown, names: ReadonlySet<string>, tables: readonly string[]): void {
  if (Array.isArray(node)) {
    for (const item of node) {
      checkNode(item, names, tables);
    }
    return;
  }
  if (typeof node !== 'object' || node === null) {
    return;
  }
  const { type, table_name, schema_name, catalog_name, function: call, function_name } = record(node);
  if (type === 'BASE_TABLE') {
    checkTable(String(table_name), [schema_name, catalog_name], names, tables);
  } else if (type === 'SHOW_REF') {
    // Names of what is shown stand in quotes: "tables".
    const shown = String(table_name ?? '').replaceAll('"', '');
    if (!['', 'tables', '__show_tables_expanded'].includes(shown)) {
      checkTable(shown, [], names, tables);
    }
  } else if (type === 'TABLE_FUNCTION') {
    const name = String(record(call).function_name).toLowerCase();
    if (!TABLE_FUNCTIONS.has(name)) {
      throw new EngineError('refused', `The function ${oneLine(name)} is not allowed in FROM; ${tableHint(tables)}.`);
    }
  }
  if (
    typeof function_name === 'string' &&
    type !== 'TABLE_FUNCTION' &&
    REFUSED_FUNCTIONS.test(function_name.toLowerCase())
  ) {
    throw new EngineError('refused', `The function ${oneLine(function_name)} is not allowed in SQL here.`);
  }
  for (const value of Object.values(node)) {
    checkNode(value, names, tables);
  }
}

function checkTable(
  name: string,
  places: readonly unknown[],
  names: ReadonlySet<string>,
  tables: readonly string[],
): void {
  if (places.some((place) => typeof place === 'string' && place !== '') || !names.has(name.toLowerCase())) {
    throw new EngineError('refused', `There is no table ${oneLine(name)}; ${tableHint(tables)}.`);
  }
}

function tableHint(tables: readonly string[]): string {
  return `the tables are ${tables.join(', ')}`;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function oneLine(text: string): string {
  return (
    text
      .replace(/\s+/g, ' ')
      .trim()
      .replace(/[.!]+$/, '')
      .slice(0, 300) || 'without a name'
  );
}
