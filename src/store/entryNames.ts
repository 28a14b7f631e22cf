import { createHash } from 'node:crypto';
import type { Entry, EntryKey } from './storeTypes.ts';

/** Period, hash of the key, milliseconds when it was fetched, hash of the content, kind. */
const NAME = /^(\d{4}-\d{2}|own)_([0-9a-f]{16})_(\d{1,15})_([0-9a-f]{32})\.(parquet|answer)$/;

/** What the name of an entry tells. */
export interface EntryName extends Pick<Entry, 'kind' | 'name' | 'month' | 'fetchedAt'> {
  /** Of the key. */
  hash: string;
  /** The first half of the SHA-256 of the file, in hexadecimal digits. */
  content: string;
}

/** The same for keys that are the same; no more can be told from it. */
export function hashOfKey({ connection, origin, scope, month, dataset }: EntryKey): string {
  const parts = [connection, origin, scope.toLowerCase(), month, dataset];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** @param sha256 of the file, in hexadecimal digits */
export function entryName(key: EntryKey, kind: Entry['kind'], fetchedAt: Date, sha256: string): string {
  const end = kind === 'table' ? 'parquet' : 'answer';
  return `${key.month}_${hashOfKey(key)}_${fetchedAt.getTime()}_${contentOf(sha256)}.${end}`;
}

export function contentOf(sha256: string): string {
  return sha256.slice(0, 32);
}

/** Undefined for what is no name of an entry. */
export function readEntryName(name: string): EntryName | undefined {
  const [found, month = '', hash = '', fetched = '', content = '', end] = NAME.exec(name) ?? [];
  return found === undefined
    ? undefined
    : {
        name,
        month,
        hash,
        content,
        fetchedAt: new Date(Number(fetched)),
        kind: end === 'parquet' ? 'table' : 'answer',
      };
}
