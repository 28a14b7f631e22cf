import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { allRows } from '../allRows.ts';
import type { Cell, TableColumnInfo } from '../cells.ts';
import type { Engine, Named } from '../engine.ts';
import { EngineError } from '../engineErrors.ts';
import { literal, quoted } from '../sql/quote.ts';
import { addend, type Column, canSum, shownText, trimmed } from './column.ts';
import { type CurrencyOf, currencyOf } from './currency.ts';
import { addTexts } from './exactSum.ts';
import type { Preview, Source } from './fileSource.ts';
import { guarded } from './formulaGuard.ts';
import type { Group, GroupBy, SumCell, TableView, UsageTable } from './usageTable.ts';
import { columnFinder, conditionSql, orderSql, Params } from './viewSql.ts';

/** Up to this place, rows of a view are found without an index. */
const DIRECT_ROWS = 1_000;
/** Up to this place, rows are read from the head of files that are still being copied. */
const PREVIEW_ROWS = 10_000;
/** Rows behind an index are fetched in blocks: they lie all over the file, and a block costs little more than a row. */
const BLOCK = 500;
const BLOCKS_KEPT = 6;

export interface TableParts {
  files: readonly string[];
  columns: () => readonly Column[];
  preview?: Preview;
  /** Everything but a preview needs it. Called once. */
  load: (signal: AbortSignal) => Promise<Source>;
  /** Whether `load` takes long, so that it is begun behind the first rows. */
  slow: boolean;
  /** Whether others ask on the same ground, which outlives the table. */
  shared?: boolean;
}

/** The table over an engine. Wherever SQL for tables is made, it is here and in the files beside it. */
export class EngineTable implements UsageTable {
  readonly #engine: Engine;
  readonly #parts: TableParts;
  readonly #closing = new AbortController();
  #source: Promise<Source> | undefined;
  #loaded: Source | undefined;
  readonly #blocks = new Map<string, Cell[][]>();
  readonly #indexed = new Set<string>();

  constructor(engine: Engine, parts: TableParts) {
    this.#engine = engine;
    this.#parts = parts;
  }

  get columns(): readonly TableColumnInfo[] {
    return this.#parts.columns().map(({ name, kind }) => ({ name, kind }));
  }

  get files(): readonly string[] {
    return this.#parts.files;
  }

  async rows(
    view: TableView,
    first: number,
    count: number,
    columns: readonly string[],
    signal?: AbortSignal,
  ): Promise<Cell[][]> {
    if (count <= 0) {
      return [];
    }
    const { preview } = this.#parts;
    const plain = view.sort.length === 0 && view.filters.length === 0;
    if (
      plain &&
      this.#parts.slow &&
      preview !== undefined &&
      this.#loaded === undefined &&
      first + count <= PREVIEW_ROWS
    ) {
      const rows = await this.#previewRows(preview, first, count, columns, signal);
      // Behind the first screen, so that it does not wait.
      this.#begin();
      return rows;
    }
    const source = await this.#ready(signal);
    if (plain) {
      return this.#windowRows(source, first, count, columns, signal);
    }
    if (first + count <= DIRECT_ROWS && !this.#indexed.has(this.#index(source, view).name)) {
      return this.#directRows(source, view, first, count, columns, signal);
    }
    return this.#indexedRows(source, view, first, count, columns, signal);
  }

  async count(view: TableView, signal?: AbortSignal): Promise<number> {
    const source = await this.#ready(signal);
    const find = columnFinder(source.columns);
    const params = new Params();
    const where = conditionSql(view.filters, find, (text) => params.add(text));
    const [[rows] = []] = await this.#ask(
      source,
      `SELECT count(*) FROM ${source.base}${whereSql(where)}`,
      params,
      signal,
    );
    return Number(rows ?? 0);
  }

  async groups(
    view: TableView,
    by: GroupBy,
    order: { sum?: string; descending: boolean },
    first: number,
    count: number,
    signal?: AbortSignal,
  ): Promise<{ rows: Group[]; total: number }> {
    const source = await this.#ready(signal);
    const find = columnFinder(source.columns);
    const plan = new SumPlan(by.sums, find, source);
    const keys = by.columns.map(({ column, by: unit }, i) => {
      const key = find(column);
      const dated = (key.kind === 'date' || key.kind === 'timestamp') && unit !== undefined;
      return {
        name: `k${i}`,
        sql: dated ? periodSql(key, unit) : key.id,
        shown: dated
          ? unit === 'day'
            ? `CAST(p.k${i} AS VARCHAR)`
            : `strftime(p.k${i}, '%Y-%m')`
          : shownText(key, `p.k${i}`),
      };
    });
    const where = conditionSql(view.filters, find, literal);
    const parts = `SELECT ${[...keys.map(({ name, sql }) => `${sql} AS ${name}`), ...plan.currencies(), 'count(*) AS n', ...plan.sums()].join(', ')} FROM ${source.base}${whereSql(where)} GROUP BY ${[...keys.map((_, i) => i + 1), ...plan.currencies().map((_, i) => keys.length + i + 1)].join(', ') || 'ALL'}`;
    const table: Named = { name: `g_${hash(parts)}`, sql: parts };
    const keyNames = keys.map(({ name }) => name);
    const ordered = plan.largest(order.sum, keyNames);
    const direction = order.descending ? 'DESC' : 'ASC';
    const keyOrder = keyNames.map((name) => `${name} ${ordered === undefined ? direction : 'ASC'} NULLS LAST`);
    const sorted =
      [...(ordered === undefined ? [] : [`o ${direction} NULLS LAST`]), ...keyOrder].join(', ') || 'k.rows';
    const same = keyNames.map((name) => `p.${name} IS NOT DISTINCT FROM g.${name}`).join(' AND ') || 'true';
    const sql = `WITH g AS (SELECT *${ordered === undefined ? '' : `, ${ordered} AS part`} FROM ${quoted(table.name)}),
      k AS (SELECT ${[...keyNames, 'sum(n) AS rows', ...(ordered === undefined ? [] : ['max(part) AS o'])].join(', ')} FROM g${keyNames.length > 0 ? ` GROUP BY ${keyNames.join(', ')}` : ''}),
      p AS (SELECT *, count(*) OVER () AS total, row_number() OVER (ORDER BY ${sorted}) AS pos FROM k ORDER BY pos LIMIT ${whole(count)} OFFSET ${whole(first)})
      SELECT ${['p.total', 'p.pos', 'p.rows', ...keys.map(({ shown }) => shown), ...plan.answers('g.')].join(', ')} FROM p JOIN g ON ${same} ORDER BY p.pos`;
    const rows = await this.#ask(source, sql, new Params(), signal, [table]);
    const groups = new Map<string, { group: Group; sums: SumList }>();
    for (const [, pos, size, ...rest] of rows) {
      let there = groups.get(pos ?? '');
      if (there === undefined) {
        there = {
          group: { keys: rest.slice(0, keys.length), rows: Number(size), sums: [] },
          sums: new SumList(plan),
        };
        groups.set(pos ?? '', there);
      }
      there.sums.add(rest.slice(keys.length));
    }
    const total = rows[0] === undefined ? await this.#groupTotal(source, table, keyNames, signal) : Number(rows[0][0]);
    return { rows: [...groups.values()].map(({ group, sums }) => ({ ...group, sums: sums.cells() })), total };
  }

  async #groupTotal(
    source: Source,
    table: Named,
    keys: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<number> {
    const sql = `SELECT count(*) FROM (SELECT DISTINCT ${keys.join(', ') || '1'} FROM ${quoted(table.name)})`;
    const [[total] = []] = await this.#ask(source, sql, new Params(), signal, [table]);
    return Number(total ?? 0);
  }

  async sums(
    view: TableView,
    columns: readonly string[],
    range?: { first: number; count: number },
    signal?: AbortSignal,
  ): Promise<{ rows: number; sums: SumCell[] }> {
    const source = await this.#ready(signal);
    const find = columnFinder(source.columns);
    const plan = new SumPlan(columns, find, source);
    const params = new Params();
    let from: string;
    const tables: Named[] = [];
    if (range === undefined) {
      from = `${source.base}${whereSql(conditionSql(view.filters, find, (text) => params.add(text)))}`;
    } else if (source.dense && view.sort.length === 0 && view.filters.length === 0) {
      from = `${source.base} WHERE rid >= ${whole(range.first)} AND rid < ${whole(range.first + range.count)}`;
    } else {
      const index = this.#index(source, view);
      tables.push(index);
      const name = quoted(index.name);
      from = `${source.base} WHERE rid IN (SELECT rid FROM ${name} WHERE rowid >= ${whole(range.first)} AND rowid < ${whole(range.first + range.count)})`;
    }
    const currencies = plan.currencies();
    const groupBy = currencies.length === 0 ? '' : ` GROUP BY ${currencies.map((_, i) => i + 1).join(', ')}`;
    const inner = `SELECT ${[...currencies, 'count(*) AS n', ...plan.sums()].join(', ')} FROM ${from}${groupBy}`;
    const rows = await this.#ask(
      source,
      `SELECT n, ${plan.answers('').join(', ') || '1'} FROM (${inner})`,
      params,
      signal,
      tables,
    );
    const list = new SumList(plan);
    let count = 0;
    for (const [n, ...rest] of rows) {
      count += Number(n);
      list.add(rest);
    }
    return { rows: count, sums: list.cells() };
  }

  async find(
    view: TableView,
    text: string,
    columns: readonly string[],
    from: number,
    backwards: boolean,
    signal?: AbortSignal,
  ): Promise<{ row: number; column: string } | undefined> {
    if (columns.length === 0 || text === '') {
      return undefined;
    }
    const source = await this.#ready(signal);
    const find = columnFinder(source.columns);
    const wanted = columns.map((name) => find(name)).filter((column) => mayContain(column, text));
    if (wanted.length === 0) {
      return undefined;
    }
    const plain = source.dense && view.sort.length === 0 && view.filters.length === 0;
    const rows = plain ? await this.count(view, signal) : 0;
    const index = plain ? undefined : this.#index(source, view);
    for (const way of ['here', 'around'] as const) {
      const before = (way === 'here') === backwards;
      for (const [start, end] of plain
        ? steps(before ? 0 : from, before ? from : rows, backwards)
        : [[0, 0] as const]) {
        const params = new Params();
        const part = params.add(text);
        const tests = wanted.map(
          (column) => `coalesce(contains(lower(${shownText(column, column.id)}), lower(${part})), false)`,
        );
        const which = `CASE ${tests.map((test, i) => `WHEN ${test} THEN ${i}`).join(' ')} END`;
        const order = backwards ? 'DESC' : 'ASC';
        const sql =
          index === undefined
            ? `SELECT rid, ${which} FROM ${source.base} WHERE rid >= ${start} AND rid < ${end} AND (${tests.join(' OR ')}) ORDER BY rid ${order} LIMIT 1`
            : `SELECT i.rowid, b.which FROM ${quoted(index.name)} i JOIN (SELECT rid, ${which} AS which FROM ${source.base} WHERE ${tests.join(' OR ')}) b ON b.rid = i.rid WHERE i.rowid ${before ? '<' : '>='} ${whole(from)} ORDER BY i.rowid ${order} LIMIT 1`;
        const [hit] = await this.#ask(source, sql, params, signal, index === undefined ? [] : [index]);
        if (hit !== undefined) {
          return { row: Number(hit[0]), column: wanted[Number(hit[1])]?.name ?? '' };
        }
      }
    }
    return undefined;
  }

  async values(
    view: TableView,
    column: string,
    text: string,
    most: number,
    signal?: AbortSignal,
  ): Promise<{ value: Cell; rows: number }[]> {
    const source = await this.#ready(signal);
    const find = columnFinder(source.columns);
    const params = new Params();
    const where = conditionSql(view.filters, find, (value) => params.add(value));
    const { id } = find(column);
    const shown = `nullif(${shownText(find(column), 'v')}, '')`;
    const containing = text === '' ? '' : ` WHERE contains(lower(coalesce(value, '')), lower(${params.add(text)}))`;
    const sql = `SELECT value, sum(n)::BIGINT FROM (SELECT ${shown} AS value, n FROM (SELECT ${id} AS v, count(*) AS n FROM ${source.base}${whereSql(where)} GROUP BY 1))${containing} GROUP BY 1 ORDER BY 2 DESC, 1 NULLS LAST LIMIT ${whole(most)}`;
    const rows = await this.#ask(source, sql, params, signal);
    return rows.map(([value, n]) => ({ value: value ?? null, rows: Number(n) }));
  }

  async export(
    view: TableView,
    columns: readonly string[],
    to: { file: string; format: 'csv' | 'parquet' },
    signal?: AbortSignal,
  ): Promise<{ rows: number; bytes: number }> {
    const source = await this.#ready(signal);
    const find = columnFinder(source.columns);
    // COPY takes parameters in few places: texts are literals.
    const where = conditionSql(view.filters, find, literal);
    const picks = columns.map((name) => {
      const column = find(name);
      const text = column.kind === 'text' || column.kind === 'other';
      const shown = shownText(column, column.id);
      return `${to.format === 'parquet' ? storedValue(column) : text ? guarded(shown) : shown} AS ${quoted(to.format === 'csv' ? guardedName(name) : name)}`;
    });
    if (picks.length === 0) {
      throw new EngineError('question', 'There is no column to export; show at least one.');
    }
    const order = orderSql(view.sort, find);
    const sql = `SELECT ${picks.join(', ')} FROM (FROM ${source.base}${whereSql(where)}${view.sort.length > 0 ? ` ORDER BY ${order}` : ''})`;
    return this.#engine.write(
      { sql, ground: source.ground, tables: source.tables, ...(signal && { signal }) },
      { file: to.file, format: to.format },
    );
  }

  async close(): Promise<void> {
    this.#closing.abort(new EngineError('closed', 'The table was closed.'));
    const source = await this.#source?.catch(() => undefined);
    if (source !== undefined && this.#parts.shared !== true) {
      await this.#engine.release(source.ground);
      const copies = source.ground.files.filter((file) => file.startsWith(this.#engine.scratch));
      await Promise.all(copies.map((file) => rm(file, { force: true })));
    }
    if (this.#parts.preview !== undefined) {
      await this.#engine.release(this.#parts.preview.ground);
    }
  }

  #begin(): Promise<Source> {
    if (this.#source === undefined) {
      const source = this.#parts.load(this.#closing.signal);
      this.#source = source;
      source.then(
        (loaded) => {
          this.#loaded = loaded;
        },
        () => {
          // The next question tries again, and tells why it fails.
          this.#source = undefined;
        },
      );
    }
    return this.#source;
  }

  async #ready(signal: AbortSignal | undefined): Promise<Source> {
    this.#closing.signal.throwIfAborted();
    signal?.throwIfAborted();
    const source = this.#begin();
    if (signal === undefined || this.#loaded !== undefined) {
      return source;
    }
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      source.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
  }

  async #ask(
    source: Source,
    sql: string,
    params: Params,
    signal: AbortSignal | undefined,
    tables: readonly Named[] = [],
  ): Promise<Cell[][]> {
    const rows = await allRows(this.#engine, {
      sql,
      params: params.list,
      ground: source.ground,
      tables: [...source.tables, ...tables],
      ...(signal && { signal }),
    });
    for (const { name } of tables) {
      this.#indexed.add(name);
    }
    return rows;
  }

  async #previewRows(
    { ground, sql, rows: known = [] }: Preview,
    first: number,
    count: number,
    columns: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Cell[][]> {
    const all = this.#parts.columns();
    const find = columnFinder(all);
    const places = columns.map((name) => all.indexOf(find(name)));
    const rows =
      first + count <= known.length
        ? known.slice(first, first + count)
        : await allRows(this.#engine, {
            sql: `SELECT * FROM (${sql}) LIMIT ${whole(count)} OFFSET ${whole(first)}`,
            ground,
            ...(signal && { signal }),
          });
    return rows.map((row) => places.map((place) => row[place] ?? null));
  }

  #windowRows(
    source: Source,
    first: number,
    count: number,
    columns: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Cell[][]> {
    const shown = shownList(source, columns);
    const window = source.dense
      ? `FROM ${source.base} WHERE rid >= ${whole(first)} AND rid < ${whole(first + count)}`
      : `FROM ${source.base} LIMIT ${whole(count)} OFFSET ${whole(first)}`;
    return this.#ask(source, `SELECT ${shown} FROM (${window})`, new Params(), signal);
  }

  #directRows(
    source: Source,
    view: TableView,
    first: number,
    count: number,
    columns: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Cell[][]> {
    const find = columnFinder(source.columns);
    const params = new Params();
    const where = whereSql(conditionSql(view.filters, find, (text) => params.add(text)));
    const order = view.sort.length > 0 ? ` ORDER BY ${orderSql(view.sort, find)}` : '';
    const ids = [...new Set([...columns.map((name) => find(name).id), 'rid'])].join(', ');
    const limit = `LIMIT ${whole(count)} OFFSET ${whole(first)}`;
    // Texts are made of the rows that are left.
    const sql = `SELECT ${shownList(source, columns)} FROM (SELECT ${ids} FROM ${source.base}${where}${order} ${limit})`;
    return this.#ask(source, sql, params, signal);
  }

  async #indexedRows(
    source: Source,
    view: TableView,
    first: number,
    count: number,
    columns: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Cell[][]> {
    const index = this.#index(source, view);
    const rows: Cell[][] = [];
    for (let block = Math.floor(first / BLOCK); block * BLOCK < first + count; block++) {
      const key = `${index.name} ${block} ${JSON.stringify(columns)}`;
      const found = this.#blocks.get(key) ?? (await this.#block(source, index, block * BLOCK, columns, signal));
      this.#blocks.delete(key);
      this.#blocks.set(key, found);
      for (const old of this.#blocks.keys()) {
        if (this.#blocks.size > BLOCKS_KEPT) {
          this.#blocks.delete(old);
        }
      }
      rows.push(...found.slice(Math.max(first - block * BLOCK, 0), first + count - block * BLOCK));
      if (found.length < BLOCK) {
        break;
      }
    }
    return rows;
  }

  /** First which rows, then these: their numbers tell the engine where not to look. */
  async #block(
    source: Source,
    index: Named,
    first: number,
    columns: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Cell[][]> {
    const which = `SELECT rid FROM ${quoted(index.name)} WHERE rowid >= ${first} AND rowid < ${first + BLOCK} ORDER BY rowid`;
    const ids = (await this.#ask(source, which, new Params(), signal, [index])).map(([rid]) => rid ?? '');
    if (ids.length === 0) {
      return [];
    }
    const needed = [...new Set([...columns.map((name) => columnFinder(source.columns)(name).id), 'rid'])].join(', ');
    const sql = `SELECT rid, ${shownList(source, columns)} FROM (SELECT ${needed} FROM ${source.base} WHERE rid IN (${ids.join(', ')}))`;
    const byId = new Map((await this.#ask(source, sql, new Params(), signal)).map(([rid, ...cells]) => [rid, cells]));
    return ids.flatMap((rid) => {
      const cells = byId.get(rid);
      return cells === undefined ? [] : [cells];
    });
  }

  /** The rows of a view in its order, by their numbers. */
  #index(source: Source, view: TableView): Named {
    const find = columnFinder(source.columns);
    const where = whereSql(conditionSql(view.filters, find, literal));
    const sql = `SELECT rid FROM ${source.base}${where} ORDER BY ${orderSql(view.sort, find)}`;
    return { name: `i_${hash(sql)}`, sql };
  }
}

/** Ranges of rows that are looked at one after the other, each larger than the one before: what is near is found at once. */
function* steps(from: number, to: number, backwards: boolean): Generator<readonly [number, number]> {
  let done = 0;
  for (let size = 100_000; done < to - from; size *= 4) {
    yield backwards ? [Math.max(to - done - size, from), to - done] : [from + done, Math.min(from + done + size, to)];
    done += size;
  }
}

/** A day of the period of a date or time, in UTC: its own, or the last one of its month. To cut times off takes as long as all else of a grouping. */
function periodSql({ id }: Column, unit: 'day' | 'month'): string {
  const day = `CAST(${id} AS DATE)`;
  return unit === 'day' ? day : `last_day(${day})`;
}

/** What sums of some columns need, and where each is in an answer. */
class SumPlan {
  readonly columns: readonly { column: Column; currency: CurrencyOf; at: number | undefined }[];
  readonly #currencies: readonly Column[];

  constructor(names: readonly string[], find: (name: string) => Column, { columns: all, isAnswer }: Source) {
    const isWhole = isAnswer !== true;
    const currencies: Column[] = [];
    this.columns = names.map((name) => {
      const column = find(name);
      if (!canSum(column)) {
        throw new EngineError('question', `The column ${name} has no numbers to add.`);
      }
      const currency = currencyOf(column, all, { isWhole });
      if (currency === undefined || 'always' in currency) {
        return { column, currency, at: undefined };
      }
      if (!currencies.includes(currency.column)) {
        currencies.push(currency.column);
      }
      return { column, currency, at: currencies.indexOf(currency.column) };
    });
    this.#currencies = currencies;
  }

  currencies(): string[] {
    return this.#currencies.map(({ id }, i) => `${id} AS u${i}`);
  }

  sums(): string[] {
    return this.columns.flatMap(({ column }, i) => [`sum(${addend(column)}) AS s${i}`, `count(${column.id}) AS m${i}`]);
  }

  /** Currencies, then a text and a number per column. */
  answers(from: string): string[] {
    return [
      ...this.#currencies.map((_, i) => `${from}u${i}`),
      ...this.columns.flatMap((_, i) => [trimmed(`CAST(${from}s${i} AS VARCHAR)`), `${from}m${i}`]),
    ];
  }

  get width(): number {
    return this.#currencies.length;
  }

  /** SQL of the sum that groups are ordered by, in each row of a group's parts. @throws EngineError for a column that is not summed */
  largest(name: string | undefined, keys: readonly string[]): string | undefined {
    if (name === undefined) {
      return undefined;
    }
    const i = this.columns.findIndex(({ column }) => column.name === name);
    const at = this.columns[i]?.at;
    if (i < 0) {
      throw new EngineError('question', `Groups can be ordered by a column that is summed; ${name} is not.`);
    }
    const parts = [...keys, ...(at === undefined ? [] : [`u${at}`])];
    return `sum(s${i}) OVER (${parts.length > 0 ? `PARTITION BY ${parts.join(', ')}` : ''})`;
  }
}

/** Adds parts of an answer per column and currency. */
class SumList {
  readonly #plan: SumPlan;
  readonly #cells = new Map<string, SumCell>();

  constructor(plan: SumPlan) {
    this.#plan = plan;
  }

  add(row: readonly Cell[]): void {
    this.#plan.columns.forEach(({ column, currency, at }, i) => {
      const sum = row[this.#plan.width + i * 2] ?? null;
      const values = Number(row[this.#plan.width + i * 2 + 1] ?? 0);
      if (sum === null || values === 0) {
        return;
      }
      const told =
        at !== undefined ? row[at] || null : currency !== undefined && 'always' in currency ? currency.always : null;
      const key = JSON.stringify([i, told]);
      const there = this.#cells.get(key);
      if (there === undefined) {
        this.#cells.set(key, { column: column.name, currency: told, sum, values });
      } else {
        there.sum = addTexts(there.sum, sum);
        there.values += values;
      }
    });
  }

  /** In the order of the columns, then of currencies. */
  cells(): SumCell[] {
    const order = this.#plan.columns.map(({ column }) => column.name);
    return [...this.#cells.values()].sort(
      (a, b) => order.indexOf(a.column) - order.indexOf(b.column) || ((a.currency ?? '') < (b.currency ?? '') ? -1 : 1),
    );
  }
}

/** Texts of numbers, dates and flags hold few characters: most searches need not look at them. */
function mayContain({ kind }: Column, text: string): boolean {
  switch (kind) {
    case 'decimal':
    case 'integer':
      return /^[-\d.,]+$/.test(text);
    case 'date':
    case 'timestamp':
      return /^[-\d.,:/TZ ]+$/i.test(text);
    case 'boolean':
      return 'true'.includes(text.toLowerCase()) || 'false'.includes(text.toLowerCase());
    default:
      return true;
  }
}

function shownList(source: Source, columns: readonly string[]): string {
  const find = columnFinder(source.columns);
  return columns.map((name, i) => `${shownText(find(name), find(name).id)} AS t${i}`).join(', ') || 'NULL';
}

function whereSql(condition: string): string {
  return condition === '' ? '' : ` WHERE ${condition}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

/** A count as SQL. @throws RangeError for what is none */
function whole(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${value} is no number of rows`);
  }
  return String(value);
}

/** A column's name in the header of a CSV file. */
function guardedName(name: string): string {
  return /^(?:[\t\r\n]|[\s\p{Cc}\p{Cf}'"]*[=+\-@＝＋－＠])/u.test(name) ? `'${name}` : name;
}

/** What goes into a Parquet file: DuckDB would write its widest integers as doubles. */
function storedValue({ id, wide }: Column): string {
  return wide === true ? `CAST(${id} AS DECIMAL(38, 0))` : id;
}
