import { randomUUID } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { allRows } from '../allRows.ts';
import type { Cell, ColumnKind } from '../cells.ts';
import type { Engine, Ground, Named } from '../engine.ts';
import { EngineError } from '../engineErrors.ts';
import { fileLiteral, literal, quoted } from '../sql/quote.ts';
import { type Column, type CsvForm, shownText } from './column.ts';
import { type CsvHead, numberPattern, readCsvHead } from './csvHead.ts';

/** Rows of several files are told apart by the file's place times this, plus the place of the row. */
const FILE_STEP = 2n ** 40n;

/**
 * Where the rows of a table are. `base` is what stands behind FROM: it has the columns' ids and `rid`, a number that grows with the order of rows (in
 * one file: the place of the row).
 */
export interface Source {
  readonly base: string;
  readonly ground: Ground;
  readonly columns: readonly Column[];
  /** Tables that `base` needs. */
  readonly tables: readonly Named[];
  /** Whether `rid` counts from 0 without gaps. */
  readonly dense: boolean;
  /** Whether a statement chose the columns: others may be told where it reads from. */
  readonly isAnswer?: true;
}

/** The first rows of files that were not read to their end yet: texts, in the order of the columns. */
export interface Preview {
  readonly ground: Ground;
  /** A SELECT of all rows, as texts. */
  readonly sql: string;
  /** The first rows, where they are known already. */
  readonly rows?: readonly (readonly Cell[])[];
}

/** Names that DuckDB itself gives to columns of files: data with such names is copied first. */
const RESERVED = new Set(['file_row_number', 'file_index', 'filename', 'rowid']);

/** Parquet files are read where they lie. @throws EngineError for a file that is none */
export async function openParquet(
  engine: Engine,
  files: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ source?: Source; preview: Preview; columns: readonly Column[]; copies: readonly string[] }> {
  const read = readParquet(files);
  const ground: Ground = { files, views: [] };
  const rows = await allRows(engine, {
    sql: `DESCRIBE SELECT * FROM ${read}`,
    ground,
    ...(signal && { signal }),
  });
  const columns = rows.map(
    ([name, type], i): Column => ({ name: name ?? '', kind: kindOfType(type ?? ''), id: `c${i}` }),
  );
  const picks = columns.map(({ name, id }) => `${quoted(name)} AS ${id}`).join(', ');
  const preview = {
    ground,
    sql: `SELECT ${columns.map((column) => shownText(column, quoted(column.name))).join(', ')} FROM ${read}`,
  };
  if (columns.some(({ name }) => RESERVED.has(name.toLowerCase()))) {
    return { preview, columns, copies: [`SELECT ${picks} FROM ${read}`] };
  }
  return { source: parquetSource(files, columns, picks), preview, columns, copies: [] };
}

/** The ground stays that of the question before: another would be another instance, which reads the end of each file anew. */
function parquetSource(files: readonly string[], columns: readonly Column[], picks: string): Source {
  const rid = files.length === 1 ? 'file_row_number' : `file_index * ${FILE_STEP} + file_row_number`;
  return {
    base: `(SELECT ${picks}, ${rid} AS rid FROM ${readParquet(files)}) AS base`,
    ground: { files, views: [] },
    columns,
    tables: [],
    dense: files.length === 1,
  };
}

function readParquet(files: readonly string[]): string {
  const union = files.length > 1 ? ', union_by_name = true' : '';
  return `read_parquet([${files.map(fileLiteral).join(', ')}]${union})`;
}

/** Our own copies have the columns' ids already. */
function copiedSource(files: readonly string[], columns: readonly Column[]): Source {
  return parquetSource(files, columns, columns.map(({ id }) => id).join(', '));
}

/** One file, what its head tells, and the ids of its columns in their order there. */
interface CsvPart {
  file: string;
  head: CsvHead;
  ids: readonly string[];
}

/** CSV files: their heads are enough to show the first rows; all else needs a typed copy. */
export class CsvFiles {
  readonly #parts: readonly CsvPart[];
  columns: readonly Column[];

  private constructor(parts: readonly CsvPart[], columns: readonly Column[]) {
    this.#parts = parts;
    this.columns = columns;
  }

  static async open(files: readonly string[], signal: AbortSignal | undefined): Promise<CsvFiles> {
    const columns: Column[] = [];
    const parts: CsvPart[] = [];
    for (const file of files) {
      const head = await readCsvHead(file, signal);
      const ids = head.names.map((name, i) => {
        const form = head.forms[i] ?? { as: 'text' };
        const at = columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
        const there = columns[at];
        if (there === undefined) {
          const id = `c${columns.length}`;
          columns.push({ name, id, form, kind: kindOfForm(form) });
          return id;
        }
        columns[at] = { ...there, ...common(there.form ?? form, form) };
        return there.id;
      });
      parts.push({ file, head, ids });
    }
    return new CsvFiles(parts, columns);
  }

  get preview(): Preview {
    const selects = this.#parts.map(({ file, head, ids }) => {
      const picks = this.columns.map(({ id, kind }) =>
        !ids.includes(id)
          ? `CAST(NULL AS VARCHAR) AS ${id}`
          : kind === 'decimal'
            ? `${previewNumber(id)} AS ${id}`
            : id,
      );
      return `SELECT ${picks.join(', ')} FROM ${readCsv(file, head, ids)}`;
    });
    const files = this.#parts.map(({ file }) => file);
    return { ground: { files, views: [] }, sql: selects.join(' UNION ALL '), rows: this.#headRows() };
  }

  /** Of the first file: rows of the others come behind its end. */
  #headRows(): Cell[][] {
    const [part] = this.#parts;
    const width = part?.ids.length;
    const rows = part?.head.rows ?? [];
    const whole = rows.findIndex((row) => row.length !== width);
    return rows.slice(0, whole < 0 ? rows.length : whole).map((row) =>
      this.columns.map(({ id, kind }) => {
        const text = row[part?.ids.indexOf(id) ?? -1] ?? '';
        const padded = kind === 'decimal' && /^-?\d+[.,]\d+$/.test(text);
        return text === '' ? null : padded ? text.replace(/[.,]?0+$/, '') : text;
      }),
    );
  }

  /** Copies the files, typed. A column that has a value which its type cannot hold exactly is text from then on. */
  async copy(engine: Engine, signal: AbortSignal): Promise<Source> {
    const made: string[] = [];
    try {
      for (let i = 0; i < this.#parts.length; ) {
        const part = this.#parts[i];
        if (part === undefined) {
          break;
        }
        const file = await this.#copyOne(engine, part, signal);
        if (file === undefined) {
          // Some column became text: what was copied before has the wrong type.
          await Promise.all(made.splice(0).map((copy) => rm(copy, { force: true })));
          i = 0;
        } else {
          made.push(file);
          i++;
        }
      }
      await checkScratch(engine, made);
      return copiedSource(made, this.columns);
    } catch (error) {
      await Promise.all(made.map((copy) => rm(copy, { force: true })));
      throw error;
    }
  }

  async #copyOne(engine: Engine, { file, head, ids }: CsvPart, signal: AbortSignal): Promise<string | undefined> {
    const here = this.columns.filter(({ id }) => ids.includes(id));
    const read = readCsv(file, head, ids);
    const ground = { files: [file], views: [] };
    const copy = path.join(engine.scratch, `copy-${randomUUID()}.parquet`);
    const picks = this.columns.map((column) =>
      ids.includes(column.id)
        ? `${strict(column)} AS ${column.id}`
        : `CAST(NULL AS ${sqlType(column)}) AS ${column.id}`,
    );
    try {
      await engine.write(
        { sql: `SELECT ${picks.join(', ')} FROM ${read}`, ground, signal },
        { file: copy, format: 'parquet' },
      );
      return copy;
    } catch (error) {
      if (!(error instanceof EngineError) || !error.message.includes(UNFIT)) {
        throw error;
      }
    }
    const checked = here.filter(({ form }) => form !== undefined && form.as !== 'text');
    const [counts = []] = await allRows(engine, {
      sql: `SELECT ${checked.map((column) => `count(*) FILTER (NOT (${fits(column)}))`).join(', ')} FROM ${read}`,
      ground,
      signal,
    });
    const unfit = new Set(checked.filter((_, i) => counts[i] !== '0').map(({ id }) => id));
    if (unfit.size === 0) {
      throw new EngineError('file', `The file ${file} changed while it was read; open it again.`);
    }
    this.columns = this.columns.map((column) => (unfit.has(column.id) ? wider(column) : column));
    return undefined;
  }
}

/** A narrow number becomes a wide one, anything else text. */
function wider(column: Column): Column {
  const { form } = column;
  return form?.as === 'number' && form.scale !== undefined
    ? { ...column, form: { as: 'number', comma: form.comma } }
    : { ...column, kind: 'text', form: { as: 'text' } };
}

/** A form that holds the values of both files; where they write them in different ways, the texts. */
function common(a: CsvForm, b: CsvForm): { form: CsvForm; kind: ColumnKind } {
  const both = (): CsvForm => {
    if (JSON.stringify(a) === JSON.stringify(b)) {
      return a;
    }
    const numbers = a.as === 'number' && b.as === 'number' && a.comma === b.comma;
    return numbers ? { as: 'number', comma: a.comma } : { as: 'text' };
  };
  const form = both();
  return { form, kind: kindOfForm(form) };
}

/** Copies what has to be copied before it can be asked, with our own names. */
export async function copyAll(
  engine: Engine,
  files: readonly string[],
  selects: readonly string[],
  columns: readonly Column[],
  signal: AbortSignal,
): Promise<Source> {
  const made: string[] = [];
  for (const sql of selects) {
    const file = path.join(engine.scratch, `copy-${randomUUID()}.parquet`);
    await engine.write({ sql, ground: { files, views: [] }, signal }, { file, format: 'parquet' });
    made.push(file);
  }
  await checkScratch(engine, made);
  return copiedSource(made, columns);
}

async function checkScratch(engine: Engine, files: readonly string[]): Promise<void> {
  let bytes = 0;
  for (const file of files) {
    bytes += (await stat(file)).size;
  }
  if (bytes > engine.scratchLimit * 1_000_000) {
    throw new EngineError('memory', 'The table needs more scratch space than there is; open fewer files at once.');
  }
}

const UNFIT = 'a value does not fit its column';

/** A value of its type; an error for one that is not exactly that. */
function strict(column: Column): string {
  const { id, form } = column;
  if (form === undefined || form.as === 'text') {
    return id;
  }
  const value = form.as === 'number' ? asNumber(id, form) : asTime(id, form.format, form.day);
  return `CASE WHEN ${id} IS NULL THEN NULL WHEN ${fits(column)} THEN ${value} ELSE error(${literal(UNFIT)}) END`;
}

function fits({ id, form }: Column): string {
  if (form?.as === 'number') {
    return `${id} IS NULL OR regexp_full_match(${id}, ${literal(numberPattern(form))})`;
  }
  if (form?.as === 'time') {
    const format = literal(form.format);
    return `${id} IS NULL OR coalesce(strftime(try_strptime(${id}, ${format}), ${format}) = ${id}, false)`;
  }
  return 'true';
}

function asNumber(id: string, form: Extract<CsvForm, { as: 'number' }>): string {
  return `TRY_CAST(${form.comma ? `replace(${id}, ',', '.')` : id} AS ${decimalType(form)})`;
}

function decimalType({ scale }: Extract<CsvForm, { as: 'number' }>): string {
  return scale === undefined ? 'DECIMAL(38, 20)' : `DECIMAL(18, ${scale})`;
}

function asTime(id: string, format: string, day: boolean): string {
  const time = `try_strptime(${id}, ${literal(format)})`;
  return day ? `CAST(${time} AS DATE)` : time;
}

function sqlType({ form }: Column): string {
  return form?.as === 'number'
    ? decimalType(form)
    : form?.as === 'time'
      ? form.day
        ? 'DATE'
        : 'TIMESTAMP'
      : 'VARCHAR';
}

/** A number without padding zeros; what is none stays as it is. */
function previewNumber(id: string): string {
  const plain = `regexp_full_match(${id}, '-?\\d+[.,]\\d+')`;
  return `CASE WHEN ${plain} THEN rtrim(rtrim(${id}, '0'), '.,') ELSE ${id} END`;
}

function readCsv(file: string, { delimiter, encoding, skip }: CsvHead, ids: readonly string[]): string {
  const columns = ids.map((id) => `'${id}': 'VARCHAR'`).join(', ');
  return `read_csv(${fileLiteral(file)}, auto_detect = false, header = true, skip = ${skip}, delim = ${literal(delimiter)}, quote = '"', escape = '"', encoding = '${encoding}', strict_mode = false, columns = {${columns}})`;
}

function kindOfForm(form: CsvHead['forms'][number]): ColumnKind {
  return form.as === 'number' ? 'decimal' : form.as === 'time' ? (form.day ? 'date' : 'timestamp') : 'text';
}

/** What a type's name in SQL is to readers. */
export function kindOfType(type: string): ColumnKind {
  if (/\[\]|\[\d+\]$|^(STRUCT|MAP|UNION|LIST)/.test(type)) {
    return 'other';
  }
  const [name = ''] = type.split('(');
  return KINDS[name] ?? 'other';
}

const KINDS: Readonly<Record<string, ColumnKind>> = {
  VARCHAR: 'text',
  UUID: 'text',
  ENUM: 'text',
  DECIMAL: 'decimal',
  TINYINT: 'integer',
  SMALLINT: 'integer',
  INTEGER: 'integer',
  BIGINT: 'integer',
  HUGEINT: 'integer',
  UTINYINT: 'integer',
  USMALLINT: 'integer',
  UINTEGER: 'integer',
  UBIGINT: 'integer',
  UHUGEINT: 'integer',
  FLOAT: 'double',
  DOUBLE: 'double',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamp',
  BOOLEAN: 'boolean',
};
