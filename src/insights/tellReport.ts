import * as vscode from 'vscode';
import type { TableReport } from '../contributions.ts';
import { showFailure } from '../workbench/commands.ts';
import { explain } from '../workbench/failures.ts';
import { plainText } from '../workbench/text.ts';
import type { InsightParts } from './insightParts.ts';

const AGAIN = 'Fetch Again';

/** Tells what a report comes to where no table does: in words, how old the usage is, and a button that fetches it again. */
export async function tellReport(
  { log }: Pick<InsightParts, 'log'>,
  { command, argument }: TableReport,
  words: string,
  age: string | undefined,
): Promise<void> {
  const text = plainText([words, age].filter((each) => each !== undefined).join(' '));
  const answer = await vscode.window.showInformationMessage(text, AGAIN);
  if (answer === AGAIN) {
    try {
      await vscode.commands.executeCommand(command, { ...argument, anew: true });
    } catch (error) {
      // The command logged it.
      await showFailure(explain(error), log);
    }
  }
}
