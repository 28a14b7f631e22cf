import type * as vscode from 'vscode';
import { withProgress } from '../workbench/progress.ts';
import { waitText } from '../workbench/text.ts';
import type { UsageDocument, UsageDocuments } from './usageDocuments.ts';

/** Builds a document with progress that can be cancelled; whoever waits for the same one joins. */
export function fetchDocument(documents: UsageDocuments, uri: vscode.Uri, label: string): Promise<UsageDocument> {
  return withProgress(`Usage of ${label}`, (report, signal) =>
    documents.build(uri, {
      signal,
      onProgress: ({ rows, pages }) => report(`${rows} rows, page ${pages}`),
      onWait: (wait) => report(waitText(wait)),
    }),
  );
}
