/** Cells of CSV (RFC 4180) from the values of the record that was read last. Whole blocks are copied; what is too much is written over. */
import { copy } from './bytes';
import { guardedCell } from './host';
import { CELL_STARTS, CELLS, CHANGED, ENDS, ESCAPED, STARTS } from './memory';

/**
 * Writes `count` cells at `out`, with a comma behind each; returns the end. Quotes around a cell, and each of its own doubled, is the
 * most that it can grow: there has to be room for that.
 *
 * @param again whether the row that was written last is that of the record before: cells that did not change are copied from it
 */
export function writeRow(count: i32, guard: bool, again: bool, out: i32): i32 {
  let cell: i32 = 0;
  while (cell < count) {
    const first = cell;
    while (again && cell < count && load<u8>(CHANGED + load<i32>(CELLS + (cell << 2))) === 0) {
      cell++;
    }
    out = cell > first ? copyCells(first, cell, out) : addCell(cell++, guard, out);
  }
  store<i32>(CELL_STARTS + (count << 2), out);
  return out;
}

/** Cells of the last row, with their commas. */
function copyCells(from: i32, to: i32, out: i32): i32 {
  const start = load<i32>(CELL_STARTS + (from << 2));
  const end = load<i32>(CELL_STARTS + (to << 2));
  for (let place = CELL_STARTS + (from << 2); place < CELL_STARTS + (to << 2); place += 4) {
    store<i32>(place, load<i32>(place) - start + out);
  }
  return copy(start, end, out);
}

function addCell(cell: i32, guard: bool, out: i32): i32 {
  const slot = load<i32>(CELLS + (cell << 2));
  const start = load<i32>(STARTS + (slot << 2));
  store<i32>(CELL_STARTS + (cell << 2), out);
  if (start !== 0) {
    out = writeCell(slot, start, load<i32>(ENDS + (slot << 2)), guard, out);
  }
  store<u8>(out, 0x2c);
  return out + 1;
}

/** Writes cells of the record that was read last with commas between them. */
export function writeCells(count: i32, guard: bool, out: i32): i32 {
  return writeRow(count, guard, false, out) - 1;
}

function writeCell(slot: i32, start: i32, end: i32, guard: bool, out: i32): i32 {
  const byte = load<u8>(start);
  if (byte === 0x22) {
    if (guard && mayBeFormula(load<u8>(start + 1))) {
      return guardedCell(start, end, out);
    }
    return load<u8>(ESCAPED + slot) === 0
      ? writePlainText(start + 1, end - 1, out)
      : writeEscapedText(start + 1, end - 1, out);
  }
  if (byte === 0x7b || byte === 0x5b) {
    return writeNested(start, end, out);
  }
  return byte === 0x6e ? out : copy(start, end, out);
}

/** Whether a text that starts so has to be looked at: blanks, `=`, `+`, `-`, `@`, `'`, escapes, and all that is not ASCII. */
function mayBeFormula(byte: u32): bool {
  return (
    byte <= 0x20 ||
    byte >= 0x7f ||
    byte === 0x3d ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x40 ||
    byte === 0x27 ||
    byte === 0x5c
  );
}

function isBlank(byte: u32): bool {
  return byte === 0x20 || byte - 9 <= 4;
}

/** A text without escapes: only a comma, or a blank at its ends, which some readers trim, asks for quotes. */
function writePlainText(from: i32, to: i32, out: i32): i32 {
  const length = to - from;
  if (length === 0) {
    return out;
  }
  let commas: i32 = 0;
  let at = from;
  let end = out;
  let left = length;
  while (left > 16) {
    const block = v128.load(at);
    v128.store(end, block);
    commas |= i8x16.bitmask(i8x16.eq(block, i8x16.splat(0x2c)));
    at += 16;
    end += 16;
    left -= 16;
  }
  const block = v128.load(at);
  v128.store(end, block);
  commas |= i8x16.bitmask(i8x16.eq(block, i8x16.splat(0x2c))) & ((1 << left) - 1);
  if (commas === 0 && !isBlank(load<u8>(from)) && !isBlank(load<u8>(to - 1))) {
    return out + length;
  }
  store<u8>(out, 0x22);
  end = copy(from, to, out + 1);
  store<u8>(end, 0x22);
  return end + 1;
}

/** An object or a list, its quotes doubled. */
function writeNested(from: i32, to: i32, out: i32): i32 {
  store<u8>(out, 0x22);
  out++;
  while (from < to) {
    const block = v128.load(from);
    v128.store(out, block);
    const quotes = i8x16.bitmask(i8x16.eq(block, i8x16.splat(0x22)));
    const left = to - from;
    if (quotes === 0 || ctz(quotes) >= left) {
      const size = min(left, 16);
      from += size;
      out += size;
      continue;
    }
    const size = ctz(quotes);
    from += size + 1;
    out += size;
    store<u16>(out, 0x2222);
    out += 2;
  }
  store<u8>(out, 0x22);
  return out + 1;
}

/** A text with escapes. It is written with room for a quote before it, which most such texts need. */
function writeEscapedText(from: i32, to: i32, start: i32): i32 {
  let out = start + 1;
  let quotes = false;
  while (from < to) {
    const block = v128.load(from);
    v128.store(out, block);
    const left = to - from;
    const inside = left < 16 ? (1 << left) - 1 : 0xffff;
    const escapes = i8x16.bitmask(i8x16.eq(block, i8x16.splat(0x5c))) & inside;
    const size = escapes === 0 ? min(left, 16) : ctz(escapes);
    const commas = i8x16.bitmask(i8x16.eq(block, i8x16.splat(0x2c))) & ((1 << size) - 1);
    if (commas !== 0) {
      quotes = true;
    }
    from += size;
    out += size;
    if (escapes === 0) {
      continue;
    }
    const escaped = load<u8>(from + 1);
    let character: u32;
    if (escaped === 0x75) {
      character = hexUnit(from + 2);
      from += 6;
      // The other half of a pair.
      if ((character & 0xfc00) === 0xd800 && from < to && load<u16>(from) === 0x755c) {
        const low = hexUnit(from + 2);
        if ((low & 0xfc00) === 0xdc00) {
          character = 0x10000 + ((character & 0x3ff) << 10) + (low & 0x3ff);
          from += 6;
        }
      }
    } else {
      character = meaningOf(escaped);
      from += 2;
    }
    if (asksForQuotes(character)) {
      quotes = true;
    }
    out = writeCharacter(character, out);
  }
  if (quotes || isBlank(load<u8>(start + 1)) || isBlank(load<u8>(out - 1))) {
    store<u8>(start, 0x22);
    store<u8>(out, 0x22);
    return out + 1;
  }
  memory.copy(start, start + 1, out - start - 1);
  return out - 1;
}

function asksForQuotes(character: u32): bool {
  return character === 0x22 || character === 0x2c || character === 0x0a || character === 0x0d;
}

function meaningOf(escaped: u32): u32 {
  if (escaped === 0x6e) {
    return 0x0a;
  }
  if (escaped === 0x72) {
    return 0x0d;
  }
  if (escaped === 0x74) {
    return 0x09;
  }
  if (escaped === 0x62) {
    return 0x08;
  }
  return escaped === 0x66 ? 0x0c : escaped;
}

/** The number that four hexadecimal digits tell. */
function hexUnit(at: i32): u32 {
  let unit: u32 = 0;
  for (let i = at; i < at + 4; i++) {
    const digit = <u32>load<u8>(i);
    unit = (unit << 4) | (digit <= 0x39 ? digit - 0x30 : (digit | 0x20) - 0x57);
  }
  return unit;
}

/** UTF-8; a quote twice. Half of a surrogate pair is no character and becomes U+FFFD. */
function writeCharacter(code: u32, out: i32): i32 {
  if (code < 0x80) {
    store<u8>(out, code);
    if (code === 0x22) {
      store<u8>(out + 1, code);
      return out + 2;
    }
    return out + 1;
  }
  if (code < 0x800) {
    store<u8>(out, 0xc0 | (code >> 6));
    store<u8>(out + 1, 0x80 | (code & 0x3f));
    return out + 2;
  }
  if (code < 0x10000) {
    const whole: u32 = (code & 0xf800) === 0xd800 ? 0xfffd : code;
    store<u8>(out, 0xe0 | (whole >> 12));
    store<u8>(out + 1, 0x80 | ((whole >> 6) & 0x3f));
    store<u8>(out + 2, 0x80 | (whole & 0x3f));
    return out + 3;
  }
  store<u8>(out, 0xf0 | (code >> 18));
  store<u8>(out + 1, 0x80 | ((code >> 12) & 0x3f));
  store<u8>(out + 2, 0x80 | ((code >> 6) & 0x3f));
  store<u8>(out + 3, 0x80 | (code & 0x3f));
  return out + 4;
}
