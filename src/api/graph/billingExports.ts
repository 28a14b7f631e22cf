import { requireJsonText } from '../http/body.ts';
import type { Answer, SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import { type BillingExportRequest, exportCall } from './exportRules.ts';
import type { GraphClient } from './graphClient.ts';
import type { ExportManifest } from './manifest.ts';
import { followOperation, linkAddress, pollWait } from './operations.ts';

export interface BillingExportOptions extends SendOptions {
  /** Told once the service works on it. Kept over a reload, it is all that {@link resumeBillingExport} needs. */
  onOperation?: ((address: string) => void) | undefined;
}

/** An export that is ready to be read: see `exportLines`. */
export interface BillingExport {
  /** Where the operation is asked about; asked again, it gives a new signature. No secret. */
  operation: string;
  /** Holds a signature: shown to nobody. */
  manifest: ExportManifest;
}

/**
 * Has the service write an export and waits for it (Graph reference: billedUsage: export, unbilledUsage: export,
 * billedReconciliation: export, unbilledReconciliation: export). Minutes, more for large invoices.
 *
 * @throws BillingError of kind `argument` when the request breaks a rule of `exportCall`; `refused` with the code 5000 when there
 *   is no data; `malformed` when the manifest does not hold what it counts; or the signal's reason when it is aborted
 */
export async function runBillingExport(
  graph: GraphClient,
  request: BillingExportRequest,
  options: BillingExportOptions = {},
): Promise<BillingExport> {
  const { operation: title, path, body } = exportCall(request);
  const { http } = graph;
  const begun = await http.send(
    // Repeatable: it prepares files and changes nothing.
    { operation: title, method: 'POST', address: path, body, repeatable: true },
    (answer) => ({ link: requireLocation(answer), wait: pollWait(answer, http.clock.now()) }),
    options,
  );
  const operation = linkAddress(graph, begun.link);
  options.onOperation?.(operation);
  options.onWait?.({ milliseconds: begun.wait, reason: 'operation', operation: title });
  await http.clock.sleep(begun.wait, options.signal ?? new AbortController().signal);
  return { operation, manifest: await followOperation(graph, title, operation, options) };
}

/**
 * Goes on with an export that was started before a reload, or fetches its manifest again with a new signature.
 *
 * @param operation the address that `onOperation` told; it is checked as any link is
 */
export async function resumeBillingExport(
  graph: GraphClient,
  operation: string,
  options: SendOptions = {},
): Promise<BillingExport> {
  const address = linkAddress(graph, operation);
  return { operation: address, manifest: await followOperation(graph, 'Export billing data', address, options) };
}

function requireLocation(answer: Answer): string {
  const { location } = answer.headers;
  if (location === undefined || location === '') {
    if (answer.bytes.length > 0) {
      requireJsonText(answer);
    }
    const { status, requestId, correlationId } = answer;
    throw new BillingError('malformed', 'the service accepted it but gave no link to follow.', {
      status,
      requestId,
      correlationId,
      advice: 'Check that the endpoint is Microsoft Graph; report the request id if it is.',
    });
  }
  return location;
}
