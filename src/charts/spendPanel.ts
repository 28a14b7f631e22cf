import type * as vscode from 'vscode';
import type { ShownSpend } from '../contributions.ts';
import { spendIdentity } from '../spend/spendQuestion.ts';
import { describeForLog, isCancellation } from '../workbench/failures.ts';
import { plainText } from '../workbench/text.ts';
import { pageHtml, pageOptions } from '../workbench/webviewPage.ts';
import { PageSaves, type SavedPicture } from './pageSaves.ts';
import { readSpendToHost, type SpendToHost } from './spendContract.ts';
import { filterValues, firstChoices, SpendOffers } from './spendOffers.ts';
import { panelTitle } from './spendPanelTexts.ts';
import { openRows } from './spendRows.ts';
import { type Choices, SpendScreen } from './spendScreen.ts';
import type { SpendSource } from './spendSource.ts';
import { checkedSubject, plainSubject, type SpendSubject, type SubjectSource, scopeName } from './spendSubject.ts';
import { type Asking, SpendWork, shownSpend, stoppedBy } from './spendWork.ts';

/** What a panel needs of the rest of the extension. */
export interface SpendSurroundings {
  source: SpendSource;
  connections: SubjectSource;
  extension: vscode.Uri;
  log: vscode.LogOutputChannel;
  /** As amounts and days are written for the person in front. */
  locale: string;
  /** Saves what a page shows, as the person chose to; a failure is shown. */
  save(subject: SpendSubject, picture: SavedPicture): Promise<void>;
}

/** What a panel tells of itself, and asks. */
export interface PanelEvents {
  /** Another question is shown. */
  changed(subject: SpendSubject): void;
  /** Its tab came to the front, or went behind another. */
  activated(active: boolean): void;
  /** The user closed it. */
  closed(): void;
  /** The tab has the name of a file, which stays. */
  isFile?: true;
  /** Why nothing may be sent before the person in front says so, and what the button for it says; undefined: it may. */
  doubt?(subject: SpendSubject): { message: string; advice: string; action: string } | undefined;
}

/** A panel with the spend of one scope. */
export class SpendPanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #surroundings: SpendSurroundings;
  readonly #events: PanelEvents;
  readonly #screen: SpendScreen;
  readonly #work: SpendWork;
  readonly #offers: SpendOffers;
  readonly #saves: PageSaves;
  #subject: SpendSubject;
  #choices: Choices;
  /** The person in front said that it may ask. */
  #confirmed = false;
  #closed = false;

  constructor(panel: vscode.WebviewPanel, subject: SpendSubject, surroundings: SpendSurroundings, events: PanelEvents) {
    const { extension, source, locale } = surroundings;
    this.#panel = panel;
    this.#subject = subject;
    this.#surroundings = surroundings;
    this.#events = events;
    this.#screen = new SpendScreen((message) => {
      if (!this.#closed) {
        void panel.webview.postMessage(message);
      }
    });
    this.#work = new SpendWork(source, this.#screen);
    this.#offers = new SpendOffers(source, (offered) => {
      this.#choices = { ...this.#choices, ...offered };
      this.#screen.post(this.#choices);
    });
    this.#saves = new PageSaves((as) => this.#screen.post({ type: 'save', as }));
    this.#choices = firstChoices(subject);
    this.#entitle();
    panel.webview.options = pageOptions(extension);
    panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(readSpendToHost(message)));
    panel.onDidChangeViewState(() => events.activated(panel.active));
    panel.onDidDispose(() => this.#end());
    panel.webview.html = pageHtml(panel.webview, extension, { file: 'spend', title: 'Spend', locale });
  }

  get subject(): SpendSubject {
    return this.#subject;
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /**
   * Reads what the panel shows, unless that is done or under way. The page shows a failure too.
   *
   * @param confirm whether the person in front is asked before a question that takes minutes; then undefined
   * @throws what reading throws; an AbortError when the user cancels or closes the panel
   */
  load(confirm: boolean): Promise<ShownSpend | undefined> {
    const { picture, isWhole } = this.#screen;
    if (picture !== undefined && isWhole) {
      return Promise.resolve(shownSpend(picture));
    }
    return this.#work.result ?? this.#start({ request: 0, confirm });
  }

  /** Shows another question of the same scope, or of another one. */
  show(subject: SpendSubject, confirm: boolean): Promise<ShownSpend | undefined> {
    const before = this.#subject;
    const isSameScope = subject.question.scope === before.question.scope && subject.connection === before.connection;
    this.#subject = subject;
    if (!isSameScope) {
      // That was said of another scope.
      this.#confirmed = false;
      this.#screen.clear();
      this.#offers.forget();
      this.#choices = firstChoices(subject);
    }
    this.#subjectChanged();
    this.#screen.post(this.#choices);
    const isSame = isSameScope && spendIdentity(subject.question) === spendIdentity(before.question);
    return isSame ? this.load(confirm) : this.#start({ request: 0, confirm });
  }

  /** Reads what can have changed anew. */
  async refresh(): Promise<void> {
    await this.#startNoted({ request: 0, confirm: false, refresh: true });
  }

  /** Says in the page why there is nothing to show. */
  refuse(message: string, advice: string): void {
    this.#work.drop();
    this.#screen.clear();
    this.#screen.stop({
      type: 'stopped',
      answers: 0,
      why: 'failed',
      message: plainText(message),
      advice: plainText(advice),
    });
  }

  /**
   * What the page shows, in a format of its own.
   *
   * @throws Error with a sentence for the user when there is nothing to save, or the page does not answer
   */
  pictureAs(as: SavedPicture['as']): Promise<SavedPicture> {
    if (as === 'view') {
      return Promise.resolve({ as, data: '' });
    }
    if (this.#screen.picture === undefined) {
      throw new Error('There is no picture to save yet: wait until the panel has read the costs.');
    }
    this.reveal();
    return this.#saves.ask(as);
  }

  #start(asking: Asking): Promise<ShownSpend | undefined> {
    const doubt = this.#doubt();
    if (doubt !== undefined) {
      this.#work.drop();
      this.#screen.stop({ type: 'stopped', answers: asking.request, why: 'confirm', ...doubt });
      return Promise.resolve(undefined);
    }
    const result = this.#work.start(this.#subject, asking);
    this.#offers.ask(this.#subject).catch((error: unknown) => this.#note(error));
    return result;
  }

  async #startNoted(asking: Asking): Promise<void> {
    await this.#start(asking).catch((error: unknown) => this.#note(error));
  }

  #doubt(): ReturnType<NonNullable<PanelEvents['doubt']>> {
    return this.#confirmed ? undefined : this.#events.doubt?.(this.#subject);
  }

  #receive(message: SpendToHost | undefined): void {
    switch (message?.type) {
      case 'ready':
        this.#screen.tellAll({ type: 'keep', state: plainSubject(this.#subject) }, this.#choices);
        this.#saves.askAgain();
        break;
      case 'ask':
        this.#ask(message);
        break;
      case 'cancel':
        this.#work.cancel();
        break;
      case 'retry':
        void this.#startNoted({ request: 0, confirm: false });
        break;
      case 'refresh':
        void this.refresh();
        break;
      case 'drill':
        this.#drill(message);
        break;
      case 'values':
        void this.#tellValues(message);
        break;
      case 'save':
        if (!this.#saves.answer({ as: message.as, data: message.data ?? '' })) {
          void this.#surroundings.save(this.#subject, { as: message.as, data: message.data ?? '' });
        }
        break;
      case 'showLog':
        this.#surroundings.log.show();
        break;
    }
  }

  #ask({ request, question, confirmed }: Extract<SpendToHost, { type: 'ask' }>): void {
    const { scope } = this.#subject.question;
    try {
      // A page asks about its scope and no other.
      const asked = plainSubject({ ...this.#subject, question: { ...question, scope } });
      this.#subject = checkedSubject(asked, this.#surroundings.connections, new Date());
    } catch (error) {
      this.#work.drop();
      this.#screen.stop(stoppedBy(error, request));
      return;
    }
    this.#confirmed ||= confirmed === true;
    this.#subjectChanged();
    void this.#startNoted({ request, confirm: confirmed !== true });
  }

  #subjectChanged(): void {
    this.#entitle();
    this.#choices = { ...this.#choices, title: scopeName(this.#subject), question: this.#subject.question };
    this.#screen.post({ type: 'keep', state: plainSubject(this.#subject) });
    this.#events.changed(this.#subject);
  }

  #entitle(): void {
    if (this.#events.isFile !== true) {
      this.#panel.title = panelTitle(this.#subject);
    }
  }

  async #tellValues(message: Extract<SpendToHost, { type: 'values' }>): Promise<void> {
    if (this.#doubt() === undefined) {
      const { source } = this.#surroundings;
      this.#screen.post(await filterValues(source, this.#subject, message, (error) => this.#note(error)));
    }
  }

  #drill(mark: Extract<SpendToHost, { type: 'drill' }>): void {
    const { picture } = this.#screen;
    if (picture !== undefined) {
      // A mark belongs to what is drawn, which may answer an earlier question than the last one.
      const { connection } = this.#subject;
      void openRows({ connection, label: scopeName(this.#subject), question: picture.question, picture }, mark);
    }
  }

  /** The page shows what went wrong with the picture; the log has the ids too. */
  #note(error: unknown): void {
    if (!isCancellation(error)) {
      const { connection, question } = this.#subject;
      this.#surroundings.log.error(`[${connection}] Spend of ${question.scope}: ${describeForLog(error)}`);
    }
  }

  #end(): void {
    this.#closed = true;
    this.#work.cancel();
    this.#offers.forget();
    this.#saves.end();
    this.#events.closed();
  }
}
