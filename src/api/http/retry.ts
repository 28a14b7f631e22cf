import { BillingError } from './errors.ts';
import type { WireHeaders } from './transport.ts';

/** How often a call is sent again before the failure is reported. */
export const MAX_RETRIES = 3;

/** A wait longer than this is not waited: the user is told instead. Milliseconds. */
export const LONGEST_WAIT = 10 * 60_000;

const RETRYABLE_STATUS = new Set([408, 429, 500, 502, 503, 504]);

export function isRetryableStatus(status: number): boolean {
  return RETRYABLE_STATUS.has(status);
}

/**
 * How long the service asks to wait, in milliseconds: the **largest** of `Retry-After` and every other `*retry-after`
 * header (Cost Management sends up to five, and may leave out the standard one). Undefined when it names none.
 *
 * Values are seconds, or an HTTP date (RFC 9110 "Retry-After"); `*retry-after-ms` headers are milliseconds.
 */
export function requestedWait(headers: WireHeaders, now: number): number | undefined {
  let longest: number | undefined;
  for (const [name, value] of Object.entries(headers)) {
    const wait = name.endsWith('retry-after-ms')
      ? seconds(value, now, 1)
      : name.endsWith('retry-after')
        ? seconds(value, now, 1000)
        : undefined;
    if (wait !== undefined && (longest === undefined || wait > longest)) {
      longest = wait;
    }
  }
  return longest;
}

function seconds(value: string, now: number, unit: number): number | undefined {
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) {
    return Number(text) * unit;
  }
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The wait before retry number `attempt` (from 0) when the service names none: 1 s, 2 s, 4 s, each with up to 50 % more. */
export function backoff(attempt: number, random: () => number): number {
  return 1000 * 2 ** attempt * (1 + random() / 2);
}

/** The wait that the service asks for is none that anybody sits through: say it. */
export function tooLong(failure: BillingError, wait: number): BillingError {
  return new BillingError(failure.kind, failure.message, {
    ...failure,
    advice: `The service asks to wait ${Math.ceil(wait / 60_000)} minutes; try again after that.`,
    cause: failure.cause,
  });
}
