import { element } from '../../workbench/webview/elements.ts';
import type { Part } from './blocks.ts';
import { type CellElement, type GridCell, makeCell, showCell } from './cellElement.ts';
import { type GridHead, type HeadEvents, headElement } from './headElement.ts';
import { Run } from './run.ts';
import {
  barOfTop,
  clamp,
  type Heights,
  isScaled,
  mostTop,
  rowsInSight,
  scrollLength,
  topOfBar,
} from './scrollScale.ts';
import { inRectangle, type Place, type Rectangle, rectangle } from './selection.ts';

/** What a grid shows now. */
export interface GridModel {
  heads: readonly GridHead[];
  cell(row: number, column: number): GridCell | undefined;
}

export interface GridEvents extends HeadEvents {
  /** These rows and columns are in sight; columns have some beside them. */
  inSight(part: Part): void;
  /** Another place or selection. */
  moved(): void;
  /** Enter or a double click on a row. */
  chosen(row: number): void;
}

/** Pixels beside the window for which columns are drawn. */
const BESIDE = 300;

interface RowElement {
  element: HTMLElement;
  cells: Run<CellElement>;
}

/**
 * A grid that draws only what is in sight. Its elements are moved and filled anew as it is scrolled; they stand in a layer that stays in the
 * window, so nothing is ever seen that is not drawn yet. Row -1 is the header.
 */
export class GridView {
  readonly element = element('div', 'grid');
  readonly #events: GridEvents;
  readonly #length = element('div', 'length');
  readonly #layer = element('div', 'layer');
  readonly #headRow = element('div', 'row head');
  readonly #body = element('div', 'body');
  readonly #rows: Run<RowElement>;
  #heads: HTMLElement[] = [];
  #model: GridModel = { heads: [], cell: () => undefined };
  /** Where columns begin, and behind them where the last ends. */
  #starts: number[] = [0];
  #count = 0;
  #top = 0;
  #bar = 0;
  #rowHeight = 22;
  #frame = 0;
  #anchor: Place = { row: 0, column: 0 };
  #active: Place = { row: 0, column: 0 };

  constructor(label: string, events: GridEvents) {
    this.#events = events;
    this.#rows = new Run(this.#body, () => makeRow());
    const { element: grid } = this;
    grid.setAttribute('role', 'grid');
    grid.setAttribute('aria-label', label);
    grid.setAttribute('aria-multiselectable', 'true');
    this.#headRow.setAttribute('role', 'row');
    this.#headRow.setAttribute('aria-rowindex', '1');
    const headGroup = element('div', 'heads', this.#headRow);
    headGroup.setAttribute('role', 'rowgroup');
    this.#body.setAttribute('role', 'rowgroup');
    this.#layer.append(headGroup, this.#body);
    this.#length.append(this.#layer);
    grid.append(this.#length);
    grid.addEventListener('scroll', () => this.#scrolled());
    grid.addEventListener('focusin', ({ target }) => this.#focused(target));
    grid.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    new ResizeObserver(() => this.#resized()).observe(grid);
  }

  get active(): Place {
    return this.#active;
  }

  get selected(): Rectangle {
    return rectangle(this.#anchor, this.#active);
  }

  get rowCount(): number {
    return this.#count;
  }

  get top(): number {
    return this.#top;
  }

  /** Rows that fit into the window. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.#heights().room / this.#rowHeight) - 1);
  }

  /** Other columns, or other rows altogether. */
  show(model: GridModel): void {
    const hadFocus = this.element.contains(document.activeElement);
    this.#model = model;
    this.#starts = [0];
    for (const { width } of model.heads) {
      this.#starts.push((this.#starts.at(-1) ?? 0) + width);
    }
    const width = this.#starts.at(-1) ?? 0;
    this.#length.style.width = `${width}px`;
    this.#layer.style.width = `${width}px`;
    this.element.setAttribute('aria-colcount', String(model.heads.length));
    this.#heads = model.heads.map((head, column) => {
      const made = headElement(head, column, this.#events);
      made.style.transform = `translateX(${this.#starts[column]}px)`;
      made.style.width = `${head.width}px`;
      return made;
    });
    this.#headRow.replaceChildren(...this.#heads);
    this.#active = this.#held(this.#active);
    this.#anchor = this.#held(this.#anchor);
    this.draw();
    if (hadFocus) {
      this.focus();
    }
  }

  /** @param known false while nobody knows whether there are more */
  setCount(count: number, known: boolean): void {
    this.#count = count;
    this.element.setAttribute('aria-rowcount', String(known ? count + 1 : -1));
    this.#active = this.#held(this.#active);
    this.#anchor = this.#held(this.#anchor);
    this.#layOut();
    this.drawSoon();
  }

  /** Puts the rows where they were. */
  restore({ row, column, top }: Place & { top: number }): void {
    this.#active = this.#held({ row, column });
    this.#anchor = this.#active;
    this.#scrollTo(top);
    this.draw();
  }

  /** @param extend whether the selection grows from where it began */
  moveTo(place: Place, extend = false): void {
    const held = this.#held(place);
    this.#active = extend && held.row < 0 ? { ...held, row: 0 } : held;
    if (!extend) {
      this.#anchor = this.#active;
    }
    this.#reveal(this.#active);
    this.draw();
    this.focus();
    this.#events.moved();
  }

  select(anchor: Place, active: Place): void {
    this.#anchor = this.#held(anchor);
    this.#active = this.#held(active);
    this.draw();
    this.focus();
    this.#events.moved();
  }

  /** The focus goes to the active cell, or to the grid as long as that is out of sight. */
  focus(): void {
    (this.#activeElement() ?? this.element).focus({ preventScroll: true });
  }

  drawSoon(): void {
    if (this.#frame === 0) {
      this.#frame = requestAnimationFrame(() => this.draw());
    }
  }

  /** The place under the pointer; beside the cells, the nearest. */
  placeAt(x: number, y: number): Place {
    const box = this.element.getBoundingClientRect();
    const across = x - box.left + this.element.scrollLeft;
    const down = y - box.top - this.#headRow.offsetHeight + this.#top;
    const column = this.#starts.findIndex((start) => start > across) - 1;
    const most = this.#model.heads.length - 1;
    return {
      row: clamp(Math.floor(down / this.#rowHeight), 0, Math.max(0, this.#count - 1)),
      column: across < 0 ? 0 : column < 0 ? most : clamp(column, 0, most),
    };
  }

  /** Whether the pointer is on a row, not on the header or a scroll bar. */
  isOnRows(target: EventTarget | null): boolean {
    return target instanceof Node && this.#body.contains(target);
  }

  scrollBy(x: number, y: number): void {
    this.element.scrollLeft += x;
    this.#scrollTo(this.#top + y);
    this.drawSoon();
  }

  draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { first, count } = rowsInSight(this.#top, this.#heights());
    const { firstColumn, columns } = this.#columnsInSight();
    // A cell that is about to stand for another place gives the focus back first.
    const focused = document.activeElement;
    const hadFocus = this.element.contains(focused);
    const { row, column } = this.#active;
    const isOut =
      row >= 0 && (row < first || row >= first + count || column < firstColumn || column >= firstColumn + columns);
    if (isOut && hadFocus) {
      this.element.focus({ preventScroll: true });
    }
    this.#rows.move(first, count);
    for (const [index, item] of this.#rows.items.entries()) {
      this.#drawRow(item, first + index, firstColumn, columns);
    }
    const active = this.#activeElement();
    this.element.tabIndex = active === undefined ? 0 : -1;
    for (const [index, head] of this.#heads.entries()) {
      head.tabIndex = row < 0 && index === column ? 0 : -1;
    }
    if (hadFocus && (active === undefined || document.activeElement !== active)) {
      this.focus();
    }
    this.#events.inSight({ first, count, firstColumn, columns });
  }

  #drawRow({ element: row, cells }: RowElement, place: number, firstColumn: number, columns: number): void {
    row.style.transform = `translateY(${place * this.#rowHeight - this.#top}px)`;
    setAttribute(row, 'aria-rowindex', String(place + 2));
    row.classList.toggle('odd', place % 2 === 1);
    cells.move(firstColumn, columns);
    cells.items.forEach((cell, index) => {
      const column = firstColumn + index;
      const head = this.#model.heads[column];
      showCell(cell, {
        content: this.#model.cell(place, column),
        column,
        start: this.#starts[column] ?? 0,
        width: head?.width ?? 0,
        isNumber: head?.isNumber ?? false,
        isSelected: inRectangle(this.selected, place, column),
        isActive: this.#active.row === place && this.#active.column === column,
      });
    });
  }

  #activeElement(): HTMLElement | undefined {
    const { row, column } = this.#active;
    return row < 0 ? this.#heads[column] : this.#rows.at(row)?.cells.at(column)?.element;
  }

  #columnsInSight(): { firstColumn: number; columns: number } {
    const { scrollLeft, clientWidth } = this.element;
    const most = this.#model.heads.length;
    const after = this.#starts.findIndex((start) => start > scrollLeft - BESIDE);
    const firstColumn = clamp(after - 1, 0, Math.max(0, most - 1));
    const end = this.#starts.findIndex((start) => start >= scrollLeft + clientWidth + BESIDE);
    return { firstColumn, columns: Math.max(0, (end < 0 ? most : Math.min(end, most)) - firstColumn) };
  }

  #held({ row, column }: Place): Place {
    return {
      row: clamp(row, -1, Math.max(-1, this.#count - 1)),
      column: clamp(column, 0, Math.max(0, this.#model.heads.length - 1)),
    };
  }

  #heights(): Heights {
    const room = Math.max(0, this.element.clientHeight - this.#headRow.offsetHeight);
    return { rows: this.#count, row: this.#rowHeight, room };
  }

  #reveal({ row, column }: Place): void {
    const { room } = this.#heights();
    if (row >= 0) {
      const start = row * this.#rowHeight;
      if (start < this.#top - room || start > this.#top + 2 * room) {
        // What is far away is shown with what stands around it.
        this.#scrollTo(start - room / 2);
      } else if (start < this.#top) {
        this.#scrollTo(start);
      } else if (start + this.#rowHeight > this.#top + room) {
        this.#scrollTo(start + this.#rowHeight - room);
      }
    }
    const start = this.#starts[column] ?? 0;
    const end = this.#starts[column + 1] ?? start;
    const { scrollLeft, clientWidth } = this.element;
    if (start < scrollLeft || end - start > clientWidth) {
      this.element.scrollLeft = start;
    } else if (end > scrollLeft + clientWidth) {
      this.element.scrollLeft = end - clientWidth;
    }
  }

  #scrollTo(top: number): void {
    const heights = this.#heights();
    this.#top = clamp(top, 0, mostTop(heights));
    this.element.scrollTop = barOfTop(this.#top, heights);
    // As the browser keeps it: what comes back with the same value was our own doing.
    this.#bar = this.element.scrollTop;
  }

  /** A reader of the screen, or a press of a header, gives the focus to a cell without asking: it is the active one then. */
  #focused(target: EventTarget | null): void {
    const cell = target instanceof Element ? target.closest('[aria-colindex]') : null;
    const row = Number(cell?.parentElement?.getAttribute('aria-rowindex')) - 2;
    const column = Number(cell?.getAttribute('aria-colindex')) - 1;
    if (cell !== null && (row !== this.#active.row || column !== this.#active.column)) {
      this.#active = { row, column };
      this.#anchor = this.#active;
      this.drawSoon();
      this.#events.moved();
    }
  }

  #scrolled(): void {
    const bar = this.element.scrollTop;
    if (Math.abs(bar - this.#bar) >= 1) {
      this.#bar = bar;
      this.#top = topOfBar(bar, this.#heights());
    }
    this.drawSoon();
  }

  /** Where a pixel of the bar is many rows, a turn of the wheel would be too: there it moves the rows themselves. */
  #wheel(event: WheelEvent): void {
    if (event.deltaY === 0 || event.ctrlKey || event.shiftKey || !isScaled(this.#heights())) {
      return;
    }
    event.preventDefault();
    const unit = event.deltaMode === 0 ? 1 : event.deltaMode === 1 ? this.#rowHeight : this.#heights().room;
    this.scrollBy(event.deltaX, event.deltaY * unit);
  }

  #resized(): void {
    const size = Number.parseFloat(getComputedStyle(this.element).fontSize) || 13;
    this.#rowHeight = Math.max(20, Math.round(size * 1.7));
    this.element.style.setProperty('--row', `${this.#rowHeight}px`);
    this.#layer.style.height = `${this.element.clientHeight}px`;
    this.#layOut();
    this.draw();
  }

  #layOut(): void {
    this.#length.style.height = `${scrollLength(this.#heights()) + this.#headRow.offsetHeight}px`;
    this.#scrollTo(this.#top);
  }
}

function makeRow(): RowElement {
  const made = element('div', 'row');
  made.setAttribute('role', 'row');
  return { element: made, cells: new Run(made, makeCell) };
}

function setAttribute(on: HTMLElement, name: string, value: string): void {
  if (on.getAttribute(name) !== value) {
    on.setAttribute(name, value);
  }
}
