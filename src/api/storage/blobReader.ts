import type { SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import type { WireResponse } from '../http/transport.ts';
import { callInfo, openStorage, type StorageCall, type StorageClient, waitToRepeat } from './storageClient.ts';

/** What the first answer tells of a file; the others have to agree. */
export interface BlobFacts {
  /** Bytes; undefined when storage does not tell. */
  total: number | undefined;
  eTag: string | undefined;
  /** Base64, of the whole file. */
  md5: string | undefined;
}

interface BlobReaderOptions {
  signal: AbortSignal;
  onWait?: SendOptions['onWait'];
  onFacts(facts: BlobFacts): void;
  /** The version that is wanted; left out: whichever is there first. */
  eTag?: string | undefined;
}

/** A try that brought this much was not in vain: it does not count towards the failures in a row. Bytes. */
const PROGRESS = 64 * 1024;

/** Reads spans of one file, and makes sure that they are of the same version of it. */
export class BlobReader {
  readonly #storage: StorageClient;
  readonly #call: StorageCall;
  readonly #options: BlobReaderOptions;
  /** Of an empty file no span can be asked for: there is no first byte. */
  #inSpans = true;
  /** Known once the first answer is there. */
  facts: BlobFacts | undefined;

  constructor(storage: StorageClient, call: StorageCall, options: BlobReaderOptions) {
    this.#storage = storage;
    this.#call = call;
    this.#options = options;
  }

  /**
   * The bytes from `start` to `end`, both inclusive, as far as the file goes; all of it when storage gives no spans. What breaks
   * is resumed from where it stopped.
   */
  async *span(start: number, end: number): AsyncGenerator<Uint8Array, void, undefined> {
    let at = start;
    let until = end;
    let failures = 0;
    for (;;) {
      const before = at;
      try {
        const { body, skip, last } = await this.#open(at, until);
        until = last ?? Number.POSITIVE_INFINITY;
        let dropped = 0;
        for await (const raw of body) {
          const drop = Math.min(skip - dropped, raw.length);
          dropped += drop;
          const chunk = raw.subarray(drop, last === undefined ? undefined : drop + last + 1 - at);
          at += chunk.length;
          if (chunk.length > 0) {
            yield chunk;
          }
        }
        if (last === undefined || at > last) {
          return;
        }
        throw this.#failure('malformed', 'storage ended the file too early', { retryable: true });
      } catch (error) {
        failures = at - before >= PROGRESS ? 0 : failures;
        await waitToRepeat(this.#storage, this.#call, error, failures++, this.#options);
      }
    }
  }

  /** An answer that has the byte `at`: behind `skip` others, and with more up to `last`, or to its end where that is not known. */
  async #open(
    at: number,
    end: number,
  ): Promise<{ body: WireResponse['body']; skip: number; last: number | undefined }> {
    const { eTag } = this.facts ?? this.#options;
    const condition = eTag === undefined ? {} : { 'if-match': eTag };
    const span = this.#inSpans ? { range: `bytes=${at}-${Number.isFinite(end) ? end : ''}` } : {};
    const headers = { ...condition, ...span };
    const response = await openStorage(this.#storage, this.#call, headers, this.#options.signal, [412, 416]);
    const { status, body } = response;
    if (status === 412) {
      await discard(body);
      throw this.#changed();
    }
    if (status === 416) {
      await discard(body);
      if (this.facts !== undefined || !this.#inSpans) {
        throw this.#changed();
      }
      this.#inSpans = false;
      return this.#open(at, end);
    }
    if (status === 206) {
      const [, from, to, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(response.headers['content-range'] ?? '') ?? [];
      if (Number(from) !== at || to === undefined || total === undefined) {
        await discard(body);
        throw this.#failure('malformed', 'storage sent another part of the file than was asked for');
      }
      await this.#learn(response, Number(total), response.headers['x-ms-blob-content-md5']);
      return { body, skip: 0, last: Math.min(end, Number(total) - 1) };
    }
    await this.#learn(response, lengthOf(response), response.headers['content-md5']);
    const total = this.facts?.total;
    // Of a first answer without spans everything is taken; a later one only fills in what was asked for.
    const wanted = at === 0 || total === undefined ? total : Math.min(end + 1, total);
    return { body, skip: at, last: wanted === undefined ? undefined : wanted - 1 };
  }

  async #learn(response: WireResponse, total: number | undefined, md5: string | undefined): Promise<void> {
    const { headers, body } = response;
    const eTag = headers.etag;
    try {
      if (/^text\/html\b/i.test(headers['content-type'] ?? '') && headers['x-ms-blob-type'] === undefined) {
        throw this.#failure('malformed', 'the answer is a web page, not the file', {
          advice: 'A proxy or a sign-in page of the network may stand between; open the network in a browser.',
        });
      }
      if (this.facts === undefined) {
        this.facts = { total, eTag, md5 };
        this.#options.onFacts(this.facts);
      } else if (eTag !== this.facts.eTag || total !== this.facts.total) {
        throw this.#changed();
      }
    } catch (error) {
      await discard(body);
      throw error;
    }
  }

  #changed(): BillingError {
    return this.#failure('malformed', 'the file was changed while it was downloaded', {
      advice: 'Nothing of it was kept; start again.',
    });
  }

  #failure(
    kind: BillingError['kind'],
    reason: string,
    fields: { retryable?: boolean; advice?: string } = {},
  ): BillingError {
    const call = callInfo(this.#call);
    return new BillingError(kind, `${call.operation} failed: ${reason}.`, { ...fields, call });
  }
}

function lengthOf({ headers }: WireResponse): number | undefined {
  const text = headers['content-length'];
  return text === undefined ? undefined : Number(text);
}

/** Ends an answer whose rest nobody wants. */
async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const _ of body) {
      return;
    }
  } catch {
    // It is given up anyway.
  }
}
