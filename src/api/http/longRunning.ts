import { readJson } from './body.ts';
import type { Answer, Call, HttpClient, SendOptions } from './client.ts';
import { BillingError } from './errors.ts';
import { requestedWait } from './retry.ts';

/** ARM RPC "Asynchronous operations": the wait when the answer names none, and the range a service may name. Milliseconds. */
const DEFAULT_WAIT = 60_000;
const SHORTEST_WAIT = 1_000;

/**
 * Starts an operation and follows it to its end: 202 with `Location`, polled until it answers something else, or
 * `Azure-AsyncOperation`, polled until its status is final. Links are followed unchanged after the same check as any link.
 *
 * @returns the final answer (200 with the result, or 204 when there is none)
 * @throws BillingError when the operation ends Failed or Canceled, or answers 202 without a link
 */
export async function runOperation(client: HttpClient, start: Call, options: SendOptions = {}): Promise<Answer> {
  let answer = await client.send(start, (first) => first, options);
  let status = link(answer, 'azure-asyncoperation');
  let result = link(answer, 'location');
  if (status === undefined && answer.status !== 202) {
    return answer;
  }
  for (;;) {
    const address: string | undefined = status ?? result;
    if (address === undefined) {
      throw new BillingError(
        'malformed',
        `${start.operation} failed: the service accepted it but gave no link to follow.`,
        {
          status: answer.status,
          requestId: answer.requestId,
        },
      );
    }
    const wait = Math.max(requestedWait(answer.headers, client.clock.now()) ?? DEFAULT_WAIT, SHORTEST_WAIT);
    await client.clock.sleep(wait, options.signal ?? new AbortController().signal);
    answer = await client.send({ operation: start.operation, method: 'GET', address }, (poll) => poll, options);
    result = link(answer, 'location') ?? result;
    if (status === undefined) {
      if (answer.status !== 202) {
        return answer;
      }
    } else {
      status = link(answer, 'azure-asyncoperation') ?? status;
      const state = operationState(answer, start);
      if (state === 'succeeded') {
        return result === undefined
          ? answer
          : client.send({ operation: start.operation, method: 'GET', address: result }, (last) => last, options);
      }
    }
  }
}

function link(answer: Answer, header: string): string | undefined {
  const value = answer.headers[header];
  return value === undefined || value === '' ? undefined : value;
}

function operationState(answer: Answer, start: Call): 'running' | 'succeeded' {
  const body = readJson(answer) as { status?: unknown; error?: { code?: unknown; message?: unknown } };
  const state = String(body.status ?? '').toLowerCase();
  if (state === 'failed' || state === 'canceled') {
    const why = typeof body.error?.message === 'string' ? `: ${body.error.message}` : '';
    throw new BillingError('refused', `${start.operation} ended as ${String(body.status)}${why}`, {
      code: typeof body.error?.code === 'string' ? body.error.code : undefined,
      status: answer.status,
      requestId: answer.requestId,
    });
  }
  return state === 'succeeded' ? 'succeeded' : 'running';
}
