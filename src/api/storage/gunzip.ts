import { createGunzip } from 'node:zlib';
import { BillingError } from '../http/errors.ts';

/**
 * Undoes gzip. Nothing bounds what a file unpacks to but the disk that it is written to: cost files shrink a hundredfold.
 *
 * @param operation opens the error message
 * @throws BillingError of kind `malformed` when the bytes are cut short, damaged or no gzip; whatever reading `packed` throws
 */
export async function* gunzip(
  packed: AsyncIterable<Uint8Array>,
  operation: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const unpack = createGunzip();
  let broken: { error: unknown } | undefined;
  const feed = (async () => {
    try {
      for await (const chunk of packed) {
        if (!unpack.write(chunk)) {
          await new Promise<void>((resolve) => {
            unpack.once('drain', resolve);
            unpack.once('close', resolve);
          });
        }
        if (unpack.destroyed) {
          return;
        }
      }
      unpack.end();
    } catch (error) {
      broken = { error };
      unpack.destroy();
    }
  })();
  try {
    for await (const chunk of unpack as AsyncIterable<Uint8Array>) {
      yield chunk;
    }
  } catch (error) {
    if (broken === undefined) {
      throw new BillingError('malformed', `${operation} failed: a gzip file is cut short or damaged.`, {
        advice: 'Nothing of it was kept; start again.',
        cause: error,
      });
    }
  } finally {
    unpack.destroy();
    await feed;
  }
  if (broken !== undefined) {
    throw broken.error;
  }
}
