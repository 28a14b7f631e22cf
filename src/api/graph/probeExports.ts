import type { SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import type { GraphClient } from './graphClient.ts';

/** No export has this id. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Whether the sign-in may use the billing exports, without starting one: asked for an export that does not exist, Graph says so to
 * those who may ask, and refuses the others before it looks (Graph reference: Get operation; Microsoft Graph error responses).
 *
 * @throws BillingError when it may not, or cannot be asked
 */
export async function probeExports(graph: GraphClient, options?: SendOptions): Promise<void> {
  const address = `/reports/partners/billing/operations/${NOBODY}`;
  try {
    await graph.http.send({ operation: 'Look for billing exports', method: 'GET', address }, () => undefined, options);
  } catch (error) {
    if (!(error instanceof BillingError) || (error.status !== 404 && error.status !== 400)) {
      throw error;
    }
  }
}
