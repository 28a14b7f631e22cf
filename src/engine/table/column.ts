import type { ColumnKind } from '../cells.ts';
import { literal } from '../sql/quote.ts';

/** How a CSV file writes a kind of value. `format` is that of strptime. */
export type CsvForm =
  | { as: 'text' }
  /** `scale`: decimals that fit in a narrow number, which is quick; undefined: DECIMAL(38, 20). */
  | { as: 'number'; comma: boolean; scale?: number }
  | { as: 'time'; format: string; day: boolean };

/** A column of a table. In SQL its name is `id`, whatever it is called. */
export interface Column {
  /** Unique in the table without regard to case, as the engine wants it. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** `c0`, `c1`, … */
  readonly id: string;
  /** Wider than any integer that Parquet knows: the sum of integers. */
  readonly wide?: true;
  /** How its texts look where the file is text. */
  readonly form?: CsvForm;
}

/** The text of a value as it is shown and compared. `value` is SQL that has the column's type. */
export function shownText({ kind, form }: Column, value: string): string {
  if (form?.as === 'time') {
    return `strftime(${value}, ${literal(form.format)})`;
  }
  switch (kind) {
    case 'text':
      return value;
    case 'decimal': {
      const plain = trimmed(`CAST(${value} AS VARCHAR)`);
      return form?.as === 'number' && form.comma ? `replace(${plain}, '.', ',')` : plain;
    }
    case 'timestamp':
      return `replace(CAST(CAST(${value} AS TIMESTAMP) AS VARCHAR), ' ', 'T') || 'Z'`;
    default:
      return `CAST(${value} AS VARCHAR)`;
  }
}

/** A decimal's text without padding zeros. */
export function trimmed(text: string): string {
  return `CASE WHEN contains(${text}, '.') THEN rtrim(rtrim(${text}, '0'), '.') ELSE ${text} END`;
}

/** A text parameter as a value to compare with the column; null when it is none. */
export function typed({ kind, form }: Column, text: string): string {
  switch (kind) {
    case 'decimal':
    case 'integer':
      return `TRY_CAST(${form?.as === 'number' && form.comma ? `replace(${text}, ',', '.')` : text} AS DECIMAL(38, 20))`;
    case 'double':
      return `TRY_CAST(${text} AS DOUBLE)`;
    case 'date':
    case 'timestamp': {
      const iso = `TRY_CAST(CASE WHEN length(${text}) = 7 THEN ${text} || '-01' ELSE rtrim(${text}, 'Z') END AS TIMESTAMP)`;
      return form?.as === 'time' ? `coalesce(try_strptime(${text}, ${literal(form.format)}), ${iso})` : iso;
    }
    default:
      return text;
  }
}

/** A value that sums are made of: doubles count as the numbers that their texts are. */
export function addend({ kind, id }: Column): string {
  return kind === 'double' ? `CAST(CAST(${id} AS VARCHAR) AS DECIMAL(38, 20))` : id;
}

/** Whether sums of the column are exact numbers. */
export function canSum({ kind }: Column): boolean {
  return kind === 'decimal' || kind === 'integer' || kind === 'double';
}
