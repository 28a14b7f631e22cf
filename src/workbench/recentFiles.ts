import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** So many of them stay on the disk; of the others those that a tab may still show. Milliseconds. */
const MOST = 20;
const MAY_BE_OPEN = 3 * 24 * 60 * 60_000;

/**
 * Where the next file of a kind goes, so that a tab over it comes back after a reload; the oldest ones are removed.
 *
 * @param folder of such files alone; made when there is none
 * @param label what it is called; a file name's part
 */
export async function recentFile(folder: string, label: string, ending: string, now: Date): Promise<string> {
  // Names and rows of customers are for the owner alone.
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const dated = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const file = path.join(folder, name);
      return { file, time: (await stat(file).catch(() => undefined))?.mtimeMs ?? 0 };
    }),
  );
  dated.sort((a, b) => b.time - a.time);
  // One that a table still reads stays on systems that cannot remove it.
  const old = dated.slice(MOST - 1).filter(({ time }) => now.getTime() - time > MAY_BE_OPEN);
  await Promise.all(old.map(({ file }) => rm(file, { force: true }).catch(() => {})));
  return path.join(
    folder,
    `${now.toISOString().slice(0, 19).replaceAll(/[:.]/g, '-')} ${randomUUID().slice(0, 8)} ${label}.${ending}`,
  );
}
