import type * as vscode from 'vscode';
import type { UsageEstimate } from '../usage/estimate.ts';
import type { UsageProgress } from '../usage/writeUsage.ts';
import { withProgress } from '../workbench/progress.ts';
import { waitText } from '../workbench/text.ts';
import type { UsageDocument, UsageDocuments } from './usageDocuments.ts';

/** Decides whether a job that takes long goes on; `size` says in words what it takes. */
export type BigJobDecision = (size: string, estimate: UsageEstimate, signal: AbortSignal) => Promise<boolean>;

/**
 * Builds a document with progress that can be cancelled; whoever waits for the same one joins. What takes long is told in the progress
 * before it is done.
 *
 * @param title what is fetched
 * @param decide asked before a job that takes long; left out, it is done
 * @throws as `UsageDocuments.build`; an AbortError when the decision is no
 */
export function fetchDocument(
  documents: UsageDocuments,
  uri: vscode.Uri,
  title: string,
  decide?: BigJobDecision,
): Promise<UsageDocument> {
  return withProgress(title, (report, signal) => {
    const declined = new AbortController();
    let size = '';
    return documents.build(uri, {
      signal: AbortSignal.any([signal, declined.signal]),
      async onEstimate(estimate) {
        const { estimateText, isBig } = await import('../usage/estimate.ts');
        if (!isBig(estimate)) {
          return;
        }
        size = estimateText(estimate);
        report(sentence(size));
        if (decide !== undefined && !(await decide(size, estimate, signal))) {
          declined.abort();
        }
      },
      onProgress: (progress) => report(progressText(progress, size)),
      onWait: (wait) => report(waitText(wait)),
    });
  });
}

function progressText({ rows, pages, source }: UsageProgress, size: string): string {
  const part = source === 'costDetails' ? 'file' : 'page';
  // The files of a billing export are read one behind the other, and nothing tells which one it is.
  const where = source === 'graph' ? '' : `, ${part} ${pages}`;
  return `${rows} rows${where}${size === '' ? '' : ` (${size})`}`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
