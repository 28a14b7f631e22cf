import type { Page } from '../../api/http/paging.ts';
import type { RecordsDocument } from '../recordsDocument.ts';
import type { UsageReport, WriteOptions } from '../writeUsage.ts';

/**
 * Writes pages into a document and tells of it.
 *
 * @param source the call that brings them, for the report
 */
export async function pagesReport(
  document: RecordsDocument,
  pages: AsyncIterable<Page<Uint8Array>>,
  source: string,
  now: number,
  { onProgress }: WriteOptions,
): Promise<UsageReport> {
  const requestIds: string[] = [];
  let fetchedAt = new Date(now);
  let count = 0;
  for await (const { value, answer } of pages) {
    await document.page(value);
    count++;
    // Pages of lists that are read side by side do not come in their order.
    fetchedAt = answer.receivedAt > fetchedAt ? answer.receivedAt : fetchedAt;
    if (answer.requestId !== undefined) {
      requestIds.push(answer.requestId);
    }
    onProgress?.({ rows: document.rows, pages: count, source: 'partnerCenter' });
  }
  await document.end();
  return reportOf(document, { pages: count, requestIds, fetchedAt, source });
}

/** What is known of a document that was written to its end. */
export function reportOf(
  { rows, leftOut, bytes, totals, rowsWithoutCost, unknownFields }: RecordsDocument,
  rest: Pick<UsageReport, 'pages' | 'requestIds' | 'fetchedAt' | 'source'>,
): UsageReport {
  return { ...rest, rows, bytes, totals, rowsWithoutCost, unknownFields, ...(leftOut === 0 ? {} : { leftOut }) };
}
