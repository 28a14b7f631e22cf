import { BillingError } from '../api/http/errors.ts';
import { ExcelLimitError } from '../records/fileFormats.ts';
import type { JobFile, JobFolder } from './jobFolder.ts';
import type { JobRun, RunProgress } from './jobRun.ts';
import type { ExportResult, JobFailure, JobSnapshot, JobState } from './jobTypes.ts';
import { readJournal } from './journal.ts';
import { manifestOf } from './publish.ts';

const AT_WORK: ReadonlySet<JobState> = new Set(['planning', 'asking', 'running', 'finishing']);

/** Whether somebody works on a job of such a state. */
export function isAtWork(state: JobState): boolean {
  return AT_WORK.has(state);
}

/** Whether a job of such a state can be resumed. */
export function canResume(state: JobState): boolean {
  return state === 'paused' || state === 'failed' || state === 'interrupted';
}

/** One job in the list. */
export class JobEntry {
  readonly folder: JobFolder;
  file: JobFile;
  /** While this window works on it. */
  run: JobRun | undefined;
  /** Resolves when the run is over and all is written that there is to say of it; never rejects. */
  over: Promise<void> = Promise.resolve();
  /** Another window works on it. */
  elsewhere = false;
  /** As it stood when nobody worked on it. */
  progress: RunProgress = IDLE;
  #done: PromiseWithResolvers<ExportResult> | undefined;

  constructor(folder: JobFolder, file: JobFile) {
    this.folder = folder;
    this.file = file;
  }

  get id(): string {
    return this.file.id;
  }

  /** The file that it is to become. */
  get target(): string {
    return this.file.request.target.file;
  }

  get state(): JobState {
    return this.file.state;
  }

  /** What those get who wait for the job: the same until it is done or has failed, however often it was paused. */
  get done(): Promise<ExportResult> {
    if (this.#done === undefined) {
      this.#done = Promise.withResolvers();
      // Nobody has to wait for it.
      this.#done.promise.catch(() => {});
    }
    return this.#done.promise;
  }

  /** Tells those who wait. */
  settle(outcome: { result: ExportResult } | { error: unknown }): void {
    if ('result' in outcome) {
      this.#done?.resolve(outcome.result);
    } else {
      this.#done?.reject(outcome.error);
    }
    this.#done = undefined;
  }

  /** Nobody works on it any more: it stays where it is. */
  rest({ secondsLeft: _, wait: __, ...progress }: RunProgress): void {
    this.progress = { ...progress, rowsPerSecond: 0, bytesPerSecond: 0 };
  }

  /** What of the journal can be shown; a plan that is read for its length alone is worth it only for jobs that are left. */
  async readProgress(): Promise<void> {
    const { document, summary, pieces } = await readJournal(this.folder.journal);
    const plan = await this.folder.readPlan();
    const open = [...pieces.values()];
    const sum = (of: (piece: (typeof open)[number]) => number) => open.reduce((total, piece) => total + of(piece), 0);
    this.progress = {
      ...IDLE,
      rows: summary.rows + sum(({ state }) => state?.rows ?? 0),
      bytes: document.bytes + sum((piece) => (piece.in === 'part' ? piece.bytes : 0)),
      calls: summary.pages + sum(({ pages }) => pages),
      pieces: plan?.pieces.length ?? 0,
      piecesDone: summary.pieces + open.filter(({ ended }) => ended === true).length,
      ...(plan?.estimate.known === true ? { callsPlanned: plan.estimate.calls } : {}),
    };
  }

  get snapshot(): JobSnapshot {
    const { version: _, ...file } = this.file;
    const { manifest } = file;
    const progress = this.run?.progress ?? this.progress;
    const { rows, bytes } = manifest ?? progress;
    const calls = manifest?.pages ?? progress.calls;
    return { ...progress, rows, bytes, calls, ...file, ...(this.elsewhere ? { elsewhere: true } : {}) };
  }
}

const IDLE: RunProgress = {
  rows: 0,
  bytes: 0,
  pieces: 0,
  piecesDone: 0,
  calls: 0,
  rowsPerSecond: 0,
  bytesPerSecond: 0,
};

/** What a job that is done gives. */
export function resultOf({ request, manifest }: JobFile): ExportResult | undefined {
  if (manifest === undefined) {
    return undefined;
  }
  const { file } = request.target;
  const { rows, bytes, totals, asOf } = manifest;
  const result: ExportResult = { file, rows, bytes, complete: true, totals, manifest: manifestOf(file) };
  return asOf === undefined ? result : { ...result, asOf };
}

/** A failure in words. */
export function failureOf(error: unknown): JobFailure {
  if (error instanceof BillingError) {
    return { message: error.message, ...(error.advice === undefined ? {} : { advice: error.advice }) };
  }
  return {
    message: error instanceof Error ? error.message : String(error),
    advice:
      error instanceof ExcelLimitError
        ? 'Cancel it and export anew.'
        : 'What was fetched is kept: resume the export when the cause is gone.',
  };
}
