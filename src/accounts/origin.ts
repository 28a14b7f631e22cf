import { createHash } from 'node:crypto';
import type { Connection } from '../contributions.ts';
import type { ConnectionSignIn } from './connectionSignIn.ts';
import { servicesOf } from './services.ts';

/** How long getting a token may take before it counts as nobody's. Milliseconds. */
const PATIENCE = 10_000;

/** Whom a connection asks as at a moment. */
export interface AskedAs {
  /** Where it asks, and as whom, in a text that tells neither; undefined when nobody is signed in, or nobody can tell who. */
  origin: string | undefined;
  /** See {@link ConnectionSignIn.turn}; undefined where no token is sent. */
  turn: symbol | undefined;
}

/**
 * Whom a connection asks as now.
 *
 * @param signIn undefined: it sends no token
 */
export async function askedAs(connection: Connection, signIn: ConnectionSignIn | undefined): Promise<AskedAs> {
  const { name: _none, ...identity } = connection;
  const { resourceManager } = servicesOf(connection);
  const subject =
    signIn === undefined ? 'nobody' : await signIn.subject(resourceManager, AbortSignal.timeout(PATIENCE));
  // Behind the subject: a change in between is found when the account changes back.
  const turn = signIn?.turn;
  if (subject === undefined) {
    return { origin: undefined, turn };
  }
  return {
    origin: createHash('sha256')
      .update(JSON.stringify([identity, subject]))
      .digest('hex'),
    turn,
  };
}
