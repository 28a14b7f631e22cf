import * as v from 'valibot';
import { unexpected } from '../http/body.ts';
import type { Answer, Call } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import { type OperationOptions, readOperation } from '../http/longRunning.ts';
import { type ArmClient, armPath, readAs } from './armClient.ts';
import { type CostDetailsRequest, checkCostDetails } from './costDetailsRules.ts';
import { type Scope, scopePath } from './scope.ts';
import { optionalText, wireNumber } from './wire.ts';

const blob = v.looseObject({
  /** A storage address with a signature in it: fetched without a token, shown to nobody. */
  blobLink: v.string(),
  /** Bytes. */
  byteCount: v.nullish(wireNumber),
});

const report = v.looseObject({
  /** `…/costDetailsOperationResults/{id}` or `…/operationResults/{id}`, with or without the leading slash. */
  id: optionalText,
  name: optionalText,
  /** Completed, NoDataFound, Failed. */
  status: optionalText,
  manifest: v.nullish(
    v.looseObject({
      manifestVersion: optionalText,
      /** Csv. */
      dataFormat: optionalText,
      /** Bytes of all blobs. */
      byteCount: v.nullish(wireNumber),
      blobCount: v.nullish(wireNumber),
      /** Whether the blobs are gzip; false today. */
      compressData: v.nullish(v.boolean()),
      blobs: v.nullish(v.array(blob)),
    }),
  ),
  /** Until when the blobs can be fetched, UTC. */
  validTill: optionalText,
  error: v.nullish(v.looseObject({ code: optionalText, message: optionalText })),
});

/** The answer of the service as it came. */
export type CostDetailsAnswer = v.InferOutput<typeof report>;

/** One part of the report: a CSV file with a header row of its own. */
export type CostDetailsBlob = v.InferOutput<typeof blob>;

/** A report that is ready: all its parts, none when there is no data for the request. */
export interface CostDetailsReport {
  blobs: readonly CostDetailsBlob[];
  /** Absent when the service said with HTTP 204 that there is no data. */
  answer?: CostDetailsAnswer;
}

/** `onLink` tells where the report is asked about: all that {@link resumeCostDetails} needs. */
export type ReportOptions = Pick<OperationOptions, 'signal' | 'onWait' | 'priority' | 'onLink'>;

const OPERATION = 'Generate cost details report';

/**
 * Has the service write a Cost Details report and waits for it (REST reference: Cost Management, Generate Cost Details Report -
 * Create Operation). Meant for up to 2 GB; larger ones belong into an export. The same request within four hours brings the
 * same data, so repeating it costs nothing but quota.
 *
 * @param today the current day, `YYYY-MM-DD`, UTC
 * @throws BillingError of kind `argument` when the request breaks a rule of `checkCostDetails`; `refused` when the report
 *   ended Failed; `malformed` when the manifest does not hold what it counts
 */
export async function generateCostDetails(
  arm: ArmClient,
  scope: Scope,
  request: CostDetailsRequest,
  today: string,
  options?: ReportOptions,
): Promise<CostDetailsReport> {
  checkCostDetails(scope, request, today);
  const path = `${scopePath(scope)}/providers/Microsoft.CostManagement/generateCostDetailsReport`;
  const address = armPath(arm, 'costDetails', path);
  const quota = { area: 'costDetails', scope: scopePath(scope).toLowerCase() } as const;
  // Repeatable: it prepares a download and changes nothing.
  return follow(arm, { method: 'POST', address, body: bodyOf(request), repeatable: true, quota }, options);
}

/**
 * Waits for a report that was asked for before (REST reference: Generate Cost Details Report - Get Operation Results).
 *
 * @param address the operation's link as the service gave it, or the `id` of its answer
 */
export function resumeCostDetails(
  arm: ArmClient,
  address: string,
  options?: ReportOptions,
): Promise<CostDetailsReport> {
  const own = /^\/?(providers|subscriptions)\//i.test(address);
  const path = own && !address.includes('?') ? armPath(arm, 'costDetails', `/${address.replace(/^\//, '')}`) : address;
  return follow(arm, { method: 'GET', address: path }, options);
}

function follow(arm: ArmClient, call: Omit<Call, 'operation'>, options?: ReportOptions): Promise<CostDetailsReport> {
  return readOperation(arm.http, { operation: OPERATION, ...call }, readReport, { ...options, preferLocation: true });
}

/** Only the members that the service knows: it refuses others. */
function bodyOf({ metric, timePeriod, invoiceId, billingPeriod }: CostDetailsRequest): CostDetailsRequest {
  return {
    ...(metric === undefined ? {} : { metric }),
    ...(timePeriod === undefined ? {} : { timePeriod: { start: timePeriod.start, end: timePeriod.end } }),
    ...(invoiceId === undefined ? {} : { invoiceId }),
    ...(billingPeriod === undefined ? {} : { billingPeriod }),
  };
}

function readReport(answer: Answer): CostDetailsReport {
  if (answer.status === 204) {
    return { blobs: [] };
  }
  const body = readAs(report, answer);
  const status = body.status?.toLowerCase();
  if (status === 'failed') {
    throw failed(answer, body);
  }
  if (status === 'nodatafound') {
    return { blobs: [], answer: body };
  }
  const blobs = body.manifest?.blobs;
  if (!blobs) {
    throw unexpected(answer, `the report ended as '${body.status ?? ''}' and names no files.`);
  }
  const count = body.manifest?.blobCount;
  if (count !== undefined && count !== null && Number(count) !== blobs.length) {
    throw unexpected(answer, `the report counts ${count} files and names ${blobs.length}.`);
  }
  return { blobs, answer: body };
}

function failed(answer: Answer, { error }: CostDetailsAnswer): BillingError {
  const { status, requestId, correlationId } = answer;
  const said = error?.message ? `: ${error.message.replace(/\.?$/, '.')}` : '.';
  return new BillingError('refused', `the service could not write the report${said}`, {
    code: error?.code ?? undefined,
    status,
    requestId,
    correlationId,
    advice: 'Try a shorter period; very large reports need an export.',
  });
}
