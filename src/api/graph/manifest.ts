import * as v from 'valibot';
import { optionalNumber, optionalText } from '../arm/wire.ts';
import type { Answer } from '../http/client.ts';
import { blobAddress } from '../storage/container.ts';
import { unlikeGraph } from './graphClient.ts';

const blob = v.looseObject({
  /** Path below the manifest's `rootDirectory`. */
  name: v.string(),
  /** `default`. */
  partitionValue: optionalText,
  /** Absent in the reference; so is the next. */
  sizeInBytes: optionalNumber,
  /** Rows. */
  itemCount: optionalNumber,
});

/** One file of an export: gzip of JSON lines. */
export type ExportBlob = v.InferOutput<typeof blob>;

export const manifestSchema = v.looseObject({
  id: optionalText,
  /** `1`, `2`. */
  schemaVersion: optionalText,
  /** compressedJSON, compressedJSONLines. */
  dataFormat: optionalText,
  /** Date-time, UTC. */
  createdDateTime: optionalText,
  eTag: optionalText,
  partnerTenantId: optionalText,
  /** Address of the folder with the files, without a signature. */
  rootDirectory: optionalText,
  /** A signature for the folder, good for some hours. A secret: kept in memory, shown to nobody. */
  sasToken: optionalText,
  /** `Default` or `default`: rows are not divided by anything. */
  partitionType: optionalText,
  blobCount: optionalNumber,
  blobs: v.nullish(v.array(blob)),
});

type WireManifest = v.InferOutput<typeof manifestSchema>;

/** Where the files of an export are (Graph reference: manifest resource type), as the service sent it. */
export type ExportManifest = WireManifest & { rootDirectory: string; sasToken: string; blobs: ExportBlob[] };

/** Both names that the reference has for gzip of JSON lines. */
const FORMATS: readonly (string | undefined)[] = ['compressedjson', 'compressedjsonlines', undefined];

/**
 * A manifest that tells where each file is, and names every file that it counts once.
 *
 * @throws BillingError of kind `malformed`
 */
export function checkManifest(answer: Answer, manifest: WireManifest): ExportManifest {
  const { rootDirectory, sasToken, dataFormat, blobCount } = manifest;
  const blobs = manifest.blobs ?? [];
  const lacking = !rootDirectory ? 'rootDirectory' : !sasToken ? 'sasToken' : undefined;
  if (!rootDirectory || !sasToken) {
    throw unlikeGraph(answer, `the manifest has no ${lacking}`);
  }
  if (!FORMATS.includes(dataFormat?.toLowerCase())) {
    throw unlikeGraph(answer, `the files are in the format '${dataFormat?.slice(0, 60)}', which is not known here`);
  }
  // A manifest that neither counts nor names files does not say that there are none.
  const count = blobCount === undefined || blobCount === null ? (manifest.blobs?.length ?? Number.NaN) : blobCount;
  if (Number(count) !== blobs.length) {
    throw unlikeGraph(answer, `the manifest counts ${blobCount ?? 'no'} files and names ${blobs.length}`);
  }
  const names = blobs.map(({ name }) => name);
  if (names.includes('') || new Set(names).size < names.length) {
    throw unlikeGraph(answer, 'the manifest names a file twice, or one without a name');
  }
  return { ...manifest, rootDirectory, sasToken, blobs };
}

/** Address of a file with the signature in it: shown to nobody. */
export function exportBlobAddress({ rootDirectory, sasToken }: ExportManifest, { name }: ExportBlob): string {
  return blobAddress({ container: rootDirectory.replace(/\/+$/, ''), sas: sasToken.replace(/^\?/, '') }, name);
}

/** Whether two manifests are of the same files; the signature may be another one. */
export function sameFiles(a: ExportManifest, b: ExportManifest): boolean {
  return (
    a.rootDirectory === b.rootDirectory &&
    a.blobs.length === b.blobs.length &&
    a.blobs.every(({ name }, i) => name === b.blobs[i]?.name)
  );
}
