import * as vscode from 'vscode';
import type { CommandId } from '../contributions.ts';
import { JobCancelled, JobInterrupted } from '../jobs/jobStops.ts';
import type { ExportRequest, ExportResult, ExportTarget, Job, JobSnapshot } from '../jobs/jobTypes.ts';
import { isBig, type UsageEstimate } from '../usage/estimate.ts';
import { describeForLog, explain, isAccessFailure, isCancellation } from '../workbench/failures.ts';
import { withProgress } from '../workbench/progress.ts';
import { plainText } from '../workbench/text.ts';
import { BackedOut } from './ask.ts';
import { askBigExport, type BigExportAnswer } from './askBigExport.ts';
import { askNarrower } from './askSubject.ts';
import { tellSaved } from './downloadJob.ts';
import type { ExportJobs } from './exportJobs.ts';
import type { ExportSubject } from './exportSubject.ts';
import { jobTexts, savedText } from './jobTexts.ts';

/** Nobody is told of the end of an export that a program asked for and that was done within this time. Milliseconds. */
const LONG = 10_000;

/** Runs exports with what a person sees of them: the question before a big one, progress, one word at the end. */
export class ExportRunner {
  readonly #exports: ExportJobs;

  constructor(exports: ExportJobs) {
    this.#exports = exports;
  }

  /**
   * @param byPerson a person can be asked back, and is told; else the caller alone is
   * @returns undefined when it failed and a person was told
   * @throws BackedOut; the failure, where a program asked
   */
  async start(subject: ExportSubject, target: ExportTarget, byPerson: boolean): Promise<ExportResult | undefined> {
    const { connection, title, source, anew } = subject;
    const request = { connection, title, source, target, ...(anew === undefined ? {} : { anew }) };
    return this.#begin(request, byPerson, async () => this.start(await askNarrower(subject), target, byPerson));
  }

  /** The same export into the same file once more. */
  repeat({ request }: JobSnapshot, byPerson: boolean): Promise<ExportResult | undefined> {
    return this.#begin(request, byPerson);
  }

  /** Goes on where a job was left. */
  async resume(id: string, byPerson: boolean): Promise<ExportResult | undefined> {
    return this.#follow(await this.#exports.jobs.resume(id), byPerson, true);
  }

  async #begin(
    request: ExportRequest,
    byPerson: boolean,
    narrow?: () => Promise<ExportResult | undefined>,
  ): Promise<ExportResult | undefined> {
    let answer: BigExportAnswer | undefined;
    const background = Promise.withResolvers<void>();
    const decide = async (estimate: UsageEstimate): Promise<'go' | 'stop'> => {
      if (!isBig(estimate)) {
        return 'go';
      }
      answer = await this.#ask(request, estimate, narrow !== undefined && request.source.kind === 'usageDetails');
      if (answer === 'background') {
        background.resolve();
        this.#reveal(request);
      }
      return answer === 'all' || answer === 'background' ? 'go' : 'stop';
    };
    const job = await this.#exports.jobs.start(request, byPerson ? decide : undefined);
    try {
      return await this.#follow(job, byPerson, false, background.promise);
    } catch (error) {
      if (answer === 'narrow' || answer === 'cancel') {
        // Nothing was done: there is nothing to list.
        await this.#exports.jobs.remove(job.id);
      }
      if (answer !== 'narrow' || narrow === undefined) {
        throw error;
      }
    }
    return narrow();
  }

  /** The question goes away with the job. */
  async #ask(request: ExportRequest, estimate: UsageEstimate, canNarrow: boolean): Promise<BigExportAnswer> {
    const { jobs } = this.#exports;
    const gone = new AbortController();
    const stop = jobs.onDidChange(() => {
      if (!jobs.list().some((job) => job.request === request && job.state === 'asking')) {
        gone.abort();
      }
    });
    try {
      return await askBigExport(request.title, estimate, canNarrow, gone.signal);
    } finally {
      stop();
    }
  }

  async #follow(
    job: Job,
    byPerson: boolean,
    inBackground: boolean,
    background?: Promise<void>,
  ): Promise<ExportResult | undefined> {
    const { parts } = this.#exports;
    const teller = Symbol(job.id);
    this.#exports.tellers.set(job.id, teller);
    const began = Date.now();
    if (byPerson && !inBackground) {
      void this.#showProgress(job, background);
    }
    try {
      const result = await job.done;
      if (this.#exports.tellers.get(job.id) === teller && (byPerson || Date.now() - began > LONG)) {
        this.#tellResult(job.id, result);
      }
      return result;
    } catch (error) {
      if (error instanceof JobCancelled || (byPerson && error instanceof JobInterrupted)) {
        throw new BackedOut();
      }
      if (!byPerson) {
        throw error;
      }
      parts.log.error(`Export ${job.id}: ${describeForLog(error)}`);
      if (this.#exports.tellers.get(job.id) === teller) {
        void this.#tellFailure(job.id, error);
      }
      return undefined;
    }
  }

  /** Figures that were kept say how old they are, with a way to newer ones. */
  #tellResult(id: string, result: ExportResult): void {
    const request = this.#exports.jobs.get(id)?.request;
    const ways =
      result.asOf === undefined || request === undefined
        ? []
        : [{ label: 'Fetch Again', run: () => this.#fetchAgain(request) }];
    tellSaved(savedText(result, vscode.env.language), result.file, false, ways);
  }

  /** The same from the service, whatever is kept. */
  async #fetchAgain(request: ExportRequest): Promise<void> {
    try {
      await this.#begin({ ...request, anew: true }, true);
    } catch (error) {
      if (!isCancellation(error)) {
        this.#exports.parts.log.error(`Export: ${describeForLog(error)}`);
        void vscode.window.showErrorMessage(plainText(`${request.title}: ${explain(error)}`));
      }
    }
  }

  /** Until the job is done, paused or in the background. A question is enough by itself: while it is open there is no progress. */
  async #showProgress(job: Job, background: Promise<void> = new Promise(() => {})): Promise<void> {
    const { jobs } = this.#exports;
    let over = false;
    const leave = () => {
      over = true;
    };
    const end = Promise.race([job.done.then(leave, leave), background.then(leave)]);
    const state = () => (over ? undefined : jobs.get(job.id)?.state);
    while (state() !== undefined && state() !== 'paused') {
      await this.#reportProgress(job, end);
      await this.#until(() => state() !== 'asking', end);
    }
  }

  /** Until the job ends, is paused, or a person is asked. */
  #reportProgress({ id }: Job, end: Promise<void>): Promise<void> {
    const { jobs } = this.#exports;
    return withProgress(jobs.get(id)?.request.title ?? 'Exporting', (report, signal) => {
      signal.addEventListener('abort', () => void jobs.cancel(id));
      return this.#until(() => {
        const now = jobs.get(id);
        if (now === undefined || now.state === 'paused' || now.state === 'asking') {
          return true;
        }
        report(jobTexts(now, Date.now(), vscode.env.language).description);
        return false;
      }, end);
    });
  }

  /** Looks now and after each change of the exports. */
  #until(isSo: () => boolean, end: Promise<void>): Promise<void> {
    if (isSo()) {
      return Promise.resolve();
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = this.#exports.jobs.onDidChange(() => {
      if (isSo()) {
        resolve();
      }
    });
    return Promise.race([promise, end]).finally(stop);
  }

  async #tellFailure(id: string, error: unknown): Promise<void> {
    const { jobs, parts } = this.#exports;
    const failed = jobs.get(id);
    const canResume = failed?.state === 'failed';
    const buttons = [...(canResume ? ['Resume'] : []), ...(isAccessFailure(error) ? ['Explain'] : []), 'Show Log'];
    const title = failed === undefined ? '' : `${failed.request.title}: `;
    const kept = canResume ? ' What was written is kept until you resume or cancel.' : '';
    const answer = await vscode.window.showErrorMessage(plainText(`${title}${explain(error)}${kept}`), ...buttons);
    switch (answer) {
      case 'Resume':
        await this.resume(id, true);
        break;
      case 'Explain': {
        const cause = { error, connection: failed?.request.connection };
        await vscode.commands.executeCommand('azureBilling.explainAccess' satisfies CommandId, cause);
        break;
      }
      case 'Show Log':
        parts.log.show();
        break;
    }
  }

  /** Shows where an export went that leaves the screen. */
  #reveal(request: ExportRequest): void {
    const { jobs, rows, view } = this.#exports;
    const row = rows.find(jobs.list().find((job) => job.request === request)?.id ?? '');
    if (row !== undefined) {
      // The editor refuses when the view was dragged out of sight or hidden: then nobody wants to see it.
      view.view.reveal(row, { select: false, focus: false }).then(undefined, () => {});
    }
  }
}
