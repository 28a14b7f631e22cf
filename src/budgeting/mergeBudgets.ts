import { isObject } from '../api/arm/problems.ts';
import { type BudgetBody, inOrder } from './budgetBody.ts';
import { nameOf } from './budgetChange.ts';
import { type BudgetField, differingFields, fieldOf, withField } from './budgetFields.ts';
import { sameValue, valueIn } from './sameValue.ts';

/** `both`: both did the same, or added to one list. `conflict`: somebody has to choose. */
export type MergeSide = 'mine' | 'theirs' | 'both' | 'conflict';

/** One field that somebody changed. Undefined: it is not there. */
export interface MergedField extends BudgetField {
  /** What a view calls it. */
  name: string;
  base: unknown;
  mine: unknown;
  theirs: unknown;
  /** What the merged budget has; mine where there is a conflict: what was typed is never lost. */
  merged: unknown;
  side: MergeSide;
}

export interface BudgetMerge {
  merged: BudgetBody;
  /** In the order of the document. */
  fields: MergedField[];
  /** Those of the fields that need a choice. */
  conflicts: MergedField[];
}

/**
 * Merges two changes of one budget, field by field: what only one side changed is taken from it, lists of contacts take what both
 * added and removed, and what both changed otherwise is a conflict.
 */
export function mergeBudgets(base: BudgetBody, mine: BudgetBody, theirs: BudgetBody): BudgetMerge {
  const fields = differingFields(base, mine, theirs)
    .flatMap((field) => divided(field, base, mine, theirs))
    .map((field): MergedField => {
      const sides = { base: fieldOf(base, field), mine: fieldOf(mine, field), theirs: fieldOf(theirs, field) };
      return { ...field, name: nameOf(field.path), ...sides, ...mergeValue(field, sides) };
    });
  const merged = fields.reduce((body, field) => withField(body, field, field.merged), theirs);
  return { merged: inOrder(merged), fields, conflicts: fields.filter(({ side }) => side === 'conflict') };
}

/** What a person chose for a field of a merge: the merge with that side taken, no longer a conflict. */
export function chooseSide(merge: BudgetMerge, pointer: string, side: 'mine' | 'theirs'): BudgetMerge {
  const fields = merge.fields.map((field) =>
    field.pointer === pointer ? { ...field, side, merged: field[side] } : field,
  );
  const chosen = fields.find((field) => field.pointer === pointer);
  const merged = chosen === undefined ? merge.merged : inOrder(withField(merge.merged, chosen, chosen.merged));
  return { merged, fields, conflicts: fields.filter((field) => field.side === 'conflict') };
}

/** A notification that both added is compared member by member, though the base has none. */
function divided(field: BudgetField, base: BudgetBody, mine: BudgetBody, theirs: BudgetBody): BudgetField[] {
  const [one, other] = [fieldOf(mine, field), fieldOf(theirs, field)];
  const isMap = field.path.length <= 2 && /^(notifications|timePeriod)$/.test(field.path[0] ?? '');
  if (!isMap || fieldOf(base, field) !== undefined || !isObject(one) || !isObject(other)) {
    return [field];
  }
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return keys
    .filter((key) => [one, other].some((value) => valueIn(value, key) !== undefined && valueIn(value, key) !== null))
    .flatMap((key) => divided(below(field, key), base, mine, theirs));
}

function below({ path, pointer }: BudgetField, key: string): BudgetField {
  return { path: [...path, key], pointer: `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}` };
}

type Sides = Pick<MergedField, 'base' | 'mine' | 'theirs'>;

function mergeValue({ path }: BudgetField, { base, mine, theirs }: Sides): Pick<MergedField, 'merged' | 'side'> {
  const member = path.length === 2 && path[0] === 'notifications' ? '' : (path.at(-1) ?? '');
  const same = (one: unknown, other: unknown): boolean => sameValue(member, one, other);
  if (same(mine, theirs)) {
    return { merged: theirs, side: 'both' };
  }
  if (same(base, mine)) {
    return { merged: theirs, side: 'theirs' };
  }
  if (same(base, theirs)) {
    return { merged: mine, side: 'mine' };
  }
  if (isTexts(mine) && isTexts(theirs) && (base === undefined || isTexts(base))) {
    return { merged: mergeTexts(base ?? [], mine, theirs), side: 'both' };
  }
  return { merged: mine, side: 'conflict' };
}

/** What either side added is there, what either side removed is not; in the order of theirs, mine behind. */
function mergeTexts(base: readonly string[], mine: readonly string[], theirs: readonly string[]): string[] {
  const kept = theirs.filter((text) => mine.includes(text) || !base.includes(text));
  return [...kept, ...mine.filter((text) => !base.includes(text) && !theirs.includes(text))];
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
