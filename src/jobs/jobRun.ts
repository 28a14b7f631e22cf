import type { Wait } from '../api/http/client.ts';
import type { Clock } from '../api/http/clock.ts';
import { OWN_FILE } from '../disk/ownership.ts';
import { isTextFormat } from '../records/fileFormats.ts';
import { rowSeparator } from '../usage/documentParts.ts';
import type { UsageEstimate } from '../usage/estimate.ts';
import type { ExportClients } from '../usage/plan/exportSource.ts';
import type { Plan } from '../usage/plan/plan.ts';
import { claimFile } from './fileClaims.ts';
import { finishJob } from './finishJob.ts';
import { type CheckpointPace, JobAssembly } from './jobAssembly.ts';
import type { JobFolder } from './jobFolder.ts';
import { JobCancelled, JobInterrupted } from './jobStops.ts';
import type { ExportRequest, JobSnapshot, JobState } from './jobTypes.ts';
import type { Manifest } from './manifest.ts';
import { documentHead, SharedShape } from './pieceDocument.ts';
import { countsOf, PieceReader } from './pieceReader.ts';
import { keepJobPlan, type Planner, planJob } from './planner.ts';
import { Progress } from './progress.ts';
import { partialOf, publish } from './publish.ts';
import { ExportRows } from './rowSettings.ts';
import { checkTarget } from './targetCheck.ts';

/** What an export reads with. */
export interface OpenedExport {
  clients: ExportClients;
  /** Of files that are safe to share. */
  pseudonymKey?: Uint8Array | undefined;
}

interface RunOptions {
  folder: JobFolder;
  request: ExportRequest;
  open: (request: ExportRequest) => Promise<OpenedExport>;
  planner: Planner;
  /** Whether a job that was planned is worth its calls; left out: it is. */
  decide?: ((estimate: UsageEstimate) => Promise<'go' | 'stop'>) | undefined;
  clock: Clock;
  producedBy: Manifest['producedBy'];
  pace?: CheckpointPace | undefined;
  /** Told before the job does what the state is about. @throws what has to end the job */
  onState: (state: JobState) => Promise<void>;
  onProgress: () => void;
}

/** What a snapshot has of a job at work. */
export type RunProgress = Pick<
  JobSnapshot,
  'rows' | 'bytes' | 'pieces' | 'piecesDone' | 'calls' | 'rowsPerSecond' | 'bytesPerSecond'
> &
  Partial<Pick<JobSnapshot, 'callsPlanned' | 'secondsLeft' | 'wait'>>;

/** One run of a job: from its plan, or from where it was left, to its file. */
export class JobRun {
  readonly #options: RunOptions;
  readonly #stop = new AbortController();
  #pausing = false;
  #plan: Plan | undefined;
  #assembly: JobAssembly | undefined;
  #reader: PieceReader | undefined;
  #progress: Progress;
  /** While it is planned. */
  #wait: { until: number; operation: string } | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#progress = new Progress({ rows: 0, bytes: 0, calls: 0 }, options.clock.now());
  }

  /**
   * @returns the manifest of the file, which is published then; undefined when the job was paused
   * @throws JobCancelled, JobInterrupted; BillingError or Error with a sentence for the user
   */
  async run(): Promise<Manifest | undefined> {
    const { request } = this.#options;
    const { file } = request.target;
    const free = claimFile(partialOf(file), file);
    try {
      await checkTarget(file);
      const manifest = await this.#export();
      if (manifest !== undefined) {
        await publish(file, manifest);
      }
      return manifest;
    } catch (error) {
      if (this.#pausing && this.#stop.signal.aborted && error === this.#stop.signal.reason) {
        return undefined;
      }
      throw error;
    } finally {
      free();
    }
  }

  /** Stops behind the pages under way; what was fetched is kept. A job whose rows are all there goes on to its end. */
  pause(): void {
    this.#pausing = true;
    if (this.#reader === undefined) {
      this.#stop.abort(new JobInterrupted());
    } else {
      this.#reader.pause();
    }
  }

  cancel(): void {
    this.#stop.abort(new JobCancelled());
  }

  /** Stops at once; what was fetched is kept. */
  interrupt(): void {
    this.#stop.abort(new JobInterrupted());
  }

  get progress(): RunProgress {
    const now = this.#options.clock.now();
    const plan = this.#plan;
    const { rows, bytes, calls } = this.#progress;
    const callsPlanned = plan?.estimate.known === true ? Math.max(plan.estimate.calls, calls) : undefined;
    const secondsLeft = callsPlanned === undefined ? undefined : this.#progress.secondsLeft(now, callsPlanned);
    const wait = this.#reader?.wait ?? this.#wait;
    return {
      rows,
      bytes,
      calls,
      pieces: plan?.pieces.length ?? 0,
      piecesDone: this.#piecesDone,
      ...this.#progress.rates(now),
      ...(callsPlanned === undefined ? {} : { callsPlanned }),
      ...(secondsLeft === undefined ? {} : { secondsLeft }),
      ...(wait === undefined || wait.until <= now ? {} : { wait }),
    };
  }

  get #piecesDone(): number {
    const assembly = this.#assembly;
    return assembly === undefined
      ? 0
      : assembly.summary.pieces + [...assembly.open].filter(({ ended }) => ended).length;
  }

  async #export(): Promise<Manifest | undefined> {
    const { folder, request, open, pace, onState } = this.#options;
    const { signal } = this.#stop;
    await onState('planning');
    // Signing in may take a person, who may not be there.
    const { clients, pseudonymKey } = await untilAborted(open(request), signal);
    if (pseudonymKey !== undefined) {
      await folder.takeKey(pseudonymKey);
    }
    const plan = await this.#planned(clients);
    const rows = new ExportRows(plan, request, pseudonymKey);
    await onState('running');
    const assembly = await JobAssembly.open(
      {
        folder: folder.path,
        document: {
          ...(isTextFormat(request.target.format)
            ? { file: partialOf(request.target.file) }
            : { file: folder.spool, mode: OWN_FILE }),
          separator: rowSeparator(rows.format).length,
        },
        pieces: plan.pieces.length,
        head: (shape) => documentHead(rows.headSettings, shape),
        pace,
      },
      signal,
    );
    this.#assembly = assembly;
    try {
      return await this.#assemble(plan, rows, assembly);
    } finally {
      await assembly.close();
    }
  }

  async #planned(clients: ExportClients): Promise<Plan> {
    const { folder, request, planner, decide, clock, onState, onProgress } = this.#options;
    const { signal } = this.#stop;
    const onWait = ({ milliseconds, operation }: Wait) => {
      this.#wait = { until: clock.now() + milliseconds, operation };
      onProgress();
    };
    const { plan, isNew } = await planJob(folder, request.source, clients, planner, { signal, onWait });
    this.#wait = undefined;
    this.#plan = plan;
    if (isNew && decide !== undefined) {
      await onState('asking');
      if ((await untilAborted(decide(plan.estimate), signal)) === 'stop') {
        throw new JobCancelled();
      }
    }
    signal.throwIfAborted();
    if (isNew) {
      await keepJobPlan(folder, plan);
    }
    return plan;
  }

  /** Undefined when the job was paused before all rows were there. */
  async #assemble(plan: Plan, rows: ExportRows, assembly: JobAssembly): Promise<Manifest | undefined> {
    const { folder, request, clock, producedBy, onState, onProgress } = this.#options;
    const { signal } = this.#stop;
    this.#progress = new Progress(countsOf(assembly), clock.now());
    const reader = new PieceReader({
      plan,
      rows,
      assembly,
      shape: new SharedShape(assembly.shape, (shape) => assembly.settle(shape)),
      progress: this.#progress,
      signal,
      now: () => clock.now(),
      onProgress,
    });
    this.#reader = reader;
    if (this.#pausing) {
      reader.pause();
    }
    try {
      await reader.run();
    } catch (error) {
      // What is on the disk already is kept either way; a failure of the disk is told once.
      await assembly.checkpoint().catch(() => {});
      throw error;
    }
    await assembly.checkpoint();
    if (assembly.summary.pieces < plan.pieces.length) {
      return undefined;
    }
    await onState('finishing');
    const manifest = await finishJob({
      job: folder.id,
      request,
      plan,
      rows,
      assembly,
      spool: folder.spool,
      producedBy,
      now: clock.now(),
      signal,
    });
    signal.throwIfAborted();
    return manifest;
  }
}

/** @throws the signal's reason as soon as there is one */
async function untilAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const leave = () => reject(signal.reason);
  signal.addEventListener('abort', leave);
  try {
    signal.throwIfAborted();
    return await Promise.race([answer, promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
