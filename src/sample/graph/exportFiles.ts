import type { BlobContent, BlobStore, ContainerName } from '../blobStore.ts';
import { firstDay, isoDay } from '../calendar.ts';
import { gzipContent } from '../datasets/csv.ts';
import type { Tenant } from '../tenant.ts';
import type { AskedExport } from './exportRequest.ts';
import type { ExportRows } from './exportRows.ts';

/** The storage account of the service: exports are not written to an account of the partner. */
export const EXPORTS_ACCOUNT = 'samplepartnerexports';

/** The files of an export. */
export interface ExportFiles {
  readonly container: ContainerName;
  /** Path of their folder inside the container. */
  readonly folder: string;
  readonly blobs: ReadonlyArray<{ readonly name: string; readonly bytes: number; readonly rows: number }>;
}

const CHUNK_CHARACTERS = 64 * 1024;

/** Writes an export as gzip files of JSON lines; undefined when it has no rows. `id` is the operation's, a GUID. */
export async function writeExport(
  tenant: Tenant,
  storage: BlobStore,
  asked: AskedExport,
  partitionRows: number,
  id: string,
): Promise<ExportFiles | undefined> {
  const { rows } = asked;
  const count = rows?.count() ?? 0;
  if (!rows || count === 0) return undefined;
  const container = {
    account: EXPORTS_ACCOUNT,
    container: `${asked.billed ? 'billed' : 'unbilled'}${asked.kind}fastpath`,
  };
  const folder = folderOf(tenant, asked);
  const blobs = [];
  for (let from = 0; from < count; from += partitionRows) {
    const to = Math.min(from + partitionRows, count);
    const name = `part-${String(from / partitionRows).padStart(5, '0')}-${id}.c000.json.gz`;
    const content = gzipContent(linesOf(rows, from, to));
    const { bytes } = await storage.write(container, `${folder}/${name}`, 'application/octet-stream', content);
    blobs.push({ name, bytes, rows: to - from });
  }
  return { container, folder, blobs };
}

function folderOf({ directory, options }: Tenant, { source, fragment }: AskedExport): string {
  if (!source) throw new RangeError('nothing to export');
  const { invoice, month, profile } = source;
  const billingMonth = `BillingMonth=${yearAndMonth(month)}`;
  const partner = `PartnerTenantId=${directory.partnerTenantId}`;
  const ending = `Fragment=${fragment}/PartitionType=default`;
  if (invoice) {
    return `v1/${partner}/${billingMonth}/InvoiceId=${invoice.name}/InvoiceVersion=${yearAndMonth(month + 1)}/${ending}`;
  }
  const stamp = options.now.toISOString().replace(/\D/g, '').slice(0, 12);
  return `v1/${stamp}/${partner}/${billingMonth}/Currency=${profile.currency}/${ending}`;
}

function yearAndMonth(month: number): string {
  return isoDay(firstDay(month)).slice(0, 7).replace('-', '');
}

function linesOf(rows: ExportRows, from: number, to: number): BlobContent {
  return function* () {
    let text = '';
    for (const row of rows.rows(from, to)) {
      text += `${row}\n`;
      if (text.length < CHUNK_CHARACTERS) continue;
      yield Buffer.from(text);
      text = '';
    }
    if (text !== '') yield Buffer.from(text);
  };
}
