import type { SendOptions } from '../../api/http/client.ts';
import { BillingError } from '../../api/http/errors.ts';
import type { Page, PageWalk } from '../../api/http/paging.ts';

/** What is known of the sign-in of one operation, which may read several lists. */
export interface SignInState {
  /** The service took it once: a token that is refused later has run out. */
  accepted: boolean;
}

/**
 * All pages of a walk. An operation of hundreds of pages outlives a token: one that is refused on the way is replaced once, by asking
 * for the page again.
 *
 * @param signIn that of the operation, where it reads other lists too
 */
export async function* tokenPages<T>(
  walk: PageWalk<T>,
  options: SendOptions,
  signIn: SignInState = { accepted: false },
): AsyncGenerator<Page<T>, void, undefined> {
  for (;;) {
    const page = await nextPage(walk, options, signIn);
    if (page === undefined) {
      return;
    }
    signIn.accepted = true;
    yield page;
  }
}

async function nextPage<T>(walk: PageWalk<T>, options: SendOptions, signIn: SignInState): Promise<Page<T> | undefined> {
  try {
    return await walk.nextPage(options);
  } catch (error) {
    if (!signIn.accepted || !(error instanceof BillingError) || error.status !== 401) {
      throw error;
    }
    return walk.nextPage(options);
  }
}
