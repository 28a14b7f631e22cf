import type { Transport, WireRequest, WireResponse } from './transport.ts';
import { Agent, type buildConnector } from './undici/index.ts';

/** ARM itself gives up after 60 s and answers 504; twice that covers a slow gateway. Milliseconds. */
export const ANSWER_TIMEOUT = 120_000;

/** How long a connection may take to come about, TLS and proxies included. Milliseconds. */
export const CONNECT_TIMEOUT = 30_000;

/** A transport that can also be left to finish what it began. */
export interface UndiciTransport extends Transport {
  /** Takes no more requests; resolves when those under way have ended. */
  retire(): Promise<void>;
}

/**
 * A connection's own dispatcher: nothing is shared with other extensions in the process.
 *
 * @param connect makes the connections; left out, they are direct, with the certificates that Node trusts
 */
export function createUndiciTransport(connect?: buildConnector.connector): UndiciTransport {
  const agent = new Agent({
    headersTimeout: ANSWER_TIMEOUT,
    bodyTimeout: ANSWER_TIMEOUT,
    connect: connect ?? { timeout: CONNECT_TIMEOUT },
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
    retire: () => agent.close(),
  };
}
