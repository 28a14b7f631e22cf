import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import { element } from '../../workbench/webview/elements.ts';
import type { SpendToHost, SpendToPage } from '../spendContract.ts';

export type Working = Extract<SpendToPage, { type: 'working' }>;
export type Stopped = Extract<SpendToPage, { type: 'stopped' }>;

/** The extension says nothing any more. */
export interface Silent {
  type: 'silent';
  message: string;
  advice: string;
}

/** What somebody can do about a notice. */
export interface NoticeEvents {
  tell(message: Extract<SpendToHost, { type: 'cancel' | 'retry' | 'refresh' | 'showLog' }>): void;
  /** Read all the same, although it takes long. */
  confirm(): void;
  /** Ask once more for what was not answered. */
  again(): void;
}

/** How far reading is, or why it has ended. */
export class SpendNotice {
  readonly element = element('div', 'notice');
  readonly #events: NoticeEvents;
  /** The words of progress, while there is some. */
  #progress: { text: HTMLElement; left: HTMLElement } | undefined;
  #timer: number | undefined;

  constructor(events: NoticeEvents) {
    this.#events = events;
  }

  show(notice: Working | Stopped | Silent | undefined): void {
    clearInterval(this.#timer);
    if (notice?.type === 'working') {
      this.#work(notice);
      return;
    }
    this.#progress = undefined;
    this.element.replaceChildren(...(notice === undefined ? [] : this.#stopped(notice)));
  }

  /** Progress comes many times a second: a button that is made anew each time could not be pressed. */
  #work({ message, until }: Working): void {
    if (this.#progress === undefined) {
      const text = element('span', '');
      const left = element('span', 'left');
      // A screen reader that hears every second go by says nothing else.
      left.setAttribute('aria-hidden', 'true');
      const bar = document.createElement('vscode-progress-bar');
      bar.ariaLabel = 'Reading costs';
      bar.indeterminate = true;
      const words = element('p', 'status', text, left);
      words.setAttribute('role', 'status');
      const cancel = noticeButton('Cancel', () => this.#events.tell({ type: 'cancel' }));
      this.element.replaceChildren(bar, words, element('div', 'actions', cancel));
      this.#progress = { text, left };
    }
    const { text, left } = this.#progress;
    if (text.textContent !== message) {
      text.textContent = message;
    }
    const tick = () => {
      const seconds = until === undefined ? 0 : Math.ceil((Date.parse(until) - Date.now()) / 1000);
      left.textContent = seconds > 0 ? `${seconds} s left` : '';
    };
    tick();
    if (until !== undefined) {
      this.#timer = window.setInterval(tick, 1000);
    }
  }

  #stopped(notice: Stopped | Silent): HTMLElement[] {
    const { message, advice } = notice;
    const action = notice.type === 'silent' ? undefined : notice.action;
    const why = notice.type === 'silent' ? 'silent' : notice.why;
    const bad = why === 'failed' || why === 'permission' || why === 'silent';
    const words = element('p', bad ? 'status failed' : 'status', message);
    words.setAttribute('role', bad ? 'alert' : 'status');
    return [
      words,
      ...(advice === undefined ? [] : [element('p', 'advice', advice)]),
      element('div', 'actions', ...this.#buttons(why, action)),
    ];
  }

  #buttons(why: Stopped['why'] | 'silent', action = 'Read All Days'): HTMLElement[] {
    const again = (label: string) => noticeButton(label, () => this.#events.tell({ type: 'retry' }));
    switch (why) {
      case 'failed':
      case 'permission':
        return [again('Try Again'), noticeButton('Show Log', () => this.#events.tell({ type: 'showLog' }))];
      case 'silent':
        return [noticeButton('Try Again', () => this.#events.again())];
      case 'cancelled':
        return [again('Read Again')];
      case 'empty':
        return [noticeButton('Refresh', () => this.#events.tell({ type: 'refresh' }))];
      case 'confirm':
        return [noticeButton(action, () => this.#events.confirm())];
    }
  }
}

function noticeButton(label: string, press: () => void): HTMLElement {
  const made = document.createElement('vscode-button');
  made.textContent = label;
  made.addEventListener('click', press);
  return made;
}
