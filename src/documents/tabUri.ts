import * as vscode from 'vscode';

/** The address behind a tab that shows a text. Works above 50 MB too, where the editor gives extensions no document. */
export function tabUri(tab: vscode.Tab | undefined): vscode.Uri | undefined {
  return tab?.input instanceof vscode.TabInputText ? tab.input.uri : undefined;
}
