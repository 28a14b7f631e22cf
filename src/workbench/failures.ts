import { BillingError } from '../api/http/errors.ts';

/** The user stopped it: nothing to report. */
export function isCancellation(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'Canceled');
}

/** A failure in words for the user, advice included. */
export function explain(error: unknown): string {
  if (error instanceof BillingError) {
    return error.explanation;
  }
  return error instanceof Error ? error.message : String(error);
}

/** A failure for the log: the words, and the ids that support asks for. */
export function describeForLog(error: unknown): string {
  if (!(error instanceof BillingError)) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const facts = [
    error.call === undefined ? undefined : `${error.call.method} ${error.call.url}`,
    error.requestId === undefined ? undefined : `request ${error.requestId}`,
    error.correlationId === undefined ? undefined : `correlation ${error.correlationId}`,
  ];
  return [error.explanation, ...facts.filter((fact) => fact !== undefined)].join(' | ');
}
