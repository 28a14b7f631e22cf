import type { ArmClient } from '../api/arm/armClient.ts';
import type { Scope } from '../api/arm/scope.ts';
import type { UsageMetric } from '../api/arm/usageDetailsRules.ts';
import type { SendOptions } from '../api/http/client.ts';
import type { Format } from '../records/formats.ts';
import type { Sink } from '../records/output.ts';
import type { UsageSource } from './estimate.ts';
import type { Period } from './period.ts';
import type { UsageFilter } from './usageFilter.ts';
import { UsageJob } from './usageJob.ts';

export interface UsageRequest {
  arm: ArmClient;
  scope: Scope;
  /** Not for an invoice: its month is its period. */
  period?: Period | undefined;
  /** What the costs are; left out: actual cost, as the service does. */
  metric?: UsageMetric | undefined;
  /** Which rows are kept; left out: all. All are fetched: the service filters by dates alone. */
  only?: UsageFilter | undefined;
  format: Format;
}

/** Lists of Partner Center, or the exports of Microsoft Graph. */
type PartnerSource = 'partnerCenter' | 'graph';

export interface UsageProgress {
  rows: number;
  /** Pages of a list, or files of a report; 0 while it is not known. */
  pages: number;
  source: UsageSource | PartnerSource;
}

export interface WriteOptions extends SendOptions {
  onProgress?: ((progress: UsageProgress) => void) | undefined;
}

/** What is known of a finished document. There is none of an unfinished one: {@link writeUsage} fails instead. */
export interface UsageReport {
  rows: number;
  /** Rows that came and belong to others: left out because one customer, subscription or group was asked for. */
  leftOut?: number;
  /** Pages of a list, or files of a report. */
  pages: number;
  bytes: number;
  /** Exact cost per billing currency, plain digits; of utilization, quantity per unit. */
  totals: Record<string, string>;
  /** Rows that no total contains, because they have no cost. */
  rowsWithoutCost: number;
  /** `x-ms-request-id` of every page; of Cost Details the ids of the reports, of a billing export that of its operation. */
  requestIds: string[];
  /** When the last of it arrived. */
  fetchedAt: Date;
  /** The call behind it, e.g. `Usage Details 2023-11-01`, `Cost Details 2025-03-01`. */
  source: string;
  /** Why not the usual source, in words that follow "because"; absent for that. */
  why?: string;
  /** Names of fields that no schema knows; their values are in the last column. */
  unknownFields: string[];
}

/**
 * Fetches the usage of a scope and writes it in one format to a sink: {@link UsageJob} begun and done at once.
 *
 * @throws BillingError when any part fails for good; the sink then holds a part that must not be shown as the whole
 */
export async function writeUsage(request: UsageRequest, sink: Sink, options: WriteOptions = {}): Promise<UsageReport> {
  const job = await UsageJob.begin(request, options);
  return job.write(sink, options);
}
