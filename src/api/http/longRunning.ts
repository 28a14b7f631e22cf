import { readJson, unreadable } from './body.ts';
import type { Answer, Call, HttpClient, SendOptions } from './client.ts';
import { adviceFor, asRecord, BillingError } from './errors.ts';
import { LONGEST_WAIT, requestedWait } from './retry.ts';

/** ARM RPC "Asynchronous operations": the wait when the answer names none, and the least wait between two polls. Milliseconds. */
const DEFAULT_WAIT = 60_000;
const SHORTEST_WAIT = 1_000;

/** Nobody waits for ever: reports are ready within minutes, and the same request brings the same report for four hours. Milliseconds. */
const LONGEST_OPERATION = 4 * 3_600_000;

/** Where an operation can be asked about. Plain data: kept over a reload, it is all that {@link resumeOperation} needs. */
export interface OperationLinks {
  /** `Azure-AsyncOperation`: tells the status. */
  status?: string | undefined;
  /** `Location`: answers 202 until there is a result. */
  result?: string | undefined;
}

export interface OperationOptions extends SendOptions {
  /** Follows `Location` even where `Azure-AsyncOperation` is given too: for services whose status words are not those of ARM. */
  preferLocation?: boolean | undefined;
  /** Called before each poll with where it goes. The links may carry session tokens: keep them, show them to nobody. */
  onLink?: ((links: OperationLinks) => void) | undefined;
}

/**
 * Starts an operation and follows it to its end: 202 (or 201 of a PUT) with `Location`, polled until it answers something else, or
 * `Azure-AsyncOperation`, polled until its status is final. Links are followed unchanged after the same check as any link.
 *
 * @returns the final answer (200 with the result, or 204 when there is none)
 * @throws BillingError when the operation ends Failed or Canceled, or answers 202 without a link
 */
export function runOperation(client: HttpClient, start: Call, options: OperationOptions = {}): Promise<Answer> {
  return readOperation(client, start, (answer) => answer, options);
}

/**
 * As {@link runOperation}, with the final answer read inside the retry loop: one that was cut short is asked for again.
 *
 * @param read as for `HttpClient.send`
 */
export async function readOperation<T>(
  client: HttpClient,
  start: Call,
  read: (answer: Answer) => T,
  options: OperationOptions = {},
): Promise<T> {
  const location = options.preferLocation ?? false;
  const begun = await client.send(
    start,
    (answer) => {
      const links = linksOf(requireLink(answer), location);
      const goesOn = links.status !== undefined || answer.status === 202 || isCreation(client, start, answer, links);
      return goesOn ? { answer, links } : { value: read(answer) };
    },
    options,
  );
  if ('value' in begun) {
    return begun.value;
  }
  return follow(client, start, begun.links, waitOf(client, begun.answer), read, options);
}

/**
 * Goes on with an operation that was started before a reload, by the links that `onLink` told.
 *
 * @param start the call that started it; it is not sent again
 * @param read as for `HttpClient.send`
 */
export function resumeOperation<T>(
  client: HttpClient,
  start: Call,
  links: OperationLinks,
  read: (answer: Answer) => T,
  options: OperationOptions = {},
): Promise<T> {
  return follow(client, start, links, 0, read, options);
}

/** The wait that an answer asks for. ARM RPC allows ten minutes; more would also overflow a timer. */
function waitOf(client: HttpClient, answer: Answer): number {
  const asked = requestedWait(answer.headers, client.clock.now()) ?? DEFAULT_WAIT;
  return Math.min(Math.max(asked, SHORTEST_WAIT), LONGEST_WAIT);
}

/** Asks at the links, after a wait in milliseconds, until the operation is at its end. */
async function follow<T>(
  client: HttpClient,
  start: Call,
  links: OperationLinks,
  wait: number,
  read: (answer: Answer) => T,
  options: OperationOptions,
): Promise<T> {
  const location = options.preferLocation ?? false;
  const begun = client.clock.now();
  const get = <R>(address: string, readPoll: (answer: Answer) => R) =>
    client.send({ operation: start.operation, method: 'GET', address }, readPoll, options);
  for (;;) {
    const { status, result } = links;
    options.onLink?.(links);
    if (wait > 0) {
      options.onWait?.({ milliseconds: wait, reason: 'operation', operation: start.operation });
      await client.clock.sleep(wait, options.signal ?? new AbortController().signal);
    }
    const poll = await get(status ?? result ?? '', (polled) => {
      const running = status === undefined ? polled.status === 202 : isRunning(polled);
      if (running && client.clock.now() - begun > LONGEST_OPERATION) {
        throw unfinished(polled);
      }
      const newer = linksOf(polled, location);
      const next = {
        status: status === undefined ? undefined : (newer.status ?? status),
        result: newer.result ?? result,
      };
      // ARM RPC: the result of a PUT or PATCH is the resource itself.
      const own = start.method === 'PUT' || start.method === 'PATCH' ? start.address : undefined;
      const last = status === undefined ? undefined : (next.result ?? own);
      return running || last !== undefined
        ? { answer: polled, links: next, last: running ? undefined : last }
        : { value: read(polled) };
    });
    if ('value' in poll) {
      return poll.value;
    }
    if (poll.last !== undefined) {
      return get(poll.last, read);
    }
    links = poll.links;
    wait = waitOf(client, poll.answer);
  }
}

/**
 * Whether a PUT or PATCH goes on behind 201 with `Location` (Microsoft.Billing 2024-04-01). One that names the resource itself
 * has HTTP's own meaning: this is where the thing that was created is.
 */
function isCreation(client: HttpClient, start: Call, answer: Answer, { result }: OperationLinks): boolean {
  const path = (address: string) => client.absolute(address).split('?')[0]?.toLowerCase();
  const written = start.method === 'PUT' || start.method === 'PATCH';
  return answer.status === 201 && written && result !== undefined && path(result) !== path(start.address);
}

function linksOf(answer: Answer, preferLocation = false): OperationLinks {
  const result = header(answer, 'location');
  return {
    status: preferLocation && result !== undefined ? undefined : header(answer, 'azure-asyncoperation'),
    result,
  };
}

function header(answer: Answer, name: string): string | undefined {
  const value = answer.headers[name];
  return value === undefined || value === '' ? undefined : value;
}

function requireLink(answer: Answer): Answer {
  const { status, result } = linksOf(answer);
  if (answer.status === 202 && status === undefined && result === undefined) {
    const { requestId, correlationId } = answer;
    throw new BillingError('malformed', 'the service accepted it but gave no link to follow.', {
      status: answer.status,
      requestId,
      correlationId,
    });
  }
  return answer;
}

function unfinished({ status, requestId, correlationId }: Answer): BillingError {
  return new BillingError('refused', 'the service has worked on it for four hours and is not done.', {
    status,
    requestId,
    correlationId,
    advice: 'Try again later, and ask for less, such as a shorter period; report the request id if it stays.',
  });
}

/** Reads the status of an `Azure-AsyncOperation`: anything but the three final words is still running. */
function isRunning(answer: Answer): boolean {
  const { status, error } = asRecord(readJson(answer));
  if (typeof status !== 'string') {
    throw unreadable(answer, 'the answer does not tell the status of the operation.');
  }
  const state = status.toLowerCase();
  if (state === 'failed' || state === 'canceled') {
    const { code, message } = asRecord(error);
    const why = typeof message === 'string' && message !== '' ? `: ${message.replace(/\.?$/, '.')}` : '.';
    const { requestId, correlationId } = answer;
    throw new BillingError('refused', `the operation ended as ${status}${why}`, {
      code: typeof code === 'string' ? code : undefined,
      status: answer.status,
      requestId,
      correlationId,
      advice: adviceFor(answer.status, typeof code === 'string' ? code : undefined),
    });
  }
  return state !== 'succeeded';
}
