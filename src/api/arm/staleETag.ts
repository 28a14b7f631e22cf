import { BillingError } from '../http/errors.ts';

/**
 * A write was refused because the resource is not what the writer read: it was changed meanwhile (or, for a write without an
 * eTag, it exists already). Nothing was written. Read it again, compare, and write with its eTag.
 */
export class StaleETagError extends BillingError {}

/** Answers with 409 that have nothing to do with an eTag. */
const OTHER_CONFLICTS = /^(ReadOnlyDisabledSubscription|ScopeLocked|MissingSubscriptionRegistration)$/i;

const CHANGED = /there are changes made to|to avoid (an )?overwrite|\be-?tag\b/i;

/**
 * Runs a write and turns its stale-eTag answers into {@link StaleETagError}: HTTP 409 and 412, and HTTP 400 with the message
 * that Cost Management sends instead ("There are changes made to …, get the latest").
 */
export async function writeWithETag<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    throw error instanceof BillingError && isStale(error) ? stale(error) : error;
  }
}

function isStale({ status, code, message }: BillingError): boolean {
  if (status === 409) {
    return code === undefined || !OTHER_CONFLICTS.test(code);
  }
  return status === 412 || (status === 400 && CHANGED.test(message));
}

function stale(error: BillingError): StaleETagError {
  return new StaleETagError('refused', error.message, {
    ...error,
    advice: 'It was changed by somebody else since it was read; read it again and compare before writing.',
    retryable: false,
    cause: error,
  });
}
