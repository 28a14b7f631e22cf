import { element, nameElement } from '../../workbench/webview/elements.ts';
import { roveCells } from '../../workbench/webview/roving.ts';
import type { HeatMap } from '../contract.ts';
import { cellText } from './cellText.ts';
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
  roveCells(table, [map.lines.length - 1, map.days.length], at, (place) => describe(cellText(map, ...place)));
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
