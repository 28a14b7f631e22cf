import * as vscode from 'vscode';
import type { Connection, ConnectionReport } from '../contributions.ts';
import { type CommandHandlers, isTreeRow } from '../workbench/commands.ts';
import { explain } from '../workbench/failures.ts';
import { withProgress } from '../workbench/progress.ts';
import { showReport } from '../workbench/reportDocuments.ts';
import { plainText } from '../workbench/text.ts';
import { askConnection } from './addConnection.ts';
import { addConnection, editConnection, removeConnection } from './connectionChanges.ts';
import { ConnectionError } from './connectionError.ts';
import type { Connections } from './connections.ts';
import { testConnection } from './connectionTest.ts';
import type { SignInParts } from './credentials.ts';
import { askChanges } from './editConnection.ts';
import { hasRefusal, reportSentence, reportText } from './reportText.ts';
import { servicesOf } from './services.ts';
import { signIn, signOut } from './signInCommands.ts';

type ConnectionCommands = Pick<
  CommandHandlers,
  | 'azureBilling.addConnection'
  | 'azureBilling.editConnection'
  | 'azureBilling.removeConnection'
  | 'azureBilling.testConnection'
  | 'azureBilling.signIn'
  | 'azureBilling.signOut'
>;

/** Called with a plain argument they ask nothing that it says; called from the palette they ask for the connection too. */
export function connectionCommands(connections: Connections, parts: SignInParts): ConnectionCommands {
  const { memory, secrets } = parts;
  const test = (name: string): Promise<ConnectionReport> =>
    withProgress(`Looking what '${name}' can see`, async (_, signal) => {
      const [clients, connection] = await Promise.all([connections.clientsOf(name), connections.connectionOf(name)]);
      return testConnection(connection.name, clients, servicesOf(connection), { signal, now: new Date() });
    });

  /** The last step of adding one: signs in where a person is needed, and tells what is seen. */
  const tryOut = async (connection: Connection): Promise<void> => {
    const { name, credential } = connection;
    try {
      if (credential === 'editor' || credential === 'deviceCode') {
        await signIn(name, connections, secrets);
      }
      await tell(await test(name));
    } catch (error) {
      await vscode.window.showWarningMessage(
        plainText(`'${name}' was added, but could not be tried out. ${explain(error)}`),
      );
    }
  };

  return {
    async 'azureBilling.addConnection'(argument) {
      if (argument !== undefined) {
        return addConnection(argument, connections, parts);
      }
      const asked = await askConnection({
        parts,
        isTaken: (name) => connections.find(name) !== undefined,
      });
      if (asked === undefined) {
        return undefined;
      }
      const connection = await addConnection(asked.connection, connections, parts);
      if (asked.proof !== undefined) {
        await secrets.store(connection, asked.proof);
      }
      if (asked.account !== undefined) {
        await memory.note(connection.name, { account: asked.account });
      }
      void tryOut(connection);
      return connection;
    },

    async 'azureBilling.editConnection'(argument) {
      const name = argument?.connection ?? (await pickConnection(connections, 'Edit Connection', { sample: false }));
      if (name === undefined) {
        return undefined;
      }
      if (argument?.changes !== undefined) {
        return editConnection(name, argument.changes, connections, parts);
      }
      const connection = connections.configured(name);
      const asked = await askChanges(
        connection,
        (taken) => taken.toLowerCase() !== connection.name.toLowerCase() && connections.find(taken) !== undefined,
      );
      if (asked === undefined) {
        return undefined;
      }
      const edited = await editConnection(connection.name, asked.changes, connections, parts);
      if (asked.proof !== undefined) {
        await secrets.store(edited, asked.proof);
        // Who was signed out and gives a new one signs in with it.
        await memory.note(edited.name, { signedOut: undefined });
        connections.announceSignIn(edited.name);
      }
      return edited;
    },

    async 'azureBilling.removeConnection'(argument) {
      const name = argument?.connection ?? (await pickConnection(connections, 'Remove Connection'));
      return name === undefined ? undefined : removeConnection(name, connections, parts);
    },

    async 'azureBilling.testConnection'(argument) {
      const name = argument?.connection ?? (await pickConnection(connections, 'Test Connection'));
      if (name === undefined) {
        return undefined;
      }
      const report = await test(name);
      if (argument === undefined || isTreeRow(argument)) {
        await showReport(`${report.connection} access`, reportText(report));
      }
      return report;
    },

    async 'azureBilling.signIn'(argument) {
      const name = argument?.connection ?? (await pickConnection(connections, 'Sign In', { sample: false }));
      return name === undefined ? undefined : signIn(known(connections, name), connections, secrets);
    },

    async 'azureBilling.signOut'(argument) {
      const name = argument?.connection ?? (await pickConnection(connections, 'Sign Out', { sample: false }));
      return name === undefined ? undefined : signOut(known(connections, name), connections, secrets);
    },
  };
}

function known(connections: Connections, name: string): string {
  const found = connections.find(name);
  if (found === undefined) {
    throw new ConnectionError(`connection: there is no connection '${String(name)}'.`);
  }
  return found;
}

async function tell(report: ConnectionReport): Promise<void> {
  const details = 'Show Report';
  const show = hasRefusal(report) ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  if ((await show(plainText(reportSentence(report)), details)) === details) {
    await showReport(`${report.connection} access`, reportText(report));
  }
}

async function pickConnection(
  connections: Connections,
  title: string,
  { sample = true } = {},
): Promise<string | undefined> {
  const names = connections.list().filter((entry) => entry.problem === undefined && (sample || !entry.sample));
  if (names.length === 0) {
    void vscode.window.showInformationMessage(
      'There is no connection yet; add one with "Azure Billing: Add Connection…".',
    );
    return undefined;
  }
  return vscode.window.showQuickPick(
    names.map((entry) => entry.name),
    { title, placeHolder: 'Connection' },
  );
}
