import { rmSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DuckDBConnection, DuckDBPreparedStatement, DuckDBResult } from '@duckdb/node-api';
import type { Batch } from '../batch.ts';
import { EngineError } from '../engineErrors.ts';
import { literal } from '../sql/quote.ts';
import { makeBareInstance, SpareInstance } from './bareInstance.ts';
import { cellOf, kindOf } from './chunkTexts.ts';
import { Instance } from './instance.ts';
import { MemoryShares } from './memoryShares.ts';
import {
  type Ask,
  BATCHES_AHEAD,
  type ChildSettings,
  type FileWay,
  type FromChild,
  groundKey,
  spillsOf,
} from './messages.ts';
import { checkTree, splitExplain } from './personSql.ts';

/** Instances that stay open when nobody asks. */
const INSTANCES_KEPT = 4;

/** Megabytes of the instance that takes SQL apart: a statement is text of some kilobytes. */
const PARSER_MEMORY = 64;

/** Without a question for so long, the next instance is made: it would take its time from questions that follow each other. Milliseconds. */
const IDLE_AFTER = 300;

/** A statement that is about to begin forgets that it was cancelled: it is told again. Milliseconds. */
const CANCEL_EVERY = 20;

interface Running {
  /** Set when the question was cancelled. */
  over: boolean;
  connection?: DuckDBConnection;
  credit: number;
  onCredit?: () => void;
}

/** Answers the questions of one engine in the process that holds DuckDB. */
export class Answers {
  readonly #limit: number;
  readonly #send: (message: FromChild) => void;
  /** In the order of their last use. */
  readonly #instances = new Map<string, Promise<Instance>>();
  readonly #running = new Map<number, Running>();
  #parser: Promise<Instance> | undefined;
  /** Files that are not complete. */
  readonly #writing = new Set<string>();
  readonly #memory: MemoryShares;
  readonly #spare: SpareInstance;
  #idle: NodeJS.Timeout | undefined;

  constructor(settings: ChildSettings, send: (message: FromChild) => void) {
    this.#limit = settings.memoryLimit;
    this.#send = send;
    this.#memory = new MemoryShares(settings.memoryLimit);
    let made = 0;
    this.#spare = new SpareInstance(() =>
      makeBareInstance(settings, path.join(settings.scratch, `${spillsOf(process.pid)}${made++}`)),
    );
    this.#spare.prepare();
  }

  async ask(id: number, ask: Ask): Promise<void> {
    const running: Running = { over: false, credit: BATCHES_AHEAD };
    this.#running.set(id, running);
    clearTimeout(this.#idle);
    try {
      const told =
        ask.way.as === 'batches'
          ? await this.#batches(id, ask, running)
          : ask.way.as === 'check'
            ? await this.#check(ask)
            : await this.#file(ask, ask.way, running);
      this.#send({ is: 'done', id, ...told });
    } catch (error) {
      const { kind, message } = failure(error);
      this.#send({ is: 'failed', id, kind, message });
    } finally {
      this.#running.delete(id);
      if (this.#running.size === 0) {
        this.#idle = setTimeout(() => this.#spare.prepare(), IDLE_AFTER).unref();
      }
    }
  }

  more(id: number): void {
    const running = this.#running.get(id);
    if (running !== undefined) {
      running.credit++;
      running.onCredit?.();
    }
  }

  /** Whatever it does ends at once. */
  cancel(id: number): void {
    const running = this.#running.get(id);
    if (running !== undefined) {
      running.over = true;
      running.onCredit?.();
      const interrupt = () => {
        if (this.#running.get(id) === running) {
          running.connection?.interrupt();
        } else {
          clearInterval(timer);
        }
      };
      const timer = setInterval(interrupt, CANCEL_EVERY);
      interrupt();
    }
  }

  async release(key: string): Promise<void> {
    const opening = this.#instances.get(key);
    this.#instances.delete(key);
    const instance = await opening?.catch(() => undefined);
    if (instance !== undefined && instance.users === 0) {
      this.#close(instance);
    }
  }

  #openInstance(ground: Ask['ground'], writes: readonly string[]): Promise<Instance> {
    return this.#memory.join(async (memoryLimit) =>
      Instance.open(await this.#spare.take(), ground, writes, memoryLimit),
    );
  }

  #close(instance: Instance): void {
    instance.close();
    this.#memory.leave(instance);
  }

  async #batches(id: number, ask: Ask, running: Running): Promise<object> {
    await this.#on(ask, running, async (instance, connection) => {
      const release = await instance.hold(ask.tables, connection);
      try {
        check(running);
        await this.#stream(id, await (await prepared(connection, ask)).stream(), running);
      } finally {
        await release();
      }
    });
    return {};
  }

  async #stream(id: number, result: DuckDBResult, running: Running): Promise<void> {
    const names = result.deduplicatedColumnNames();
    const columns = result.columnTypes().map((type, i) => ({ name: names[i] ?? '', kind: kindOf(type) }));
    let sent = false;
    for (;;) {
      const chunk = await result.fetchChunk();
      check(running);
      if (chunk === null || chunk.rowCount === 0) {
        break;
      }
      const values = chunk.getColumns().map((column) => column.map(cellOf));
      await this.#sendBatch(id, { columns, rows: chunk.rowCount, values }, running);
      sent = true;
    }
    if (!sent) {
      await this.#sendBatch(id, { columns, rows: 0, values: columns.map(() => []) }, running);
    }
  }

  async #sendBatch(id: number, batch: Batch, running: Running): Promise<void> {
    while (running.credit === 0) {
      await new Promise<void>((resolve) => {
        running.onCredit = resolve;
      });
      check(running);
    }
    running.credit--;
    this.#send({ is: 'batch', id, batch });
  }

  /** Nobody is there any more who could remove what is not complete. */
  forsake(): void {
    for (const partial of this.#writing) {
      try {
        rmSync(partial, { force: true });
      } catch {
        // Windows removes no file that is open.
      }
    }
  }

  /** The file appears under its name when it is complete. */
  async #file(ask: Ask, { file, partial, format }: FileWay, running: Running): Promise<object> {
    // No instance that others use may write.
    const instance = await this.#openInstance(ask.ground, [partial]);
    this.#writing.add(partial);
    let connection: DuckDBConnection | undefined;
    try {
      await this.#memory.begin(instance);
      connection = await instance.connect();
      running.connection = connection;
      check(running);
      const release = await instance.hold(ask.tables, connection);
      check(running);
      const form = format === 'csv' ? 'FORMAT csv, HEADER true' : 'FORMAT parquet';
      const copy = `COPY (${ask.sql}) TO ${literal(partial)} (${form})`;
      const result = await (await prepared(connection, { ...ask, sql: copy })).run();
      check(running);
      await release();
      const rows = result.rowsChanged;
      await rename(partial, file);
      return { rows, bytes: (await stat(file)).size };
    } finally {
      delete running.connection;
      connection?.closeSync();
      this.#close(instance);
      await rm(partial, { force: true });
      this.#writing.delete(partial);
    }
  }

  async #check({ sql, ground }: Ask): Promise<object> {
    const { explain, sql: read } = splitExplain(sql);
    if (read.includes('\0')) {
      throw new EngineError('question', 'The SQL holds a NUL character; remove it.');
    }
    const tree = await this.#treeOf(read);
    const tables = ground.views.map(({ name }) => name);
    const kind = checkTree(tree, tables);
    if (explain !== '' && kind !== 'select') {
      throw new EngineError('refused', 'EXPLAIN is for a SELECT.');
    }
    // What was looked at is what runs: comments before it may hide something else from us.
    return { kind: explain === '' ? kind : 'explain', sql: `${explain}${read}` };
  }

  /** On an instance of its own, that has next to no memory and takes none from questions at work. */
  async #treeOf(sql: string): Promise<unknown> {
    this.#parser ??= this.#spare
      .take()
      .then((bare) => Instance.open(bare, { files: [], views: [] }, [], Math.min(PARSER_MEMORY, this.#limit)));
    const parser = this.#parser;
    try {
      const connection = await (await parser).connect();
      try {
        const reader = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)::VARCHAR', [sql]);
        return JSON.parse(String(reader.value(0, 0))) as unknown;
      } finally {
        connection.closeSync();
      }
    } catch (error) {
      if (this.#parser === parser) {
        this.#parser = undefined;
        void parser.then((instance) => instance.close()).catch(() => {});
      }
      throw error;
    }
  }

  async #on<T>(
    { ground }: Pick<Ask, 'ground'>,
    running: Running,
    work: (instance: Instance, connection: DuckDBConnection) => Promise<T>,
  ): Promise<T> {
    const key = groundKey(ground);
    const opening = this.#instances.get(key) ?? this.#openInstance(ground, []);
    this.#instances.delete(key);
    this.#instances.set(key, opening);
    let instance: Instance;
    try {
      instance = await opening;
    } catch (error) {
      this.#forget(key, opening);
      throw error;
    }
    instance.users++;
    let connection: DuckDBConnection | undefined;
    try {
      await this.#memory.begin(instance);
      connection = await instance.connect();
      running.connection = connection;
      check(running);
      return await work(instance, connection);
    } catch (error) {
      if (/invalidated|INTERNAL Error|FATAL Error/.test(String(error))) {
        // This instance answers nothing any more; the next question gets a new one.
        this.#forget(key, opening);
      }
      throw error;
    } finally {
      delete running.connection;
      connection?.closeSync();
      instance.users--;
      void this.#memory.end(instance);
      if (instance.users === 0 && this.#instances.get(key) !== opening) {
        this.#close(instance);
      }
      await this.#closeOld();
    }
  }

  /** Another question may have opened a new one under the same key. */
  #forget(key: string, opening: Promise<Instance>): void {
    if (this.#instances.get(key) === opening) {
      this.#instances.delete(key);
    }
  }

  async #closeOld(): Promise<void> {
    for (const [key, opening] of this.#instances) {
      if (this.#instances.size <= INSTANCES_KEPT) {
        return;
      }
      const instance = await opening.catch(() => undefined);
      if (instance !== undefined && instance.users === 0 && this.#instances.get(key) === opening) {
        this.#instances.delete(key);
        this.#close(instance);
      }
    }
  }
}

async function prepared(
  connection: DuckDBConnection,
  { sql, params }: Pick<Ask, 'sql' | 'params'>,
): Promise<DuckDBPreparedStatement> {
  const statement = await connection.prepare(sql);
  params.forEach((value, i) => {
    value === null ? statement.bindNull(i + 1) : statement.bindVarchar(i + 1, value);
  });
  return statement;
}

function check(running: Running): void {
  if (running.over) {
    throw new EngineError('question', 'The question was cancelled.');
  }
}

const SENTENCES: readonly [RegExp, EngineError['kind'], string][] = [
  [
    /max_temp_directory_size|No space left/i,
    'memory',
    'The question needs more scratch space than there is; filter the rows, or choose fewer columns.',
  ],
  [
    /Out of Memory|could not allocate|bad_alloc/i,
    'memory',
    'The question needs more memory than the engine may use; raise azureBilling.engine.memoryLimit, or filter the rows.',
  ],
];

/** What goes wrong in the engine, as one sentence. */
function failure(error: unknown): { kind: EngineError['kind']; message: string } {
  if (error instanceof EngineError) {
    return error;
  }
  const text = error instanceof Error ? error.message : String(error);
  const known = SENTENCES.find(([pattern]) => pattern.test(text));
  if (known !== undefined) {
    return { kind: known[1], message: known[2] };
  }
  const line = text.split('\n')[0]?.trim().slice(0, 400) ?? '';
  const kind = /^(IO Error|Permission Error)|No files found|Invalid Input Error.*(CSV|parquet)|magic bytes/i.test(text)
    ? 'file'
    : 'question';
  return { kind, message: `The engine says: ${line.replace(/[.!]?$/, '.')}` };
}
