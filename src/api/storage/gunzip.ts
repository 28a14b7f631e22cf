import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { BillingError } from '../http/errors.ts';

/** Some hundred rows. Bytes. */
const CHUNK_SIZE = 256 * 1024;

/**
 * Undoes gzip. Nothing bounds what a file unpacks to but where it is written: cost files shrink a hundredfold.
 *
 * @param operation opens the error message
 * @param file how the message names the file
 * @throws BillingError of kind `malformed` when the bytes are cut short, damaged or no gzip; whatever reading `packed` throws
 */
export async function* gunzip(
  packed: AsyncIterable<Uint8Array>,
  operation: string,
  file = 'a gzip file',
): AsyncGenerator<Uint8Array, void, undefined> {
  const unpack = createGunzip({ chunkSize: CHUNK_SIZE });
  // What fails on either side comes out where the result is read.
  const fed = pipeline(packed, unpack).catch(() => {});
  try {
    yield* unpack as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (!isZlibError(error)) {
      throw error;
    }
    throw damaged(operation, file, error);
  } finally {
    // Who stops reading ends the source, too.
    unpack.destroy();
    await fed;
  }
  // A file of no bytes is no gzip either, and the stream does not mind it.
  if (unpack.bytesWritten === 0) {
    throw damaged(operation, file);
  }
}

function damaged(operation: string, file: string, cause?: unknown): BillingError {
  return new BillingError('malformed', `${operation} failed: ${file} is cut short, damaged or not gzip.`, {
    advice: 'Nothing of it was kept; start again.',
    cause,
  });
}

function isZlibError(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('Z_');
}
