import { ConnectFailure } from '../api/http/connectFailure.ts';
import { plainHost, shownTarget } from './target.ts';

/** A proxy and how it is spoken to. */
export interface ProxyAddress {
  host: string;
  port: number;
  /** `https` speaks TLS to the proxy itself; `socks5` is RFC 1928, and looks names up at the proxy. */
  kind: 'http' | 'https' | 'socks5';
  /** Value of `Proxy-Authorization` for http and https: shown to nobody. */
  authorization: string | undefined;
  /** As the address has them: shown to nobody. */
  credentials: { username: string; password: string } | undefined;
  /** `host:port` for people, without credentials. */
  shown: string;
  /** The setting or variable that named it. */
  namedBy: string;
}

const KINDS: Readonly<Record<string, { kind: ProxyAddress['kind']; port: number }>> = {
  'http:': { kind: 'http', port: 80 },
  'https:': { kind: 'https', port: 443 },
  'socks:': { kind: 'socks5', port: 1080 },
  'socks5:': { kind: 'socks5', port: 1080 },
  'socks5h:': { kind: 'socks5', port: 1080 },
};

/**
 * Reads the address of a proxy. Without a scheme it is an http proxy, as curl has it for the variables.
 *
 * @param namedBy the setting or variable, for messages
 * @param authorization goes before a user name and password in the address
 * @throws ConnectFailure that names the setting and nothing of its value
 */
export function parseProxy(text: string, namedBy: string, authorization: string | undefined): ProxyAddress {
  const address = text.includes('://') ? text.trim() : `http://${text.trim()}`;
  if (!URL.canParse(address)) {
    throw wrong(namedBy, 'is not the address of a proxy');
  }
  const { protocol, hostname, port, username, password } = new URL(address);
  const known = KINDS[protocol];
  if (known === undefined) {
    throw wrong(namedBy, `names a '${protocol.slice(0, -1)}' proxy, and only http, https and socks5 are supported`);
  }
  if (hostname === '') {
    throw wrong(namedBy, 'is not the address of a proxy');
  }
  if (authorization !== undefined && /[^\t\x20-\x7e]/.test(authorization)) {
    throw wrong('http.proxyAuthorization', 'has characters that no header may have');
  }
  const target = { host: plainHost(hostname), port: port === '' ? known.port : Number(port) };
  const credentials =
    username === '' && password === '' ? undefined : { username: decoded(username), password: decoded(password) };
  return {
    ...target,
    kind: known.kind,
    authorization: authorization ?? (credentials && basic(credentials)),
    credentials,
    shown: shownTarget(target),
    namedBy,
  };
}

function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

/** A password with a plain percent sign in it is meant as it is written. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function wrong(namedBy: string, what: string): ConnectFailure {
  return new ConnectFailure('PROXY_SETTING', {
    reason: `${namedBy} ${what}`,
    advice: `Correct ${namedBy}, for example to http://proxy.example.com:8080.`,
  });
}
