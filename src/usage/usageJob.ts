import { listUsageDetails } from '../api/arm/usageDetails.ts';
import { apiVersion } from '../api/arm/versions.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import type { Page, PageWalk } from '../api/http/paging.ts';
import type { Sink } from '../records/output.ts';
import { estimateReports, estimateWalk, isBetter, MANY_CALLS, tooSlowText, type UsageEstimate } from './estimate.ts';
import { pageDays } from './pageDays.ts';
import { PagesDocument } from './pagesDocument.ts';
import { type ReportRequest, reasonToReplace, replacementFor } from './replacement.ts';
import { usageDetailsQuery } from './usageDetailsQuery.ts';
import { writeReports } from './writeReports.ts';
import type { UsageReport, UsageRequest, WriteOptions } from './writeUsage.ts';

/** Cost Details in place of usage details: why, and what failed before, if it did. */
interface Replacement {
  reports: readonly ReportRequest[];
  why: string;
  refusal?: unknown;
}

/**
 * From a scope and a period to one complete stream of records. A job begins with the first page of usage details; then it knows
 * what the whole takes, and its source:
 *
 * - usage details, as long as they know the scope and do not take very many calls;
 * - otherwise Cost Details, from the beginning. Its columns are those of the service's cost files.
 */
export class UsageJob {
  readonly #request: UsageRequest;
  readonly #walk: PageWalk<Uint8Array>;
  readonly #today: string;
  #first: Page<Uint8Array> | undefined;
  #replacement: Replacement | undefined;
  #estimate: UsageEstimate = { calls: 1, seconds: 0, known: false, source: 'usageDetails', why: undefined };
  /** Whether usage details have shown a row. */
  #hasRows = false;

  private constructor(request: UsageRequest) {
    this.#request = request;
    this.#walk = listUsageDetails(request.arm, usageDetailsQuery(request));
    this.#today = new Date(request.arm.http.clock.now()).toISOString().slice(0, 10);
  }

  /**
   * Fetches the first page and chooses the source.
   *
   * @throws BillingError when the request is wrong, or when usage details fail and nothing can take their place
   */
  static async begin(request: UsageRequest, options: SendOptions = {}): Promise<UsageJob> {
    if (request.scope.kind === 'invoice' && request.period !== undefined) {
      throw new BillingError('argument', 'period: an invoice has its own period.', { advice: 'Leave the period out.' });
    }
    const job = new UsageJob(request);
    const { clock } = request.arm.http;
    const started = clock.now();
    try {
      job.#first = await job.#walk.nextPage(options);
    } catch (error) {
      job.#take(await job.#replacementAfter(error, options));
      return job;
    }
    await job.#compare((clock.now() - started) / 1000, options);
    return job;
  }

  /** What the whole job takes, what it took so far included. */
  get estimate(): UsageEstimate {
    return this.#estimate;
  }

  #take(replacement: Replacement): void {
    this.#replacement = replacement;
    this.#estimate = estimateReports(replacement.reports.length, replacement.why);
  }

  /** Estimates the walk that was begun, and takes Cost Details where they are better. */
  async #compare(seconds: number, options: SendOptions): Promise<void> {
    const days = pageDays(this.#first?.value ?? new Uint8Array());
    this.#hasRows = days.rows > 0;
    this.#estimate = estimateWalk(days, this.#request.period, this.#today, seconds, this.#walk.more);
    const why = tooSlowText(this.#estimate);
    const isWorthIt = (reports: number) => isBetter(estimateReports(reports, why), this.#estimate);
    // One report is the least there can be: most jobs need no further thought.
    if (isWorthIt(1)) {
      const reports = await this.#reports(options);
      if (reports !== undefined && isWorthIt(reports.length)) {
        this.#take({ reports, why });
      }
    }
  }

  #reports(options: SendOptions): Promise<ReportRequest[] | undefined> {
    return replacementFor(this.#request, this.#today, options);
  }

  /** @throws the error itself when it says nothing about usage details, or nothing can take their place */
  async #replacementAfter(error: unknown, options: SendOptions): Promise<Replacement> {
    const why = reasonToReplace(error);
    const reports = why === undefined ? undefined : await this.#reports(options);
    if (why === undefined || reports === undefined) {
      throw error;
    }
    return { reports, why, refusal: error };
  }

  /**
   * Writes all records to a sink; to be called once. Memory holds a page or a chunk, not the rows.
   *
   * @throws BillingError when any part fails for good; the sink then holds a part that must not be shown as the whole
   */
  async write(sink: Sink, options: WriteOptions = {}): Promise<UsageReport> {
    if (this.#replacement !== undefined) {
      return this.#writeReports(this.#replacement, sink, options);
    }
    const outcome = await this.#writePages(sink, options);
    if (!('reports' in outcome)) {
      return outcome;
    }
    await sink.restart?.();
    return this.#writeReports(outcome, sink, options);
  }

  /** The report, or what should take over from the beginning. */
  async #writePages(sink: Sink, options: WriteOptions): Promise<UsageReport | Replacement> {
    const document = new PagesDocument(this.#request.format, sink, this.#request.only);
    const requestIds: string[] = [];
    let fetchedAt = new Date(this.#request.arm.http.clock.now());
    let page = this.#first;
    this.#first = undefined;
    while (page !== undefined) {
      await document.page(page.value);
      fetchedAt = page.answer.receivedAt;
      if (page.answer.requestId !== undefined) {
        requestIds.push(page.answer.requestId);
      }
      options.onProgress?.({ rows: document.rows, pages: page.number, source: 'usageDetails' });
      const next = await this.#nextPage(page.number, document.bytes === 0 || sink.restart !== undefined, options);
      if (next !== undefined && 'reports' in next) {
        return next;
      }
      page = next;
    }
    await document.end();
    const { rows, leftOut, bytes, totals, rowsWithoutCost, unknownFields } = document;
    const source = `Usage Details ${apiVersion('usageDetails', this.#request.arm.versions)}`;
    return {
      rows,
      ...(leftOut === 0 ? {} : { leftOut }),
      pages: this.#walk.pages,
      bytes,
      totals,
      rowsWithoutCost,
      requestIds,
      fetchedAt,
      source,
      unknownFields,
    };
  }

  /** The next page, nothing behind the last one, or what should take over: the walk does not get through, or finds no end. */
  async #nextPage(
    read: number,
    canStartAnew: boolean,
    options: SendOptions,
  ): Promise<Page<Uint8Array> | Replacement | undefined> {
    // Nobody knows how long it goes on. Once it has cost what reports cost, it may well cost as much again.
    if (read === MANY_CALLS && !this.#estimate.known && this.#walk.more && canStartAnew) {
      const why = `usage details had not ended after ${MANY_CALLS} calls`;
      const reports = await this.#reports(options);
      if (reports !== undefined && estimateReports(reports.length, why).calls <= MANY_CALLS) {
        return { reports, why };
      }
    }
    try {
      return await this.#walk.nextPage(options);
    } catch (error) {
      if (!canStartAnew) {
        throw error;
      }
      return this.#replacementAfter(error, options);
    }
  }

  async #writeReports({ reports, why, refusal }: Replacement, sink: Sink, options: WriteOptions): Promise<UsageReport> {
    const { arm, format, only } = this.#request;
    try {
      const { document, files, reportIds } = await writeReports({ arm, format, sink, only }, reports, this.#today, {
        ...options,
        onProgress: (rows, pages) => options.onProgress?.({ rows, pages, source: 'costDetails' }),
      });
      const { rows, leftOut, bytes, totals, rowsWithoutCost } = document;
      if (rows + leftOut === 0 && this.#hasRows) {
        throw new BillingError('malformed', 'Cost details have no rows where usage details have some.', {
          advice: 'Data may still be on its way: try again later, or choose a shorter period.',
        });
      }
      return {
        rows,
        ...(leftOut === 0 ? {} : { leftOut }),
        pages: files,
        bytes,
        totals,
        rowsWithoutCost,
        requestIds: reportIds,
        fetchedAt: new Date(arm.http.clock.now()),
        source: `Cost Details ${apiVersion('costDetails', arm.versions)}`,
        why,
        unknownFields: [],
      };
    } catch (error) {
      throw error instanceof BillingError ? bothFailed(error, why, refusal) : error;
    }
  }
}

/** Neither source brought the rows: the error tells of both. */
function bothFailed(error: BillingError, why: string, refusal: unknown): BillingError {
  const before = refusal instanceof BillingError ? refusal.message : `Cost details were asked for because ${why}.`;
  return new BillingError(error.kind, `${error.message} ${before}`, {
    ...error,
    advice: error.advice ?? 'Choose a shorter period.',
    cause: error,
  });
}
