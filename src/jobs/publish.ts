import { readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder, writeAtomically } from '../disk/atomicFile.ts';
import { writeFailure } from '../disk/writeFailure.ts';
import type { Manifest } from './manifest.ts';

/** Where rows are until the file is whole. */
export function partialOf(file: string): string {
  return `${file}.partial`;
}

/** Where the manifest of a file lies. */
export function manifestOf(file: string): string {
  return `${file}.manifest.json`;
}

/**
 * Gives a complete file its name, in place of one that has it. The manifest goes first: a crash in between leaves it without its file
 * (or beside an older one, whose digest it does not tell), but never a file of this export without a manifest.
 *
 * @throws Error with a sentence for the user; then the file and its manifest are those that were there before
 */
export async function publish(file: string, manifest: Manifest): Promise<void> {
  const beside = manifestOf(file);
  const before = await readFile(beside).catch(() => undefined);
  await writeAtomically(beside, `${JSON.stringify(manifest, undefined, 2)}\n`);
  try {
    await rename(partialOf(file), file);
  } catch (error) {
    await (before === undefined ? rm(beside, { force: true }) : writeAtomically(beside, before)).catch(() => {});
    throw writeFailure(error, file);
  }
  await syncFolder(path.dirname(file));
}

/** The manifest of a file that a job has published, though the job could not say so any more; undefined when it has not. */
export async function publishedBy(job: string, file: string): Promise<Manifest | undefined> {
  try {
    const manifest = JSON.parse(await readFile(manifestOf(file), 'utf8')) as Manifest;
    const { size } = await stat(file);
    const partial = await stat(partialOf(file)).catch(() => undefined);
    return manifest.job === job && manifest.bytes === size && partial === undefined ? manifest : undefined;
  } catch {
    return undefined;
  }
}
