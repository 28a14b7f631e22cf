import * as vscode from 'vscode';

/** Brings panels of a kind back after a reload. What fills them is loaded with the first of them. */
export function restoreLazily(
  kind: string,
  load: () => Promise<{ restore(panel: vscode.WebviewPanel, state: unknown): void }>,
): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(kind, {
    deserializeWebviewPanel: async (panel, state: unknown) => (await load()).restore(panel, state),
  });
}
