import path from 'node:path';
import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import { fileLabel } from '../choices/fileLabel.ts';
import { type SaveSpendArgument, SPEND_SAVES } from '../contributions.ts';
import { writeAtomically } from '../disk/atomicFile.ts';
import { explain } from '../workbench/failures.ts';
import { pictureBytes } from '../workbench/pictureBytes.ts';
import { plainText } from '../workbench/text.ts';
import type { SavedPicture } from './pageSaves.ts';
import { type SpendSubject, scopeName } from './spendSubject.ts';
import { VIEW_ENDING, viewText } from './spendViewFile.ts';

const KINDS: Readonly<Record<SavedPicture['as'], { label: string; detail: string; ending: string }>> = {
  png: { label: 'PNG', detail: 'A picture, as it is on the screen', ending: 'png' },
  svg: { label: 'SVG', detail: 'A drawing that can be scaled and edited', ending: 'svg' },
  csv: { label: 'CSV', detail: 'The figures behind the picture, every digit', ending: 'csv' },
  markdown: { label: 'Markdown Table', detail: 'The figures, to the clipboard', ending: 'md' },
  view: {
    label: 'View',
    detail: 'The question alone: opens the same panel, for everybody who has the connection',
    ending: VIEW_ENDING,
  },
};

/** Asks in which format a picture is saved. Undefined when the user backs out. */
export async function pickSave(): Promise<SavedPicture['as'] | undefined> {
  const items = SPEND_SAVES.map((as) => ({ ...KINDS[as], as }));
  return (await vscode.window.showQuickPick(items, { title: 'Save Spend', placeHolder: 'As' }))?.as;
}

/**
 * Checks what a caller gave.
 *
 * @throws BillingError of kind `argument` that names the field
 */
export function checkSave({ as, file }: SaveSpendArgument): SaveSpendArgument {
  if (!SPEND_SAVES.includes(as)) {
    throw new BillingError('argument', `as: '${String(as).slice(0, 60)}' is not one of ${SPEND_SAVES.join(', ')}.`);
  }
  if (file !== undefined && (typeof file !== 'string' || !path.isAbsolute(file))) {
    throw new BillingError('argument', 'file: has to be an absolute path.');
  }
  return { as, ...(file === undefined ? {} : { file }) };
}

/**
 * Writes a picture where the person chooses, or into the file that a caller named. Markdown goes to the clipboard without one.
 *
 * @returns the path, or the text that was copied; undefined when the user backs out
 */
export async function savePicture(
  subject: SpendSubject,
  { as, data }: SavedPicture,
  file?: string,
): Promise<string | undefined> {
  const bytes = pictureBytes(as === 'view' ? viewText(subject) : data, as === 'png');
  if (as === 'markdown' && file === undefined) {
    await vscode.env.clipboard.writeText(data);
    vscode.window.setStatusBarMessage('Copied the table', 3000);
    return data;
  }
  const target = file === undefined ? await askFile(subject, as) : vscode.Uri.file(file);
  if (target === undefined) {
    return undefined;
  }
  if (target.scheme === 'file') {
    await writeAtomically(target.fsPath, bytes);
  } else {
    await vscode.workspace.fs.writeFile(target, bytes);
  }
  if (file === undefined) {
    vscode.window.setStatusBarMessage(`Saved ${path.basename(target.path)}`, 3000);
  }
  return target.fsPath;
}

/** As {@link savePicture}, for somebody who pressed a button of the page: a failure is shown. */
export async function savePictureShown(subject: SpendSubject, picture: SavedPicture): Promise<void> {
  try {
    await savePicture(subject, picture);
  } catch (error) {
    void vscode.window.showErrorMessage(plainText(explain(error)));
  }
}

function askFile(subject: SpendSubject, as: SavedPicture['as']): Thenable<vscode.Uri | undefined> {
  const { label, ending } = KINDS[as];
  const { period } = subject.question;
  const days = typeof period === 'string' ? period : `${period.from} to ${period.to}`;
  const name = `${fileLabel(scopeName(subject))} spend ${fileLabel(days)}.${ending}`;
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return vscode.window.showSaveDialog({
    title: `Save Spend as ${label}`,
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder.uri, name) }),
    // Dialogs compare what stands behind the last dot.
    filters: { [label]: [ending.slice(ending.lastIndexOf('.') + 1)] },
  });
}
