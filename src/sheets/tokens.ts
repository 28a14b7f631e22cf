/** What a stretch of SQL is. */
export type TokenKind = 'word' | 'quoted' | 'text' | 'comment' | 'semicolon' | 'mark' | 'space';

export interface Token {
  kind: TokenKind;
  /** Offsets into the text; the end is exclusive. */
  start: number;
  end: number;
}

const SPACE = /\s+/y;
const WORD = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const NUMBER = /\d[\d.]*(?:e[+-]?\d+)?/iy;
const LINE_COMMENT = /--[^\r\n]*/y;
const DOLLAR_TEXT = /(\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$)[\s\S]*?(?:\1|$)/uy;

/** Texts in single quotes: a doubled quote is one of them; after `e` a backslash escapes, too. What is not ended goes to the end. */
const PLAIN_TEXT = /'(?:[^']|'')*(?:'|$)/y;
const ESCAPED_TEXT = /e'(?:[^'\\]|''|\\[\s\S])*(?:'|$|\\$)/iy;
const QUOTED = /"(?:[^"]|"")*(?:"|$)/y;

const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['space', SPACE],
  ['comment', LINE_COMMENT],
  ['text', ESCAPED_TEXT],
  ['text', PLAIN_TEXT],
  ['text', DOLLAR_TEXT],
  ['quoted', QUOTED],
  ['word', WORD],
  ['mark', NUMBER],
];

/** SQL taken apart: the stretches follow each other without a gap. No text is wrong here; the engine says what is. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  for (let start = 0; start < sql.length; ) {
    const { kind, end } = next(sql, start);
    tokens.push({ kind, start, end });
    start = end;
  }
  return tokens;
}

function next(sql: string, start: number): { kind: TokenKind; end: number } {
  if (sql.startsWith('/*', start)) {
    return { kind: 'comment', end: commentEnd(sql, start) };
  }
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = start;
    if (pattern.test(sql)) {
      return { kind, end: pattern.lastIndex };
    }
  }
  return { kind: sql[start] === ';' ? 'semicolon' : 'mark', end: start + 1 };
}

/** Such comments lie within each other. */
function commentEnd(sql: string, start: number): number {
  let depth = 0;
  for (let at = start; at < sql.length; ) {
    if (sql.startsWith('/*', at)) {
      depth++;
      at += 2;
    } else if (sql.startsWith('*/', at)) {
      depth--;
      at += 2;
      if (depth === 0) {
        return at;
      }
    } else {
      at++;
    }
  }
  return sql.length;
}
