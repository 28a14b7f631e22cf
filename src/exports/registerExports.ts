import type { CommandRegistry } from '../workbench/commands.ts';
import { describeForLog } from '../workbench/failures.ts';
import type { ExportJobs } from './exportJobs.ts';
import type { ExportParts } from './exportParts.ts';
import { JobsView } from './jobsView.ts';
import { UNFINISHED_KEY } from './unfinished.ts';

/** The start of the editor comes first. Milliseconds. */
const PATIENCE = 2_000;

/**
 * The list of exports and the commands around it. Nothing is loaded or read before somebody needs it.
 *
 * @returns ends all of it; resolves when what was under way is on the disk and can be resumed
 */
export function registerExports(parts: ExportParts, commands: CommandRegistry): () => Promise<void> {
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
  return async () => {
    clearTimeout(timer);
    const opened = await exports?.catch(() => undefined);
    await opened?.close();
    view.dispose();
  };
}
