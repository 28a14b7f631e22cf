import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { type CostExport, createExport, deleteExport, getExport, runExport, updateExport } from '../api/arm/exports.ts';
import { type CostScope, parseCostScope } from '../api/arm/scope.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import type { ExportArgument, NodeArgument } from '../contributions.ts';
import { type CommandHandlers, isTreeRow } from '../workbench/commands.ts';
import { withProgress } from '../workbench/progress.ts';
import { plainText, waitText } from '../workbench/text.ts';
import { planExport } from './planExport.ts';

interface ConnectionSource {
  arm(name: string): Promise<ArmClient>;
}

/** The export that a command is about, and how to reach it. */
interface Target {
  arm: ArmClient;
  scope: CostScope;
  name: string;
}

type ExportCommand = 'createExport' | 'updateExport' | 'pauseExport' | 'resumeExport' | 'runExport' | 'deleteExport';

/** The commands on exports that Azure writes to a storage account: create, change, pause, resume, run, delete. */
export function scheduledExportCommands(
  connections: ConnectionSource,
): Pick<CommandHandlers, `azureBilling.${ExportCommand}`> {
  const targetOf = async (argument: ExportArgument | NodeArgument, nameNeeded = true): Promise<Target> => {
    const given = readArgument(argument, nameNeeded);
    return { arm: await connections.arm(given.connection), scope: parseCostScope(given.scope), name: given.export };
  };
  const change = <T>(title: string, run: (send: SendOptions) => Promise<T>): Promise<T> =>
    withProgress(title, (report, signal) => run({ signal, onWait: (wait) => report(waitText(wait)) }));

  /** Reads the export, changes its schedule and nothing else, and writes it back with its eTag. */
  const setStatus = async (argument: ExportArgument | NodeArgument, status: 'Active' | 'Inactive') => {
    const { arm, scope, name } = await targetOf(argument);
    const updated = await change(`${status === 'Active' ? 'Resuming' : 'Pausing'} the export ${name}`, async (send) => {
      const now = await getExport(arm, scope, name, {}, send);
      return updateExport(arm, scope, name, withStatus(now, status), send);
    });
    // The row itself is one of its parent's list.
    await refresh(isTreeRow(argument) ? argument.parent : undefined);
    return updated;
  };
  return {
    'azureBilling.createExport': async (argument) => {
      const row = isTreeRow(argument);
      const target = await targetOf(argument, !row);
      const planned =
        'body' in argument
          ? { name: target.name, body: argument.body }
          : await planExport(target.arm, target.scope, new Date());
      if (planned === undefined) {
        return undefined;
      }
      const created = await change(`Creating the export ${planned.name}`, (send) =>
        createExport(target.arm, target.scope, planned.name, planned.body, send),
      );
      await refresh(argument);
      return created;
    },
    'azureBilling.updateExport': async (argument) => {
      const { arm, scope, name } = await targetOf(argument);
      return change(`Changing the export ${name}`, (send) => updateExport(arm, scope, name, argument.body, send));
    },

    'azureBilling.pauseExport': (argument) => setStatus(argument, 'Inactive'),
    'azureBilling.resumeExport': (argument) => setStatus(argument, 'Active'),

    'azureBilling.runExport': async (argument) => {
      const { arm, scope, name } = await targetOf(argument);
      const period = 'period' in argument ? argument.period : undefined;
      await change(`Starting the export ${name}`, (send) => runExport(arm, scope, name, period, send));
      await refresh(argument);
      if (isTreeRow(argument)) {
        void vscode.window.showInformationMessage(
          plainText(`The export ${name} was started. Azure takes up to some hours to write its files.`),
        );
      }
      return undefined;
    },

    'azureBilling.deleteExport': async (argument) => {
      const { arm, scope, name } = await targetOf(argument);
      if (isTreeRow(argument) && !(await confirmDeletion(name))) {
        return undefined;
      }
      await change(`Deleting the export ${name}`, (send) => deleteExport(arm, scope, name, send));
      await refresh(isTreeRow(argument) ? argument.parent : undefined);
      return undefined;
    },
  };
}

function readArgument(argument: ExportArgument | NodeArgument, nameNeeded: boolean): ExportArgument {
  const row = argument as Partial<ExportArgument> & Partial<NodeArgument>;
  const given = {
    connection: row.connection,
    scope: isTreeRow(argument) ? row.costScope : row.scope,
    export: row.export ?? row.exportName ?? (nameNeeded ? undefined : 'new'),
  };
  for (const [field, value] of Object.entries(given)) {
    if (typeof value !== 'string' || value === '') {
      throw new BillingError('argument', `${field}: is missing.`, {
        advice: 'Call the command on an export of the tree.',
      });
    }
  }
  return given as ExportArgument;
}

/** The export as it was read with another status; what only the service writes goes back unchanged and is ignored there. */
function withStatus(now: CostExport, status: 'Active' | 'Inactive'): Record<string, unknown> {
  const { schedule, ...properties } = now.properties;
  if (status === 'Active' && !schedule?.recurrence) {
    throw new BillingError('argument', 'properties.schedule.recurrence: this export has none to resume.', {
      advice: 'Run it by hand, or write a schedule with Update Export.',
    });
  }
  const { runHistory: _read, nextRunTimeEstimate: _estimate, ...rest } = properties;
  return { ...now, properties: { ...rest, schedule: { ...schedule, status } } };
}

async function confirmDeletion(name: string): Promise<boolean> {
  const typed = await vscode.window.showInputBox({
    title: plainText(`Delete the export ${name}`),
    prompt: 'Its files stay in the storage account. Type the name of the export to delete it.',
    placeHolder: plainText(name),
    validateInput: (text) => (text === name ? undefined : 'Type the name of the export exactly.'),
  });
  return typed === name;
}

async function refresh(argument: unknown): Promise<void> {
  if (isTreeRow(argument)) {
    await vscode.commands.executeCommand('azureBilling.refresh', argument);
  }
}
