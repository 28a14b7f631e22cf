import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../api/http/clock.ts';
import { BillingError } from '../api/http/errors.ts';
import { type FolderLock, isLocked, lockFolder } from '../disk/folderLock.ts';
import { codeOf, writeFailure } from '../disk/writeFailure.ts';
import type { UsageEstimate } from '../usage/estimate.ts';
import { Changes } from './changes.ts';
import { claimFile } from './fileClaims.ts';
import type { CheckpointPace } from './jobAssembly.ts';
import { canResume, failureOf, isAtWork, JobEntry, resultOf } from './jobEntry.ts';
import { type JobFile, JobFolder } from './jobFolder.ts';
import { JobRun, type OpenedExport } from './jobRun.ts';
import { JobCancelled, JobInterrupted } from './jobStops.ts';
import type { ExportRequest, Job, JobSnapshot, JobState } from './jobTypes.ts';
import type { Manifest } from './manifest.ts';
import { type Planner, planner } from './planner.ts';
import { partialOf, publishedBy } from './publish.ts';
import { checkTarget } from './targetCheck.ts';

/** Who looks at a list of jobs sees no more than so many changes. */
const CHANGE_MILLISECONDS = 200;

export interface JobsOptions {
  /** Absolute path of a folder of their own; windows of the editor share it. */
  folder: string;
  /** Gives what an export reads with. @throws BillingError */
  open: (request: ExportRequest) => Promise<OpenedExport>;
  clock: Clock;
  /** Told what went wrong beside the jobs: a folder that cannot be read. */
  onError: (error: unknown) => void;
  /** For the manifests. */
  producedBy: Manifest['producedBy'];
  /** How exports are planned; left out: by the fetch plan. */
  planner?: Planner;
  /** How often jobs note where they are; left out: every 32 MB or two seconds. */
  pace?: CheckpointPace;
}

/** Whether a job that was planned is worth its calls. */
type Decide = (estimate: UsageEstimate) => Promise<'go' | 'stop'>;

interface LaunchOptions {
  decide?: Decide | undefined;
  /** No window knows the job yet. */
  isNew?: boolean;
}

/**
 * Exports that become files. A job outlives the editor: what it needs to go on lies in a folder of its own, and a crash costs at
 * most what came since the last checkpoint. Its file has its name only when it is whole.
 *
 * Windows of the editor share the folder; a job is worked on by one of them at a time.
 */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #planner: Planner;
  readonly #entries = new Map<string, JobEntry>();
  readonly #changes = new Changes(CHANGE_MILLISECONDS);
  #disposed = false;

  constructor(options: JobsOptions) {
    this.#options = options;
    this.#planner = options.planner ?? planner;
  }

  /** Looks for jobs on the disk; may be repeated to see what other windows do. Never rejects: `onError` is told. */
  async load(): Promise<void> {
    let names: string[] = [];
    try {
      names = await readdir(this.#options.folder);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') {
        this.#options.onError(error);
      }
    }
    for (const name of names) {
      try {
        await this.#look(name);
      } catch (error) {
        this.#options.onError(error);
      }
    }
    for (const entry of [...this.#entries.values()]) {
      // Another window has removed it.
      if (!names.includes(entry.id) && entry.run === undefined && entry.state !== 'cancelled') {
        this.#entries.delete(entry.id);
      }
    }
    this.#changes.note();
  }

  async #look(name: string): Promise<void> {
    const folder = new JobFolder(this.#options.folder, name);
    const isOurs = () => this.#entries.get(name)?.run !== undefined || this.#entries.get(name)?.state === 'cancelled';
    if (isOurs()) {
      return;
    }
    // Before the file: a job that ends in between is then seen as it ended.
    const locked = (await folder.exists()) && (await isLocked(folder.path));
    const file = await folder.read();
    if (file === undefined || isOurs()) {
      return;
    }
    const entry = this.#entries.get(name) ?? new JobEntry(folder, file);
    entry.file = file;
    entry.elsewhere = locked && isAtWork(file.state);
    if (isAtWork(file.state) && !locked) {
      await this.#claimLeft(entry);
    }
    if (entry.state !== 'done') {
      await entry.readProgress();
    }
    if (!isOurs()) {
      this.#entries.set(name, entry);
    }
  }

  /** Nobody works on the job any more: it may have published its file before it ended. */
  async #claimLeft(entry: JobEntry): Promise<void> {
    const { file, folder } = entry;
    const manifest = file.state === 'finishing' ? await publishedBy(file.id, file.request.target.file) : undefined;
    if (manifest === undefined) {
      entry.file = { ...file, state: 'interrupted' };
      return;
    }
    entry.file = { ...file, state: 'done', finishedAt: this.#options.clock.now(), manifest };
    await folder.write(entry.file);
    await folder.clear();
  }

  /** All jobs, the oldest first. */
  list(): readonly JobSnapshot[] {
    return [...this.#entries.values()]
      .map(({ snapshot }) => snapshot)
      .sort((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1));
  }

  get(id: string): JobSnapshot | undefined {
    return this.#entries.get(id)?.snapshot;
  }

  /**
   * Starts an export. An unfinished one into the same file that nobody works on makes way.
   *
   * @param decide asked once the export is planned
   * @throws Error with a sentence for the user when the file cannot be written, or is being written
   */
  async start(request: ExportRequest, decide?: Decide): Promise<Job> {
    const { clock, folder: root } = this.#options;
    await checkTarget(request.target.file);
    await this.#makeWay(request.target.file);
    const now = clock.now();
    const id = `${new Date(now).toISOString().replace(/\D/g, '').slice(0, 14)}-${randomBytes(4).toString('hex')}`;
    const folder = new JobFolder(root, id);
    await folder.create();
    const file: JobFile = { version: 1, id, request, state: 'planning', startedAt: now };
    return this.#launch(new JobEntry(folder, file), { decide, isNew: true });
  }

  async #makeWay(file: string): Promise<void> {
    await this.load();
    for (const entry of [...this.#entries.values()]) {
      if (!sameFile(entry.target, file) || entry.state === 'done' || entry.state === 'cancelled') {
        continue;
      }
      if (isAtWork(entry.state) || entry.state === 'paused') {
        throw isBeingWritten(entry);
      }
      await this.remove(entry.id);
    }
  }

  /** Takes the job for this window and runs it. */
  async #launch(entry: JobEntry, { decide, isNew = false }: LaunchOptions = {}): Promise<Job> {
    const { open, clock, producedBy, pace } = this.#options;
    const before = entry.file;
    // Who asks for it in the meantime is told that it is at work.
    entry.file = { ...before, state: 'planning' };
    let lock: FolderLock | undefined;
    try {
      lock = await this.#lock(entry);
      await (isNew ? this.#announce(entry) : this.#requireLeft(entry));
      if (this.#disposed) {
        throw new JobInterrupted();
      }
    } catch (error) {
      entry.file = before;
      if (isNew) {
        await entry.folder.remove().catch(this.#options.onError);
      }
      await lock?.release();
      throw error;
    }
    const { done } = entry;
    const run = new JobRun({
      folder: entry.folder,
      request: entry.file.request,
      open,
      planner: this.#planner,
      decide,
      clock,
      producedBy,
      pace,
      onState: (state) => this.#enter(entry, state),
      onProgress: () => this.#changes.note(),
    });
    entry.run = run;
    entry.elsewhere = false;
    this.#entries.set(entry.id, entry);
    entry.over = this.#follow(entry, run, lock);
    return { id: entry.id, done };
  }

  /**
   * Other windows may begin an export into the same file at the same moment. Each tells of its own before it looks for those of others:
   * both may be refused then, but never both go on.
   */
  async #announce(entry: JobEntry): Promise<void> {
    await entry.folder.write(entry.file);
    for (const name of await readdir(this.#options.folder)) {
      if (name !== entry.id && !this.#entries.has(name)) {
        await this.#look(name).catch(this.#options.onError);
      }
    }
    for (const other of this.#entries.values()) {
      if (other.id !== entry.id && isAtWork(other.state) && sameFile(other.target, entry.target)) {
        throw isBeingWritten(other);
      }
    }
  }

  /** Between the last look and the lock another window may have ended it. @throws BillingError when it did */
  async #requireLeft(entry: JobEntry): Promise<void> {
    const file = await entry.folder.read();
    if (file === undefined) {
      throw this.#gone(entry);
    }
    if (!isAtWork(file.state)) {
      requireResumable(file);
    }
  }

  /** @throws Error with a sentence for the user when it is another window's, or not there any more */
  async #lock(entry: JobEntry): Promise<FolderLock> {
    let lock: FolderLock | undefined;
    try {
      lock = await lockFolder(entry.folder.path);
    } catch (error) {
      throw codeOf(error) === 'ENOENT' ? this.#gone(entry) : writeFailure(error, entry.folder.path);
    }
    if (lock === undefined) {
      throw new Error(`Another window of the editor works on the export '${entry.file.request.title}'.`);
    }
    return lock;
  }

  async #enter(entry: JobEntry, state: JobState): Promise<void> {
    const { error: _, ...file } = entry.file;
    entry.file = { ...file, state };
    await entry.folder.write(entry.file);
    this.#changes.note();
  }

  async #follow(entry: JobEntry, run: JobRun, lock: FolderLock): Promise<void> {
    let settle = () => {};
    try {
      const manifest = await run.run();
      if (manifest === undefined) {
        await this.#enter(entry, 'paused');
      } else {
        settle = await this.#complete(entry, manifest);
      }
    } catch (error) {
      settle = await this.#end(entry, error);
    }
    entry.rest(run.progress);
    entry.run = undefined;
    if (entry.state === 'cancelled') {
      await this.#discard(entry);
    }
    await lock.release();
    settle();
    this.#changes.note();
  }

  async #complete(entry: JobEntry, manifest: Manifest): Promise<() => void> {
    entry.file = { ...entry.file, state: 'done', finishedAt: this.#options.clock.now(), manifest };
    try {
      await entry.folder.write(entry.file);
      await entry.folder.clear();
    } catch (error) {
      // The file is there: that its job cannot be remembered is no failure of the export.
      this.#options.onError(error);
    }
    const result = resultOf(entry.file);
    return () => {
      if (result !== undefined) {
        entry.settle({ result });
      }
    };
  }

  /** The job has failed or was stopped. */
  async #end(entry: JobEntry, error: unknown): Promise<() => void> {
    const state: JobState =
      error instanceof JobCancelled ? 'cancelled' : error instanceof JobInterrupted ? 'interrupted' : 'failed';
    const { error: _, ...file } = entry.file;
    entry.file = { ...file, state, ...(state === 'failed' ? { error: failureOf(error) } : {}) };
    if (state !== 'cancelled') {
      // A disk that is full takes no note either; the next window finds the job interrupted.
      await entry.folder.write(entry.file).catch(this.#options.onError);
    }
    return () => entry.settle({ error });
  }

  /** Removes all that a job without a finished file has on the disk. */
  async #discard({ file, folder }: JobEntry): Promise<void> {
    const target = file.request.target.file;
    try {
      // A download may have taken the name in the meantime; what is there is that one's then.
      const free = claimFile(partialOf(target), target);
      await rm(partialOf(target), { force: true }).finally(free);
    } catch (error) {
      this.#options.onError(error);
    }
    await folder.remove().catch(this.#options.onError);
  }

  /** Resolves when the job has stopped; what was fetched is kept. @throws Error with a sentence for the user */
  async pause(id: string): Promise<void> {
    const entry = this.#entry(id);
    this.#requireHere(entry);
    if (entry.state !== 'finishing') {
      entry.run?.pause();
    }
    await entry.over;
  }

  /** Goes on with a job that was paused, failed or was interrupted. @throws Error with a sentence for the user */
  async resume(id: string): Promise<Job> {
    const entry = this.#entry(id);
    await entry.over;
    await this.#lookAgain(entry);
    this.#requireHere(entry);
    requireResumable(entry.file);
    return this.#launch(entry);
  }

  /** Ends a job; nothing is left of it, and a file that was there before stays. @throws Error with a sentence for the user */
  async cancel(id: string): Promise<void> {
    const entry = this.#entry(id);
    if (entry.run !== undefined) {
      entry.run.cancel();
      await entry.over;
      return;
    }
    if (entry.state === 'done' || entry.state === 'cancelled') {
      return;
    }
    await this.#lookAgain(entry);
    this.#requireHere(entry);
    if (!canResume(entry.state)) {
      return;
    }
    const lock = await this.#lock(entry);
    try {
      await this.#requireLeft(entry);
      const { error: _, ...file } = entry.file;
      entry.file = { ...file, state: 'cancelled' };
      await this.#discard(entry);
    } finally {
      await lock.release();
    }
    entry.settle({ error: new JobCancelled() });
    this.#changes.note();
  }

  /** Takes a job off the list, after it was cancelled when it was not over. Its file stays. @throws Error with a sentence for the user */
  async remove(id: string): Promise<void> {
    await this.cancel(id);
    const entry = this.#entries.get(id);
    if (entry !== undefined) {
      await entry.folder.remove().catch(this.#options.onError);
      this.#entries.delete(id);
      this.#changes.note();
    }
  }

  #entry(id: string): JobEntry {
    const entry = this.#entries.get(id);
    if (entry === undefined) {
      throw new BillingError('argument', `job: there is no export '${id}'.`);
    }
    return entry;
  }

  /** Another window may have gone on with it, ended it or removed it. @throws BillingError when it is gone */
  async #lookAgain(entry: JobEntry): Promise<void> {
    if (entry.run !== undefined || entry.state === 'cancelled') {
      return;
    }
    if (!(await entry.folder.exists())) {
      throw this.#gone(entry);
    }
    await this.#look(entry.id);
  }

  #gone(entry: JobEntry): Error {
    this.#entries.delete(entry.id);
    this.#changes.note();
    return new BillingError(
      'argument',
      `job: the export '${entry.file.request.title}' is not there any more: it was removed in another window.`,
    );
  }

  #requireHere({ elsewhere, file }: JobEntry): void {
    if (elsewhere) {
      throw new Error(`Another window of the editor works on the export '${file.request.title}': use that window.`);
    }
  }

  /** Tells when the list changed, at most five times a second. The returned function ends it. */
  onDidChange(listener: () => void): () => void {
    return this.#changes.listen(listener);
  }

  /** Stops all jobs of this window so that they can be resumed. Resolves when all is on the disk. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#changes.dispose();
    const entries = [...this.#entries.values()];
    for (const { run } of entries) {
      run?.interrupt();
    }
    await Promise.all(entries.map(({ over }) => over));
  }
}

const STATES: Readonly<Record<JobState, string>> = {
  planning: 'at work already',
  asking: 'at work already',
  running: 'at work already',
  finishing: 'at work already',
  paused: 'paused',
  failed: 'failed',
  interrupted: 'interrupted',
  done: 'done',
  cancelled: 'cancelled',
};

/** @throws BillingError when nothing is left to go on with, or somebody is at it */
function requireResumable({ state, request }: JobFile): void {
  if (!canResume(state)) {
    throw new BillingError('argument', `job: the export '${request.title}' is ${STATES[state]}.`);
  }
}

function isBeingWritten({ target, file }: JobEntry): Error {
  return new Error(
    `file: '${target}' is being written by the export '${file.request.title}': cancel that one first, or choose another name.`,
  );
}

/** Some systems tell no case; to keep two jobs apart from one file that matters more than two files from one job. */
function sameFile(one: string, other: string): boolean {
  return path.resolve(one).toLowerCase() === path.resolve(other).toLowerCase();
}
