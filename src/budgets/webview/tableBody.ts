import { button, element, nameElement } from '../../workbench/webview/elements.ts';
import type { TableRow, TableState } from '../tableContract.ts';

/** What a row tells of what is done with it. */
export interface RowEvents {
  tick(id: string, ticked: boolean): void;
  act(row: string, action: string): void;
}

/** How many sentences a row shows before the others are folded away. */
const LINES = 2;

/** A row of the table. Controls have `data-column`: keys move to the same one in another row. */
export function rowElement(row: TableRow, state: TableState | undefined, busy: boolean, events: RowEvents) {
  const made = element(
    'tr',
    '',
    element('td', 'tick', ...tick(row, busy, events)),
    nameCell(row),
    element('td', 'state', element('span', `pill ${state?.tone ?? 'quiet'}`, state?.label ?? row.state)),
    element('td', 'lines', ...sentences(row)),
    element('td', 'do', ...actions(row, busy, events)),
  );
  made.dataset.row = row.id;
  return made;
}

function tick({ id, name, ticked }: TableRow, busy: boolean, events: RowEvents): HTMLElement[] {
  if (ticked === null) {
    return [];
  }
  const box = element('input', '');
  box.type = 'checkbox';
  box.checked = ticked;
  box.disabled = busy;
  box.dataset.column = 'tick';
  box.setAttribute('aria-label', `Include ${name}`);
  box.addEventListener('change', () => events.tick(id, box.checked));
  return [box];
}

function nameCell({ name, note }: TableRow): HTMLElement {
  const cell = element('th', 'name', nameElement(name), ...(note === '' ? [] : [element('small', '', note)]));
  cell.scope = 'row';
  return cell;
}

/** The first sentence, and the others behind it when there are many. */
function sentences({ lines, rest: called }: TableRow): HTMLElement[] {
  const line = (text: string) => element('div', '', element('bdi', '', text));
  if (lines.length <= LINES) {
    return lines.map(line);
  }
  const [first = '', ...rest] = lines;
  const summary = element(
    'summary',
    '',
    element('bdi', '', first),
    element('span', 'more', ` · ${called ?? `${rest.length} more`}`),
  );
  summary.dataset.column = 'more';
  return [element('details', '', summary, ...rest.map(line))];
}

function actions({ id, name, actions: offered }: TableRow, busy: boolean, events: RowEvents): HTMLElement[] {
  return offered.map(({ id: action, label }) => {
    const made = button(label, () => events.act(id, action));
    made.className = 'secondary';
    made.disabled = busy;
    made.dataset.column = `do ${action}`;
    made.setAttribute('aria-label', `${label} ${name}`);
    return made;
  });
}
