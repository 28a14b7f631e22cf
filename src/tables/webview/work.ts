import { button, element } from '../../workbench/webview/elements.ts';
import type { TableQuestion } from '../tableContract.ts';

type About = TableQuestion['about'];

const WORDS: Readonly<Record<About, string>> = {
  rows: 'Reading rows…',
  groups: 'Grouping…',
  find: 'Searching…',
  copy: 'Copying…',
  copyGroups: 'Copying…',
  export: 'Exporting…',
  values: 'Counting values…',
  sums: 'Adding up…',
  count: 'Counting rows…',
};

/** Work that is done within this time is not shown. Milliseconds. */
const PATIENCE = 400;

/** Says what the page waits for when that takes a moment, with a way to stop it. */
export class Work {
  readonly element = element('div', 'work');
  readonly #text = element('span', '');
  #timer: number | undefined;

  constructor(cancel: () => void) {
    this.element.hidden = true;
    this.#text.setAttribute('role', 'status');
    const bar = element('span', 'running');
    bar.setAttribute('aria-hidden', 'true');
    const stop = button('Cancel', cancel);
    stop.className = 'secondary';
    this.element.append(bar, this.#text, stop);
  }

  show(open: readonly About[], isSorted: boolean): void {
    const [first] = (Object.keys(WORDS) as About[]).filter((about) => open.includes(about));
    if (first === undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.element.hidden = true;
      this.#text.textContent = '';
      return;
    }
    const words = first === 'rows' && isSorted ? 'Sorting…' : WORDS[first];
    if (!this.element.hidden) {
      this.#text.textContent = words;
      return;
    }
    this.#timer ??= window.setTimeout(() => {
      this.element.hidden = false;
      this.#text.textContent = words;
    }, PATIENCE);
  }
}
