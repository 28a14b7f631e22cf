import { createHash } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import { fileLabel } from '../choices/fileLabel.ts';
import type { TableReport } from '../contributions.ts';
import { plainText } from '../workbench/text.ts';
import { reportFolder, writeReport } from './reportTable.ts';

/** Both sides of a comparison as texts. */
export interface SideDocuments {
  /** What they are called. */
  labels: readonly [string, string];
  texts: readonly [string, string];
  /** What tells them from the texts of another comparison. */
  report: TableReport;
}

/** Shows both sides in the editor's own comparison, in place of the tab that has an older one of the same question. */
export async function showSideDocuments(
  context: vscode.ExtensionContext,
  { labels: [before, after], texts: [textBefore, textAfter], report }: SideDocuments,
): Promise<void> {
  const key = createHash('sha256').update(JSON.stringify(report)).digest('hex').slice(0, 12);
  const [older] = openDiffs(reportFolder(context, 'txt'), key);
  // Other files, not the same ones with another content: the editor may not notice for a while that a file changed.
  const [left, right] = [
    await writeReport(context, `${key} ${fileLabel(before)}`, 'txt', textBefore),
    await writeReport(context, `${key} ${fileLabel(after)}`, 'txt', textAfter),
  ];
  const options: vscode.TextDocumentShowOptions = {
    preview: false,
    ...(older && { viewColumn: older.group.viewColumn }),
  };
  await vscode.commands.executeCommand(
    'vscode.diff',
    vscode.Uri.file(left),
    vscode.Uri.file(right),
    plainText(`${before} ↔ ${after}`),
    options,
  );
  const old = openDiffs(reportFolder(context, 'txt'), key).filter(({ input }) => sidesOf(input)[0]?.fsPath !== left);
  await vscode.window.tabGroups.close(old, true);
}

/** Tabs over files of ours with that key, which is in their names. */
function openDiffs(folder: string, key: string): vscode.Tab[] {
  const isOurs = ({ fsPath }: vscode.Uri) =>
    path.dirname(fsPath) === folder && path.basename(fsPath).includes(` ${key} `);
  return vscode.window.tabGroups.all.flatMap(({ tabs }) =>
    tabs.filter(({ input }) => {
      const sides = sidesOf(input);
      return sides.length > 0 && sides.every(isOurs);
    }),
  );
}

function sidesOf(input: unknown): vscode.Uri[] {
  return input instanceof vscode.TabInputTextDiff ? [input.original, input.modified] : [];
}
