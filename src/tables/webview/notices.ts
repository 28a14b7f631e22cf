import { button, element } from '../../workbench/webview/elements.ts';

/** A line above the table with buttons. */
export interface Notice {
  /** A failure is read out at once. */
  failed: boolean;
  text: string;
  buttons: readonly { label: string; press(): void }[];
}

/** Lines above the table, one for each thing that they are about. */
export class Notices {
  readonly element = element('div', 'notices');
  readonly #lines = new Map<string, HTMLElement>();

  /** @param notice undefined takes it away */
  show(about: string, notice: Notice | undefined): void {
    this.#lines.get(about)?.remove();
    this.#lines.delete(about);
    if (notice === undefined) {
      return;
    }
    const text = element('span', notice.failed ? 'text failed' : 'text', notice.text);
    text.setAttribute('role', notice.failed ? 'alert' : 'status');
    const buttons = notice.buttons.map(({ label, press }) => {
      const made = button(label, press);
      made.className = 'secondary';
      return made;
    });
    const line = element('div', 'notice', text, ...buttons);
    this.#lines.set(about, line);
    this.element.append(line);
  }
}
