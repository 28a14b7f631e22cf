import * as vscode from 'vscode';

const SCHEME = 'azure-billing-report';

/**
 * Reports as read-only texts. The text is in the address: a tab that is restored after a reload needs nobody to remember it.
 */
export function registerReports(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: ({ query }) => query,
  });
}

/** Opens a report as a text of this name, in the tab of the last one when that was not kept. */
export async function showReport(name: string, text: string): Promise<void> {
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}.txt`, query: text });
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
}
