import { badRequest } from './answers.ts';
import { isObject, listOfTexts, member, only } from './bodyMembers.ts';
import { dimensionNamed, tagOf } from './costDimensions.ts';
import type { CostFacts } from './costFacts.ts';
import type { CostScope } from './costScopes.ts';
import { quoted } from './exactJson.ts';

export type BudgetFilter =
  | { readonly kind: 'and' | 'or'; readonly children: readonly BudgetFilter[] }
  | { readonly kind: 'not'; readonly child: BudgetFilter }
  | {
      readonly kind: 'dimensions' | 'tags';
      readonly name: string;
      readonly operator: string;
      readonly values: readonly string[];
    };

/** Which words a version knows. */
export interface FilterGrammar {
  readonly groups: ReadonlySet<string>;
  /** Whether `dimension` and `tag` are understood beside `dimensions` and `tags`. */
  readonly singular: boolean;
  readonly operators: ReadonlySet<string>;
  /** Whether groups and `not` take more than conditions. */
  readonly nested: boolean;
  readonly tags: boolean;
}

/** The only dimensions of a budget on the use of reservations. */
export const RESERVATION_DIMENSIONS: ReadonlySet<string> = new Set(['reservationid', 'reservedresourcetype']);

/** Budgets on the use of reservations are filtered by what is reserved, not by tags. */
export const RESERVATION_GRAMMAR: FilterGrammar = {
  groups: new Set(['and']),
  singular: false,
  operators: new Set(['In']),
  nested: false,
  tags: false,
};

type IsDimension = (name: string) => boolean;

/** The filter of a body; undefined for none and for `{}`. Throws a Refusal that names the wrong place. */
export function readFilter(value: unknown, grammar: FilterGrammar, isDimension: IsDimension): BudgetFilter | undefined {
  const path = 'properties.filter';
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw badRequest(`${path} must be an object.`);
  if (Object.keys(value).length === 0) return undefined;
  return readNode(value, path, grammar, isDimension);
}

/** The words inside of a group or `not`. */
function inside(grammar: FilterGrammar): FilterGrammar {
  return grammar.nested ? grammar : { ...grammar, groups: new Set() };
}

function readNode(value: unknown, path: string, grammar: FilterGrammar, isDimension: IsDimension): BudgetFilter {
  const [word, content] = only(value, path);
  const at = `${path}.${word}`;
  const kind = word.toLowerCase();
  if ((kind === 'and' || kind === 'or') && grammar.groups.has(kind)) {
    if (!Array.isArray(content) || content.length < 2)
      throw badRequest(`${at} must be a list of two or more conditions.`);
    return { kind, children: content.map((child, i) => readNode(child, `${at}[${i}]`, inside(grammar), isDimension)) };
  }
  if (kind === 'not' && grammar.groups.has(kind)) {
    return { kind, child: readNode(content, at, inside(grammar), isDimension) };
  }
  const leaf = grammar.singular ? kind.replace(/s?$/, 's') : kind;
  if (leaf !== 'dimensions' && !(leaf === 'tags' && grammar.tags)) {
    const known = [...grammar.groups, 'dimensions', ...(grammar.tags ? ['tags'] : [])].join(', ');
    throw badRequest(`${at} is not known in this api-version: use one of ${known}.`);
  }
  const name = member(content, 'name');
  if (typeof name !== 'string' || name.trim() === '') throw badRequest(`${at}.name is required.`);
  if (leaf === 'dimensions' && !isDimension(name)) {
    throw badRequest(`The dimension '${name}' of ${at}.name is not valid.`);
  }
  const operator = member(content, 'operator');
  const known = [...grammar.operators].find((o) => o.toLowerCase() === quoted(operator).toLowerCase());
  if (known === undefined) {
    throw badRequest(
      `The value '${quoted(operator)}' of ${at}.operator is not valid: use ${[...grammar.operators].join(' or ')}.`,
    );
  }
  const values = listOfTexts(member(content, 'values'), `${at}.values`);
  if (values.length === 0) throw badRequest(`${at}.values must have at least one value.`);
  return { kind: leaf, name, operator: known, values };
}

/** Whether a cost counts at a scope of that kind. Values are compared without case. */
export function matches(filter: BudgetFilter, kind: CostScope['kind'], facts: CostFacts, month: number): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.children.every((child) => matches(child, kind, facts, month));
    case 'or':
      return filter.children.some((child) => matches(child, kind, facts, month));
    case 'not':
      return !matches(filter.child, kind, facts, month);
    default: {
      const { name, operator, values } = filter;
      const own = filter.kind === 'tags' ? tagOf(facts, name) : dimensionNamed(kind, name)?.value(facts, month);
      if (own === undefined) return false;
      const text = own.toLowerCase();
      return values.some((value) =>
        operator === 'Contains' ? text.includes(value.toLowerCase()) : text === value.toLowerCase(),
      );
    }
  }
}

/** Whether `matches` may change from month to month for one line. */
export function isMonthly(filter: BudgetFilter, kind: CostScope['kind']): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.children.some((child) => isMonthly(child, kind));
    case 'not':
      return isMonthly(filter.child, kind);
    default:
      return filter.kind === 'dimensions' && (dimensionNamed(kind, filter.name)?.monthly ?? false);
  }
}

/** A filter as JSON; `singular` writes `dimension` and `tag`, as the first version does. */
export function projectFilter(filter: BudgetFilter, singular: boolean): unknown {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { [filter.kind]: filter.children.map((child) => projectFilter(child, singular)) };
    case 'not':
      return { not: projectFilter(filter.child, singular) };
    default: {
      const { kind, name, operator, values } = filter;
      return { [singular ? kind.slice(0, -1) : kind]: { name, operator, values } };
    }
  }
}
