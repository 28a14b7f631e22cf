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

/** Of a page of a column, with a checksum as well: engines refuse a page that was damaged. */
const COLUMNS = {
  [constants.ZSTD_c_compressionLevel]: 1,
  [constants.ZSTD_c_windowLog]: 18,
  [constants.ZSTD_c_hashLog]: 14,
  [constants.ZSTD_c_minMatch]: 6,
  [constants.ZSTD_c_checksumFlag]: 1,
};

/** An answer as it is kept. Its bytes must not change before this resolves. */
export async function packAnswer(bytes: Uint8Array): Promise<Uint8Array> {
  return hasZstd
    ? promisify(zlib.zstdCompress)(bytes, { params: ANSWERS, pledgedSrcSize: bytes.length, chunkSize: PACKED })
    : promisify(zlib.gzip)(bytes, { level: 1, chunkSize: PACKED });
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

/** Pages of Parquet; undefined: as exports have them. */
export const pageCodec: PageCodec | undefined = hasZstd
  ? {
      name: 'ZSTD',
      from: 2048,
      mostBounds: 2048,
      page: 1024 * 1024,
      // Columns become a third of what they were or less: memory that is asked for and not used costs most of the time.
      compress: (bytes) =>
        zlib.zstdCompressSync(bytes, {
          params: COLUMNS,
          pledgedSrcSize: bytes.length,
          chunkSize: Math.ceil(bytes.length / 4) + ROOM,
        }),
    }
  : undefined;
