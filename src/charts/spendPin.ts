import * as vscode from 'vscode';
import type { CommandId, ShowSpendArgument } from '../contributions.ts';
import { describeForLog, explain } from '../workbench/failures.ts';
import { plainText } from '../workbench/text.ts';
import { roundedAmount, shortAmount } from './glanceTexts.ts';
import { PINNED_KEY } from './pinned.ts';
import type { SpendSource } from './spendSource.ts';
import { checkedSubject, type SpendSubject, type SubjectSource, scopeName } from './spendSubject.ts';

interface PinParts {
  source: SpendSource;
  connections: SubjectSource;
  /** Where the pinned scope outlives a restart. */
  state: vscode.Memento;
  log: vscode.LogOutputChannel;
}

/** Figures change a few times a day ("Manage costs with automation"). Milliseconds. */
const EACH = 60 * 60_000;

/** The month to date of one pinned scope in the status bar, looked at once an hour while the window is in front. */
export class SpendPin implements vscode.Disposable {
  readonly #parts: PinParts;
  #item: vscode.StatusBarItem | undefined;
  #timer: NodeJS.Timeout | undefined;
  #abort = new AbortController();

  constructor(parts: PinParts) {
    this.#parts = parts;
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
    void this.#look(this.#item);
    this.#timer = setInterval(() => {
      if (this.#item !== undefined && vscode.window.state.focused) {
        void this.#look(this.#item);
      }
    }, EACH);
  }

  async #look(item: vscode.StatusBarItem): Promise<void> {
    const { signal } = this.#abort;
    const pinned = this.#parts.state.get<ShowSpendArgument>(PINNED_KEY);
    item.command = { command: 'azureBilling.showSpend' satisfies CommandId, title: 'Show Spend', arguments: [pinned] };
    try {
      const subject = checkedSubject(pinned, this.#parts.connections, new Date());
      const glance = await this.#parts.source.glance(subject.connection, subject.question.scope, { signal });
      if (!signal.aborted) {
        const language = vscode.env.language;
        const { picture } = glance;
        const name = plainText(scopeName(subject));
        const has = picture.currencies.length > 0;
        item.text = `$(graph) ${has ? shortAmount(picture.total, picture, language) : 'no cost yet'}`;
        item.tooltip = `${name}, month to date (estimate): ${has ? roundedAmount(picture.total, picture, language) : 'no cost yet'}. Select to show the spend.`;
        item.show();
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#parts.log.warn(`Pinned spend: ${describeForLog(error)}`);
        item.text = '$(graph) no spend';
        item.tooltip = plainText(`The pinned spend cannot be read: ${explain(error)}`);
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
    this.#end();
  }
}

function announce(pinned: boolean): void {
  const setContext = (key: 'azureBilling.spendPinned', value: boolean) =>
    vscode.commands.executeCommand('setContext', key, value);
  void setContext('azureBilling.spendPinned', pinned);
}
