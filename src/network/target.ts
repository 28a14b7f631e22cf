import { BlockList, isIP } from 'node:net';
import type { Target } from './settings.ts';

/** The host and port of an http or https address. */
export function targetOf(address: string | URL): Target {
  const { hostname, port, protocol } = new URL(address);
  return { host: plainHost(hostname), port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port) };
}

/** As names are compared: lower case, no brackets, no closing dot, IPv6 in its short form. */
export function plainHost(host: string): string {
  const bare = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  return isIP(bare) === 6 ? new URL(`http://[${bare}]`).hostname.slice(1, -1) : bare;
}

/** `host:port` for people, with brackets where the host has colons itself. */
export function shownTarget({ host, port }: Target): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

const LINK_LOCAL = new BlockList();
LINK_LOCAL.addSubnet('169.254.0.0', 16, 'ipv4');
LINK_LOCAL.addSubnet('fe80::', 10, 'ipv6');

/** An address that means another machine on every network (RFC 3927, RFC 4291): the metadata service of a virtual machine has one. */
export function isLinkLocal(host: string): boolean {
  return isIn(LINK_LOCAL, host);
}

/** This machine itself (RFC 6761 for the names, RFC 1122 and RFC 4291 for the addresses). */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || isIn(LOOPBACK, host);
}

/** Whether a host is an address, and one of these. */
export function isIn(list: BlockList, host: string): boolean {
  const version = isIP(host);
  return version !== 0 && list.check(host, version === 6 ? 'ipv6' : 'ipv4');
}
