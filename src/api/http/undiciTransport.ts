import type { Transport, WireRequest, WireResponse } from './transport.ts';
import { Agent } from './undici/index.ts';

/** ARM itself gives up after 60 s and answers 504; twice that covers a slow gateway. Milliseconds. */
const ANSWER_TIMEOUT = 120_000;

/** A connection's own dispatcher: nothing is shared with other extensions in the process. */
export function createUndiciTransport(): Transport {
  const agent = new Agent({
    headersTimeout: ANSWER_TIMEOUT,
    bodyTimeout: ANSWER_TIMEOUT,
    connect: { timeout: 30_000 },
    connections: 8,
  });
  return {
    async send(request: WireRequest): Promise<WireResponse> {
      const response = await agent.request({
        origin: request.origin,
        path: request.path,
        method: request.method as 'GET',
        headers: request.headers,
        signal: request.signal,
        ...(request.body === undefined ? {} : { body: request.body }),
      });
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(response.headers)) {
        if (value !== undefined) {
          headers[name] = Array.isArray(value) ? value.join(', ') : value;
        }
      }
      return { status: response.statusCode, headers, body: response.body };
    },
    close: () => agent.destroy(),
  };
}
