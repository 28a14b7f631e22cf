import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Ground, Named } from '../engine.ts';
import { EngineError } from '../engineErrors.ts';
import { filePattern, literal, quoted } from '../sql/quote.ts';
import type { BareInstance } from './bareInstance.ts';
import type { Shareholder } from './memoryShares.ts';

interface Table {
  made: Promise<void>;
  users: number;
  /** Set while it is being dropped. */
  going?: Promise<void>;
}

/** Tables that an instance keeps beside what open questions need. */
const TABLES_KEPT = 6;

/**
 * One locked instance of DuckDB: it reads the files of its ground, may write the files that it was made for, and nothing else. What it was told at its
 * start cannot be changed by any SQL (DuckDB: Securing DuckDB), but for the memory limit, which goes up and down with how many are open.
 */
export class Instance implements Shareholder {
  readonly #instance: DuckDBInstance;
  readonly #home: DuckDBConnection;
  /** By name, in the order of their last use. */
  readonly #tables = new Map<string, Table>();
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;
  /** Questions under way. */
  users = 0;

  private constructor(instance: DuckDBInstance, home: DuckDBConnection) {
    this.#instance = instance;
    this.#home = home;
  }

  /**
   * Locks an instance for good.
   *
   * @param writes absolute paths that may be written, beside the files that may be read
   */
  static async open(
    { instance, home }: BareInstance,
    ground: Ground,
    writes: readonly string[],
    memoryLimit: number,
  ): Promise<Instance> {
    const opened = new Instance(instance, home);
    try {
      await home.run(`SET memory_limit = '${memoryLimit}MB'`);
      // Files are named by patterns that match them alone; both are looked at.
      const allowed = new Set([...ground.files, ...ground.files.map(filePattern), ...writes]);
      await home.run(`SET allowed_paths = [${[...allowed].map(literal).join(', ')}]`);
      await home.run('SET enable_external_access = false');
      await home.run("SET allowed_configs = ['memory_limit']");
      await home.run('SET lock_configuration = true');
      for (const { name, sql } of ground.views) {
        await home.run(`CREATE VIEW ${quoted(name)} AS ${sql}`);
      }
      return opened;
    } catch (error) {
      opened.close();
      throw error;
    }
  }

  connect(): Promise<DuckDBConnection> {
    return this.#instance.connect();
  }

  async limitTo(megabytes: number): Promise<void> {
    await this.#run(`SET memory_limit = '${megabytes}MB'`);
  }

  /** On the connection that is nobody's, one statement after the other. */
  #run(sql: string): Promise<void> {
    const next = this.#last.then(async () => {
      if (this.#closed) {
        throw new EngineError('closed', 'The engine was closed.');
      }
      await this.#home.run(sql);
    });
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Makes what is not there yet, on this connection. @returns a function to call when they are no longer needed */
  async hold(tables: readonly Named[], connection: DuckDBConnection): Promise<() => Promise<void>> {
    const held: string[] = [];
    const release = async () => {
      for (const name of held) {
        const table = this.#tables.get(name);
        if (table !== undefined) {
          table.users--;
        }
      }
      await this.#dropOld();
    };
    try {
      for (const { name, sql } of tables) {
        await this.#make(name, sql, connection, held);
      }
      return release;
    } catch (error) {
      await release();
      throw error;
    }
  }

  async #make(name: string, sql: string, connection: DuckDBConnection, held: string[]): Promise<void> {
    for (;;) {
      const there = this.#tables.get(name);
      if (there === undefined) {
        break;
      }
      if (there.going !== undefined) {
        await there.going;
        continue;
      }
      try {
        await there.made;
      } catch {
        // Who made it was cancelled, or failed: this question makes it anew and learns why.
        continue;
      }
      if (this.#tables.get(name) === there && there.going === undefined) {
        there.users++;
        this.#tables.delete(name);
        this.#tables.set(name, there);
        held.push(name);
        return;
      }
    }
    const table: Table = {
      made: connection.run(`CREATE TABLE ${quoted(name)} AS ${sql}`).then(() => undefined),
      users: 1,
    };
    this.#tables.set(name, table);
    try {
      await table.made;
      held.push(name);
    } catch (error) {
      this.#tables.delete(name);
      throw error;
    }
  }

  async #dropOld(): Promise<void> {
    let kept = [...this.#tables.values()].filter(({ going }) => going === undefined).length;
    const dropped: Promise<void>[] = [];
    for (const [name, table] of this.#tables) {
      if (kept > TABLES_KEPT && table.users === 0 && table.going === undefined) {
        kept--;
        table.going = this.#drop(name, table);
        dropped.push(table.going);
      }
    }
    await Promise.all(dropped);
  }

  /** Its name is taken until it is gone: whoever wants the same table waits. */
  async #drop(name: string, table: Table): Promise<void> {
    try {
      await this.#run(`DROP TABLE IF EXISTS ${quoted(name)}`);
      this.#tables.delete(name);
    } catch {
      // It is there as before.
      delete table.going;
    }
  }

  close(): void {
    this.#closed = true;
    // A connection that is at work must not go.
    void this.#last.then(() => {
      this.#home.closeSync();
      this.#instance.closeSync();
    });
  }
}
