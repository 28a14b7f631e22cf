import { access } from 'node:fs/promises';
import * as vscode from 'vscode';
import { refused } from '../api/arm/input.ts';
import type { ExportJob, ExportJobArgument } from '../contributions.ts';
import type { JobSnapshot } from '../jobs/jobTypes.ts';
import { type CommandHandlers, calledByPerson } from '../workbench/commands.ts';
import { plainText } from '../workbench/text.ts';
import { askCosts } from './askCosts.ts';
import { askTransactions } from './askTransactions.ts';
import { hasFileManager, openFile } from './downloadJob.ts';
import type { ExportJobs } from './exportJobs.ts';
import { ExportRunner } from './exportRunner.ts';
import { exportRow, exportUsage } from './exportUsage.ts';
import { isOver } from './jobRows.ts';
import { resetPseudonyms } from './pseudonymKey.ts';

type JobCommand =
  | 'exportUsage'
  | 'exportCosts'
  | 'exportTransactions'
  | 'listJobs'
  | 'pauseJob'
  | 'resumeJob'
  | 'cancelJob'
  | 'repeatJob'
  | 'removeJob'
  | 'removeFinishedJobs'
  | 'revealJobFile'
  | 'openJobFile'
  | 'copyJobPath'
  | 'showJobManifest'
  | 'resetPseudonyms';

/** The commands that export usage, and those on the list of exports. */
export function jobCommands(exports: ExportJobs): Pick<CommandHandlers, `azureBilling.${JobCommand}`> {
  const { jobs } = exports;
  const runner = new ExportRunner(exports);

  const jobOf = (argument: ExportJobArgument | undefined): JobSnapshot => {
    const found = argument?.job === undefined ? undefined : jobs.get(argument.job);
    if (found === undefined) {
      throw refused(
        'job',
        `there is no export '${String(argument?.job).slice(0, 60)}' in the list; listJobs gives their ids.`,
      );
    }
    return found;
  };
  /** One that this window may touch, in a state that allows it. */
  const jobIn = (argument: ExportJobArgument, states: readonly JobSnapshot['state'][], action: string): JobSnapshot => {
    const found = jobOf(argument);
    if (found.elsewhere === true) {
      throw refused('job', `another window works on it; it can be ${action} there.`);
    }
    if (!states.includes(found.state)) {
      throw refused('job', `it is ${found.state} and cannot be ${action}.`);
    }
    return found;
  };
  /** The file of one that is done, or the manifest beside it. */
  const fileOf = async (argument: ExportJobArgument, ending = ''): Promise<vscode.Uri> => {
    const { state, request } = jobOf(argument);
    if (state !== 'done') {
      throw refused('job', `it is ${state}: there is no file yet.`);
    }
    const file = `${request.target.file}${ending}`;
    await access(file).catch(() => {
      throw refused('job', `its file '${file}' is not there any more; export again.`);
    });
    return vscode.Uri.file(file);
  };

  return {
    'azureBilling.exportUsage': (argument, selection) => exportUsage(exports, argument, selection),
    'azureBilling.exportCosts': (argument) => exportRow(exports, argument, askCosts),
    'azureBilling.exportTransactions': (argument) => exportRow(exports, argument, askTransactions),
    'azureBilling.listJobs': () => jobs.list().map(told),
    'azureBilling.pauseJob': async (argument) => {
      const { id } = jobIn(argument, ['planning', 'running'], 'paused');
      await jobs.pause(id);
      return told(jobOf({ job: id }));
    },
    'azureBilling.resumeJob': (argument) => {
      const { id } = jobIn(argument, ['paused', 'failed', 'interrupted'], 'resumed');
      return runner.resume(id, calledByPerson(argument));
    },
    'azureBilling.cancelJob': async (argument) => {
      const states = ['planning', 'asking', 'running', 'finishing', 'paused', 'failed', 'interrupted'] as const;
      const found = jobIn(argument, states, 'cancelled');
      await jobs.cancel(found.id);
      return told(jobs.get(found.id) ?? { ...found, state: 'cancelled' });
    },
    'azureBilling.repeatJob': (argument) => {
      const found = jobIn(argument, ['done', 'cancelled', 'failed'], 'repeated');
      return runner.repeat(found, calledByPerson(argument));
    },
    'azureBilling.removeJob': async (argument) => {
      await jobs.remove(jobIn(argument, ['done', 'cancelled', 'failed'], 'removed from the list').id);
      return undefined;
    },
    'azureBilling.removeFinishedJobs': async () => {
      for (const { id } of jobs.list().filter(isOver)) {
        await jobs.remove(id);
      }
      return undefined;
    },
    'azureBilling.revealJobFile': async (argument) => {
      const file = await fileOf(argument);
      await vscode.commands.executeCommand(hasFileManager() ? 'revealFileInOS' : 'vscode.open', file);
      return file.fsPath;
    },
    'azureBilling.openJobFile': async (argument) => {
      const file = await fileOf(argument);
      await openFile(file);
      return file.fsPath;
    },
    'azureBilling.copyJobPath': async (argument) => {
      const { file } = jobOf(argument).request.target;
      await vscode.env.clipboard.writeText(file);
      vscode.window.setStatusBarMessage(plainText(`Copied ${file}`), 3000);
      return file;
    },
    'azureBilling.showJobManifest': async (argument) => {
      const file = await fileOf(argument, '.manifest.json');
      await vscode.commands.executeCommand('vscode.open', file, { preview: true });
      return file.fsPath;
    },
    'azureBilling.resetPseudonyms': () => resetPseudonyms(exports.parts.context.secrets),
  };
}

function told({ id, request, state, rows, bytes, error }: JobSnapshot): ExportJob {
  const { title, target } = request;
  const problem = error && [error.message, error.advice].filter(Boolean).join(' ');
  return { job: id, title, file: target.file, state, rows, bytes, ...(problem === undefined ? {} : { problem }) };
}
