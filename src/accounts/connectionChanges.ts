import { type Connection, SAMPLE_CONNECTION } from '../contributions.ts';
import { parseConnection } from './connection.ts';
import { addEntry, replaceEntry } from './connectionEntries.ts';
import { ConnectionError } from './connectionError.ts';
import type { Connections } from './connections.ts';
import type { SignInParts } from './credentials.ts';

/** @throws ConnectionError when the entry is wrong or its name is taken */
export async function addConnection(
  value: unknown,
  connections: Connections,
  { memory }: SignInParts,
): Promise<Connection> {
  const connection = parseConnection(value);
  assertFree(connection.name, connections);
  // One of this name that was removed by hand may have left something behind.
  await memory.move(connection.name, undefined);
  await addEntry(connection);
  return connection;
}

/**
 * Changes members of a connection; undefined or null ones are taken away.
 *
 * @throws ConnectionError when there is no such connection, or it would be wrong
 */
export async function editConnection(
  name: string,
  changes: Readonly<Record<string, unknown>>,
  connections: Connections,
  { memory, secrets }: SignInParts,
): Promise<Connection> {
  if (typeof changes !== 'object' || changes === null || Array.isArray(changes)) {
    throw new ConnectionError('changes: has to be an object with the members to change.');
  }
  const before = connections.configured(name);
  const merged = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined && value !== null);
  const connection = parseConnection(Object.fromEntries(merged));
  if (connection.name.toLowerCase() !== before.name.toLowerCase()) {
    assertFree(connection.name, connections);
    await memory.move(before.name, connection.name);
  }
  if (connection.cloud !== before.cloud || connection.credential !== before.credential) {
    // Another way to sign in knows other accounts.
    await memory.move(connection.name, undefined);
  }
  await replaceEntry(before.name, connection);
  if (before.credential === 'servicePrincipal') {
    await secrets.forget(before, connections.all());
  }
  return connection;
}

/** Removes a connection with all that is kept of its sign-in. @throws ConnectionError when there is no such connection */
export async function removeConnection(
  name: string,
  connections: Connections,
  { memory, secrets }: SignInParts,
): Promise<Connection> {
  if (connections.find(name) === SAMPLE_CONNECTION) {
    return connections.removeSample();
  }
  const connection = connections.configured(name);
  await replaceEntry(connection.name, undefined);
  await memory.move(connection.name, undefined);
  if (connection.credential === 'servicePrincipal') {
    await secrets.forget(connection, connections.all());
  }
  return connection;
}

function assertFree(name: string, connections: Connections): void {
  if (connections.find(name) !== undefined || name.toLowerCase() === SAMPLE_CONNECTION.toLowerCase()) {
    throw new ConnectionError(`name: '${name}' is taken already.`);
  }
}
