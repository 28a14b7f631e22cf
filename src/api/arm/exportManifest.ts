import * as v from 'valibot';
import { parseJson } from '../../json/parseJson.ts';
import { startOfText } from '../../json/scan.ts';
import { BillingError } from '../http/errors.ts';
import { optionalText, wireNumber } from './wire.ts';

const blob = v.looseObject({
  /** Path in the container. */
  blobName: v.string(),
  byteCount: v.nullish(wireNumber),
  /** Absent in older manifests. */
  dataRowCount: v.nullish(wireNumber),
});

const manifest = v.looseObject({
  manifestVersion: optionalText,
  byteCount: v.nullish(wireNumber),
  blobCount: v.nullish(wireNumber),
  /** Absent in older manifests. */
  dataRowCount: v.nullish(wireNumber),
  exportConfig: v.nullish(
    v.looseObject({
      exportName: optionalText,
      resourceId: optionalText,
      dataVersion: optionalText,
      /** ActualCost, FocusCost, PriceSheet, … */
      type: optionalText,
      timeFrame: optionalText,
      granularity: optionalText,
    }),
  ),
  deliveryConfig: v.nullish(
    v.looseObject({
      /** Csv, Parquet. */
      fileFormat: optionalText,
      /** None, Gzip, Snappy. */
      compressionMode: optionalText,
      rootFolderPath: optionalText,
    }),
  ),
  runInfo: v.nullish(
    v.looseObject({
      executionType: optionalText,
      submittedTime: optionalText,
      runId: optionalText,
      /** First and last day, inclusive. */
      startDate: optionalText,
      endDate: optionalText,
    }),
  ),
  blobs: v.nullish(v.array(blob)),
});

/** `manifest.json` beside the files of an export's run (article "Tutorial: Create and manage Cost Management exports"). */
export type ExportManifest = v.InferOutput<typeof manifest>;

/** One file of a run. Every csv file has a header row of its own. */
export type ExportBlob = v.InferOutput<typeof blob>;

/**
 * Reads a manifest; members it does not know stay. A run without data has no blobs.
 *
 * @throws BillingError of kind `malformed` when it is no manifest, or names fewer or more blobs than it counts
 */
export function parseExportManifest(bytes: Uint8Array): ExportManifest & { blobs: ExportBlob[] } {
  const result = v.safeParse(manifest, parse(bytes));
  if (!result.success) {
    const issue = result.issues[0];
    const where = v.getDotPath(issue) ?? 'it';
    throw malformed(`${where} is ${issue.received}, not ${issue.expected ?? 'as expected'}`);
  }
  const { blobs, blobCount } = result.output;
  const count = blobCount === undefined || blobCount === null ? undefined : Number(blobCount);
  if (!blobs && count !== 0) {
    throw malformed('it names no files');
  }
  const named = blobs ?? [];
  if (count !== undefined && count !== named.length) {
    throw malformed(`it counts ${count} files and names ${named.length}`);
  }
  return { ...result.output, blobs: named };
}

/** How a file of a run is written. Snappy is inside a Parquet file, so only gzip has to be undone. */
export interface ExportEncoding {
  format: 'csv' | 'parquet';
  gzip: boolean;
}

/** How a blob is written: by its name's ending, and by the manifest where the name does not tell. */
export function exportEncoding({ deliveryConfig }: ExportManifest, { blobName }: ExportBlob): ExportEncoding {
  const ending = /\.(csv|parquet)(\.gz)?$/i.exec(blobName);
  if (ending !== null) {
    return { format: ending[1]?.toLowerCase() === 'parquet' ? 'parquet' : 'csv', gzip: ending[2] !== undefined };
  }
  const format = deliveryConfig?.fileFormat?.toLowerCase() === 'parquet' ? 'parquet' : 'csv';
  return { format, gzip: format === 'csv' && deliveryConfig?.compressionMode?.toLowerCase() === 'gzip' };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(startOfText(bytes))));
  } catch (error) {
    throw malformed('it is cut short or is not JSON', error);
  }
}

function malformed(reason: string, cause?: unknown): BillingError {
  return new BillingError('malformed', `The manifest of the export cannot be used: ${reason}.`, {
    advice: 'Look at the files of the run in the storage account, or run the export again.',
    cause,
  });
}
