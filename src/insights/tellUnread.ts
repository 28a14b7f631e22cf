import * as vscode from 'vscode';

/** Says that rows are in no sum. */
export function tellUnread(rows: number): void {
  if (rows > 0) {
    const words = `${rows.toLocaleString(vscode.env.language)} ${rows === 1 ? 'row has' : 'rows have'} no cost or day that can be read`;
    void vscode.window.showWarningMessage(`${words}: what is shown leaves them out.`);
  }
}
