import * as v from 'valibot';
import type { CostSpelling } from './costSpelling.ts';
import { nameInput } from './input.ts';

/** A condition on the values of a dimension or of a tag. The REST reference knows `In`; the others were seen to work. */
const comparison = v.strictObject({
  name: nameInput,
  operator: v.picklist(['In', 'Equal', 'NotEqual', 'Contains', 'LessThan', 'GreaterThan']),
  values: v.pipe(v.array(v.string()), v.minLength(1, 'needs at least one value.')),
});

export type CostComparison = v.InferOutput<typeof comparison>;

/** A tree of conditions. `and` and `or` join two or more; one condition alone stands without them. */
export type CostFilter =
  | { and: CostFilter[] }
  | { or: CostFilter[] }
  | { not: CostFilter }
  | { dimensions: CostComparison }
  | { tags: CostComparison };

const children = () =>
  v.pipe(v.array(costFilter), v.minLength(2, 'needs at least two conditions; give a single one without it.'));

const FILTER_KINDS = {
  and: v.strictObject({ and: v.lazy(children) }),
  or: v.strictObject({ or: v.lazy(children) }),
  not: v.strictObject({ not: v.lazy(() => costFilter) }),
  dimensions: v.strictObject({ dimensions: comparison }),
  tags: v.strictObject({ tags: comparison }),
};

const notAFilter = v.custom<never>(() => false, 'is not exactly one of and, or, not, dimensions and tags.');

/** {@link CostFilter}, checked. */
export const costFilter: v.GenericSchema<CostFilter> = v.lazy((input) => {
  const [kind, ...others] = typeof input === 'object' && input !== null ? Object.keys(input) : [];
  return others.length === 0 && kind !== undefined && Object.hasOwn(FILTER_KINDS, kind)
    ? FILTER_KINDS[kind as keyof typeof FILTER_KINDS]
    : notAFilter;
});

/** All of the conditions: none of them gives no filter, one stands alone. */
export function allOf(filters: readonly CostFilter[]): CostFilter | undefined {
  return filters.length > 1 ? { and: [...filters] } : filters[0];
}

/** Any of the conditions: none of them gives no filter, one stands alone. */
export function anyOf(filters: readonly CostFilter[]): CostFilter | undefined {
  return filters.length > 1 ? { or: [...filters] } : filters[0];
}

/** The filter in the spelling of a version. */
export function writeFilter(filter: CostFilter, spelling: CostSpelling): unknown {
  if ('and' in filter) {
    return { and: filter.and.map((child) => writeFilter(child, spelling)) };
  }
  if ('or' in filter) {
    return { or: filter.or.map((child) => writeFilter(child, spelling)) };
  }
  if ('not' in filter) {
    return { not: writeFilter(filter.not, spelling) };
  }
  return 'dimensions' in filter ? { [spelling.dimensions]: filter.dimensions } : { [spelling.tags]: filter.tags };
}
