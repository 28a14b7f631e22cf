import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Targets that are being written by this window: two downloads into one file would mix. */
const busy = new Set<string>();

/**
 * A file that looks whole only when it is: it is written under its name with `.partial` behind it, brought to the disk, and
 * renamed at the end. A download that fails or is cancelled removes what it wrote; one that a crash ended leaves a `.partial`
 * file, which the next download into the same file overwrites.
 */
export class PartialFile {
  readonly file: string;
  /** Where the bytes are until they are whole. */
  readonly partial: string;
  readonly #handle: FileHandle;
  #bytes = 0;
  #open = true;

  private constructor(file: string, partial: string, handle: FileHandle) {
    this.file = file;
    this.partial = partial;
    this.#handle = handle;
  }

  /**
   * @param ending what stands behind the name until the file is whole; two of a kind cannot be written at once
   * @throws Error with a sentence for the user
   */
  static async create(file: string, ending = '.partial'): Promise<PartialFile> {
    const partial = `${file}${ending}`;
    if (busy.has(partial)) {
      throw new Error(`file: '${file}' is being written already.`);
    }
    busy.add(partial);
    try {
      return new PartialFile(file, partial, await open(partial, 'w'));
    } catch (error) {
      busy.delete(partial);
      throw writeFailure(error, file);
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  async write(chunk: Uint8Array): Promise<void> {
    try {
      await this.#handle.writeFile(chunk);
    } catch (error) {
      throw writeFailure(error, this.file);
    }
    this.#bytes += chunk.length;
  }

  /** Everything is written: brings it to the disk. */
  async complete(): Promise<void> {
    try {
      await this.#handle.sync();
      await this.#close();
    } catch (error) {
      throw writeFailure(error, this.file);
    }
  }

  /** Gives the complete file its name, in place of one that has it. */
  async publish(): Promise<void> {
    try {
      await rename(this.partial, this.file);
      busy.delete(this.partial);
    } catch (error) {
      throw writeFailure(error, this.file);
    }
  }

  /** Leaves nothing behind. Never rejects: there is a failure to tell already. */
  async discard(): Promise<void> {
    if (busy.has(this.partial)) {
      await this.#close().catch(() => {});
      await rm(this.partial, { force: true }).catch(() => {});
      busy.delete(this.partial);
    }
  }

  async #close(): Promise<void> {
    if (this.#open) {
      this.#open = false;
      await this.#handle.close();
    }
  }
}

/**
 * Writes one file as a whole.
 *
 * @returns what `write` gave, and the bytes of the file
 */
export async function writeWhole<T>(
  file: string,
  write: (target: PartialFile) => Promise<T>,
): Promise<{ value: T; bytes: number }> {
  const target = await PartialFile.create(file);
  try {
    const value = await write(target);
    await target.complete();
    await target.publish();
    return { value, bytes: target.bytes };
  } catch (error) {
    await target.discard();
    throw error;
  }
}

/** What is wrong with the disk or the path, in a sentence. */
export function writeFailure(error: unknown, file: string): Error {
  const code = (error as { code?: unknown } | null)?.code;
  const reason = typeof code === 'string' ? REASONS.get(code) : undefined;
  const text =
    reason?.replace('{folder}', path.dirname(file)) ?? (error instanceof Error ? error.message : String(error));
  return new Error(`file: '${file}' cannot be written: ${text}.`, { cause: error });
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'your share of the disk is used up'],
  ['EFBIG', 'the disk takes no file that large'],
  ['ENOENT', "the folder '{folder}' does not exist"],
  ['ENOTDIR', "'{folder}' is not a folder"],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'you have no right to'],
  ['EPERM', 'you have no right to, or another program has it open'],
  ['EBUSY', 'another program has it open'],
  ['EROFS', 'the disk is read-only'],
  ['ENAMETOOLONG', 'its name is too long'],
]);
