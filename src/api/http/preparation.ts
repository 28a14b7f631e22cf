import type { Answer } from './client.ts';
import { BillingError } from './errors.ts';
import { requestedWait } from './retry.ts';

/** The wait when the service names none, and the least one. Milliseconds. */
const USUAL_WAIT = 30_000;
const SHORTEST_WAIT = 1_000;

/** Behind this much waiting nobody believes any more that the data will come. Milliseconds. */
const LONGEST_PREPARATION = 30 * 60_000;

/**
 * How long to wait before a call is sent again whose data the service is still preparing.
 *
 * @param waited milliseconds that this call has waited for its data already
 * @throws BillingError of kind `refused` when the wait would exceed half an hour in all
 */
export function preparationWait(answer: Answer, waited: number, now: number): number {
  const wait = Math.max(requestedWait(answer.headers, now) ?? USUAL_WAIT, SHORTEST_WAIT);
  if (waited + wait > LONGEST_PREPARATION) {
    const { status, requestId, correlationId } = answer;
    throw new BillingError('refused', 'the service is still preparing the data.', {
      status,
      requestId,
      correlationId,
      advice: `It asks to wait ${Math.ceil(wait / 60_000)} more minutes; try again later, or ask for a period that ends earlier.`,
    });
  }
  return wait;
}
