import { createHash } from 'node:crypto';
import path from 'node:path';
import type { FileFacts } from '../records/fileFacts.ts';
import { isTextFormat } from '../records/fileFormats.ts';
import { documentTail } from '../usage/documentParts.ts';
import { type Period, type PeriodState, periodState } from '../usage/period.ts';
import type { ExportSource } from '../usage/plan/exportSource.ts';
import type { Plan } from '../usage/plan/plan.ts';
import { AppendFile } from './appendFile.ts';
import type { JobAssembly } from './jobAssembly.ts';
import type { ExportRequest } from './jobTypes.ts';
import type { Manifest } from './manifest.ts';
import { partialOf } from './publish.ts';
import type { ExportRows } from './rowSettings.ts';

interface FinishOptions {
  job: string;
  request: ExportRequest;
  plan: Plan;
  rows: ExportRows;
  assembly: JobAssembly;
  /** Where the rows of a table wait for it. */
  spool: string;
  producedBy: Manifest['producedBy'];
  now: number;
  signal: AbortSignal;
}

/** The bytes of the file, and remarks on what it cannot hold as it was sent. */
interface Finished {
  bytes: number;
  sha256: string;
  notes?: readonly string[];
}

/**
 * Completes the file under the name that it has until it is published; all rows are there.
 *
 * @returns the manifest of it
 * @throws Error with a sentence for the user; the signal's reason
 */
export async function finishJob(options: FinishOptions): Promise<Manifest> {
  const { request, assembly, rows } = options;
  const text = await assembly.finish((hasRows) => documentTail(rows.format, hasRows));
  const { format } = request.target;
  return manifestFor(options, isTextFormat(format) ? text : await convertRows(options, format));
}

/** The rows as a table. A crash in between begins it anew: the rows are there. */
async function convertRows(
  { request, plan, rows, assembly, spool, producedBy, now, signal }: FinishOptions,
  format: 'parquet' | 'xlsx',
): Promise<Finished> {
  const { convert } = await import('../records/convert.ts');
  const file = partialOf(request.target.file);
  const hash = createHash('sha256');
  const target = await AppendFile.open(file, 0);
  if (target === undefined) {
    throw new Error(`file: '${file}' changed while it was opened.`);
  }
  try {
    const { summary } = assembly;
    const period = periodOf(request.source);
    const state = stateOf(request.source, plan, now);
    const facts: FileFacts = {
      // A title is made of names.
      title: request.target.shareSafe === true ? 'Export' : request.title,
      source: plan.source,
      ...(period === undefined ? {} : { period: `${period.from} to ${period.to}` }),
      producedBy,
      totals: summary.sums.result(),
      ...(state === undefined || state === 'closed' ? {} : { more: [['Figures', STILL[state]]] }),
    };
    const report = await convert(
      { file: spool, columns: rows.columns(assembly.shape) },
      format,
      {
        write: async (chunk) => {
          hash.update(chunk);
          await target.append(chunk);
        },
      },
      { facts, rows: summary.rows, signal },
    );
    if (report.rows !== summary.rows) {
      throw new Error(
        `file: '${spool}' holds ${report.rows} rows and not ${summary.rows}: it was changed; export anew.`,
      );
    }
    await target.sync();
    return { bytes: target.length, sha256: hash.digest('hex'), notes: report.notes };
  } finally {
    await target.close();
  }
}

function manifestFor(
  { job, request, plan, assembly, producedBy, now }: FinishOptions,
  { bytes, sha256, notes = [] }: Finished,
): Manifest {
  const { target, source } = request;
  const { summary } = assembly;
  const period = periodOf(source);
  const state = stateOf(source, plan, now);
  const [first, last] = summary.fetched ?? [asOf(plan, now), asOf(plan, now)];
  return {
    manifestVersion: 1,
    file: path.basename(target.file),
    format: target.format,
    bytes,
    sha256,
    complete: true,
    rows: summary.rows,
    rowsWithoutCost: summary.sums.withoutCost,
    ...(summary.leftOut === 0 ? {} : { rowsLeftOut: summary.leftOut }),
    totals: summary.sums.result(),
    totalsByDay: summary.sums.days(),
    columns: target.columns ?? 'service',
    shareSafe: target.shareSafe === true,
    source: plan.source,
    ...(plan.why === undefined ? {} : { why: plan.why }),
    ...(period === undefined ? {} : { period }),
    ...(state === undefined ? {} : { periodState: state }),
    ...('start' in source ? { window: { start: source.start, end: source.end } } : {}),
    ...(target.shareSafe === true ? {} : openFacts(source, plan, assembly)),
    ...(notes.length === 0 ? {} : { notes }),
    pages: summary.pages,
    fetchedAt: { first: new Date(first).toISOString(), last: new Date(last).toISOString() },
    ...(plan.asOf === undefined ? {} : { asOf: plan.asOf }),
    job,
    producedBy,
  };
}

/** What tells whose rows they are, or may: names of fields can be anything. */
function openFacts(
  source: ExportSource,
  plan: Plan,
  { summary }: JobAssembly,
): Pick<Manifest, 'scopes' | 'unknownFields' | 'requestIds'> {
  const scopes = 'scopes' in source ? source.scopes : scopesOf(plan);
  return {
    ...(scopes.length === 0 ? {} : { scopes }),
    unknownFields: [...summary.unknownFields].sort(),
    requestIds: summary.requestIds,
  };
}

/** The scopes of the pieces, each once. */
function scopesOf({ pieces }: Plan): readonly { scope: string; label?: string }[] {
  return [...new Map(pieces.flatMap(({ scope }) => (scope === undefined ? [] : [[scope.scope, scope]]))).values()];
}

/** The days that an export is about, both included, where it has such. */
function periodOf(source: ExportSource): Period | undefined {
  return 'period' in source && typeof source.period === 'object' ? source.period : undefined;
}

const STILL: Readonly<Record<Exclude<PeriodState, 'closed'>, string>> = {
  open: 'so far: the period goes on and they will change',
  settling: 'so far: late usage may arrive until the 5th',
};

/** When the rows were fetched, milliseconds since 1970. */
function asOf(plan: Pick<Plan, 'asOf'>, now: number): number {
  return plan.asOf === undefined ? now : Date.parse(plan.asOf);
}

/**
 * Whether rows may still come and change, or have since they were fetched; undefined where nobody can tell.
 */
function stateOf(source: ExportSource, plan: Pick<Plan, 'asOf'>, now: number): PeriodState | undefined {
  const period = periodOf(source);
  if (period !== undefined) {
    return periodState(period, new Date(asOf(plan, now)));
  }
  switch (source.kind) {
    case 'usageRecords':
      return 'open';
    case 'ratedUsage':
    case 'lineItems':
      return 'invoice' in source && source.invoice !== undefined ? 'closed' : 'open';
    case 'usageDetails':
      return source.scopes.every(({ scope }) => /\/invoices\//i.test(scope)) ? 'closed' : 'open';
    default:
      return undefined;
  }
}
