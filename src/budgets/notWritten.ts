import { BillingError } from '../api/http/errors.ts';
import type { Cancelled, Refused, Unknown } from '../budgeting/writeOutcome.ts';

/** How a write ended that the service does not hold now, or of which nobody knows. */
type NotWritten = Refused | Cancelled | Unknown | { kind: 'notApplied'; error: unknown };

/**
 * The same as an error, for callers that wait for a result.
 *
 * @param what was written, such as `the cost policy`
 */
export function notWritten(what: string, outcome: NotWritten): Error {
  switch (outcome.kind) {
    case 'refused':
      return outcome.error ?? new BillingError('argument', outcome.message);
    case 'cancelled':
      return new DOMException(cancelledText(what, outcome), 'AbortError');
    case 'unknown':
      return new BillingError('unreachable', outcome.message, { cause: outcome.error });
    case 'notApplied':
      return new BillingError('unreachable', notAppliedText(what), {
        advice: 'It can be changed again.',
        cause: outcome.error,
      });
  }
}

export function notAppliedText(what: string): string {
  return `The answer was lost, and ${what} was read again: it was not changed.`;
}

/** What a person who cancelled has to know. */
export function cancelledText(what: string, { sent }: Cancelled): string {
  return sent
    ? `Cancelled, but the change had been sent already: the service may still do it. Refresh the row to see ${what}.`
    : `Cancelled before anything was sent; ${what} is as it was.`;
}
