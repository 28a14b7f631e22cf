import * as vscode from 'vscode';
import type { PageWalk } from '../api/http/paging.ts';
import { plainText, waitText } from './text.ts';

/** Work that is done within this time shows no progress at all. Milliseconds. */
const PATIENCE = 500;

/** A notification that comes after a moment, tells how far something is and can cancel it, until it is ended. */
export function showProgress(title: string, abort: AbortController): { tell(message: string): void; end(): void } {
  const ended = Promise.withResolvers<void>();
  let message = '';
  let report: (text: string) => void = () => {};
  const timer = setTimeout(() => {
    void vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: plainText(title), cancellable: true },
      async (progress, token) => {
        token.onCancellationRequested(() => abort.abort());
        report = (text) => progress.report({ message: plainText(text) });
        report(message);
        await ended.promise;
      },
    );
  }, PATIENCE);
  return {
    tell(text) {
      message = text;
      report(text);
    },
    end() {
      clearTimeout(timer);
      ended.resolve();
    },
  };
}

/** Runs work that can be cancelled; when it takes a moment, a notification shows its progress and the way to cancel. */
export async function withProgress<T>(
  title: string,
  run: (report: (message: string) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const shown = showProgress(title, abort);
  try {
    return await run(shown.tell, abort.signal);
  } finally {
    shown.end();
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
