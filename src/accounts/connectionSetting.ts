import * as vscode from 'vscode';
import { type Connection, SAMPLE_CONNECTION, type Settings } from '../contributions.ts';
import { parseConnection } from './connection.ts';
import { ConnectionError } from './connectionError.ts';

export const CONNECTIONS_SETTING = 'azureBilling.connections' satisfies keyof Settings;

/** An entry of the setting as it was understood, or what is wrong with it. */
export type ConfiguredConnection =
  | { name: string; connection: Connection; problem?: undefined }
  | { name: string; connection?: undefined; problem: string };

/** The entries in their order. One that is wrong says why; the others count. */
export function configuredConnections(): ConfiguredConnection[] {
  const value = vscode.workspace.getConfiguration().get<unknown>(CONNECTIONS_SETTING, []);
  if (!Array.isArray(value)) {
    return [{ name: CONNECTIONS_SETTING, problem: `${CONNECTIONS_SETTING}: has to be a list of connections.` }];
  }
  const taken = new Set([SAMPLE_CONNECTION.toLowerCase()]);
  return value.map((entry: unknown, index) => {
    try {
      const connection = parseConnection(entry);
      if (taken.has(connection.name.toLowerCase())) {
        throw new ConnectionError(`name: '${connection.name}' is taken already.`);
      }
      taken.add(connection.name.toLowerCase());
      return { name: connection.name, connection };
    } catch (error) {
      const problem = error instanceof ConnectionError ? error.message : String(error);
      return { name: `Connection ${index + 1}`, problem: `${CONNECTIONS_SETTING}, entry ${index + 1}: ${problem}` };
    }
  });
}
