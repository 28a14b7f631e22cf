import * as vscode from 'vscode';
import type { CommandId, NodeArgument } from '../contributions.ts';
import { describeForLog, explain, isCancellation } from '../workbench/failures.ts';
import { plainText, waitText } from '../workbench/text.ts';
import { type GlanceLine, glanceLines } from './glanceTexts.ts';
import type { ConnectionChanges, SpendSource } from './spendSource.ts';
import { type SpendSubject, type SubjectSource, scopeName, spendSubject, subjectRow } from './spendSubject.ts';

/** What the view of the selected row's spend needs. */
export interface GlanceParts {
  source: SpendSource;
  connections: SubjectSource & ConnectionChanges;
  /** The rows that are looked at. */
  explorer: Pick<vscode.TreeView<NodeArgument>, 'selection' | 'onDidChangeSelection'>;
  view: vscode.TreeView<vscode.TreeItem>;
  /** There are other lines. */
  changed(): void;
  log: vscode.LogOutputChannel;
}

/** Who walks through the tree with the arrow keys passes many rows: each would be a query. Milliseconds. */
const CALM = 500;

interface Shown {
  id: string;
  connection: string;
  items: vscode.TreeItem[];
}

/** The month to date of the selected row. Nothing is asked for while nobody sees it. */
export class SpendGlances implements vscode.Disposable {
  readonly #parts: GlanceParts;
  readonly #subscription: vscode.Disposable;
  #shown: Shown | undefined;
  #asking: { id: string; abort: AbortController } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: GlanceParts) {
    this.#parts = parts;
    this.#subscription = vscode.Disposable.from(
      parts.explorer.onDidChangeSelection(() => this.#lookSoon()),
      parts.view.onDidChangeVisibility(() => this.#lookSoon()),
      parts.connections.onDidChange(() => this.#forgetRemoved()),
    );
    this.#lookSoon();
  }

  get items(): vscode.TreeItem[] {
    return this.#shown?.items ?? [];
  }

  #lookSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), CALM);
  }

  async #look(): Promise<void> {
    const [row] = this.#parts.explorer.selection;
    if (!this.#parts.view.visible) {
      this.#asking?.abort.abort();
      return;
    }
    const subject = row && (await this.#subjectOf(row));
    if (row === undefined || subject === undefined || this.#asking?.id === row.id) {
      return;
    }
    this.#asking?.abort.abort();
    const asking = { id: row.id, abort: new AbortController() };
    this.#asking = asking;
    try {
      await this.#show(subject, row.id, asking.abort.signal);
    } catch (error) {
      this.#failed(error, subject, asking.abort.signal);
    } finally {
      if (this.#asking === asking) {
        this.#asking = undefined;
      }
    }
  }

  /** Rows without costs of their own leave what is shown as it is. */
  async #subjectOf(row: NodeArgument): Promise<SpendSubject | undefined> {
    return spendSubject(row, this.#parts.connections, new Date()).catch(() => undefined);
  }

  async #show(subject: SpendSubject, id: string, signal: AbortSignal): Promise<void> {
    const { source, view } = this.#parts;
    if (this.#shown?.id !== id) {
      this.#set(undefined);
    }
    view.description = plainText(scopeName(subject));
    view.message = 'Reading the month to date…';
    const glance = await source.glance(subject.connection, subject.question.scope, {
      signal,
      onWait: (wait) => {
        if (!signal.aborted) {
          view.message = waitText(wait);
        }
      },
    });
    signal.throwIfAborted();
    view.message = '';
    const { connection } = subject;
    this.#set({ id, connection, items: glanceLines(glance, vscode.env.language).map((line) => item(line, subject)) });
  }

  #failed(error: unknown, { connection, question }: SpendSubject, signal: AbortSignal): void {
    if (signal.aborted || isCancellation(error)) {
      return;
    }
    this.#parts.log.warn(`[${connection}] Month to date of ${question.scope}: ${describeForLog(error)}`);
    this.#set(undefined);
    this.#parts.view.message = plainText(explain(error));
  }

  /** Figures of a connection that is gone are nobody's. */
  #forgetRemoved(): void {
    const shown = this.#shown;
    if (shown !== undefined && !this.#parts.connections.list().some(({ name }) => name === shown.connection)) {
      this.#set(undefined);
      this.#parts.view.description = '';
    }
  }

  #set(shown: Shown | undefined): void {
    this.#shown = shown;
    this.#parts.changed();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort.abort();
    this.#subscription.dispose();
  }
}

function item({ icon, label, description, tooltip }: GlanceLine, subject: SpendSubject): vscode.TreeItem {
  const made = new vscode.TreeItem(label);
  made.iconPath = new vscode.ThemeIcon(icon);
  made.description = description;
  made.tooltip = `${tooltip}\nSelect to show the spend panel.`;
  // A row of bars says nothing to a screen reader.
  made.accessibilityInformation = { label: tooltip };
  const command: CommandId = 'azureBilling.showSpend';
  made.command = { command, title: 'Show Spend', arguments: [subjectRow(subject)] };
  return made;
}
