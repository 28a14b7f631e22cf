import type { ArmClient } from '../api/arm/armClient.ts';
import { type ExportManifest, exportEncoding, parseExportManifest } from '../api/arm/exportManifest.ts';
import type { ExportRun } from '../api/arm/exports.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import { readBlob } from '../api/storage/blob.ts';
import { blobAddress, type ContainerAccess, listBlobs } from '../api/storage/container.ts';
import { digitsOf, type JsonNumber } from '../json/exact.ts';
import { DOWNLOAD_RUN, runName } from './exportRuns.ts';

/** One file of a run in its container. */
export interface RunFile {
  /** Path in the container. */
  blob: string;
  /** As the manifest says; of gzip it may mean the packed or the unpacked size. */
  bytes?: number | undefined;
  rows?: number | undefined;
  /** Gzip around the file, which can be undone; what is inside Parquet is its own matter. */
  gzip: boolean;
}

export interface RunFiles {
  files: RunFile[];
  /** As it was found; older layouts have none. */
  manifest?: Uint8Array;
}

/** A manifest names at most some thousand files. Bytes. */
const LONGEST_MANIFEST = 32 * 1024 * 1024;

const MANIFEST = /(^|\/)(_?manifest\.json|manifestfile)$/i;
const DATA = /\.(csv|csv\.gz|parquet)$/i;

/**
 * The files of a run: those that its manifest names. Older answers name no manifest, or only the first of several files; then what
 * lies in the folder of the run and has its id in the path is looked through, with the manifest where there is one.
 *
 * @param folder path in the container under which the export writes, for runs that name no file
 */
export async function findRunFiles(
  arm: ArmClient,
  access: ContainerAccess,
  run: ExportRun,
  folder: string,
  options: SendOptions,
): Promise<RunFiles> {
  const { manifestFile } = run.properties;
  if (manifestFile) {
    return byManifest(arm, access, manifestFile, options);
  }
  const named = (run.properties.fileName ?? '').replace(/^\/+/, '');
  const isFile = DATA.test(named);
  const prefix = isFile ? named.slice(0, named.lastIndexOf('/') + 1) : named || folder;
  const listed = await listBlobs(arm.storage, access, prefix, 'List the files of the run', options);
  const id = runName(run).toLowerCase();
  const own = listed.filter(({ name }) => id !== '' && name.toLowerCase().includes(id));
  const manifest = own.find(({ name }) => MANIFEST.test(name));
  if (manifest !== undefined) {
    return byManifest(arm, access, manifest.name, options);
  }
  const files = own.filter(({ name }) => DATA.test(name)).map(({ name, bytes }) => ({ ...plain(name), bytes }));
  if (files.length > 0) {
    return { files };
  }
  if (isFile) {
    return { files: [plain(named)] };
  }
  throw new BillingError('malformed', `${DOWNLOAD_RUN} failed: there are no files of the run in its container.`, {
    advice: 'They may have been deleted, or replaced by a later run; look at the container.',
  });
}

async function byManifest(
  arm: ArmClient,
  access: ContainerAccess,
  path: string,
  options: SendOptions,
): Promise<RunFiles> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const address = blobAddress(access, path.replace(/^\/+/, ''));
  for await (const chunk of readBlob(arm.storage, address, { ...options, operation: DOWNLOAD_RUN })) {
    size += chunk.length;
    if (size > LONGEST_MANIFEST) {
      throw new BillingError('malformed', `${DOWNLOAD_RUN} failed: its manifest is longer than any real one.`);
    }
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const manifest = parseExportManifest(bytes);
  return { files: manifest.blobs.map((blob) => described(manifest, blob)), manifest: bytes };
}

function described(
  manifest: ExportManifest,
  blob: { blobName: string; byteCount?: JsonNumber | null | undefined; dataRowCount?: JsonNumber | null | undefined },
): RunFile {
  return {
    blob: blob.blobName.replace(/^\/+/, ''),
    bytes: whole(blob.byteCount),
    rows: whole(blob.dataRowCount),
    gzip: exportEncoding(manifest, blob).gzip,
  };
}

function plain(blob: string): RunFile {
  return { blob, gzip: /\.csv\.gz$/i.test(blob) };
}

function whole(value: JsonNumber | null | undefined): number | undefined {
  return value === undefined || value === null ? undefined : Number(digitsOf(value));
}
