import type { Batch } from './batch.ts';

/** A view or table that a question needs: its name, and the SELECT behind it. The SQL is the program's own, never a person's. */
export interface Named {
  readonly name: string;
  readonly sql: string;
}

/**
 * Where a question is asked: nothing but these files can be read. Grounds that are equal share an instance of the engine, and a ground that was
 * lost with its process is made anew.
 */
export interface Ground {
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly views: readonly Named[];
}

/** A parameter is a text or null; the SQL casts it. */
export type Parameter = string | null;

/** Everything that a question needs is in it, so that it can be asked again after the engine died. */
export interface Question {
  readonly sql: string;
  /** For `$1`, `$2`, … in turn. */
  readonly params?: readonly Parameter[];
  readonly ground: Ground;
  /** Tables that are made once per ground, in this order, and kept while there is room. */
  readonly tables?: readonly Named[];
  readonly signal?: AbortSignal;
}

/** SQL that a person wrote: one statement that only reads. Its answer becomes a table that later questions may name. */
export interface PersonQuestion {
  readonly sql: string;
  readonly ground: Ground;
  readonly signal?: AbortSignal;
}

/** A person's SQL that may be run. */
export interface CheckedSql {
  kind: 'select' | 'describe' | 'explain';
  sql: string;
}

/** What an engine tells about itself. */
export interface EngineState {
  readonly state: 'idle' | 'starting' | 'running' | 'restarting' | 'closed';
  /** How often it died since it was made. */
  readonly deaths: number;
}

/**
 * Answers questions about files. The verbs are few, so that another engine can stand behind them.
 *
 * All of them may throw `EngineMissing` (no native part for this platform), `EngineError` (one sentence for the user) and, when the signal
 * aborts, its reason.
 */
export interface Engine {
  readonly state: EngineState;
  /** Absolute path of a folder for what can be made anew; it goes with the engine. */
  readonly scratch: string;
  /** Megabytes that may lie there. */
  readonly scratchLimit: number;
  /** The answer in batches, as they come. An answer that was cut off by the engine's death begins anew only while none of it was given. */
  query(question: Question): AsyncIterable<Batch>;
  /** Writes the answer into a file that is replaced when it is complete. @returns rows and bytes written */
  write(question: Question, to: { file: string; format: 'csv' | 'parquet' }): Promise<{ rows: number; bytes: number }>;
  /**
   * Whether this is one statement that only reads and names no files.
   *
   * @returns its kind, and the text that was looked at: that alone may be run
   * @throws EngineError with what is not allowed
   */
  check(question: PersonQuestion): Promise<CheckedSql>;
  /** Forgets what was made for this ground; open questions to it end. */
  release(ground: Ground): Promise<void>;
  close(): Promise<void>;
}
