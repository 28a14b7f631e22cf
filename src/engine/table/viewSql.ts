import type { Parameter } from '../engine.ts';
import { EngineError } from '../engineErrors.ts';
import { type Column, shownText, typed } from './column.ts';
import type { ColumnFilter, SortKey } from './usageTable.ts';

/** Collects the parameters of a statement. */
export class Params {
  readonly list: Parameter[] = [];

  /** @returns the place of the value in SQL */
  add(value: Parameter): string {
    this.list.push(value);
    return `CAST($${this.list.length} AS VARCHAR)`;
  }
}

/** Columns by name. @throws EngineError that names one which is not there */
export function columnFinder(columns: readonly Column[]): (name: string) => Column {
  const byName = new Map(columns.map((column) => [column.name, column]));
  return (name) => {
    const column = byName.get(name);
    if (column === undefined) {
      throw new EngineError('question', `There is no column ${name}; reload the table.`);
    }
    return column;
  };
}

/** The condition of all filters; empty when there is none. `text` makes the SQL of a text: a parameter, or a literal for a table's definition. */
export function conditionSql(
  filters: readonly ColumnFilter[],
  find: (name: string) => Column,
  text: (value: string) => string,
): string {
  return filters.map((filter) => `(${filterSql(filter, find(filter.column), text)})`).join(' AND ');
}

function filterSql(filter: ColumnFilter, column: Column, text: (value: string) => string): string {
  const { id } = column;
  const shown = shownText(column, id);
  const isEmpty = column.kind === 'text' || column.kind === 'other' ? `coalesce(${shown}, '') = ''` : `${id} IS NULL`;
  switch (filter.test) {
    case 'empty':
      return isEmpty;
    case 'notEmpty':
      return `NOT (${isEmpty})`;
    case 'oneOf':
    case 'noneOf': {
      const texts = filter.values.filter((value) => value !== null && value !== '').map((value) => String(value));
      const exact = EXACT.has(column.kind);
      const among =
        texts.length === 0
          ? 'false'
          : `${exact ? id : shown} IN (${texts.map((value) => (exact ? typed(column, text(value)) : text(value))).join(', ')})`;
      const isOneOf = `coalesce(${among}, false)${texts.length < filter.values.length ? ` OR ${isEmpty}` : ''}`;
      return filter.test === 'oneOf' ? isOneOf : `NOT (${isOneOf})`;
    }
    case 'contains':
      return `coalesce(contains(lower(${shown}), lower(${text(filter.text)})), false)`;
    case 'notContains':
      return `NOT coalesce(contains(lower(${shown}), lower(${text(filter.text)})), false)`;
    case 'startsWith':
      return `coalesce(starts_with(lower(${shown}), lower(${text(filter.text)})), false)`;
    case 'between':
      return betweenSql(filter, column, text);
  }
}

/** Kinds whose texts are compared as values: what a text means is told by {@link typed}. */
const EXACT = new Set(['decimal', 'integer', 'date', 'timestamp']);

function betweenSql(
  { from, to }: Extract<ColumnFilter, { test: 'between' }>,
  column: Column,
  text: (value: string) => string,
): string {
  const { id, kind } = column;
  const parts: string[] = [];
  for (const bound of [from, to]) {
    if (bound !== undefined && !isBound(column, bound)) {
      throw new EngineError(
        'question',
        `'${bound.slice(0, 60)}' is no ${kind === 'decimal' ? 'number' : kind} for the column ${column.name}.`,
      );
    }
  }
  if (from !== undefined) {
    parts.push(`${id} >= ${typed(column, text(from))}`);
  }
  if (to !== undefined) {
    const until = typed(column, text(to));
    // A month or a day lasts to its end.
    const length = /^\d{4}-\d\d$/.test(to)
      ? 'MONTH'
      : /^\d{4}-\d\d-\d\d$/.test(to) || column.form?.as === 'time'
        ? 'DAY'
        : undefined;
    const whole = (kind === 'date' || kind === 'timestamp') && length !== undefined && !/\d:\d/.test(to);
    parts.push(whole ? `${id} < ${until} + INTERVAL 1 ${length}` : `${id} <= ${until}`);
  }
  return parts.length === 0 ? 'true' : parts.join(' AND ');
}

function isBound({ kind, form }: Column, text: string): boolean {
  switch (kind) {
    case 'decimal':
    case 'integer':
    case 'double':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(
        form?.as === 'number' && form.comma ? text.replace(',', '.') : text,
      );
    case 'date':
    case 'timestamp':
      return /^\d{4}-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?)?$/.test(text) || form?.as === 'time';
    default:
      return true;
  }
}

/** Empty cells come last, whatever the direction; rows that no key tells apart stay in the order of the file. */
export function orderSql(sort: readonly SortKey[], find: (name: string) => Column, last = 'rid'): string {
  return [
    ...sort.map(({ column, descending }) => `${find(column).id} ${descending ? 'DESC' : 'ASC'} NULLS LAST`),
    last,
  ].join(', ');
}
