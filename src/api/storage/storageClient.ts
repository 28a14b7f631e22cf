import { randomUUID } from 'node:crypto';
import type { Exchange, SendOptions } from '../http/client.ts';
import type { Clock } from '../http/clock.ts';
import { BillingError, type CallInfo, maskUrl } from '../http/errors.ts';
import { requestTarget } from '../http/links.ts';
import { networkFailure, reasonOf } from '../http/networkFailure.ts';
import { backoff, isRetryableStatus, LONGEST_WAIT, MAX_RETRIES, requestedWait, tooLong } from '../http/retry.ts';
import type { Transport, WireResponse } from '../http/transport.ts';
import { storageAddress } from './address.ts';
import { storageRefusal } from './storageErrors.ts';

/** Azure Storage as a connection reaches it: over the connection's own transport, without its token. */
export interface StorageClient {
  transport: Transport;
  clock: Clock;
  log?: ((exchange: Exchange) => void) | undefined;
  /** Whether the connection itself is on this machine: only then storage may be asked over plain http, and only here too. */
  loopback: boolean;
}

/** A GET of an address that carries its own right to read, a shared access signature. */
export interface StorageCall {
  /** What the user would call it; opens every error message. */
  operation: string;
  /** The address with its signature, sent exactly as it is and shown nowhere. */
  address: string;
}

/** An error body is some hundred bytes of XML; what stands in for one may be anything. */
const LONGEST_ERROR = 64 * 1024;

/** A try that failed, with the wait that the service asked for in milliseconds. */
class FailedTry extends Error {
  readonly failure: BillingError;
  readonly asked: number | undefined;

  constructor(failure: BillingError, asked?: number) {
    super(failure.message);
    this.failure = failure;
    this.asked = asked;
  }
}

/** What may be shown and logged of a call. */
export function callInfo({ operation, address }: StorageCall): CallInfo {
  return { operation, method: 'GET', url: maskUrl(address) };
}

/**
 * Sends a call once and gives the answer with its body still on the way: 2xx, or a status that the caller names. Redirects are
 * never followed.
 *
 * @throws something for {@link waitToRepeat} to judge; BillingError of kind `unsafeLink`; the signal's reason when it is aborted
 */
export async function openStorage(
  storage: StorageClient,
  call: StorageCall,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  accepted: readonly number[] = [],
): Promise<WireResponse> {
  signal.throwIfAborted();
  const info = callInfo(call);
  const url = storageAddress(call.address, storage.loopback, info);
  const started = storage.clock.now();
  const note = (more: Pick<Exchange, 'status' | 'requestId' | 'failure'>) =>
    storage.log?.({ ...info, milliseconds: storage.clock.now() - started, attempt: 0, ...more });
  let response: WireResponse;
  try {
    response = await storage.transport.send({
      method: 'GET',
      origin: url.origin,
      path: requestTarget(call.address, url),
      // No x-ms-version: the signature names the version it was made for.
      headers: {
        accept: '*/*',
        'user-agent': 'azure-billing-explorer',
        'x-ms-client-request-id': randomUUID(),
        ...headers,
      },
      signal,
    });
  } catch (error) {
    note({ status: undefined, requestId: undefined, failure: signal.aborted ? 'cancelled' : reasonOf(error) });
    signal.throwIfAborted();
    throw new FailedTry(networkFailure(error, info));
  }
  const { status } = response;
  note({ status, requestId: response.headers['x-ms-request-id'] });
  if ((status >= 200 && status < 300) || accepted.includes(status)) {
    return response;
  }
  const failure = storageRefusal(response, await firstBytes(response.body), info, isRetryableStatus(status));
  throw new FailedTry(failure, requestedWait(response.headers, storage.clock.now()));
}

/**
 * Waits before a call is sent again.
 *
 * @param error what {@link openStorage} or the body of its answer threw
 * @param attempt how many tries in a row failed before this one
 * @throws BillingError when it is final, was repeated often enough, or the wait is longer than anybody sits through; the
 *   signal's reason when it is aborted
 */
export async function waitToRepeat(
  { clock }: StorageClient,
  call: StorageCall,
  error: unknown,
  attempt: number,
  { signal, onWait }: { signal: AbortSignal; onWait?: SendOptions['onWait'] },
): Promise<void> {
  signal.throwIfAborted();
  const asked = error instanceof FailedTry ? error.asked : undefined;
  const failure = failureOf(error, call);
  if (!failure.retryable || attempt >= MAX_RETRIES) {
    throw failure;
  }
  const milliseconds = asked || backoff(attempt, clock.random);
  if (milliseconds > LONGEST_WAIT) {
    throw tooLong(failure, milliseconds);
  }
  onWait?.({ milliseconds, reason: failure.status === 429 ? 'limit' : 'failure', operation: call.operation });
  await clock.sleep(milliseconds, signal);
}

function failureOf(error: unknown, call: StorageCall): BillingError {
  if (error instanceof FailedTry) {
    return error.failure;
  }
  return error instanceof BillingError ? error : networkFailure(error, callInfo(call));
}

async function firstBytes(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= LONGEST_ERROR) {
        break;
      }
    }
  } catch {
    // The status alone tells enough.
  }
  return Buffer.concat(chunks);
}
