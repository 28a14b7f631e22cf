import * as vscode from 'vscode';

/**
 * A question with a few answers, which goes away with what it is about.
 *
 * @param signal the answer does not matter any more
 * @returns undefined when the person closes it, or when it went away
 */
export async function pickUntil<Item extends vscode.QuickPickItem>(
  signal: AbortSignal,
  items: readonly Item[],
  options: vscode.QuickPickOptions,
): Promise<Item | undefined> {
  const gone = new vscode.CancellationTokenSource();
  const leave = () => gone.cancel();
  signal.addEventListener('abort', leave);
  try {
    return await vscode.window.showQuickPick(items, { ...options, ignoreFocusOut: true }, gone.token);
  } finally {
    signal.removeEventListener('abort', leave);
    gone.dispose();
  }
}
