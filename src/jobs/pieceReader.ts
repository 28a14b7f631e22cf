import type { Wait } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import { type Plan, RESUME_REFUSED } from '../usage/plan/plan.ts';
import type { AssembledPiece } from './assembledPiece.ts';
import type { JobAssembly } from './jobAssembly.ts';
import type { SavedPiece } from './journal.ts';
import { createPieceDocument, type KnownShape } from './pieceDocument.ts';
import type { Counts, Progress } from './progress.ts';
import type { ExportRows } from './rowSettings.ts';

/** A piece that has to be begun anew again and again will not end. */
const MOST_RESTARTS = 3;

interface ReaderOptions {
  plan: Plan;
  rows: ExportRows;
  assembly: JobAssembly;
  shape: KnownShape;
  progress: Progress;
  /** Ends all that is under way. */
  signal: AbortSignal;
  now: () => number;
  /** Told after each chunk, and when a call waits. */
  onProgress: () => void;
}

/** A piece that is being read. */
interface Reading {
  piece: AssembledPiece;
  /** What of the progress is this piece's. */
  counted: Counts;
  abort: AbortController;
  wait: { until: number; operation: string } | undefined;
}

/**
 * Reads the pieces of a plan side by side, the first ones first, and hands their rows to the assembly. One that fails ends the others.
 */
export class PieceReader {
  readonly #options: ReaderOptions;
  readonly #readings = new Set<Reading>();
  #next = 0;
  #pausing = false;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /**
   * Resolves when all pieces are in the document, or when the reader was paused and has stopped.
   *
   * @throws what the first piece to fail throws
   */
  async run(): Promise<void> {
    const { plan, assembly, signal } = this.#options;
    await assembly.advance();
    const failed = new AbortController();
    const both = AbortSignal.any([signal, failed.signal]);
    const work = async () => {
      try {
        for (let position = this.#take(); position !== undefined; position = this.#take()) {
          await this.#read(position, both);
        }
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    };
    const workers = Array.from({ length: Math.max(1, Math.min(plan.sideBySide, plan.pieces.length)) }, work);
    await Promise.allSettled(workers);
    signal.throwIfAborted();
    failed.signal.throwIfAborted();
  }

  /** Ends each piece behind the chunk that is under way, or at once where it waits. */
  pause(): void {
    this.#pausing = true;
    for (const reading of this.#readings) {
      this.#stopWaiting(reading);
    }
  }

  /** Set while all pieces that are being read wait: for the first of them to go on. */
  get wait(): { until: number; operation: string } | undefined {
    const waits = [...this.#readings].map(({ wait }) => wait);
    return waits.every((wait) => wait !== undefined)
      ? waits.reduce<Reading['wait']>(
          (first, wait) => (first && wait && first.until <= wait.until ? first : wait),
          undefined,
        )
      : undefined;
  }

  #stopWaiting({ abort, wait }: Reading): void {
    if (this.#pausing && wait !== undefined) {
      abort.abort();
    }
  }

  /** The next piece that is not whole; none when the reader is paused. */
  #take(): number | undefined {
    const { plan, assembly } = this.#options;
    while (!this.#pausing && this.#next < plan.pieces.length) {
      const position = this.#next++;
      if (!assembly.hasEnded(position)) {
        return position;
      }
    }
    return undefined;
  }

  async #read(position: number, signal: AbortSignal): Promise<void> {
    const { assembly, progress } = this.#options;
    const piece = await assembly.begin(position);
    const reading: Reading = {
      piece,
      counted: countsOfPiece(piece.saved),
      abort: new AbortController(),
      wait: undefined,
    };
    this.#readings.add(reading);
    try {
      for (let restarts = 0; ; restarts++) {
        try {
          await this.#readOn(reading, AbortSignal.any([signal, reading.abort.signal]));
          return;
        } catch (error) {
          if (this.#pausing && reading.abort.signal.aborted && !signal.aborted) {
            return;
          }
          if (!isRefusedMark(error) || restarts === MOST_RESTARTS) {
            throw error;
          }
          await assembly.restart(piece);
          progress.take(reading.counted);
          reading.counted = countsOfPiece(piece.saved);
        }
      }
    } finally {
      this.#readings.delete(reading);
    }
  }

  #count({ counted }: Reading, more: Counts): void {
    this.#options.progress.add(more);
    counted.rows += more.rows;
    counted.bytes += more.bytes;
    counted.calls += more.calls;
  }

  async #readOn(reading: Reading, signal: AbortSignal): Promise<void> {
    const { plan, rows, assembly, shape, progress, now, onProgress } = this.#options;
    const { piece } = reading;
    const source = plan.pieces[piece.position];
    if (source === undefined || piece.ended) {
      return;
    }
    const { state, resume } = piece.saved;
    const document = createPieceDocument(rows.settings(source.scope), shape, state, {
      borrows: true,
      write: async (chunk) => {
        this.#count(reading, { rows: 0, bytes: chunk.length, calls: 0 });
        await assembly.write(piece, chunk);
      },
    });
    const onWait = ({ milliseconds, operation }: Wait) => {
      reading.wait = { until: now() + milliseconds, operation };
      this.#stopWaiting(reading);
      onProgress();
    };
    for await (const chunk of source.read({ signal, onWait, from: resume })) {
      reading.wait = undefined;
      await assembly.take(piece, chunk, document);
      this.#count(reading, { rows: document.rows - reading.counted.rows, bytes: 0, calls: 1 });
      progress.note(now());
      onProgress();
      // Behind the last chunk the piece only has to end.
      if (this.#pausing && chunk.resume !== undefined) {
        return;
      }
    }
    signal.throwIfAborted();
    await assembly.end(piece, document);
    onProgress();
  }
}

/** What was counted before a run began. */
export function countsOf({ summary, document, open }: JobAssembly): Counts {
  const counts: Counts = { rows: summary.rows, bytes: document, calls: summary.pages };
  for (const { saved } of open) {
    counts.rows += saved.state?.rows ?? 0;
    counts.bytes += saved.in === 'part' ? saved.bytes : 0;
    counts.calls += saved.pages;
  }
  return counts;
}

function countsOfPiece({ state, bytes, base = 0, pages }: SavedPiece): Counts {
  return { rows: state?.rows ?? 0, bytes: bytes - base, calls: pages };
}

function isRefusedMark(error: unknown): boolean {
  return error instanceof BillingError && error.code === RESUME_REFUSED;
}
