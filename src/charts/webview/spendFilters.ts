import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { ANY_TAG, groupLabel } from '../../spend/groupNames.ts';
import type { SpendFilter } from '../../spend/spendShapes.ts';
import { element, nameElement } from '../../workbench/webview/elements.ts';
import type { SpendOption } from '../spendContract.ts';
import { type KnownValues, SpendKeyField, type WantValues } from './spendKeyField.ts';
import { shortName } from './spendView.ts';

/** More than anybody reads; typing finds the others. */
const MOST_SHOWN = 100;

export interface FilterEvents {
  wanted: WantValues;
  changed(filters: SpendFilter[]): void;
}

/** Filters as chips that can be taken away, and a form for one more. */
export class SpendFilters {
  /** What is filtered by. */
  readonly chips = element('ul', 'chips');
  /** Where a filter is added. */
  readonly element = element('section', 'filters');
  readonly #events: FilterEvents;
  #filters: readonly SpendFilter[] = [];
  #dimensions: readonly SpendOption[] = [];
  /** The dimension that a filter is being made for; a tag without a key while that is being named. */
  #by: string | undefined;

  constructor(events: FilterEvents) {
    this.#events = events;
    this.element.setAttribute('aria-label', 'Add a filter');
    this.chips.setAttribute('aria-label', 'Filters');
    this.chips.hidden = true;
  }

  /** @param dimensions all that can be filtered by */
  show(filters: readonly SpendFilter[], dimensions: readonly SpendOption[]): void {
    if (JSON.stringify([filters, dimensions]) === JSON.stringify([this.#filters, this.#dimensions])) {
      return;
    }
    this.#filters = filters;
    this.#dimensions = dimensions;
    this.#drawChips();
    // What somebody has ticked and typed in an open form stays.
    if (this.#by === undefined) {
      this.#start();
    }
  }

  #drawChips(): void {
    const buttons = () => [...this.chips.querySelectorAll<HTMLElement>('vscode-button')];
    const focused = buttons().findIndex((each) => each.matches(':focus'));
    this.chips.replaceChildren(...this.#filters.map((filter, at) => this.#chip(filter, at)));
    this.chips.hidden = this.#filters.length === 0;
    if (focused >= 0) {
      // The chip that was taken away had the focus: the next one has it now, or what adds one.
      const next = buttons()[Math.min(focused, this.#filters.length - 1)];
      setTimeout(() => focusFirst([next, this.element.querySelector('#filterBy'), document.getElementById('fold')]));
    }
  }

  #chip({ by, values, not }: SpendFilter, at: number): HTMLElement {
    const text = `${this.#nameOf(by)} ${not === true ? 'is not' : 'is'} ${values.map((value) => shortName(value === '' ? '(empty)' : value)).join(' or ')}`;
    const remove = smallButton('Remove', () => this.#events.changed(this.#filters.filter((_, other) => other !== at)));
    remove.setAttribute('aria-label', `Remove the filter: ${text}`);
    return element('li', 'chip', nameElement(text), remove);
  }

  /** Nothing is being filtered by: what begins a filter is shown. */
  #start(focus = this.element.querySelector('#filterBy')?.matches(':focus') === true): void {
    this.#by = undefined;
    this.element.replaceChildren(...(this.#dimensions.length === 0 ? [] : [this.#starter()]));
    if (focus) {
      setTimeout(() => this.element.querySelector<HTMLElement>('#filterBy')?.focus());
    }
  }

  #starter(): HTMLElement {
    const made = document.createElement('vscode-single-select');
    made.id = 'filterBy';
    made.label = 'Add a filter';
    for (const { id, label } of [{ id: '', label: 'Add a filter…' }, ...this.#dimensions]) {
      const option = document.createElement('vscode-option');
      option.value = id;
      option.textContent = shortName(label);
      made.append(option);
    }
    made.addEventListener('change', () => {
      if (made.value !== '') {
        const by = made.value;
        // A control is not to be taken away while it tells of its change.
        setTimeout(() => (by === ANY_TAG ? this.#nameTag() : this.#begin(by)));
      }
    });
    return made;
  }

  /** The key of a tag comes first, then its values. */
  #nameTag(): void {
    this.#by = ANY_TAG;
    const field = new SpendKeyField('filterTag', this.#events.wanted, (key) => this.#begin(`${ANY_TAG}${key}`));
    const cancel = smallButton('Cancel', () => this.#start(true));
    this.element.replaceChildren(element('div', 'form', field.element, element('div', 'actions', cancel)));
    field.open();
  }

  #begin(by: string): void {
    this.#by = by;
    const waiting = element('p', 'status', `Reading the values of ${this.#nameOf(by)}…`);
    waiting.setAttribute('role', 'status');
    const form = element(
      'div',
      'form',
      waiting,
      smallButton('Cancel', () => this.#start(true)),
    );
    form.tabIndex = -1;
    const hadFocus = this.element.contains(document.activeElement) || document.activeElement === document.body;
    this.element.replaceChildren(form);
    if (hadFocus) {
      form.focus();
    }
    this.#events.wanted(by, (known) => {
      // Another one may have been begun since.
      if (form.isConnected) {
        const stays = form.contains(document.activeElement);
        this.element.replaceChildren(this.#form(by, known));
        if (stays) {
          // It takes it once it is drawn.
          setTimeout(() => this.element.querySelector<HTMLElement>('#filterText')?.focus());
        }
      }
    });
  }

  #form(by: string, known: KnownValues): HTMLElement {
    const name = this.#nameOf(by);
    const chosen = new Set<string>();
    const problem = element('p', 'status failed', '');
    problem.id = 'filterProblem';
    problem.setAttribute('role', 'alert');
    const boxes = element('div', 'boxes');
    boxes.setAttribute('role', 'group');
    boxes.setAttribute('aria-label', `Values of ${name}`);
    boxes.setAttribute('aria-describedby', problem.id);
    const count = element('p', 'status', '');
    count.setAttribute('role', 'status');
    const tell = (found: number) => {
      problem.textContent = chosen.size > 0 ? '' : problem.textContent;
      count.textContent = [
        chosen.size > 0 ? `${chosen.size} ticked.` : '',
        found > MOST_SHOWN ? `The first ${MOST_SHOWN} of ${found} values; type to find others.` : '',
      ]
        .filter((sentence) => sentence !== '')
        .join(' ');
    };
    const fill = (text: string) => {
      const typed = text.trim();
      const found = known.values.filter(({ label }) => label.toLowerCase().includes(typed.toLowerCase()));
      const isKnown = known.values.some(({ id, label }) => [id, label].some((each) => sameText(each, typed)));
      // Azure does not list all values that there are.
      const own = typed === '' || isKnown ? [] : [{ id: typed, label: `“${typed}”, as typed` }];
      const boxOf = (value: SpendOption) => valueBox(value, chosen, () => tell(found.length));
      boxes.replaceChildren(...[...found.slice(0, MOST_SHOWN), ...own].map(boxOf));
      tell(found.length);
    };
    const text = document.createElement('vscode-textfield');
    text.id = 'filterText';
    text.label = `Find a value of ${name}`;
    text.placeholder = `Find a value of ${name}`;
    text.addEventListener('input', () => fill(text.value));
    const not = document.createElement('vscode-checkbox');
    not.label = 'All but these';
    fill('');
    const apply = smallButton('Apply', () => {
      if (chosen.size === 0) {
        problem.textContent = `Tick at least one value of ${name} to filter by, or cancel.`;
        text.focus();
        return;
      }
      const filter: SpendFilter = { by, values: [...chosen].sort(), ...(not.checked ? { not: true } : {}) };
      this.#start(true);
      this.#events.changed([...this.#filters, filter]);
    });
    return element(
      'div',
      'form',
      ...(known.message === undefined ? [] : [element('p', 'status', known.message)]),
      text,
      boxes,
      count,
      problem,
      element(
        'div',
        'actions',
        not,
        apply,
        smallButton('Cancel', () => this.#start(true)),
      ),
    );
  }

  #nameOf(by: string): string {
    return shortName(this.#dimensions.find(({ id }) => id === by)?.label ?? groupLabel(by));
  }
}

function sameText(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Gives the focus to the first of some that can be seen. */
function focusFirst(candidates: readonly (HTMLElement | null | undefined)[]): void {
  candidates.find((each) => each?.checkVisibility())?.focus();
}

/** @param changed told of each tick */
function valueBox({ id, label }: SpendOption, chosen: Set<string>, changed: () => void): HTMLElement {
  const box = document.createElement('vscode-checkbox');
  box.label = shortName(label === '' ? '(empty)' : label, 120);
  box.checked = chosen.has(id);
  box.addEventListener('change', () => {
    if (box.checked) {
      chosen.add(id);
    } else {
      chosen.delete(id);
    }
    changed();
  });
  return box;
}

function smallButton(label: string, press: () => void): HTMLElement {
  const made = document.createElement('vscode-button');
  made.secondary = true;
  made.textContent = label;
  made.addEventListener('click', press);
  return made;
}
