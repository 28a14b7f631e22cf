import type { Transport, WireRequest, WireResponse } from './transport.ts';
import { Agent, type buildConnector } from './undici/index.ts';
import { sendWhole, wireHeaders } from './wholeAnswer.ts';

/** ARM itself gives up after 60 s and answers 504; twice that covers a slow gateway. Milliseconds. */
export const ANSWER_TIMEOUT = 120_000;

/** How long a connection may take to come about, TLS and proxies included. Milliseconds. */
export const CONNECT_TIMEOUT = 30_000;

/** Side by side, per host: pages of an export, ranges of its files, and the tree that somebody goes on opening. */
const CONNECTIONS = 16;

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
    connections: CONNECTIONS,
  });
  return {
    async send(request: WireRequest): Promise<WireResponse> {
      if (request.whole !== undefined) {
        return sendWhole(agent, request, request.whole);
      }
      const response = await agent.request({
        origin: request.origin,
        path: request.path,
        method: request.method as 'GET',
        headers: request.headers,
        signal: request.signal,
        ...(request.body === undefined ? {} : { body: request.body }),
      });
      return { status: response.statusCode, headers: wireHeaders(response.headers), body: response.body };
    },
    close: () => agent.destroy(),
    retire: () => agent.close(),
  };
}
