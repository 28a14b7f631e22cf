import '@vscode-elements/elements/dist/vscode-button/index.js';
import { ANY_TAG } from '../../spend/groupNames.ts';
import type { SpendPicture, SpendQuestion } from '../../spend/spendShapes.ts';
import { watchTheme } from '../../workbench/webview/colours.ts';
import { element, nameElement } from '../../workbench/webview/elements.ts';
import { listenToHost, postToHost } from '../../workbench/webview/host.ts';
import { readSpendToPage, type SpendToHost, type SpendToPage } from '../spendContract.ts';
import { warmRenderer } from './spendChart.ts';
import { type Change, type Choices, spendControls, tagChoice, viewControl } from './spendControls.ts';
import { SpendFilters } from './spendFilters.ts';
import { SpendFold } from './spendFold.ts';
import { type KnownValues, SpendKeyField } from './spendKeyField.ts';
import { type Silent, SpendNotice, type Stopped, type Working } from './spendNotice.ts';
import { SpendRequests } from './spendRequests.ts';
import { type SavedAs, savedData, savingButtons } from './spendSaving.ts';
import { SpendStage } from './spendStage.ts';

const TITLE = 'title';

const SILENCE: Silent = {
  type: 'silent',
  message: 'The extension does not answer.',
  advice:
    'Try again; if that does not help, close this panel and open it anew. An answer that comes late is still shown.',
};

const tellHost: (message: SpendToHost) => void = postToHost;

/** What the panel shows, and what somebody does with it. All words and marks are made of what the extension sent last. */
class SpendPage {
  readonly #heading = element('h1', '');
  readonly #views = element('div', '');
  readonly #fields = element('div', '');
  readonly #marks = element('div', 'marks');
  readonly #notice: SpendNotice;
  readonly #filters: SpendFilters;
  readonly #tag: SpendKeyField;
  readonly #fold: SpendFold;
  readonly #stage: SpendStage;
  readonly #requests: SpendRequests;
  #choices: Choices | undefined;
  #question: SpendQuestion | undefined;
  #picture: SpendPicture | undefined;
  /** Who waits for the values of which request. */
  readonly #valuesWanted = new Map<number, (known: KnownValues) => void>();
  #valuesAsked = 0;
  /** What the controls were made of. */
  #controlled = '';

  constructor(main: HTMLElement) {
    this.#requests = new SpendRequests(() => this.#stop(SILENCE));
    this.#notice = new SpendNotice({
      tell: (message) => this.#tell(message),
      confirm: () => this.#ask({}, true),
      again: () => (this.#question === undefined ? this.begin() : this.#ask({})),
    });
    this.#filters = new SpendFilters({
      wanted: (by, told) => this.#want(by, told),
      changed: (filters) => this.#ask({ filters }),
    });
    this.#tag = new SpendKeyField(
      'tag',
      (by, told) => this.#want(by, told),
      (key) => {
        // The field is closed, and with it goes the focus.
        document.getElementById('groupBy')?.focus();
        this.#tag.close();
        this.#ask({ groupBy: `${ANY_TAG}${key}` });
      },
    );
    this.#fold = new SpendFold(this.#fields, this.#filters.element);
    this.#stage = new SpendStage(TITLE, (drill) => tellHost({ type: 'drill', ...drill }));
    this.#heading.id = TITLE;
    this.#marks.append(
      this.#stage.element,
      savingButtons(
        () => this.#tell({ type: 'refresh' }),
        (as) => this.#save(as),
      ),
    );
    this.#marks.hidden = true;
    main.append(this.#heading, this.#views, this.#fold.element, this.#filters.chips, this.#notice.element, this.#marks);
  }

  /** Tells the extension that it can be talked to. */
  begin(): void {
    this.#requests.expect();
    tellHost({ type: 'ready' });
  }

  #tell(message: Extract<SpendToHost, { type: 'cancel' | 'retry' | 'refresh' | 'showLog' }>): void {
    if (message.type === 'retry' || message.type === 'refresh') {
      this.#requests.expect();
    }
    tellHost(message);
  }

  #want(by: string, told: (known: KnownValues) => void): void {
    const request = ++this.#valuesAsked;
    this.#valuesWanted.set(request, told);
    tellHost({ type: 'values', request, by });
  }

  hear(message: Exclude<SpendToPage, { type: 'keep' }>): void {
    switch (message.type) {
      case 'choices':
        this.#choose(message);
        break;
      case 'values':
        this.#valuesWanted.get(message.answers)?.(message);
        this.#valuesWanted.delete(message.answers);
        break;
      case 'working':
        this.#requests.renew(message.until);
        this.#note(message);
        break;
      case 'stopped':
        if (!this.#requests.isOld(message.answers)) {
          this.#stop(message);
        }
        break;
      case 'picture':
        this.#answer(message.answers, message.picture);
        break;
      case 'save':
        this.#save(message.as);
        break;
    }
  }

  /** The theme has changed. */
  recolour(): void {
    this.#stage.recolour();
  }

  #choose(choices: Choices): void {
    if (choices.question.scope !== this.#choices?.question.scope) {
      this.#tag.forget();
    }
    this.#choices = choices;
    this.#heading.replaceChildren(nameElement(choices.title));
    // What somebody changed since counts.
    if (!this.#requests.isOpen) {
      this.#question = choices.question;
    }
    this.#control();
  }

  #answer(answers: number, picture: SpendPicture): void {
    if (this.#requests.isOld(answers)) {
      return;
    }
    this.#requests.close();
    this.#question = picture.question;
    const same = JSON.stringify(picture) === JSON.stringify(this.#picture);
    this.#picture = picture;
    this.#control();
    if (picture.partial === undefined) {
      this.#note(undefined);
    }
    if (!same) {
      this.#draw();
    }
  }

  #stop(stopped: Stopped | Silent): void {
    // A picture of another question would be taken for the answer to this one.
    if (this.#requests.isOpen) {
      this.#picture = undefined;
      this.#draw();
    }
    this.#requests.close();
    this.#note(stopped);
  }

  #note(notice: Working | Stopped | Silent | undefined): void {
    this.#notice.show(notice);
    this.#marks.setAttribute('aria-busy', String(notice?.type === 'working'));
  }

  /** Asks the extension for what somebody changed. What the picture has already is drawn at once. */
  #ask(change: Change, confirmed?: true): void {
    const before = this.#question;
    if (before === undefined) {
      return;
    }
    const uncompared = change.view === 'comparison' && before.compareWith === undefined;
    const question = changed(before, uncompared ? { ...change, compareWith: 'previous' } : change);
    this.#question = question;
    const request = this.#requests.ask();
    const namedTag = change.groupBy?.startsWith(ANY_TAG) === true;
    if (!uncompared && !namedTag && (question.groupBy === '') === (before.groupBy === '')) {
      // The control that was changed shows it already.
      this.#controlled = this.#controlsKey();
    }
    // A control is not to be taken away while it tells of its change.
    setTimeout(() => this.#control());
    if (change.view !== undefined) {
      this.#draw();
    }
    tellHost({ type: 'ask', request, question, ...(confirmed === true ? { confirmed } : {}) });
  }

  #control(): void {
    const [choices, question] = [this.#choices, this.#question];
    if (choices === undefined || question === undefined) {
      return;
    }
    const dimensions = choices.groupBys.filter(({ id }) => id !== '');
    this.#filters.show(question.filters, dimensions.length === 0 ? [] : [...dimensions, ...tagChoice(choices)]);
    this.#fold.show(choices, question);
    const key = this.#controlsKey();
    if (key === this.#controlled) {
      return;
    }
    this.#controlled = key;
    const focused = document.activeElement?.id ?? '';
    const codes = this.#picture?.currencies ?? [];
    this.#views.replaceChildren(viewControl(question.view, (view) => this.#ask({ view })));
    this.#fields.replaceChildren(spendControls(choices, question, codes, this.#tag, (change) => this.#ask(change)));
    // What had the focus was made anew: somebody who walks through the choices stays there. It takes it once it is drawn.
    if (focused !== '' && document.activeElement?.id !== focused) {
      setTimeout(() => document.getElementById(focused)?.focus());
    }
  }

  /** All that the controls are made of. */
  #controlsKey(): string {
    return JSON.stringify([this.#choices, { ...this.#question, filters: [] }, this.#picture?.currencies]);
  }

  /** The view is the question's, which may be newer than the picture. */
  #draw(): void {
    this.#marks.hidden = this.#picture === undefined;
    if (this.#picture !== undefined) {
      this.#stage.show(this.#picture, this.#question?.view ?? 'columns');
    }
  }

  #save(as: SavedAs): void {
    const shown = this.#picture && this.#stage.printable();
    if (as === 'view') {
      tellHost({ type: 'save', as });
    } else if (shown !== undefined) {
      const title = this.#choices?.title ?? '';
      tellHost({ type: 'save', as, data: savedData(as, title, shown, this.#question?.view === 'comparison') });
    }
  }
}

/** The question with what was changed; what is undefined is taken away. */
function changed(question: SpendQuestion, change: Change): SpendQuestion {
  const fields = Object.entries({ ...question, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields) as SpendQuestion;
}

const page = new SpendPage(document.querySelector('main') ?? document.body);
listenToHost(readSpendToPage, (message) => page.hear(message));
watchTheme(() => page.recolour());
page.begin();
requestIdleCallback(warmRenderer, { timeout: 1000 });
