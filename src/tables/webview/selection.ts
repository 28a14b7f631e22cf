/** A cell by its places; row -1 is the header. */
export interface Place {
  row: number;
  column: number;
}

/** Cells between two corners, both among them. */
export interface Rectangle {
  firstRow: number;
  lastRow: number;
  firstColumn: number;
  lastColumn: number;
}

export function rectangle(one: Place, other: Place): Rectangle {
  return {
    firstRow: Math.min(one.row, other.row),
    lastRow: Math.max(one.row, other.row),
    firstColumn: Math.min(one.column, other.column),
    lastColumn: Math.max(one.column, other.column),
  };
}

export function inRectangle(cells: Rectangle, row: number, column: number): boolean {
  return row >= cells.firstRow && row <= cells.lastRow && column >= cells.firstColumn && column <= cells.lastColumn;
}

/** How many rows and columns; the header is none. */
export function sizeOf({ firstRow, lastRow, firstColumn, lastColumn }: Rectangle): { rows: number; columns: number } {
  return { rows: Math.max(0, lastRow - Math.max(0, firstRow) + 1), columns: lastColumn - firstColumn + 1 };
}

/** A key that moves in a grid. */
export interface MoveKey {
  key: string;
  /** Control, or the command key. */
  far: boolean;
}

/** Where a key leads from a place; undefined when it is no such key. */
export function moved(
  { row, column }: Place,
  { key, far }: MoveKey,
  size: { rows: number; columns: number; page: number },
): Place | undefined {
  const last = { row: size.rows - 1, column: size.columns - 1 };
  switch (key) {
    case 'ArrowUp':
      return { row: far ? Math.min(row, 0) : Math.max(-1, row - 1), column };
    case 'ArrowDown':
      return { row: far ? last.row : Math.min(last.row, row + 1), column };
    case 'ArrowLeft':
      return { row, column: far ? 0 : Math.max(0, column - 1) };
    case 'ArrowRight':
      return { row, column: far ? last.column : Math.min(last.column, column + 1) };
    case 'Home':
      return { row: far ? Math.min(0, last.row) : row, column: 0 };
    case 'End':
      return { row: far ? last.row : row, column: last.column };
    case 'PageUp':
      return { row: row < 0 ? row : Math.max(0, row - size.page), column };
    case 'PageDown':
      return { row: Math.min(last.row, Math.max(0, row) + size.page), column };
    default:
      return undefined;
  }
}
