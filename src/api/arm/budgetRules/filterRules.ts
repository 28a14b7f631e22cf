import { isMissing, isObject, listed, quoted } from '../problems.ts';
import type { PartContext } from './context.ts';
import { type Findings, itemAt, type Place } from './findings.ts';
import { DIMENSIONS, MEMBERS, RESERVATION_DIMENSIONS } from './words.ts';

/** Which words a version knows. */
interface FilterGrammar {
  leaves: readonly string[];
  groups: readonly string[];
  negation: boolean;
  /** Groups and negations inside of groups. */
  nested: boolean;
  operators: readonly string[];
  dimensions: readonly string[];
  /** Whether there may be other dimensions. */
  open: boolean;
}

const NEWEST: FilterGrammar = {
  leaves: ['dimensions', 'tags'],
  groups: ['and'],
  negation: false,
  nested: false,
  operators: ['In'],
  dimensions: DIMENSIONS,
  open: true,
};

/** Budgets on reservations are filtered by what is reserved. */
const RESERVATION: FilterGrammar = {
  ...NEWEST,
  leaves: ['dimensions'],
  dimensions: RESERVATION_DIMENSIONS,
  open: false,
};

/** Consumption had `not` until 2021. */
const CONSUMPTION_SEED: FilterGrammar = { ...NEWEST, negation: true };

/** Singular names in the preview, plural ones in its samples and later: both are in use. */
const COST_SEED: FilterGrammar = {
  ...NEWEST,
  leaves: ['dimensions', 'tags', 'dimension', 'tag'],
  groups: ['and', 'or'],
  negation: true,
  nested: true,
  operators: ['In', 'Contains'],
};

/**
 * The filter (REST reference: Budgets, `BudgetFilter`): one condition, or a group of at least two. An empty object means no filter.
 */
export function checkFilter(findings: Findings, place: Place, context: PartContext): void {
  const { value } = place;
  if (!isMissing(value) && !(isObject(value) && Object.keys(value).length === 0)) {
    checkNode(findings, place, grammarOf(context));
  }
}

function grammarOf({ provider, versions, reservation }: PartContext): FilterGrammar {
  if (reservation) {
    return RESERVATION;
  }
  if (versions === 'newest') {
    return NEWEST;
  }
  return provider === 'consumption' ? CONSUMPTION_SEED : COST_SEED;
}

function checkNode(findings: Findings, place: Place, grammar: FilterGrammar): void {
  const members = findings.members(place);
  if (members === undefined) {
    return;
  }
  const words = [...grammar.leaves, ...grammar.groups, ...(grammar.negation ? ['not'] : [])];
  const given = members.all().filter(([, { value }]) => !isMissing(value));
  const [first, ...others] = given;
  if (first === undefined) {
    findings.add(place, 'filterShape', `is empty; use ${listed(words)}.`);
    return;
  }
  if (others.length > 0) {
    const names = given.map(([key]) => key.slice(0, 30)).join(' and ');
    findings.add(place, 'filterShape', `has ${names}; use one of them, or put them into and.`);
    return;
  }
  const [key, below] = first;
  const word = words.find((known) => known === key.toLowerCase());
  if (word === undefined) {
    findings.add(below, 'filterWord', `is not known here; use ${listed(words)}.`);
  } else if (grammar.groups.includes(word)) {
    checkGroup(findings, below, inside(grammar));
  } else if (word === 'not') {
    checkNode(findings, below, inside(grammar));
  } else {
    checkLeaf(findings, below, grammar, word.startsWith('dimension'));
  }
}

function inside(grammar: FilterGrammar): FilterGrammar {
  return grammar.nested ? grammar : { ...grammar, groups: [], negation: false };
}

function checkGroup(findings: Findings, place: Place, grammar: FilterGrammar): void {
  const { value } = place;
  if (!Array.isArray(value) || value.length < 2) {
    findings.add(
      place,
      'filterShape',
      'is not a list of at least two conditions; add one, or write the one without it.',
    );
    return;
  }
  value.forEach((part, index) => {
    checkNode(findings, itemAt(place, index, part), grammar);
  });
}

function checkLeaf(findings: Findings, place: Place, grammar: FilterGrammar, dimension: boolean): void {
  const members = findings.members(place, MEMBERS.leaf);
  if (members === undefined) {
    return;
  }
  const of = (name: string): Place => members.at(name, `${place.name}.${name}`);
  const name = findings.text(of('name'), dimension ? 'the name of a dimension' : 'the name of a tag');
  if (
    dimension &&
    name !== undefined &&
    !grammar.dimensions.some((known) => known.toLowerCase() === name.toLowerCase())
  ) {
    const sentence = grammar.open
      ? `is ${quoted(name)}, which not every scope can be filtered by; use one such as ${listed(grammar.dimensions.slice(0, 3))} if the service refuses it.`
      : `is ${quoted(name)}; use ${listed(grammar.dimensions)}.`;
    findings.add(of('name'), 'filterName', sentence, grammar.open ? 'uncertain' : 'error');
  }
  findings.word(of('operator'), grammar.operators);
  const { value } = of('values');
  if (!Array.isArray(value) || value.length === 0 || !value.every((item) => typeof item === 'string')) {
    findings.add(of('values'), 'wrongType', 'is not a list of texts with at least one in it; write ["…"].');
  }
}
