import * as vscode from 'vscode';
import { BUDGET_SCHEME } from '../contributions.ts';

const SCHEME = 'azure-billing-budget-theirs';

/** What somebody else saved, as the left side of a comparison. */
export class TheirSides implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #read: (uri: vscode.Uri) => Promise<string>;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #subscription: vscode.Disposable;

  /** @param read what the service holds now, for a comparison that outlived a reload; takes the address of the budget's document */
  constructor(read: (uri: vscode.Uri) => Promise<string>) {
    this.#read = read;
    this.#subscription = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string | Promise<string> {
    return this.#texts.get(uri.toString()) ?? this.#read(uri.with({ scheme: BUDGET_SCHEME }));
  }

  /** Shows what was saved beside the document, which can be edited there. */
  async compare(document: vscode.TextDocument, theirs: string, title: string): Promise<void> {
    const uri = document.uri.with({ scheme: SCHEME });
    this.#texts.set(uri.toString(), theirs);
    this.#changed.fire(uri);
    await vscode.commands.executeCommand('vscode.diff', uri, document.uri, title, { preview: true });
  }

  /** Closes the comparison of a document that was saved. */
  async close(document: vscode.TextDocument): Promise<void> {
    const key = document.uri.toString();
    const tabs = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(
        ({ input }) =>
          input instanceof vscode.TabInputTextDiff &&
          input.original.scheme === SCHEME &&
          input.modified.toString() === key,
      );
    // What comes to the front then is the document's own tab, which was there before the comparison; a person may be elsewhere by now.
    await vscode.window.tabGroups.close(tabs, true);
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
