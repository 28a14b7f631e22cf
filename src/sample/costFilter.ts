import { invalidQuery, Members } from './costDefinition.ts';
import { dimensionNamed, tagOf } from './costDimensions.ts';
import type { CostFacts } from './costFacts.ts';
import type { CostScope } from './costScopes.ts';

/** Which rows a query counts. */
export interface CostFilter {
  readonly test: (facts: CostFacts, month: number) => boolean;
  /** Whether the answer changes from month to month for one line. */
  readonly monthly: boolean;
}

export const NO_FILTER: CostFilter = { test: () => true, monthly: false };

const NODES = ['and', 'or', 'not', 'dimension', 'dimensions', 'tag', 'tags'] as const;
const OPERATORS = ['In', 'Equal', 'NotEqual', 'Contains', 'LessThan', 'GreaterThan'] as const;
const DEEPEST = 20;

/**
 * Reads the filter of a query: `and` and `or` of at least two, `not` of one, and conditions on dimensions and tags, each
 * under its singular and plural name, because versions differ and their own samples mix them. Values are compared without
 * case. Throws a Refusal that names the member for anything else.
 */
export function costFilter(value: unknown, scope: CostScope, where: string, depth = 0): CostFilter {
  const node = new Members(value, where);
  if (depth > DEEPEST) throw invalidQuery(`${where} is nested too deeply.`);
  const [name, ...more] = NODES.filter((member) => node.has(member));
  if (name === undefined || more.length > 0) {
    throw invalidQuery(`${where} must have exactly one of and, or, not, dimensions and tags.`);
  }
  if (name === 'and' || name === 'or') {
    const children = (node.list(name) ?? []).map((child, i) =>
      costFilter(child, scope, `${node.at(name)}[${i}]`, depth + 1),
    );
    if (children.length < 2) throw invalidQuery(`${node.at(name)} must have at least two children.`);
    return {
      test: (facts, month) =>
        name === 'and'
          ? children.every((child) => child.test(facts, month))
          : children.some((child) => child.test(facts, month)),
      monthly: children.some((child) => child.monthly),
    };
  }
  if (name === 'not') {
    const child = costFilter(node.get(name), scope, node.at(name), depth + 1);
    return { test: (facts, month) => !child.test(facts, month), monthly: child.monthly };
  }
  return condition(new Members(node.get(name), node.at(name)), name.startsWith('tag'), scope);
}

function condition(node: Members, isTag: boolean, scope: CostScope): CostFilter {
  const name = node.required('name');
  const operator = node.oneOf('operator', OPERATORS);
  if (operator === undefined) throw invalidQuery(`${node.at('operator')} is required.`);
  const values = (node.list('values') ?? []).map((value) => {
    if (typeof value === 'string') return value.toLowerCase();
    throw invalidQuery(`${node.at('values')} must be a list of texts.`);
  });
  if (values.length === 0) throw invalidQuery(`${node.at('values')} must have at least one value.`);
  const matches = comparison(operator, values);
  if (isTag) {
    return {
      // A row without the tag differs from every value.
      test: (facts) => {
        const value = tagOf(facts, name);
        return value === undefined ? operator === 'NotEqual' : matches(value.toLowerCase());
      },
      monthly: false,
    };
  }
  const dimension = dimensionNamed(scope.kind, name);
  if (!dimension) throw invalidQuery(`the dimension '${name}' of ${node.where} is not valid for this scope.`);
  return {
    test: (facts, month) => matches(dimension.value(facts, month).toLowerCase()),
    monthly: dimension.monthly,
  };
}

function comparison(operator: (typeof OPERATORS)[number], values: readonly string[]): (value: string) => boolean {
  const set = new Set(values);
  switch (operator) {
    case 'In':
    case 'Equal':
      return (value) => set.has(value);
    case 'NotEqual':
      return (value) => !set.has(value);
    case 'Contains':
      return (value) => values.some((part) => value.includes(part));
    case 'LessThan':
      return (value) => values.every((other) => value < other);
    case 'GreaterThan':
      return (value) => values.every((other) => value > other);
  }
}
