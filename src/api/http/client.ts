import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from './clock.ts';
import { ARM_DIALECT, type Dialect } from './dialect.ts';
import { BillingError, type CallInfo, maskUrl } from './errors.ts';
import { checkLink, requestTarget } from './links.ts';
import { networkFailure, reasonOf } from './networkFailure.ts';
import { preparationWait } from './preparation.ts';
import type { QuotaClaim, QuotaScheduler } from './quota.ts';
import { backoff, isRetryableStatus, LONGEST_WAIT, MAX_RETRIES, requestedWait, tooLong } from './retry.ts';
import { CallToken, type TokenSource } from './token.ts';
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
  /** A POST that only reads (a query) may be repeated after a failure; GET, PUT and DELETE may anyway. After 429 everything may. */
  repeatable?: boolean;
  /** The operation that the call is a part of, e.g. the walk over a list; left out, the call is an operation of its own. */
  correlationId?: string;
  /** Whether a 2xx answer says that the data is not there yet: then the call is sent again after the wait that it names. */
  isPending?: (answer: Answer) => boolean;
}

/** A complete answer with a 2xx status. */
export interface Answer {
  status: number;
  headers: WireHeaders;
  bytes: Uint8Array;
  /** As the service names the call: `x-ms-request-id` of Azure Resource Manager, `MS-RequestId` of Partner Center. */
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
  /**
   * Memory for an answer of so many bytes; left out, each has its own. Who gives the same again is done with the answer that
   * was in it: an export reads thousands of pages, and to throw each away keeps the garbage collector busy.
   */
  room?: ((bytes: number) => Uint8Array) | undefined;
}

/** One exchange, for the log: identifiers only, no token and no body. */
export interface Exchange extends CallInfo {
  status: number | undefined;
  milliseconds: number;
  attempt: number;
  requestId: string | undefined;
  correlationId?: string | undefined;
  failure?: string;
}

export interface HttpClientOptions {
  transport: Transport;
  /** Base address of the service, e.g. `https://management.azure.com`. */
  base: string;
  /** Gives a bearer token for the base's audience; left out when the service needs none (sample tenant). */
  token?: TokenSource | undefined;
  /** Sent with every call. */
  headers?: Readonly<Record<string, string>>;
  log?: ((exchange: Exchange) => void) | undefined;
  clock?: Clock;
  /** Keeps calls within the service's limits. */
  quota?: QuotaScheduler;
  /** Defaults to that of Azure Resource Manager. */
  dialect?: Dialect;
}

/** The ids that a call is sent with. */
interface SentIds {
  request: string;
  correlation: string;
}

/** An attempt that gave no result. */
interface FailedAttempt {
  failure: BillingError;
  /** The wait that the service asked for, in milliseconds. */
  asked?: number | undefined;
  /** Set when the token was refused. */
  challenge?: string | undefined;
}

const NEVER = new AbortController().signal;

/** The one path that a request takes: link check, token, sending, retries, errors. */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #base: URL;
  readonly #origins: readonly string[];
  readonly #dialect: Dialect;
  /** The clock of everything that waits for this client's service. */
  readonly clock: Clock;

  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#base = new URL(options.base);
    this.#origins = [this.#base.origin];
    this.#dialect = options.dialect ?? ARM_DIALECT;
    this.clock = options.clock ?? systemClock;
  }

  /**
   * Sends a call until it succeeds, fails for good, or was repeated {@link MAX_RETRIES} times; and again, as long as the answer is
   * pending.
   *
   * @param read turns the answer into the result; a retryable BillingError from it (a body cut short) counts as a failure
   *   of the exchange.
   * @throws BillingError; or the signal's reason when it is aborted
   */
  async send<T>(call: Call, read: (answer: Answer) => T, options: SendOptions = {}): Promise<T> {
    const correlation = call.correlationId ?? randomUUID();
    for (let waited = 0; ; ) {
      const outcome = await this.#sendUntilRead(
        call,
        { request: randomUUID(), correlation },
        (answer) =>
          call.isPending?.(answer)
            ? { wait: preparationWait(answer, waited, this.clock.now()) }
            : { value: read(answer) },
        options,
      );
      if ('value' in outcome) {
        return outcome.value;
      }
      const { wait } = outcome;
      options.onWait?.({ milliseconds: wait, reason: 'operation', operation: call.operation });
      await this.clock.sleep(wait, options.signal ?? NEVER);
      waited += wait;
    }
  }

  /** One logical call: its ids stay the same however often it is sent. */
  async #sendUntilRead<T>(call: Call, ids: SentIds, read: (answer: Answer) => T, options: SendOptions): Promise<T> {
    const signal = options.signal ?? NEVER;
    const { url, info } = this.#resolve(call);
    const token = new CallToken(this.#options.token);
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      await this.#turn(call, options, signal);
      const outcome = await this.#attempt(call, url, info, ids, attempt, token, read, signal, options.room);
      if ('value' in outcome) {
        return outcome.value;
      }
      const { failure, challenge } = outcome;
      // Nothing was done, so any call may be sent again.
      if (challenge !== undefined && (await this.#renew(token, challenge, info, signal))) {
        continue;
      }
      // A service that asks for no wait at all gets the usual one.
      const wait = outcome.asked || backoff(attempt, this.clock.random);
      if (!failure.retryable || !mayRepeat(call, failure) || attempt >= MAX_RETRIES) {
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
      await this.#pause(call, failure, wait, signal);
    }
  }

  /** Waits before a call is sent again; who looks at the limits sees a refused one waiting. */
  async #pause(call: Call, failure: BillingError, wait: number, signal: AbortSignal): Promise<void> {
    const { quota } = this.#options;
    const sleep = this.clock.sleep(wait, signal);
    if (quota === undefined || failure.status !== 429) {
      return sleep;
    }
    const { operation, quota: claim } = call;
    return quota.waitRefused({ operation, area: claim?.area, scope: claim?.scope }, wait, sleep);
  }

  async #attempt<T>(
    call: Call,
    url: URL,
    info: CallInfo,
    ids: SentIds,
    attempt: number,
    token: CallToken,
    read: (answer: Answer) => T,
    signal: AbortSignal,
    room: SendOptions['room'],
  ): Promise<{ value: T } | FailedAttempt> {
    let answer: Answer;
    try {
      const bearer = await tokenFrom(() => token.take(signal), signal);
      answer = await this.#exchange(call, url, info, ids, attempt, bearer, signal, room);
    } catch (error) {
      signal.throwIfAborted();
      const failure = error instanceof BillingError ? withCall(error, info) : networkFailure(error, info);
      return { failure: this.#dialect.keepsRequestId ? withIds(failure, ids) : failure };
    }
    const asked = requestedWait(answer.headers, this.clock.now());
    this.#options.quota?.learn(call.quota, answer.status, answer.headers, asked, url.pathname);
    if (answer.status < 200 || answer.status >= 300) {
      const challenge = answer.status === 401 ? (answer.headers['www-authenticate'] ?? '') : undefined;
      return { failure: refusal(answer, info, this.#dialect), asked, challenge };
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
        operation,
        onWait: (milliseconds) => onWait?.({ milliseconds, reason: 'limit', operation }),
      });
    }
  }

  /** Whether a refused call can be sent again with another token. @throws BillingError when the sign-in fails */
  async #renew(token: CallToken, challenge: string, info: CallInfo, signal: AbortSignal): Promise<boolean> {
    try {
      return await tokenFrom(() => token.renew(challenge, signal), signal);
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof BillingError ? withCall(error, info) : error;
    }
  }

  /** Calls (or units) that are left of the limits of a claim right now; endless where nobody counts. */
  unitsLeft(claim: QuotaClaim): number {
    return this.#options.quota?.remaining(claim) ?? Number.POSITIVE_INFINITY;
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
    ids: SentIds,
    attempt: number,
    token: string | undefined,
    signal: AbortSignal,
    room: SendOptions['room'],
  ): Promise<Answer> {
    const started = this.clock.now();
    const dialect = this.#dialect;
    const note = (status: number | undefined, requestId?: string, failure?: string) =>
      this.#options.log?.({
        ...info,
        status,
        milliseconds: this.clock.now() - started,
        attempt,
        requestId,
        correlationId: ids.correlation,
        ...(failure === undefined ? {} : { failure }),
      });
    try {
      const response = await this.#options.transport.send({
        method: call.method,
        origin: url.origin,
        path: call.address.startsWith('/') ? url.pathname + url.search : requestTarget(call.address, url),
        headers: {
          accept: 'application/json',
          ...this.#options.headers,
          ...call.headers,
          ...(dialect.requestId === undefined ? {} : { [dialect.requestId]: ids.request }),
          [dialect.correlationId]: ids.correlation,
          ...(call.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: call.body === undefined ? undefined : JSON.stringify(call.body),
        whole: room ?? Buffer.allocUnsafeSlow,
        signal,
      });
      const bytes = await readAll(response.body);
      const requestId = response.headers[dialect.answeredRequestId] ?? this.#keptRequestId(ids);
      note(response.status, requestId);
      return {
        status: response.status,
        headers: response.headers,
        bytes,
        requestId,
        correlationId: response.headers[dialect.answeredCorrelationId] ?? ids.correlation,
        receivedAt: new Date(this.clock.now()),
      };
    } catch (error) {
      note(undefined, this.#keptRequestId(ids), signal.aborted ? 'cancelled' : reasonOf(error));
      throw error;
    }
  }

  /** The id that a call is known by even where no answer names one. */
  #keptRequestId(ids: SentIds): string | undefined {
    return this.#dialect.keepsRequestId ? ids.request : undefined;
  }
}

/** What a token source gives; its own errors become those of a call. */
async function tokenFrom<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await ask();
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

async function readAll(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) {
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

/** Whether nothing is done twice: the call only reads or sets a state, or it was turned away at the door (429, no token). */
function mayRepeat(call: Call, failure: BillingError): boolean {
  const repeatable = call.repeatable ?? (call.method !== 'POST' && call.method !== 'PATCH');
  return repeatable || failure.status === 429 || failure.kind === 'signIn';
}

function refusal(answer: Answer, info: CallInfo, dialect: Dialect): BillingError {
  const { code, message, advice } = dialect.readRefusal(answer);
  const said = message === undefined ? '' : `: ${message.replace(/\.?$/, '.')}`;
  const codeNote = code === undefined || code === String(answer.status) ? '' : ` ${code}`;
  return new BillingError('refused', `${info.operation} failed with HTTP ${answer.status}${codeNote}${said || '.'}`, {
    code,
    status: answer.status,
    requestId: answer.requestId,
    correlationId: answer.correlationId,
    call: info,
    advice,
    retryable: isRetryableStatus(answer.status),
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

function withIds(error: BillingError, ids: SentIds): BillingError {
  return new BillingError(error.kind, error.message, {
    ...error,
    requestId: error.requestId ?? ids.request,
    correlationId: error.correlationId ?? ids.correlation,
    cause: error.cause,
  });
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
