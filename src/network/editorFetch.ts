import { connectFailureOf } from '../api/http/connectFailure.ts';
import { BillingError } from '../api/http/errors.ts';
import type { WireRequest, WireResponse } from '../api/http/transport.ts';
import { ANSWER_TIMEOUT } from '../api/http/undiciTransport.ts';
import type { Connector } from './connector.ts';

/**
 * Sends a request with the `fetch` of the process, as it is now: the editor puts its own there, which knows the proxies of the operating
 * system and of PAC scripts, and asks for their passwords. Redirects are not followed.
 *
 * @throws what fetch throws; or the signal's reason when it is aborted
 */
export async function sendByFetch(request: WireRequest): Promise<WireResponse> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new DOMException('No answer.', 'TimeoutError')), ANSWER_TIMEOUT);
  let response: Response;
  try {
    response = await globalThis.fetch(request.origin + request.path, {
      method: request.method,
      // Without this, fetch would ask for compressed bodies and unpack them: lengths and checksums would not fit.
      headers: { 'accept-encoding': 'identity', ...request.headers },
      redirect: 'manual',
      signal: AbortSignal.any([request.signal, late.signal]),
      ...(request.body === undefined ? {} : { body: request.body }),
    });
  } finally {
    clearTimeout(timer);
  }
  const { status, headers, body } = response;
  if (isPacked(headers) && status === 206) {
    await body?.cancel();
    throw new BillingError('malformed', 'a part of a packed file cannot be read on the way that the editor found.', {
      advice: 'Name the proxy of your network in http.proxy.',
    });
  }
  return { status, headers: headersOf(headers), body: body ?? nothing() };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** What fetch has unpacked is no longer what these headers measure. */
const OF_PACKED_BODY = ['content-encoding', 'content-length', 'content-md5', 'x-ms-blob-content-md5'];

function isPacked(headers: Headers): boolean {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  return encoding !== '' && encoding !== 'identity';
}

function headersOf(headers: Headers): Record<string, string> {
  const entries = [...headers];
  return Object.fromEntries(isPacked(headers) ? entries.filter(([name]) => !OF_PACKED_BODY.includes(name)) : entries);
}

/**
 * Whether the editor may know a way that we don't: nothing names a proxy, and no direct connection came about. A proxy that was named
 * is never gone around, and a certificate that was refused stays refused.
 */
export function isForEditor(connector: Connector, origin: string, error: unknown): boolean {
  return connectFailureOf(error) === undefined && isUndecided(connector, origin);
}

/** Whether a host is reached directly only because nothing names a proxy. @throws ConnectFailure when a setting names no proxy */
export function isUndecided(connector: Connector, origin: string): boolean {
  const route = connector.route(origin);
  return route.kind === 'direct' && route.decidedBy === 'default';
}
