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
import type { UsageDocumentSpec } from './usageUri.ts';

/** The clients of connections, by name; those of Partner Center and Microsoft Graph fail where a connection has none. */
export interface ClientSource {
  arm(connection: string): Promise<ArmClient>;
  partnerCenter(connection: string): Promise<PartnerCenterClient>;
  graph(connection: string): Promise<GraphClient>;
  hasGraph(connection: string): boolean;
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
  options: BuildOptions,
): Promise<UsageReport> {
  if (spec.kind === 'usageDetails') {
    return writeUsageDetails(spec, await clients.arm(spec.connection), sink, options);
  }
  const { writePartnerDocument } = await import('./partnerBuild.ts');
  return writePartnerDocument(spec, clients, sink, options);
}

async function writeUsageDetails(
  { scope: path, period: days, metric, only, format }: UsageDocumentSpec,
  arm: ArmClient,
  sink: Sink,
  options: BuildOptions,
): Promise<UsageReport> {
  const scope = parseScope(path);
  // An address can be written by hand: without days the service would send the current period only.
  if (scope.kind !== 'invoice' && days === undefined) {
    throw new BillingError('argument', 'period: the address of the document has none.', {
      advice: 'Open the usage again from the tree.',
    });
  }
  const period = days === undefined ? undefined : resolvePeriod(days, new Date());
  const job = await UsageJob.begin({ arm, scope, period, metric, only, format }, options);
  await options.onEstimate?.(job.estimate);
  options.signal?.throwIfAborted();
  return job.write(sink, options);
}
