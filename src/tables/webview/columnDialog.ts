import { button, element } from '../../workbench/webview/elements.ts';
import type { PageChoice } from '../tableContract.ts';
import { checkbox, openDialog, textInput } from './dialog.ts';

type Columns = PageChoice['columns'];

/** Asks which columns are shown, in which order and how wide. */
export function askColumns(columns: Columns, apply: (columns: Columns) => void, closed: () => void): void {
  let chosen = [...columns];
  const search = textInput('Search columns', '', 'search');
  search.placeholder = 'Search columns';
  const list = element('div', 'columns');
  const hint = element('p', 'hint');
  hint.setAttribute('role', 'status');
  const change = (name: string, changes: Partial<Columns[number]>) => {
    chosen = chosen.map((column) => (column.name === name ? { ...column, ...changes } : column));
  };
  const move = (name: string, way: -1 | 1) => {
    const from = chosen.findIndex((column) => column.name === name);
    const column = chosen[from];
    const other = chosen[from + way];
    if (column !== undefined && other !== undefined) {
      chosen[from] = other;
      chosen[from + way] = column;
      draw();
      list.querySelector<HTMLElement>(`[data-move="${CSS.escape(`${way} ${name}`)}"]`)?.focus();
    }
  };
  const line = ({ name, width, shown }: Columns[number]) => {
    const pixels = textInput(`Width of ${name} in pixels`, String(Math.round(width)), 'number');
    pixels.min = '40';
    pixels.max = '2000';
    pixels.step = '10';
    pixels.addEventListener('change', () => change(name, { width: heldWidth(Number(pixels.value)) }));
    const step = (way: -1 | 1) => {
      const made = button(way < 0 ? '↑' : '↓', () => move(name, way));
      made.className = 'secondary';
      made.dataset.move = `${way} ${name}`;
      made.setAttribute('aria-label', `Move ${name} ${way < 0 ? 'up' : 'down'}`);
      return made;
    };
    return element(
      'div',
      'column',
      checkbox(name, shown, (checked) => change(name, { shown: checked })),
      pixels,
      step(-1),
      step(1),
    );
  };
  const draw = () => {
    const wanted = search.value.trim().toLowerCase();
    list.replaceChildren(...chosen.filter(({ name }) => name.toLowerCase().includes(wanted)).map(line));
  };
  const all = (label: string, shown: boolean) => {
    const made = button(label, () => {
      const wanted = search.value.trim().toLowerCase();
      chosen = chosen.map((column) => (column.name.toLowerCase().includes(wanted) ? { ...column, shown } : column));
      draw();
    });
    made.className = 'secondary';
    return made;
  };
  search.addEventListener('input', draw);
  draw();
  openDialog(
    'Columns',
    [search, element('div', 'actions', all('Show All', true), all('Hide All', false)), list, hint],
    [
      {
        label: 'Apply',
        press: () => {
          if (chosen.every(({ shown }) => !shown)) {
            hint.textContent = 'Tick at least one column.';
            return false;
          }
          apply(chosen);
          return true;
        },
      },
    ],
    closed,
  );
}

/** A width that can be seen and dragged. */
export function heldWidth(width: number): number {
  return Number.isFinite(width) ? Math.min(2000, Math.max(40, Math.round(width))) : 150;
}
