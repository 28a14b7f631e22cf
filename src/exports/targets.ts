import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { plainText } from '../workbench/text.ts';
import { BackedOut } from './ask.ts';
import { safeFileName } from './fileNames.ts';

/** The folder that dialogs begin in. */
export function startFolder(): string {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  return first?.uri.scheme === 'file' ? first.uri.fsPath : os.homedir();
}

/** Asks where a file shall go; the dialog itself asks before it lets one be replaced. */
export async function askFile(
  title: string,
  name: string,
  filters: Readonly<Record<string, readonly string[]>>,
): Promise<string> {
  const picked = await vscode.window.showSaveDialog({
    title,
    defaultUri: vscode.Uri.file(path.join(startFolder(), name)),
    filters: Object.fromEntries(Object.entries(filters).map(([label, endings]) => [label, [...endings]])),
    saveLabel: 'Download',
  });
  return localPath(picked);
}

/**
 * Asks for a folder, and gives one in it that carries the name of what is downloaded: files of exports are called alike in every
 * run.
 */
export async function askFolder(title: string, name: string): Promise<string> {
  const [picked] =
    (await vscode.window.showOpenDialog({
      title,
      defaultUri: vscode.Uri.file(startFolder()),
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: 'Download into Folder',
    })) ?? [];
  const folder = path.join(localPath(picked), safeFileName(name, 'export'));
  const there = await readdir(folder).catch(() => []);
  if (there.length > 0) {
    await confirmReplace(
      `The folder ${path.basename(folder)} is there already.`,
      'Files of the same name in it are replaced.',
    );
  }
  return folder;
}

/** @throws BackedOut when the person wants to keep what is there */
export async function confirmReplace(sentence: string, detail: string): Promise<void> {
  const replace = 'Replace';
  const answer = await vscode.window.showWarningMessage(plainText(sentence), { modal: true, detail }, replace);
  if (answer !== replace) {
    throw new BackedOut();
  }
}

function localPath(picked: vscode.Uri | undefined): string {
  if (picked === undefined) {
    throw new BackedOut();
  }
  if (picked.scheme !== 'file') {
    throw new Error('Choose a place on this machine: downloads are written to its disk.');
  }
  return picked.fsPath;
}
