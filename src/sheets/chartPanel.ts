import * as vscode from 'vscode';
import { fileLabel } from '../choices/fileLabel.ts';
import type { CommandId, RunSqlArgument, ShownSqlChart } from '../contributions.ts';
import { EngineMissing } from '../engine/engineErrors.ts';
import { explain, isCancellation } from '../workbench/failures.ts';
import { pictureBytes } from '../workbench/pictureBytes.ts';
import { displayText, plainText } from '../workbench/text.ts';
import { pageHtml, pageOptions } from '../workbench/webviewPage.ts';
import { readSqlChartToHost, type SqlChartToHost, type SqlChartToPage } from './chartContract.ts';
import { chartOf } from './chartModel.ts';
import type { SqlAnswer } from './chartRoles.ts';
import { type ChartSubject, chartTitle } from './chartSubject.ts';

/** The answer to a statement, and what it is of. */
export interface ChartData {
  answer: SqlAnswer;
  /** Of the usage that was asked, in any order. */
  currencies: readonly string[];
  /** What was asked and how old it is, in sentences. */
  facts: readonly string[];
}

/** What a panel needs of the rest of the extension. */
export interface ChartSurroundings {
  extension: vscode.Uri;
  /** Runs the statement, with progress that can be cancelled. */
  read(subject: ChartSubject, signal?: AbortSignal): Promise<ChartData>;
  /** Shows a failure of a button, and logs it. */
  failed(error: unknown): void;
  /** Logs what the page says already. */
  note(error: unknown): void;
  showLog(): void;
}

const IS_NUMBER = new Set(['decimal', 'integer', 'double']);

/** A panel with the chart of one statement. */
export class ChartPanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #around: ChartSurroundings;
  #subject: ChartSubject;
  /** What the page shows; told again whenever the page is made anew. */
  #state: SqlChartToPage;
  #running: AbortController | undefined;
  #closed = false;

  /** @param closed called when the user closed the panel */
  constructor(panel: vscode.WebviewPanel, subject: ChartSubject, around: ChartSurroundings, closed: () => void) {
    this.#panel = panel;
    this.#subject = subject;
    this.#around = around;
    this.#state = this.#working();
    panel.webview.options = pageOptions(around.extension);
    panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(readSqlChartToHost(message)));
    panel.onDidDispose(() => {
      this.#closed = true;
      this.#running?.abort();
      closed();
    });
    panel.webview.html = pageHtml(panel.webview, around.extension, {
      file: 'sqlChart',
      title: 'Chart of SQL',
      locale: vscode.env.language,
    });
    this.#entitle();
  }

  get subject(): ChartSubject {
    return this.#subject;
  }

  reveal(): void {
    this.#panel.reveal(undefined, true);
  }

  /**
   * Runs a statement and shows its answer in place of what is there; one that still runs is cancelled.
   *
   * @throws what reading throws; the page shows it too
   */
  async run(subject: ChartSubject): Promise<ShownSqlChart> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#subject = subject;
    this.#entitle();
    this.#show(this.#working());
    try {
      const data = await this.#around.read(subject, running.signal);
      running.signal.throwIfAborted();
      return this.show(subject, data);
    } catch (error) {
      if (this.#running === running) {
        this.#show(this.#stopped(error));
      }
      throw error;
    } finally {
      if (this.#running === running) {
        this.#running = undefined;
      }
    }
  }

  /** Shows the answer to a statement. */
  show(subject: ChartSubject, { answer, currencies, facts }: ChartData): ShownSqlChart {
    this.#subject = subject;
    this.#entitle();
    const outcome = chartOf(answer, currencies);
    const columns = answer.columns.map(({ name, kind }) => ({ name, isNumber: IS_NUMBER.has(kind) }));
    const shown = { columns: columns.map(({ name }) => name), rows: answer.total };
    const title = this.#title;
    if ('why' in outcome) {
      this.#show({ type: 'stopped', title, ...outcome, facts: [...facts] });
      return { ...shown, charts: [], message: outcome.message };
    }
    const { pictures, summary } = outcome;
    const rows = answer.rows.map((row) => [...row]);
    const all = [...outcome.facts, ...facts];
    this.#show({ type: 'chart', title, summary, pictures, table: { columns, rows }, facts: all });
    return { ...shown, charts: pictures.map(({ heading }) => heading) };
  }

  get #title(): string {
    return displayText(chartTitle(this.#subject), 'SQL');
  }

  #entitle(): void {
    this.#panel.title = plainText(`Chart: ${chartTitle(this.#subject)}`);
    this.#post({ type: 'keep', state: this.#subject });
  }

  #working(): SqlChartToPage {
    return { type: 'working', title: this.#title, message: 'Running SQL…' };
  }

  #stopped(error: unknown): SqlChartToPage {
    const why = isCancellation(error) ? 'cancelled' : 'failed';
    const message =
      why === 'cancelled'
        ? 'Running was cancelled; nothing is shown of a part of an answer.'
        : displayText(explain(error), error instanceof EngineMissing ? 'There is no engine.' : 'The SQL failed.');
    return { type: 'stopped', title: this.#title, why, message, facts: [] };
  }

  #show(state: SqlChartToPage): void {
    this.#state = state;
    this.#post(state);
  }

  #post(message: SqlChartToPage): void {
    if (!this.#closed) {
      void this.#panel.webview.postMessage(message);
    }
  }

  #receive(message: SqlChartToHost | undefined): void {
    switch (message?.type) {
      case 'ready':
        this.#post({ type: 'keep', state: this.#subject });
        this.#post(this.#state);
        break;
      case 'cancel':
        this.#running?.abort();
        break;
      case 'again':
        this.run(this.#subject).catch(this.#around.note);
        break;
      case 'openTable':
        this.#openTable().catch(this.#around.failed);
        break;
      case 'showLog':
        this.#around.showLog();
        break;
      case 'save':
        this.#save(message).catch(this.#around.failed);
        break;
    }
  }

  async #openTable(): Promise<void> {
    const { sql, source } = this.#subject;
    const { scopes, ...rest } = source;
    const argument: RunSqlArgument = { ...rest, scope: scopes, sql };
    await vscode.commands.executeCommand('azureBilling.runSql' satisfies CommandId, argument);
  }

  async #save({ as, data }: Extract<SqlChartToHost, { type: 'save' }>): Promise<void> {
    const bytes = pictureBytes(data, as === 'png');
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    const name = `${fileLabel(chartTitle(this.#subject))}.${as}`;
    const target = await vscode.window.showSaveDialog({
      title: `Save Chart as ${as.toUpperCase()}`,
      ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder.uri, name) }),
      filters: { [as.toUpperCase()]: [as] },
    });
    if (target !== undefined) {
      await vscode.workspace.fs.writeFile(target, bytes);
      vscode.window.setStatusBarMessage('Saved the chart', 3000);
    }
  }
}
