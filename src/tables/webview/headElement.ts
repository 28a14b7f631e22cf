import { button, element, nameElement } from '../../workbench/webview/elements.ts';

/** A column's header. */
export interface GridHead {
  /** What the table calls it. */
  label: string;
  /** Pixels. */
  width: number;
  isNumber: boolean;
  /** Its part in the order; undefined: none. `place` is 1 for the first key, and 0 where it is the only one. */
  sort: { descending: boolean; place: number } | undefined;
  canSort: boolean;
  /** Undefined: cannot be filtered. */
  isFiltered: boolean | undefined;
}

export interface HeadEvents {
  /** @param more whether the order keeps its other keys */
  sort(column: number, more: boolean): void;
  filter(column: number): void;
  /** @param done false while the edge is dragged */
  resize(column: number, width: number, done: boolean): void;
}

export function headElement(head: GridHead, column: number, events: HeadEvents): HTMLElement {
  const made = element(
    'div',
    head.isNumber ? 'cell number' : 'cell',
    element('span', 'label', nameElement(head.label)),
  );
  made.setAttribute('role', 'columnheader');
  made.setAttribute('aria-colindex', String(column + 1));
  const { sort } = head;
  if (head.canSort) {
    made.setAttribute('aria-sort', sort === undefined ? 'none' : sort.descending ? 'descending' : 'ascending');
    made.addEventListener('click', (event) => events.sort(column, event.shiftKey));
  }
  if (sort !== undefined) {
    const mark = element('span', 'sort', `${sort.descending ? '↓' : '↑'}${sort.place > 0 ? sort.place : ''}`);
    mark.setAttribute('aria-hidden', 'true');
    made.append(mark);
  }
  if (head.isFiltered !== undefined) {
    const filter = button('', () => events.filter(column));
    filter.className = head.isFiltered ? 'filter on' : 'filter';
    filter.tabIndex = -1;
    filter.title = `Filter ${head.label} (Alt+Down)`;
    filter.setAttribute('aria-label', `Filter ${head.label}${head.isFiltered ? ', filtered' : ''}`);
    filter.addEventListener('click', (event) => event.stopPropagation());
    made.append(filter);
  }
  made.append(handle(head, column, events));
  return made;
}

/** The edge that is dragged. Keys do the same from the header. */
function handle({ width }: GridHead, column: number, { resize }: HeadEvents): HTMLElement {
  const made = element('span', 'edge');
  made.setAttribute('aria-hidden', 'true');
  made.addEventListener('click', (event) => event.stopPropagation());
  made.addEventListener('pointerdown', (down) => {
    down.preventDefault();
    down.stopPropagation();
    const widthAt = ({ clientX }: PointerEvent) => width + clientX - down.clientX;
    // The header is drawn anew while it is dragged: the window hears where the pointer goes.
    const move = (event: PointerEvent) => resize(column, widthAt(event), false);
    const up = (event: PointerEvent) => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      resize(column, widthAt(event), true);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
  });
  return made;
}
