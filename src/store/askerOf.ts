import type { Asker, Sameness } from './readTypes.ts';

/** Whom a connection asks as at a moment. */
export interface AskedAs {
  /** See `EntryKey.origin`; undefined when nobody is signed in, or nobody can tell who. */
  origin: string | undefined;
  /** Another value after each moment at which the account may have become another one; undefined where there are no accounts. */
  turn: symbol | undefined;
}

/**
 * Who asks, from here on.
 *
 * @param began whom the connection asked as before the first request
 * @param nobody the origin of who is not known; nobody may find it again
 * @param now whom it asks as when it is called
 */
export function askerOf(connection: string, began: AskedAs, nobody: string, now: () => Promise<AskedAs>): Asker {
  return {
    connection,
    origin: began.origin ?? nobody,
    async sameness() {
      const { origin, turn } = await now();
      return samenessOf(began, { origin, turn });
    },
  };
}

/** An account that was another one meanwhile and is the first again leaves rows of both. */
function samenessOf(began: AskedAs, now: AskedAs): Sameness {
  if (began.turn !== now.turn) {
    return now.origin === undefined && began.origin !== undefined ? 'unknown' : 'another';
  }
  if (began.origin === undefined || began.origin === now.origin) {
    // What was fetched for nobody known is found by nobody again: one account is all that it takes.
    return 'same';
  }
  return now.origin === undefined ? 'unknown' : 'another';
}
