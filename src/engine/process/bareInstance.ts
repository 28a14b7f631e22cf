import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { ChildSettings } from './messages.ts';

/** An instance of DuckDB that knows no files yet and is not locked: nobody's SQL runs on it. */
export interface BareInstance {
  readonly instance: DuckDBInstance;
  /** The connection that is nobody's. */
  readonly home: DuckDBConnection;
}

/** Megabytes of an instance that is not used. */
const UNUSED_MEMORY = 16;

/** @param scratch the folder for what has no room in memory; it is made on first need */
export async function makeBareInstance(
  { threads, scratchLimit }: Pick<ChildSettings, 'threads' | 'scratchLimit'>,
  scratch: string,
): Promise<BareInstance> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: `${UNUSED_MEMORY}MB`,
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
  return { instance, home };
}

/**
 * Making an instance takes longer than reading the first rows of most files: one is made ahead, while nobody waits.
 */
export class SpareInstance {
  readonly #make: () => Promise<BareInstance>;
  #spare: Promise<BareInstance | undefined> | undefined;

  constructor(make: () => Promise<BareInstance>) {
    this.#make = make;
  }

  prepare(): void {
    // Whoever needs one makes it then, and learns why it fails.
    this.#spare ??= this.#make().catch(() => undefined);
  }

  async take(): Promise<BareInstance> {
    const spare = this.#spare;
    this.#spare = undefined;
    return (await spare) ?? this.#make();
  }
}
