/**
 * Seeded hashing: the only source of chance in the sample tenant. Everything is 32-bit integer arithmetic, so the same
 * seed gives the same tenant on every machine and every JavaScript engine.
 */

/** Mixes integers into one unsigned 32-bit hash (the finalizer of MurmurHash3 after each word). */
export function hash(...words: number[]): number {
  let h = 0x9e3779b9;
  for (const word of words) h = scramble(h, word);
  return h >>> 0;
}

/** The inner loop of usage rows: `hash` for exactly two words, without an array. */
export function hash2(a: number, b: number): number {
  return scramble(scramble(0x9e3779b9, a), b) >>> 0;
}

function scramble(h: number, word: number): number {
  let k = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d) ^ h;
  k = Math.imul(k ^ (k >>> 16), 0x85ebca6b);
  k = Math.imul(k ^ (k >>> 13), 0xc2b2ae35);
  return (k ^ (k >>> 16)) + 0x6d2b79f5;
}

/** A number in [0, 1) for a hash. */
export function fraction(h: number): number {
  return (h >>> 0) / 0x1_0000_0000;
}

const ROUNDS = 4;

/** Permutes the unsigned 32-bit integers under a key; `unpermute` takes it back. */
function permute(key: number, n: number): number {
  let left = n >>> 16;
  let right = n & 0xffff;
  for (let round = 0; round < ROUNDS; round++) {
    [left, right] = [right, left ^ (hash(key, round, right) & 0xffff)];
  }
  return ((left << 16) | right) >>> 0;
}

function unpermute(key: number, n: number): number {
  let left = n >>> 16;
  let right = n & 0xffff;
  for (let round = ROUNDS - 1; round >= 0; round--) {
    [left, right] = [right ^ (hash(key, round, left) & 0xffff), left];
  }
  return ((left << 16) | right) >>> 0;
}

const hex = (n: number, digits: number): string => (n >>> 0).toString(16).padStart(8, '0').slice(-digits);

/** The n-th GUID of a family, always of version 4 shape and lower case. GUIDs of one family never collide. */
export function guid(family: number, n: number): string {
  const a = hash(family, n, 1);
  const b = hash(family, n, 2);
  const variant = (8 + (b & 3)).toString(16);
  return `${hex(permute(family, n), 8)}-${hex(a, 4)}-4${hex(a >>> 16, 3)}-${variant}${hex(b >>> 4, 3)}-${hex(b >>> 16, 4)}${hex(hash(family, n, 3), 8)}`;
}

/** Which n of the family a GUID is (compared without case), or undefined for a GUID of another origin. */
export function guidIndex(family: number, text: string): number | undefined {
  if (!/^[0-9a-f]{8}-/i.test(text)) return undefined;
  const n = unpermute(family, Number.parseInt(text.slice(0, 8), 16));
  return guid(family, n) === text.toLowerCase() ? n : undefined;
}
