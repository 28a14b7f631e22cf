import * as vscode from 'vscode';
import type { Connection } from '../contributions.ts';
import { explain } from '../workbench/failures.ts';
import { withProgress } from '../workbench/progress.ts';
import { plainText } from '../workbench/text.ts';
import type { AppSecrets } from './appSecrets.ts';
import { ConnectionError } from './connectionError.ts';
import type { Connections } from './connections.ts';
import { askProof } from './proofQuestions.ts';
import { BACK } from './questions.ts';
import { servicesOf } from './services.ts';

/**
 * Signs in to a connection, asking whatever its way of signing in asks.
 *
 * @returns whether somebody is signed in now
 * @throws BillingError of kind `signIn`; ConnectionError when the connection sends no token
 */
export async function signIn(name: string, connections: Connections, secrets: AppSecrets): Promise<boolean> {
  const connection = await connections.connectionOf(name);
  const { signIn: session } = await connections.clientsOf(name);
  if (session === undefined) {
    throw new ConnectionError(`connection: '${connection.name}' sends no token; there is nothing to sign in to.`);
  }
  if (connection.credential === 'servicePrincipal' && !(await ensureProof(connection, secrets))) {
    return false;
  }
  const failures = await withProgress(`Signing in to '${connection.name}'`, (_, signal) =>
    session.signIn(addressesOf(connection), signal),
  );
  connections.announceSignIn(connection.name);
  const [failure] = failures;
  if (failure !== undefined) {
    // Signed in all the same: what this one service wants is told beside it.
    void vscode.window.showWarningMessage(plainText(explain(failure)));
  }
  return true;
}

/** Signs out: tokens and everything that was fetched with them are dropped, and nothing is fetched until somebody signs in. */
export async function signOut(name: string, connections: Connections, secrets: AppSecrets): Promise<boolean> {
  const connection = await connections.connectionOf(name);
  const { signIn: session } = await connections.clientsOf(name);
  if (session === undefined) {
    throw new ConnectionError(`connection: '${connection.name}' sends no token; there is nothing to sign out of.`);
  }
  await session.signOut();
  if (connection.credential === 'servicePrincipal') {
    const others = connections.all().filter((other) => other.name !== connection.name);
    await secrets.forget(connection, others);
  }
  connections.announceSignIn(connection.name);
  return true;
}

/** Services that a person signs in to, Azure Resource Manager first. Partner Center has an app, and so a page, of its own. */
function addressesOf(connection: Connection): string[] {
  const { resourceManager, partnerCenter } = servicesOf(connection);
  const own = connection.clientId !== undefined || connection.credential !== 'editor';
  return partnerCenter !== undefined && own ? [resourceManager, partnerCenter] : [resourceManager];
}

async function ensureProof(connection: Connection, secrets: AppSecrets): Promise<boolean> {
  if ((await secrets.get(connection)) !== undefined) {
    return true;
  }
  const proof = await askProof({ title: `Sign In: ${connection.name}`, step: 1, total: 2 });
  if (proof === undefined || proof === BACK) {
    return false;
  }
  await secrets.store(connection, proof);
  return true;
}
