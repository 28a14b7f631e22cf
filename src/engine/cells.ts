/** A value as text with all its digits (decimals without padding zeros, times in UTC); null: no value. */
export type Cell = string | null;

/** What the values of a column are. `decimal` and `integer` are exact; `double` only where a file itself has doubles. */
export type ColumnKind = 'text' | 'decimal' | 'integer' | 'double' | 'date' | 'timestamp' | 'boolean' | 'other';

export interface TableColumnInfo {
  name: string;
  kind: ColumnKind;
}
