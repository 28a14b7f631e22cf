import * as vscode from 'vscode';
import { setting } from '../workbench/commands.ts';
import { describeForLog, explain, isCancellation } from '../workbench/failures.ts';
import { plainText } from '../workbench/text.ts';
import type { ExportJobs } from './exportJobs.ts';
import { ExportRunner } from './exportRunner.ts';
import { isActive } from './jobRows.ts';
import { UNFINISHED_KEY } from './unfinished.ts';

/** Goes on with the exports that the end of the editor interrupted, as the setting says: after one question for all of them. */
export async function resumeInterrupted(exports: ExportJobs): Promise<void> {
  const { jobs, parts, view, rows } = exports;
  const interrupted = jobs.list().filter(({ state, elsewhere }) => state === 'interrupted' && elsewhere !== true);
  const choice = setting('azureBilling.export.resumeInterrupted');
  // Nobody is asked twice; what began in the meantime may be interrupted as well.
  const forget = async () => {
    if (!jobs.list().some(isActive)) {
      await parts.context.globalState.update(UNFINISHED_KEY, undefined);
    }
  };
  if (interrupted.length === 0 || choice === 'never') {
    await forget();
    return;
  }
  if (choice === 'ask') {
    const resume = 'Resume';
    const show = 'Show Exports';
    const what = interrupted.length === 1 ? 'An export was' : `${interrupted.length} exports were`;
    const answer = await vscode.window.showInformationMessage(
      `${what} interrupted by the end of the editor. What was fetched is kept.`,
      resume,
      show,
    );
    await forget();
    const row = rows.find(interrupted[0]?.id ?? '');
    if (answer === show && row !== undefined) {
      await view.view.reveal(row, { select: true, focus: true });
    }
    if (answer !== resume) {
      return;
    }
  }
  const runner = new ExportRunner(exports);
  for (const { id, request } of interrupted) {
    // Each tells of its own end; one that does not begin has nobody else to tell of it.
    runner.resume(id, true).catch((error: unknown) => {
      parts.log.error(`Export ${id}: ${describeForLog(error)}`);
      if (choice === 'ask' && !isCancellation(error)) {
        void vscode.window.showErrorMessage(plainText(`${request.title}: ${explain(error)}`));
      }
    });
  }
}
