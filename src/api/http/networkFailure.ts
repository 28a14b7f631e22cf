import { isCertificateCode } from './certificateCodes.ts';
import { connectFailureOf } from './connectFailure.ts';
import { BillingError, type CallInfo } from './errors.ts';

/** What a failed connection means, by the code that Node or undici gives it. */
const NETWORK_REASONS: Record<string, { reason: string; advice?: string; final?: true }> = {
  ECONNREFUSED: {
    reason: 'nothing listens at {host}',
    advice: 'Check the endpoint, or that the service runs.',
    final: true,
  },
  ENOTFOUND: {
    reason: 'the name {host} is unknown',
    advice: 'Check the endpoint and the network connection.',
    final: true,
  },
  EAI_AGAIN: { reason: 'the name {host} cannot be looked up now', advice: 'Check the network connection.' },
  ECONNRESET: { reason: 'the connection to {host} broke' },
  UND_ERR_SOCKET: { reason: 'the connection to {host} broke' },
  UND_ERR_CONNECT_TIMEOUT: { reason: '{host} cannot be reached', advice: 'Check the network connection and proxy.' },
  UND_ERR_HEADERS_TIMEOUT: { reason: '{host} did not answer' },
  UND_ERR_BODY_TIMEOUT: { reason: '{host} stopped in the middle of an answer' },
  UND_ERR_DESTROYED: { reason: 'the connection to {host} was closed', final: true },
  UND_ERR_CLOSED: { reason: 'the connection to {host} was closed', final: true },
};

/** A request without an answer, as an error for the user. */
export function networkFailure(error: unknown, info: CallInfo): BillingError {
  const code = networkCode(error);
  const known = connectFailureOf(error) ?? knownReason(code);
  const host = new URL(info.url).host;
  const reason = (known?.reason ?? `the connection to {host} failed (${reasonOf(error)})`).replace('{host}', host);
  return new BillingError('unreachable', `${info.operation} failed: ${reason}.`, {
    code,
    call: info,
    advice: known?.advice ?? (known?.final === true ? undefined : 'Check the network connection and try again.'),
    retryable: known?.final !== true,
    cause: error,
  });
}

function knownReason(code: string | undefined): { reason: string; advice?: string; final?: boolean } | undefined {
  if (code === undefined || !isCertificateCode(code)) {
    return NETWORK_REASONS[code ?? ''];
  }
  return {
    reason: `the certificate of {host} is not trusted (${code})`,
    advice: 'Add the authority to the system store.',
    final: true,
  };
}

function networkCode(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  return typeof code === 'string' ? code : cause === undefined ? undefined : networkCode(cause);
}

/** Why something failed, in a word or two. */
export function reasonOf(error: unknown): string {
  return networkCode(error) ?? (error instanceof Error ? error.message : String(error));
}
