import * as vscode from 'vscode';
import type { CommandId, ShowSpendArgument } from '../contributions.ts';
import { describeForLog, explain } from '../workbench/failures.ts';
import { plainText } from '../workbench/text.ts';
import { roundedAmount, shortAmount } from './glanceTexts.ts';
import { PINNED_KEY } from './pinned.ts';
import type { ConnectionChanges, SpendSource } from './spendSource.ts';
import { checkedSubject, type SpendSubject, type SubjectSource, scopeName, subjectRow } from './spendSubject.ts';

interface PinParts {
  source: SpendSource;
  connections: SubjectSource & ConnectionChanges;
  /** Where the pinned scope outlives a restart. */
  state: vscode.Memento;
  log: vscode.LogOutputChannel;
}

/** Figures change a few times a day ("Manage costs with automation"). Milliseconds. */
const EACH = 60 * 60_000;

/** The month to date of one pinned scope in the status bar, looked at once an hour while the window is in front. */
export class SpendPin implements vscode.Disposable {
  readonly #parts: PinParts;
  readonly #subscription: { dispose(): void };
  #item: vscode.StatusBarItem | undefined;
  #timer: NodeJS.Timeout | undefined;
  #abort = new AbortController();

  constructor(parts: PinParts) {
    this.#parts = parts;
    this.#subscription = parts.connections.onDidChange(() => this.#lookAgain());
    if (parts.state.get(PINNED_KEY) !== undefined) {
      this.#begin();
    }
  }

  async pin(subject: SpendSubject): Promise<void> {
    const { connection, label, question } = subject;
    const pinned: ShowSpendArgument = { connection, scope: question.scope, ...(label === '' ? {} : { label }) };
    await this.#parts.state.update(PINNED_KEY, pinned);
    this.#begin();
  }

  async unpin(): Promise<void> {
    await this.#parts.state.update(PINNED_KEY, undefined);
    this.#end();
    announce(false);
  }

  #begin(): void {
    this.#end();
    this.#item = vscode.window.createStatusBarItem('azureBilling.spend', vscode.StatusBarAlignment.Right, 98);
    this.#item.name = 'Azure Billing: Spend';
    announce(true);
    this.#lookAgain();
    this.#timer = setInterval(() => {
      if (vscode.window.state.focused) {
        this.#lookAgain();
      }
    }, EACH);
  }

  #lookAgain(): void {
    const pinned = this.#parts.state.get<ShowSpendArgument>(PINNED_KEY);
    if (this.#item !== undefined && pinned === undefined) {
      // Another window has taken it off.
      this.#end();
      announce(false);
    } else if (this.#item !== undefined) {
      this.#abort.abort();
      this.#abort = new AbortController();
      void this.#look(this.#item, pinned, this.#abort.signal);
    }
  }

  async #look(item: vscode.StatusBarItem, pinned: unknown, signal: AbortSignal): Promise<void> {
    const command: CommandId = 'azureBilling.showSpend';
    try {
      const subject = checkedSubject(pinned, this.#parts.connections, new Date());
      item.command = { command, title: 'Show Spend', arguments: [subjectRow(subject)] };
      const { picture } = await this.#parts.source.glance(subject.connection, subject.question.scope, { signal });
      if (!signal.aborted) {
        const language = vscode.env.language;
        const name = plainText(scopeName(subject));
        const has = picture.currencies.length > 0;
        item.text = `$(graph) ${has ? plainText(shortAmount(picture.total, picture, language)) : 'no cost yet'}`;
        item.tooltip = `${name}, month to date (estimate): ${has ? roundedAmount(picture.total, picture, language) : 'no cost yet'}. Select to show the spend.`;
        item.show();
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#parts.log.warn(`Pinned spend: ${describeForLog(error)}`);
        item.text = '$(warning) Spend';
        item.tooltip = `${plainText(`The pinned spend cannot be read: ${explain(error)}`)} It is taken off with "Unpin Spend from Status Bar".`;
        item.command ??= 'azureBilling.showLog' satisfies CommandId;
        item.show();
      }
    }
  }

  #end(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    clearInterval(this.#timer);
    this.#item?.dispose();
    this.#item = undefined;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#end();
  }
}

function announce(pinned: boolean): void {
  const setContext = (key: 'azureBilling.spendPinned', value: boolean) =>
    vscode.commands.executeCommand('setContext', key, value);
  void setContext('azureBilling.spendPinned', pinned);
}
