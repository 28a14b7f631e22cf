import type { FocusRows, Made } from './focusRows.ts';
import { keepLast } from './memo.ts';
import type { CellType } from './rowLayout.ts';

/** How one column of FOCUS comes about. */
export interface FocusColumn {
  name: string;
  type: CellType;
  cell(rows: FocusRows): Made;
}

export const copy = (name: string, type: CellType, ...from: readonly string[]): FocusColumn => ({
  name,
  type,
  cell: (rows) => rows.copy(from),
});

/** From the first of some columns that has a value. */
export const made = (
  name: string,
  type: CellType,
  from: readonly string[],
  make: (text: string) => string | undefined,
): FocusColumn => ({
  name,
  type,
  cell(rows) {
    const text = rows.text(...from);
    const kept = keepLast(make);
    return {
      slot: -1,
      text: (bytes) => {
        const value = text(bytes);
        return value === undefined ? undefined : kept(value);
      },
    };
  },
});

/** A copy in the rows of which something is true. */
export const copyWhere = (
  name: string,
  type: CellType,
  from: readonly string[],
  condition: (rows: FocusRows) => (bytes: Uint8Array) => boolean,
): FocusColumn => ({
  name,
  type,
  cell(rows) {
    const text = rows.text(...from);
    const holds = condition(rows);
    return { slot: -1, text: (bytes) => (holds(bytes) ? text(bytes) : undefined) };
  },
});

export const constant = (name: string, value: string): FocusColumn => ({
  name,
  type: 'text',
  cell: () => ({ slot: -1, text: () => value }),
});
