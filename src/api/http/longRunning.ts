import { readJson, unreadable } from './body.ts';
import type { Answer, Call, HttpClient, SendOptions } from './client.ts';
import { adviceFor, asRecord, BillingError } from './errors.ts';
import { LONGEST_WAIT, requestedWait } from './retry.ts';

/** ARM RPC "Asynchronous operations": the wait when the answer names none, and the least wait between two polls. Milliseconds. */
const DEFAULT_WAIT = 60_000;
const SHORTEST_WAIT = 1_000;

/** Where an operation can be asked about: its status, and its result. */
interface Links {
  status: string | undefined;
  result: string | undefined;
}

export interface OperationOptions extends SendOptions {
  /** Follows `Location` even where `Azure-AsyncOperation` is given too: for services whose status words are not those of ARM. */
  preferLocation?: boolean | undefined;
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
  let { answer, links } = begun;
  const get = <R>(address: string, readPoll: (answer: Answer) => R) =>
    client.send({ operation: start.operation, method: 'GET', address }, readPoll, options);
  for (;;) {
    const asked = requestedWait(answer.headers, client.clock.now()) ?? DEFAULT_WAIT;
    // ARM RPC allows ten minutes; more would also overflow a timer.
    const wait = Math.min(Math.max(asked, SHORTEST_WAIT), LONGEST_WAIT);
    options.onWait?.({ milliseconds: wait, reason: 'operation', operation: start.operation });
    await client.clock.sleep(wait, options.signal ?? new AbortController().signal);
    const { status, result } = links;
    const poll = await get(status ?? result ?? '', (polled) => {
      const running = status === undefined ? polled.status === 202 : isRunning(polled);
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
    ({ answer, links } = poll);
  }
}

/**
 * Whether a PUT or PATCH goes on behind 201 with `Location` (Microsoft.Billing 2024-04-01). One that names the resource itself
 * has HTTP's own meaning: this is where the thing that was created is.
 */
function isCreation(client: HttpClient, start: Call, answer: Answer, { result }: Links): boolean {
  const path = (address: string) => client.absolute(address).split('?')[0]?.toLowerCase();
  const written = start.method === 'PUT' || start.method === 'PATCH';
  return answer.status === 201 && written && result !== undefined && path(result) !== path(start.address);
}

function linksOf(answer: Answer, preferLocation = false): Links {
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
