import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Sink } from '../records/output.ts';

/** The editor gives no extension a document above this; such ones become files. Bytes. */
const LARGEST_DOCUMENT = 50 * 1024 * 1024;

/** Large documents are removed this long after they were written. Milliseconds. */
const KEEP_LARGE = 7 * 24 * 3600_000;

/** Keeps bytes in memory until they are too many for an editor document, then moves on to a file. */
export class SpillingSink implements Sink {
  readonly #root: string;
  readonly #file: string;
  /** Of this sink alone: another window may write the same document at the same time. */
  readonly #partial: string;
  #chunks: Uint8Array[] = [];
  #size = 0;
  #handle: FileHandle | undefined;

  /**
   * @param root folder of all large documents, made when needed
   * @param identity what the document is; two documents of one name get files of their own
   * @param name file name that the tab shows
   */
  constructor(root: string, identity: string, name: string) {
    const safeName = name.replace(/[\\/:*?"<>|]/g, ' ');
    this.#root = root;
    this.#file = path.join(root, createHash('sha256').update(identity).digest('hex').slice(0, 16), safeName);
    this.#partial = `${this.#file}.${randomUUID()}.partial`;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#size += chunk.length;
    if (this.#handle !== undefined) {
      await this.#handle.writeFile(chunk);
      return;
    }
    this.#chunks.push(chunk);
    if (this.#size > LARGEST_DOCUMENT) {
      await removeOld(this.#root);
      await mkdir(path.dirname(this.#file), { recursive: true });
      this.#handle = await open(this.#partial, 'wx');
      for (const kept of this.#chunks.splice(0)) {
        await this.#handle.writeFile(kept);
      }
    }
  }

  async restart(): Promise<void> {
    await this.discard();
    this.#handle = undefined;
    this.#size = 0;
  }

  /** The content, or the path of the file that holds it. */
  async finish(): Promise<Uint8Array | string> {
    if (this.#handle === undefined) {
      return Buffer.concat(this.#chunks);
    }
    await this.#handle.close();
    await rename(this.#partial, this.#file);
    return this.#file;
  }

  /** Leaves nothing behind of a document that was not finished. */
  async discard(): Promise<void> {
    this.#chunks = [];
    if (this.#handle !== undefined) {
      await this.#handle.close().catch(() => {});
      await rm(this.#partial, { force: true });
    }
  }
}

/** Each document has a folder of its own, as old as the last thing written in it. */
async function removeOld(root: string): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const name of await readdir(root)) {
    const folder = path.join(root, name);
    // Another window may remove it at the same time.
    const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > KEEP_LARGE) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
