import type { DetailedPeerCertificate, PeerCertificate } from 'node:tls';
import { ConnectFailure } from '../api/http/connectFailure.ts';

/** What a server showed for itself, as far as it helps to find out who stands between. Texts come from there. */
export interface ShownCertificate {
  /** Common name or organization of who issued it. */
  issuer: string;
  /** Names it was issued for. */
  names: string;
  /** When it ends, as it says. */
  validTo: string;
}

export function shownCertificate(certificate: PeerCertificate | DetailedPeerCertificate): ShownCertificate | undefined {
  if (certificate.issuer === undefined) {
    return undefined;
  }
  const { issuer, subject, subjectaltname, valid_to } = certificate;
  return {
    issuer: plain(issuer.CN ?? issuer.O ?? issuer.OU) || 'an authority without a name',
    names: plain(subjectaltname?.replaceAll('DNS:', '') ?? subject.CN),
    validTo: plain(valid_to),
  };
}

/**
 * A certificate that was refused, in words.
 *
 * @param code Node's (Node.js: "X509 certificate error codes")
 * @param via names the proxy, when there is one: often it is what stands between
 */
export function certificateRefused(
  code: string,
  host: string,
  shown: ShownCertificate | undefined,
  via: string | undefined,
  cause: unknown,
): ConnectFailure {
  const through = via === undefined ? '' : ` through the proxy ${via}`;
  const by = shown === undefined ? 'by an authority unknown here' : `by '${shown.issuer}'`;
  // Not Node's code itself: undici gives one of those a meaning of its own.
  const fail = (reason: string, advice: string) =>
    new ConnectFailure(`TLS_${code}`, { reason, advice, final: true, cause });
  if (shown === undefined && code.startsWith('ERR_SSL')) {
    return fail(
      `${host} does not speak TLS${through} (${code})`,
      'Check the endpoint; a sign-in page of the network may stand between: open the network in a browser.',
    );
  }
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return fail(
        `the certificate that ${host} showed${through}, issued ${by}, ended${shown === undefined ? '' : ` on ${shown.validTo}`}`,
        "Check this machine's clock; if it is right, whoever issued the certificate has to renew it.",
      );
    case 'CERT_NOT_YET_VALID':
      return fail(
        `the certificate that ${host} showed${through}, issued ${by}, is not valid yet`,
        "Check this machine's clock.",
      );
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return fail(
        `the certificate that came for ${host}${through} is one for other hosts${shown === undefined || shown.names === '' ? '' : ` (${shown.names})`}, issued ${by}`,
        'A sign-in page of the network may stand between: open the network in a browser; if none shows, check the endpoint and http.proxy.',
      );
    default:
      return fail(
        `the certificate that ${host} showed${through} was issued ${by}, which is not trusted (${code})`,
        "If your network inspects TLS, add that authority to the system's certificates (http.systemCertificates) or to the file that NODE_EXTRA_CA_CERTS names, and restart the editor.",
      );
  }
}

/** One short line: whoever stands between wrote it. */
function plain(text: unknown): string {
  return String(Array.isArray(text) ? text[0] : (text ?? ''))
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}'`<>[\]]/gu, ' ')
    .trim()
    .slice(0, 120);
}
