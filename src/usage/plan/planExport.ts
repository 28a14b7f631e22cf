import type { SendOptions } from '../../api/http/client.ts';
import { BillingError } from '../../api/http/errors.ts';
import type { ExportClients, ExportSource } from './exportSource.ts';
import { openPieces } from './openPiece.ts';
import type { KeptPlan, Plan } from './plan.ts';
import { planQuery, planTransactions } from './planBilling.ts';
import { planLineItems, planRatedUsage, planUsageRecords, planUtilization } from './planPartner.ts';
import { planUsageDetails } from './planUsageDetails.ts';

/**
 * Decides how an export is fetched: not at all where everything is kept and fresh. Checks what is asked for, and may fetch the first
 * pages of it, which its pieces then give without asking again.
 *
 * @throws BillingError; or the signal's reason when it is aborted
 */
export async function planExport(
  source: ExportSource,
  clients: ExportClients,
  options: SendOptions = {},
): Promise<Plan> {
  options.signal?.throwIfAborted();
  const kept = await clients.kept?.plan(source);
  options.signal?.throwIfAborted();
  if (kept !== undefined) {
    return kept;
  }
  switch (source.kind) {
    case 'usageDetails':
      return planUsageDetails(source, clients.arm, options);
    case 'usageRecords':
      return planUsageRecords(source, clients);
    case 'utilization':
      return planUtilization(source, clients);
    case 'ratedUsage':
      return planRatedUsage(source, clients, options);
    case 'lineItems':
      return planLineItems(source, clients, options);
    case 'transactions':
      return planTransactions(source, clients);
    case 'query':
      return planQuery(source, clients, options);
  }
}

/**
 * A plan that was kept, with the same pieces, to be read from their beginnings or from marks. Nothing is sent.
 *
 * @throws BillingError when it is of another version of this extension
 */
export function reopenPlan({ version, ...kept }: KeptPlan, clients: ExportClients): Plan {
  if (version !== 1) {
    throw new BillingError('argument', 'The export was begun by another version of the extension.', {
      advice: 'Start it again.',
    });
  }
  return { ...kept, pieces: openPieces(kept.pieces, clients) };
}
