import type { ArmClient } from '../../api/arm/armClient.ts';
import type { SendOptions } from '../../api/http/client.ts';
import { BillingError } from '../../api/http/errors.ts';
import { readBlob } from '../../api/storage/blob.ts';
import { plainBytes } from '../plainBytes.ts';
import type { CostReport } from './costReport.ts';
import { markRefused } from './marks.ts';
import { firstRowEnd, wholeRows } from './wholeRows.ts';

/** Where one of the files of a report was left. */
export interface FilePlace {
  /** Bytes that were read, gzip undone. */
  offset: number;
  /** Version of the file. */
  eTag?: string | undefined;
  /** Its header row, with the line's end. */
  header?: string | undefined;
  packed: boolean;
}

/** Nothing of a file was read. */
export const FILE_START: FilePlace = { offset: 0, packed: false };

const OPERATION = 'Download cost details';

/** One file of a report, from where it was left. */
export class ReportFile {
  /** Behind the rows that were given. */
  place: FilePlace;
  readonly #arm: ArmClient;
  readonly #report: CostReport;
  readonly #file: number;
  readonly #options: SendOptions;
  readonly #resumed: boolean;

  constructor(arm: ArmClient, report: CostReport, file: number, place: FilePlace, options: SendOptions) {
    const { offset, eTag, header, packed } = place;
    this.#arm = arm;
    this.#report = report;
    this.#file = file;
    this.#options = options;
    this.#resumed = offset > 0;
    this.place = { offset, eTag, header, packed };
  }

  /** Nothing for a file of no bytes. */
  get header(): { header?: Uint8Array } {
    const { header } = this.place;
    return header === undefined ? {} : { header: Buffer.from(header) };
  }

  /** Whole rows without the header. */
  async *rows(): AsyncGenerator<Uint8Array, void, undefined> {
    let worked = true;
    for (;;) {
      try {
        for await (const rows of this.#rest()) {
          worked = true;
          yield rows;
        }
        return;
      } catch (error) {
        // A signature that never worked would not work when it is renewed either.
        if (!worked || !isRefusedSignature(error)) {
          throw error;
        }
        await this.#report.renew();
        worked = false;
      }
    }
  }

  /** The rows behind its place. */
  async *#rest(): AsyncGenerator<Uint8Array, void, undefined> {
    const { blobLink, byteCount } = (await this.#report.files())[this.#file] ?? { blobLink: '' };
    const size = Number(byteCount ?? Number.NaN);
    const { offset, packed } = this.place;
    if (!packed && offset > 0 && offset === size) {
      return;
    }
    const read = (start: number) =>
      readBlob(this.#arm.storage, blobLink, {
        ...this.#options,
        operation: OPERATION,
        start,
        ...(Number.isSafeInteger(size) ? { expectedBytes: size } : {}),
        eTag: this.place.eTag,
        onFacts: ({ eTag }) => {
          this.place = { ...this.place, eTag };
        },
      });
    // Of a packed file nothing can be left out: what was read is read again and dropped.
    const plain =
      offset > 0 && !packed
        ? read(offset)
        : behind(
            offset,
            plainBytes(read(0), () => this.#isPacked()),
          );
    try {
      yield* this.#withoutHeader(wholeRows(plain));
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #isPacked(): void {
    this.place = { ...this.place, packed: true };
  }

  async *#withoutHeader(rows: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of rows) {
      const { offset, header } = this.place;
      const start = header === undefined ? firstRowEnd(chunk) : 0;
      this.place = {
        ...this.place,
        offset: offset + chunk.length,
        header: header ?? Buffer.from(chunk.subarray(0, start)).toString(),
      };
      yield chunk.subarray(start);
    }
  }

  #failure(error: unknown): unknown {
    if (error instanceof RangeError) {
      return new BillingError('malformed', `${OPERATION} failed: ${error.message}.`, {
        advice: 'Nothing of it was kept; start again.',
        cause: error,
      });
    }
    const changed = error instanceof BillingError && error.kind === 'malformed' && !error.retryable;
    return this.#resumed && changed ? markRefused('the file has changed', error) : error;
  }
}

/** Storage has several codes for a signature that has run out, and one status. */
function isRefusedSignature(error: unknown): boolean {
  return error instanceof BillingError && error.kind === 'refused' && error.status === 403;
}

/** What comes behind the first `count` bytes. */
async function* behind(count: number, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let left = count;
  for await (const chunk of bytes) {
    const rest = chunk.subarray(left);
    left -= chunk.length - rest.length;
    if (rest.length > 0) {
      yield rest;
    }
  }
}
