import { type Statement, statementAt } from './statements.ts';
import { tokensOf } from './tokens.ts';

/** A view that the SQL of a sheet can name. */
export interface SheetView {
  name: string;
  meaning: string;
  columns: readonly { name: string; type: string; meaning: string }[];
}

export interface Suggestion {
  kind: 'view' | 'column' | 'function' | 'keyword';
  /** As it is shown and written; names that SQL would read otherwise are quoted. */
  text: string;
  /** What it is, in a few words. */
  detail: string;
  meaning: string;
}

const KEYWORDS =
  'select from where group by order by having limit as and or not in is null like between case when then else end join left on using with distinct asc desc union all'.split(
    ' ',
  );

const FUNCTIONS: readonly (readonly [name: string, meaning: string])[] = [
  ['sum', 'Adds numbers up, exactly'],
  ['count', 'Counts rows'],
  ['avg', 'The mean; a floating-point number'],
  ['min', 'The smallest'],
  ['max', 'The largest'],
  ['round', 'Rounds to decimals'],
  ['coalesce', 'The first that is not null'],
  ['date_trunc', "The beginning of a month, a week…: date_trunc('month', ChargePeriodStart)"],
  ['strftime', "A date as text: strftime(ChargePeriodStart, '%Y-%m')"],
  ['lower', 'Small letters'],
  ['upper', 'Capital letters'],
  ['contains', 'Whether a text has another in it'],
  ['arg_max', 'The value where another is the largest'],
  ['any_value', 'Any one of the group'],
  ['list', 'All of the group, as a list'],
];

/** Words after which a view is named. */
const BEFORE_VIEWS = new Set(['from', 'join']);

/** What can stand at a place of a sheet: views after FROM and JOIN, columns of one view after its name and a dot, else all of it. */
export function suggestionsAt(
  text: string,
  offset: number,
  statements: readonly Statement[],
  views: readonly SheetView[],
): Suggestion[] {
  const before = tokensOf(text).filter(({ start, kind }) => start < offset && kind !== 'space');
  const last = before.at(-1);
  if (last !== undefined && last.end >= offset && (last.kind === 'text' || last.kind === 'comment')) {
    return [];
  }
  // The word that is being typed says nothing yet.
  const typed = last?.kind === 'word' && last.end >= offset ? before.pop() : undefined;
  const previous = before.at(-1);
  const word = previous && text.slice(previous.start, previous.end).toLowerCase();
  if (word === '.') {
    const owner = before.at(-2);
    const name = owner === undefined ? '' : unquoted(text.slice(owner.start, owner.end));
    const statement = statementAt(statements, typed?.start ?? offset);
    const view = views.find(
      (one) => one.name === (statement && aliasesOf(statement.sql, views).get(name.toLowerCase())),
    );
    return view === undefined ? [] : columnsOf([view]);
  }
  if (word !== undefined && BEFORE_VIEWS.has(word)) {
    return views.map(viewSuggestion);
  }
  const statement = statementAt(statements, offset);
  const named = statement === undefined ? [] : [...new Set(aliasesOf(statement.sql, views).values())];
  const own = views.filter(({ name }) => named.includes(name));
  return [
    ...columnsOf(own.length > 0 ? own : views),
    ...views.map(viewSuggestion),
    ...FUNCTIONS.map(([name, meaning]) => ({ kind: 'function' as const, text: name, detail: 'function', meaning })),
    ...KEYWORDS.map((name) => ({ kind: 'keyword' as const, text: name, detail: '', meaning: '' })),
  ];
}

/** What a name stands for: each view by its own name and by the alias that a statement gives it. In small letters. */
function aliasesOf(sql: string, views: readonly SheetView[]): Map<string, string> {
  const words = tokensOf(sql).filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  const textOf = (at: number) => {
    const token = words[at];
    return token === undefined ? '' : unquoted(sql.slice(token.start, token.end));
  };
  const found = new Map<string, string>();
  for (const [at] of words.entries()) {
    const view = views.find(({ name }) => name.toLowerCase() === textOf(at).toLowerCase());
    if (view === undefined || !/^(?:from|join|,)$/i.test(textOf(at - 1))) {
      continue;
    }
    found.set(view.name.toLowerCase(), view.name);
    const alias = /^as$/i.test(textOf(at + 1)) ? at + 2 : at + 1;
    const kind = words[alias]?.kind;
    if ((kind === 'word' || kind === 'quoted') && !KEYWORDS.includes(textOf(alias).toLowerCase())) {
      found.set(textOf(alias).toLowerCase(), view.name);
    }
  }
  return found;
}

function columnsOf(views: readonly SheetView[]): Suggestion[] {
  const seen = new Set<string>();
  return views.flatMap(({ name: view, columns }) =>
    columns.flatMap(({ name, type, meaning }) => {
      if (seen.has(name)) {
        return [];
      }
      seen.add(name);
      return [{ kind: 'column' as const, text: identifier(name), detail: `${type}, of ${view}`, meaning }];
    }),
  );
}

function viewSuggestion({ name, meaning }: SheetView): Suggestion {
  return { kind: 'view', text: identifier(name), detail: 'view', meaning };
}

function identifier(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !KEYWORDS.includes(name.toLowerCase())
    ? name
    : `"${name.replaceAll('"', '""')}"`;
}

function unquoted(text: string): string {
  return text.startsWith('"')
    ? text.slice(1, text.endsWith('"') && text.length > 1 ? -1 : undefined).replaceAll('""', '"')
    : text;
}
