import * as vscode from 'vscode';
import { type Connection, VIEW_ID } from '../contributions.ts';
import type { CommandRegistry } from '../workbench/commands.ts';
import { ConnectionError, parseConnection } from './connection.ts';
import type { Connections } from './connections.ts';

/** The commands that add and remove connections. */
export function registerConnectionCommands(connections: Connections, commands: CommandRegistry): void {
  commands.register('azureBilling.exploreSample', async () => {
    const name = await connections.addSample();
    await vscode.commands.executeCommand(`${VIEW_ID}.focus`);
    return name;
  });
  commands.register('azureBilling.addConnection', async (argument) => {
    const entry = argument ?? (await askConnection());
    return entry === undefined ? undefined : connections.add(entry);
  });
  commands.register('azureBilling.removeConnection', async (argument) => {
    const name = argument?.connection ?? (await pickConnection(connections));
    return name === undefined ? undefined : connections.remove(name);
  });
}

async function askConnection(): Promise<Connection | undefined> {
  const title = 'Add Connection';
  const check = (value: Partial<Record<'name' | 'address', string>>) => {
    try {
      toConnection(value.name ?? 'name', value.address ?? 'http://127.0.0.1');
      return undefined;
    } catch (error) {
      return error instanceof ConnectionError ? error.message : String(error);
    }
  };
  const address = await vscode.window.showInputBox({
    title,
    prompt: 'Address of a billing service on this machine, for example what "npm run sample" prints',
    placeHolder: 'http://127.0.0.1:8080',
    validateInput: (text) => check({ address: text }),
  });
  if (address === undefined) {
    return undefined;
  }
  const name = await vscode.window.showInputBox({
    title,
    prompt: 'Name in the tree',
    validateInput: (text) => check({ name: text }),
  });
  return name === undefined ? undefined : toConnection(name, address);
}

function toConnection(name: string, address: string): Connection {
  return parseConnection({ name, cloud: 'custom', credential: 'none', endpoints: { resourceManager: address } });
}

async function pickConnection(connections: Connections): Promise<string | undefined> {
  const names = connections.list().filter((entry) => entry.problem === undefined);
  return vscode.window.showQuickPick(
    names.map((entry) => entry.name),
    { title: 'Remove Connection', placeHolder: 'Connection' },
  );
}
