import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { keepShowing, newHolder } from '../../disk/holder.ts';
import { removeLeft } from '../../disk/leftFiles.ts';
import type { Batch } from '../batch.ts';
import type { CheckedSql, Engine, EngineState, Ground, PersonQuestion, Question } from '../engine.ts';
import { EngineError, EngineMissing } from '../engineErrors.ts';
import { type Child, startChild } from './childProcess.ts';
import { type Ask, type FromChild, groundKey, spillsOf } from './messages.ts';

export interface ProcessEngineOptions {
  /** Absolute path of the module that runs in the child: `process/child.ts`, or what the build makes of it. */
  childModule: string;
  /** Absolute path of a folder for scratch files, made when needed; several engines may share it. */
  scratch: string;
  /** Megabytes for all that it holds and works on. */
  memoryLimit: number;
  /** Megabytes of scratch files; 16,384 when left out. */
  scratchLimit?: number;
  /** 2 when left out: other programs want to work too. */
  threads?: number;
  /** Told whenever the process ended by itself: a word about how. */
  onDeath?: (how: string) => void;
}

/** Deaths that a question may see before it counts as their cause. */
const DEATHS_ALLOWED = 1;

/** Starts in a row that may fail. */
const STARTS = 3;

/** How scratch folders begin: the rest names who has them. */
const SCRATCH = 'engine-';

const KILLER =
  'The engine ended twice while it worked on this question; filter the rows, choose fewer columns, or raise azureBilling.engine.memoryLimit.';

const NEEDS_ENGINE = 'tables, SQL, comparisons and forecasts';

interface Open {
  ask: Ask;
  sent: boolean;
  /** Times that the process died while it had this question. */
  deaths: number;
  /** Whether part of the answer was given away, so that it cannot begin anew. */
  begun: boolean;
  onBatch?: (batch: Batch) => void;
  onDone: (told: { rows?: number; bytes?: number; kind?: 'select' | 'describe' | 'explain' }) => void;
  onFailed: (error: Error) => void;
}

/**
 * The engine in a process of its own: an abort in native code does not take this process along. It is started with the first question; when it
 * dies, open questions are asked once more, one after the other, so that the one which kills it is found.
 */
export class ProcessEngine implements Engine {
  readonly #options: ProcessEngineOptions;
  readonly #scratch: string;
  readonly #open = new Map<number, Open>();
  /** Files that the child may be writing, by question; of cancelled ones, too, until it says that it left off. */
  readonly #partials = new Map<number, string>();
  /** Who wants to know whether there is an engine before they ask it. */
  readonly #expecting = new Set<{ resolve: () => void; reject: (error: Error) => void }>();
  readonly #hideScratch: () => void;
  #child: Child | undefined;
  #missing: EngineMissing | undefined;
  #closed = false;
  #ready = false;
  #deaths = 0;
  #failedStarts = 0;
  #lastId = 0;

  constructor(options: ProcessEngineOptions) {
    this.#options = options;
    this.#scratch = path.join(options.scratch, `${SCRATCH}${newHolder()}`);
    this.#hideScratch = keepShowing(this.#scratch);
  }

  get state(): EngineState {
    const state = this.#closed
      ? 'closed'
      : this.#child === undefined
        ? 'idle'
        : this.#ready
          ? 'running'
          : this.#deaths > 0
            ? 'restarting'
            : 'starting';
    return { state, deaths: this.#deaths };
  }

  get scratch(): string {
    return this.#scratch;
  }

  get scratchLimit(): number {
    return this.#options.scratchLimit ?? 16_384;
  }

  /** The id of the child's process, for tests that kill it. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the process in the background, so that the first question finds it ready. */
  warm(): void {
    if (!this.#closed && this.#missing === undefined) {
      this.#start();
    }
  }

  /**
   * Waits until the process takes questions, so that nothing is done in vain for one that it never will.
   *
   * @throws EngineMissing; EngineError when it cannot be started, or was closed
   */
  started(): Promise<void> {
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      return Promise.reject(refusal);
    }
    this.#start();
    return this.#ready
      ? Promise.resolve()
      : new Promise((resolve, reject) => {
          this.#expecting.add({ resolve, reject });
        });
  }

  async *query({ sql, params = [], ground, tables = [], signal }: Question): AsyncGenerator<Batch, void> {
    const waiting: Batch[] = [];
    let wake: (() => void) | undefined;
    let ended = false;
    let failed: Error | undefined;
    const open: Open = {
      ask: { sql, params, ground, tables, way: { as: 'batches' } },
      sent: false,
      deaths: 0,
      begun: false,
      onBatch: (batch) => {
        waiting.push(batch);
        wake?.();
      },
      onDone: () => {
        ended = true;
        wake?.();
      },
      onFailed: (error) => {
        ended = true;
        failed = error;
        wake?.();
      },
    };
    const id = this.#begin(open, signal);
    try {
      for (;;) {
        const batch = waiting.shift();
        if (batch !== undefined && failed === undefined) {
          open.begun = true;
          this.#child?.send({ do: 'more', id });
          yield batch;
          continue;
        }
        if (ended) {
          if (failed !== undefined) {
            throw failed;
          }
          return;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      this.#leave(id);
    }
  }

  async write(
    { sql, params = [], ground, tables = [], signal }: Question,
    to: { file: string; format: 'csv' | 'parquet' },
  ): Promise<{ rows: number; bytes: number }> {
    const told = await this.#told({ sql, params, ground, tables, way: { as: 'file', partial: '', ...to } }, signal);
    return { rows: told.rows ?? 0, bytes: told.bytes ?? 0 };
  }

  async check({ sql, ground, signal }: PersonQuestion): Promise<CheckedSql> {
    const told = await this.#told({ sql, params: [], ground, tables: [], way: { as: 'check' } }, signal);
    if (told.kind === undefined || told.sql === undefined) {
      throw new EngineError('died', 'The engine did not say whether the SQL may be run; try again.');
    }
    return { kind: told.kind, sql: told.sql };
  }

  async release(ground: Ground): Promise<void> {
    this.#child?.send({ do: 'release', ground: groundKey(ground) });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const child = this.#child;
    this.#child = undefined;
    this.#failAll(new EngineError('closed', 'The engine was closed.'));
    await child?.end();
    this.#hideScratch();
    await this.#dropPartials();
    await rm(this.#scratch, { recursive: true, force: true, maxRetries: 3 });
  }

  #told(
    ask: Ask,
    signal: AbortSignal | undefined,
  ): Promise<{ rows?: number; bytes?: number; kind?: CheckedSql['kind']; sql?: string }> {
    return new Promise((onDone, onFailed) => {
      this.#begin({ ask, sent: false, deaths: 0, begun: false, onDone, onFailed }, signal);
    });
  }

  /** Why no question is taken at all. */
  #refusal(): Error | undefined {
    return this.#closed ? new EngineError('closed', 'The engine was closed.') : this.#missing;
  }

  #begin(open: Open, signal: AbortSignal | undefined): number {
    const id = ++this.#lastId;
    const refusal = signal?.aborted ? abortReason(signal) : this.#refusal();
    if (refusal !== undefined) {
      open.onFailed(refusal);
      return id;
    }
    const settle = <T extends unknown[]>(then: (...told: T) => void) => {
      return (...told: T) => {
        signal?.removeEventListener('abort', onAbort);
        this.#open.delete(id);
        then(...told);
        this.#sendWaiting();
      };
    };
    const onAbort = () => {
      if (open.sent) {
        this.#child?.send({ do: 'cancel', id });
      }
      entry.onFailed(abortReason(signal));
    };
    const entry: Open = Object.assign(open, { onDone: settle(open.onDone), onFailed: settle(open.onFailed) });
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#open.set(id, entry);
    this.#start();
    this.#sendWaiting();
    return id;
  }

  /** A reader that went away before the end. */
  #leave(id: number): void {
    const open = this.#open.get(id);
    if (open !== undefined) {
      if (open.sent) {
        this.#child?.send({ do: 'cancel', id });
      }
      open.onDone({});
    }
  }

  /** Questions that saw a death go one at a time; the others wait until these are through. */
  #sendWaiting(): void {
    if (!this.#ready || this.#child === undefined) {
      return;
    }
    const suspects = [...this.#open].filter(([, { deaths }]) => deaths > 0);
    const go = suspects.length > 0 ? suspects.slice(0, 1) : [...this.#open];
    for (const [id, open] of go) {
      if (!open.sent) {
        open.sent = true;
        this.#child.send({ do: 'ask', id, ask: this.#withPartial(id, open.ask) });
      }
    }
  }

  /** Names the file that is written: each time another one, because that of a child that died may still be there. */
  #withPartial(id: number, ask: Ask): Ask {
    if (ask.way.as !== 'file') {
      return ask;
    }
    const { dir, base } = path.parse(ask.way.file);
    const partial = path.join(dir, `.${base}.${randomUUID().slice(0, 8)}.partial`);
    this.#partials.set(id, partial);
    return { ...ask, way: { ...ask.way, partial } };
  }

  /** Removes what a child that is gone was writing. */
  async #dropPartials(): Promise<void> {
    const left = [...this.#partials.values()];
    this.#partials.clear();
    await Promise.all(left.map((partial) => rm(partial, { force: true, maxRetries: 3 }).catch(() => undefined)));
  }

  #start(): void {
    if (this.#child !== undefined) {
      return;
    }
    this.#ready = false;
    const { childModule, memoryLimit, threads = 2 } = this.#options;
    const child = startChild(
      childModule,
      { memoryLimit, threads, scratch: this.#scratch, scratchLimit: this.scratchLimit },
      {
        onMessage: (message) => this.#child === child && this.#take(message),
        onEnd: (how) => this.#child === child && this.#died(how),
      },
    );
    this.#child = child;
    void dropDeadScratch(this.#options.scratch);
  }

  #take(message: FromChild): void {
    switch (message.is) {
      case 'ready':
        this.#ready = true;
        this.#failedStarts = 0;
        for (const { resolve } of this.#expecting) {
          resolve();
        }
        this.#expecting.clear();
        this.#sendWaiting();
        break;
      case 'missing': {
        this.#missing = missing(message.why);
        const child = this.#child;
        this.#child = undefined;
        this.#failAll(this.#missing);
        void child?.end();
        break;
      }
      case 'batch':
        this.#open.get(message.id)?.onBatch?.(message.batch);
        break;
      case 'done':
        this.#partials.delete(message.id);
        this.#open.get(message.id)?.onDone(message);
        break;
      case 'failed':
        this.#partials.delete(message.id);
        this.#open.get(message.id)?.onFailed(new EngineError(message.kind, message.message));
        break;
      case 'pong':
    }
  }

  #died(how: string): void {
    const wasReady = this.#ready;
    void this.#dropPartials();
    void dropSpills(this.#scratch, this.#child?.pid);
    this.#child = undefined;
    this.#ready = false;
    this.#deaths++;
    this.#options.onDeath?.(how);
    if (!wasReady && ++this.#failedStarts >= STARTS) {
      this.#failedStarts = 0;
      this.#failAll(new EngineError('died', `The engine could not be started (${how}).`));
      return;
    }
    for (const open of [...this.#open.values()]) {
      if (open.sent) {
        open.sent = false;
        open.deaths++;
        if (open.deaths > DEATHS_ALLOWED) {
          open.onFailed(new EngineError('died', KILLER));
        } else if (open.begun) {
          open.onFailed(new EngineError('cut', 'The engine ended in the middle of the answer; ask again.'));
        }
      }
    }
    if (this.#open.size + this.#expecting.size > 0 && !this.#closed) {
      this.#start();
    }
  }

  #failAll(error: Error): void {
    for (const open of [...this.#open.values()]) {
      open.onFailed(error);
    }
    for (const { reject } of this.#expecting) {
      reject(error);
    }
    this.#expecting.clear();
  }
}

function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException('The question was cancelled.', 'AbortError');
}

function missing(why: string): EngineMissing {
  const platform = `${process.platform}-${process.arch}`;
  const absent = /Cannot find (module|package)|unsupported arch|MODULE_NOT_FOUND/i.test(why);
  return new EngineMissing(
    absent
      ? `This package of the extension has no engine for ${platform}; install the package that is made for it to use ${NEEDS_ENGINE}: everything else works.`
      : `The engine, without which ${NEEDS_ENGINE} do not work, cannot be loaded on ${platform}: ${why.split('\n')[0]?.slice(0, 300)}.`,
    { cause: why },
  );
}

/** What a child let DuckDB spill stays when it dies. */
async function dropSpills(scratch: string, pid: number | undefined): Promise<void> {
  const names = pid === undefined ? [] : await readdir(scratch).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(spillsOf(pid ?? 0)))) {
    await rm(path.join(scratch, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

/** Folders of engines whose program is gone are removed by the next one. */
async function dropDeadScratch(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch(() => undefined);
  await removeLeft(folder, (name) => (name.startsWith(SCRATCH) ? name.slice(SCRATCH.length) : ''));
}
