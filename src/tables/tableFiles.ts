import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { newHolder } from '../disk/holder.ts';
import { removeLeft } from '../disk/leftFiles.ts';

/** What the engine reads of what a person opens. */
export interface LocalFiles {
  /** Absolute paths. */
  paths: string[];
  /** Changes when a file does. */
  stamp: string;
  /** Removes copies. */
  dispose(): Promise<void>;
}

/** A file that should be opened is not there. */
export class FileGone extends Error {}

/**
 * Files as the engine can read them: those of this disk as they are, documents of other file systems as copies.
 *
 * @param folder absolute path, where copies go
 * @throws FileGone; what reading a document throws; the signal's reason. Nothing is left then
 */
export async function localFiles(
  uris: readonly vscode.Uri[],
  folder: string,
  signal: AbortSignal,
): Promise<LocalFiles> {
  const copies: string[] = [];
  const dispose = async () => {
    await Promise.all(copies.map((copy) => rm(copy, { force: true })));
  };
  try {
    const paths: string[] = [];
    for (const uri of uris) {
      paths.push(uri.scheme === 'file' ? uri.fsPath : await copyOf(uri, folder, signal, copies));
    }
    const stamp = await stampOf(paths);
    // Whoever closed the table meanwhile found nothing to remove.
    signal.throwIfAborted();
    return { paths, stamp, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function copyOf(uri: vscode.Uri, folder: string, signal: AbortSignal, copies: string[]): Promise<string> {
  const content = await vscode.workspace.fs.readFile(uri);
  signal.throwIfAborted();
  await mkdir(folder, { recursive: true });
  // Of windows that ended without a word.
  await removeLeft(folder, (name) => name.replace(TABLE_FILE, ''));
  const copy = path.join(folder, `${newHolder()}${endingOf(uri.path)}`);
  copies.push(copy);
  await writeFile(copy, content, { mode: 0o600 });
  return copy;
}

/** Sizes and times of files. @throws FileGone */
export async function stampOf(paths: readonly string[]): Promise<string> {
  const stamps = await Promise.all(
    paths.map(async (file) => {
      const found = await stat(file).catch(() => undefined);
      if (found === undefined || !found.isFile()) {
        throw new FileGone(`${path.basename(file)} is not there any more, or is no file; look where it was moved to.`);
      }
      return `${found.size} ${found.mtimeMs}`;
    }),
  );
  return stamps.join(';');
}

/** Files that a table can be opened over. */
const TABLE_FILE = /\.(?:csv|csv\.gz|parquet)$/i;

export function isTableFile(file: string): boolean {
  return TABLE_FILE.test(file);
}

function endingOf(file: string): string {
  return TABLE_FILE.exec(file)?.[0].toLowerCase() ?? '.csv';
}

/** Whether a text editor shows more than signs. */
export function isText(uri: vscode.Uri): boolean {
  return uri.path.toLowerCase().endsWith('.csv');
}
