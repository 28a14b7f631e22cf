/** Where something stands among things that keys move through. */
export type Place = readonly [line: number, column: number];

/** From a key to the place it leads to. */
type Move = (line: number, column: number, last: Place) => Place;

const WEEK = 7;

const MOVES: Readonly<Record<string, Move>> = {
  ArrowLeft: (line, column) => [line, column - 1],
  ArrowRight: (line, column) => [line, column + 1],
  ArrowUp: (line, column) => [line - 1, column],
  ArrowDown: (line, column) => [line + 1, column],
  PageUp: (line, column) => [line, column - WEEK],
  PageDown: (line, column) => [line, column + WEEK],
  Home: (line) => [line, 0],
  End: (line, _, last) => [line, last[1]],
  'Control+Home': () => [0, 0],
  'Control+End': (_, __, last) => last,
};

/** What of a pressed key counts. */
export type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/**
 * Where a key leads to from a place; never beyond the edges. Undefined for keys that move nothing.
 *
 * @param last the last line and the last column
 */
export function placeAfterKey(event: Pressed, [line, column]: Place, last: Place): Place | undefined {
  const control = event.ctrlKey || event.metaKey ? 'Control+' : '';
  const move = event.altKey || event.shiftKey ? undefined : MOVES[`${control}${event.key}`];
  if (move === undefined) {
    return undefined;
  }
  const [nextLine, nextColumn] = move(line, column, last);
  return [within(nextLine, last[0]), within(nextColumn, last[1])];
}

/**
 * Makes cells of a table a grid for the keyboard: one of them takes the focus, keys move it. Cells have `data-line` and `data-day`.
 *
 * @param at the cell of a place
 * @param pointed told of the place below the pointer or with the focus
 * @param first the cell that takes the focus before any other had it
 */
export function roveCells(
  table: HTMLTableElement,
  last: Place,
  at: (line: number, column: number) => HTMLElement | undefined,
  pointed: (place: Place) => void,
  first: Place = [0, 0],
): void {
  let entry = at(...first);
  entry?.setAttribute('tabindex', '0');
  const tell = (target: EventTarget | null): boolean => {
    const place = placeOf(target);
    if (place !== undefined) {
      pointed(place);
    }
    return place !== undefined;
  };
  table.addEventListener('pointerover', ({ target }) => tell(target));
  table.addEventListener('focusin', ({ target }) => {
    if (tell(target) && target instanceof HTMLElement) {
      entry?.setAttribute('tabindex', '-1');
      target.tabIndex = 0;
      entry = target;
    }
  });
  table.addEventListener('keydown', (event) => {
    const place = placeOf(event.target);
    const next = place && placeAfterKey(event, place, last);
    if (next !== undefined) {
      event.preventDefault();
      at(...next)?.focus();
    }
  });
}

/** The place of a cell; undefined for what is none. */
function placeOf(target: EventTarget | null): Place | undefined {
  const { line, day } = target instanceof HTMLElement ? target.dataset : {};
  return line === undefined || day === undefined ? undefined : [Number(line), Number(day)];
}

function within(value: number, last: number): number {
  return Math.min(Math.max(value, 0), last);
}
