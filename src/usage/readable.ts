import { BillingError } from '../api/http/errors.ts';

/**
 * Reads bytes that the service sent.
 *
 * @param operation opens the message of the error
 * @param what of the answer is read: `a page`
 * @throws BillingError of kind `malformed` when they cannot be read
 */
export function readable<T>(operation: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof BillingError
      ? error
      : new BillingError('malformed', `${operation} failed: ${what} cannot be read (${(error as Error).message}).`, {
          advice: 'Nothing was kept of it. Try again; report the request id if it stays.',
          cause: error,
        });
  }
}
