import type { HeatMap } from '../contract.ts';

/** What a cell says of itself: when, what, and its exact digits. */
export function cellText(map: HeatMap, line: number, day: number): string {
  const { label = '', total = '', cells = [] } = map.lines[line] ?? {};
  const date = map.days[day];
  const hours = map.rows === 'hours';
  if (date === undefined) {
    return `${hours ? `${label} UTC, all days` : `${label}, all days`}: ${total} ${map.unit} in total`;
  }
  const late = day < map.daysBefore ? ' Used before the window, reported in it.' : '';
  const when = hours ? `${date}, ${label} to ${hourAfter(label)} UTC` : `${date} (UTC), ${label}`;
  return `${when}: ${quantityText(cells[day] ?? null, map.unit)}${late}`;
}

function quantityText(cell: string | null, unit: string): string {
  switch (cell) {
    case null:
      return 'outside of the records.';
    case '':
      return 'no record.';
    default:
      return `${cell} ${unit}.`;
  }
}

function hourAfter(hour: string): string {
  return `${String(Number(hour.slice(0, 2)) + 1).padStart(2, '0')}:00`;
}
