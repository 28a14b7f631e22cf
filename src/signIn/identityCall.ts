import { AsyncLocalStorage } from 'node:async_hooks';
import type { BillingError } from '../api/http/errors.ts';
import type { Refusal } from './refusal.ts';

/**
 * What belongs to one question for a token. The identity package hands neither a signal nor its service's words from one end to
 * the other, so its requests find them here.
 */
export interface IdentityCall {
  readonly signal: AbortSignal;
  /** What went wrong at the sign-in service last; a later success takes it away. */
  trouble?: BillingError | Refusal | undefined;
}

export const identityCalls = new AsyncLocalStorage<IdentityCall>();

/** Ends as soon as the signal is aborted, whatever the work does then: some of the package's waits cannot be ended. */
export async function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
