import { allRows } from '../allRows.ts';
import type { ColumnKind, TableColumnInfo } from '../cells.ts';
import type { Engine, Ground, Named } from '../engine.ts';
import { fileLiteral, literal, quoted } from '../sql/quote.ts';
import { kindOfType } from '../table/fileSource.ts';
import { USAGE_COLUMNS, type UsageColumn } from './usageColumns.ts';

/** A Parquet file and what is known of it. */
export interface ViewFile {
  /** Absolute path. */
  file: string;
  /** Which view its rows are in. */
  holds: 'usage' | 'invoices' | 'customers';
  connection: string;
  /** Path of the scope. */
  scope: string;
  /** Name of the customer, where the file is one customer's. */
  customer?: string;
  /** `2026-10`. */
  month?: string;
  /** What its costs are; `actual` when left out. */
  costs?: 'actual' | 'amortized';
}

/** What completion offers. */
export interface CatalogueView {
  name: string;
  meaning: string;
  columns: readonly (TableColumnInfo & { meaning: string })[];
}

/** Views for people: `usage`, `invoices`, `customers` and `usage_files`. */
export interface FriendlyViews {
  readonly ground: Ground;
  readonly catalogue: readonly CatalogueView[];
}

/** What rows of `usage` and of `usage_files` tell before their own columns: where they are from. */
export const FACTS: readonly (TableColumnInfo & { meaning: string })[] = [
  { name: 'x_Connection', kind: 'text', meaning: 'Connection that the rows came by' },
  { name: 'x_Scope', kind: 'text', meaning: 'Path of the scope that was read' },
  { name: 'x_Month', kind: 'text', meaning: 'Month of the file' },
];

const MEANINGS = {
  usage: 'Usage and charges by FOCUS names, a row per resource, meter and day',
  usage_files: 'The same rows with the columns as the service sent them',
  invoices: 'Invoices',
  customers: 'Customers',
} as const;

/**
 * Views over files, whatever layouts they have. Rows of several scopes may hold the same charge: ask for one `x_Scope` where sums matter.
 *
 * @throws EngineMissing; EngineError for a file that is no Parquet
 */
export async function friendlyViews(
  engine: Engine,
  files: readonly ViewFile[],
  { signal }: { signal?: AbortSignal } = {},
): Promise<FriendlyViews> {
  // One ground for all: each is an instance of the engine.
  const all = [...new Set(files.map(({ file }) => file))];
  const known = await Promise.all(
    files.map(async (file) => ({ file, columns: await columnsOf(engine, file.file, all, signal) })),
  );
  const holding = (holds: ViewFile['holds']) => known.filter(({ file }) => file.holds === holds);
  const usage = holding('usage');
  const views: Named[] = [];
  const catalogue: CatalogueView[] = [];
  const add = (name: keyof typeof MEANINGS, sql: string, columns: CatalogueView['columns']) => {
    views.push({ name, sql });
    catalogue.push({ name, meaning: MEANINGS[name], columns });
  };
  const selects = usage.map(({ file, columns }) => usageSelect(file, columns));
  add('usage', selects.join(' UNION ALL ') || emptySelect([...FACTS, ...USAGE_COLUMNS]), [
    ...FACTS,
    ...USAGE_COLUMNS.map(({ name, kind, meaning }) => ({ name, kind, meaning })),
  ]);
  for (const [name, parts] of [
    ['usage_files', usage],
    ['invoices', holding('invoices')],
    ['customers', holding('customers')],
  ] as const) {
    const columns = joined(parts);
    add(name, parts.map(sourceSelect).join(' UNION ALL BY NAME ') || emptySelect(FACTS), [...FACTS, ...columns]);
  }
  return { ground: { files: all, views }, catalogue };
}

interface FileColumn {
  name: string;
  type: string;
}

async function columnsOf(
  engine: Engine,
  file: string,
  files: readonly string[],
  signal: AbortSignal | undefined,
): Promise<FileColumn[]> {
  const rows = await allRows(engine, {
    sql: `DESCRIBE SELECT * FROM read_parquet(${fileLiteral(file)})`,
    ground: { files, views: [] },
    ...(signal && { signal }),
  });
  return rows.map(([name, type]) => ({ name: name ?? '', type: type ?? '' }));
}

function joined(parts: readonly { columns: readonly FileColumn[] }[]): (TableColumnInfo & { meaning: string })[] {
  const taken = new Set(FACTS.map(({ name }) => name.toLowerCase()));
  return parts.flatMap(({ columns }) =>
    columns.flatMap(({ name, type }) => {
      if (taken.has(name.toLowerCase())) {
        return [];
      }
      taken.add(name.toLowerCase());
      return [{ name, kind: kindOfType(type), meaning: '' }];
    }),
  );
}

function factsOf({ connection, scope, month }: ViewFile): string[] {
  return [connection, scope, month].map((value, i) => {
    const text = value === undefined ? 'CAST(NULL AS VARCHAR)' : literal(value);
    return `${text} AS ${quoted(FACTS[i]?.name ?? '')}`;
  });
}

function usageSelect(file: ViewFile, columns: readonly FileColumn[]): string {
  const picks = USAGE_COLUMNS.map((column) => `${usageSql(column, file, columns)} AS ${quoted(column.name)}`);
  return `SELECT ${[...factsOf(file), ...picks].join(', ')} FROM read_parquet(${fileLiteral(file.file)})`;
}

function usageSql(column: UsageColumn, file: ViewFile, columns: readonly FileColumn[]): string {
  const { name, kind, from, made, costs } = column;
  const found = from.flatMap((wanted) => {
    const there = columns.find((other) => other.name.toLowerCase() === wanted.toLowerCase());
    return there === undefined ? [] : [there];
  });
  const isFocus = columns.some((other) => other.name === 'BilledCost');
  if (name === 'x_CustomerName' && found.length === 0 && file.customer !== undefined) {
    return literal(file.customer);
  }
  if (found.length === 0) {
    return `CAST(NULL AS ${SQL_TYPES[kind] ?? 'VARCHAR'})`;
  }
  const values = found.map(({ name: source, type }) => asKind(quoted(source), kind, type));
  const value = values.length === 1 ? (values[0] ?? '') : `coalesce(${values.join(', ')})`;
  if (costs !== undefined && !isFocus && costs !== (file.costs ?? 'actual')) {
    return uncommitted(value, columns);
  }
  return made === undefined || found[0]?.name === name ? value : made.replace(/\bv\b/g, () => value);
}

/** Use that no reservation or savings plan covers costs the same, billed or amortized. */
function uncommitted(value: string, columns: readonly FileColumn[]): string {
  const column = (names: readonly string[]) => {
    const found = columns.filter((other) => names.includes(other.name.toLowerCase()));
    return found.length === 0
      ? "''"
      : `coalesce(${found.map(({ name }) => `nullif(CAST(${quoted(name)} AS VARCHAR), '')`).join(', ')}, '')`;
  };
  return `CASE WHEN lower(${column(['chargetype'])}) = 'usage' AND ${column(['benefitid', 'reservationid'])} = '' AND lower(${column(['pricingmodel'])}) NOT IN ('reservation', 'savingsplan') THEN ${value} END`;
}

const SQL_TYPES: Readonly<Partial<Record<ColumnKind, string>>> = { decimal: 'DECIMAL(38, 20)', date: 'DATE' };

function asKind(value: string, kind: ColumnKind, type: string): string {
  switch (kind) {
    case 'decimal':
      // By its text, so that a double counts as the number that it shows.
      return type.startsWith('DECIMAL')
        ? `CAST(${value} AS DECIMAL(38, 20))`
        : `TRY_CAST(CAST(${value} AS VARCHAR) AS DECIMAL(38, 20))`;
    case 'date':
      return type === 'VARCHAR'
        ? `coalesce(TRY_CAST(left(${value}, 10) AS DATE), CAST(try_strptime(${value}, '%m/%d/%Y') AS DATE))`
        : `CAST(${type.endsWith('ZONE') ? `CAST(${value} AS TIMESTAMP)` : value} AS DATE)`;
    default:
      return `nullif(CAST(${value} AS VARCHAR), '')`;
  }
}

function sourceSelect({ file, columns }: { file: ViewFile; columns: readonly FileColumn[] }): string {
  const own = columns.filter(({ name }) => !FACTS.some((fact) => fact.name.toLowerCase() === name.toLowerCase()));
  return `SELECT ${[...factsOf(file), ...own.map(({ name }) => quoted(name))].join(', ')} FROM read_parquet(${fileLiteral(file.file)})`;
}

function emptySelect(columns: readonly TableColumnInfo[]): string {
  return `SELECT ${columns.map(({ name, kind }) => `CAST(NULL AS ${SQL_TYPES[kind] ?? 'VARCHAR'}) AS ${quoted(name)}`).join(', ')} WHERE false`;
}
