import type { HeatMap } from '../contract.ts';
import { cellText } from './cellText.ts';
import { element, nameElement } from './elements.ts';
import { lookOf } from './steps.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const ROW_TITLES = { hours: 'UTC', meters: 'Meter', resources: 'Resource' } as const;

/**
 * The map as a table that is a grid for keyboard and screen reader: one cell takes the focus, keys move it. Columns are the days and,
 * last, the total of the row.
 *
 * @param describe told what the cell under the pointer or the focus says
 */
export function heatMapGrid(map: HeatMap, describedBy: string, describe: (text: string) => void): HTMLTableElement {
  const table = element('table', `map ${map.rows}`, header(map));
  table.setAttribute('role', 'grid');
  table.setAttribute('aria-readonly', 'true');
  table.setAttribute('aria-describedby', describedBy);
  table.setAttribute(
    'aria-label',
    `Utilization by ${map.rows === 'hours' ? 'hour' : map.rows.slice(0, -1)} and day of use`,
  );
  const rows = map.lines.map(({ label, total, cells }, line) => {
    const head = element('th', 'name', map.rows === 'hours' ? label : nameElement(label));
    head.scope = 'row';
    const made = cells.map((cell, day) => {
      const late = day < map.daysBefore ? ' late' : '';
      return gridCell(element('td', lookOf(cell, map.peak) + late), map, line, day);
    });
    const sum = gridCell(element('td', 'total', total), map, line, cells.length);
    return element('tr', '', head, ...made, sum);
  });
  table.append(element('tbody', '', ...rows));
  const at = (line: number, day: number) => table.tBodies[0]?.rows[line]?.cells[day + 1];
  listen(table, map, at, describe);
  at(0, 0)?.setAttribute('tabindex', '0');
  return table;
}

function gridCell(cell: HTMLTableCellElement, map: HeatMap, line: number, day: number): HTMLTableCellElement {
  cell.setAttribute('aria-label', cellText(map, line, day));
  cell.tabIndex = -1;
  cell.dataset.line = String(line);
  cell.dataset.day = String(day);
  return cell;
}

/** Months above days. */
function header({ days, daysBefore, rows }: HeatMap): HTMLTableSectionElement {
  const corner = element('th', 'name', ROW_TITLES[rows]);
  corner.rowSpan = 2;
  const sum = element('th', 'total', 'Total');
  sum.rowSpan = 2;
  const months: HTMLTableCellElement[] = [];
  let last = '';
  for (const day of days) {
    const month = day.slice(0, 7);
    if (month === last) {
      (months.at(-1) as HTMLTableCellElement).colSpan++;
    } else {
      last = month;
      months.push(element('th', 'month', element('span', '', monthName(month))));
    }
  }
  const dates = days.map((day, at) => {
    const head = element('th', at < daysBefore ? 'day late' : 'day', String(Number(day.slice(8))));
    head.scope = 'col';
    head.title = at < daysBefore ? `${day}, before the window` : day;
    return head;
  });
  return element('thead', '', element('tr', '', corner, ...months, sum), element('tr', '', ...dates));
}

function monthName(month: string): string {
  return `${MONTHS[Number(month.slice(5)) - 1] ?? ''} ${month.slice(0, 4)}`;
}

/** From a key to the cell it leads to. */
type Move = (line: number, day: number, last: { line: number; day: number }) => [line: number, day: number];

const WEEK = 7;

const MOVES: Readonly<Record<string, Move>> = {
  ArrowLeft: (line, day) => [line, day - 1],
  ArrowRight: (line, day) => [line, day + 1],
  ArrowUp: (line, day) => [line - 1, day],
  ArrowDown: (line, day) => [line + 1, day],
  PageUp: (line, day) => [line, day - WEEK],
  PageDown: (line, day) => [line, day + WEEK],
  Home: (line) => [line, 0],
  End: (line, _, last) => [line, last.day],
  'Control+Home': () => [0, 0],
  'Control+End': (_, __, last) => [last.line, last.day],
};

function listen(
  table: HTMLTableElement,
  map: HeatMap,
  at: (line: number, day: number) => HTMLTableCellElement | undefined,
  describe: (text: string) => void,
): void {
  const last = { line: map.lines.length - 1, day: map.days.length };
  let entry = at(0, 0);
  const tell = (target: EventTarget | null): [line: number, day: number] | undefined => {
    const place = placeOf(target);
    if (place !== undefined) {
      describe(cellText(map, ...place));
    }
    return place;
  };
  table.addEventListener('pointerover', ({ target }) => tell(target));
  table.addEventListener('focusin', ({ target }) => {
    if (tell(target) !== undefined && target instanceof HTMLTableCellElement) {
      entry?.setAttribute('tabindex', '-1');
      target.tabIndex = 0;
      entry = target;
    }
  });
  table.addEventListener('keydown', (event) => {
    const place = placeOf(event.target);
    const control = event.ctrlKey || event.metaKey ? 'Control+' : '';
    const move = MOVES[`${control}${event.key}`];
    if (place === undefined || move === undefined || event.altKey || event.shiftKey) {
      return;
    }
    const [line, day] = move(...place, last);
    event.preventDefault();
    at(within(line, last.line), within(day, last.day))?.focus();
  });
}

function placeOf(target: EventTarget | null): [line: number, day: number] | undefined {
  const { line, day } = target instanceof HTMLElement ? target.dataset : {};
  return line === undefined || day === undefined ? undefined : [Number(line), Number(day)];
}

function within(value: number, last: number): number {
  return Math.min(Math.max(value, 0), last);
}
