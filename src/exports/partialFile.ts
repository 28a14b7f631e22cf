import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { writeFailure } from '../disk/writeFailure.ts';
import { claimFile } from '../jobs/fileClaims.ts';

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
  readonly #free: () => void;
  #bytes = 0;
  #open = true;
  #over = false;

  private constructor(file: string, partial: string, handle: FileHandle, free: () => void) {
    this.file = file;
    this.partial = partial;
    this.#handle = handle;
    this.#free = free;
  }

  /**
   * @param ending what stands behind the name until the file is whole; two of a kind cannot be written at once
   * @throws Error with a sentence for the user
   */
  static async create(file: string, ending = '.partial'): Promise<PartialFile> {
    const partial = `${file}${ending}`;
    const free = claimFile(partial, file);
    try {
      return new PartialFile(file, partial, await open(partial, 'w'), free);
    } catch (error) {
      free();
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
      this.#end();
    } catch (error) {
      throw writeFailure(error, this.file);
    }
  }

  /** Leaves nothing behind. Never rejects: there is a failure to tell already. */
  async discard(): Promise<void> {
    if (!this.#over) {
      await this.#close().catch(() => {});
      await rm(this.partial, { force: true }).catch(() => {});
      this.#end();
    }
  }

  #end(): void {
    this.#over = true;
    this.#free();
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
