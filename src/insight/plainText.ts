/** Control and format characters (line ends, bidirectional overrides, invisible ones), lone surrogates and line separators. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** A name from outside as one line of text in which nothing is hidden: what would not be seen stands as `\u{202e}`. */
export function plainText(name: string): string {
  return name.replace(HIDDEN, (hidden) => `\\u{${hidden.codePointAt(0)?.toString(16) ?? ''}}`);
}
