import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ArmClient } from '../api/arm/armClient.ts';
import type { CostScope } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import { blobAddress, type ContainerAccess } from '../api/storage/container.ts';
import { gunzip } from '../api/storage/gunzip.ts';
import { writeFailure } from '../disk/writeFailure.ts';
import { type SasSource, withContainer } from './containerAccess.ts';
import { type DownloadOptions, fill, type SavedFile, watchedBlob } from './downloadInto.ts';
import { chooseRun, DOWNLOAD_RUN, destinationOf, newestRuns, runName } from './exportRuns.ts';
import { distinctNames, safeFileName } from './fileNames.ts';
import { PartialFile } from './partialFile.ts';
import { findRunFiles, type RunFile, type RunFiles } from './runFiles.ts';

/** Which run of which export. */
export interface RunRequest {
  scope: CostScope;
  exportName: string;
  /** Left out: the newest one with files. */
  run?: string | undefined;
}

export interface SaveRunOptions extends DownloadOptions {
  /** Whether gzip around CSV files is undone. */
  decompress: boolean;
  sas: SasSource;
}

/** The files of a run on the disk. */
export interface SavedRun {
  folder: string;
  /** In the order of the run; the manifest, where there is one, is the last. */
  files: SavedFile[];
  /** Of all files. */
  bytes: number;
  /** Of all data files, as the manifest counts them; absent where it does not. */
  rows?: number;
  /** Name of the run. */
  run: string;
}

const MANIFEST = 'manifest.json';

/**
 * Saves all files of a run, and its manifest, into a folder, which is made when needed. Files get their names together when all
 * of them are whole, the manifest last: a folder with a manifest is complete. What fails or is cancelled leaves none of them.
 *
 * @param folder absolute path; files of the same name are replaced
 * @returns undefined when a person who was asked for a signature backed out
 */
export async function saveExportRun(
  arm: ArmClient,
  { scope, exportName, run: wanted }: RunRequest,
  folder: string,
  options: SaveRunOptions,
): Promise<SavedRun | undefined> {
  const run = chooseRun(await newestRuns(arm, scope, exportName, options), wanted);
  const destination = await destinationOf(arm, scope, exportName, run, options);
  return withContainer(arm, destination, options.sas, options, async (access) => {
    const found = await findRunFiles(arm, access, run, destination.folder, options);
    const files = await saveFiles(arm, access, found, folder, options);
    const rows = found.files.reduce((sum, file) => sum + (file.rows ?? Number.NaN), 0);
    return {
      folder,
      files,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      ...(Number.isNaN(rows) || found.files.length === 0 ? {} : { rows }),
      run: runName(run),
    };
  });
}

async function saveFiles(
  arm: ArmClient,
  access: ContainerAccess,
  { files, manifest }: RunFiles,
  folder: string,
  options: SaveRunOptions,
): Promise<SavedFile[]> {
  const unpacked = files.map(({ gzip }) => gzip && options.decompress);
  // The manifest takes its name first, so that no data file gets it.
  const [, ...names] = distinctNames([
    MANIFEST,
    ...files.map((file, index) => localName(file, unpacked[index] === true)),
  ]);
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw writeFailure(error, folder);
  });
  const targets: PartialFile[] = [];
  const begin = async (name: string): Promise<PartialFile> => {
    const target = await PartialFile.create(path.join(folder, name));
    targets.push(target);
    return target;
  };
  const watch = overall(files, options);
  try {
    for (const [index, file] of files.entries()) {
      const target = await begin(names[index] ?? MANIFEST);
      const address = blobAddress(access, file.blob);
      await (file.gzip
        ? saveGzip(arm, address, file, target, unpacked[index] === true, watch())
        : fill(target, watchedBlob(arm.storage, address, DOWNLOAD_RUN, watch(), file.bytes)));
    }
    if (manifest !== undefined) {
      const target = await begin(MANIFEST);
      await target.write(manifest);
      await target.complete();
    }
    for (const target of targets) {
      await target.publish();
    }
  } finally {
    await Promise.all(targets.map((target) => target.discard()));
  }
  return targets.map(({ file, bytes }) => ({ file, bytes }));
}

async function saveGzip(
  arm: ArmClient,
  address: string,
  { bytes: announced }: RunFile,
  target: PartialFile,
  unpack: boolean,
  options: DownloadOptions,
): Promise<void> {
  let packed = 0;
  const onBytes = (received: number, total: number | undefined) => {
    packed = received;
    options.onBytes?.(received, total);
  };
  const chunks = watchedBlob(arm.storage, address, DOWNLOAD_RUN, { ...options, onBytes });
  await fill(target, unpack ? gunzip(chunks, DOWNLOAD_RUN) : chunks);
  // No document says which size a manifest means. Kept packed, only the packed one is known.
  if (unpack && announced !== undefined && announced !== packed && announced !== target.bytes) {
    throw new BillingError(
      'malformed',
      `${DOWNLOAD_RUN} failed: a file has ${packed} bytes, ${target.bytes} unpacked, and was announced with ${announced}.`,
      { advice: 'Nothing of it was kept; start again.' },
    );
  }
}

/** Progress of one file after the other as progress of all of them: gives the options of the next file. */
function overall(files: readonly RunFile[], { signal, onWait, onBytes }: SaveRunOptions): () => DownloadOptions {
  const announced = files.reduce((sum, { bytes, gzip }) => sum + (gzip ? Number.NaN : (bytes ?? Number.NaN)), 0);
  const total = Number.isNaN(announced) ? undefined : announced;
  let arrived = 0;
  return () => {
    const before = arrived;
    const count = (received: number) => {
      arrived = before + received;
      onBytes?.(arrived, total);
    };
    return { signal, onWait, onBytes: count };
  };
}

/** The last part of the path: the folders above it are those of the container. */
function localName({ blob }: RunFile, unpacked: boolean): string {
  const name = safeFileName(blob.split('/').at(-1) ?? '', 'part.csv');
  return unpacked ? name.replace(/\.gz$/i, '') : name;
}
