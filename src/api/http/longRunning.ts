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

/**
 * Starts an operation and follows it to its end: 202 with `Location`, polled until it answers something else, or
 * `Azure-AsyncOperation`, polled until its status is final. Links are followed unchanged after the same check as any link.
 *
 * @returns the final answer (200 with the result, or 204 when there is none)
 * @throws BillingError when the operation ends Failed or Canceled, or answers 202 without a link
 */
export async function runOperation(client: HttpClient, start: Call, options: SendOptions = {}): Promise<Answer> {
  let answer = await client.send(start, requireLink, options);
  let links = linksOf(answer);
  if (links.status === undefined && answer.status !== 202) {
    return answer;
  }
  const get = <T>(address: string, read: (answer: Answer) => T) =>
    client.send({ operation: start.operation, method: 'GET', address }, read, options);
  for (;;) {
    const asked = requestedWait(answer.headers, client.clock.now()) ?? DEFAULT_WAIT;
    // ARM RPC allows ten minutes; more would also overflow a timer.
    const wait = Math.min(Math.max(asked, SHORTEST_WAIT), LONGEST_WAIT);
    options.onWait?.({ milliseconds: wait, reason: 'operation', operation: start.operation });
    await client.clock.sleep(wait, options.signal ?? new AbortController().signal);
    const { status, result } = links;
    const poll = await get(status ?? result ?? '', (polled) => ({
      answer: polled,
      running: status === undefined ? polled.status === 202 : isRunning(polled),
    }));
    answer = poll.answer;
    const newer = linksOf(answer);
    links = { status: status === undefined ? undefined : (newer.status ?? status), result: newer.result ?? result };
    if (!poll.running) {
      if (status === undefined) {
        return answer;
      }
      // ARM RPC: the result of a PUT or PATCH is the resource itself.
      const own = start.method === 'PUT' || start.method === 'PATCH' ? start.address : undefined;
      const last = links.result ?? own;
      return last === undefined ? answer : get(last, (final) => final);
    }
  }
}

function linksOf(answer: Answer): Links {
  return { status: header(answer, 'azure-asyncoperation'), result: header(answer, 'location') };
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
