import type { SpendPicture } from '../../spend/spendShapes.ts';
import { element, nameElement } from '../../workbench/webview/elements.ts';
import { type Place, roveCells } from '../../workbench/webview/roving.ts';
import type { Sheet } from '../../workbench/webview/sheet.ts';
import type { ChartEvents } from './spendChart.ts';
import { columnsView } from './spendColumns.ts';
import { driverSheet, stepSheet } from './spendSheets.ts';
import { nothingOf } from './spendSteps.ts';
import type { ChartView, Mark, ViewInput } from './spendView.ts';

/** Rows that are filled before anything is seen: more than a window shows. */
const FIRST_ROWS = 48;

/** Rows that are filled at a time while nobody waits. */
const MORE_ROWS = 32;

/** How long rows out of sight may wait for that. Milliseconds. */
const LONGEST_WAIT = 200;

/** What a table is made of, and where its cells are from one picture to the next. */
interface Shown {
  marks: ChartView;
  rows: readonly HTMLTableRowElement[];
  /** Ids of the steps, and of what is behind each. */
  steps: readonly string[];
  columns: readonly string[];
}

/**
 * The same data as a table: a row for each step, a column for each group. It is a grid for the keyboard: one cell takes the focus, keys
 * move it, Enter opens the usage rows. All rows are there at once; those out of sight get their amounts a moment later, because a browser
 * takes half a second for the thousands of cells of a year.
 */
export class SpendTable {
  readonly element = element('div', 'tables');
  readonly #describedBy: string;
  readonly #events: ChartEvents;
  #shown: Shown | undefined;
  #place: Place | undefined;
  #filling = 0;

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
    const amount = (digits: string) => amounts.bare(digits);
    const table = sheetTable(sheet);
    table.setAttribute('role', 'grid');
    table.setAttribute('aria-readonly', 'true');
    table.setAttribute('aria-describedby', this.#describedBy);
    const rows = [...(table.tBodies[0]?.rows ?? [])];
    const groups = marks.lines.slice(1);
    const columns = [...groups, 'total', ...sheet.head.slice(groups.length + 2)];
    const shown: Shown = { marks, rows, steps: marks.columns, columns };
    this.#place = this.#place && this.#shown && samePlace(this.#place, this.#shown, shown);
    const fill = (line: number) => {
      const row = rows[line];
      if (row?.cells.length === 1) {
        row.append(...sheetCells(sheet.rows[line] ?? [], amount));
        markCells(row, line, picture, groups.length);
      }
    };
    if (rows.length > FIRST_ROWS) {
      // As wide as it will be when all of it is filled.
      table.append(element('tbody', '', widestRow(sheet, picture, amount)));
    }
    const hadFocus = this.element.querySelector('td:focus') !== null;
    const [top, left] = [
      this.element.firstElementChild?.scrollTop ?? 0,
      this.element.firstElementChild?.scrollLeft ?? 0,
    ];
    const height = this.#shown?.rows[0]?.offsetHeight ?? 0;
    fillFrom(height === 0 ? 0 : Math.floor(top / height), fill);
    const frame = scroller(table);
    frame.addEventListener('scroll', () => fillFrom(Math.floor(frame.scrollTop / (rows[0]?.offsetHeight || 1)), fill));
    this.#shown = shown;
    this.element.replaceChildren(frame, ...driverTables(input));
    if (top > 0 || left > 0) {
      frame.scrollTo(left, top);
    }
    roveCells(
      table,
      [rows.length - 1, columns.length - 1],
      (line, column) => {
        fill(line);
        return rows[line]?.cells[column + 1];
      },
      (place) => this.#point(place),
      this.#place,
    );
    this.#fillLater(rows.length, fill);
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

  #fillLater(count: number, fill: (line: number) => void): void {
    cancelIdleCallback(this.#filling);
    const more = (from: number) => {
      if (from < count) {
        this.#filling = requestIdleCallback(
          () => {
            fillFrom(from, fill, MORE_ROWS);
            more(from + MORE_ROWS);
          },
          { timeout: LONGEST_WAIT },
        );
      }
    };
    more(0);
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

function fillFrom(first: number, fill: (line: number) => void, count = FIRST_ROWS): void {
  for (let line = first; line < first + count; line++) {
    fill(line);
  }
}

/** Makes cells known to the keyboard, and says in words why one has no amount. */
function markCells(
  row: HTMLTableRowElement,
  line: number,
  { steps, totals, series }: SpendPicture,
  groups: number,
): void {
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
}

/** A row that is not seen, with the longest text of each column. */
function widestRow({ rows }: Sheet, { steps }: SpendPicture, amount: (digits: string) => string): HTMLTableRowElement {
  const longest = (texts: readonly string[]) =>
    texts.reduce((one, other) => (other.length > one.length ? other : one), '');
  const words = longest(steps.map((step) => nothingOf(step, null) ?? ''));
  const cells = (rows[0] ?? []).slice(1).map((_, column) => {
    const digits = longest(rows.map((row) => row[column + 1] ?? ''));
    return element('td', '', element('div', '', shownText(digits, amount)), element('div', '', words));
  });
  const made = element('tr', 'widest', element('th', ''), ...cells);
  made.setAttribute('aria-hidden', 'true');
  return made;
}

function driverTables({ picture, amounts }: ViewInput): HTMLElement[] {
  const drivers = driverSheet(picture);
  if (drivers === undefined) {
    return [];
  }
  const table = sheetTable(drivers);
  for (const [line, row] of [...(table.tBodies[0]?.rows ?? [])].entries()) {
    row.append(...sheetCells(drivers.rows[line] ?? [], (digits) => amounts.bare(digits)));
  }
  return [scroller(table, drivers.title)];
}

/** Without the cells of its rows. */
function sheetTable({ title, head, rows }: Sheet): HTMLTableElement {
  const headings = head.map((text) => {
    const cell = element('th', '', nameElement(text));
    cell.scope = 'col';
    return cell;
  });
  const lines = rows.map(([name = '']) => {
    const first = element('th', '', nameElement(name));
    first.scope = 'row';
    return element('tr', '', first);
  });
  return element(
    'table',
    'sheet',
    element('caption', '', element('span', '', title)),
    element('thead', '', element('tr', '', ...headings)),
    element('tbody', '', ...lines),
  );
}

function sheetCells([, ...cells]: readonly string[], amount: (digits: string) => string): HTMLTableCellElement[] {
  return cells.map((text) => element('td', '', shownText(text, amount)));
}

/** Digits are written with `amount`, all else as it is. */
function shownText(text: string, amount: (digits: string) => string): string {
  return isDigits(text) ? amount(text) : text;
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
