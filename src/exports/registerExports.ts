import * as vscode from 'vscode';
import type { CommandRegistry } from '../workbench/commands.ts';
import { describeForLog } from '../workbench/failures.ts';
import type { ExportJobs } from './exportJobs.ts';
import type { ExportParts } from './exportParts.ts';
import { JobsView } from './jobsView.ts';
import { UNFINISHED_KEY } from './unfinished.ts';

/** The start of the editor comes first. Milliseconds. */
const PATIENCE = 2_000;

/** The list of exports and the commands around it. Nothing is loaded or read before somebody needs it. */
export function registerExports(parts: ExportParts, commands: CommandRegistry): vscode.Disposable {
  let exports: Promise<ExportJobs> | undefined;
  const open = (): Promise<ExportJobs> => {
    exports ??= import('./exportJobs.ts').then(({ openExportJobs }) => openExportJobs(parts, view));
    exports.catch(() => {
      exports = undefined;
    });
    return exports;
  };
  const view = new JobsView(async () => (await open()).rows);
  commands.registerLazily(
    [
      'azureBilling.exportUsage',
      'azureBilling.exportCosts',
      'azureBilling.exportTransactions',
      'azureBilling.listJobs',
      'azureBilling.pauseJob',
      'azureBilling.resumeJob',
      'azureBilling.cancelJob',
      'azureBilling.repeatJob',
      'azureBilling.removeJob',
      'azureBilling.removeFinishedJobs',
      'azureBilling.revealJobFile',
      'azureBilling.openJobFile',
      'azureBilling.copyJobPath',
      'azureBilling.showJobManifest',
      'azureBilling.resetPseudonyms',
    ],
    async () => (await import('./jobCommands.ts')).jobCommands(await open()),
  );
  const look = async () => (await import('./interrupted.ts')).resumeInterrupted(await open());
  const timer = parts.context.globalState.get(UNFINISHED_KEY)
    ? setTimeout(() => look().catch((error: unknown) => parts.log.error(`Exports: ${describeForLog(error)}`)), PATIENCE)
    : undefined;
  return new vscode.Disposable(() => {
    clearTimeout(timer);
    void exports?.then((opened) => opened.dispose());
    view.dispose();
  });
}
