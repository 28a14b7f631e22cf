import { isCertificateCode } from '../api/http/certificateCodes.ts';
import { ConnectFailure } from '../api/http/connectFailure.ts';
import type { ProxyAddress } from './proxyAddress.ts';
import type { Target } from './settings.ts';

/** No answer from the proxy: it is not there, or TLS with it did not come about. */
export function proxyUnreachable(proxy: ProxyAddress, cause: unknown): ConnectFailure {
  const code = codeOf(cause);
  const look = `Check ${proxy.namedBy}, and the network connection.`;
  const fail = (reason: string, advice: string, final: boolean) =>
    new ConnectFailure(`PROXY_${code}`, { reason, advice, final, cause });
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    return fail(
      `the proxy ${proxy.shown} does not speak TLS`,
      `Check ${proxy.namedBy}: it may have to begin with http:// instead of https://.`,
      true,
    );
  }
  if (isCertificateCode(code)) {
    return fail(
      `the certificate of the proxy ${proxy.shown} is not trusted (${code})`,
      "Add its authority to the system's certificates or to the file that NODE_EXTRA_CA_CERTS names, and restart the editor.",
      true,
    );
  }
  switch (code) {
    case 'ENOTFOUND':
      return fail(`the name of the proxy ${proxy.shown} is unknown`, look, true);
    case 'EAI_AGAIN':
      return fail(`the name of the proxy ${proxy.shown} cannot be looked up now`, look, false);
    case 'ECONNREFUSED':
      return fail(`nothing listens at the proxy ${proxy.shown}`, look, true);
    case 'ETIMEDOUT':
      return fail(`the proxy ${proxy.shown} does not answer`, look, false);
    case 'ECONNRESET':
    case 'EPIPE':
      return fail(
        `the proxy ${proxy.shown} closed the connection`,
        `Check ${proxy.namedBy}; if it is right, ask who runs the proxy whether it lets this machine through.`,
        false,
      );
    default:
      return fail(`the proxy ${proxy.shown} cannot be reached (${code})`, look, false);
  }
}

/** Something answered that is no such proxy. */
export function wrongProtocol(proxy: ProxyAddress): ConnectFailure {
  const kind = proxy.kind === 'socks5' ? 'SOCKS' : 'http';
  return new ConnectFailure('PROXY_PROTOCOL', {
    reason: `what answers at the proxy ${proxy.shown} is no ${kind} proxy`,
    advice: `Check ${proxy.namedBy}: the port, and whether it begins with http://, https:// or socks5://.`,
  });
}

/** A SOCKS proxy refused (RFC 1928, "Replies"). */
export function socksRefusal(proxy: ProxyAddress, target: Target, reply: number): ConnectFailure {
  if (reply === 2) {
    return new ConnectFailure('PROXY_SOCKS_2', {
      reason: `the proxy ${proxy.shown} does not allow connections to ${target.host}`,
      advice: `Ask who runs the proxy to allow ${target.host}, or name it in http.noProxy where it can be reached directly.`,
    });
  }
  return new ConnectFailure(`PROXY_SOCKS_${reply}`, {
    reason: `the proxy ${proxy.shown} could not reach ${target.host} (SOCKS reply ${reply})`,
    advice: 'Try again; if it stays, ask who runs the proxy.',
    final: false,
  });
}

/** A SOCKS proxy wants a user name and a password, or others. */
export function socksSignIn(proxy: ProxyAddress): ConnectFailure {
  const { credentials, namedBy, shown } = proxy;
  return new ConnectFailure('PROXY_SOCKS_AUTH', {
    reason: `the proxy ${shown} ${credentials === undefined ? 'wants a sign-in' : 'refused the credentials'}`,
    advice:
      credentials === undefined
        ? `Put user name and password into ${namedBy}.`
        : `Correct the user name and password in ${namedBy}.`,
  });
}

/** The proxy answered, and opened no tunnel. */
export function proxyRefusal(
  proxy: ProxyAddress,
  target: Target,
  status: number,
  headers: ReadonlyMap<string, string>,
): ConnectFailure {
  const fail = (reason: string, advice: string, final = true) =>
    new ConnectFailure(`PROXY_${status}`, { reason, advice, final });
  // Some proxies (tinyproxy) answer wrong credentials with 401.
  if (status === 407 || status === 401) {
    return needsSignIn(proxy, status, headers.get('proxy-authenticate') ?? '', fail);
  }
  if (status >= 300 && status < 400) {
    return fail(
      `the proxy ${proxy.shown} leads to another address (${status}), and it was not followed`,
      'Open the network in a browser and sign in there, then try again.',
    );
  }
  if (status >= 500) {
    const passing = status !== 501 && status !== 505;
    return fail(
      `the proxy ${proxy.shown} could not reach ${target.host} (${status})`,
      `Try again; if it stays, ask who runs the proxy, or name the host in http.noProxy where it can be reached directly.`,
      !passing,
    );
  }
  return fail(
    `the proxy ${proxy.shown} does not allow connections to ${target.host} (${status})`,
    `Ask who runs the proxy to allow ${target.host}, or name it in http.noProxy where it can be reached directly.`,
  );
}

function needsSignIn(
  proxy: ProxyAddress,
  status: number,
  challenge: string,
  fail: (reason: string, advice: string) => ConnectFailure,
): ConnectFailure {
  if (proxy.authorization !== undefined) {
    return fail(
      `the proxy ${proxy.shown} refused the credentials (${status})`,
      `Correct http.proxyAuthorization, or the user name and password in ${proxy.namedBy}.`,
    );
  }
  if (!/\bBasic\b/i.test(challenge) && /\b(Negotiate|NTLM|Kerberos)\b/i.test(challenge)) {
    return fail(
      `the proxy ${proxy.shown} wants a Windows sign-in (${status}), which this extension cannot give`,
      `Name a proxy that takes a password in http.proxy, or remove it from ${proxy.namedBy} so that the editor finds its own way.`,
    );
  }
  return fail(
    `the proxy ${proxy.shown} wants a sign-in (${status})`,
    `Put user name and password into ${proxy.namedBy}, or the header into http.proxyAuthorization.`,
  );
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'FAILED';
}
