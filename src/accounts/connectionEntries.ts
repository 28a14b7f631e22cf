import * as vscode from 'vscode';
import type { Connection } from '../contributions.ts';
import { CONNECTIONS_SETTING, configuredConnections } from './connectionSetting.ts';

/** Puts an entry behind the others. */
export function addEntry(connection: Connection): Promise<void> {
  return write([...entries(), connection]);
}

/** Puts another in the place of the entry with this name, or nothing. Entries that are wrong stay as they are. */
export async function replaceEntry(name: string, connection: Connection | undefined): Promise<void> {
  const at = configuredConnections().findIndex((entry) => entry.name === name);
  await write(
    entries().flatMap((entry, index) => (index !== at ? [entry] : connection === undefined ? [] : [connection])),
  );
}

function entries(): unknown[] {
  const value = vscode.workspace.getConfiguration().inspect<unknown>(CONNECTIONS_SETTING)?.globalValue;
  return Array.isArray(value) ? value : [];
}

async function write(value: unknown[]): Promise<void> {
  await vscode.workspace.getConfiguration().update(CONNECTIONS_SETTING, value, vscode.ConfigurationTarget.Global);
}
