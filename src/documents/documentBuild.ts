import type { ArmClient } from '../api/arm/armClient.ts';
import { parseScope } from '../api/arm/scope.ts';
import type { GraphClient } from '../api/graph/graphClient.ts';
import { BillingError } from '../api/http/errors.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import type { Sink } from '../records/output.ts';
import { resolvePeriod } from '../usage/period.ts';
import type { BuildOptions } from '../usage/sharedBuild.ts';
import { UsageJob } from '../usage/usageJob.ts';
import type { UsageReport } from '../usage/writeUsage.ts';
import type { DocumentSpec } from './documentSpec.ts';
import type { StoredUsageSource } from './storedUsage.ts';
import type { UsageDocumentSpec } from './usageUri.ts';

/** The clients of connections, by name; those of Partner Center and Microsoft Graph fail where a connection has none. */
export interface ClientSource {
  arm(connection: string): Promise<ArmClient>;
  partnerCenter(connection: string): Promise<PartnerCenterClient>;
  graph(connection: string): Promise<GraphClient>;
  hasGraph(connection: string): boolean;
}

/** What was fetched before, and who may see it; undefined where nothing is kept. */
export type StoredFor = (connection: string) => Promise<StoredUsageSource | undefined>;

export interface DocumentOptions extends BuildOptions {
  storedFor: StoredFor;
  /** Asks the service for all that can have changed. */
  anew: boolean;
}

/**
 * Fetches what a document holds and writes it to a sink.
 *
 * @throws BillingError when the address names no complete request, or fetching fails; or the signal's reason
 */
export async function writeDocument(
  spec: DocumentSpec,
  clients: ClientSource,
  sink: Sink,
  options: DocumentOptions,
): Promise<UsageReport> {
  if (spec.kind === 'usageDetails') {
    return writeUsageDetails(spec, await clients.arm(spec.connection), sink, options);
  }
  const { writePartnerDocument } = await import('./partnerBuild.ts');
  return writePartnerDocument(spec, clients, sink, options);
}

async function writeUsageDetails(
  { connection, scope: path, period: days, metric, only, format }: UsageDocumentSpec,
  arm: ArmClient,
  sink: Sink,
  { storedFor, anew, ...options }: DocumentOptions,
): Promise<UsageReport> {
  const scope = parseScope(path);
  // An address can be written by hand: without days the service would send the current period only.
  if (scope.kind !== 'invoice' && days === undefined) {
    throw new BillingError('argument', 'period: the address of the document has none.', {
      advice: 'Open the usage again from the tree.',
    });
  }
  const period = days === undefined ? undefined : resolvePeriod(days, new Date());
  const stored = await storedFor(connection);
  if (stored !== undefined) {
    const { writeStoredUsage } = await import('./storedUsage.ts');
    const request = { scope, period, metric, only, format };
    const report = await writeStoredUsage(stored, request, arm, sink, { ...options, anew });
    if (report !== undefined) {
      return report;
    }
  }
  const job = await UsageJob.begin({ arm, scope, period, metric, only, format }, options);
  await options.onEstimate?.(job.estimate);
  options.signal?.throwIfAborted();
  return job.write(sink, options);
}
