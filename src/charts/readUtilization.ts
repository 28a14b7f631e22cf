import { BillingError } from '../api/http/errors.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import { CostTotals } from '../records/totals.ts';
import { type UtilizationRequest, utilizationStream } from '../usage/partner/utilizationPages.ts';
import type { WriteOptions } from '../usage/writeUsage.ts';
import { UtilizationCells } from './utilizationCells.ts';
import { UtilizationEntries } from './utilizationEntries.ts';

/** All of a window, by hour or day of use. There is none of a part of one: reading fails instead. */
export interface UtilizationOverview {
  cells: UtilizationCells;
  rows: number;
  pages: number;
  /** Exact quantity per unit, as a document of the same window has it. */
  totals: Record<string, string>;
  rowsWithoutQuantity: number;
  requestIds: string[];
  fetchedAt: Date;
  source: string;
}

/**
 * Reads the utilization of a window to its end.
 *
 * @throws BillingError when any page fails for good; or the signal's reason
 */
export async function readUtilization(
  client: PartnerCenterClient,
  request: UtilizationRequest,
  options: WriteOptions,
): Promise<UtilizationOverview> {
  const { operation, source, pages } = utilizationStream(client, request, options);
  // Rows of an hourly map are hours: its meters are not told apart by resource.
  const entries = new UtilizationEntries(request.granularity === 'daily' && request.showDetails);
  const totals = new CostTotals(entries.reader);
  const cells = new UtilizationCells(request);
  const requestIds: string[] = [];
  let fetchedAt = new Date(client.http.clock.now());
  let rows = 0;
  let count = 0;
  for await (const { value, answer } of pages) {
    if (value.length > 0) {
      rows += readable(operation, () =>
        entries.reader.readPage(value, (page) => {
          totals.add(page);
          cells.add(entries.entry(page));
        }),
      );
    }
    count++;
    fetchedAt = answer.receivedAt;
    if (answer.requestId !== undefined) {
      requestIds.push(answer.requestId);
    }
    options.onProgress?.({ rows, pages: count, source: 'partnerCenter' });
  }
  const { withoutCost: rowsWithoutQuantity } = totals;
  return { cells, rows, pages: count, totals: totals.result(), rowsWithoutQuantity, requestIds, fetchedAt, source };
}

function readable(operation: string, read: () => number): number {
  try {
    return read();
  } catch (error) {
    throw new BillingError('malformed', `${operation} failed: a page cannot be read (${(error as Error).message}).`, {
      advice: 'Nothing is shown of it. Try again; report the request id if it stays.',
      cause: error,
    });
  }
}
