/** A value that has a slot. */
import { ENDS, ESCAPED, STARTS } from './memory';
import { clearEscapes, escapes, skipString, skipValue } from './values';

/** How deep values of members stand, for the limit of depth. */
export const VALUE_DEPTH: i32 = 2;

/** Reads the value at `at` into its slot; returns its end. */
export function readColumn(at: i32, slot: i32): i32 {
  let end: i32;
  if (load<u8>(at) === 0x22) {
    clearEscapes();
    end = skipString(at);
    store<u8>(ESCAPED + slot, <u8>escapes);
  } else {
    end = skipValue(at, VALUE_DEPTH);
  }
  store<i32>(STARTS + (slot << 2), at);
  store<i32>(ENDS + (slot << 2), end);
  return end;
}
