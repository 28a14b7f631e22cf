import type { Cell, TableColumnInfo } from '../cells.ts';

export interface SortKey {
  column: string;
  descending: boolean;
}

/** Texts are as they are shown; null is a cell without a value. */
export type ColumnFilter =
  | { column: string; test: 'oneOf' | 'noneOf'; values: readonly Cell[] }
  /** Without regard to case. */
  | { column: string; test: 'contains' | 'notContains' | 'startsWith'; text: string }
  /** Inclusive. Numbers and dates (`2026-11-22`, or a time) as text, by the kind of the column. */
  | { column: string; test: 'between'; from?: string; to?: string }
  /** Empty text counts as empty. */
  | { column: string; test: 'empty' | 'notEmpty' };

/** What is shown of a table. Filters all hold; rows that no key tells apart stay in the order of the file. */
export interface TableView {
  sort: readonly SortKey[];
  filters: readonly ColumnFilter[];
}

/** `by`: dates and times by UTC day or month. `sums`: names of decimal and integer columns. */
export interface GroupBy {
  columns: readonly { column: string; by?: 'day' | 'month' }[];
  sums: readonly string[];
}

/** An exact sum of one column in one currency, where the file has a currency column that belongs to it. `values`: cells that were added. */
export interface SumCell {
  column: string;
  currency: string | null;
  sum: string;
  values: number;
}

export interface Group {
  keys: Cell[];
  rows: number;
  sums: SumCell[];
}

/** One or many files as one table. Row numbers are 0-based positions in the view. Questions may be asked side by side. */
export interface UsageTable {
  readonly columns: readonly TableColumnInfo[];
  readonly files: readonly string[];
  /** Rows of the view from `first` on, texts as in the file (decimals without padding zeros). Fewer than `count` only at the end. */
  rows(
    view: TableView,
    first: number,
    count: number,
    columns: readonly string[],
    signal?: AbortSignal,
  ): Promise<Cell[][]>;
  count(view: TableView, signal?: AbortSignal): Promise<number>;
  /** `total`: the number of groups. Ordered by a sum (its largest currency), or by the keys. */
  groups(
    view: TableView,
    by: GroupBy,
    order: { sum?: string; descending: boolean },
    first: number,
    count: number,
    signal?: AbortSignal,
  ): Promise<{ rows: Group[]; total: number }>;
  /** Of all rows of the view, or of some. */
  sums(
    view: TableView,
    columns: readonly string[],
    range?: { first: number; count: number },
    signal?: AbortSignal,
  ): Promise<{ rows: number; sums: SumCell[] }>;
  /** The next row at or after `from` (before it: `backwards`) that has the text in one of the columns; goes on at the other end. */
  find(
    view: TableView,
    text: string,
    columns: readonly string[],
    from: number,
    backwards: boolean,
    signal?: AbortSignal,
  ): Promise<{ row: number; column: string } | undefined>;
  /** Values of a column that contain the text, the most frequent first. */
  values(
    view: TableView,
    column: string,
    text: string,
    most: number,
    signal?: AbortSignal,
  ): Promise<{ value: Cell; rows: number }[]>;
  /** Writes the rows of the view as they are shown. CSV cells that a spreadsheet would run are neutralised. */
  export(
    view: TableView,
    columns: readonly string[],
    to: { file: string; format: 'csv' | 'parquet' },
    signal?: AbortSignal,
  ): Promise<{ rows: number; bytes: number }>;
  close(): Promise<void>;
}
