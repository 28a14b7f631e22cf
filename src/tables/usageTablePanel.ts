import path from 'node:path';
import * as vscode from 'vscode';
import type { ShownTable, StoredTableArgument, TableReport } from '../contributions.ts';
import type { EngineState } from '../engine/engine.ts';
import { EngineMissing } from '../engine/engineErrors.ts';
import type { UsageTable } from '../engine/table/usageTable.ts';
import { explain, isCancellation } from '../workbench/failures.ts';
import { displayText, plainText } from '../workbench/text.ts';
import { pageHtml, pageOptions } from '../workbench/webviewPage.ts';
import {
  readUsageTableToHost,
  type TableAction,
  type UsageTableToHost,
  type UsageTableToPage,
} from './tableContract.ts';
import { FileGone, isText, type LocalFiles, localFiles, stampOf } from './tableFiles.ts';
import { type SessionServices, TableSession } from './tableSession.ts';

/** What a panel needs of the rest of the extension. */
export interface PanelSurroundings {
  extension: vscode.Uri;
  /** Absolute path, for copies of documents. */
  copies: string;
  services: Omit<SessionServices, 'fileFor'>;
  /** Asks where an export goes. @param name what the file is suggested to be called, without an ending */
  askFile(name: string, format: 'csv' | 'parquet'): Promise<string | undefined>;
  open(files: readonly string[], signal: AbortSignal): Promise<UsageTable>;
  /** What the engine is doing. */
  engine(): EngineState['state'];
  /** Files of stored usage, which stay for as long as the window lives, and how old they are. */
  storedFiles(stored: StoredTableArgument, anew: boolean): Promise<Pick<PanelTable, 'files' | 'about'>>;
  /** Has a report made of usage that is fetched again; whoever makes it shows it by {@link UsageTablePanel.replace}. */
  fetchReport(report: TableReport): Promise<void>;
  showLog(): void;
}

/** What a panel shows. */
export interface PanelTable {
  /** At least one. */
  files: readonly vscode.Uri[];
  /** Where the file's name says little. */
  title?: string | undefined;
  /** How old the rows are. */
  about?: string | undefined;
  /** Of stored usage: how to ask for it again. */
  stored?: StoredTableArgument | undefined;
  /** Of a report: how to ask for it again. */
  report?: TableReport | undefined;
}

/** How often it is looked whether the engine is being started again. Milliseconds. */
const LOOK = 500;

/** A usage table in a panel or an editor: opens its files, and again when they changed. */
export class UsageTablePanel {
  #of: PanelTable;
  readonly #panel: vscode.WebviewPanel;
  readonly #around: PanelSurroundings;
  #watching: vscode.Disposable;
  #state: UsageTableToPage;
  #session: TableSession | undefined;
  #local: LocalFiles | undefined;
  #opening: { abort: AbortController; result: Promise<ShownTable> } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isRestarting = false;
  #note: UsageTableToPage | undefined;
  /** What was told of a change of the files. */
  #told = '';
  #closed = false;

  constructor(
    panel: vscode.WebviewPanel,
    of: PanelTable,
    around: PanelSurroundings,
    told: { activated(active: boolean): void; closed(): void },
  ) {
    this.#panel = panel;
    this.#of = of;
    this.#around = around;
    this.#state = this.#working('Opening…');
    panel.webview.options = pageOptions(around.extension);
    panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(readUsageTableToHost(message)));
    panel.onDidChangeViewState(() => {
      told.activated(panel.active);
      void this.#compare();
    });
    this.#watching = this.#watch();
    panel.onDidDispose(() => {
      this.#closed = true;
      this.#watching.dispose();
      this.#opening?.abort.abort();
      void this.#leave();
      told.closed();
    });
    panel.webview.html = pageHtml(panel.webview, around.extension, { file: 'usageTable', title: 'Usage table' });
    this.#entitle();
  }

  /** The tab of a single file without a title is called by the editor. */
  #entitle(): void {
    if (this.files.length > 1 || this.#of.title !== undefined) {
      this.#panel.title = plainText(this.name);
    }
  }

  get files(): readonly vscode.Uri[] {
    return this.#of.files;
  }

  get report(): TableReport | undefined {
    return this.#of.report;
  }

  get session(): TableSession | undefined {
    return this.#session;
  }

  /** What files made of it are called. */
  get name(): string {
    return this.#of.title ?? tableName(this.files);
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Shows another table in this tab, for example the same one of newer files. @throws what opening throws; the page shows it too */
  replace(table: PanelTable): Promise<ShownTable> {
    this.#of = table;
    this.#watching.dispose();
    this.#watching = this.#watch();
    this.#entitle();
    return this.#reopen();
  }

  #reopen(): Promise<ShownTable> {
    this.#opening?.abort.abort();
    this.#opening = undefined;
    return this.open();
  }

  /** Opens the files, unless they are open. @throws what opening throws; the page shows it too */
  open(): Promise<ShownTable> {
    if (this.#opening === undefined) {
      const abort = new AbortController();
      const opening = { abort, result: this.#open(abort.signal) };
      this.#opening = opening;
      // Who waits hears of it; nobody has to. The next to open it tries again.
      opening.result.catch(() => {
        if (this.#opening === opening) {
          this.#opening = undefined;
        }
      });
    }
    return this.#opening.result;
  }

  async #open(signal: AbortSignal): Promise<ShownTable> {
    this.#show(this.#working('Opening…'));
    try {
      await this.#leave();
      this.#local = await localFiles(this.files, this.#around.copies, signal);
      const table = await this.#around.open(this.#local.paths, signal);
      if (this.#closed || signal.aborted) {
        await table.close();
        signal.throwIfAborted();
      }
      const services: SessionServices = {
        ...this.#around.services,
        fileFor: (format) => this.#around.askFile(this.name, format),
      };
      this.#session = new TableSession(table, (message) => this.#post(message), services);
      const { columns } = this.#session;
      const { title, about, stored, report } = this.#of;
      const keep = { files: this.files.map(String), title, about, stored, report };
      this.#show({
        type: 'table',
        title: this.#title,
        columns,
        ...(about !== undefined && { about: { text: plainText(about), actions: this.#again } }),
        keep,
      });
      return {
        files: this.files.map(({ fsPath }) => fsPath),
        columns: columns.map(({ name }) => name),
        ...(about !== undefined && { about }),
      };
    } catch (error) {
      this.#show(this.#stopped(error));
      throw error;
    }
  }

  /** What asks for usage again, where the table is of some. */
  get #again(): TableAction[] {
    return this.#of.stored === undefined && this.#of.report === undefined ? [] : ['fetchAgain'];
  }

  /** Nothing of the files is used any more. */
  async #leave(): Promise<void> {
    const session = this.#session;
    const local = this.#local;
    this.#session = undefined;
    this.#local = undefined;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#note = undefined;
    this.#told = '';
    await session?.close().catch((error: unknown) => this.#around.services.note(error));
    await local?.dispose().catch((error: unknown) => this.#around.services.note(error));
  }

  #stopped(error: unknown): UsageTableToPage {
    const text: TableAction[] = this.files.length === 1 && this.files.every(isText) ? ['openAsText'] : [];
    const title = this.#title;
    const stop = (why: 'failed' | 'cancelled' | 'noEngine' | 'gone', message: string, actions: TableAction[]) =>
      ({ type: 'stopped', title, why, message, actions }) satisfies UsageTableToPage;
    if (isCancellation(error)) {
      return stop('cancelled', 'Opening was cancelled.', ['reload', ...text]);
    }
    this.#around.services.note(error);
    const message = displayText(explain(error), 'The file cannot be opened.');
    if (error instanceof EngineMissing) {
      return stop('noEngine', message, [...text, 'showLog']);
    }
    return error instanceof FileGone
      ? stop('gone', message, ['reload', ...this.#again])
      : stop('failed', message, ['reload', ...this.#again, ...text, 'showLog']);
  }

  get #title(): string {
    if (this.#of.title !== undefined) {
      return displayText(this.#of.title, 'Table');
    }
    const [first] = this.files;
    const name = path.posix.basename(first?.path ?? '');
    return displayText(this.files.length === 1 ? name : `${name} and ${this.files.length - 1} more`, 'Table');
  }

  #working(message: string): UsageTableToPage {
    return { type: 'opening', title: this.#title, message };
  }

  #show(state: UsageTableToPage): void {
    this.#state = state;
    this.#post(state);
  }

  #post(message: UsageTableToPage): void {
    if (!this.#closed) {
      void this.#panel.webview.postMessage(message);
    }
  }

  #receive(message: UsageTableToHost | undefined): void {
    switch (message?.type) {
      case 'ready':
        this.#session?.forgetAll();
        this.#post(
          this.#state.type === 'table' && this.#session !== undefined
            ? { ...this.#state, columns: this.#session.columns }
            : this.#state,
        );
        if (this.#note !== undefined) {
          this.#post(this.#note);
        }
        break;
      case 'ask':
      case 'drop':
      case 'shown':
        this.#session?.receive(message);
        this.#lookAtEngine();
        break;
      case 'act':
        this.#act(message.action);
        break;
    }
  }

  #act(action: TableAction): void {
    switch (action) {
      case 'cancel':
        this.#opening?.abort.abort();
        break;
      case 'reload':
        this.#reopen().catch(() => {});
        break;
      case 'openAsText':
        void vscode.commands.executeCommand('vscode.openWith', this.files[0], 'default');
        break;
      case 'showLog':
        this.#around.showLog();
        break;
      case 'fetchAgain':
        void this.#fetchAgain();
        break;
    }
  }

  /** Asks the service for what may have changed. What is shown stays until that is there. */
  async #fetchAgain(): Promise<void> {
    const { stored, report } = this.#of;
    try {
      if (report !== undefined) {
        await this.#around.fetchReport(report);
      } else if (stored !== undefined) {
        const files = await this.#around.storedFiles(stored, true);
        if (!this.#closed) {
          // What goes wrong from here on stands in place of the table.
          this.replace({ ...this.#of, ...files }).catch(() => {});
        }
      }
    } catch (error) {
      if (!isCancellation(error)) {
        this.#around.services.note(error);
        this.#tellNotFetched(error);
      }
    }
  }

  #tellNotFetched(error: unknown): void {
    if (this.#state.type === 'stopped') {
      this.#show(this.#stopped(error));
      return;
    }
    this.#note = { type: 'note', about: 'file', message: displayText(explain(error), ''), actions: [] };
    this.#post(this.#note);
  }

  /** While questions are open: tells when the engine is being started again, because they take longer then. */
  #lookAtEngine(): void {
    this.#timer ??= setInterval(() => {
      const isRestarting = this.#around.engine() === 'restarting';
      if (isRestarting !== this.#isRestarting) {
        this.#isRestarting = isRestarting;
        const message = isRestarting
          ? 'The engine ended and is being started again; open questions are asked once more.'
          : '';
        this.#post({ type: 'note', about: 'engine', message, actions: [] });
      }
      if (!isRestarting && (this.#session?.waiting ?? 0) === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
        // Watchers begin late, and none sees every disk.
        void this.#compare();
      }
    }, LOOK);
  }

  /** Files of stored usage never change, and look newer with each use. */
  get #mayChange(): boolean {
    return this.#of.stored === undefined;
  }

  /** Tells when a file is another than the one that was opened. */
  #watch(): vscode.Disposable {
    const watched = this.#mayChange ? this.files.filter(({ scheme }) => scheme === 'file') : [];
    const paths = new Set(watched.map(({ fsPath }) => fsPath));
    const folders = new Set(watched.map(({ fsPath }) => path.dirname(fsPath)));
    const watchers = [...folders].map((folder) => {
      const watcher = vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(vscode.Uri.file(folder), '*'),
      );
      const look = ({ fsPath }: vscode.Uri) => {
        if (paths.has(fsPath)) {
          void this.#compare();
        }
      };
      return vscode.Disposable.from(
        watcher,
        watcher.onDidChange(look),
        watcher.onDidCreate(look),
        watcher.onDidDelete(look),
      );
    });
    return vscode.Disposable.from(...watchers);
  }

  async #compare(): Promise<void> {
    const local = this.#local;
    if (local === undefined || this.#session === undefined || !this.#mayChange) {
      return;
    }
    const message = await stampOf(local.paths).then(
      (stamp) => (stamp === local.stamp ? '' : 'The file changed on disk; what is shown may be old, or a mixture.'),
      (error: unknown) => explain(error),
    );
    if (this.#local === local && message !== this.#told) {
      this.#told = message;
      this.#note = {
        type: 'note',
        about: 'file',
        message: plainText(message),
        actions: message === '' ? [] : ['reload'],
      };
      this.#post(this.#note);
    }
  }
}

/** What files made of a table are called, without an ending. */
function tableName(files: readonly vscode.Uri[]): string {
  const name = path.posix.basename(files[0]?.path ?? 'table').replace(/\.(?:csv|csv\.gz|parquet)$/i, '');
  return files.length > 1 ? `${name} and ${files.length - 1} more` : name;
}
