import { badRequest } from './answers.ts';
import { parseIsoDay } from './calendar.ts';

const TESTS: Readonly<Record<string, (day: number, other: number) => boolean>> = {
  eq: (day, other) => day === other,
  lt: (day, other) => day < other,
  le: (day, other) => day <= other,
  gt: (day, other) => day > other,
  ge: (day, other) => day >= other,
};

/** One comparison of a filter: `test` tells whether a day passes. */
interface DateCondition {
  /** In lower case, without `properties/`. */
  readonly field: string;
  readonly operator: string;
  readonly day: number;
  readonly test: (day: number) => boolean;
}

/**
 * Reads `properties/date gt '2026-10-01' and properties/date le '2026-10-31'`: comparisons of the named fields with days,
 * joined by `and`; ne, or and not are not supported. Throws a 400 that names the part it does not understand.
 */
export function dateFilter(filter: string | undefined, fields: readonly string[]): readonly DateCondition[] {
  if (!filter?.trim()) return [];
  return filter.split(/\s+and\s+/i).map((part) => {
    const match = /^\s*(?:properties\/)?(\w+)\s+(\w+)\s+'?(\d{4}-\d{2}-\d{2})(?:T[\d:.]+Z?)?'?\s*$/.exec(part);
    const field = match?.[1]?.toLowerCase() ?? '';
    const operator = match?.[2]?.toLowerCase() ?? '';
    const test = TESTS[operator];
    const other = parseIsoDay(match?.[3] ?? '');
    if (!fields.some((known) => known.toLowerCase() === field) || !test || other === undefined) {
      throw badRequest(
        `The filter '${part.trim()}' is not supported: compare ${fields.map((f) => `properties/${f}`).join(' or ')} by eq, lt, gt, le or ge with a date such as '2026-10-31', joined by and.`,
      );
    }
    return { field, operator, day: other, test: (day: number) => test(day, other) };
  });
}
