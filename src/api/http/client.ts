import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from './clock.ts';
import { adviceFor, BillingError, type CallInfo, maskUrl, readFailure } from './errors.ts';
import { checkLink, requestTarget } from './links.ts';
import type { QuotaClaim, QuotaScheduler } from './quota.ts';
import { backoff, isRetryableStatus, LONGEST_WAIT, MAX_RETRIES, requestedWait } from './retry.ts';
import type { Transport, WireHeaders } from './transport.ts';

/** A request as the API modules describe it. */
export interface Call {
  /** What the user would call it, e.g. "List customers"; opens every error message. */
  operation: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A path that starts with `/` on the connection's base, or an absolute link from the service, sent exactly as it is. */
  address: string;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** What it costs of the service's limits; left out where none are known. */
  quota?: QuotaClaim;
  /** A POST that only reads (a query) may be repeated after a failure; GET, PUT and DELETE may anyway. */
  repeatable?: boolean;
}

/** A complete answer with a 2xx status. */
export interface Answer {
  status: number;
  headers: WireHeaders;
  bytes: Uint8Array;
  /** `x-ms-request-id` of the answer. */
  requestId: string | undefined;
  correlationId: string | undefined;
  /** When its last byte arrived. */
  receivedAt: Date;
}

/** The client waits before it sends a call again. */
export interface Wait {
  milliseconds: number;
  /** The service asked to slow down (429), something failed, or an operation goes on. */
  reason: 'limit' | 'failure' | 'operation';
  operation: string;
}

export interface SendOptions {
  signal?: AbortSignal | undefined;
  onWait?: ((wait: Wait) => void) | undefined;
  /** Of calls that wait for the service's limits, the higher one goes first. 0 when left out. */
  priority?: number | undefined;
}

/** One exchange, for the log: identifiers only, no token and no body. */
export interface Exchange extends CallInfo {
  status: number | undefined;
  milliseconds: number;
  attempt: number;
  requestId: string | undefined;
  failure?: string;
}

export interface HttpClientOptions {
  transport: Transport;
  /** Base address of the service, e.g. `https://management.azure.com`. */
  base: string;
  /** Gives a bearer token for the base's audience; left out when the service needs none (sample tenant). */
  token?: ((signal: AbortSignal) => Promise<string>) | undefined;
  /** Sent with every call. */
  headers?: Readonly<Record<string, string>>;
  log?: ((exchange: Exchange) => void) | undefined;
  clock?: Clock;
  /** Keeps calls within the service's limits. */
  quota?: QuotaScheduler;
}

const NEVER = new AbortController().signal;

/** The one path that a request takes: link check, token, sending, retries, errors. */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #base: URL;
  readonly #origins: readonly string[];
  /** The clock of everything that waits for this client's service. */
  readonly clock: Clock;

  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#base = new URL(options.base);
    this.#origins = [this.#base.origin];
    this.clock = options.clock ?? systemClock;
  }

  /**
   * Sends a call until it succeeds, fails for good, or was repeated {@link MAX_RETRIES} times.
   *
   * @param read turns the answer into the result; a retryable BillingError from it (a body cut short) counts as a failure
   *   of the exchange.
   * @throws BillingError; or the signal's reason when it is aborted
   */
  async send<T>(call: Call, read: (answer: Answer) => T, options: SendOptions = {}): Promise<T> {
    const signal = options.signal ?? NEVER;
    const { url, info } = this.#resolve(call);
    const ids = { request: randomUUID(), correlation: randomUUID() };
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      await this.#turn(call, options, signal);
      const outcome = await this.#attempt(call, url, info, ids, attempt, read, signal);
      if ('value' in outcome) {
        return outcome.value;
      }
      const { failure } = outcome;
      // A service that asks for no wait at all gets the usual one.
      const wait = outcome.asked || backoff(attempt, this.clock.random);
      if (!failure.retryable || !isRepeatable(call) || attempt >= MAX_RETRIES) {
        throw failure;
      }
      if (wait > LONGEST_WAIT) {
        throw tooLong(failure, wait);
      }
      options.onWait?.({
        milliseconds: wait,
        reason: failure.status === 429 ? 'limit' : 'failure',
        operation: call.operation,
      });
      await this.clock.sleep(wait, signal);
    }
  }

  async #attempt<T>(
    call: Call,
    url: URL,
    info: CallInfo,
    ids: { request: string; correlation: string },
    attempt: number,
    read: (answer: Answer) => T,
    signal: AbortSignal,
  ): Promise<{ value: T } | { failure: BillingError; asked?: number | undefined }> {
    let answer: Answer;
    try {
      const token = await this.#token(signal);
      answer = await this.#exchange(call, url, info, ids, attempt, token, signal);
    } catch (error) {
      signal.throwIfAborted();
      return { failure: error instanceof BillingError ? withCall(error, info) : networkFailure(error, info) };
    }
    const asked = requestedWait(answer.headers, this.clock.now());
    if (call.quota !== undefined) {
      this.#options.quota?.learn(call.quota, answer.status, answer.headers, asked);
    }
    if (answer.status < 200 || answer.status >= 300) {
      return { failure: refusal(answer, info), asked };
    }
    try {
      return { value: read(answer) };
    } catch (error) {
      return { failure: withCall(error instanceof BillingError ? error : unreadableAnswer(answer, error), info) };
    }
  }

  /** Waits until the service's limits allow the call. */
  async #turn(
    { quota: claim, operation }: Call,
    { onWait, priority }: SendOptions,
    signal: AbortSignal,
  ): Promise<void> {
    if (claim !== undefined) {
      await this.#options.quota?.admit(claim, {
        signal,
        priority,
        onWait: (milliseconds) => onWait?.({ milliseconds, reason: 'limit', operation }),
      });
    }
  }

  /** Asked for on every attempt: a long list outlives one token. */
  async #token(signal: AbortSignal): Promise<string | undefined> {
    try {
      return await this.#options.token?.(signal);
    } catch (error) {
      if (signal.aborted || error instanceof BillingError) {
        throw error;
      }
      throw new BillingError('signIn', `there is no token (${reasonOf(error)}).`, {
        advice: 'Sign in again.',
        cause: error,
      });
    }
  }

  /** An address with the base in front when it is a path. Normalised, to compare with; it says nothing about safety. */
  absolute(address: string): string {
    if (address.startsWith('/')) {
      return new URL(this.#base.href.replace(/\/+$/, '') + address).href;
    }
    return URL.canParse(address) ? new URL(address).href : address;
  }

  #resolve(call: Call): { url: URL; info: CallInfo } {
    const info = { operation: call.operation, method: call.method, url: maskUrl(this.absolute(call.address)) };
    try {
      const own = call.address.startsWith('/');
      return { url: own ? new URL(this.absolute(call.address)) : checkLink(call.address, this.#origins), info };
    } catch (error) {
      throw error instanceof BillingError ? withCall(error, info) : error;
    }
  }

  async #exchange(
    call: Call,
    url: URL,
    info: CallInfo,
    ids: { request: string; correlation: string },
    attempt: number,
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<Answer> {
    const started = this.clock.now();
    const note = (status: number | undefined, requestId?: string, failure?: string) =>
      this.#options.log?.({
        ...info,
        status,
        milliseconds: this.clock.now() - started,
        attempt,
        requestId,
        ...(failure === undefined ? {} : { failure }),
      });
    try {
      const response = await this.#options.transport.send({
        method: call.method,
        origin: url.origin,
        path: call.address.startsWith('/') ? url.pathname + url.search : requestTarget(call.address, url),
        headers: {
          accept: 'application/json',
          'x-ms-client-request-id': ids.request,
          'x-ms-correlation-request-id': ids.correlation,
          ...this.#options.headers,
          ...call.headers,
          ...(call.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: call.body === undefined ? undefined : JSON.stringify(call.body),
        signal,
      });
      const bytes = await readAll(response.body);
      const requestId = response.headers['x-ms-request-id'];
      note(response.status, requestId);
      return {
        status: response.status,
        headers: response.headers,
        bytes,
        requestId,
        correlationId: response.headers['x-ms-correlation-request-id'] ?? ids.correlation,
        receivedAt: new Date(this.clock.now()),
      };
    } catch (error) {
      note(undefined, undefined, signal.aborted ? 'cancelled' : reasonOf(error));
      throw error;
    }
  }
}

async function readAll(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) {
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

function isRepeatable(call: Call): boolean {
  return call.repeatable ?? (call.method !== 'POST' && call.method !== 'PATCH');
}

function refusal(answer: Answer, info: CallInfo): BillingError {
  const { code, message } = readFailure(answer.bytes);
  const said = message === undefined ? '' : `: ${message.replace(/\.?$/, '.')}`;
  const codeNote = code === undefined || code === String(answer.status) ? '' : ` ${code}`;
  return new BillingError('refused', `${info.operation} failed with HTTP ${answer.status}${codeNote}${said || '.'}`, {
    code,
    status: answer.status,
    requestId: answer.requestId,
    correlationId: answer.correlationId,
    call: info,
    advice: adviceFor(answer.status, code),
    retryable: isRetryableStatus(answer.status),
  });
}

/** The wait that the service asks for is none that anybody sits through: say it. */
function tooLong(failure: BillingError, wait: number): BillingError {
  return new BillingError(failure.kind, failure.message, {
    ...failure,
    advice: `The service asks to wait ${Math.ceil(wait / 60_000)} minutes; try again after that.`,
    cause: failure.cause,
  });
}

function unreadableAnswer(answer: Answer, cause: unknown): BillingError {
  const { status, requestId, correlationId } = answer;
  return new BillingError('malformed', `the answer cannot be read (${reasonOf(cause)}).`, {
    status,
    requestId,
    correlationId,
    cause,
  });
}

function withCall(error: BillingError, info: CallInfo): BillingError {
  return error.call === undefined
    ? new BillingError(error.kind, `${info.operation} failed: ${lowerFirst(error.message)}`, {
        ...error,
        call: info,
        // Not among the members that a spread copies.
        cause: error.cause,
      })
    : error;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

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

function networkFailure(error: unknown, info: CallInfo): BillingError {
  const code = networkCode(error);
  const certificate = code !== undefined && /CERT|TLS|SSL|SIGNATURE/.test(code);
  const known = certificate
    ? {
        reason: `the certificate of {host} is not trusted (${code})`,
        advice: 'Add the authority to the system store.',
        final: true,
      }
    : NETWORK_REASONS[code ?? ''];
  const host = new URL(info.url).host;
  const reason = (known?.reason ?? `the connection to {host} failed (${reasonOf(error)})`).replace('{host}', host);
  return new BillingError('unreachable', `${info.operation} failed: ${reason}.`, {
    code,
    call: info,
    advice: known?.advice,
    retryable: known?.final !== true,
    cause: error,
  });
}

function networkCode(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  return typeof code === 'string' ? code : cause === undefined ? undefined : networkCode(cause);
}

function reasonOf(error: unknown): string {
  return networkCode(error) ?? (error instanceof Error ? error.message : String(error));
}
