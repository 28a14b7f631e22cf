import { TLSSocket } from 'node:tls';
import { networkFailure } from '../api/http/networkFailure.ts';
import { shownCertificate } from './certificateFailures.ts';
import { Connector } from './connector.ts';
import { isForEditor, sendByFetch } from './editorFetch.ts';
import { type SettingLine, settingLines } from './settingLines.ts';
import type { NetworkSettings } from './settings.ts';
import { shownTarget, targetOf } from './target.ts';

/** A connection and the services it talks to. */
export interface ReportedConnection {
  connection: string;
  /** What people call a service, and its address. */
  services: readonly { service: string; address: string }[];
  /** Why its services are not known. */
  problem?: string;
}

/** The way to one host, and how far it led. Nothing in it is secret. */
export interface HostReport {
  service: string;
  /** `host:port`. */
  host: string;
  /** `editor`: the fetch of the editor found a way where no direct connection could be made. */
  route: 'direct' | 'proxy' | 'editor' | 'none';
  /** `host:port` of the proxy. */
  proxy?: string;
  /** A setting, a variable, `loopback`, `link-local`, or `default`. */
  decidedBy?: string;
  /** The entry of the list that the host matches. */
  noProxy?: string;
  reachable: boolean;
  /** Who issued the certificate, and until when it holds; where TLS is spoken and the way is not the editor's. */
  certificate?: { issuer: string; validTo: string };
  /** A sentence, and what to do. */
  error?: string;
  advice?: string;
  /** Until the connection stood, or failed. */
  milliseconds: number;
}

export interface NetworkReport {
  /** ISO 8601, UTC. */
  at: string;
  settings: SettingLine[];
  certificates: { builtIn: number; system: number; extra: number; problems: string[] };
  connections: { connection: string; problem?: string; hosts: HostReport[] }[];
}

/**
 * Connects to every host as requests would, and ends the connections again. No token and no request is sent, except a HEAD of `/`
 * without a token where only the editor's fetch leads there.
 *
 * @throws the signal's reason when it is aborted
 */
export async function networkReport(
  settings: NetworkSettings,
  connections: readonly ReportedConnection[],
  { now, signal }: { now: Date; signal: AbortSignal },
): Promise<NetworkReport> {
  const connector = new Connector(settings);
  // Connections share hosts: each is asked once.
  const asked = new Map<string, Promise<Omit<HostReport, 'service'>>>();
  const reportOf = (address: string) => {
    const { origin } = new URL(address);
    const report = asked.get(origin) ?? reportHost(connector, origin, signal);
    asked.set(origin, report);
    return report;
  };
  try {
    const { counts, problems } = connector.trust();
    return {
      at: now.toISOString(),
      settings: settingLines(settings),
      certificates: { ...counts, problems },
      connections: await Promise.all(
        connections.map(async ({ connection, services, problem }) => ({
          connection,
          ...(problem === undefined ? {} : { problem }),
          hosts: await Promise.all(
            services.map(async ({ service, address }) => ({ service, ...(await reportOf(address)) })),
          ),
        })),
      ),
    };
  } finally {
    connector.close();
  }
}

async function reportHost(
  connector: Connector,
  origin: string,
  signal: AbortSignal,
): Promise<Omit<HostReport, 'service'>> {
  const started = performance.now();
  const host = shownTarget(targetOf(origin));
  const timed = <T extends object>(rest: T) => ({
    host,
    ...rest,
    milliseconds: Math.round(performance.now() - started),
  });
  const failed = (error: unknown) => {
    const { message, advice } = networkFailure(error, { operation: 'Connecting', method: 'HEAD', url: origin });
    return { reachable: false, error: message, ...(advice === undefined ? {} : { advice }) };
  };
  let way: Pick<HostReport, 'route' | 'proxy' | 'decidedBy' | 'noProxy'>;
  try {
    way = wayOf(connector, origin);
  } catch (error) {
    return timed({ route: 'none' as const, ...failed(error) });
  }
  try {
    return timed({ ...way, reachable: true, ...(await tryConnection(connector, origin, signal)) });
  } catch (error) {
    signal.throwIfAborted();
    if (isForEditor(connector, origin, error) && (await reachedByFetch(origin, signal))) {
      return timed({ ...way, route: 'editor' as const, reachable: true });
    }
    return timed({ ...way, ...failed(error) });
  }
}

function wayOf(connector: Connector, origin: string): Pick<HostReport, 'route' | 'proxy' | 'decidedBy' | 'noProxy'> {
  const route = connector.route(origin);
  const { decidedBy } = route;
  if (route.kind === 'proxy') {
    return { route: 'proxy', proxy: route.proxy.shown, decidedBy };
  }
  return { route: 'direct', decidedBy, ...(route.noProxy === undefined ? {} : { noProxy: route.noProxy }) };
}

async function tryConnection(
  connector: Connector,
  origin: string,
  signal: AbortSignal,
): Promise<Pick<HostReport, 'certificate'>> {
  const { protocol, hostname, port } = new URL(origin);
  const opening = connector.open({ protocol, hostname: hostname.replace(/^\[(.*)\]$/, '$1'), host: hostname, port });
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    signal.throwIfAborted();
    const socket = await Promise.race([opening, stopped]);
    const shown = socket instanceof TLSSocket ? shownCertificate(socket.getPeerCertificate()) : undefined;
    return shown === undefined ? {} : { certificate: { issuer: shown.issuer, validTo: shown.validTo } };
  } finally {
    signal.removeEventListener('abort', stop);
    // Also one that comes about after the cancelling.
    opening.then((socket) => socket.on('error', () => {}).destroy()).catch(() => {});
  }
}

async function reachedByFetch(origin: string, signal: AbortSignal): Promise<boolean> {
  try {
    const { body } = await sendByFetch({ method: 'HEAD', origin, path: '/', headers: {}, signal });
    for await (const _ of body) {
      break;
    }
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
