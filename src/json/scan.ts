/**
 * A scanner over the UTF-8 bytes of a JSON text (RFC 8259). It builds no values: it tells where they start and end,
 * so that callers copy slices and digits survive.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const MAX_DEPTH = 512;

/** The text is not JSON; `offset` is the byte at which that shows. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} at byte ${offset}`);
    this.offset = offset;
  }
}

function fail(bytes: Uint8Array, at: number, expected: string): never {
  throw at >= bytes.length
    ? new JsonSyntaxError(`the text ends where ${expected} should be`, at)
    : new JsonSyntaxError(`expected ${expected}`, at);
}

/** The position of the first byte at or after `at` that is not white space. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  for (;;) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
      return at;
    }
    at++;
  }
}

/** The position just behind the string that starts at `at`. */
function skipString(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) {
    fail(bytes, at, 'a string');
  }
  for (let i = at + 1; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte === QUOTE) {
      return i + 1;
    }
    if (byte === BACKSLASH) {
      i = skipEscape(bytes, i);
    } else if (byte < 0x20) {
      fail(bytes, i, 'no control character inside a string');
    }
  }
  return fail(bytes, bytes.length, 'the end of a string');
}

/** The position of the last byte of the escape that starts with the backslash at `at`. */
function skipEscape(bytes: Uint8Array, at: number): number {
  const escaped = bytes[at + 1];
  if (escaped === 0x75) {
    for (let i = at + 2; i < at + 6; i++) {
      if (!isHexDigit(bytes[i])) {
        fail(bytes, i, 'a hexadecimal digit');
      }
    }
    return at + 5;
  }
  if (escaped === undefined || !'"\\/bfnrt'.includes(String.fromCharCode(escaped))) {
    fail(bytes, at + 1, 'an escape character');
  }
  return at + 1;
}

function isHexDigit(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66));
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function skipDigits(bytes: Uint8Array, at: number): number {
  if (!isDigit(bytes[at])) {
    fail(bytes, at, 'a digit');
  }
  do {
    at++;
  } while (isDigit(bytes[at]));
  return at;
}

function skipNumber(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 0x2d) {
    at++;
  }
  at = bytes[at] === 0x30 ? at + 1 : skipDigits(bytes, at);
  if (bytes[at] === 0x2e) {
    at = skipDigits(bytes, at + 1);
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at++;
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) {
      at++;
    }
    at = skipDigits(bytes, at);
  }
  return at;
}

function skipWord(bytes: Uint8Array, at: number, word: string): number {
  for (let i = 0; i < word.length; i++) {
    if (bytes[at + i] !== word.charCodeAt(i)) {
      fail(bytes, at, `'${word}'`);
    }
  }
  return at + word.length;
}

/** The position just behind the value that starts at `at` (no white space before it). */
export function skipValue(bytes: Uint8Array, at: number, depth = 0): number {
  switch (bytes[at]) {
    case QUOTE:
      return skipString(bytes, at);
    case OPEN_BRACE:
      return walkMembers(bytes, at, undefined, depth + 1);
    case OPEN_BRACKET:
      return walkItems(bytes, at, undefined, depth + 1);
    case 0x74:
      return skipWord(bytes, at, 'true');
    case 0x66:
      return skipWord(bytes, at, 'false');
    case 0x6e:
      return skipWord(bytes, at, 'null');
    default:
      if (bytes[at] === 0x2d || isDigit(bytes[at])) {
        return skipNumber(bytes, at);
      }
      return fail(bytes, at, 'a value');
  }
}

/** Called for each member: the key with its quotes, then where its value starts. Returns where the value ends, or undefined to have it skipped. */
type MemberVisitor = (keyStart: number, keyEnd: number, valueStart: number) => number | undefined;

/** Walks the members of the object that starts at `at` and returns the position just behind it. */
export function walkMembers(bytes: Uint8Array, at: number, visit?: MemberVisitor, depth = 0): number {
  if (bytes[at] !== OPEN_BRACE) {
    fail(bytes, at, 'an object');
  }
  if (depth > MAX_DEPTH) {
    throw new JsonSyntaxError(`values are nested more than ${MAX_DEPTH} deep`, at);
  }
  at = skipSpace(bytes, at + 1);
  if (bytes[at] === CLOSE_BRACE) {
    return at + 1;
  }
  for (;;) {
    const keyStart = at;
    const keyEnd = skipString(bytes, at);
    at = skipSpace(bytes, keyEnd);
    if (bytes[at] !== COLON) {
      fail(bytes, at, "':'");
    }
    const valueStart = skipSpace(bytes, at + 1);
    at = skipSpace(bytes, visit?.(keyStart, keyEnd, valueStart) ?? skipValue(bytes, valueStart, depth));
    if (bytes[at] === CLOSE_BRACE) {
      return at + 1;
    }
    if (bytes[at] !== COMMA) {
      fail(bytes, at, "',' or '}'");
    }
    at = skipSpace(bytes, at + 1);
  }
}

/** Called for each item of an array with its start. Returns where it ends, or undefined to have it skipped. */
type ItemVisitor = (valueStart: number) => number | undefined;

/** Walks the items of the array that starts at `at` and returns the position just behind it. */
export function walkItems(bytes: Uint8Array, at: number, visit?: ItemVisitor, depth = 0): number {
  if (bytes[at] !== OPEN_BRACKET) {
    fail(bytes, at, 'a list');
  }
  if (depth > MAX_DEPTH) {
    throw new JsonSyntaxError(`values are nested more than ${MAX_DEPTH} deep`, at);
  }
  at = skipSpace(bytes, at + 1);
  if (bytes[at] === CLOSE_BRACKET) {
    return at + 1;
  }
  for (;;) {
    at = skipSpace(bytes, visit?.(at) ?? skipValue(bytes, at, depth));
    if (bytes[at] === CLOSE_BRACKET) {
      return at + 1;
    }
    if (bytes[at] !== COMMA) {
      fail(bytes, at, "',' or ']'");
    }
    at = skipSpace(bytes, at + 1);
  }
}

/** Fails when anything but white space follows `at`. */
export function expectEnd(bytes: Uint8Array, at: number): void {
  const end = skipSpace(bytes, at);
  if (end < bytes.length) {
    throw new JsonSyntaxError('unexpected text behind the value', end);
  }
}

/** The start of the text behind a UTF-8 byte order mark and white space: some services send one (Partner Center does). */
export function startOfText(bytes: Uint8Array): number {
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return skipSpace(bytes, mark ? 3 : 0);
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The text of a slice. Throws a TypeError when the bytes are not UTF-8. */
export function sliceText(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}
