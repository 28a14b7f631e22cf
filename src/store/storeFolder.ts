import { randomUUID } from 'node:crypto';
import { access, copyFile, link, mkdir, open, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../disk/atomicFile.ts';
import { isLeft, keepShowing, newHolder } from '../disk/holder.ts';
import { removeLeft } from '../disk/leftFiles.ts';
import { OWN_FILE, OWN_FOLDER } from '../disk/ownership.ts';
import { codeOf, writeFailure } from '../disk/writeFailure.ts';
import { type EntryName, readEntryName } from './entryNames.ts';
import type { Entry } from './storeTypes.ts';
import { markUsed } from './tableFile.ts';

/** Entries; who reads them; files that are being written; those that nobody trusts; locks of who fetches. */
const ENTRIES = 'entries';
const IN_USE = 'inUse';
const DRAFTS = 'drafts';
const ASIDE = 'aside';
const FETCHING = 'fetching';

/** A name behind that of an entry: it is about to be removed. */
const GOING = '.going';
/** Between the name of an entry and that of who reads it. */
const HELD_BY = '~';

/** An entry with what its name tells. */
export type FoundEntry = Entry & EntryName;

/**
 * The files of a store, which several processes share. An entry never changes; who reads one holds it, and it is removed by a process
 * that finds nobody who holds it. Whoever dies, by `kill -9` too, holds nothing any more and leaves nothing that looks whole; where
 * nobody can tell whether they live, on a machine that has another name since, after a week.
 */
export class StoreFolder {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  pathOf(name: string): string {
    return path.join(this.folder, ENTRIES, name);
  }

  /** A file of its own to write to, that others remove when this process is gone. */
  async draft(): Promise<string> {
    const folder = await this.#make(DRAFTS);
    return path.join(folder, newHolder());
  }

  /** A folder that locks may stand in. */
  lockFolder(hash: string): Promise<string> {
    return this.#make(path.join(FETCHING, hash));
  }

  /** A draft that is on the disk as a whole becomes an entry. */
  async keep(draft: string, name: string): Promise<void> {
    const folder = await this.#make(ENTRIES);
    try {
      await rename(draft, path.join(folder, name));
      await syncFolder(folder);
    } catch (error) {
      throw writeFailure(error, path.join(folder, name));
    }
  }

  /** The oldest use first. */
  async entries(): Promise<FoundEntry[]> {
    const found = await Promise.all(
      (await this.#names(ENTRIES)).flatMap((file) => {
        const name = readEntryName(file);
        return name === undefined ? [] : [this.#entry(name)];
      }),
    );
    return found
      .filter((entry) => entry !== undefined)
      .sort((a, b) => a.usedAt.getTime() - b.usedAt.getTime() || (a.name < b.name ? -1 : 1));
  }

  async #entry(name: EntryName): Promise<FoundEntry | undefined> {
    const facts = await stat(this.pathOf(name.name)).catch(() => undefined);
    return facts === undefined ? undefined : { ...name, bytes: facts.size, usedAt: facts.mtime };
  }

  /** Entries of a key, the newest first. */
  async versions(hash: string, kind: Entry['kind']): Promise<FoundEntry[]> {
    const names = (await this.#names(ENTRIES)).flatMap((file) => readEntryName(file) ?? []);
    const own = names.filter((name) => name.hash === hash && name.kind === kind);
    return (await Promise.all(own.map((name) => this.#entry(name))))
      .filter((entry) => entry !== undefined)
      .sort((a, b) => b.fetchedAt.getTime() - a.fetchedAt.getTime() || b.usedAt.getTime() - a.usedAt.getTime());
  }

  /**
   * Keeps an entry from being removed, by whichever process.
   *
   * @returns lets go of it; undefined when it is gone
   */
  async hold(name: string): Promise<(() => Promise<void>) | undefined> {
    const mark = path.join(await this.#make(IN_USE), `${name}${HELD_BY}${newHolder()}`);
    await writeFile(mark, '', { mode: OWN_FILE });
    const hide = keepShowing(mark);
    const release = async () => {
      hide();
      await rm(mark, { force: true }).catch(() => {});
    };
    // Afterwards: who removes it looks for marks when it has no name any more, and gives it back.
    if (await exists(this.pathOf(name))) {
      await markUsed(this.pathOf(name));
      return release;
    }
    await release();
    return undefined;
  }

  /** @returns whether it is gone: not when somebody holds it */
  async remove(name: string): Promise<boolean> {
    if (await this.#isHeld(name)) {
      return false;
    }
    const file = this.pathOf(name);
    try {
      await rename(file, file + GOING);
    } catch (error) {
      return codeOf(error) === 'ENOENT';
    }
    if (await this.#isHeld(name)) {
      await rename(file + GOING, file).catch(() => {});
      return false;
    }
    await rm(file + GOING, { force: true });
    return true;
  }

  async #isHeld(name: string): Promise<boolean> {
    for (const mark of await this.#names(IN_USE)) {
      if (mark.startsWith(name + HELD_BY)) {
        const file = path.join(this.folder, IN_USE, mark);
        if (!(await isLeft(file, mark.slice(name.length + 1)))) {
          return true;
        }
        await rm(file, { force: true }).catch(() => {});
      }
    }
    return false;
  }

  /** Moves a file out of the way that is not what its name says. @returns where it is now */
  async setAside(name: string): Promise<string> {
    const target = path.join(await this.#make(ASIDE), `${name}.${randomUUID().slice(0, 8)}`);
    await rename(this.pathOf(name), target).catch((error: unknown) => {
      // Another process was faster.
      if (codeOf(error) !== 'ENOENT') {
        throw writeFailure(error, target);
      }
    });
    return target;
  }

  /** Removes what processes left that are gone. */
  async sweep(): Promise<void> {
    await removeLeft(path.join(this.folder, DRAFTS), (draft) => draft);
    await removeLeft(path.join(this.folder, IN_USE), (mark) => mark.slice(mark.indexOf(HELD_BY) + 1));
    for (const file of await this.#names(ENTRIES)) {
      const name = file.endsWith(GOING) ? file.slice(0, -GOING.length) : undefined;
      if (name !== undefined && readEntryName(name) !== undefined) {
        // Who was about to remove it may live, or be gone: it is given back, to be removed once more.
        await rename(path.join(this.folder, ENTRIES, file), this.pathOf(name)).catch(() => {});
      }
    }
  }

  /** Removes what was set aside before a time. */
  async forgetAside(before: Date): Promise<void> {
    for (const name of await this.#names(ASIDE)) {
      const file = path.join(this.folder, ASIDE, name);
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
      if (mtimeMs <= before.getTime()) {
        await rm(file, { force: true }).catch(() => {});
      }
    }
  }

  /** Removes all that nobody reads, for a store that is elsewhere now. @returns whether nothing is left */
  async empty(): Promise<boolean> {
    await this.sweep();
    for (const { name } of await this.entries()) {
      await this.remove(name);
    }
    await this.forgetAside(new Date());
    for (const folder of [ENTRIES, IN_USE, DRAFTS, ASIDE, FETCHING]) {
      // One that is not empty stays.
      await rmdir(path.join(this.folder, folder)).catch(() => {});
    }
    return (await this.#names(ENTRIES)).length === 0;
  }

  /** A copy of an entry of another folder; on the same disk it costs no room. */
  async adopt(file: string, name: string): Promise<void> {
    const draft = await this.draft();
    try {
      await link(file, draft).catch(() => copyFile(file, draft));
      const handle = await open(draft, 'r+');
      await handle.sync().finally(() => handle.close());
      await this.keep(draft, name);
    } finally {
      await rm(draft, { force: true }).catch(() => {});
    }
  }

  async #names(folder: string): Promise<string[]> {
    try {
      return await readdir(path.join(this.folder, folder));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') {
        return [];
      }
      throw error;
    }
  }

  async #make(name: string): Promise<string> {
    const folder = path.join(this.folder, name);
    try {
      await mkdir(folder, { recursive: true, mode: OWN_FOLDER });
    } catch (error) {
      throw writeFailure(error, folder);
    }
    return folder;
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
