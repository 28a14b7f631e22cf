import type { DimensionName } from './costColumns.ts';

/** One side of a comparison: which rows of a table it is. */
export interface Side {
  /** For people: `October 2026`, an invoice's number. */
  label: string;
  /** First and last day, `YYYY-MM-DD`, UTC, both inclusive; left out where all days are meant. */
  from?: string;
  to?: string;
  /** All of these hold; what is compared is the column that tells the dimension's values apart, ASCII letters without case. */
  only?: readonly SideCondition[];
}

export interface SideCondition {
  dimension: DimensionName;
  /** The row has one of these; an empty text stands for none at all, so unbilled rows are those of the invoice `''`. */
  values: readonly string[];
  /** The row has none of them. */
  not?: true;
}

/** A table that cannot be compared as asked. */
export class InsightError extends Error {
  override readonly name = 'InsightError';
}
