import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { codeOf, writeFailure } from './writeFailure.ts';

/**
 * Writes a small file so that it has either its old content or its new one, whatever happens in between.
 *
 * @param mode of a POSIX system; left out: what its owner's files usually have
 * @throws Error with a sentence for the user
 */
export async function writeAtomically(file: string, content: string | Uint8Array, mode?: number): Promise<void> {
  const draft = `${file}.partial`;
  try {
    const handle = await open(draft, 'w', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
    await syncFolder(path.dirname(file));
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw writeFailure(error, file);
  }
}

/** Brings the names of a folder to the disk, where the system knows such a thing: Windows does not. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!UNABLE.has(codeOf(error) ?? '')) {
      throw error;
    }
  }
}

const UNABLE = new Set(['EISDIR', 'EINVAL', 'EPERM', 'EACCES', 'ENOTSUP', 'ENOSYS']);
