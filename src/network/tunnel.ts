import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import { ConnectFailure } from '../api/http/connectFailure.ts';
import { askHttp } from './httpTunnel.ts';
import type { ProxyAddress } from './proxyAddress.ts';
import { proxyUnreachable } from './proxyFailures.ts';
import type { Target } from './settings.ts';
import { askSocks } from './socksTunnel.ts';

export interface TunnelOptions {
  proxy: ProxyAddress;
  target: Target;
  /** Whom the proxy itself is checked against, where TLS is spoken to it. */
  trust: () => SecureContext;
  strictSsl: boolean;
  /** Milliseconds for everything. */
  timeout: number;
  /** Gives the tunnel up as long as it does not stand. */
  signal: AbortSignal;
}

/**
 * Opens a tunnel through a proxy: what goes through the socket, the proxy passes on unread. http goes through
 * a tunnel too, so that no proxy sees a path or a token.
 *
 * @throws ConnectFailure
 */
export async function openTunnel({ proxy, target, trust, strictSsl, timeout, signal }: TunnelOptions): Promise<Socket> {
  const socket =
    proxy.kind === 'https'
      ? connectTls({
          host: proxy.host,
          port: proxy.port,
          secureContext: trust(),
          rejectUnauthorized: strictSsl,
          ALPNProtocols: ['http/1.1'],
          ...(isIP(proxy.host) === 0 ? { servername: proxy.host } : {}),
        })
      : connect({ host: proxy.host, port: proxy.port });
  const giveUp = (code: string) => socket.destroy(Object.assign(new Error('The tunnel was given up.'), { code }));
  const timer = setTimeout(() => giveUp('ETIMEDOUT'), timeout);
  const onAbort = () => giveUp('ABORT_ERR');
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    socket.setNoDelay(true);
    await (proxy.kind === 'socks5' ? askSocks : askHttp)(socket, proxy, target);
    return socket;
  } catch (error) {
    socket.on('error', () => {}).destroy();
    throw error instanceof ConnectFailure ? error : proxyUnreachable(proxy, error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
