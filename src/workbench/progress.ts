import * as vscode from 'vscode';
import type { PageWalk } from '../api/http/paging.ts';
import { plainText, waitText } from './text.ts';

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

/** A list to its end, with progress that can be cancelled. */
export function everything<T>(title: string, walk: PageWalk<T[]>): Promise<T[]> {
  return withProgress(title, async (report, signal) => {
    const items: T[] = [];
    for await (const page of walk.rest({ signal, onWait: (wait) => report(waitText(wait)) })) {
      items.push(...page.value);
      report(`${items.length}`);
    }
    return items;
  });
}
