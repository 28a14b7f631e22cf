import * as vscode from 'vscode';
import type { CommandId, ShownSpend } from '../contributions.ts';
import { spendIdentity } from '../spend/spendQuestion.ts';
import type { SpendPicture, SpendQuestion } from '../spend/spendShapes.ts';
import { describeForLog, explain, isAccessFailure, isCancellation } from '../workbench/failures.ts';
import { plainText, waitText } from '../workbench/text.ts';
import { PageSaves, type SavedPicture } from './pageSaves.ts';
import { readSpendToHost, type SpendToHost, type SpendToPage } from './spendContract.ts';
import { drillTarget } from './spendDrill.ts';
import { cleanOptions, cleanPicture, emptySpend, longQuestion, panelTitle } from './spendPanelTexts.ts';
import type { SpendSource } from './spendSource.ts';
import { checkedSubject, plainSubject, type SpendSubject, type SubjectSource, scopeName } from './spendSubject.ts';
import { pageHtml, pageOptions } from './webviewPage.ts';

/** What a panel needs of the rest of the extension. */
export interface SpendSurroundings {
  source: SpendSource;
  connections: SubjectSource;
  extension: vscode.Uri;
  log: vscode.LogOutputChannel;
  /** Saves what a page shows, as the person chose to. */
  save(subject: SpendSubject, picture: SavedPicture): Promise<unknown>;
}

/** What a panel tells of itself. */
export interface PanelEvents {
  /** Another question is shown. */
  changed(subject: SpendSubject): void;
  /** Its tab came to the front, or went behind another. */
  activated(active: boolean): void;
  /** The user closed it. */
  closed(): void;
}

type Stopped = Extract<SpendToPage, { type: 'stopped' }>;
type Working = Extract<SpendToPage, { type: 'working' }>;

interface Reading {
  abort: AbortController;
  request: number;
  result: Promise<ShownSpend | undefined>;
}

/** A panel with the spend of one scope. The last question wins; what an earlier one brings is not shown. */
export class SpendPanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #surroundings: SpendSurroundings;
  readonly #events: PanelEvents;
  readonly #saves: PageSaves;
  #subject: SpendSubject;
  /** What the page shows; told again whenever the page is made anew. */
  #picture: Extract<SpendToPage, { type: 'picture' }> | undefined;
  #status: Working | Stopped | undefined;
  #choices: Extract<SpendToPage, { type: 'choices' }>;
  #asksChoices: AbortController | undefined;
  #reading: Reading | undefined;
  #closed = false;

  constructor(panel: vscode.WebviewPanel, subject: SpendSubject, surroundings: SpendSurroundings, events: PanelEvents) {
    this.#panel = panel;
    this.#subject = subject;
    this.#surroundings = surroundings;
    this.#events = events;
    this.#saves = new PageSaves((as) => this.#post({ type: 'save', as }));
    this.#choices = this.#firstChoices();
    panel.webview.options = pageOptions(surroundings.extension);
    panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(readSpendToHost(message)));
    panel.onDidChangeViewState(() => events.activated(panel.active));
    panel.onDidDispose(() => {
      this.#closed = true;
      this.#reading?.abort.abort();
      this.#asksChoices?.abort();
      this.#saves.end();
      events.closed();
    });
    panel.webview.html = pageHtml(panel.webview, surroundings.extension, { file: 'spend', title: 'Spend' });
  }

  get subject(): SpendSubject {
    return this.#subject;
  }

  get active(): boolean {
    return this.#panel.active;
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /**
   * Reads what the panel shows, unless that is done or under way. The page shows a failure too.
   *
   * @param ask whether the person in front is asked before a question that takes minutes; then undefined
   * @throws what reading throws; an AbortError when the user cancels or closes the panel
   */
  load(ask: boolean): Promise<ShownSpend | undefined> {
    if (this.#reading === undefined && this.#picture !== undefined && this.#status === undefined) {
      return Promise.resolve(shown(this.#picture.picture));
    }
    return this.#reading?.result ?? this.#start(0, ask);
  }

  /** Shows another question of the same scope, or of another one. */
  show(subject: SpendSubject, ask: boolean): Promise<ShownSpend | undefined> {
    const same = spendIdentity(subject.question) === spendIdentity(this.#subject.question);
    if (same && subject.connection === this.#subject.connection) {
      return this.load(ask);
    }
    const otherScope =
      subject.question.scope !== this.#subject.question.scope || subject.connection !== this.#subject.connection;
    this.#subject = subject;
    if (otherScope) {
      this.#picture = undefined;
      this.#asksChoices?.abort();
      this.#asksChoices = undefined;
      this.#choices = this.#firstChoices();
    }
    this.#subjectChanged();
    return this.#start(0, ask);
  }

  /** Reads what can have changed anew. */
  async refresh(): Promise<void> {
    await this.#start(0, false, true).catch((error: unknown) => this.#note(error));
  }

  /** Says in the page why there is nothing to show. */
  refuse(message: string, advice: string): void {
    this.#reading?.abort.abort();
    this.#reading = undefined;
    this.#picture = undefined;
    this.#stop({ type: 'stopped', answers: 0, why: 'failed', message: plainText(message), advice: plainText(advice) });
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
    if (this.#picture === undefined) {
      throw new Error('There is no picture to save yet: wait until the panel has read the costs.');
    }
    this.reveal();
    return this.#saves.ask(as);
  }

  #start(request: number, ask: boolean, refresh = false): Promise<ShownSpend | undefined> {
    this.#reading?.abort.abort();
    const abort = new AbortController();
    // Before anything else happens: what comes late is told by it.
    const reading: Reading = { abort, request, result: Promise.resolve(undefined) };
    this.#reading = reading;
    reading.result = this.#read(reading, ask, refresh);
    this.#askChoices();
    return reading.result;
  }

  async #read(reading: Reading, ask: boolean, refresh: boolean): Promise<ShownSpend | undefined> {
    const { request } = reading;
    const { signal } = reading.abort;
    const { connection, question } = this.#subject;
    const { source } = this.#surroundings;
    const isLast = () => this.#reading === reading && !signal.aborted;
    this.#work('Reading the costs…');
    try {
      const long = ask && !refresh ? longQuestion(await source.queries(connection, question)) : undefined;
      signal.throwIfAborted();
      if (long !== undefined) {
        this.#reading = undefined;
        this.#stop({ type: 'stopped', answers: request, why: 'confirm', ...long });
        return undefined;
      }
      const picture = await source.read(connection, question, {
        signal,
        ...(refresh ? { refresh } : {}),
        onWait: (wait) => {
          if (isLast()) {
            this.#work(waitText(wait), Date.now() + wait.milliseconds);
          }
        },
        onPart: (part) => {
          if (isLast()) {
            this.#show(part, request);
            this.#work('Reading the other months…');
          }
        },
      });
      signal.throwIfAborted();
      this.#reading = undefined;
      this.#finish(picture, request);
      return shown(picture);
    } catch (error) {
      if (this.#reading === reading) {
        this.#reading = undefined;
        this.#stop(this.#stopped(error, request));
      }
      throw error;
    }
  }

  #finish(picture: SpendPicture, request: number): void {
    if (picture.currencies.length === 0) {
      this.#picture = undefined;
      this.#stop({ type: 'stopped', answers: request, why: 'empty', ...emptySpend(this.#subject, picture) });
      return;
    }
    this.#status = undefined;
    this.#show(picture, request);
  }

  #stopped(error: unknown, answers: number): Stopped {
    const common = { type: 'stopped', answers } as const;
    if (isCancellation(error)) {
      return { ...common, why: 'cancelled', message: 'Reading was cancelled.' };
    }
    return {
      ...common,
      why: isAccessFailure(error) ? 'permission' : 'failed',
      message: plainText(explain(error)),
    };
  }

  #show(picture: SpendPicture, answers: number): void {
    this.#picture = { type: 'picture', answers, picture: cleanPicture(picture) };
    this.#post(this.#picture);
  }

  #work(message: string, until?: number): void {
    this.#status = {
      type: 'working',
      message,
      ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
    };
    this.#post(this.#status);
  }

  #stop(stopped: Stopped): void {
    this.#status = stopped;
    this.#post(stopped);
  }

  #post(message: SpendToPage): void {
    if (!this.#closed) {
      void this.#panel.webview.postMessage(message);
    }
  }

  #receive(message: SpendToHost | undefined): void {
    switch (message?.type) {
      case 'ready':
        this.#tellAll();
        break;
      case 'ask':
        this.#ask(message);
        break;
      case 'cancel':
        this.#reading?.abort.abort();
        break;
      case 'retry':
        this.#start(0, false).catch((error: unknown) => this.#note(error));
        break;
      case 'refresh':
        void this.refresh();
        break;
      case 'drill':
        void this.#drill(message);
        break;
      case 'values':
        void this.#tellValues(message);
        break;
      case 'save':
        void this.#save(message);
        break;
      case 'showLog':
        this.#surroundings.log.show();
        break;
    }
  }

  /** A page that was made anew has asked for nothing yet. */
  #tellAll(): void {
    this.#keep();
    this.#post(this.#choices);
    if (this.#picture !== undefined) {
      this.#picture = { ...this.#picture, answers: 0 };
      this.#post(this.#picture);
    }
    if (this.#status !== undefined) {
      this.#post(this.#status.type === 'stopped' ? { ...this.#status, answers: 0 } : this.#status);
    }
    this.#saves.askAgain();
  }

  #keep(): void {
    this.#post({ type: 'keep', state: plainSubject(this.#subject) });
  }

  #ask({ request, question, confirmed }: Extract<SpendToHost, { type: 'ask' }>): void {
    const { connections } = this.#surroundings;
    try {
      // A page asks about its scope and no other.
      const asked: SpendQuestion = { ...question, scope: this.#subject.question.scope };
      this.#subject = checkedSubject(
        { ...plainSubject({ ...this.#subject, question: asked }) },
        connections,
        new Date(),
      );
    } catch (error) {
      this.#stop(this.#stopped(error, request));
      return;
    }
    this.#subjectChanged();
    this.#start(request, confirmed !== true).catch((error: unknown) => this.#note(error));
  }

  #subjectChanged(): void {
    this.#choices = { ...this.#choices, question: this.#subject.question };
    this.#keep();
    this.#events.changed(this.#subject);
  }

  /** What can be said before the service has told what its scope allows. */
  #firstChoices(): Extract<SpendToPage, { type: 'choices' }> {
    const { question } = this.#subject;
    const { groupBy } = question;
    this.#panel.title = panelTitle(this.#subject);
    return {
      type: 'choices',
      title: scopeName(this.#subject),
      question,
      groupBys: [
        { id: '', label: 'Nothing: one sum' },
        ...(groupBy === '' ? [] : cleanOptions([{ id: groupBy, label: groupBy }])),
      ],
      presets: [],
      currencies: [question.currency],
      amortized: question.metric === 'amortized',
    };
  }

  /** Asked once; a panel without the answer still shows its picture. */
  #askChoices(): void {
    if (this.#asksChoices === undefined) {
      const abort = new AbortController();
      this.#asksChoices = abort;
      this.#tellChoices(abort.signal).catch((error: unknown) => {
        if (this.#asksChoices === abort) {
          this.#asksChoices = undefined;
        }
        this.#note(error);
      });
    }
  }

  async #tellChoices(signal: AbortSignal): Promise<void> {
    const { connection, question } = this.#subject;
    const { groupBys, presets, currencies, amortized } = await this.#surroundings.source.choices(connection, question, {
      signal,
    });
    if (!signal.aborted) {
      this.#choices = {
        ...this.#choices,
        groupBys: cleanOptions(groupBys),
        presets: cleanOptions(presets),
        currencies,
        amortized,
      };
      this.#post(this.#choices);
    }
  }

  async #tellValues({ request, by }: Extract<SpendToHost, { type: 'values' }>): Promise<void> {
    const { connection, question } = this.#subject;
    try {
      const values = await this.#surroundings.source.values(connection, question, by, {});
      const options = cleanOptions(values.map((value) => ({ id: value, label: value })));
      const none = 'Azure lists no values here: type one.';
      this.#post({
        type: 'values',
        answers: request,
        by,
        values: options,
        ...(values.length === 0 ? { message: none } : {}),
      });
    } catch (error) {
      this.#note(error);
      this.#post({ type: 'values', answers: request, by, values: [], message: plainText(explain(error)) });
    }
  }

  async #drill(mark: Extract<SpendToHost, { type: 'drill' }>): Promise<void> {
    const { command, argument, untold } = drillTarget(this.#subject, mark);
    if (untold.length > 0 && !(await mayOpenMore(untold))) {
      return;
    }
    try {
      await vscode.commands.executeCommand(command satisfies CommandId, argument);
    } catch (error) {
      void vscode.window.showErrorMessage(plainText(explain(error)));
    }
  }

  async #save({ as, data = '' }: Extract<SpendToHost, { type: 'save' }>): Promise<void> {
    if (this.#saves.answer({ as, data })) {
      return;
    }
    try {
      await this.#surroundings.save(this.#subject, { as, data });
    } catch (error) {
      this.#note(error);
      if (!isCancellation(error)) {
        void vscode.window.showErrorMessage(plainText(explain(error)));
      }
    }
  }

  /** The page shows what went wrong with the picture; the log has the ids too. */
  #note(error: unknown): void {
    if (!isCancellation(error)) {
      const { connection, question } = this.#subject;
      this.#surroundings.log.error(`[${connection}] Spend of ${question.scope}: ${describeForLog(error)}`);
    }
  }
}

/** Usage rows do not tell all that costs are grouped by. */
async function mayOpenMore(untold: readonly string[]): Promise<boolean> {
  const open = 'Open All Rows';
  const answer = await vscode.window.showWarningMessage(
    plainText(`Usage rows do not tell ${untold.join(' and ')}: the rows of this mark cannot be told from the others.`),
    open,
  );
  return answer === open;
}

function shown({ period, currency, currencies, total, fetchedAt }: SpendPicture): ShownSpend {
  return { period, currency, currencies, total, fetchedAt };
}
