import * as vscode from 'vscode';
import type { CommandId } from '../contributions.ts';
import { explain } from '../workbench/failures.ts';
import { plainText } from '../workbench/text.ts';
import { type DrillDoubt, type DrillSubject, drillTarget, type SpendMark } from './spendDrill.ts';

/** Opens the rows behind a mark; asks first where they would be others. */
export async function openRows(subject: DrillSubject, mark: SpendMark): Promise<void> {
  const { command, argument, doubt } = drillTarget(subject, mark);
  if (doubt !== undefined && !(await isAccepted(doubt))) {
    return;
  }
  try {
    await vscode.commands.executeCommand(command satisfies CommandId, argument);
  } catch (error) {
    void vscode.window.showErrorMessage(plainText(explain(error)));
  }
}

async function isAccepted({ message, open }: DrillDoubt): Promise<boolean> {
  return (await vscode.window.showWarningMessage(plainText(message), open)) === open;
}
