import type { FileFormat } from '../records/fileFormats.ts';
import type { ExportSource } from '../usage/plan/exportSource.ts';
import type { Manifest } from './manifest.ts';

/** The file that an export becomes. */
export interface ExportTarget {
  /** An absolute path of this machine. A file of that name is replaced when the new one is whole, not before. */
  file: string;
  format: FileFormat;
  /** Names and order of the columns: the service's own when left out, or those of FOCUS. */
  columns?: 'service' | 'focus';
  /** Names and ids of customers are replaced by pseudonyms. */
  shareSafe?: boolean;
  /** CSV: cells that a spreadsheet would run as a formula are neutralised. */
  formulaGuard: boolean;
  /** CSV: what lines end with. */
  lineEnd: '\n' | '\r\n';
  /** CSV: whether the file begins with a byte order mark. */
  bom: boolean;
}

/** An export as it is asked for. Plain JSON without secrets, because it outlives the editor. */
export interface ExportRequest {
  /** Name of the connection that it reads from. */
  connection: string;
  /** What people call it. */
  title: string;
  source: ExportSource;
  target: ExportTarget;
  /** Everything is asked for, whatever is kept. */
  anew?: true;
}

/**
 * - `planning`, `asking` (somebody decides whether it is worth its calls), `running`, `finishing` (every row is there): at work
 * - `paused`, `failed`, `interrupted` (the editor ended before the job did): can be resumed, nothing that was fetched is lost
 * - `done`, `cancelled`: over
 */
export type JobState =
  | 'planning'
  | 'asking'
  | 'running'
  | 'paused'
  | 'finishing'
  | 'done'
  | 'failed'
  | 'cancelled'
  | 'interrupted';

/** How a job stands at one moment. */
export interface JobSnapshot {
  id: string;
  request: ExportRequest;
  state: JobState;
  /** Another window of the editor works on it: only that one can pause or cancel it. */
  elsewhere?: true;
  /** Rows and bytes that were written so far, those included that wait for their turn. Bytes are those of the text. */
  rows: number;
  bytes: number;
  pieces: number;
  piecesDone: number;
  /** Answers of the service that hold rows. */
  calls: number;
  /** How many there will be, about; absent while nobody can tell. */
  callsPlanned?: number;
  /** Of the last five seconds; 0 when nothing moves. */
  rowsPerSecond: number;
  bytesPerSecond: number;
  /** About; absent while nobody can tell. */
  secondsLeft?: number;
  /** Set while every call of the job waits: until when (milliseconds since 1970) the next one does, and what it is called. */
  wait?: { until: number; operation: string };
  /** Why it failed. */
  error?: JobFailure;
  /** Milliseconds since 1970: when the job was asked for, and when it was done. */
  startedAt: number;
  finishedAt?: number;
  /** Of a job that is done. */
  manifest?: Manifest;
}

export interface JobFailure {
  /** One sentence. */
  message: string;
  /** What to do. */
  advice?: string;
}

/** A finished export. There is none of an unfinished one: the job fails instead. */
export interface ExportResult {
  file: string;
  rows: number;
  bytes: number;
  complete: true;
  /** Exact cost per currency, plain digits; of utilization, quantity per unit. */
  totals: Record<string, string>;
  /** Path of the manifest beside the file. */
  manifest: string;
  /** See `Plan.asOf`: absent when it was fetched for this export. */
  asOf?: string;
}

/** One run of a job, from its start or from where it was left. */
export interface Job {
  id: string;
  /** Rejects when the job fails, is cancelled, or the editor ends; a job that is paused stays pending until it is resumed and done. */
  done: Promise<ExportResult>;
}
