import path from 'node:path';
import * as vscode from 'vscode';
import { byteText } from '../workbench/byteText.ts';
import { withProgress } from '../workbench/progress.ts';
import { plainText, waitText } from '../workbench/text.ts';
import type { DownloadOptions } from './downloadInto.ts';

/** Runs a download with its bytes as progress, and a way to cancel it. */
export function withDownloadProgress<T>(title: string, run: (options: DownloadOptions) => Promise<T>): Promise<T> {
  return withProgress(title, (report, signal) => {
    let shown = '';
    const show = (text: string) => {
      if (text !== shown) {
        shown = text;
        report(text);
      }
    };
    const onBytes = (received: number, total: number | undefined) =>
      show(total === undefined ? byteText(received) : `${byteText(received)} of ${byteText(total)}`);
    return run({ signal, onWait: (wait) => show(waitText(wait)), onBytes });
  });
}

/** A button of a message. It tells of its own failures. */
interface Way {
  label: string;
  run(): Promise<void>;
}

/** Tells that something was saved, with the ways to look at it and others. Nobody waits for the answer. */
export function tellSaved(sentence: string, target: string, isFolder: boolean, others: readonly Way[] = []): void {
  void offer(sentence, vscode.Uri.file(target), isFolder, others);
}

async function offer(sentence: string, target: vscode.Uri, isFolder: boolean, others: readonly Way[]): Promise<void> {
  const open = 'Open';
  const reveal = process.platform === 'darwin' ? 'Reveal in Finder' : 'Reveal in Folder';
  const ways = [...(isFolder ? [] : [open]), ...(hasFileManager() ? [reveal] : [])];
  const labels = others.map(({ label }) => label);
  const answer = await vscode.window.showInformationMessage(plainText(sentence), ...ways, ...labels);
  if (answer === reveal) {
    await vscode.commands.executeCommand('revealFileInOS', target);
  } else if (answer === open) {
    await openFile(target);
  } else {
    await others.find(({ label }) => label === answer)?.run();
  }
}

/** A browser, or a window to another machine, has no file manager to show anything in. */
export function hasFileManager(): boolean {
  return vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
}

/** The editor shows text; anything else belongs to the system's own program. */
export async function openFile(target: vscode.Uri): Promise<void> {
  const text = /^\.(csv|json|ndjson)$/i.test(path.extname(target.fsPath));
  await (text || !hasFileManager()
    ? vscode.commands.executeCommand('vscode.open', target)
    : vscode.env.openExternal(target));
}
