import { createHash } from 'node:crypto';
import type { Connection } from '../contributions.ts';
import type { ConnectionSignIn } from './connectionSignIn.ts';
import { servicesOf } from './services.ts';

/** How long getting a token may take before it counts as nobody's. Milliseconds. */
const PATIENCE = 10_000;

/**
 * Where a connection asks, and as whom, in a text that tells neither; undefined when nobody is signed in.
 *
 * @param signIn undefined: it sends no token
 */
export async function originOf(
  connection: Connection,
  signIn: ConnectionSignIn | undefined,
): Promise<string | undefined> {
  const { name: _none, ...identity } = connection;
  const { resourceManager } = servicesOf(connection);
  const subject =
    signIn === undefined ? 'nobody' : await signIn.subject(resourceManager, AbortSignal.timeout(PATIENCE));
  return subject === undefined
    ? undefined
    : createHash('sha256')
        .update(JSON.stringify([identity, subject]))
        .digest('hex');
}
