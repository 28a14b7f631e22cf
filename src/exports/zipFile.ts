import { crc32 } from 'node:zlib';
import { type Entry, openPromise } from 'yauzl';
import { BillingError } from '../api/http/errors.ts';

/** One file of an archive. Its name is for messages and for its ending; it never becomes a path. */
export interface ZipEntry {
  name: string;
  /** Bytes it unpacks to, as declared; more or fewer are an error. */
  size: number;
  /** The bytes; checked against the declared size and checksum at the end. */
  read(): AsyncGenerator<Uint8Array, void, undefined>;
}

/**
 * Price sheets come in files of at most 75 MB. An archive that declares far more than any of them is a bomb; one that declares
 * less than it holds is stopped at what it declared. Bytes.
 */
const LARGEST_ENTRY = 1024 ** 3;
const LARGEST_ARCHIVE = 16 * 1024 ** 3;
const MOST_ENTRIES = 10_000;

/**
 * The files of a zip archive on the disk, in its own order, given to `use` while the archive is open. Folders are left out.
 *
 * @param operation opens every error message
 * @throws BillingError of kind `malformed` when it is no archive, is cut short, is encrypted, declares too much, or has a name
 *   that leads out of a folder
 */
export async function readZip<T>(
  file: string,
  operation: string,
  use: (entries: ZipEntry[]) => Promise<T>,
): Promise<T> {
  const refuse = (reason: string, cause?: unknown) =>
    new BillingError('malformed', `${operation} failed: the zip file that came ${reason}.`, {
      advice: 'Nothing of it was kept; start again.',
      cause,
    });
  const archive = await openPromise(file, { autoClose: false }).catch((error: unknown) => {
    throw refuse('is cut short or is none', error);
  });
  try {
    const entries: ZipEntry[] = [];
    let declared = 0;
    try {
      for await (const entry of archive.eachEntry()) {
        if (entry.fileName.endsWith('/')) {
          continue;
        }
        declared += entry.uncompressedSize;
        if (entry.uncompressedSize > LARGEST_ENTRY || declared > LARGEST_ARCHIVE || entries.length >= MOST_ENTRIES) {
          throw refuse('unpacks to more than any real one');
        }
        if (entry.isEncrypted()) {
          throw refuse('is encrypted');
        }
        entries.push({ name: entry.fileName, size: entry.uncompressedSize, read: () => content(entry) });
      }
    } catch (error) {
      // The library refuses names such as '../x' and '/x' by itself.
      throw error instanceof BillingError ? error : refuse(`cannot be used (${messageOf(error)})`, error);
    }
    return await use(entries);
  } finally {
    archive.close();
  }

  async function* content(entry: Entry): AsyncGenerator<Uint8Array, void, undefined> {
    const damaged = (cause: unknown) => refuse(`is damaged (${messageOf(cause)})`, cause);
    const stream = await archive.openReadStreamPromise(entry).catch((error: unknown) => {
      throw damaged(error);
    });
    let sum = 0;
    try {
      for await (const chunk of stream as AsyncIterable<Uint8Array>) {
        sum = crc32(chunk, sum);
        yield chunk;
      }
    } catch (error) {
      throw damaged(error);
    }
    if (sum !== entry.crc32) {
      throw damaged(new Error('a checksum does not match'));
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
