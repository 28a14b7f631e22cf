import { element, nameElement } from './elements.ts';
import { type Place, roveCells } from './roving.ts';
import type { ChartEvents } from './spendChart.ts';
import { columnsView } from './spendColumns.ts';
import { driverSheet, type Sheet, stepSheet } from './spendSheets.ts';
import type { ViewInput } from './spendView.ts';

/**
 * The same data as a table: a row for each step, a column for each group. It is a grid for the keyboard: one cell takes the focus, keys
 * move it, Enter opens the usage rows.
 */
export function spendTable(input: ViewInput, describedBy: string, events: ChartEvents): HTMLElement {
  const { picture, amounts } = input;
  const marks = columnsView(input);
  const sheet = stepSheet(picture, input.days);
  const groups = marks.lines - 1;
  const table = sheetTable(sheet, (digits) => amounts.bare(digits));
  table.setAttribute('role', 'grid');
  table.setAttribute('aria-readonly', 'true');
  table.setAttribute('aria-describedby', describedBy);
  const rows = [...(table.tBodies[0]?.rows ?? [])];
  rows.forEach((row, line) => {
    [...row.cells].slice(1).forEach((cell, day) => {
      cell.tabIndex = -1;
      cell.dataset.line = String(line);
      cell.dataset.day = String(day);
    });
  });
  // Groups come first, then the total; what is cumulative has no rows of its own.
  const markAt = ([step, column]: Place) =>
    column > groups ? undefined : marks.mark([column === groups ? 0 : column + 1, step]);
  let place: Place = [0, 0];
  roveCells(
    table,
    [rows.length - 1, sheet.head.length - 2],
    (line, column) => rows[line]?.cells[column + 1],
    (pointed) => {
      place = pointed;
      const mark = markAt(place);
      if (mark !== undefined) {
        events.pointed(mark);
      }
    },
  );
  const choose = (event: Event) => {
    const mark =
      event.target instanceof HTMLTableCellElement && event.target.tagName === 'TD' ? markAt(place) : undefined;
    if (mark !== undefined) {
      events.chosen(mark);
    }
  };
  table.addEventListener('click', choose);
  table.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      choose(event);
    }
  });
  const drivers = driverSheet(picture);
  return element(
    'div',
    'tables',
    scroller(table),
    ...(drivers === undefined
      ? []
      : [
          scroller(
            sheetTable(drivers, (digits) => amounts.bare(digits)),
            drivers.title,
          ),
        ]),
  );
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
