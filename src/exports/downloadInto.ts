import { open } from 'node:fs/promises';
import type { SendOptions } from '../api/http/client.ts';
import { readBlob } from '../api/storage/blob.ts';
import type { StorageClient } from '../api/storage/storageClient.ts';
import type { PartialFile } from './partialFile.ts';

export interface DownloadOptions extends SendOptions {
  /** Bytes that arrived, of how many; undefined where storage does not tell. */
  onBytes?: ((received: number, total: number | undefined) => void) | undefined;
}

/** A file that was saved. */
export interface SavedFile {
  /** Absolute path. */
  file: string;
  bytes: number;
}

/** The bytes of a storage address, counted for whoever watches. */
export async function* watchedBlob(
  storage: StorageClient,
  address: string,
  operation: string,
  { onBytes, signal, onWait }: DownloadOptions,
  expectedBytes?: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let received = 0;
  let total = expectedBytes;
  const onStart = (size: number) => {
    total = size;
  };
  for await (const chunk of readBlob(storage, address, { operation, signal, onWait, onStart, expectedBytes })) {
    received += chunk.length;
    onBytes?.(received, total);
    yield chunk;
  }
}

/** Writes everything, and brings it to the disk. */
export async function fill(target: PartialFile, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) {
    await target.write(chunk);
  }
  await target.complete();
}

/** Whether a file on the disk is a zip archive: by how it begins, whatever the service calls it. */
export async function isZip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    const start = buffer.toString('latin1', 0, bytesRead);
    // The second is an archive without a file in it.
    return start === 'PK\x03\x04' || start === 'PK\x05\x06';
  } finally {
    await handle.close();
  }
}
