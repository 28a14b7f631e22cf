import type { BudgetProvider } from './budgetRules.ts';
import { isMissing, isObject, listed, type ProblemList } from './problems.ts';
import type { VersionSet } from './versions.ts';

export interface BudgetFilterContext {
  provider: BudgetProvider;
  versions: VersionSet;
  reservation: boolean;
}

interface Grammar {
  leaves: readonly string[];
  groups: readonly string[];
  negation: boolean;
  /** Groups and negations inside of groups. */
  nested: boolean;
  operators: readonly string[];
  /** Dimension names; all when absent. */
  names?: readonly string[];
}

const NEWEST: Grammar = {
  leaves: ['dimensions', 'tags'],
  groups: ['and'],
  negation: false,
  nested: false,
  operators: ['In'],
};

/** Budgets of reservations are filtered by what is reserved. */
const RESERVATION: Grammar = { ...NEWEST, leaves: ['dimensions'], names: ['ReservationId', 'ReservedResourceType'] };

/** Consumption had `not` until 2021. */
const CONSUMPTION_SEED: Grammar = { ...NEWEST, negation: true };

/** Singular names in the preview, plural ones in its samples and later: both are in use. */
const COST_SEED: Grammar = {
  leaves: ['dimension', 'tag', 'dimensions', 'tags'],
  groups: ['and', 'or'],
  negation: true,
  nested: true,
  operators: ['In', 'Contains'],
};

/** Checks the filter of a budget: one condition, or a group of at least two. An empty object means no filter. */
export function checkBudgetFilter(list: ProblemList, filter: unknown, context: BudgetFilterContext): void {
  if (isMissing(filter) || (isObject(filter) && Object.keys(filter).length === 0)) {
    return;
  }
  checkNode(list, 'properties.filter', filter, grammarOf(context));
}

function grammarOf({ provider, versions, reservation }: BudgetFilterContext): Grammar {
  if (reservation) {
    return RESERVATION;
  }
  if (versions === 'newest') {
    return NEWEST;
  }
  return provider === 'consumption' ? CONSUMPTION_SEED : COST_SEED;
}

function checkNode(list: ProblemList, path: string, value: unknown, grammar: Grammar): void {
  const node = list.object(path, value);
  if (node === undefined) {
    return;
  }
  const kinds = [...grammar.leaves, ...grammar.groups, ...(grammar.negation ? ['not'] : [])];
  const given = Object.keys(node).filter((key) => !isMissing(node[key]));
  const unknown = given.find((key) => !kinds.includes(key));
  if (unknown !== undefined) {
    list.add(`${path}.${unknown}`, `is not known here; use ${listed(kinds)}.`);
    return;
  }
  const [kind = '', ...others] = given;
  if (kind === '' || others.length > 0) {
    list.add(path, kind === '' ? `is empty; use ${listed(kinds)}.` : `has ${given.join(' and ')}; use one of them.`);
    return;
  }
  const below = `${path}.${kind}`;
  if (grammar.groups.includes(kind)) {
    checkGroup(list, below, node[kind], inside(grammar));
  } else if (kind === 'not') {
    checkNode(list, below, node[kind], inside(grammar));
  } else {
    checkLeaf(list, below, node[kind], grammar, kind.startsWith('dimension'));
  }
}

function inside(grammar: Grammar): Grammar {
  return grammar.nested ? grammar : { ...grammar, groups: [], negation: false };
}

function checkGroup(list: ProblemList, path: string, value: unknown, grammar: Grammar): void {
  if (!Array.isArray(value) || value.length < 2) {
    list.add(path, 'is not a list of at least two conditions.');
    return;
  }
  value.forEach((part, index) => {
    checkNode(list, `${path}[${index}]`, part, grammar);
  });
}

function checkLeaf(list: ProblemList, path: string, value: unknown, grammar: Grammar, dimension: boolean): void {
  const leaf = list.object(path, value);
  if (leaf === undefined) {
    return;
  }
  if (dimension && grammar.names !== undefined) {
    list.word(`${path}.name`, leaf.name, grammar.names);
  } else {
    list.text(`${path}.name`, leaf.name);
  }
  list.word(`${path}.operator`, leaf.operator, grammar.operators);
  const { values } = leaf;
  if (!Array.isArray(values) || values.length === 0 || !values.every((item) => typeof item === 'string')) {
    list.add(`${path}.values`, 'is not a list of texts with at least one in it.');
  }
}
