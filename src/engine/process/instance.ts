import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Ground, Named } from '../engine.ts';
import { filePattern, literal, quoted } from '../sql/quote.ts';
import type { ChildSettings } from './messages.ts';

/** Tables that an instance keeps beside what open questions need. */
const TABLES_KEPT = 6;

/**
 * One locked instance of DuckDB: it reads the files of its ground, may write the files that it was made for, and nothing else. What it was told at its
 * start cannot be changed by any SQL (DuckDB: Securing DuckDB).
 */
export class Instance {
  readonly #instance: DuckDBInstance;
  readonly #home: DuckDBConnection;
  /** By name, in the order of their last use. */
  readonly #tables = new Map<string, { made: Promise<void>; users: number }>();
  /** Questions under way. */
  users = 0;

  private constructor(instance: DuckDBInstance, home: DuckDBConnection) {
    this.#instance = instance;
    this.#home = home;
  }

  /** @param writes absolute paths that may be written, beside the files that may be read */
  static async open(
    ground: Ground,
    writes: readonly string[],
    { memoryLimit, threads, scratchLimit }: ChildSettings,
    scratch: string,
  ): Promise<Instance> {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(threads),
      memory_limit: `${memoryLimit}MB`,
      temp_directory: scratch,
      max_temp_directory_size: `${scratchLimit}MB`,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      allow_unsigned_extensions: 'false',
      allow_persistent_secrets: 'false',
      // The system keeps what was read; a second copy would count against the limit.
      enable_external_file_cache: 'false',
    });
    const home = await instance.connect();
    // Of all connections, not of this one alone: days are those of UTC wherever the machine stands.
    await home.run("SET GLOBAL TimeZone = 'UTC'");
    // Files are named by patterns that match them alone; both are looked at.
    const allowed = new Set([...ground.files, ...ground.files.map(filePattern), ...writes]);
    await home.run(`SET allowed_paths = [${[...allowed].map(literal).join(', ')}]`);
    await home.run('SET enable_external_access = false');
    await home.run('SET lock_configuration = true');
    const opened = new Instance(instance, home);
    try {
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
      try {
        await there.made;
      } catch {
        // Who made it was cancelled, or failed: this question makes it anew and learns why.
        continue;
      }
      if (this.#tables.get(name) === there) {
        there.users++;
        this.#tables.delete(name);
        this.#tables.set(name, there);
        held.push(name);
        return;
      }
    }
    const table = { made: connection.run(`CREATE TABLE ${quoted(name)} AS ${sql}`).then(() => undefined), users: 1 };
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
    for (const [name, { users }] of this.#tables) {
      if (this.#tables.size <= TABLES_KEPT) {
        return;
      }
      if (users === 0) {
        this.#tables.delete(name);
        await this.#home.run(`DROP TABLE IF EXISTS ${quoted(name)}`);
      }
    }
  }

  close(): void {
    this.#home.closeSync();
    this.#instance.closeSync();
  }
}
