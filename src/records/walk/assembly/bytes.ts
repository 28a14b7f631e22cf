/** Bytes, sixteen at once. */

/** Copies whole blocks: what is too much is written over later. Returns the end of what was meant. */
export function copy(from: i32, to: i32, out: i32): i32 {
  const end = out + (to - from);
  do {
    v128.store(out, v128.load(from));
    out += 16;
    from += 16;
  } while (out < end);
  return end;
}

/** How many bytes at two places are the same, at most `limit`. */
export function sameBytes(one: i32, other: i32, limit: i32): i32 {
  let at: i32 = 0;
  while (at < limit) {
    const same = i8x16.bitmask(i8x16.eq(v128.load(one + at), v128.load(other + at)));
    if (same !== 0xffff) {
      return min(at + ctz(~same), limit);
    }
    at += 16;
  }
  return limit;
}
