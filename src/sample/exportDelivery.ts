import type { BlobContent, BlobStore, ContainerName } from './blobStore.ts';
import { type DayRange, isoDay } from './calendar.ts';
import type { CostScope } from './costScopes.ts';
import { csvContent, gzipContent, type Partition, partitionsOf } from './datasets/csv.ts';
import type { Dataset } from './datasets/dataset.ts';
import { dataVersionOf, exportDataset } from './exportDatasets.ts';
import { accountOfDestination } from './exportDestinations.ts';
import type { CostExport, ExportRun } from './exportModel.ts';
import { parquetContent } from './parquetFile.ts';
import type { Tenant } from './tenant.ts';

/** Where a run's files are. Paths are in the container. */
export interface Delivery {
  readonly fileName: string;
  /** Absent in the layout of single files. */
  readonly manifestFile?: string;
}

interface WrittenBlob {
  readonly blobName: string;
  readonly byteCount: number;
  readonly dataRowCount: number;
}

const MANIFEST_VERSION = '2024-04-01';

/** Whether the days of a run have any rows. Data sets of which the tenant has none at all count as some: they are written empty. */
export function hasData(tenant: Tenant, scope: CostScope, { settings, days }: ExportRun): boolean {
  return exportDataset(tenant, scope, settings.definition, settings.apiVersion, days)?.count() !== 0;
}

/**
 * Writes the files of a run into its export's container (article "Tutorial: Create and manage Cost Management exports"). The
 * layout is that of the api-version which the export was written with:
 * `runs`: `{root}/{export}/{days}/{run}/part_0_{n}.{csv,csv.gz,parquet,snappy.parquet}` with `manifest.json` beside;
 * `partitions`: the same with the minute before the run's id, as csv; `files`: `{root}/{export}/{days}/{export}_{run}.csv`.
 *
 * Throws an Error when the storage account does not exist.
 */
export async function deliver(
  tenant: Tenant,
  store: BlobStore,
  scope: CostScope,
  run: ExportRun,
  partitionRows: number,
): Promise<void> {
  const { settings } = run;
  const account = accountOfDestination(tenant, settings.destination);
  if (!account) throw new Error(`the storage account of the export ${settings.name} does not exist`);
  const container = { account: account.name, container: settings.destination.container };
  const dataset = exportDataset(tenant, scope, settings.definition, settings.apiVersion, run.days);
  const { fileName, manifestFile } = placesOf(run);
  if (manifestFile === undefined) {
    if (dataset)
      await store.write(container, fileName, 'text/csv', csvContent(dataset, { from: 0, to: dataset.count() }));
    return;
  }
  if (settings.overwrite === 'OverwritePreviousReport') {
    await store.delete(container, `${daysFolder(settings, run.folder)}/`);
  }
  const blobs: WrittenBlob[] = [];
  for (const [index, partition] of (dataset ? partitionsOf(dataset, partitionRows) : []).entries()) {
    if (dataset) blobs.push(await writePart(store, container, run, dataset, partition, index));
  }
  const manifest = JSON.stringify(manifestOf(scope, run, account.id, blobs), undefined, 2);
  await store.write(container, manifestFile, 'application/json', () => [Buffer.from(manifest)]);
}

/** Where the first file of a run and its manifest are. */
export function placesOf(run: ExportRun): Delivery {
  const { settings, folder, id, submitted } = run;
  const days = daysFolder(settings, folder);
  switch (settings.layout) {
    case 'files':
      return { fileName: `${days}/${settings.name}_${id}.csv` };
    case 'partitions':
      return inFolder(run, `${days}/${minuteOf(submitted)}/${id}`);
    case 'runs':
      return inFolder(run, `${days}/${id}`);
  }
}

function inFolder({ settings }: ExportRun, folder: string): Delivery {
  return { fileName: `${folder}/${partName(settings, 0)}`, manifestFile: `${folder}/manifest.json` };
}

function daysFolder({ destination, name }: CostExport, days: DayRange): string {
  const range = `${isoDay(days.from)}-${isoDay(days.to)}`.replace(/(\d{4})-(\d{2})-(\d{2})/g, '$1$2$3');
  return [destination.rootFolderPath, name, range].filter((part) => part !== '').join('/');
}

const minuteOf = (moment: number): string => new Date(moment).toISOString().slice(0, 16).replace(/[-:T]/g, '');

function partName({ format, compression }: CostExport, index: number): string {
  const csv = compression === 'gzip' ? 'csv.gz' : 'csv';
  const parquet = compression === 'snappy' ? 'snappy.parquet' : 'parquet';
  return `part_0_${String(index + 1).padStart(4, '0')}.${format === 'Parquet' ? parquet : csv}`;
}

async function writePart(
  store: BlobStore,
  container: ContainerName,
  run: ExportRun,
  dataset: Dataset,
  partition: Partition,
  index: number,
): Promise<WrittenBlob> {
  const path = placesOf(run).fileName.replace(/[^/]+$/, partName(run.settings, index));
  const [type, content] = contentOf(run.settings, dataset, partition);
  const { name, bytes } = await store.write(container, path, type, content);
  return { blobName: name, byteCount: bytes, dataRowCount: partition.to - partition.from };
}

function contentOf(
  { format, compression }: CostExport,
  dataset: Dataset,
  partition: Partition,
): readonly [contentType: string, content: BlobContent] {
  if (format === 'Parquet') {
    const content = parquetContent(dataset, partition, compression === 'snappy' ? 'snappy' : 'none');
    return ['application/vnd.apache.parquet', content];
  }
  const csv = csvContent(dataset, partition);
  return compression === 'gzip' ? ['application/gzip', gzipContent(csv)] : ['text/csv', csv];
}

function manifestOf(
  scope: CostScope,
  { id, executionType, submitted, days, settings }: ExportRun,
  accountId: string,
  blobs: readonly WrittenBlob[],
): unknown {
  const { name, apiVersion, definition, layout, format, compression, overwrite, destination, schedule } = settings;
  const sum = (of: (blob: WrittenBlob) => number): number => blobs.reduce((total, blob) => total + of(blob), 0);
  const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
  return {
    manifestVersion: MANIFEST_VERSION,
    byteCount: sum(({ byteCount }) => byteCount),
    blobCount: blobs.length,
    dataRowCount: sum(({ dataRowCount }) => dataRowCount),
    exportConfig: {
      exportName: name,
      resourceId: `${scope.id}/providers/Microsoft.CostManagement/exports/${name}`,
      dataVersion: dataVersionOf(definition, apiVersion),
      apiVersion,
      type: definition.type,
      timeFrame: schedule ? definition.timeframe : 'OneTime',
      granularity: definition.granularity,
    },
    deliveryConfig: {
      partitionData: true,
      dataOverwriteBehavior: layout === 'runs' ? overwrite : 'CreateNewReport',
      fileFormat: format,
      compressionMode: capital(compression),
      containerUri: destination.resourceId ?? accountId,
      rootFolderPath: destination.rootFolderPath,
    },
    runInfo: {
      executionType,
      submittedTime: new Date(submitted).toISOString().replace(/(\.\d{3})Z$/, '$10000Z'),
      runId: id,
      startDate: `${isoDay(days.from)}T00:00:00`,
      endDate: `${isoDay(days.to)}T00:00:00`,
    },
    blobs,
  };
}
