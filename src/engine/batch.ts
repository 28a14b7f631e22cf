import type { Cell, TableColumnInfo } from './cells.ts';

/** Some rows of an answer, column by column. Every batch of an answer has the same columns; an answer without rows has one empty batch. */
export interface Batch {
  readonly columns: readonly TableColumnInfo[];
  readonly rows: number;
  /** One list per column, each with `rows` cells. */
  readonly values: readonly (readonly Cell[])[];
}
