import { button, element, nameElement } from '../../workbench/webview/elements.ts';
import { listenToHost, postToHost } from '../../workbench/webview/host.ts';
import {
  readTableToPage,
  type TableRow,
  type TableState,
  type TableToHost,
  type TableToPage,
} from '../tableContract.ts';
import { type RowChoice, type SortColumn, shownRows } from './shownRows.ts';
import { rowElement } from './tableBody.ts';

type Message = Exclude<TableToPage, { type: 'keep' }>;
type Table = Extract<TableToPage, { type: 'table' }>;

/** Rows that are drawn at once; more on demand: a browser takes seconds for tens of thousands. */
const PAGE = 300;

const tellHost: (message: TableToHost) => void = postToHost;
const main = document.querySelector('main') ?? document.body;

let table: Table | undefined;
let rows = new Map<string, TableRow>();
let choice: RowChoice = { state: undefined, text: '', sort: undefined };
let most = PAGE;

/** What is drawn anew while a table is shown; the rest stays, and with it where somebody is. */
const summary = element('p', 'summary');
const buttons = element('div', 'actions');
const filters = element('div', 'filters');
const found = element('p', 'found');
const body = element('tbody', '');
const heads = element('tr', '');
const more = element('div', 'actions');
summary.id = 'summary';
summary.setAttribute('role', 'status');
found.setAttribute('role', 'status');
filters.setAttribute('role', 'group');
filters.setAttribute('aria-label', 'Show rows');

listenToHost(readTableToPage, (message) => {
  switch (message.type) {
    case 'working':
      return showWorking(message);
    case 'stopped':
      return showStopped(message);
    case 'table':
      return showTable(message);
    case 'rows':
      return changeRows(message);
  }
});
body.addEventListener('keydown', moveByKey);
tellHost({ type: 'ready' });

let progress: HTMLElement | undefined;

function showWorking({ title, message }: Extract<Message, { type: 'working' }>): void {
  // Progress comes many times a second: a button that is made anew each time could not be pressed.
  if (progress?.isConnected === true) {
    progress.replaceChildren(message);
    return;
  }
  progress = element('p', 'status', message);
  progress.setAttribute('role', 'status');
  replace(
    title,
    true,
    progress,
    element(
      'div',
      'actions',
      button('Cancel', () => tellHost({ type: 'cancel' })),
    ),
  );
}

function showStopped({ title, why, message }: Extract<Message, { type: 'stopped' }>): void {
  const text = element('p', why === 'failed' ? 'status failed' : 'status', message);
  text.setAttribute('role', why === 'failed' ? 'alert' : 'status');
  const again = button('Read Again', () => tellHost({ type: 'retry' }));
  const log = why === 'failed' ? [secondary(button('Show Log', () => tellHost({ type: 'showLog' })))] : [];
  replace(title, false, text, element('div', 'actions', again, ...log));
}

function secondary(made: HTMLButtonElement): HTMLButtonElement {
  made.className = 'secondary';
  return made;
}

function replace(title: string, busy: boolean, ...content: HTMLElement[]): void {
  main.replaceChildren(element('h1', '', nameElement(title)), ...content);
  main.setAttribute('aria-busy', String(busy));
}

function showTable(message: Table): void {
  // The same table read again keeps what is shown of it.
  if (table?.title !== message.title) {
    choice = { state: undefined, text: '', sort: undefined };
    most = PAGE;
  }
  table = message;
  rows = new Map(message.rows.map((row) => [row.id, row]));
  const search = element('input', '');
  search.type = 'search';
  search.id = 'search';
  search.placeholder = 'Find in names and texts';
  search.setAttribute('aria-label', 'Find in names and texts');
  search.value = choice.text;
  search.addEventListener('input', () => {
    choice = { ...choice, text: search.value };
    most = PAGE;
    drawRows();
  });
  const plain = message.rows.every(({ ticked }) => ticked === null);
  const made = element('table', plain ? 'plain' : '', element('thead', '', heads), body);
  made.setAttribute('aria-describedby', 'summary');
  const frame = element('div', 'scroller', made);
  replace(
    message.title,
    message.busy,
    summary,
    buttons,
    element('div', 'choose', filters, search, found),
    frame,
    more,
    element('ul', 'facts', ...message.facts.map((fact) => element('li', '', fact))),
  );
  drawAround();
  drawRows();
}

function changeRows(message: Extract<Message, { type: 'rows' }>): void {
  if (table === undefined) {
    return;
  }
  const { summary: text, states, actions, busy } = message;
  const becameBusy = table.busy !== busy;
  table = { ...table, summary: text, states, actions, busy };
  for (const row of message.rows) {
    rows.set(row.id, row);
  }
  main.setAttribute('aria-busy', String(busy));
  drawAround();
  if (becameBusy) {
    drawRows();
    return;
  }
  for (const row of message.rows) {
    drawAgain(row);
  }
  drawHeads();
}

/** A row stays where it is until another choice is made: what moves cannot be read. */
function drawAgain(row: TableRow): void {
  const old = body.querySelector<HTMLElement>(`[data-row="${CSS.escape(row.id)}"]`);
  if (old === null) {
    return;
  }
  const { activeElement } = document;
  const column = old.contains(activeElement) ? columnOf(activeElement) : undefined;
  const open = old.querySelector('details')?.open === true;
  const made = draw(row);
  old.replaceWith(made);
  const details = made.querySelector('details');
  if (details !== null) {
    details.open = open;
  }
  if (column !== undefined) {
    (controlOf(made, column) ?? main.querySelector<HTMLElement>('#search'))?.focus();
  }
}

function draw(row: TableRow): HTMLElement {
  return rowElement(row, stateOf(row), table?.busy === true, {
    tick: (id, ticked) => setTicks([id], ticked),
    act: (id, action) => tellHost({ type: 'act', action, row: id }),
  });
}

function stateOf({ state }: TableRow): TableState | undefined {
  return table?.states.find(({ id }) => id === state);
}

/** The summary, the buttons and the counts. Whoever stands on one of them stays there. */
function drawAround(): void {
  if (table === undefined) {
    return;
  }
  const { activeElement } = document;
  const focused = activeElement instanceof HTMLElement ? activeElement.id : '';
  if (summary.textContent !== table.summary) {
    summary.replaceChildren(table.summary);
  }
  buttons.replaceChildren(
    ...table.actions.map(({ id, label }, index) => {
      const made = button(label, () => tellHost({ type: 'act', action: id }));
      made.className = index === 0 ? '' : 'secondary';
      made.id = `act-${id}`;
      return made;
    }),
  );
  const all = { id: undefined, label: 'All', count: rows.size };
  filters.replaceChildren(
    ...[all, ...table.states].map(({ id, label, count }) => {
      const made = button(`${label} ${count}`, () => {
        choice = { ...choice, state: id };
        most = PAGE;
        drawAround();
        drawRows();
      });
      made.className = 'filter';
      made.id = `filter-${id ?? ''}`;
      made.setAttribute('aria-pressed', String(choice.state === id));
      return made;
    }),
  );
  if (focused !== '' && document.activeElement?.id !== focused) {
    document.getElementById(focused)?.focus();
  }
}

function drawRows(): void {
  if (table === undefined) {
    return;
  }
  const shown = shownRows([...rows.values()], table.states, choice);
  body.replaceChildren(...shown.slice(0, most).map(draw));
  found.replaceChildren(
    shown.length === rows.size
      ? ''
      : shown.length === 0
        ? 'No row is like this.'
        : `${shown.length} of ${rows.size} rows`,
  );
  const left = shown.length - most;
  const next = secondary(
    button(`Show ${Math.min(left, PAGE)} More`, () => {
      most += PAGE;
      drawRows();
    }),
  );
  more.replaceChildren(...(left > 0 ? [next] : []));
  drawHeads();
}

function drawHeads(): void {
  if (table === undefined) {
    return;
  }
  const { activeElement } = document;
  const focused = activeElement instanceof HTMLElement && heads.contains(activeElement) ? activeElement.id : '';
  const shown = shownRows([...rows.values()], table.states, choice);
  heads.replaceChildren(
    element('td', 'tick', ...tickAll(shown)),
    sortHead('name', table.heads.name),
    sortHead('state', 'State'),
    plainHead(table.heads.lines),
    element('td', 'do'),
  );
  if (focused !== '') {
    document.getElementById(focused)?.focus();
  }
}

/** One box for all rows that are shown, those further down included. */
function tickAll(shown: readonly TableRow[]): HTMLElement[] {
  const open = shown.filter(({ ticked }) => ticked !== null);
  if (open.length === 0) {
    return [];
  }
  const count = open.filter(({ ticked }) => ticked).length;
  const box = element('input', '');
  box.type = 'checkbox';
  box.id = 'tickAll';
  box.checked = count === open.length;
  box.indeterminate = count > 0 && count < open.length;
  box.disabled = table?.busy === true;
  box.setAttribute('aria-label', 'Include all rows that are shown');
  box.addEventListener('change', () =>
    setTicks(
      open.map(({ id }) => id),
      box.checked,
    ),
  );
  return [box];
}

/** Shown at once; the extension answers with the counts. */
function setTicks(ids: readonly string[], ticked: boolean): void {
  for (const id of ids) {
    const row = rows.get(id);
    if (row !== undefined) {
      rows.set(id, { ...row, ticked });
      const box = body.querySelector<HTMLInputElement>(`[data-row="${CSS.escape(id)}"] input`);
      if (box !== null) {
        box.checked = ticked;
      }
    }
  }
  tellHost({ type: 'tick', rows: [...ids], ticked });
}

function sortHead(by: SortColumn, label: string): HTMLElement {
  const { sort } = choice;
  const made = button(label, () => {
    choice = { ...choice, sort: { by, descending: sort?.by === by && !sort.descending } };
    drawRows();
  });
  made.className = 'sort';
  made.id = `sort-${by}`;
  const head = element('th', by, made);
  head.scope = 'col';
  if (sort?.by === by) {
    const mark = element('span', '', sort.descending ? ' ↓' : ' ↑');
    mark.setAttribute('aria-hidden', 'true');
    made.append(mark);
    head.setAttribute('aria-sort', sort.descending ? 'descending' : 'ascending');
  }
  return head;
}

function plainHead(label: string): HTMLElement {
  const head = element('th', 'lines', label);
  head.scope = 'col';
  return head;
}

/** Up and down go to the same control of the next row that has it. */
function moveByKey(event: KeyboardEvent): void {
  const { target, key } = event;
  const column = columnOf(target);
  if ((key !== 'ArrowUp' && key !== 'ArrowDown') || column === undefined || !(target instanceof Element)) {
    return;
  }
  const step = (row: Element | null) => (key === 'ArrowUp' ? row?.previousElementSibling : row?.nextElementSibling);
  for (let row = step(target.closest('tr')); row; row = step(row)) {
    const control = controlOf(row, column);
    if (control !== undefined) {
      event.preventDefault();
      control.focus();
      return;
    }
  }
}

function columnOf(target: EventTarget | null): string | undefined {
  return target instanceof HTMLElement ? target.dataset.column : undefined;
}

function controlOf(row: Element, column: string): HTMLElement | undefined {
  return [...row.querySelectorAll<HTMLElement>('[data-column]')].find((one) => one.dataset.column === column);
}
