import type { GridView } from './gridView.ts';
import { moved, sizeOf } from './selection.ts';

export interface InputEvents {
  copy(): void;
  find(): void;
  findNext(backwards: boolean): void;
  /** Enter on a row. */
  choose(row: number): void;
  /** Enter on a header. */
  sort(column: number, more: boolean): void;
  filter(column: number): void;
  /** Pixels wider. */
  widen(column: number, by: number): void;
  /** Its place among the columns. */
  move(column: number, by: -1 | 1): void;
}

/** Pixels of a press of a key. */
const WIDEN = 16;

/** Milliseconds between steps while the pointer is beside the rows. */
const STEP = 50;

/** What the mouse does on rows: a click, a drag to a rectangle, scrolling at the edges. */
export function listenToPointer(grid: GridView, chosen: (row: number) => void): void {
  const { element } = grid;
  element.addEventListener('pointerdown', (down) => {
    if (down.button !== 0 || !grid.isOnRows(down.target) || grid.rowCount === 0) {
      return;
    }
    down.preventDefault();
    const anchor = down.shiftKey ? anchorOf(grid) : grid.placeAt(down.clientX, down.clientY);
    grid.select(anchor, grid.placeAt(down.clientX, down.clientY));
    let last = { x: down.clientX, y: down.clientY };
    const follow = () => {
      const place = grid.placeAt(last.x, last.y);
      if (place.row !== grid.active.row || place.column !== grid.active.column) {
        grid.select(anchor, place);
      }
    };
    const move = (event: PointerEvent) => {
      last = { x: event.clientX, y: event.clientY };
      follow();
    };
    const timer = window.setInterval(() => {
      const box = element.getBoundingClientRect();
      const y = beyond(last.y, box.top + 30, box.bottom - 4);
      const x = beyond(last.x, box.left + 4, box.right - 4);
      if (x !== 0 || y !== 0) {
        grid.scrollBy(x, y);
        follow();
      }
    }, STEP);
    const up = () => {
      clearInterval(timer);
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('pointercancel', up);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
    window.addEventListener('pointercancel', up);
  });
  element.addEventListener('dblclick', (event) => {
    if (grid.isOnRows(event.target)) {
      chosen(grid.placeAt(event.clientX, event.clientY).row);
    }
  });
  // What is too long for its cell is told under the pointer.
  element.addEventListener('pointerover', ({ target }) => {
    if (target instanceof HTMLElement && target.role === 'gridcell' && target.scrollWidth > target.clientWidth) {
      target.title = target.textContent ?? '';
    }
  });
}

/** The corner opposite the active one. */
function anchorOf({ selected, active }: GridView) {
  return {
    row: Math.max(0, active.row === selected.firstRow ? selected.lastRow : selected.firstRow),
    column: active.column === selected.firstColumn ? selected.lastColumn : selected.firstColumn,
  };
}

function beyond(at: number, start: number, end: number): number {
  return at < start ? at - start : at > end ? at - end : 0;
}

/** What keys do in the grid. Those that mean something here do not reach the editor. */
export function listenToKeys(grid: GridView, events: InputEvents): void {
  grid.element.addEventListener('keydown', (event) => {
    if (handled(grid, event, events)) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
}

function handled(grid: GridView, event: KeyboardEvent, events: InputEvents): boolean {
  const far = event.ctrlKey || event.metaKey;
  const { row, column } = grid.active;
  const { key, shiftKey, altKey } = event;
  if (far && !altKey) {
    const letter = key.toLowerCase();
    if (letter === 'c') {
      events.copy();
      return true;
    }
    if (letter === 'f') {
      events.find();
      return true;
    }
    if (letter === 'a') {
      grid.select({ row: grid.rowCount - 1, column: Number.MAX_SAFE_INTEGER }, { row: 0, column: 0 });
      return true;
    }
  }
  if (key === 'F3') {
    events.findNext(shiftKey);
    return true;
  }
  if (key === ' ' && (far || shiftKey) && row >= 0) {
    selectLine(grid, far);
    return true;
  }
  if (key === 'Escape' && hasMany(grid)) {
    grid.moveTo(grid.active);
    return true;
  }
  if (altKey && key === 'ArrowDown') {
    events.filter(column);
    return true;
  }
  if (row < 0 && headKey(event, column, events)) {
    return true;
  }
  if (key === 'Enter' && row >= 0 && !far && !altKey) {
    events.choose(row);
    return true;
  }
  const size = { rows: grid.rowCount, columns: columnsOf(grid), page: grid.pageRows };
  const place = altKey ? undefined : moved(grid.active, { key, far }, size);
  if (place !== undefined) {
    grid.moveTo(place, shiftKey && row >= 0);
  }
  return place !== undefined;
}

function headKey({ key, shiftKey, altKey, ctrlKey }: KeyboardEvent, column: number, events: InputEvents): boolean {
  if (key === 'Enter' || key === ' ') {
    events.sort(column, shiftKey);
    return true;
  }
  const way = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : undefined;
  if (way === undefined || !shiftKey || ctrlKey) {
    return false;
  }
  if (altKey) {
    events.move(column, way);
  } else {
    events.widen(column, way * WIDEN);
  }
  return true;
}

/** The whole column, or the whole row, of the active cell. */
function selectLine(grid: GridView, column: boolean): void {
  const { active } = grid;
  if (column) {
    grid.select({ row: grid.rowCount - 1, column: active.column }, { row: 0, column: active.column });
  } else {
    grid.select({ row: active.row, column: columnsOf(grid) - 1 }, { row: active.row, column: 0 });
  }
}

function columnsOf({ element }: GridView): number {
  return Number(element.getAttribute('aria-colcount'));
}

function hasMany({ selected }: GridView): boolean {
  const { rows, columns } = sizeOf(selected);
  return rows > 1 || columns > 1;
}
