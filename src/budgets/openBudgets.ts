import * as vscode from 'vscode';
import type { Budget } from '../api/arm/budgets.ts';
import { bodyOf } from '../budgeting/budgetBody.ts';
import { writeBudgetText } from '../budgeting/budgetText.ts';
import { BUDGET_SCHEME } from '../contributions.ts';
import { parseJson } from '../json/parseJson.ts';
import { type OpenPlace, placeOfUri } from './budgetPlace.ts';

/** What a document was made from. */
export interface OpenBudget {
  readonly uri: vscode.Uri;
  readonly place: OpenPlace;
  /**
   * The budget that the text began as, for a comparison with what somebody else made of it. `null`: there was none, the document creates
   * it. Undefined: not known, the text outlived a reload that what it began as did not.
   */
  base: Budget | null | undefined;
  /** What the editor reads next, when it was fetched for that; else it is fetched when the editor asks. */
  ready: boolean;
  bytes: Uint8Array;
  /** Milliseconds; grows whenever the editor shall read again. 0: never read. */
  changedAt: number;
  /** A text that was sent already, and what became of it: the editor's own save of it has nothing to do. */
  sent: { text: string; budget: Budget } | undefined;
  /** Read while the document had unsaved text: what it begins as, once it has this text. */
  read: { text: string; budget: Budget } | undefined;
  /** A save is under way. */
  saving: boolean;
}

/** In the workspace's memory: address → what unsaved text began as. Text that outlives a reload needs it. */
const MEMORY = 'azureBilling.unsavedBudgets';

type Memory = Readonly<Record<string, { base: string | null }>>;

/** The budgets that are open as documents. */
export class OpenBudgets implements vscode.Disposable {
  readonly #open = new Map<string, OpenBudget>();
  readonly #memory: vscode.Memento;
  readonly #subscription: vscode.Disposable;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
    this.#subscription = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#textChanged(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === BUDGET_SCHEME) {
          this.#open.delete(uri.toString());
          this.#remember(uri.toString(), undefined);
        }
      }),
    );
  }

  /**
   * What is known of an address; new for one that was not read in this window, with what its unsaved text began as.
   *
   * @throws FileSystemError for what is no address of a budget
   */
  at(uri: vscode.Uri): OpenBudget {
    const key = uri.toString();
    const known = this.#open.get(key);
    if (known !== undefined) {
      return known;
    }
    const place = placeOfUri(uri);
    if (place === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    const kept = this.#memory.get<Memory>(MEMORY, {})[key];
    const made: OpenBudget = {
      uri,
      place,
      base: kept === undefined ? undefined : kept.base === null ? null : (parseJson(kept.base) as Budget),
      ready: false,
      bytes: new Uint8Array(),
      changedAt: 0,
      sent: undefined,
      read: undefined,
      saving: false,
    };
    this.#open.set(key, made);
    return made;
  }

  /** Those that were read or written in this window. */
  all(): Iterable<OpenBudget> {
    return this.#open.values();
  }

  /** The document begins as this budget from now on, and the editor reads its text when it is told to. */
  take(open: OpenBudget, budget: Budget): void {
    open.base = budget;
    open.bytes = Buffer.from(textOf(budget));
    open.ready = true;
    open.changedAt = Math.max(Date.now(), open.changedAt + 1);
    open.sent = undefined;
    open.read = undefined;
    this.keep(open);
  }

  /** A document that creates a budget when it is saved. */
  begin(open: OpenBudget): void {
    open.base = null;
    open.bytes = new Uint8Array();
    open.ready = true;
    this.keep(open);
  }

  /** The unsaved text began as this from now on. */
  rebase(open: OpenBudget, base: Budget | null): void {
    open.base = base;
    open.read = undefined;
    this.keep(open);
  }

  /** Writes what the text began as into the workspace's memory while there is unsaved text, and takes it out when there is none. */
  keep(open: OpenBudget): void {
    const unsaved = documentOf(open.uri)?.isDirty === true || open.base === null;
    this.#remember(
      open.uri.toString(),
      unsaved && open.base !== undefined ? { base: open.base && JSON.stringify(open.base) } : undefined,
    );
  }

  #textChanged(document: vscode.TextDocument): void {
    const open = document.uri.scheme === BUDGET_SCHEME ? this.#open.get(document.uri.toString()) : undefined;
    if (open === undefined) {
      return;
    }
    if (!document.isDirty && open.read?.text === document.getText()) {
      this.rebase(open, open.read.budget);
    } else {
      this.keep(open);
    }
  }

  #remember(key: string, value: Memory[string] | undefined): void {
    const { [key]: before, ...others } = this.#memory.get<Memory>(MEMORY, {});
    if (JSON.stringify(before) !== JSON.stringify(value)) {
      void this.#memory.update(MEMORY, value === undefined ? others : { ...others, [key]: value });
    }
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

/** The text of a budget's document. */
export function textOf(budget: Budget): string {
  return writeBudgetText(bodyOf(budget));
}

/** The document with an address, when it is open. */
export function documentOf(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
}

/** Replaces the text of a document, as an edit that can be undone. */
export async function replaceText(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(
    document.uri,
    new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length)),
    text,
  );
  await vscode.workspace.applyEdit(edit);
}

/** A tab without unsaved text has nothing to show any more. */
export async function closeTab(uri: vscode.Uri): Promise<void> {
  if (documentOf(uri)?.isDirty === true) {
    return;
  }
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
  await vscode.window.tabGroups.close(tabs);
}
