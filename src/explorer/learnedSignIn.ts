import { BillingError } from '../api/http/errors.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';

/** The refusal of a call that an application may make for a user only (public article "Partner Center REST error codes"). */
const NEEDS_USER = '900329';

/**
 * Takes from a refusal of Partner Center how a connection signs in, where nothing else told it: from then on what it cannot have is
 * shown so, and not asked for and refused one by one.
 *
 * @returns whether something was learned
 */
export async function learnSignIn(error: unknown, client: () => Promise<PartnerCenterClient>): Promise<boolean> {
  if (!(error instanceof BillingError) || error.code !== NEEDS_USER) {
    return false;
  }
  const found = await client();
  if (found.signIn !== undefined) {
    return false;
  }
  found.signIn = 'appOnly';
  return true;
}
