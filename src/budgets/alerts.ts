import * as vscode from 'vscode';
import { dismissAlert } from '../api/arm/alerts.ts';
import type { ArmClient } from '../api/arm/armClient.ts';
import { parseCostScope } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import type { AlertArgument, NodeArgument } from '../contributions.ts';
import { type CommandHandlers, isTreeRow } from '../workbench/commands.ts';

interface ConnectionSource {
  arm(name: string): Promise<ArmClient>;
}

/** The commands on cost alerts. */
export function alertCommands(connections: ConnectionSource): Pick<CommandHandlers, 'azureBilling.dismissAlert'> {
  return {
    async 'azureBilling.dismissAlert'(argument) {
      const { connection, scope, alert } = readArgument(argument);
      const arm = await connections.arm(connection);
      const dismissed = await dismissAlert(arm, parseCostScope(scope), alert);
      if (isTreeRow(argument)) {
        await vscode.commands.executeCommand('azureBilling.refresh', argument);
      }
      return dismissed;
    },
  };
}

function readArgument(argument: AlertArgument | NodeArgument): AlertArgument {
  const row = argument as Partial<AlertArgument> & Partial<NodeArgument>;
  const given = {
    connection: row.connection,
    scope: isTreeRow(argument) ? row.costScope : row.scope,
    alert: row.alert,
  };
  for (const [field, value] of Object.entries(given)) {
    if (typeof value !== 'string' || value === '') {
      throw new BillingError('argument', `${field}: is missing.`, {
        advice: 'Call the command on an alert of the tree.',
      });
    }
  }
  return given as AlertArgument;
}
