import type { Transport, WireRequest, WireResponse } from '../../src/api/http/transport.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';

/** What stands between a client and the service. */
export interface Between {
  /** Answers in place of the service where it gives something; what it takes time for, the client waits for. */
  answer?(request: WireRequest, number: number): WireResponse | undefined | Promise<WireResponse | undefined>;
  /** Changes the headers that go out. */
  headers?(headers: Record<string, string>, number: number): Record<string, string>;
}

/** What was seen of the requests. */
export interface Seen {
  requests: WireRequest[];
  /** Most requests whose body was not read to its end, at any time. */
  mostAtATime: number;
}

/** The real transport, with somebody in between. Requests are numbered from 1. */
export function transportBetween({ answer, headers }: Between): { transport: Transport; seen: Seen } {
  const inner = createUndiciTransport();
  const seen: Seen = { requests: [], mostAtATime: 0 };
  let open = 0;
  async function* read(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* body;
    } finally {
      open--;
    }
  }
  const transport: Transport = {
    async send(request) {
      const number = seen.requests.push(request);
      open++;
      seen.mostAtATime = Math.max(seen.mostAtATime, open);
      try {
        const sent = headers === undefined ? request : { ...request, headers: headers(request.headers, number) };
        const response = (await answer?.(request, number)) ?? (await inner.send(sent));
        return { ...response, body: read(response.body) };
      } catch (error) {
        open--;
        throw error;
      }
    },
    close: () => inner.close(),
  };
  return { transport, seen };
}

/** A sign-in whose token runs out: the service refuses it from a certain request on, and only then there is another one. */
export function expiringSignIn(isRefused: (request: WireRequest, number: number) => boolean): {
  token: () => Promise<string>;
  between: Between;
} {
  let token = 'first';
  return {
    token: async () => token,
    between: {
      answer(request, number) {
        if (request.headers.authorization !== 'Bearer first' || !isRefused(request, number)) {
          return undefined;
        }
        token = 'second';
        return partnerRefusal(401, '400', 'Access denied.');
      },
    },
  };
}

/** A refusal of Partner Center. */
export function partnerRefusal(status: number, code: string, description: string): WireResponse {
  return { status, headers: {}, body: chunks(JSON.stringify({ code, description })) };
}

async function* chunks(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from(text);
}
