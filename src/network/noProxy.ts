import { BlockList, isIP } from 'node:net';
import type { Target } from './settings.ts';
import { isIn, plainHost } from './target.ts';

/** Takes back that this machine is always reached directly, as in Chromium's list of hosts without a proxy. */
export const LOOPBACK_THROUGH_PROXY = '<-loopback>';

/**
 * The entry of `http.noProxy` or `NO_PROXY` that a host matches, as it is written there.
 *
 * Entries are, as the editor reads them: a name with all names below it (`example.com`, `.example.com`), either with a port
 * (`example.com:8443`), or `*` for everything. Beyond that: names below only (`*.example.com`), IPv6 (`[::1]`, `[::1]:8080`) and networks
 * (`10.0.0.0/8`), which match addresses, not names. Commas and blanks part entries too.
 */
export function matchNoProxy(entries: readonly string[], target: Target): string | undefined {
  return entries
    .flatMap((entry) => entry.split(/[\s,]+/))
    .find((entry) => entry !== '' && matches(entry.toLowerCase(), target));
}

function matches(entry: string, { host, port }: Target): boolean {
  if (entry === '*') {
    return true;
  }
  if (entry.includes('/')) {
    return isInNetwork(entry, host);
  }
  const { name, port: wantedPort } = parts(entry);
  return (wantedPort === undefined || wantedPort === port) && isNamed(name, host);
}

function parts(entry: string): { name: string; port: number | undefined } {
  if (isIP(entry) === 6) {
    return { name: entry, port: undefined };
  }
  const [, name = entry, port] = /^(.+?)(?::(\d+))?$/.exec(entry) ?? [];
  return { name, port: port === undefined ? undefined : Number(port) };
}

function isNamed(name: string, host: string): boolean {
  if (name.startsWith('*.')) {
    return host.endsWith(name.slice(1));
  }
  const wanted = plainHost(name.replace(/^\./, ''));
  return wanted !== '' && `.${host}`.endsWith(`.${wanted}`);
}

function isInNetwork(network: string, host: string): boolean {
  const [, address = '', prefix] = /^(.+)\/(\d{1,3})$/.exec(network) ?? [];
  const bare = plainHost(address);
  const version = isIP(bare);
  if (version === 0 || isIP(host) !== version || Number(prefix) > (version === 6 ? 128 : 32)) {
    return false;
  }
  const list = new BlockList();
  list.addSubnet(bare, Number(prefix), version === 6 ? 'ipv6' : 'ipv4');
  return isIn(list, host);
}
