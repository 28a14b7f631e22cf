import * as vscode from 'vscode';
import { VIEW_ID } from '../contributions.ts';
import type { CommandRegistry } from '../workbench/commands.ts';
import { registerReports } from '../workbench/reportDocuments.ts';
import type { Connections } from './connections.ts';
import type { SignInStores } from './credentials.ts';

/** The commands of connections. Only the sample tenant's is at hand; the others are loaded when the first of them is called. */
export function registerConnectionCommands(
  connections: Connections,
  stores: SignInStores,
  commands: CommandRegistry,
): vscode.Disposable {
  commands.register('azureBilling.exploreSample', async () => {
    const name = await connections.addSample();
    await vscode.commands.executeCommand(`${VIEW_ID}.focus`);
    return name;
  });
  commands.registerLazily(
    [
      'azureBilling.addConnection',
      'azureBilling.editConnection',
      'azureBilling.removeConnection',
      'azureBilling.testConnection',
      'azureBilling.signIn',
      'azureBilling.signOut',
    ],
    async () => {
      const [{ connectionCommands }, { signInPartsOf }] = await Promise.all([
        import('./connectionCommands.ts'),
        import('./credentials.ts'),
      ]);
      return connectionCommands(connections, signInPartsOf(stores));
    },
  );
  return registerReports();
}
