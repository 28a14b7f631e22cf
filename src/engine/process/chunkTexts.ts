import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Cell, ColumnKind } from '../cells.ts';

const KINDS: Readonly<Partial<Record<DuckDBTypeId, ColumnKind>>> = {
  [DuckDBTypeId.VARCHAR]: 'text',
  [DuckDBTypeId.ENUM]: 'text',
  [DuckDBTypeId.UUID]: 'text',
  [DuckDBTypeId.DECIMAL]: 'decimal',
  [DuckDBTypeId.TINYINT]: 'integer',
  [DuckDBTypeId.SMALLINT]: 'integer',
  [DuckDBTypeId.INTEGER]: 'integer',
  [DuckDBTypeId.BIGINT]: 'integer',
  [DuckDBTypeId.HUGEINT]: 'integer',
  [DuckDBTypeId.UTINYINT]: 'integer',
  [DuckDBTypeId.USMALLINT]: 'integer',
  [DuckDBTypeId.UINTEGER]: 'integer',
  [DuckDBTypeId.UBIGINT]: 'integer',
  [DuckDBTypeId.UHUGEINT]: 'integer',
  [DuckDBTypeId.FLOAT]: 'double',
  [DuckDBTypeId.DOUBLE]: 'double',
  [DuckDBTypeId.DATE]: 'date',
  [DuckDBTypeId.TIMESTAMP]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_S]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_MS]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_NS]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'timestamp',
  [DuckDBTypeId.BOOLEAN]: 'boolean',
};

/** What a type of the engine is to readers. */
export function kindOf(type: DuckDBType): ColumnKind {
  return KINDS[type.typeId] ?? 'other';
}

/** A value as text, the same that `shownText` makes in SQL. */
export function cellOf(value: DuckDBValue): Cell {
  if (value === null) {
    return null;
  }
  if (typeof value === 'string') {
    return value;
  }
  if (value instanceof DuckDBDecimalValue) {
    const text = value.toString();
    return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  }
  if (value instanceof DuckDBTimestampTZValue) {
    return instant(new DuckDBTimestampValue(value.micros).toString());
  }
  if (value instanceof DuckDBDateValue) {
    return value.toString();
  }
  if (value instanceof DuckDBTimestampValue) {
    return instant(value.toString());
  }
  return String(value);
}

function instant(text: string): string {
  return `${text.replace(' ', 'T')}Z`;
}
