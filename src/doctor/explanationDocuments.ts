import * as vscode from 'vscode';

const SCHEME = 'azure-billing-explanation';

/**
 * Explanations as read-only documents. The text is in the address, so that a tab restored after a reload needs nobody to remember
 * it.
 */
export class ExplanationDocuments implements vscode.Disposable {
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: ({ query }) => query,
  });

  /** Opens a text, in the tab of the last one when that was not kept. */
  async show(text: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: '/Why.txt', query: text });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
