import { createHash, type Hash } from 'node:crypto';
import type { SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import { type BlobFacts, BlobReader } from './blobReader.ts';
import type { StorageClient } from './storageClient.ts';

export interface BlobOptions extends SendOptions {
  /** What the user would call it, e.g. "Download the invoice"; opens every error message. */
  operation: string;
  /** Bytes that whoever gave the address said the file has. */
  expectedBytes?: number | undefined;
  /** Where to begin, in bytes, after what was read before; left out: 0. What came before is not checked again. */
  start?: number | undefined;
  /** The version that was read before: another one is refused. */
  eTag?: string | undefined;
  /** Called with what storage tells of the file, before the first bytes are given. */
  onFacts?: ((facts: BlobFacts) => void) | undefined;
  /** Called with the size in bytes, before the first of them are given, where storage tells it. */
  onStart?: ((total: number) => void) | undefined;
  /** Bytes asked for at a time. */
  partSize?: number | undefined;
  /** How many parts may be on their way; each is held in memory until its turn. */
  parallel?: number | undefined;
}

/** Big enough that round trips do not count, small enough to repeat and to hold some of. Bytes. */
const PART_SIZE = 8 * 1024 * 1024;
const PARALLEL = 4;

/**
 * The bytes of a file behind a storage address with a signature in it (REST reference: Get Blob), in order. Large files come
 * in several requests side by side; whatever breaks is resumed from where it stopped. Neither token nor `ClientType` is sent.
 *
 * It ends only when the file is whole: its length, its MD5 where storage knows one, and `expectedBytes` are checked, and every
 * request asks for the version of the file that the first one found. Who stops reading early ends all requests.
 *
 * @param address sent exactly as it is, and masked in errors and in the log
 * @throws BillingError; or the signal's reason when it is aborted
 */
export async function* readBlob(
  storage: StorageClient,
  address: string,
  options: BlobOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { operation, expectedBytes, onWait, onStart, partSize = PART_SIZE, parallel = PARALLEL } = options;
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const { start = 0, eTag } = options;
  const onFacts = (facts: BlobFacts) => {
    checkLength(operation, facts.total, expectedBytes);
    options.onFacts?.(facts);
    if (facts.total !== undefined) {
      onStart?.(facts.total);
    }
  };
  const reader = new BlobReader(storage, { operation, address }, { signal, onWait, onFacts, eTag });
  let received = start;
  let hash: Hash | undefined;
  try {
    for await (const chunk of inOrder(reader, start, partSize, parallel)) {
      hash ??= reader.facts?.md5 === undefined || start > 0 ? undefined : md5();
      hash?.update(chunk);
      received += chunk.length;
      yield chunk;
    }
  } finally {
    stop.abort();
  }
  checkLength(operation, received, expectedBytes);
  if (hash !== undefined && hash.digest('base64') !== reader.facts?.md5) {
    throw damaged(operation, 'what arrived does not match the checksum of the file');
  }
}

/** The first part as it comes, which tells how many more there are; of those, some are on their way at a time. */
async function* inOrder(
  reader: BlobReader,
  start: number,
  partSize: number,
  parallel: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let next = start;
  for await (const chunk of reader.span(start, start + partSize - 1)) {
    next += chunk.length;
    yield chunk;
  }
  const total = reader.facts?.total ?? next;
  const coming: Promise<Uint8Array[]>[] = [];
  for (;;) {
    for (; next < total && coming.length < parallel; next += partSize) {
      const part = collect(reader.span(next, Math.min(next + partSize, total) - 1));
      // It may fail before its turn, and is told then.
      part.catch(() => {});
      coming.push(part);
    }
    const part = coming.shift();
    if (part === undefined) {
      return;
    }
    yield* await part;
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const kept: Uint8Array[] = [];
  for await (const chunk of chunks) {
    kept.push(chunk);
  }
  return kept;
}

/** A machine under FIPS rules has no MD5; then lengths and TLS have to do. */
function md5(): Hash | undefined {
  try {
    return createHash('md5');
  } catch {
    return undefined;
  }
}

function checkLength(operation: string, bytes: number | undefined, expected: number | undefined): void {
  if (bytes !== undefined && expected !== undefined && bytes !== expected) {
    throw damaged(operation, `the file has ${bytes} bytes and was announced with ${expected}`);
  }
}

function damaged(operation: string, reason: string): BillingError {
  return new BillingError('malformed', `${operation} failed: ${reason}.`, {
    advice: 'Nothing of it was kept; start again.',
  });
}
