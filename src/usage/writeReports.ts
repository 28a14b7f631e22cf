import type { ArmClient } from '../api/arm/armClient.ts';
import type { CostDetailsBlob, CostDetailsReport } from '../api/arm/costDetails.ts';
import type { SendOptions } from '../api/http/client.ts';
import { readBlob } from '../api/storage/blob.ts';
import type { Format } from '../records/formats.ts';
import type { Sink } from '../records/output.ts';
import { FilesDocument } from './filesDocument.ts';
import { generateReport } from './generateReport.ts';
import { plainBytes } from './plainBytes.ts';
import type { ReportRequest } from './replacement.ts';
import type { UsageFilter } from './usageFilter.ts';

/** What was written of Cost Details. */
export interface WrittenReports {
  document: FilesDocument;
  files: number;
  /** Names of the reports, by which support finds them. */
  reportIds: string[];
}

export interface ReportsTarget {
  arm: ArmClient;
  format: Format;
  sink: Sink;
  /** Which rows are kept; left out: all. */
  only?: UsageFilter | undefined;
}

const OPERATION = 'Download cost details';

/** Rows between two reports of progress. */
const STEP = 1000;

/**
 * Has Cost Details reports written one after the other and writes their files as one document. Each report is fetched before the
 * next one is asked for: its links do not live long.
 *
 * @param today the current day, `YYYY-MM-DD`, UTC
 * @throws BillingError when a report or a file fails for good, or the files do not go together
 */
export async function writeReports(
  { arm, format, sink, only }: ReportsTarget,
  reports: readonly ReportRequest[],
  today: string,
  options: SendOptions & { onProgress?: ((rows: number, files: number) => void) | undefined },
): Promise<WrittenReports> {
  const { signal, onWait, onProgress } = options;
  const document = new FilesDocument(format, sink, {}, only);
  const reportIds: string[] = [];
  let files = 0;
  for (const wanted of reports) {
    const report = await generateReport(arm, wanted, today, options);
    reportIds.push(...idOf(report));
    for (const blob of report.blobs) {
      files++;
      let told = document.rows;
      const chunks = readBlob(arm.storage, blob.blobLink, {
        operation: OPERATION,
        expectedBytes: sizeOf(blob),
        signal,
        onWait,
      });
      for await (const chunk of plainBytes(chunks)) {
        await document.write(chunk);
        if (document.rows >= told + STEP) {
          told = document.rows;
          onProgress?.(told, files);
        }
      }
      document.endFile();
      onProgress?.(document.rows, files);
    }
  }
  await document.end();
  return { document, files, reportIds };
}

function idOf({ answer }: CostDetailsReport): string[] {
  const id = answer?.name ?? answer?.id?.split('/').at(-1);
  return id === undefined || id === null ? [] : [id];
}

function sizeOf({ byteCount }: CostDetailsBlob): number | undefined {
  const size = Number(byteCount);
  return byteCount === undefined || byteCount === null || !Number.isSafeInteger(size) ? undefined : size;
}
