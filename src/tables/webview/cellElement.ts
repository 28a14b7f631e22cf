import { element } from '../../workbench/webview/elements.ts';

/** What a cell shows; undefined while it is read. */
export interface GridCell {
  text: string;
  /** Nothing is in it, or a text of no characters. */
  blank?: 'nothing' | 'emptyText';
}

/** A cell and what it shows, so that only what is other now is written. */
export interface CellElement {
  element: HTMLElement;
  shown: string;
}

/** What a cell shall show. */
interface CellLook {
  content: GridCell | undefined;
  column: number;
  /** Pixels from the left. */
  start: number;
  width: number;
  isNumber: boolean;
  isSelected: boolean;
  isActive: boolean;
}

/** Longer texts are cut: nobody reads further in one line. */
const LONGEST = 400;

export function makeCell(): CellElement {
  const made = element('div', 'cell');
  made.setAttribute('role', 'gridcell');
  return { element: made, shown: '' };
}

export function showCell(cell: CellElement, look: CellLook): void {
  const { content, column, start, width, isNumber, isSelected, isActive } = look;
  const text = content === undefined ? '' : content.blank === 'emptyText' ? '""' : content.text;
  const state = content === undefined ? 'wait' : (content.blank ?? '');
  const shown = `${column}|${start}|${width}|${isNumber}|${isSelected}|${isActive}|${state}|${text}`;
  if (cell.shown === shown) {
    return;
  }
  cell.shown = shown;
  const { element: made } = cell;
  const line = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  if (made.textContent !== line) {
    made.textContent = line;
    made.removeAttribute('title');
  }
  made.className = ['cell', isNumber ? 'number' : '', state, isSelected ? 'selected' : '', isActive ? 'active' : '']
    .filter((name) => name !== '')
    .join(' ');
  made.style.transform = `translateX(${start}px)`;
  made.style.width = `${width}px`;
  made.tabIndex = isActive ? 0 : -1;
  made.setAttribute('aria-colindex', String(column + 1));
  made.setAttribute('aria-selected', String(isSelected));
  const spoken = { wait: 'not read yet', nothing: 'empty', emptyText: 'empty text', '': undefined }[state];
  if (spoken === undefined) {
    made.removeAttribute('aria-label');
  } else {
    made.setAttribute('aria-label', spoken);
  }
}
