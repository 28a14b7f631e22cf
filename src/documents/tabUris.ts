import * as vscode from 'vscode';

/**
 * The addresses behind a tab: of a text, of both sides of a comparison, or of what a custom editor (a CSV grid) shows. Tabs are
 * asked rather than documents, because above 50 MB the editor gives extensions no document.
 */
export function tabUris(tab: vscode.Tab | undefined): vscode.Uri[] {
  const input = tab?.input;
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) {
    return [input.uri];
  }
  return input instanceof vscode.TabInputTextDiff ? [input.modified, input.original] : [];
}

/** The addresses of all open tabs, as text. */
export function openTabs(): Set<string> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return new Set(tabs.flatMap(tabUris).map((uri) => uri.toString()));
}
