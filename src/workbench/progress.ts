import * as vscode from 'vscode';
import { plainText } from './text.ts';

/** Work that is done within this time shows no progress at all. Milliseconds. */
const PATIENCE = 500;

/** Runs work that can be cancelled; when it takes a moment, a notification shows its progress and the way to cancel. */
export async function withProgress<T>(
  title: string,
  run: (report: (message: string) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  let message = '';
  let show: (message: string) => void = () => {};
  const work = run((text) => {
    message = text;
    show(text);
  }, abort.signal);
  const timer = setTimeout(() => {
    void vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: plainText(title), cancellable: true },
      async (progress, token) => {
        token.onCancellationRequested(() => abort.abort());
        show = (text) => progress.report({ message: plainText(text) });
        show(message);
        await work.catch(() => {});
      },
    );
  }, PATIENCE);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
