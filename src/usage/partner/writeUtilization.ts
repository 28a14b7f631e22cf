import type { PartnerCenterClient } from '../../api/partnerCenter/partnerCenterClient.ts';
import type { Format } from '../../records/formats.ts';
import type { Sink } from '../../records/output.ts';
import { UTILIZATION } from '../../records/utilization.ts';
import { RecordsDocument } from '../recordsDocument.ts';
import type { UsageReport, WriteOptions } from '../writeUsage.ts';
import { pagesReport } from './pagesReport.ts';
import { type UtilizationRequest, utilizationStream } from './utilizationPages.ts';

/**
 * Writes the utilization of a window, which is one of the time of report. Long windows are fetched in pieces side by side; rows
 * are in the order of the pieces, and within one as the service sends them.
 *
 * @throws BillingError when any page fails for good, `NoUtilization` among them; the sink then holds a part that must not be shown as
 *   the whole
 */
export async function writeUtilization(
  client: PartnerCenterClient,
  request: UtilizationRequest,
  format: Format,
  sink: Sink,
  options: WriteOptions,
): Promise<UsageReport> {
  const { operation, source, pages } = utilizationStream(client, request, options);
  const document = new RecordsDocument({ schema: UTILIZATION, format, operation }, sink);
  return pagesReport(document, pages, source, client.http.clock.now(), options);
}
