import { button, element } from '../../workbench/webview/elements.ts';
import { textInput } from './dialog.ts';

export interface FindEvents {
  find(text: string, backwards: boolean): void;
  closed(): void;
}

/** A line to find a text in the cells that are shown. */
export class FindBar {
  readonly element = element('div', 'findBar');
  readonly #input = textInput('Find in the table', '', 'search');
  readonly #result = element('span', 'result');

  constructor(events: FindEvents) {
    const find = (backwards: boolean) => {
      if (this.#input.value !== '') {
        events.find(this.#input.value, backwards);
      }
    };
    const close = () => {
      this.element.hidden = true;
      events.closed();
    };
    this.#input.placeholder = 'Find';
    this.#input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') {
        event.preventDefault();
        find(event.shiftKey);
      }
    });
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        close();
      }
    });
    const press = (label: string, name: string, act: () => void) => {
      const made = button(label, act);
      made.className = 'secondary';
      made.setAttribute('aria-label', name);
      made.title = name;
      return made;
    };
    this.element.hidden = true;
    this.element.setAttribute('role', 'search');
    this.#result.setAttribute('role', 'status');
    this.element.append(
      this.#input,
      press('↑', 'Previous match (Shift+Enter)', () => find(true)),
      press('↓', 'Next match (Enter)', () => find(false)),
      press('✕', 'Close find (Escape)', close),
      this.#result,
    );
  }

  get text(): string {
    return this.#input.value;
  }

  open(): void {
    this.element.hidden = false;
    this.#input.focus();
    this.#input.select();
  }

  tell(result: string): void {
    this.#result.textContent = result;
  }
}
