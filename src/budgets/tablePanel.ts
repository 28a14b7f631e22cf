import * as vscode from 'vscode';
import { describeForLog, explain, isCancellation } from '../workbench/failures.ts';
import { displayText, plainText } from '../workbench/text.ts';
import { pageHtml, pageOptions } from '../workbench/webviewPage.ts';
import {
  readTableToHost,
  type TableAction,
  type TableRow,
  type TableState,
  type TableToHost,
  type TableToPage,
} from './tableContract.ts';

/** What a table shows now, apart from its rows. */
export interface TableView {
  summary: string;
  states: TableState[];
  actions: TableAction[];
  busy: boolean;
}

/** While something takes its time. */
export interface TableProgress {
  signal: AbortSignal;
  /** Says how far it is, in place of the table where that is not there yet, else above it. */
  tell(message: string): void;
  /** These rows are others now; none: only what is above them. */
  changed(...rows: number[]): void;
}

/** What is behind a table. Rows are known by their place; it stays the same. */
export interface TableWork {
  readonly title: string;
  readonly heads: { name: string; lines: string };
  /** Plain data for a reload of the window. */
  keep(): unknown;
  facts(): string[];
  /** Reads what is needed to show rows; called again after it failed or was cancelled. */
  load(progress: TableProgress): Promise<void>;
  view(): TableView;
  readonly count: number;
  row(index: number): TableRow;
  tick(rows: readonly number[], ticked: boolean): void;
  /** @param row undefined for buttons above the table */
  act(action: string, row: number | undefined, progress: TableProgress): Promise<void>;
  closed(): void;
}

/** What a panel needs of the rest of the extension. */
export interface TableSurroundings {
  extension: vscode.Uri;
  log: vscode.LogOutputChannel;
}

/** Changes are told together, some times a second. Milliseconds. */
const TOGETHER = 200;

/** A button that every work has while it is busy. */
const STOP: TableAction = { id: 'stop', label: 'Stop' };

/** A panel with a table. One thing is done at a time. */
export class TablePanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #work: TableWork;
  readonly #surroundings: TableSurroundings;
  #state: 'loading' | 'shown' | { why: 'failed' | 'cancelled'; message: string } = 'loading';
  #message = 'Reading…';
  /** What the work told of itself while the table is shown. */
  #told: string | undefined;
  /** How many rows the page has. */
  #rows = 0;
  #running: AbortController | undefined;
  #loading: Promise<void> | undefined;
  #changed = new Set<number>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    panel: vscode.WebviewPanel,
    work: TableWork,
    surroundings: TableSurroundings,
    closed: (panel: TablePanel) => void,
  ) {
    this.#panel = panel;
    this.#work = work;
    this.#surroundings = surroundings;
    panel.title = plainText(work.title);
    panel.webview.options = pageOptions(surroundings.extension);
    panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(readTableToHost(message)));
    panel.onDidDispose(() => {
      this.#closed = true;
      clearTimeout(this.#timer);
      this.#running?.abort();
      work.closed();
      closed(this);
    });
    panel.webview.html = pageHtml(panel.webview, surroundings.extension, { file: 'budgetTable', title: 'Budgets' });
  }

  get work(): TableWork {
    return this.#work;
  }

  /** Something is being read or written. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Reads what the table shows, unless that is done or under way. @throws what reading throws; the page shows it too */
  load(): Promise<void> {
    if (this.#state === 'shown') {
      return Promise.resolve();
    }
    this.#loading ??= this.#read().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  /** Does what a button does, and waits for its end. @throws what it throws */
  async act(action: string, row?: number): Promise<void> {
    await this.#during((progress) => this.#work.act(action, row, progress));
  }

  async #read(): Promise<void> {
    this.#state = 'loading';
    this.#message = 'Reading…';
    this.#showAll();
    try {
      await this.#during((progress) => this.#work.load(progress));
      this.#state = 'shown';
    } catch (error) {
      const cancelled = isCancellation(error);
      const message = cancelled ? 'Reading was cancelled.' : explain(error);
      this.#state = { why: cancelled ? 'cancelled' : 'failed', message };
      throw error;
    } finally {
      this.#showAll();
    }
  }

  async #during(run: (progress: TableProgress) => Promise<void>): Promise<void> {
    if (this.#running !== undefined) {
      return;
    }
    const abort = new AbortController();
    this.#running = abort;
    try {
      await run({
        signal: abort.signal,
        tell: (message) => {
          this.#message = message;
          this.#told = message;
          this.#later();
        },
        changed: (...rows) => {
          for (const row of rows) {
            this.#changed.add(row);
          }
          this.#later();
        },
      });
    } finally {
      this.#running = undefined;
      this.#told = undefined;
      if (this.#state === 'shown') {
        this.#showChanges();
      }
    }
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#state === 'shown') {
        this.#showChanges();
      } else if (this.#state === 'loading') {
        this.#showAll();
      }
    }, TOGETHER);
  }

  #showAll(): void {
    const title = cleaned(this.#work.title);
    if (this.#state === 'loading') {
      this.#post({ type: 'working', title, message: cleaned(this.#message) });
    } else if (this.#state === 'shown') {
      this.#changed.clear();
      const { heads, count } = this.#work;
      const rows = Array.from({ length: count }, (_, index) => cleanRow(this.#work.row(index)));
      this.#rows = count;
      this.#keep();
      this.#post({ type: 'table', title, heads, facts: this.#work.facts().map(cleaned), rows, ...this.#view() });
    } else {
      this.#post({ type: 'stopped', title, why: this.#state.why, message: cleaned(this.#state.message) });
    }
  }

  #showChanges(): void {
    if (this.#work.count !== this.#rows) {
      this.#showAll();
      return;
    }
    const changed = this.#changed;
    this.#changed = new Set();
    const rows = [...changed].map((index) => cleanRow(this.#work.row(index)));
    this.#post({ type: 'rows', rows, ...this.#view() });
  }

  #keep(): void {
    this.#post({ type: 'keep', state: this.#work.keep() });
  }

  #view(): TableView {
    const view = this.#work.view();
    const summary = cleaned(this.#told ?? view.summary);
    return view.busy || this.#told !== undefined
      ? { ...view, summary, busy: true, actions: [STOP] }
      : { ...view, summary };
  }

  #post(message: TableToPage): void {
    if (!this.#closed) {
      void this.#panel.webview.postMessage(message);
    }
  }

  #receive(message: TableToHost | undefined): void {
    switch (message?.type) {
      case 'ready':
        this.#keep();
        this.#showAll();
        break;
      case 'tick':
        if (this.#running === undefined) {
          const rows = message.rows.map(Number);
          this.#work.tick(rows, message.ticked);
          this.#showChanges();
        }
        break;
      case 'act':
        if (message.action === STOP.id) {
          this.#running?.abort();
        } else {
          this.act(message.action, message.row === undefined ? undefined : Number(message.row)).catch(
            (error: unknown) => this.#tell(error),
          );
        }
        break;
      case 'cancel':
        this.#running?.abort();
        break;
      case 'retry':
        this.load().catch((error: unknown) => this.#note(error));
        break;
      case 'showLog':
        this.#surroundings.log.show();
        break;
    }
  }

  /** What a button met: the table does not show it. */
  #tell(error: unknown): void {
    if (!isCancellation(error)) {
      this.#note(error);
      void vscode.window.showErrorMessage(plainText(explain(error)));
    }
  }

  #note(error: unknown): void {
    if (!isCancellation(error)) {
      this.#surroundings.log.error(`Table of budgets: ${describeForLog(error)}`);
    }
  }
}

/** Names and sentences of the service without characters that could make one row look like another. */
function cleanRow(row: TableRow): TableRow {
  return { ...row, name: cleaned(row.name), note: cleaned(row.note), lines: row.lines.map(cleaned) };
}

function cleaned(text: string): string {
  return displayText(text, '');
}
