import type { TableRow, TableState } from '../tableContract.ts';

export type SortColumn = 'name' | 'state';

/** Which rows of a table are shown, and in which order. */
export interface RowChoice {
  /** Id of a state; undefined: all. */
  state: string | undefined;
  /** Rows that have it in their name, note or sentences, in any case. */
  text: string;
  /** Undefined: as the rows came. */
  sort: { by: SortColumn; descending: boolean } | undefined;
}

/** The rows of a choice. States sort in the order of the counts. */
export function shownRows(
  rows: readonly TableRow[],
  states: readonly TableState[],
  { state, text, sort }: RowChoice,
): TableRow[] {
  const wanted = text.trim().toLocaleLowerCase();
  const kept = rows.filter(
    (row) =>
      (state === undefined || row.state === state) &&
      (wanted === '' || [row.name, row.note, ...row.lines].some((part) => part.toLocaleLowerCase().includes(wanted))),
  );
  if (sort === undefined) {
    return kept;
  }
  const place = new Map(states.map(({ id }, index) => [id, index]));
  const compare = (one: TableRow, other: TableRow): number =>
    sort.by === 'name'
      ? NAMES.compare(one.name, other.name)
      : (place.get(one.state) ?? 0) - (place.get(other.state) ?? 0) || NAMES.compare(one.name, other.name);
  return kept.sort((one, other) => (sort.descending ? -compare(one, other) : compare(one, other)));
}

const NAMES = new Intl.Collator(undefined, { numeric: true });
