import type { PageCell, PageChoice, PageColumn, PageFilter, PageGroup, PageGroupBy } from '../tableContract.ts';

type Group = NonNullable<PageChoice['group']>;
type GroupColumn = PageGroupBy['columns'][number];

const NUMBERS = new Set<PageColumn['kind']>(['decimal', 'integer', 'double']);

/** Numbers stand at the right. */
export function isNumber({ kind }: PageColumn): boolean {
  return NUMBERS.has(kind);
}

/** Whether sums of it are exact: doubles have none. */
export function isExact({ kind }: PageColumn): boolean {
  return kind === 'decimal' || kind === 'integer';
}

/** Whether it can be grouped by day and month. */
export function isTime({ kind }: PageColumn): boolean {
  return kind === 'date' || kind === 'timestamp';
}

function usualWidth(column: PageColumn): number {
  const least = column.kind === 'text' || column.kind === 'decimal' ? 150 : isTime(column) ? 110 : 100;
  return Math.min(260, Math.max(least, column.name.length * 8 + 46));
}

/** Rows that are looked at, and pixels: of a character, beside the text, and at most. */
const FITTED_ROWS = 40;
const CHARACTER = 7.2;
const AROUND = 24;
const WIDEST = 420;

/** How wide a column is that shows its first rows whole. */
export function fittingWidth(cell: (row: number) => string | undefined): number {
  let longest = 0;
  for (let row = 0; row < FITTED_ROWS; row++) {
    longest = Math.max(longest, cell(row)?.length ?? 0);
  }
  return Math.min(WIDEST, Math.round(longest * CHARACTER + AROUND));
}

/** All columns, nothing sorted, filtered or grouped. */
export function firstChoice(columns: readonly PageColumn[]): PageChoice {
  return {
    columns: columns.map((column) => ({ name: column.name, width: usualWidth(column), shown: true })),
    view: { sort: [], filters: [] },
    group: null,
    place: { row: 0, column: 0, top: 0 },
  };
}

/** A choice that was kept, for what the table is now: what names columns that are gone is left out, new columns are shown last. */
export function restoredChoice(kept: PageChoice | null, columns: readonly PageColumn[]): PageChoice {
  const first = firstChoice(columns);
  if (kept === null) {
    return first;
  }
  const byName = new Map(columns.map((column) => [column.name, column]));
  const has = ({ column }: { column: string }) => byName.has(column);
  const known = kept.columns.filter(({ name }) => byName.has(name));
  const placed = new Set(known.map(({ name }) => name));
  const { group } = kept;
  const isGrouped =
    group?.by.columns.every(has) === true &&
    group.by.sums.every((name) => byName.has(name)) &&
    group.by.columns.length > 0;
  return {
    columns: [...known, ...first.columns.filter(({ name }) => !placed.has(name))],
    view: { sort: kept.view.sort.filter(has), filters: kept.view.filters.filter(has) },
    group: isGrouped ? group : null,
    place: kept.place,
  };
}

/** The order after a header was pressed: up, down, as in the file. */
export function sortedBy(sort: PageChoice['view']['sort'], column: string, more: boolean): PageChoice['view']['sort'] {
  const old = sort.find((key) => key.column === column);
  const next =
    old === undefined ? { column, descending: false } : old.descending ? undefined : { column, descending: true };
  if (!more) {
    return next === undefined ? [] : [next];
  }
  return old === undefined
    ? [...sort, ...(next === undefined ? [] : [next])]
    : sort.flatMap((key) => (key === old ? (next === undefined ? [] : [next]) : [key]));
}

/** The rows of a group as conditions. */
export function groupFilters(by: PageGroupBy, { keys }: PageGroup): PageFilter[] {
  return by.columns.map((column, index) => keyFilter(column, keys[index] ?? null));
}

function keyFilter({ column, by }: GroupColumn, key: PageCell): PageFilter {
  if (by === undefined) {
    return { column, test: 'oneOf', values: [key] };
  }
  if (key === null) {
    return { column, test: 'empty' };
  }
  const from = by === 'month' ? `${key.slice(0, 7)}-01` : key.slice(0, 10);
  return { column, test: 'between', from, to: by === 'month' ? lastDayOf(key) : from };
}

function lastDayOf(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}

/** What a group's order becomes when the header of a sum, or of a key, is pressed: the largest sums first, keys from the first on. */
export function groupOrderedBy({ order }: Group, sum: string | undefined): Group['order'] {
  const descending = order.sum === sum ? !order.descending : sum !== undefined;
  return sum === undefined ? { descending } : { sum, descending };
}

/** A value in words, where nothing cannot be shown as nothing. */
export function valueText(value: PageCell): string {
  return value === null ? '(empty)' : value === '' ? '(empty text)' : value;
}

/** Values that a chip names. */
const MOST_NAMED = 3;

/** A condition in words. */
export function filterText(filter: PageFilter): string {
  const { column } = filter;
  switch (filter.test) {
    case 'oneOf':
      return `${column}: ${named(filter.values)}`;
    case 'noneOf':
      return `${column}: not ${named(filter.values)}`;
    case 'contains':
      return `${column} contains "${filter.text}"`;
    case 'notContains':
      return `${column} does not contain "${filter.text}"`;
    case 'startsWith':
      return `${column} starts with "${filter.text}"`;
    case 'between': {
      const { from, to } = filter;
      if (from !== undefined && from === to) {
        return `${column}: ${from}`;
      }
      return from === undefined
        ? `${column} up to ${to ?? ''}`
        : `${column} from ${from}${to === undefined ? '' : ` to ${to}`}`;
    }
    case 'empty':
      return `${column} is empty`;
    case 'notEmpty':
      return `${column} is not empty`;
  }
}

function named(values: readonly PageCell[]): string {
  const first = values.slice(0, MOST_NAMED).map(valueText).join(', ');
  return values.length > MOST_NAMED ? `${first} and ${values.length - MOST_NAMED} more` : first;
}

/** A column of a group in words. */
export function groupColumnText({ column, by }: GroupColumn): string {
  return by === undefined ? column : `${column} by ${by}`;
}
