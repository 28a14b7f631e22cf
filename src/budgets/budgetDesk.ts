import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { type Budget, providerOf } from '../api/arm/budgets.ts';
import { scopePath } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import { amountCurrency } from '../budgeting/amountCurrency.ts';
import type { BudgetUndo, Saved, SaveOptions } from '../budgeting/saveBudget.ts';
import type { CommandId } from '../contributions.ts';
import { showFailure } from '../workbench/commands.ts';
import { describeForLog } from '../workbench/failures.ts';
import { plainText } from '../workbench/text.ts';
import { budgetUri, type OpenPlace, type PlaceOfBudget } from './budgetPlace.ts';
import { type NotWritten, notWrittenError, notWrittenText, savedText } from './outcomeTexts.ts';
import { refreshBudgets } from './refreshBudgets.ts';
import { saveProgress } from './saveProgress.ts';
import { SCOPE_WORDS } from './scopeWords.ts';

/** What editing budgets needs of the connections. */
export interface BudgetConnections {
  /** The name as it is written in the settings; undefined for none. */
  find(name: unknown): string | undefined;
  arm(name: string): Promise<ArmClient>;
}

/** A budget is another one now; undefined: it is deleted. */
export interface BudgetNews {
  place: OpenPlace;
  budget: Budget | undefined;
}

/** A change that can be taken back. */
export interface UndoableChange {
  place: OpenPlace;
  undo: BudgetUndo;
}

/** What all ways to change a budget share: how a change is asked about, run, told and taken back. */
export class BudgetDesk implements vscode.Disposable {
  readonly #connections: BudgetConnections;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<BudgetNews>();
  /** Told after the service answered. */
  readonly onDidChange = this.#changed.event;
  /** By address. */
  readonly #changes = new Map<string, UndoableChange>();
  #last: UndoableChange | undefined;

  constructor(connections: BudgetConnections, log: vscode.LogOutputChannel) {
    this.#connections = connections;
    this.#log = log;
  }

  readonly find = (name: unknown): string | undefined => this.#connections.find(name);

  arm(connection: string): Promise<ArmClient> {
    return this.#connections.arm(connection);
  }

  /** The same place with its provider, and the client that reaches it. */
  async reach(place: PlaceOfBudget): Promise<{ arm: ArmClient; place: OpenPlace }> {
    const arm = await this.arm(place.connection);
    return { arm, place: { ...place, provider: providerOf(place, arm.versions) } };
  }

  /** Runs a write with progress that can be cancelled. */
  run<T>(title: string, work: (options: SaveOptions) => Promise<T>): Promise<T> {
    return saveProgress(title, today(), work);
  }

  /** Shows what changes, a line each, and asks whether it is sent. */
  async confirm(place: OpenPlace, verb: 'Save' | 'Create', told: readonly string[]): Promise<boolean> {
    const lines = [...told, whereText(place)];
    const answer = await vscode.window.showInformationMessage(
      plainText(`${verb} budget '${place.name}'?`),
      { modal: true, detail: lines.map(plainText).join('\n') },
      verb,
    );
    return answer === verb;
  }

  /** A change was made: everything that shows the budget hears of it, and it can be taken back. */
  made(place: OpenPlace, undo: BudgetUndo, budget: Budget | undefined): void {
    this.#last = { place, undo };
    this.#changes.set(keyOf(place), this.#last);
    this.news(place, budget);
  }

  /** A change was taken back. */
  takenBack(place: OpenPlace, budget: Budget | undefined): void {
    this.#changes.delete(keyOf(place));
    this.#last = undefined;
    this.news(place, budget);
  }

  news(place: OpenPlace, budget: Budget | undefined): void {
    this.#changed.fire({ place, budget });
    refreshBudgets(place.connection, [scopePath(place.scope)]);
  }

  /** The last change of a budget, or of any. */
  lastChange(place?: OpenPlace): UndoableChange | undefined {
    return place === undefined ? this.#last : this.#changes.get(keyOf(place));
  }

  /** Tells what was saved, and offers to take it back. */
  tellSaved(place: OpenPlace, saved: Saved): void {
    this.made(place, saved.undo, saved.budget);
    const text = plainText(savedText(place.name, saved));
    const undo = 'Undo';
    const isOdd = saved.recreated || saved.changedSince || saved.differences.length > 0;
    const shown = isOdd
      ? vscode.window.showWarningMessage(text, undo)
      : vscode.window.showInformationMessage(text, undo);
    void shown.then((answer) =>
      answer === undo
        ? vscode.commands.executeCommand('azureBilling.undoBudgetChange' satisfies CommandId, budgetUri(place))
        : undefined,
    );
  }

  /**
   * Tells a person why nothing was written.
   *
   * @param actions buttons and what they do
   */
  async tellNotWritten(
    place: OpenPlace,
    outcome: NotWritten,
    actions: Readonly<Record<string, () => unknown>> = {},
  ): Promise<void> {
    const text = notWrittenText(place.name, outcome);
    if (outcome.kind === 'cancelled' && !outcome.sent) {
      vscode.window.setStatusBarMessage(plainText(text), 5000);
      return;
    }
    const error = 'error' in outcome ? outcome.error : undefined;
    if (error !== undefined) {
      this.#log.error(`[${place.connection}] budget: ${describeForLog(error)}`);
    }
    if (outcome.kind === 'refused' && error !== undefined) {
      await showFailure(text, this.#log, { error, connection: place.connection });
      return;
    }
    const answer = await vscode.window.showWarningMessage(plainText(text), ...Object.keys(actions));
    await actions[answer ?? '']?.();
  }

  /** @throws BillingError for callers without a screen */
  refuse(place: PlaceOfBudget, outcome: NotWritten): never {
    throw outcome.kind === 'cancelled'
      ? new BillingError('refused', notWrittenText(place.name, outcome))
      : notWrittenError(place.name, outcome);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** One budget has one address, whatever case it is written in. */
export function keyOf(place: OpenPlace): string {
  return budgetUri(place).toString().toLowerCase();
}

/** `Where: customer 5f1c… in the connection Partner`. */
function whereText({ scope, connection }: PlaceOfBudget): string {
  return `Where: ${SCOPE_WORDS[scope.kind]} ${scopePath(scope).split('/').at(-1)} in the connection ${connection}`;
}

/** The current day, UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** The currency of a budget's amount, as far as the budget tells. */
export function currencyOf({ scope }: PlaceOfBudget, budget: Budget | undefined): string | undefined {
  const { currentSpend, forecastSpend } = budget?.properties ?? {};
  return amountCurrency(scope, currentSpend?.unit ?? forecastSpend?.unit ?? undefined);
}
