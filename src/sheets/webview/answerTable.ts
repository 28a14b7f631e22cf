import { button, element, nameElement } from '../../workbench/webview/elements.ts';
import type { AnswerTable } from '../chartContract.ts';

/** Rows that are there at once: a browser takes long for thousands. */
const FIRST_ROWS = 200;

/** The answer as a table, every digit as it came. */
export function answerTable({ columns, rows }: AnswerTable): HTMLElement {
  const body = element('tbody', '');
  const add = (some: AnswerTable['rows']) =>
    body.append(...some.map((cells) => element('tr', '', ...cells.map((cell, at) => cellElement(cell, at)))));
  const cellElement = (cell: string | null, at: number): HTMLElement => {
    const made = element(at === 0 ? 'th' : 'td', columns[at]?.isNumber === true ? '' : 'text');
    if (at === 0) {
      made.setAttribute('scope', 'row');
    }
    if (cell === null) {
      made.classList.add('unknown');
      made.append('NULL');
    } else {
      made.append(columns[at]?.isNumber === true ? cell : nameElement(cell));
      // Half a date on a line of its own reads as something else.
      made.classList.toggle('day', /^\d{4}-\d\d-\d\d/.test(cell));
    }
    return made;
  };
  const head = columns.map(({ name, isNumber }) => {
    const made = element('th', isNumber ? '' : 'text', nameElement(name));
    made.setAttribute('scope', 'col');
    return made;
  });
  const caption = element('caption', '');
  const count = rows.length.toLocaleString('en');
  const tell = (shown: number) =>
    caption.replaceChildren(
      element(
        'span',
        '',
        shown < rows.length
          ? `The answer: rows 1 to ${shown} of ${count}`
          : `The answer: ${count} ${rows.length === 1 ? 'row' : 'rows'}`,
      ),
    );
  add(rows.slice(0, FIRST_ROWS));
  tell(Math.min(FIRST_ROWS, rows.length));
  const table = element('table', 'sheet', caption, element('thead', '', element('tr', '', ...head)), body);
  const scroller = element('div', 'scroller', table);
  // What scrolls has to be reached by keys.
  scroller.tabIndex = 0;
  scroller.id = 'answer';
  scroller.setAttribute('role', 'region');
  scroller.setAttribute('aria-label', 'The answer as a table');
  const made = element('section', '', scroller);
  if (rows.length > FIRST_ROWS) {
    const all = button(`Show All ${count} Rows`, () => {
      add(rows.slice(FIRST_ROWS));
      tell(rows.length);
      all.parentElement?.remove();
      scroller.focus();
    });
    made.append(element('div', 'actions', all));
  }
  return made;
}
