import { type FileHandle, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { writeFailure } from '../disk/writeFailure.ts';

/** Read at once where bytes are moved or checked: long enough to be fast, short enough to let others work in between. */
const STEP = 1024 * 1024;

/** A file that grows at its end, and can be cut back to an earlier one. Nobody else writes to it. */
export class AppendFile {
  readonly file: string;
  readonly #handle: FileHandle;
  /** Whether the file system tells how many names a file has. */
  readonly #countsNames: boolean;
  #length: number;
  /** Whether it has bytes that may not be on the disk yet. */
  #dirty = false;

  private constructor(file: string, handle: FileHandle, length: number, countsNames: boolean) {
    this.file = file;
    this.#handle = handle;
    this.#length = length;
    this.#countsNames = countsNames;
  }

  /**
   * Opens a file at the end of what is known of it; bytes behind that are cut off. A length of 0 begins it anew.
   *
   * @param mode of a new file, on a POSIX system; left out: what its owner's files usually have
   * @returns undefined when the file is gone or shorter than it should be
   * @throws Error with a sentence for the user
   */
  static async open(file: string, length: number, mode?: number): Promise<AppendFile | undefined> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(file, length === 0 ? 'w+' : 'r+', mode);
      const { size, nlink } = await handle.stat();
      if (size < length) {
        await handle.close();
        return undefined;
      }
      await handle.truncate(length);
      return new AppendFile(file, handle, length, nlink > 0);
    } catch (error) {
      await handle?.close().catch(() => {});
      if (length > 0 && (error as NodeJS.ErrnoException).code === 'ENOENT') {
        return undefined;
      }
      throw writeFailure(error, file);
    }
  }

  get length(): number {
    return this.#length;
  }

  /** @throws Error with a sentence for the user; the file may then have a part of the chunk behind its length */
  async append(chunk: Uint8Array): Promise<void> {
    this.#dirty = true;
    try {
      for (let done = 0; done < chunk.length; ) {
        const { bytesWritten } = await this.#handle.write(chunk, done, chunk.length - done, this.#length + done);
        done += bytesWritten;
      }
    } catch (error) {
      throw writeFailure(error, this.file);
    }
    this.#length += chunk.length;
  }

  /** @throws Error with a sentence for the user */
  async cut(length: number): Promise<void> {
    this.#dirty = true;
    try {
      await this.#handle.truncate(length);
    } catch (error) {
      throw writeFailure(error, this.file);
    }
    this.#length = length;
  }

  /** Brings what was appended to the disk. @throws Error with a sentence for the user */
  async sync(): Promise<void> {
    if (!this.#dirty) {
      return;
    }
    this.#dirty = false;
    try {
      await this.#handle.datasync();
      await this.#requireName();
    } catch (error) {
      this.#dirty = true;
      throw writeFailure(error, this.file);
    }
  }

  /** A file that was deleted takes more bytes on many systems, and is lost with all of them when it is closed. */
  async #requireName(): Promise<void> {
    if (this.#countsNames && (await this.#handle.stat()).nlink === 0) {
      // That a whole folder is gone says more.
      await stat(path.dirname(this.file));
      throw new Error('it was deleted meanwhile; try again');
    }
  }

  /**
   * The bytes from one position to another, some at a time; those that were given are valid until the next are asked for.
   *
   * @throws Error with a sentence for the user
   */
  async *read(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined> {
    // Kept: new memory for each step would pile up faster than it is collected.
    const room = Buffer.allocUnsafeSlow(Math.max(0, Math.min(STEP, to - from)));
    for (let at = from; at < to; ) {
      const { bytesRead, buffer } = await this.#readAt(room, at, Math.min(STEP, to - at));
      if (bytesRead === 0) {
        throw new Error(`file: '${this.file}' became shorter while it was read.`);
      }
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  }

  async #readAt(room: Buffer, at: number, length: number): Promise<{ bytesRead: number; buffer: Uint8Array }> {
    try {
      return await this.#handle.read(room, 0, length, at);
    } catch (error) {
      throw writeFailure(error, this.file);
    }
  }

  /** Never rejects: what had to reach the disk was synced before. */
  async close(): Promise<void> {
    await this.#handle.close().catch(() => {});
  }
}
