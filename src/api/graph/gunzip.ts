import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { BillingError } from '../http/errors.ts';

/** Some hundred rows. Bytes. */
const CHUNK_SIZE = 256 * 1024;

/**
 * Undoes gzip.
 *
 * @param operation opens the error message
 * @param file how the message names the file
 * @throws BillingError of kind `malformed` when the bytes are cut short, damaged or no gzip; whatever reading `packed` throws
 */
export async function* gunzip(
  packed: AsyncIterable<Uint8Array>,
  operation: string,
  file: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const unpack = createGunzip({ chunkSize: CHUNK_SIZE });
  // What fails on either side comes out where the result is read.
  pipeline(Readable.from(packed), unpack).catch(() => {});
  try {
    yield* unpack as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (!isZlibError(error)) {
      throw error;
    }
    throw damaged(operation, file, error);
  }
  // A file of no bytes is no gzip either, and the stream does not mind it.
  if (unpack.bytesWritten === 0) {
    throw damaged(operation, file);
  }
}

function damaged(operation: string, file: string, cause?: unknown): BillingError {
  return new BillingError('malformed', `${operation} failed: ${file} is cut short, damaged or not gzip.`, {
    advice: 'Nothing of it is complete; start the export again.',
    cause,
  });
}

function isZlibError(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('Z_');
}
