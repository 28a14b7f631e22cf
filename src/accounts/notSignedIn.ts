import { BillingError } from '../api/http/errors.ts';

/** Nobody is signed in, or more is demanded of the sign-in; only a person can change it. */
export function notSignedIn(connection: string, why = 'Nobody is signed in to the connection'): BillingError {
  return new BillingError('signIn', `${why} '${connection}'.`, {
    code: 'notSignedIn',
    advice: 'Sign in with "Azure Billing: Sign In…".',
  });
}
