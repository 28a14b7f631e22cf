import { isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { isCertificateCode } from '../api/http/certificateCodes.ts';
import { ConnectFailure } from '../api/http/connectFailure.ts';
import { buildConnector } from '../api/http/undici/index.ts';
import { CONNECT_TIMEOUT } from '../api/http/undiciTransport.ts';
import { certificateRefused, type ShownCertificate, shownCertificate } from './certificateFailures.ts';
import { loadTrust, type Trust } from './certificates.ts';
import { type Route, routeTo } from './route.ts';
import type { NetworkSettings } from './settings.ts';
import { targetOf } from './target.ts';
import { openTunnel } from './tunnel.ts';

/** Looking at a refused certificate must not keep anybody from the error much longer. Milliseconds. */
const INSPECTION_TIMEOUT = 5_000;

/** Makes connections as one state of the settings has it. */
export class Connector {
  readonly #settings: NetworkSettings;
  #trust: Trust | undefined;
  /** TLS sessions are kept by each: one that was made unchecked must not serve a connection that has to be checked. */
  readonly #tls = new Map<'direct' | 'tunnelled', buildConnector.connector>();
  readonly #plain = buildConnector({ timeout: CONNECT_TIMEOUT });
  readonly #closed = new AbortController();

  constructor(settings: NetworkSettings) {
    this.#settings = settings;
  }

  /** Read when first needed: plain http on this machine needs none. */
  trust(): Trust {
    this.#trust ??= loadTrust(this.#settings);
    return this.#trust;
  }

  /** @throws ConnectFailure when a setting names no proxy */
  route(origin: string | URL): Route {
    return routeTo(origin, this.#settings);
  }

  /** As undici asks for connections. */
  readonly connect: buildConnector.connector = (options, callback) => {
    this.open(options).then(
      (socket) => callback(null, socket),
      (error) => callback(error instanceof Error ? error : new Error(String(error)), null),
    );
  };

  /**
   * A connection to a host, with TLS for https. Certificates are checked; only with `http.proxyStrictSSL` off they are not, and only
   * on what goes through a proxy.
   *
   * @throws ConnectFailure; or Node's error where the connection is direct
   */
  async open(options: buildConnector.Options): Promise<Socket> {
    const origin = originOf(options);
    const route = this.route(origin);
    try {
      return await this.#establish(options, origin, route);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (error instanceof ConnectFailure || code === undefined || !isCertificateCode(code)) {
        throw error;
      }
      const via = route.kind === 'proxy' ? route.proxy.shown : undefined;
      const shown = await this.#inspect(origin, route).catch(() => undefined);
      throw certificateRefused(code, origin.host, shown, via, error);
    }
  }

  async #establish(options: buildConnector.Options, origin: URL, route: Route): Promise<Socket> {
    if (route.kind === 'direct') {
      return opened(origin.protocol === 'http:' ? this.#plain : this.#secure('direct'), options);
    }
    const socket = await this.#tunnel(origin, route, CONNECT_TIMEOUT);
    if (origin.protocol === 'http:') {
      return socket;
    }
    try {
      return await opened(this.#secure('tunnelled'), { ...options, httpSocket: socket });
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  #tunnel(origin: URL, { proxy }: Route & { kind: 'proxy' }, timeout: number): Promise<Socket> {
    const { strictSsl } = this.#settings;
    const trust = (): SecureContext => this.trust().context;
    return openTunnel({ proxy, target: targetOf(origin), trust, strictSsl, timeout, signal: this.#closed.signal });
  }

  /** Gives up tunnels that do not stand yet. Connections that were handed out are their owners'. */
  close(): void {
    this.#closed.abort();
  }

  #secure(way: 'direct' | 'tunnelled'): buildConnector.connector {
    const known = this.#tls.get(way);
    if (known !== undefined) {
      return known;
    }
    const rejectUnauthorized = way === 'direct' || this.#settings.strictSsl;
    const secureContext = this.trust().context;
    const fresh = buildConnector({ timeout: CONNECT_TIMEOUT, secureContext, rejectUnauthorized });
    this.#tls.set(way, fresh);
    return fresh;
  }

  /** Shakes hands once more to read the certificate that was refused. Nothing is sent, and the connection ends at once. */
  async #inspect(origin: URL, route: Route): Promise<ShownCertificate | undefined> {
    const { host, port } = targetOf(origin);
    const tunnel = route.kind === 'proxy' ? await this.#tunnel(origin, route, INSPECTION_TIMEOUT) : undefined;
    const socket: TLSSocket = connectTls({
      host,
      port,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      ...(tunnel === undefined ? {} : { socket: tunnel }),
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    const timer = setTimeout(() => socket.destroy(new Error('The certificate took too long.')), INSPECTION_TIMEOUT);
    try {
      await new Promise((resolve, reject) => {
        socket.once('secureConnect', resolve).once('error', reject);
      });
      return shownCertificate(socket.getPeerCertificate());
    } finally {
      clearTimeout(timer);
      socket.on('error', () => {}).destroy();
      tunnel?.destroy();
    }
  }
}

function originOf({ protocol, hostname, port }: buildConnector.Options): URL {
  const host = isIP(hostname) === 6 ? `[${hostname}]` : hostname;
  return new URL(`${protocol}//${host}${port === '' ? '' : `:${port}`}`);
}

function opened(connector: buildConnector.connector, options: buildConnector.Options): Promise<Socket> {
  return new Promise((resolve, reject) => {
    connector(options, (...[error, socket]) => {
      if (error === null) {
        resolve(socket);
      } else {
        reject(error);
      }
    });
  });
}
