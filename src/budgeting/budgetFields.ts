import { pointerStep } from '../api/arm/budgetRules/findings.ts';
import { isMissing, isObject } from '../api/arm/problems.ts';
import type { BudgetBody } from './budgetBody.ts';
import { sameValue, valueIn } from './sameValue.ts';

/** One thing of a budget that is changed, merged and told of on its own. */
export interface BudgetField {
  /** RFC 6901, from the budget's `properties`. */
  pointer: string;
  /** Its steps. */
  path: readonly string[];
}

/** Objects whose members are fields; a filter is one as a whole, for half of two filters is none that anybody wrote. */
function isDivided(path: readonly string[]): boolean {
  const [first] = path;
  return (
    path.length === 0 ||
    (path.length === 1 && (first === 'timePeriod' || first === 'notifications')) ||
    (path.length === 2 && first === 'notifications')
  );
}

/**
 * The fields in which budgets differ, in the order of the first one that has them. An object that only some of them have is one field:
 * a notification that was added or removed.
 */
export function differingFields(...bodies: readonly (BudgetBody | undefined)[]): BudgetField[] {
  return differences([], bodies);
}

function differences(path: readonly string[], values: readonly unknown[]): BudgetField[] {
  const member = path.at(-1) ?? '';
  const [first] = values;
  if (values.every((value) => sameValue(isWordPlace(path) ? member : '', first, value))) {
    return [];
  }
  if (isDivided(path) && values.every((value) => isObject(value))) {
    const keys = new Set(values.flatMap((value) => Object.keys(value)));
    return [...keys].flatMap((key) =>
      differences(
        [...path, key],
        values.map((value) => valueIn(value, key)),
      ),
    );
  }
  return [{ path, pointer: path.map(pointerStep).join('') }];
}

/** Names of notifications are no members of the budget's own. */
function isWordPlace(path: readonly string[]): boolean {
  return !(path.length === 2 && path[0] === 'notifications');
}

/** What a budget has in a field; undefined for nothing, and for null, which means the same. */
export function fieldOf(body: BudgetBody | undefined, { path }: Pick<BudgetField, 'path'>): unknown {
  const value = path.reduce<unknown>((object, key) => valueIn(object, key), body);
  return isMissing(value) ? undefined : value;
}

/** A copy with another value in a field; undefined takes it away. Other members and their order stay. */
export function withField(body: BudgetBody, { path }: Pick<BudgetField, 'path'>, value: unknown): BudgetBody {
  return replaced(body, path, value) as BudgetBody;
}

function replaced(object: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) {
    return value;
  }
  const members = isObject(object) ? object : {};
  const below = replaced(valueIn(members, key), rest, value);
  const entries = Object.entries(members).filter(([name]) => name !== key || below !== undefined);
  const at = entries.findIndex(([name]) => name === key);
  if (below !== undefined) {
    entries.splice(at < 0 ? entries.length : at, at < 0 ? 0 : 1, [key, below]);
  }
  return Object.fromEntries(entries);
}
