/** Browsers stop laying out between 17 and 33 million pixels; further down a scroll bar stands for more than its own length. */
const MOST_PIXELS = 8_000_000;

/** Rows in a window that is scrolled. Lengths in pixels. */
export interface Heights {
  rows: number;
  row: number;
  /** Of the window. */
  room: number;
}

function whole({ rows, row }: Heights): number {
  return rows * row;
}

/** How long what is scrolled is made. */
export function scrollLength(heights: Heights): number {
  return Math.max(Math.min(whole(heights), MOST_PIXELS), heights.room);
}

/** Whether a pixel of the scroll bar stands for more than a pixel of the rows. */
export function isScaled(heights: Heights): boolean {
  return whole(heights) > MOST_PIXELS;
}

/** How far the rows can be scrolled. */
export function mostTop(heights: Heights): number {
  return Math.max(0, whole(heights) - heights.room);
}

function ratio(heights: Heights): number {
  const way = scrollLength(heights) - heights.room;
  return way > 0 ? mostTop(heights) / way : 1;
}

/** Where the rows begin when the scroll bar stands here. */
export function topOfBar(bar: number, heights: Heights): number {
  return clamp(isScaled(heights) ? bar * ratio(heights) : bar, 0, mostTop(heights));
}

/** Where the scroll bar stands when the rows begin here. */
export function barOfTop(top: number, heights: Heights): number {
  return isScaled(heights) ? top / ratio(heights) : top;
}

/** Rows that are at least partly in the window: from the first, and how many. */
export function rowsInSight(top: number, { rows, row, room }: Heights): { first: number; count: number } {
  const first = clamp(Math.floor(top / row), 0, Math.max(0, rows - 1));
  const last = Math.min(rows, Math.ceil((top + room) / row));
  return { first: rows === 0 ? 0 : first, count: Math.max(0, last - first) };
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
