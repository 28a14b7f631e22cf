import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { checkBudget } from '../api/arm/budgetRules/checkBudget.ts';
import type { BudgetContext } from '../api/arm/budgetRules/context.ts';
import type { BudgetFinding } from '../api/arm/budgetRules/findings.ts';
import { ExactNumber } from '../json/exact.ts';
import type { BudgetBody } from './budgetBody.ts';

/** Characters of a text (UTF-16), as editors count them: `end` is behind the last one. */
export interface TextRange {
  start: number;
  end: number;
}

/** A finding and where it is shown. */
export interface BudgetDiagnostic extends Omit<BudgetFinding, 'code'>, TextRange {
  code: BudgetFinding['code'] | 'syntax';
}

/** A document as it was read. */
export interface BudgetDocument {
  /** Undefined as long as the text is no JSON object. */
  body: BudgetBody | undefined;
  /** In the order of the text. */
  diagnostics: BudgetDiagnostic[];
}

const INDENT = 2;

/** A budget as the text of a document: two spaces, a line feed at the end, digits as they are. */
export function writeBudgetText(body: BudgetBody): string {
  return `${JSON.stringify(body, undefined, INDENT)}\n`;
}

/**
 * Reads the text of a document (RFC 8259: no comments, no commas behind the last member) and checks it. Digits are kept.
 *
 * @param context undefined when the rules are not asked, only the syntax
 */
export function readBudgetText(text: string, context?: BudgetContext): BudgetDocument {
  const errors: ParseError[] = [];
  const content = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const tree = parseTree(content, errors, { disallowComments: true, allowTrailingComma: false });
  const syntax = errors.map(({ error, offset, length }) =>
    syntaxDiagnostic(offset, offset + Math.max(length, 1), SYNTAX[printParseErrorCode(error)] ?? 'is not JSON'),
  );
  if (content.trim() === '') {
    return { body: undefined, diagnostics: [syntaxDiagnostic(0, 1, 'is empty; write an object in braces')] };
  }
  if (tree === undefined || syntax.length > 0) {
    return { body: undefined, diagnostics: syntax };
  }
  const diagnostics = repeatedMembers(tree);
  if (tree.type !== 'object') {
    diagnostics.push(syntaxDiagnostic(tree.offset, endOf(tree), 'is not an object; write its members in braces'));
    return { body: undefined, diagnostics };
  }
  const body = jsonValue(tree, content) as BudgetBody;
  for (const finding of context === undefined ? [] : checkBudget(body, context)) {
    diagnostics.push({ ...finding, ...rangeOf(tree, finding) });
  }
  return { body, diagnostics: diagnostics.sort((a, b) => a.start - b.start) };
}

/** Where the value at a pointer stands; that of its nearest parent where there is none. Undefined for what is no JSON. */
export function rangeAt(text: string, pointer: string): TextRange | undefined {
  const tree = parseTree(text);
  return tree && rangeOf(tree, { pointer, code: 'wrongType' });
}

/** By jsonc-parser's names. */
const SYNTAX: Readonly<Record<string, string>> = {
  CommaExpected: 'lacks a comma here',
  ColonExpected: 'lacks a colon here',
  ValueExpected: 'lacks a value here',
  PropertyNameExpected: 'lacks a name in double quotes here',
  CloseBraceExpected: 'lacks a closing brace',
  CloseBracketExpected: 'lacks a closing bracket',
  EndOfFileExpected: 'goes on behind its end; remove what follows',
  InvalidCommentToken: 'has a comment, which the service does not take; remove it',
  UnexpectedEndOfComment: 'has a comment that does not end; remove it',
  UnexpectedEndOfString: 'has a text without closing quotes',
  UnexpectedEndOfNumber: 'has a number that is not finished',
  InvalidNumberFormat: 'has a number that is none',
  InvalidUnicode: 'has a wrong \\u escape',
  InvalidEscapeCharacter: 'has a wrong escape',
  InvalidCharacter: 'has a character that must be escaped',
  InvalidSymbol: 'has a word that needs double quotes',
};

function syntaxDiagnostic(start: number, end: number, sentence: string): BudgetDiagnostic {
  return { code: 'syntax', pointer: '', message: `The text ${sentence}.`, severity: 'error', start, end };
}

/** A member that stands twice is one for the service, and nobody can tell which. */
function repeatedMembers(node: Node): BudgetDiagnostic[] {
  const seen = new Set<unknown>();
  return (node.children ?? []).flatMap((child) => {
    const [key, value] = node.type === 'object' ? (child.children ?? []) : [undefined, child];
    const below = value === undefined ? [] : repeatedMembers(value);
    if (key === undefined || !seen.has(key.value)) {
      seen.add(key?.value);
      return below;
    }
    const sentence = `has '${String(key.value).slice(0, 60)}' twice; leave one of them out`;
    return [syntaxDiagnostic(key.offset, endOf(key), sentence), ...below];
  });
}

/** The value with its digits, as `parseJson` gives it. */
function jsonValue(node: Node, text: string): unknown {
  switch (node.type) {
    case 'object':
      return Object.fromEntries(
        (node.children ?? []).map(({ children: [key, value] = [] }) => [
          String(key?.value),
          value === undefined ? null : jsonValue(value, text),
        ]),
      );
    case 'array':
      return (node.children ?? []).map((child) => jsonValue(child, text));
    case 'number': {
      const digits = text.slice(node.offset, endOf(node));
      return String(Number(digits)) === digits ? Number(digits) : new ExactNumber(digits);
    }
    default:
      return node.value as unknown;
  }
}

/** A finding about a member's name is shown at the name; one about what is missing, at the name of the object that lacks it. */
function rangeOf(tree: Node, { pointer, code }: Pick<BudgetDiagnostic, 'pointer' | 'code'>): TextRange {
  const steps = stepsOf(pointer);
  for (let length = steps.length; length > 0; length--) {
    const found = findNodeAtLocation(tree, stepsIn(tree, steps.slice(0, length)));
    if (found !== undefined) {
      const atName = length < steps.length || NAME_CODES.has(code);
      const name = found.parent?.type === 'property' ? found.parent.children?.[0] : undefined;
      const shown = atName ? (name ?? found) : found;
      return { start: shown.offset, end: endOf(shown) };
    }
  }
  // The whole: its first character, because a text that is underlined everywhere helps nobody.
  return { start: tree.offset, end: tree.offset + 1 };
}

const NAME_CODES: ReadonlySet<string> = new Set([
  'unknownMember',
  'spelling',
  'twice',
  'filterWord',
  'ignored',
  'contactOfScope',
]);

/** The steps of a pointer (RFC 6901). */
function stepsOf(pointer: string): string[] {
  return pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Steps into lists are numbers to the parser. */
function stepsIn(tree: Node, steps: readonly string[]): (string | number)[] {
  let node: Node | undefined = tree;
  return steps.map((step) => {
    const key: string | number = node?.type === 'array' ? Number(step) : step;
    node = node && findNodeAtLocation(node, [key]);
    return key;
  });
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}
