import * as v from 'valibot';
import type { Call, SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import type { PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath, getOne, listOf, type Query } from './armClient.ts';
import { deleteResource } from './deleteResource.ts';
import { checkExport, checkExportPeriod, type ExportPeriod } from './exportRules.ts';
import { isMissing, refuseProblems } from './problems.ts';
import { type CostScope, nameSegment, scopePath } from './scope.ts';
import { writeWithETag } from './staleETag.ts';
import { optionalText, resource } from './wire.ts';

const run = v.looseObject({
  /** `…/exports/{name}/Run/{guid}`. */
  id: optionalText,
  name: optionalText,
  properties: v.looseObject({
    /** OnDemand, Scheduled. */
    executionType: optionalText,
    /** Queued, InProgress, Completed, Failed, Timeout, NewDataNotAvailable, DataNotAvailable: see `exportRunState`. */
    status: optionalText,
    /** A mail address, or `System`. */
    submittedBy: optionalText,
    /** Date-times, UTC. */
    submittedTime: optionalText,
    processingStartTime: optionalText,
    processingEndTime: optionalText,
    /** Paths in the container; `manifestFile` is absent in the seed version. */
    fileName: optionalText,
    manifestFile: optionalText,
    /** First and last day, inclusive; absent in the seed version. */
    startDate: optionalText,
    endDate: optionalText,
    error: v.nullish(v.looseObject({ code: optionalText, message: optionalText })),
  }),
});

/** One run of an export. */
export type ExportRun = v.InferOutput<typeof run>;

const costExport = v.looseObject({
  ...resource,
  /** A text with quotes inside it; goes back in an update as it is. */
  eTag: optionalText,
  properties: v.looseObject({
    /** Csv, Parquet. */
    format: optionalText,
    schedule: v.nullish(v.looseObject({ status: optionalText, recurrence: optionalText })),
    deliveryInfo: v.nullish(
      v.looseObject({
        destination: v.nullish(
          v.looseObject({ resourceId: optionalText, container: optionalText, rootFolderPath: optionalText }),
        ),
      }),
    ),
    definition: v.nullish(v.looseObject({ type: optionalText, timeframe: optionalText })),
    nextRunTimeEstimate: optionalText,
    /** Newest first; only where it was asked for. */
    runHistory: v.nullish(v.looseObject({ value: v.nullish(v.array(run)) })),
  }),
});

/** A scheduled or one-time export to a storage account (REST reference: Cost Management, Exports). */
export type CostExport = v.InferOutput<typeof costExport>;

export interface ExportQuery {
  /**
   * Also the last run of each export of a list, or the last ten of a single one. The seed version has no such option:
   * there use {@link listExportRuns}.
   */
  withRuns?: boolean;
}

/** The exports of a scope. */
export function listExports(arm: ArmClient, scope: CostScope, query: ExportQuery = {}): PageWalk<CostExport[]> {
  const address = armPath(arm, 'exports', exportsPath(scope), expand(arm, query));
  return listOf(arm, { operation: 'List exports', method: 'GET', address }, costExport);
}

/** One export by its name. */
export function getExport(
  arm: ArmClient,
  scope: CostScope,
  name: string,
  query: ExportQuery = {},
  options?: SendOptions,
): Promise<CostExport> {
  const address = armPath(arm, 'exports', exportPath(scope, name), expand(arm, query));
  return getOne(arm, { operation: 'Get the export', method: 'GET', address }, costExport, options);
}

/** The runs of an export. */
export function listExportRuns(arm: ArmClient, scope: CostScope, name: string): PageWalk<ExportRun[]> {
  const address = armPath(arm, 'exports', `${exportPath(scope, name)}/runHistory`);
  return listOf(arm, { operation: 'List runs of the export', method: 'GET', address }, run);
}

/**
 * Creates an export; the body is sent as it is (REST reference: Exports - Create Or Update). It has no eTag, so that an
 * export of the same name is not overwritten.
 *
 * @throws BillingError of kind `argument` for what `checkExport` finds; StaleETagError when one of this name exists
 */
export async function createExport(
  arm: ArmClient,
  scope: CostScope,
  name: string,
  body: Readonly<Record<string, unknown>>,
  options?: SendOptions,
): Promise<CostExport> {
  if (!isMissing(body.eTag)) {
    throw new BillingError('argument', 'eTag: a new export has none.', {
      advice: 'Remove it, or update the export instead.',
    });
  }
  return put(arm, scope, name, body, 'Create the export', options);
}

/**
 * Writes a changed export; the body is sent as it is, with the `eTag` of the export that was read.
 *
 * @throws BillingError of kind `argument`; StaleETagError when the export was changed since
 */
export async function updateExport(
  arm: ArmClient,
  scope: CostScope,
  name: string,
  body: Readonly<Record<string, unknown>>,
  options?: SendOptions,
): Promise<CostExport> {
  if (typeof body.eTag !== 'string' || body.eTag === '') {
    throw new BillingError('argument', 'eTag: is missing.', { advice: 'Read the export again and use its eTag.' });
  }
  return put(arm, scope, name, body, 'Update the export', options);
}

function put(
  arm: ArmClient,
  scope: CostScope,
  name: string,
  body: Readonly<Record<string, unknown>>,
  operation: string,
  options: SendOptions | undefined,
): Promise<CostExport> {
  refuseProblems(checkExport(body, { scope, versions: arm.versions, name }));
  const address = armPath(arm, 'exports', exportPath(scope, name));
  // Not repeatable: after a lost answer the eTag is old, and the repetition would tell of somebody else's change.
  const call: Call = { operation, method: 'PUT', address, body, repeatable: false };
  return writeWithETag(getOne(arm, call, costExport, options));
}

/**
 * Starts a run now (REST reference: Exports - Execute). The run is seen in {@link listExportRuns} and takes hours.
 *
 * @param period days of the past, at most a month; not in the seed version. Left out, the export's own period
 */
export async function runExport(
  arm: ArmClient,
  scope: CostScope,
  name: string,
  period?: ExportPeriod,
  options?: SendOptions,
): Promise<void> {
  const call: Call = {
    operation: 'Run the export',
    method: 'POST',
    address: armPath(arm, 'exports', `${exportPath(scope, name)}/run`),
  };
  if (period !== undefined) {
    refuseProblems(checkExportPeriod('timePeriod', period, arm.versions));
    if (arm.versions === 'seed') {
      throw new BillingError('argument', 'timePeriod: this version runs an export for its own period only.', {
        advice: 'Leave it out, or use the newest version.',
      });
    }
  }
  const body = period === undefined ? {} : { body: { timePeriod: period } };
  await arm.http.send({ ...call, ...body }, () => undefined, options);
}

/** Deletes an export; its files stay in the storage account. */
export async function deleteExport(
  arm: ArmClient,
  scope: CostScope,
  name: string,
  options?: SendOptions,
): Promise<void> {
  const address = armPath(arm, 'exports', exportPath(scope, name));
  await deleteResource(arm, { operation: 'Delete the export', method: 'DELETE', address }, options);
}

/** `unknown` for a word that is not known: ask again, or show it. */
export type ExportRunState = 'running' | 'completed' | 'noData' | 'failed' | 'unknown';

const STATES: ReadonlyMap<string, ExportRunState> = new Map([
  ['queued', 'running'],
  ['inprogress', 'running'],
  ['completed', 'completed'],
  ['newdatanotavailable', 'noData'],
  ['datanotavailable', 'noData'],
  ['failed', 'failed'],
  ['timeout', 'failed'],
]);

/** What the status of a run means. */
export function exportRunState({ properties }: ExportRun): ExportRunState {
  return STATES.get((properties.status ?? '').toLowerCase()) ?? 'unknown';
}

function expand(arm: ArmClient, { withRuns = false }: ExportQuery): Query {
  return { $expand: withRuns && arm.versions === 'newest' ? 'runHistory' : undefined };
}

function exportsPath(scope: CostScope): string {
  return `${scopePath(scope)}/providers/Microsoft.CostManagement/exports`;
}

function exportPath(scope: CostScope, name: string): string {
  return `${exportsPath(scope)}/${nameSegment('name', name)}`;
}
