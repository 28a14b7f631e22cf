import * as vscode from 'vscode';
import type { Budget } from '../api/arm/budgets.ts';
import { readBudget } from '../budgeting/saveBudget.ts';
import { BUDGET_SCHEME, type CommandId } from '../contributions.ts';
import { showFailure } from '../workbench/commands.ts';
import { describeForLog, explain, isCancellation } from '../workbench/failures.ts';
import { plainText } from '../workbench/text.ts';
import { type BudgetDesk, keyOf } from './budgetDesk.ts';
import { budgetUri, type OpenPlace } from './budgetPlace.ts';
import { documentOf, type OpenBudget, type OpenBudgets, replaceText, textOf } from './openBudgets.ts';
import { SaveRefusal, sendDocument } from './sendDocument.ts';
import type { TheirSides } from './theirSides.ts';

const AUTO_SAVE = 'Auto-save sends no budgets. Save it yourself, by Ctrl+S or the button above the text.';

const ELSEWHERE = 'Budgets are created and deleted from the tree.';

/**
 * The `azure-billing-budget:` file system: one file per budget. Reading asks the service; writing checks, lets the exact change be confirmed,
 * sends it and reads it back. Only a save that a person asked for is a write.
 */
export class BudgetFiles implements vscode.Disposable {
  readonly #desk: BudgetDesk;
  readonly #budgets: OpenBudgets;
  readonly #sides: TheirSides;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed: vscode.EventEmitter<vscode.FileChangeEvent[]>;
  /** Address → why the editor is about to write it; forgotten with that write. */
  readonly #reasons = new Map<string, vscode.TextDocumentSaveReason>();
  readonly #subscription: vscode.Disposable;

  constructor(
    desk: BudgetDesk,
    budgets: OpenBudgets,
    sides: TheirSides,
    changed: vscode.EventEmitter<vscode.FileChangeEvent[]>,
    log: vscode.LogOutputChannel,
  ) {
    this.#desk = desk;
    this.#budgets = budgets;
    this.#sides = sides;
    this.#changed = changed;
    this.#log = log;
    this.#subscription = vscode.Disposable.from(
      vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
        if (document.uri.scheme === BUDGET_SCHEME) {
          this.#reasons.set(document.uri.toString(), reason);
        }
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        if (document.uri.scheme === BUDGET_SCHEME) {
          this.#showHeld(document);
          void this.#sides.close(document);
        }
      }),
      desk.onDidChange(({ place, budget }) => this.#changedElsewhere(place, budget)),
    );
  }

  /** Size and time are 0 as long as nothing was read: they are not worth a request. */
  stat(uri: vscode.Uri): vscode.FileStat {
    const { bytes, changedAt } = this.#budgets.at(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: changedAt, size: bytes.length };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const open = this.#budgets.at(uri);
    if (open.ready || open.base === null) {
      open.ready = false;
      return open.bytes;
    }
    let budget: Budget | undefined;
    try {
      budget = await this.#fetch(open.place);
    } catch (error) {
      if (isCancellation(error)) {
        throw vscode.FileSystemError.Unavailable('Fetching was cancelled.');
      }
      this.#log.error(`[${uri.authority}] ${BUDGET_SCHEME}: ${describeForLog(error)}`);
      // The editor's own placeholder offers to try again but keeps the reason to itself.
      void showFailure(explain(error), this.#log, { error, connection: uri.authority });
      throw vscode.FileSystemError.Unavailable(explain(error));
    }
    if (budget === undefined) {
      throw vscode.FileSystemError.FileNotFound(`There is no budget '${open.place.name}' any more.`);
    }
    if (documentOf(uri)?.isDirty) {
      // Somebody only looks, or the text is about to be dropped: then it begins as this.
      const text = textOf(budget);
      open.read = { text, budget };
      return Buffer.from(text);
    }
    this.#budgets.take(open, budget);
    open.ready = false;
    return open.bytes;
  }

  /** @throws FileSystemError with the sentence when nothing was written: the text stays unsaved */
  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const open = this.#budgets.at(uri);
    const reason = this.#reasons.get(uri.toString());
    this.#reasons.delete(uri.toString());
    const text = Buffer.from(content).toString('utf8');
    if (open.sent?.text === text) {
      this.#budgets.take(open, open.sent.budget);
      return;
    }
    const document = documentOf(uri);
    // Without a reason it is not the editor's own save: another program, or one that passes over what listens to saves.
    if (reason !== vscode.TextDocumentSaveReason.Manual || document === undefined) {
      throw vscode.FileSystemError.Unavailable(AUTO_SAVE);
    }
    try {
      const budget = await this.#send(open, document, false);
      this.#budgets.take(open, budget);
    } catch (error) {
      throw vscode.FileSystemError.Unavailable(error instanceof SaveRefusal ? error.message : explain(error));
    }
  }

  /** Saves a document for a person who pressed the key or the button. Undefined: it was not saved, and why was told. */
  async save(uri: vscode.Uri): Promise<Budget | undefined> {
    const open = this.#budgets.at(uri);
    const document = documentOf(uri);
    if (document === undefined) {
      return undefined;
    }
    if (!document.isDirty) {
      return this.#bringUpToDate(open);
    }
    const version = document.version;
    let budget: Budget;
    try {
      budget = await this.#send(open, document, true);
    } catch (error) {
      if (error instanceof SaveRefusal) {
        return undefined;
      }
      throw error;
    }
    if (document.version === version) {
      open.sent = { text: document.getText(), budget };
      await document.save();
    } else {
      // Somebody typed on: that text is not saved, and begins as what is.
      this.#budgets.rebase(open, budget);
    }
    return budget;
  }

  async #send(open: OpenBudget, document: vscode.TextDocument, tell: boolean): Promise<Budget> {
    if (open.saving) {
      throw new SaveRefusal('It is being saved already; wait for that.');
    }
    open.saving = true;
    try {
      return await sendDocument(
        { desk: this.#desk, budgets: this.#budgets, sides: this.#sides, again: () => saveAgain(open.uri) },
        open,
        document,
        tell,
      );
    } finally {
      open.saving = false;
    }
  }

  /** Opens a budget in a tab; unsaved text of it stays. @returns the budget as the service holds it now */
  async open(place: OpenPlace): Promise<Budget | undefined> {
    const uri = budgetUri(place);
    const open = this.#budgets.at(uri);
    const budget = await this.#fetch(place);
    if (budget !== undefined && documentOf(uri)?.isDirty !== true) {
      this.#budgets.take(open, budget);
      this.#tellChanged(open);
    }
    if (budget === undefined && documentOf(uri) === undefined) {
      return undefined;
    }
    await show(uri);
    return budget;
  }

  /** Opens a document that creates a budget when it is saved. */
  async begin(place: OpenPlace, text: string): Promise<void> {
    const uri = budgetUri(place);
    this.#budgets.begin(this.#budgets.at(uri));
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.getText() === '') {
      await replaceText(document, text);
    }
    await show(uri);
  }

  async #fetch(place: OpenPlace): Promise<Budget | undefined> {
    const arm = await this.#desk.arm(place.connection);
    return this.#desk.run(`Budget ${place.name}`, (options) => readBudget(arm, place, options));
  }

  async #bringUpToDate(open: OpenBudget): Promise<Budget | undefined> {
    const { name } = open.place;
    const budget = await this.#fetch(open.place);
    const document = documentOf(open.uri);
    if (document === undefined || document.isDirty) {
      return budget;
    }
    if (budget === undefined) {
      void vscode.window.showWarningMessage(
        plainText(
          `Budget '${name}' is not there any more. Its text stays in the tab; save it with a change to create it again.`,
        ),
      );
      return undefined;
    }
    const same = document.getText() === textOf(budget);
    this.#budgets.take(open, budget);
    this.#tellChanged(open);
    vscode.window.setStatusBarMessage(
      plainText(
        same
          ? `Budget '${name}' is as the service holds it.`
          : `Budget '${name}' was changed by somebody else: this is it now.`,
      ),
      5000,
    );
    return budget;
  }

  /** After a save the document shows what the service holds, which may be written in another way. */
  #showHeld(document: vscode.TextDocument): void {
    const open = this.#budgets.at(document.uri);
    if (Buffer.from(open.bytes).toString('utf8') === document.getText()) {
      open.ready = false;
    } else {
      open.changedAt += 1;
      this.#tellChanged(open);
    }
  }

  /** A command changed a budget that is open. Unsaved text of it stays: its save compares. */
  #changedElsewhere(place: OpenPlace, budget: Budget | undefined): void {
    for (const open of this.#budgets.all()) {
      const document = keyOf(open.place) === keyOf(place) ? documentOf(open.uri) : undefined;
      if (document !== undefined && !document.isDirty && !open.saving && budget !== undefined) {
        this.#budgets.take(open, budget);
        this.#tellChanged(open);
      }
    }
  }

  #tellChanged({ uri }: OpenBudget): void {
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions(ELSEWHERE);
  }

  delete(): never {
    throw vscode.FileSystemError.NoPermissions(ELSEWHERE);
  }

  rename(): never {
    throw vscode.FileSystemError.NoPermissions(ELSEWHERE);
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

/** As a command, whose failures are told to the person. */
async function saveAgain(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('azureBilling.saveBudget' satisfies CommandId, uri);
}

async function show(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.open', uri, { preview: false });
}
