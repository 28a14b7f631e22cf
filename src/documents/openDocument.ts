import * as vscode from 'vscode';
import { type BigJobDecision, fetchDocument } from './fetchDocument.ts';
import type { UsageDocuments } from './usageDocuments.ts';

/**
 * Fetches a document and shows it in a tab. What is closed does not change: an open tab of it is brought to the front without a request.
 *
 * @param title what the progress says is fetched
 * @returns the address of the tab, that of a file when the document is larger than the editor takes
 */
export function openDocument(
  documents: UsageDocuments,
  uri: vscode.Uri,
  title: string,
  decide?: BigJobDecision,
): Promise<vscode.Uri> {
  return documents.hold(uri, async () => {
    const known = documents.get(uri);
    const document = known?.state === 'closed' ? known : await fetchDocument(documents, uri, title, decide);
    const target = document.content instanceof vscode.Uri ? document.content : uri;
    // Not openTextDocument: the editor opens large files itself but gives them to no extension.
    await vscode.commands.executeCommand('vscode.open', target, { preview: false });
    return target;
  });
}
