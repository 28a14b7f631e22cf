import { tokensOf } from './tokens.ts';

/** How the engine's sentences name what is wrong, the surest first; then whatever they quote. */
const NAMED: readonly RegExp[] = [
  /column named "([^"]+)"/gi,
  /at or near "([^"]+)"/gi,
  /\bcolumn "([^"]+)"/gi,
  /\bwith name "?([\w$.]+)"?/gi,
  /"([^"]+)"/g,
];

/**
 * Where a statement is wrong: the first place of the name that the engine's sentence is about, all of the statement where it names none.
 * Offsets into the statement; the end is exclusive.
 */
export function problemPlace(sql: string, message: string): { from: number; to: number } {
  for (const pattern of NAMED) {
    for (const [, name = ''] of message.matchAll(pattern)) {
      const found = tokensOf(sql).find(({ kind, start, end }) => {
        const text = sql.slice(start, end).toLowerCase();
        const wanted = name.toLowerCase();
        return kind !== 'comment' && kind !== 'space' && (text === wanted || text === `"${wanted}"`);
      });
      if (found !== undefined) {
        return { from: found.start, to: found.end };
      }
    }
  }
  return { from: 0, to: sql.length };
}
