/** JSON values (RFC 8259), skipped. The page ends with zeros, which are in no JSON text, so nothing here asks where it ends. */
import {
  A_COLON,
  A_DIGIT,
  A_STRING,
  A_VALUE,
  COMMA_OR_BRACE,
  COMMA_OR_BRACKET,
  END_OF_STRING,
  ESCAPE_CHARACTER,
  FALSE,
  HEX_DIGIT,
  NO_CONTROL_CHARACTER,
  NULL,
  TOO_DEEP,
  TRUE,
} from './failures';
import { fail } from './host';

const MAX_DEPTH: i32 = 512;

/** The first byte behind the page. */
let pageEnd: i32 = 0;

export function setPageEnd(end: i32): void {
  pageEnd = end;
}

/** Whether an escape was skipped since this was last cleared. */
export let escapes: i32 = 0;

export function clearEscapes(): void {
  escapes = 0;
}

/** Whether a line break was skipped between tokens since this was last cleared. */
export let lineBreaks: i32 = 0;

export function clearLineBreaks(): void {
  lineBreaks = 0;
}

/** The first byte at or behind `at` that is no white space. */
export function skipSpace(at: i32): i32 {
  while (true) {
    const byte = load<u8>(at);
    if (byte > 0x20) {
      return at;
    }
    if (byte === 0x0a || byte === 0x0d) {
      lineBreaks = 1;
    } else if (byte !== 0x20 && byte !== 0x09) {
      return at;
    }
    at++;
  }
}

/** The byte behind the string whose opening quote stands at `at`. */
export function skipString(at: i32): i32 {
  if (load<u8>(at) !== 0x22) {
    fail(A_STRING, at);
  }
  at++;
  while (true) {
    const block = v128.load(at);
    const stops = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(block, i8x16.splat(0x22)), i8x16.eq(block, i8x16.splat(0x5c))),
        i8x16.lt_u(block, i8x16.splat(0x20)),
      ),
    );
    if (stops === 0) {
      at += 16;
      continue;
    }
    at += ctz(stops);
    const byte = load<u8>(at);
    if (byte === 0x22) {
      return at + 1;
    }
    if (byte !== 0x5c) {
      fail(at >= pageEnd ? END_OF_STRING : NO_CONTROL_CHARACTER, at);
    }
    escapes = 1;
    at = skipEscape(at);
  }
}

/** The byte behind the escape that starts with the backslash at `at`. */
function skipEscape(at: i32): i32 {
  const byte = load<u8>(at + 1);
  // Quotes and backslashes are nearly all escapes there are.
  if (byte === 0x22 || byte === 0x5c) {
    return at + 2;
  }
  if (byte === 0x75) {
    for (let i = at + 2; i < at + 6; i++) {
      const digit = load<u8>(i);
      const letter = digit | 0x20;
      if (!((digit >= 0x30 && digit <= 0x39) || (letter >= 0x61 && letter <= 0x66))) {
        fail(HEX_DIGIT, i);
      }
    }
    return at + 6;
  }
  // / b f n r t
  if (byte !== 0x2f && byte !== 0x62 && byte !== 0x66 && byte !== 0x6e && byte !== 0x72 && byte !== 0x74) {
    fail(ESCAPE_CHARACTER, at + 1);
  }
  return at + 2;
}

function isDigit(byte: u32): bool {
  return byte - 0x30 <= 9;
}

function skipDigits(at: i32): i32 {
  if (!isDigit(load<u8>(at))) {
    fail(A_DIGIT, at);
  }
  at++;
  while (isDigit(load<u8>(at))) {
    at++;
  }
  return at;
}

function skipNumber(at: i32): i32 {
  if (load<u8>(at) === 0x2d) {
    at++;
  }
  at = load<u8>(at) === 0x30 ? at + 1 : skipDigits(at);
  if (load<u8>(at) === 0x2e) {
    at = skipDigits(at + 1);
  }
  const byte = load<u8>(at);
  if (byte === 0x65 || byte === 0x45) {
    at++;
    const sign = load<u8>(at);
    at = skipDigits(sign === 0x2b || sign === 0x2d ? at + 1 : at);
  }
  return at;
}

/** The byte behind the value that starts at `at`. */
export function skipValue(at: i32, depth: i32): i32 {
  const byte = load<u8>(at);
  if (byte === 0x22) {
    return skipString(at);
  }
  if (byte === 0x2d || isDigit(byte)) {
    return skipNumber(at);
  }
  if (byte === 0x7b) {
    return skipObject(at, depth + 1);
  }
  if (byte === 0x5b) {
    return skipArray(at, depth + 1);
  }
  return skipWord(at);
}

function skipWord(at: i32): i32 {
  const byte = load<u8>(at);
  if (byte === 0x6e) {
    // null
    if (load<u32>(at) !== 0x6c6c756e) {
      fail(NULL, at);
    }
  } else if (byte === 0x74) {
    // true
    if (load<u32>(at) !== 0x65757274) {
      fail(TRUE, at);
    }
  } else if (byte === 0x66) {
    // f and alse
    if (load<u32>(at + 1) !== 0x65736c61) {
      fail(FALSE, at);
    }
    return at + 5;
  } else {
    fail(A_VALUE, at);
  }
  return at + 4;
}

function skipObject(at: i32, depth: i32): i32 {
  if (depth > MAX_DEPTH) {
    fail(TOO_DEEP, at);
  }
  at = skipSpace(at + 1);
  if (load<u8>(at) === 0x7d) {
    return at + 1;
  }
  while (true) {
    at = afterColon(skipString(at));
    at = skipSpace(skipValue(at, depth));
    const byte = load<u8>(at);
    if (byte === 0x7d) {
      return at + 1;
    }
    if (byte !== 0x2c) {
      fail(COMMA_OR_BRACE, at);
    }
    at = skipSpace(at + 1);
  }
}

function skipArray(at: i32, depth: i32): i32 {
  if (depth > MAX_DEPTH) {
    fail(TOO_DEEP, at);
  }
  at = skipSpace(at + 1);
  if (load<u8>(at) === 0x5d) {
    return at + 1;
  }
  while (true) {
    at = skipSpace(skipValue(at, depth));
    const byte = load<u8>(at);
    if (byte === 0x5d) {
      return at + 1;
    }
    if (byte !== 0x2c) {
      fail(COMMA_OR_BRACKET, at);
    }
    at = skipSpace(at + 1);
  }
}

/** Where the value starts whose key ends at `at`. */
export function afterColon(at: i32): i32 {
  at = skipSpace(at);
  if (load<u8>(at) !== 0x3a) {
    fail(A_COLON, at);
  }
  return skipSpace(at + 1);
}
