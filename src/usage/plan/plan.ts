import type { SendOptions } from '../../api/http/client.ts';
import type { RecordSchema } from '../../records/schema.ts';
import type { UsageEstimate } from '../estimate.ts';
import type { RowFilter } from '../rowFilter.ts';
import type { PieceCall } from './pieceCall.ts';

/**
 * How an export is fetched: independent pieces that together hold every row once. The file has them in the order of `pieces`,
 * whichever answers first.
 */
export interface Plan {
  /** The call, for the report, e.g. `Usage Details 2023-11-01`. */
  source: string;
  /** Why not the usual source, in words that follow "because". */
  why?: string;
  /**
   * What chunks hold: `pages`, a body with a list of records; `lines`, JSON objects, each with a line's end; `files`, rows of CSV without
   * their header.
   */
  content: 'pages' | 'lines' | 'files';
  /** Of pages and lines; left out: legacy or modern usage details, as the first record tells. */
  schema?: RecordSchema;
  /** Which records are wanted where the service cannot be asked for them alone. */
  only?: RowFilter;
  /** What brings the rows; opens error messages. */
  operation: string;
  /** In the order of the file. */
  pieces: readonly Piece[];
  /** Calls and seconds at the present quota, waits included. */
  estimate: UsageEstimate;
  /** How many pieces may be read at once, at the most. */
  sideBySide: number;
  /**
   * Of usage that is kept and not asked for again: when it was fetched, ISO 8601, UTC. Of several parts the oldest that may have changed
   * since then; where all are closed, the newest.
   */
  asOf?: string;
}

/** A part of an export that is read by itself. */
export interface Piece {
  /** The same for the same source and plan, e.g. `/subscriptions/… 2026-10-01 to 2026-10-03`. */
  id: string;
  /** For people. */
  label: string;
  /** Whose rows they are, where several scopes are in one file. */
  scope?: { scope: string; label: string };
  /** How it is asked for: plain data without secrets, by which `reopenPlan` finds it again. */
  call: PieceCall;
  /**
   * Reads its rows from the beginning, or from the mark of a chunk on: exactly those behind that chunk. Ends only when the piece is
   * complete; who stops reading early ends what is under way.
   *
   * @param options `from` is the `resume` of the last chunk that was kept
   * @throws BillingError; with the code `resumeRefused` when the service no longer knows the mark, or what it stands in has changed: then
   *   the piece has to be read from its beginning. The signal's reason when it is aborted
   */
  read(options?: PieceReadOptions): AsyncGenerator<PieceChunk, void, undefined>;
}

export interface PieceReadOptions extends SendOptions {
  from?: string | undefined;
}

/** The code of the error that says that a piece cannot go on from a mark. */
export const RESUME_REFUSED = 'resumeRefused';

/** Some rows of a piece, whole ones only. */
export interface PieceChunk {
  /** Good until the next chunk is asked for, whose bytes may take their place. May be empty: of a page without records. */
  bytes: Uint8Array;
  requestId?: string;
  receivedAt: Date;
  /** Opens the rest behind this chunk, after a restart too; absent behind the last one. */
  resume?: string;
  /** Content `files`: the header row of the file, with its line's end; on the first chunk of each file and of each reading. */
  header?: Uint8Array;
  /** Content `files`: the file ends behind this chunk. */
  endsFile?: boolean;
}

/** A plan as plain data, to go on with after a restart. */
export interface KeptPlan extends Omit<Plan, 'pieces'> {
  version: 1;
  pieces: readonly Omit<Piece, 'read'>[];
}

/** What of a plan outlives a restart: with it the pieces are the same ones, while a new plan might choose others. */
export function keepPlan(plan: Plan): KeptPlan {
  return { ...plan, version: 1, pieces: plan.pieces.map(({ read: _, ...piece }) => piece) };
}
