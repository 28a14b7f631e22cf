import { BillingError } from '../api/http/errors.ts';
import { maskText } from '../api/http/mask.ts';

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

/** Whether the service refused for a reason that can be looked into: sign-in, role, policy, or something that is not there. */
export function isAccessFailure(error: unknown): boolean {
  return error instanceof BillingError && error.kind === 'refused' && ACCESS_STATUS.has(error.status ?? 0);
}

/** Whether a person who signs in is all that is missing. */
export function needsSignIn(error: unknown): boolean {
  return error instanceof BillingError && error.kind === 'signIn' && SIGN_IN_CODES.has(error.code ?? '');
}

/** Why, without the operation that met it. */
export function signInReason(error: unknown): string {
  if (!(error instanceof BillingError)) {
    return '';
  }
  const reason = error.message.slice(error.message.indexOf(': ') + 1).trim();
  return reason.charAt(0).toUpperCase() + reason.slice(1);
}

const SIGN_IN_CODES = new Set(['notSignedIn', 'noSecret', 'signedOut']);

const ACCESS_STATUS = new Set([401, 403, 404]);

/** The cause in a few words, for where there is room for no more. */
export function summarize(error: unknown): string {
  if (!(error instanceof BillingError)) {
    return 'Failed';
  }
  const byStatus = error.status === undefined || error.kind !== 'refused' ? undefined : STATUS_SUMMARIES[error.status];
  return byStatus ?? KIND_SUMMARIES[error.kind];
}

const STATUS_SUMMARIES: Record<number, string> = {
  401: 'Sign-in refused',
  403: 'Not allowed',
  404: 'Not found',
  429: "Azure's limit reached",
};

const KIND_SUMMARIES: Record<BillingError['kind'], string> = {
  refused: 'Refused by the service',
  unreachable: 'Not reachable',
  malformed: 'Unexpected answer',
  signIn: 'Not signed in',
  unsafeLink: 'Unsafe link refused',
  argument: 'Wrong input',
};

/** What our own sentences quote: files and exports are called after customers. */
const QUOTED_NAME = /\b(file: |the export |the folder |cannot be written: )'[^\n]*?'(?=[ :;.,]|$)/gm;
/** What Node says of a file: `ENOENT: no such file or directory, open '…'`. */
const SYSTEM_PATH = /\b(E[A-Z]{3,}: [^\n']*, \w+ )'[^\n]*'/g;

/**
 * A failure for the log, without names of people, customers and files: the words, in which services like to name who called, and the
 * ids that support asks for.
 */
export function describeForLog(error: unknown): string {
  return withoutNames(error).replace(QUOTED_NAME, "$1'…'").replace(SYSTEM_PATH, "$1'…'");
}

function withoutNames(error: unknown): string {
  if (error instanceof Error && error.name === 'EngineError') {
    // Its sentence quotes SQL and values of cells, customers' names among them; the screen has it.
    return `EngineError ${/\b[A-Z]\w+ Error\b/.exec(error.message)?.[0] ?? ''}`.trim();
  }
  if (!(error instanceof BillingError)) {
    return maskText(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const facts = [
    error.call === undefined ? undefined : `${error.call.method} ${error.call.url}`,
    error.requestId === undefined ? undefined : `request ${error.requestId}`,
    error.correlationId === undefined ? undefined : `correlation ${error.correlationId}`,
  ];
  return [maskText(error.explanation), ...facts.filter((fact) => fact !== undefined)].join(' | ');
}
