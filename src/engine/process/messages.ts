import type { Batch } from '../batch.ts';
import type { Ground, Named, Parameter } from '../engine.ts';
import type { EngineError } from '../engineErrors.ts';

/** What the child is given at its start, as JSON in its first argument. */
export interface ChildSettings {
  /** Megabytes for all grounds together. */
  memoryLimit: number;
  threads: number;
  /** Absolute path of a folder that is the child's own. */
  scratch: string;
  /** Megabytes that the scratch folder may hold. */
  scratchLimit: number;
}

/** The file that an answer becomes. */
export interface FileWay {
  /** Absolute path. */
  file: string;
  /** Where it is written until it is complete. The parent names it, and removes it when the child has died. */
  partial: string;
  format: 'csv' | 'parquet';
}

/** A question as it travels. */
export interface Ask {
  sql: string;
  params: readonly Parameter[];
  ground: Ground;
  tables: readonly Named[];
  /** Answer with batches, write the answer to a file, or only look at a person's SQL. */
  way: { as: 'batches' } | ({ as: 'file' } & FileWay) | { as: 'check' };
}

export type ToChild =
  | { do: 'ask'; id: number; ask: Ask }
  /** Another batch may come. */
  | { do: 'more'; id: number }
  | { do: 'cancel'; id: number }
  | { do: 'release'; ground: string }
  | { do: 'ping' };

export type FromChild =
  | { is: 'ready' }
  | { is: 'missing'; why: string }
  | { is: 'pong' }
  | { is: 'batch'; id: number; batch: Batch }
  | { is: 'done'; id: number; rows?: number; bytes?: number; kind?: 'select' | 'describe' | 'explain' }
  | { is: 'failed'; id: number; kind: EngineError['kind']; message: string };

/** Batches that may be on their way to a reader that has not asked for more. */
export const BATCHES_AHEAD = 4;

/** How folders begin, in the scratch folder, that a child lets DuckDB spill to. */
export function spillsOf(pid: number): string {
  return `spill-${pid}-`;
}

/** Grounds with the same key share an instance. */
export function groundKey(ground: Ground): string {
  return JSON.stringify([ground.files, ground.views.map(({ name, sql }) => [name, sql])]);
}
