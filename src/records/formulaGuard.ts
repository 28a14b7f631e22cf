/**
 * What spreadsheets would run when they open a CSV file, and what is done about it (OWASP: CSV Injection). A cell that holds text is
 * neutralised by an apostrophe before it when, behind any blanks, control characters, apostrophes and quotes, it begins with one
 * of `=` `+` `-` `@` or their full-width forms, or when it begins with a tab or a line break at all. A number is never touched, whatever
 * its sign: it can only be itself. Programs that split lines at another separator than the comma are not considered.
 */
const RUNS = /^(?:[\t\r\n]|[\s\p{Cc}\p{Cf}'"]*[=+\-@＝＋－＠])/u;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The text as it may stand in a cell. */
export function guardText(text: string): string {
  return RUNS.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

/** By the first byte of a text, as UTF-8: whether {@link guardText} could change it. Nearly all texts are told here. */
const MAY_RUN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte <= 0x20 || byte >= 0x7f || `=+-@'"`.includes(String.fromCharCode(byte)) ? 1 : 0,
);

/** @param byte undefined behind the end */
export function mayRun(byte: number | undefined): boolean {
  return byte !== undefined && MAY_RUN[byte] === 1;
}
