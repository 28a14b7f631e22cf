import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, isIP } from 'node:net';
import type { Transport } from '../../src/api/http/transport.ts';
import { buildConnector } from '../../src/api/http/undici/index.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import { makeTestAuthority } from './tls.ts';

/** A request that arrived, and where its sender meant to send it. */
export interface Arrival {
  /** Scheme, host and port; the port is left out where it is the usual one. */
  origin: string;
  method: string;
  /** Path and query as received. */
  target: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export type ListenerAnswer = (arrival: Arrival, response: ServerResponse) => void;

/**
 * A world in which every name and every port answers: those of the connection over TLS with a certificate that is checked, and
 * all others by listeners that write down whatever comes, over http and over https, where no certificate is asked for. So a
 * request to a wrong place arrives there, as it would at somebody who had taken care that it does.
 */
export interface Listeners {
  /** The real transport; only its connections end on this machine. */
  transport: Transport;
  /** What arrived at the connection's own hosts. */
  own: Arrival[];
  /** What arrived anywhere else. */
  foreign: Arrival[];
  /** Connections that were begun to anywhere else, also those that carried nothing. */
  knocks: string[];
  close(): Promise<void>;
}

/**
 * @param hosts the connection's own: https, usual port
 * @param answerOwn what these answer
 * @param answerForeign what all others answer
 */
export async function startListeners(
  hosts: readonly string[],
  answerOwn: ListenerAnswer,
  answerForeign: ListenerAnswer,
): Promise<Listeners> {
  const tls = makeTestAuthority();
  const own: Arrival[] = [];
  const foreign: Arrival[] = [];
  const knocks: string[] = [];
  const trusted = tls.issue(hosts);
  const servers = {
    own: createTlsServer(trusted, listener('https', own, answerOwn)),
    https: createTlsServer(tls.server, listener('https', foreign, answerForeign)),
    http: createServer(listener('http', foreign, answerForeign)),
  };
  const portOf: Record<string, number> = {};
  for (const [name, server] of Object.entries(servers)) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    portOf[name] = (server.address() as AddressInfo).port;
  }
  const checked = buildConnector({ ca: tls.authority });
  const unchecked = buildConnector({ rejectUnauthorized: false });
  const transport = createUndiciTransport((options, callback) => {
    const { protocol, hostname, port } = options;
    const isOwn = protocol === 'https:' && hosts.includes(hostname) && (port === '' || port === '443');
    if (!isOwn) {
      knocks.push(`${protocol}//${hostname}${port === '' ? '' : `:${port}`}`);
    }
    const server = isOwn ? 'own' : protocol === 'https:' ? 'https' : 'http';
    const connect = isOwn ? checked : unchecked;
    const name = isIP(hostname) === 0 ? { servername: hostname } : {};
    connect({ ...options, hostname: '127.0.0.1', port: String(portOf[server]), ...name }, callback);
  });
  return {
    transport,
    own,
    foreign,
    knocks,
    async close() {
      await transport.close();
      for (const server of Object.values(servers)) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

function listener(scheme: string, arrivals: Arrival[], answer: ListenerAnswer) {
  return async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) {
      chunks.push(chunk as Buffer);
    }
    const arrival = {
      origin: `${scheme}://${incoming.headers.host ?? ''}`,
      method: incoming.method ?? '',
      target: incoming.url ?? '',
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    arrivals.push(arrival);
    answer(arrival, response);
  };
}
