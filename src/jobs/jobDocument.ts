import { createHash, type Hash } from 'node:crypto';
import { AppendFile } from './appendFile.ts';
import type { DocumentMark } from './journal.ts';

/** A place in the document, and the digest of all before it. */
export interface Place {
  bytes: number;
  hash: Hash;
}

/** Where a document is written. */
export interface DocumentFile {
  /** Absolute path. */
  file: string;
  /** Length of what stands before every row of a part. */
  separator: number;
  /** Of a new file, on a POSIX system; left out: what its owner's files usually have. */
  mode?: number;
}

/**
 * The one file that all pieces end up in, with the digest of what it holds. Its head is written with the first row, whose separator
 * is left out.
 */
export class JobDocument {
  readonly #file: AppendFile;
  readonly #separator: number;
  #hash: Hash;

  private constructor(file: AppendFile, separator: number, hash: Hash) {
    this.#file = file;
    this.#separator = separator;
    this.#hash = hash;
  }

  /**
   * Opens the document at the end of what is known of it, which is read once more: that proves it.
   *
   * @param wanted a place further up whose digest is needed
   * @returns undefined when what was written is gone, or is not what was written
   * @throws Error with a sentence for the user; the signal's reason
   */
  static async open(
    { file: path, separator, mode }: DocumentFile,
    { bytes, sha256 }: DocumentMark,
    wanted: number,
    signal: AbortSignal,
  ): Promise<{ document: JobDocument; place: Place } | undefined> {
    const file = await AppendFile.open(path, bytes, mode);
    if (file === undefined) {
      return undefined;
    }
    const hash = createHash('sha256');
    try {
      await digest(file, 0, wanted, hash, signal);
      const place = { bytes: wanted, hash: hash.copy() };
      await digest(file, wanted, bytes, hash, signal);
      if (bytes === 0 || hash.copy().digest('hex') === sha256) {
        return { document: new JobDocument(file, separator, hash), place };
      }
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    return undefined;
  }

  get bytes(): number {
    return this.#file.length;
  }

  /** The place behind the last row. */
  get place(): Place {
    return { bytes: this.#file.length, hash: this.#hash.copy() };
  }

  /** SHA-256 of all that was written, hexadecimal. */
  get sha256(): string {
    return sha256At(this.place);
  }

  /**
   * Appends rows, each behind its separator.
   *
   * @param head is written before the first row of all
   * @throws Error with a sentence for the user
   */
  async rows(rows: Uint8Array, head: () => Promise<Uint8Array>): Promise<void> {
    if (rows.length > 0) {
      await this.raw(this.bytes > 0 ? rows : Buffer.concat([await head(), rows.subarray(this.#separator)]));
    }
  }

  /** Appends what is no row. @throws Error with a sentence for the user */
  async raw(bytes: Uint8Array): Promise<void> {
    await this.#file.append(bytes);
    this.#hash.update(bytes);
  }

  /** Forgets what stands behind a place. @throws Error with a sentence for the user */
  async returnTo({ bytes, hash }: Place): Promise<void> {
    await this.#file.cut(bytes);
    this.#hash = hash.copy();
  }

  /** @throws Error with a sentence for the user */
  sync(): Promise<void> {
    return this.#file.sync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

export function sha256At({ hash }: Place): string {
  return hash.copy().digest('hex');
}

async function digest(file: AppendFile, from: number, to: number, hash: Hash, signal: AbortSignal): Promise<void> {
  for await (const chunk of file.read(from, to)) {
    signal.throwIfAborted();
    hash.update(chunk);
  }
}
