import * as v from 'valibot';
import { unexpected } from '../http/body.ts';
import type { Answer, SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import { readOperation } from '../http/longRunning.ts';
import { type ArmClient, armPath, readAs } from './armClient.ts';
import { type Scope, scopePath } from './scope.ts';
import { optionalText } from './wire.ts';

const download = v.looseObject({
  /** A storage address with a signature in it: fetched without a token, shown to nobody. */
  downloadUrl: optionalText,
  /** UTC. */
  validTill: optionalText,
});

const operation = v.looseObject({
  id: optionalText,
  name: optionalText,
  type: optionalText,
  /** Queued, InProgress, ReadyToDownload, Completed, NoDataFound, Failed, TimedOut; absent in results. */
  status: optionalText,
  properties: v.nullish(download),
  /** The code is `"0"` and the message null when nothing is wrong. */
  error: v.nullish(v.looseObject({ code: optionalText, message: optionalText })),
});

/** A report of the predecessor of Cost Details, or how far it is. */
export type DetailedCostReport = v.InferOutput<typeof operation>;

export interface DetailedCostRequest {
  metric?: 'ActualCost' | 'AmortizedCost';
  /** First and last day, inclusive, `YYYY-MM-DD`, UTC. */
  timePeriod?: { start: string; end: string };
  billingPeriod?: string;
  invoiceId?: string;
  /** Goes with invoiceId. */
  customerId?: string;
}

const OPERATION = 'Generate detailed cost report';

/**
 * The predecessor of Cost Details, one CSV file of at most 2 GB (REST reference: Cost Management, Generate Detailed Cost
 * Report - Create Operation); for services that lack the newer one. Its status words are its own, so its result is
 * awaited through `Location`.
 *
 * @returns undefined when there is no data
 * @throws BillingError; HTTP 413 stands for a file that would be too large
 */
export function generateDetailedCostReport(
  arm: ArmClient,
  scope: Scope,
  request: DetailedCostRequest,
  options?: SendOptions,
): Promise<DetailedCostReport | undefined> {
  const path = `${scopePath(scope)}/providers/Microsoft.CostManagement/generateDetailedCostReport`;
  const address = armPath(arm, 'costDetails', path);
  const quota = { area: 'costDetails', scope: scopePath(scope).toLowerCase() } as const;
  const call = { operation: OPERATION, method: 'POST', address, body: request, repeatable: true, quota } as const;
  return readOperation(arm.http, call, readResult, { ...options, preferLocation: true });
}

/** Waits for a report by its `operationResults` link. */
export function resumeDetailedCostReport(
  arm: ArmClient,
  address: string,
  options?: SendOptions,
): Promise<DetailedCostReport | undefined> {
  const call = { operation: OPERATION, method: 'GET', address } as const;
  return readOperation(arm.http, call, readResult, { ...options, preferLocation: true });
}

/** How far a report is, by its `operationStatus` link; asks once. */
export function getDetailedCostReportStatus(
  arm: ArmClient,
  address: string,
  options?: SendOptions,
): Promise<DetailedCostReport> {
  const call = { operation: OPERATION, method: 'GET', address } as const;
  const read = (answer: Answer): DetailedCostReport => {
    const report = readAs(operation, answer);
    if (!report.status) {
      throw unexpected(answer, 'the answer does not tell the status of the report.');
    }
    return report;
  };
  return arm.http.send(call, read, options);
}

function readResult(answer: Answer): DetailedCostReport | undefined {
  if (answer.status === 204) {
    return undefined;
  }
  const body = readAs(operation, answer);
  const status = body.status?.toLowerCase();
  if (status === 'nodatafound') {
    return undefined;
  }
  if (status === 'failed' || status === 'timedout') {
    const { requestId, correlationId } = answer;
    const said = body.error?.message ? `: ${body.error.message.replace(/\.?$/, '.')}` : '.';
    throw new BillingError('refused', `the report ended as ${body.status}${said}`, {
      code: body.error?.code ?? undefined,
      status: answer.status,
      requestId,
      correlationId,
    });
  }
  if (!body.properties?.downloadUrl) {
    throw unexpected(answer, 'the report names no file.');
  }
  return body;
}
