import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { PageCodec } from '../records/parquetColumn.ts';

/** How answers are packed. */
export type AnswerCodec = 'zstd' | 'gzip';

/** Node has zstd since 22.15; editors may bring an older one. */
const hasZstd = typeof zlib.zstdCompress === 'function';

/** @returns the codec of new files */
export const answerCodec: AnswerCodec = hasZstd ? 'zstd' : 'gzip';

const { constants } = zlib;

/**
 * Records that follow each other have most bytes in common, a few kilobytes apart: long matches in a small table of hashes are found
 * fastest. The checksum tells a block that was damaged on the disk.
 */
const ANSWERS = {
  [constants.ZSTD_c_compressionLevel]: 1,
  [constants.ZSTD_c_windowLog]: 22,
  [constants.ZSTD_c_hashLog]: 14,
  [constants.ZSTD_c_minMatch]: 7,
  [constants.ZSTD_c_checksumFlag]: 1,
};

/** Results come in pieces of 16 KB when nothing is said, each with a turn of its own. Bytes. */
const PACKED = 256 * 1024;
const ROOM = 1024;
const MOST = 2 ** 30;

/** Of a page of a column, with a checksum as well: engines refuse a page that was damaged. */
const COLUMNS = {
  [constants.ZSTD_c_compressionLevel]: 1,
  [constants.ZSTD_c_windowLog]: 18,
  [constants.ZSTD_c_hashLog]: 14,
  [constants.ZSTD_c_minMatch]: 6,
  [constants.ZSTD_c_checksumFlag]: 1,
};

/**
 * Packs one text after the other, each for itself. What is made anew for each text is memory that the engine does not see, and collects
 * everything for: so there is one context for all.
 */
class ZstdFrames {
  readonly #stream: zlib.ZstdCompress;
  #failed: ((error: unknown) => void) | undefined;

  constructor(params: zlib.ZstdOptions['params']) {
    this.#stream = zlib.createZstdCompress({
      params,
      // Each write is a frame, and nobody reads before it is whole.
      ...{ flush: constants.ZSTD_e_end, readableHighWaterMark: MOST, chunkSize: PACKED },
    });
    this.#stream.on('error', (error) => this.#failed?.(error));
  }

  /** One at a time. */
  pack(bytes: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#failed = reject;
      this.#stream.write(bytes, (error) => {
        const packed: unknown = error ? null : this.#stream.read();
        if (packed instanceof Uint8Array) {
          resolve(packed);
        } else {
          reject(error ?? new Error('nothing is packed any more'));
        }
      });
    });
  }

  close(): void {
    this.#stream.destroy();
  }
}

/** Packs what one entry has, one thing at a time of each kind. */
export class Packer {
  readonly #answers = hasZstd ? new ZstdFrames(ANSWERS) : undefined;
  readonly #columns = hasZstd ? new ZstdFrames(COLUMNS) : undefined;

  /** An answer as it is kept. Its bytes must not change before this resolves. */
  answer(bytes: Uint8Array): Promise<Uint8Array> {
    return this.#answers?.pack(bytes) ?? promisify(zlib.gzip)(bytes, { level: 1, chunkSize: PACKED });
  }

  /** Pages of Parquet; undefined: as exports have them. */
  get pages(): PageCodec | undefined {
    const columns = this.#columns;
    return (
      columns && {
        name: 'ZSTD',
        from: 2048,
        mostBounds: 2048,
        page: 1024 * 1024,
        compress: (bytes) => columns.pack(bytes),
      }
    );
  }

  /** Nothing is packed any more. */
  close(): void {
    this.#answers?.close();
    this.#columns?.close();
  }
}

/**
 * @param length of the answer, as it was before it was packed
 * @throws Error when it is damaged, or when this Node does not know the codec
 */
export async function unpackAnswer(bytes: Uint8Array, length: number, codec: AnswerCodec): Promise<Uint8Array> {
  const options = { chunkSize: length + ROOM, maxOutputLength: length + ROOM };
  if (codec === 'gzip') {
    return promisify(zlib.gunzip)(bytes, options);
  }
  if (!hasZstd) {
    throw new Error('this version of the editor cannot read it');
  }
  return promisify(zlib.zstdDecompress)(bytes, options);
}
