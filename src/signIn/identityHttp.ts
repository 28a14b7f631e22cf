import type { TokenCredentialOptions } from '@azure/identity';
import type { Exchange } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import { networkFailure, reasonOf } from '../api/http/networkFailure.ts';
import type { Transport, WireHeaders } from '../api/http/transport.ts';
import { type IdentityCall, identityCalls } from './identityCall.ts';
import { readRefusal } from './refusal.ts';

type HttpClient = NonNullable<TokenCredentialOptions['httpClient']>;
type Request = Parameters<HttpClient['sendRequest']>[0];
type Response = Awaited<ReturnType<HttpClient['sendRequest']>>;
type Headers = Response['headers'];

/** Where requests for tokens may go, and over what. */
export interface IdentityHttpOptions {
  transport: Transport;
  /** Origin of the sign-in service. */
  authority: string;
  /** Origins of this machine's managed identity, which take http. */
  managedIdentity: readonly string[];
  log?: ((exchange: Exchange) => void) | undefined;
}

/** An answer of the sign-in service is a few kilobytes; more than this is something else. Bytes. */
const LARGEST_ANSWER = 1024 * 1024;
const OPERATION = 'Sign-in';

/**
 * The identity package's way to the network: the connection's own transport, so that its proxy and certificates count. Secrets
 * travel on it, so it sends to the authority of the connection and nowhere else, whatever documents or redirects of the service say.
 */
export function createIdentityHttp(options: IdentityHttpOptions): HttpClient {
  return {
    async sendRequest(request) {
      const call = identityCalls.getStore();
      const url = new URL(request.url);
      if (options.managedIdentity.includes(url.origin)) {
        return exchange(request, url, options, call);
      }
      try {
        assertAuthority(url, options.authority);
        const response = await exchange(request, url, options, call);
        note(response, call);
        return response;
      } catch (error) {
        if (call !== undefined) {
          call.trouble = asFailure(error, request, url);
        }
        throw error;
      }
    },
  };
}

function assertAuthority(url: URL, authority: string): void {
  if (url.origin !== authority || url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw new BillingError('unsafeLink', `The sign-in was led from ${new URL(authority).host} to ${url.host}.`, {
      code: 'foreignAuthority',
      advice:
        'Nothing was sent there; check cloud and endpoints.authority of the connection, and that the environment variable AZURE_REGIONAL_AUTHORITY_NAME is not set.',
    });
  }
}

async function exchange(
  request: Request,
  url: URL,
  { transport, log }: IdentityHttpOptions,
  call: IdentityCall | undefined,
): Promise<Response> {
  const started = Date.now();
  const write = (status: number | undefined, requestId?: string, failure?: string) =>
    log?.({
      operation: OPERATION,
      method: request.method,
      // Queries of sign-in services hold nothing that helps in a log.
      url: url.origin + url.pathname,
      status,
      milliseconds: Date.now() - started,
      attempt: 0,
      requestId,
      ...(failure === undefined ? {} : { failure }),
    });
  try {
    const answer = await transport.send({
      method: request.method,
      origin: url.origin,
      path: url.pathname + url.search,
      headers: outgoing(request.headers),
      body: bodyOf(request),
      signal: signalOf(request, call),
    });
    const bodyAsText = await readText(answer.body);
    write(answer.status, answer.headers['x-ms-request-id']);
    return { request, status: answer.status, headers: new IncomingHeaders(answer.headers), bodyAsText };
  } catch (error) {
    write(undefined, undefined, call?.signal.aborted === true ? 'cancelled' : reasonOf(error));
    throw error;
  }
}

/** The transport does not unpack answers, so none is asked for packed. */
function outgoing(headers: Headers): Record<string, string> {
  const { 'accept-encoding': _, ...rest } = headers.toJSON();
  return rest;
}

function bodyOf({ body }: Request): string | undefined {
  if (body === undefined || body === null || typeof body === 'string') {
    return body ?? undefined;
  }
  throw new TypeError('a request for a token has a text as its body');
}

/** Managed identity looks for its service with a time limit of its own; a limit of 0 is none. */
function signalOf({ timeout, abortSignal }: Request, call: IdentityCall | undefined): AbortSignal {
  const signals = [
    ...(call === undefined ? [] : [call.signal]),
    ...(abortSignal instanceof AbortSignal ? [abortSignal] : []),
    ...(timeout > 0 ? [AbortSignal.timeout(timeout)] : []),
  ];
  return AbortSignal.any(signals);
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > LARGEST_ANSWER) {
      throw new BillingError('malformed', 'The sign-in service answered with more than tokens need.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Keeps the words of a refusal. That a code was not entered yet is none. */
function note({ request, status, bodyAsText }: Response, call: IdentityCall | undefined): void {
  if (call === undefined) {
    return;
  }
  const good = status < 300;
  const refusal = good ? undefined : readRefusal(withoutSent(bodyAsText ?? '', request));
  if (refusal?.error === 'authorization_pending') {
    return;
  }
  call.trouble = good && isJson(bodyAsText) ? undefined : (refusal ?? unreadable(status));
}

const SECRET_FIELDS = ['client_secret', 'client_assertion', 'device_code', 'refresh_token'];

/** A refusal that quotes the secret it refuses must not carry it into messages and the log. */
function withoutSent(text: string, request: Request): string {
  const form = new URLSearchParams(bodyOf(request) ?? '');
  return SECRET_FIELDS.map((name) => form.get(name) ?? '')
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
}

function isJson(text: Response['bodyAsText']): boolean {
  try {
    JSON.parse(text ?? '');
    return true;
  } catch {
    return false;
  }
}

function unreadable(status: number): BillingError {
  const how = status < 300 ? 'with something that is no answer to a sign-in' : `with HTTP ${status}`;
  return new BillingError('signIn', `The sign-in service answered ${how}.`, {
    code: `HTTP ${status}`,
    advice: 'Try again in some minutes; if it stays, check endpoints.authority of the connection and the proxy.',
    retryable: status === 429 || status >= 500,
  });
}

/** Without the call: it is a part of the one that needs the token, which is told of by its own name. */
function asFailure(error: unknown, { method }: Request, url: URL): BillingError {
  if (error instanceof BillingError) {
    return error;
  }
  const { kind, message, code, advice, retryable } = networkFailure(error, {
    operation: OPERATION,
    method,
    url: url.origin,
  });
  return new BillingError(kind, message, { code, advice, retryable });
}

/** Headers as the pipeline wants them, by names in any case. */
class IncomingHeaders implements Headers {
  readonly #values: Map<string, string>;

  constructor(headers: WireHeaders) {
    this.#values = new Map(Object.entries(headers));
  }

  get(name: string): string | undefined {
    return this.#values.get(name.toLowerCase());
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  set(name: string, value: string | number | boolean): void {
    this.#values.set(name.toLowerCase(), String(value));
  }

  delete(name: string): void {
    this.#values.delete(name.toLowerCase());
  }

  toJSON(): Record<string, string> {
    return Object.fromEntries(this.#values);
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.#values.entries();
  }
}
