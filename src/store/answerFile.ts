import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { contentOf, type EntryName, hashOfKey } from './entryNames.ts';
import type { EntryKey } from './storeTypes.ts';
import { UntrustedFile } from './tableFile.ts';

const LINE_FEED = 0x0a;
const FORMAT = 1;

const head = v.object({
  format: v.literal(FORMAT),
  key: v.object({
    connection: v.string(),
    origin: v.string(),
    scope: v.string(),
    month: v.string(),
    dataset: v.string(),
  }),
  closed: v.boolean(),
});

/** The file of a small answer: a line of facts, then the answer as it was sent. */
export function answerFile(key: EntryKey, closed: boolean, bytes: Uint8Array): { file: Uint8Array; sha256: string } {
  const file = Buffer.concat([Buffer.from(`${JSON.stringify({ format: FORMAT, key, closed })}\n`), bytes]);
  return { file, sha256: createHash('sha256').update(file).digest('hex') };
}

/** @throws UntrustedFile when it is not what its name says */
export async function readAnswerFile(
  file: string,
  name: EntryName,
): Promise<{ key: EntryKey; closed: boolean; bytes: Uint8Array }> {
  const whole = await readFile(file);
  if (contentOf(createHash('sha256').update(whole).digest('hex')) !== name.content) {
    throw new UntrustedFile('its bytes are not those that were written');
  }
  const end = whole.indexOf(LINE_FEED);
  try {
    const { key, closed } = v.parse(head, JSON.parse(whole.toString('utf8', 0, end)));
    if (hashOfKey(key) === name.hash && key.month === name.month) {
      return { key, closed, bytes: whole.subarray(end + 1) };
    }
  } catch (error) {
    throw new UntrustedFile('its facts are wrong, or those of another version', { cause: error });
  }
  throw new UntrustedFile('it holds something else than its name says');
}
