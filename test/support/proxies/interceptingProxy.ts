import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, request } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Identity, TestAuthority } from '../tls.ts';

/** A proxy as companies have it: it ends TLS, shows a certificate of its own for every host, and passes on what it read. */
export interface InterceptingProxy {
  /** `host:port`. */
  address: string;
  /** What it was asked to reach, `host:port` each, in order. */
  tunnels: string[];
  /** What it read inside, in order. */
  requests: { host: string; method: string; path: string; authorization: string | undefined }[];
  stop(): Promise<void>;
}

export interface InterceptingOptions {
  authority: TestAuthority;
  /** Names in the certificate; left out, the host's. */
  names?: (host: string) => string[];
  /** How long it is valid. Milliseconds since 1970. */
  valid?: { from: number; to: number };
  /** With this, TLS is spoken to the proxy itself. */
  identity?: Identity;
  /** Answers instead of the host. */
  answer?: (incoming: IncomingMessage, response: ServerResponse) => void;
}

export async function startInterceptingProxy(options: InterceptingOptions): Promise<InterceptingProxy> {
  const { authority, names = (host) => [host], valid, identity, answer } = options;
  const tunnels: string[] = [];
  const requests: InterceptingProxy['requests'] = [];
  const sockets = new Set<Socket>();
  const targets = new WeakMap<object, string>();

  const inner = createServer((incoming, response) => {
    const target = targets.get(incoming.socket) ?? '';
    requests.push({
      host: target,
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      authorization: incoming.headers.authorization,
    });
    if (answer !== undefined) {
      answer(incoming, response);
      return;
    }
    passOn(incoming, response, target);
  });

  const outer = identity === undefined ? createServer() : createSecureServer(identity);
  outer.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  outer.on('connect', (incoming, socket) => {
    const target = incoming.url ?? '';
    const host = target.replace(/:\d+$/, '');
    tunnels.push(target);
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    const secure = new TLSSocket(socket as Socket, {
      isServer: true,
      secureContext: createSecureContext(authority.issue(names(host), valid)),
    });
    // Clients that do not trust it go away.
    secure.on('error', () => socket.destroy());
    targets.set(secure, target);
    inner.emit('connection', secure);
  });
  outer.listen(0, '127.0.0.1');
  await once(outer, 'listening');
  return {
    address: `127.0.0.1:${(outer.address() as AddressInfo).port}`,
    tunnels,
    requests,
    async stop() {
      outer.close();
      for (const socket of sockets) {
        socket.destroy();
      }
      await once(outer, 'close');
    },
  };
}

/** Sends on what was read, with the certificate that is there unchecked: whom such a proxy trusts is its own matter. */
function passOn(incoming: IncomingMessage, response: ServerResponse, target: string): void {
  const { method, headers } = incoming;
  const url = new URL(incoming.url ?? '/', `https://${target}`);
  const onward = request(url, { method, headers, rejectUnauthorized: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    pipeline(answer, response, () => {});
  });
  onward.on('error', () => response.destroy());
  pipeline(incoming, onward, () => {});
}
