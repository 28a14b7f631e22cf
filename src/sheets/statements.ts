import { type Token, tokensOf } from './tokens.ts';

/** One statement of a sheet, from its first word to its last, without the semicolon. Offsets into the sheet; the end is exclusive. */
export interface Statement {
  sql: string;
  start: number;
  end: number;
}

/** The statements of a sheet in their order. What holds comments alone is none. */
export function statementsOf(text: string): Statement[] {
  const statements: Statement[] = [];
  let own: Token[] = [];
  const end = () => {
    const [first, last] = [own[0], own.at(-1)];
    if (first !== undefined && last !== undefined) {
      statements.push({ sql: text.slice(first.start, last.end), start: first.start, end: last.end });
    }
    own = [];
  };
  for (const token of tokensOf(text)) {
    if (token.kind === 'semicolon') {
      end();
    } else if (token.kind !== 'space' && token.kind !== 'comment') {
      own.push(token);
    }
  }
  end();
  return statements;
}

/** The statement that a place belongs to: the one around it, else the one before it, else the first. */
export function statementAt(statements: readonly Statement[], offset: number): Statement | undefined {
  return statements.findLast(({ start }) => start <= offset) ?? statements[0];
}
