import { ANY_TAG } from '../../spend/groupNames.ts';
import { element, nameElement } from '../../workbench/webview/elements.ts';
import { placeAfterKey } from '../../workbench/webview/roving.ts';
import type { SpendOption } from '../spendContract.ts';
import { shortName } from './spendView.ts';

/** More than anybody reads; typing finds the others. */
const MOST_SHOWN = 100;

const NAME = 'Key of the tag';

/** What the extension said of the values that there are. */
export interface KnownValues {
  values: readonly SpendOption[];
  message?: string | undefined;
}

/** Asks the extension for the values of a dimension; `told` hears the answer. */
export type WantValues = (by: string, told: (known: KnownValues) => void) => void;

/** A field for the key of a tag: chosen among those that Azure lists, or typed. The keys are asked for when the field opens. */
export class SpendKeyField {
  readonly element: HTMLElement;
  readonly #input = element('input', '');
  readonly #list = element('ul', '');
  readonly #status = element('p', 'status', '');
  readonly #want: WantValues;
  readonly #chosen: (key: string) => void;
  #known: KnownValues | undefined;
  /** The keys that are listed, and which of them Enter takes. */
  #found: readonly SpendOption[] = [];
  #active = -1;

  /** @param id of the field that is typed into, not used elsewhere on the page */
  constructor(id: string, want: WantValues, chosen: (key: string) => void) {
    this.#want = want;
    this.#chosen = chosen;
    this.#list.id = `${id}Keys`;
    this.#list.setAttribute('role', 'listbox');
    this.#list.setAttribute('aria-label', 'Keys of tags');
    this.#status.id = `${id}Status`;
    this.#status.setAttribute('role', 'status');
    this.#input.id = id;
    this.#input.type = 'text';
    this.#input.autocomplete = 'off';
    this.#input.spellcheck = false;
    for (const [name, value] of [
      ['role', 'combobox'],
      ['aria-label', NAME],
      ['aria-autocomplete', 'list'],
      ['aria-controls', this.#list.id],
      ['aria-describedby', this.#status.id],
    ] as const) {
      this.#input.setAttribute(name, value);
    }
    this.#input.addEventListener('input', () => this.#fill(true));
    this.#input.addEventListener('click', () => this.#fill(true));
    this.#input.addEventListener('focus', () => this.#fill(true));
    this.#input.addEventListener('blur', () => this.#fill(false));
    this.#input.addEventListener('keydown', (event) => this.#key(event));
    // A list that took the focus would be closed before it is clicked.
    this.#list.addEventListener('pointerdown', (event) => event.preventDefault());
    this.#list.addEventListener('click', ({ target }) => {
      const at = [...this.#list.children].findIndex((each) => target instanceof Node && each.contains(target));
      this.#take(this.#found[at]?.id);
    });
    const label = element('span', 'label', NAME);
    label.setAttribute('aria-hidden', 'true');
    const box = element('div', 'suggesting', this.#input, this.#list);
    this.element = element('div', 'fields', element('div', 'field', label, box, this.#status));
    this.element.hidden = true;
    this.#fill(false);
  }

  /** Shows the field and gives it the focus. */
  open(): void {
    this.element.hidden = false;
    this.#input.value = '';
    if (this.#known === undefined) {
      this.#status.textContent = 'Reading the keys of tags…';
      this.#want(ANY_TAG, (known) => {
        // A failure is asked for again the next time.
        this.#known = known.values.length === 0 ? undefined : known;
        this.#status.textContent = known.message ?? '';
        this.#fill(document.activeElement === this.#input);
      });
    }
    this.#input.focus();
  }

  close(): void {
    this.element.hidden = true;
  }

  /** Other keys may be known of another scope. */
  forget(): void {
    this.#known = undefined;
  }

  #take(key: string | undefined): void {
    if (key !== undefined && key !== '') {
      this.#chosen(key);
    }
  }

  #fill(open: boolean): void {
    const typed = this.#input.value.trim().toLowerCase();
    const found = (this.#known?.values ?? []).filter(({ label }) => label.toLowerCase().includes(typed));
    this.#found = open ? found.slice(0, MOST_SHOWN) : [];
    this.#list.replaceChildren(...this.#found.map((option, at) => this.#option(option, at)));
    this.#list.hidden = this.#found.length === 0;
    this.#input.setAttribute('aria-expanded', String(!this.#list.hidden));
    if (this.#known !== undefined) {
      this.#status.textContent = [
        this.#known.message,
        found.length === 0 ? 'Azure lists no such key; Enter takes it as typed.' : undefined,
        found.length > MOST_SHOWN ? `The first ${MOST_SHOWN} of ${found.length} keys; type to find others.` : undefined,
      ]
        .filter((sentence) => sentence !== undefined)
        .join(' ');
    }
    this.#activate(-1);
  }

  #option({ label }: SpendOption, at: number): HTMLElement {
    const made = element('li', '', nameElement(shortName(label)));
    made.id = `${this.#list.id}${at}`;
    made.setAttribute('role', 'option');
    return made;
  }

  #activate(at: number): void {
    this.#active = at;
    for (const [place, option] of [...this.#list.children].entries()) {
      option.setAttribute('aria-selected', String(place === at));
    }
    const active = this.#list.children[at];
    if (active === undefined) {
      this.#input.removeAttribute('aria-activedescendant');
    } else {
      this.#input.setAttribute('aria-activedescendant', active.id);
      active.scrollIntoView({ block: 'nearest' });
    }
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Enter') {
      event.preventDefault();
      this.#take(this.#found[this.#active]?.id ?? this.#input.value.trim());
    } else if (event.key === 'Escape' && !this.#list.hidden) {
      event.preventDefault();
      this.#fill(false);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (this.#list.hidden) {
        this.#fill(true);
      }
      const next = placeAfterKey(event, [this.#active, 0], [this.#found.length - 1, 0]);
      if (next !== undefined) {
        this.#activate(next[0]);
      }
    }
  }
}
