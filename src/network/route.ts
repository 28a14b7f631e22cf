import { LOOPBACK_THROUGH_PROXY, matchNoProxy } from './noProxy.ts';
import { type ProxyAddress, parseProxy } from './proxyAddress.ts';
import type { NetworkSettings } from './settings.ts';
import { isLinkLocal, isLoopback, targetOf } from './target.ts';

/** The way to a host, and what decided it. */
export type Route =
  | {
      kind: 'direct';
      /** A setting, a variable, `loopback` (this machine), `link-local` (its neighbours), or `default`: nothing names a proxy. */
      decidedBy: string;
      /** The entry of `http.noProxy` or `NO_PROXY` that the host matches. */
      noProxy?: string;
    }
  | {
      kind: 'proxy';
      proxy: ProxyAddress;
      /** The setting or variable that named the proxy. */
      decidedBy: string;
    };

/**
 * The way to a host, decided in the editor's order: this machine and link-local addresses are reached directly; then `http.noProxy`, or `NO_PROXY` where that is
 * empty; then `http.proxy`; then the variables, that of the scheme first, and `ALL_PROXY` last. With `http.proxySupport` off
 * everything is direct.
 *
 * Source: Visual Studio Code documentation, "Network connections in Visual Studio Code".
 *
 * @throws ConnectFailure when the proxy's address is none
 */
export function routeTo(address: string | URL, settings: NetworkSettings): Route {
  const target = targetOf(address);
  if (settings.proxySupport === 'off') {
    return { kind: 'direct', decidedBy: 'http.proxySupport' };
  }
  if (isLinkLocal(target.host)) {
    return { kind: 'direct', decidedBy: 'link-local' };
  }
  if (isLoopback(target.host) && !settings.noProxy.includes(LOOPBACK_THROUGH_PROXY)) {
    return { kind: 'direct', decidedBy: 'loopback' };
  }
  const exceptions =
    settings.noProxy.length > 0
      ? { entries: settings.noProxy, decidedBy: 'http.noProxy' }
      : { entries: [settings.environment.NO_PROXY ?? ''], decidedBy: 'NO_PROXY' };
  const noProxy = matchNoProxy(exceptions.entries, target);
  if (noProxy !== undefined) {
    return { kind: 'direct', decidedBy: exceptions.decidedBy, noProxy };
  }
  const named = namedProxy(new URL(address).protocol, settings);
  if (named === undefined) {
    return { kind: 'direct', decidedBy: 'default' };
  }
  const proxy = parseProxy(named.text, named.decidedBy, settings.proxyAuthorization);
  return { kind: 'proxy', proxy, decidedBy: named.decidedBy };
}

function namedProxy(
  protocol: string,
  { proxy, environment }: NetworkSettings,
): { text: string; decidedBy: string } | undefined {
  const { HTTPS_PROXY, HTTP_PROXY, ALL_PROXY } = environment;
  const candidates = {
    'http.proxy': proxy,
    ...(protocol === 'http:' ? { HTTP_PROXY, HTTPS_PROXY } : { HTTPS_PROXY, HTTP_PROXY }),
    ALL_PROXY,
  };
  for (const [decidedBy, text] of Object.entries(candidates)) {
    if (text !== undefined && text.trim() !== '') {
      return { text, decidedBy };
    }
  }
  return undefined;
}
