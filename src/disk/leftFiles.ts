import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isLeft } from './holder.ts';

/**
 * Removes files and folders that processes which are gone left in a folder. What is of others stays; a folder that is not there is no failure.
 *
 * @param folder absolute path
 * @param holderOf who made it, by its name: a name that `newHolder` gave
 */
export async function removeLeft(folder: string, holderOf: (name: string) => string): Promise<void> {
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const file = path.join(folder, name);
    if (await isLeft(file, holderOf(name))) {
      await rm(file, { recursive: true, force: true }).catch(() => {});
    }
  }
}
