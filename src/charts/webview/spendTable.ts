import type { SpendPicture } from '../../spend/spendShapes.ts';
import { element, nameElement } from './elements.ts';
import { type Place, roveCells } from './roving.ts';
import type { ChartEvents } from './spendChart.ts';
import { columnsView } from './spendColumns.ts';
import { driverSheet, type Sheet, stepSheet } from './spendSheets.ts';
import { nothingOf } from './spendSteps.ts';
import type { ChartView, Mark, ViewInput } from './spendView.ts';

/** What a table is made of, and where its cells are from one picture to the next. */
interface Shown {
  marks: ChartView;
  rows: HTMLTableRowElement[];
  /** Ids of the steps, and of what is behind each. */
  steps: readonly string[];
  columns: readonly string[];
}

/**
 * The same data as a table: a row for each step, a column for each group. It is a grid for the keyboard: one cell takes the focus, keys
 * move it, Enter opens the usage rows.
 */
export class SpendTable {
  readonly element = element('div', 'tables');
  readonly #describedBy: string;
  readonly #events: ChartEvents;
  #shown: Shown | undefined;
  #place: Place | undefined;

  /** @param describedBy ids of the words that tell the same */
  constructor(events: ChartEvents, describedBy: string) {
    this.#events = events;
    this.#describedBy = describedBy;
  }

  /** Shows a picture. Returns the mark that somebody stands on, when the picture has it too; the focus stays on it. */
  show(input: ViewInput): Mark | undefined {
    const { picture, amounts } = input;
    const marks = columnsView(input);
    const sheet = stepSheet(picture, input.days);
    const table = sheetTable(sheet, (digits) => amounts.bare(digits));
    table.setAttribute('role', 'grid');
    table.setAttribute('aria-readonly', 'true');
    table.setAttribute('aria-describedby', this.#describedBy);
    const rows = [...(table.tBodies[0]?.rows ?? [])];
    const groups = marks.lines.slice(1);
    const columns = [...groups, 'total', ...sheet.head.slice(groups.length + 2)];
    const shown: Shown = { marks, rows, steps: marks.columns, columns };
    this.#place = this.#place && this.#shown && samePlace(this.#place, this.#shown, shown);
    markCells(rows, picture, groups.length);
    const hadFocus = this.element.querySelector('td:focus') !== null;
    const [top, left] = [
      this.element.firstElementChild?.scrollTop ?? 0,
      this.element.firstElementChild?.scrollLeft ?? 0,
    ];
    this.#shown = shown;
    this.element.replaceChildren(scroller(table), ...driverTables(input));
    if (top > 0 || left > 0) {
      this.element.firstElementChild?.scrollTo(left, top);
    }
    roveCells(
      table,
      [rows.length - 1, columns.length - 1],
      (line, column) => rows[line]?.cells[column + 1],
      (place) => this.#point(place),
      this.#place,
    );
    table.addEventListener('click', (event) => this.#choose(event));
    table.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') {
        this.#choose(event);
      }
    });
    if (hadFocus && this.#place !== undefined) {
      rows[this.#place[0]]?.cells[this.#place[1] + 1]?.focus();
    }
    return this.#markAt(this.#place);
  }

  #point(place: Place): void {
    this.#place = place;
    const mark = this.#markAt(place);
    if (mark !== undefined) {
      this.#events.pointed(mark);
    }
  }

  #choose({ target }: Event): void {
    const mark =
      target instanceof HTMLTableCellElement && target.tagName === 'TD' ? this.#markAt(this.#place) : undefined;
    if (mark !== undefined) {
      this.#events.chosen(mark);
    }
  }

  /** Groups come first, then the total; what is cumulative has no rows of its own. */
  #markAt(place: Place | undefined): Mark | undefined {
    const { marks, columns } = this.#shown ?? {};
    if (place === undefined || marks === undefined || columns === undefined) {
      return undefined;
    }
    const line = marks.lines.indexOf(columns[place[1]] ?? '');
    return line < 0 ? undefined : marks.mark([line, place[0]]);
  }
}

/** Where a cell of one table is in another one; undefined where it is not. */
function samePlace([line, column]: Place, before: Shown, now: Shown): Place | undefined {
  const place: Place = [now.steps.indexOf(before.steps[line] ?? ''), now.columns.indexOf(before.columns[column] ?? '')];
  return place.includes(-1) ? undefined : place;
}

/** Makes cells known to the keyboard, and says in words why one has no amount. */
function markCells(
  rows: readonly HTMLTableRowElement[],
  { steps, totals, series }: SpendPicture,
  groups: number,
): void {
  rows.forEach((row, line) => {
    const step = steps[line];
    [...row.cells].slice(1).forEach((cell, column) => {
      cell.tabIndex = -1;
      cell.dataset.line = String(line);
      cell.dataset.day = String(column);
      if (step === undefined || column > groups) {
        return;
      }
      const digits = (column === groups ? totals : series[column]?.values)?.[line] ?? null;
      const nothing = nothingOf(step, digits);
      if (nothing !== undefined) {
        cell.className = digits === null ? 'unknown' : 'zero';
      }
      if (digits === null) {
        cell.textContent = nothing ?? '';
      }
    });
  });
}

function driverTables({ picture, amounts }: ViewInput): HTMLElement[] {
  const drivers = driverSheet(picture);
  return drivers === undefined
    ? []
    : [
        scroller(
          sheetTable(drivers, (digits) => amounts.bare(digits)),
          drivers.title,
        ),
      ];
}

/** Cells of digits are written with `amount`, all others as they are. */
function sheetTable({ title, head, rows }: Sheet, amount: (digits: string) => string): HTMLTableElement {
  const headings = head.map((text) => {
    const cell = element('th', '', nameElement(text));
    cell.scope = 'col';
    return cell;
  });
  const lines = rows.map(([name = '', ...cells]) => {
    const first = element('th', '', nameElement(name));
    first.scope = 'row';
    return element('tr', '', first, ...cells.map((text) => element('td', '', isDigits(text) ? amount(text) : text)));
  });
  return element(
    'table',
    'sheet',
    element('caption', '', element('span', '', title)),
    element('thead', '', element('tr', '', ...headings)),
    element('tbody', '', ...lines),
  );
}

function isDigits(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}

/** A table without cells that take the focus scrolls by keyboard when its frame does. */
function scroller(table: HTMLTableElement, name?: string): HTMLElement {
  const made = element('div', 'scroller', table);
  if (name !== undefined) {
    made.tabIndex = 0;
    made.setAttribute('role', 'region');
    made.setAttribute('aria-label', name);
  }
  return made;
}
