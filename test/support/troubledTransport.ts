import type { Transport, WireRequest, WireResponse } from '../../src/api/http/transport.ts';

/**
 * What happens to a request: it breaks off before or after the service did it, the answer is another one though the service did it
 * (`answered`), or the service never sees it and somebody answers in its place (`instead`).
 */
export type Trouble =
  | { kind: 'resetBefore' }
  | { kind: 'resetAfter' }
  | { kind: 'answered'; status: number; body?: string }
  | { kind: 'instead'; status: number; body?: string };

/** A transport that keeps what was sent and lets things go wrong. */
export class TroubledTransport implements Transport {
  readonly requests: WireRequest[] = [];
  readonly #inner: Transport;
  readonly #trouble: (request: WireRequest) => Trouble | undefined | Promise<Trouble | undefined>;

  constructor(inner: Transport, trouble: (request: WireRequest) => Trouble | undefined | Promise<Trouble | undefined>) {
    this.#inner = inner;
    this.#trouble = trouble;
  }

  async send(request: WireRequest): Promise<WireResponse> {
    this.requests.push(request);
    const trouble = await this.#trouble(request);
    if (trouble?.kind === 'resetBefore') {
      throw reset();
    }
    if (trouble?.kind === 'instead') {
      return answer(trouble);
    }
    const response = await this.#inner.send(request);
    if (trouble === undefined) {
      return response;
    }
    for await (const _ of response.body) {
      // The service is done only when its answer is read.
    }
    if (trouble.kind === 'resetAfter') {
      throw reset();
    }
    return answer(trouble);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

function reset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
}

function answer({ status, body = '' }: { status: number; body?: string }): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: (async function* () {
      yield Buffer.from(body);
    })(),
  };
}
