import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { touch } from '../disk/holder.ts';
import { unpackAnswer } from './codec.ts';
import { contentOf, type EntryName, hashOfKey } from './entryNames.ts';
import { META_KEY, readMeta, type TableMeta } from './tableMeta.ts';

/** A file is not what its name says, or nothing that this version can read. The message ends a sentence. */
export class UntrustedFile extends Error {
  override readonly name = 'UntrustedFile';
}

/** Of the file's end: the length of the metadata, and the mark of Parquet. */
const TAIL = 8;
const MARK = 0x31524150;

/** What one process saw of whole files, and how the disk described them then. */
const verified = new Map<string, { stamp: string; meta: TableMeta }>();
const MOST_VERIFIED = 1000;

const STEP = 1024 * 1024;

/** It changes with each write, and when a file takes the place of another. */
function stampOf({ size, mtimeNs, ctimeNs, ino }: BigIntStats): string {
  return [size, mtimeNs, ctimeNs, ino].join(' ');
}

/** Marks a file as used now. What this process saw of it still counts, unless somebody else changed it since. */
export async function markUsed(file: string): Promise<void> {
  const known = verified.get(file);
  const look = async () => stampOf(await stat(file, { bigint: true }));
  const isSame = known !== undefined && (await look().catch(() => undefined)) === known.stamp;
  await touch(file);
  if (isSame) {
    known.stamp = await look().catch(() => '');
  }
}

/**
 * What the end of an entry says. The first time in a process, and whenever somebody else touched it since, all of the file is read and has to
 * be what its name says.
 *
 * @throws UntrustedFile
 */
export async function readTableMeta(file: string, name: EntryName): Promise<TableMeta> {
  const handle = await open(file);
  try {
    const stats = await handle.stat({ bigint: true });
    const stamp = stampOf(stats);
    const known = verified.get(file);
    if (known?.stamp === stamp) {
      return known.meta;
    }
    const meta = await verify(handle, Number(stats.size), name);
    if (verified.size === MOST_VERIFIED) {
      verified.clear();
    }
    verified.set(file, { stamp, meta });
    return meta;
  } finally {
    await handle.close();
  }
}

async function verify(handle: FileHandle, size: number, name: EntryName): Promise<TableMeta> {
  const tail = size < TAIL ? undefined : await bytesAt(handle, size - TAIL, TAIL);
  const start = tail === undefined ? -1 : size - TAIL - tail.readUInt32LE(0);
  if (tail === undefined || tail.readUInt32LE(4) !== MARK || start < 4) {
    throw new UntrustedFile('it has no end: it was cut short, or is no Parquet file');
  }
  const hash = createHash('sha256');
  let before = '';
  const room = Buffer.allocUnsafeSlow(STEP);
  for (let at = 0; at < size; ) {
    const { bytesRead } = await handle.read(room, 0, Math.min(STEP, (at < start ? start : size) - at), at);
    if (bytesRead === 0) {
      throw new UntrustedFile('it became shorter while it was read');
    }
    hash.update(room.subarray(0, bytesRead));
    at += bytesRead;
    before = at === start ? hash.copy().digest('hex') : before;
  }
  if (contentOf(hash.digest('hex')) !== name.content) {
    throw new UntrustedFile('its bytes are not those that were written');
  }
  const meta = await metaIn(await bytesAt(handle, start, size - start));
  if (meta.sha256 !== before) {
    throw new UntrustedFile('its rows are not those that were written');
  }
  if (hashOfKey(meta.key) !== name.hash || meta.key.month !== name.month) {
    throw new UntrustedFile('it holds something else than its name says');
  }
  if (meta.blocks.some(({ at, size: length, header = 0 }) => at + length > start || header < 0)) {
    throw new UntrustedFile('it refers to what it does not have');
  }
  return meta;
}

async function metaIn(end: Buffer): Promise<TableMeta> {
  const { parquetMetadata } = await import('hyparquet');
  try {
    const { key_value_metadata = [] } = parquetMetadata(new Uint8Array(end).buffer);
    return readMeta(key_value_metadata.find(({ key }) => key === META_KEY)?.value ?? 'null');
  } catch (error) {
    throw new UntrustedFile(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function bytesAt(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const room = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(room, done, length - done, at + done);
    if (bytesRead === 0) {
      throw new UntrustedFile('it became shorter while it was read');
    }
    done += bytesRead;
  }
  return room;
}

/** An answer as it was sent. */
export interface KeptAnswer {
  /** The header row of a file, where one begins. */
  header: Uint8Array;
  bytes: Uint8Array;
  endsFile: boolean;
}

/**
 * The answers of an entry in their order, each good until the next.
 *
 * @param from which is the first; in the middle of a file it comes with the header of that file
 * @throws UntrustedFile when one was damaged since the file was verified
 */
export async function* keptAnswers(
  file: string,
  { blocks, codec, content }: Pick<TableMeta, 'blocks' | 'codec' | 'content'>,
  from = 0,
): AsyncGenerator<KeptAnswer> {
  const handle = await open(file);
  try {
    const read = async ({ at, size, length }: TableMeta['blocks'][number]): Promise<Uint8Array> => {
      const packed = await bytesAt(handle, at, size);
      try {
        return size === 0 ? packed : await unpackAnswer(packed, length, codec);
      } catch (error) {
        throw new UntrustedFile('an answer in it cannot be unpacked', { cause: error });
      }
    };
    const opening = content === 'files' ? openingOf(blocks, from) : undefined;
    const before = opening === undefined ? undefined : (await read(opening)).subarray(0, opening.header);
    // One ahead: the next is unpacked while this one is used.
    const wanted = blocks.slice(from);
    const [first, ...rest] = wanted;
    let next = first === undefined ? undefined : read(first);
    for (const [i, { header = 0, endsFile = false }] of wanted.entries()) {
      const whole = (await next) ?? new Uint8Array();
      const following = rest[i];
      next = following === undefined ? undefined : read(following);
      // Whoever waits for it is told; nobody may be left when reading stops early.
      next?.catch(() => {});
      const own = whole.subarray(0, header);
      yield { header: i === 0 ? (before ?? own) : own, bytes: whole.subarray(header), endsFile };
    }
  } finally {
    await handle.close();
  }
}

/** The answer that opened the file in whose middle another one stands; undefined for one that opens its own. */
function openingOf(blocks: TableMeta['blocks'], at: number): TableMeta['blocks'][number] | undefined {
  return blocks[at]?.header === undefined
    ? blocks.slice(0, at).findLast(({ header }) => header !== undefined)
    : undefined;
}
