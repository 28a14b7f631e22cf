import type { ArmClient } from '../../api/arm/armClient.ts';
import { BillingError } from '../../api/http/errors.ts';
import type { ReportRequest } from '../replacement.ts';
import { CostReport, requireSame, sizesOf } from './costReport.ts';
import { markOf, readMark } from './marks.ts';
import type { PieceChunk, PieceReadOptions } from './plan.ts';
import { FILE_START, type FilePlace, ReportFile } from './reportFile.ts';

/** Where a report was left. Links to its files are not kept: they carry signatures. */
interface ReportMark extends FilePlace {
  report?: string | undefined;
  file: number;
  /** Bytes of each file. */
  sizes: readonly (number | null)[];
}

const NOTHING = new Uint8Array();

function isMark({ file, offset, sizes }: { [Name in keyof ReportMark]?: unknown }): boolean {
  return Number.isSafeInteger(file) && Number.isSafeInteger(offset) && Array.isArray(sizes);
}

/**
 * A Cost Details report as chunks of whole rows, file by file; behind the rows of each file comes a chunk without rows that ends it. Large
 * files are fetched in ranges side by side.
 *
 * @param hasRows whether usage details have shown some: then a report without any is not believed
 */
export async function* readReport(
  arm: ArmClient,
  request: ReportRequest,
  hasRows: boolean,
  { from, ...options }: PieceReadOptions,
): AsyncGenerator<PieceChunk, void, undefined> {
  const mark = from === undefined ? undefined : readMark<ReportMark>(from, isMark);
  const report = new CostReport(arm, request, mark?.report, options);
  const sizes = sizesOf(await report.files());
  if (mark !== undefined) {
    requireSame(mark.sizes, sizes);
  }
  if (hasRows && sizes.length === 0) {
    throw new BillingError('malformed', 'Cost details have no rows where usage details have some.', {
      advice: 'Data may still be on its way: try again later, or choose a shorter period.',
    });
  }
  const chunk = (bytes: Uint8Array, more: Partial<PieceChunk>): PieceChunk => ({
    bytes,
    receivedAt: new Date(arm.http.clock.now()),
    ...(report.id === undefined ? {} : { requestId: report.id }),
    ...more,
  });
  const resume = (file: number, place: FilePlace) => markOf({ report: report.address, file, sizes, ...place });
  if (sizes.length === 0) {
    yield chunk(NOTHING, {});
  }
  for (let file = mark?.file ?? 0; file < sizes.length; file++) {
    const reading = new ReportFile(arm, report, file, file === mark?.file ? mark : FILE_START, options);
    let header = true;
    for await (const rows of reading.rows()) {
      yield chunk(rows, { ...(header ? reading.header : {}), resume: resume(file, reading.place) });
      header = false;
    }
    const next = file + 1 < sizes.length ? { resume: resume(file + 1, FILE_START) } : {};
    yield chunk(NOTHING, { ...(header ? reading.header : {}), endsFile: true, ...next });
  }
}
