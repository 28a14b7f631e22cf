import type { BlobContent, BlobStore, ContainerName, StoredBlob } from './blobStore.ts';
import { dayOf, isoDay } from './calendar.ts';
import type { CostReportRequest } from './costReportRules.ts';
import { csvContent, gzipContent, partitionsOf } from './datasets/csv.ts';
import { dataset } from './datasets/dataset.ts';
import type { ReportSettings } from './reportSettings.ts';
import type { Tenant } from './tenant.ts';

/** The container of the service's own storage account: reports are not written to an account of the caller. */
export const REPORTS: ContainerName = { account: 'samplecostreports', container: 'armreports' };

/** The files of a report, and until when their addresses are valid. */
interface CostReportFiles {
  /** None when there are no rows. */
  readonly blobs: ReadonlyArray<StoredBlob & { readonly url: string }>;
  readonly validTill: Date;
}

/** Where a report is written. */
export interface ReportTarget {
  readonly tenant: Tenant;
  readonly storage: BlobStore;
  readonly settings: Required<ReportSettings>;
}

/** Writes the report as CSV files, each with a header row. */
export async function writeReport(
  { tenant, storage, settings }: ReportTarget,
  { scope, days, metric }: CostReportRequest,
  id: string,
): Promise<CostReportFiles> {
  const { compress, partitionRows, validSeconds } = settings;
  const data = dataset(tenant, { scope, days, type: metric });
  const validTill = new Date(Date.now() + validSeconds * 1000);
  const today = isoDay(dayOf(tenant.options.now)).replaceAll('-', '');
  const blobs = [];
  for (const [index, partition] of partitionsOf(data, partitionRows).entries()) {
    const name = `${today}/${id}/part_0_${String(index + 1).padStart(4, '0')}.csv`;
    blobs.push(await write(storage, compress, name, csvContent(data, partition)));
  }
  return {
    blobs: blobs.map((blob) => ({ ...blob, url: storage.readUrl(REPORTS, blob.name, validTill) })),
    validTill,
  };
}

function write(storage: BlobStore, compress: boolean, name: string, csv: BlobContent): Promise<StoredBlob> {
  if (!compress) return storage.write(REPORTS, name, 'text/csv', csv);
  return storage.write(REPORTS, `${name}.gz`, 'application/gzip', gzipContent(csv));
}

/** As the service writes moments: with seven decimals. */
export function momentText(moment: Date): string {
  return moment.toISOString().replace('Z', '0000Z');
}
