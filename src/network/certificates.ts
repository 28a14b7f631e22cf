import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import type { NetworkSettings } from './settings.ts';

/** The authorities that a connection trusts. */
export interface Trust {
  context: tls.SecureContext;
  /** How many come with the runtime, from the system's store, and from files that the user named. */
  counts: { builtIn: number; system: number; extra: number };
  /** What could not be read, each a sentence. */
  problems: string[];
}

/** A runtime before Node 22.15 has no such function; this one may be such a one. */
const getCACertificates: typeof tls.getCACertificates | undefined = tls.getCACertificates;

/**
 * Reads the authorities: those of the runtime, those of the system's store with `http.systemCertificates`, and the file that
 * `NODE_EXTRA_CA_CERTS` names, which not every runtime of an editor reads by itself. It blocks for a tenth of a second or so, once a process.
 */
export function loadTrust(settings: NetworkSettings): Trust {
  const problems: string[] = [];
  const builtIn = getCACertificates?.('default') ?? [...tls.rootCertificates];
  const system = settings.systemCertificates ? systemAuthorities(problems) : [];
  const extra = [
    ...settings.extraCertificates.flatMap((text) => authoritiesIn(text, 'An extra certificate', problems)),
    ...extraFile(settings, problems).flatMap((text) => authoritiesIn(text, 'NODE_EXTRA_CA_CERTS', problems)),
  ];
  const known = new Set(builtIn);
  const added = [...new Set(system)].filter((certificate) => !known.has(certificate));
  return {
    context: contextFor([...builtIn, ...added, ...extra]),
    // What the runtime trusts may hold the file of NODE_EXTRA_CA_CERTS already.
    counts: { builtIn: tls.rootCertificates.length, system: new Set(system).size, extra: extra.length },
    problems,
  };
}

let last: { authorities: readonly string[]; context: tls.SecureContext } | undefined;

/** Reading some hundred certificates takes a moment, and all connections trust the same ones. */
function contextFor(authorities: string[]): tls.SecureContext {
  if (last?.authorities.length !== authorities.length || authorities.some((one, at) => one !== last?.authorities[at])) {
    last = { authorities, context: tls.createSecureContext({ ca: authorities }) };
  }
  return last.context;
}

function systemAuthorities(problems: string[]): string[] {
  if (getCACertificates === undefined) {
    problems.push(
      "This editor's runtime cannot read the certificates of the system; name a file with them in NODE_EXTRA_CA_CERTS.",
    );
    return [];
  }
  return getCACertificates('system');
}

function extraFile({ environment: { NODE_EXTRA_CA_CERTS: file } }: NetworkSettings, problems: string[]): string[] {
  if (file === undefined || file === '') {
    return [];
  }
  try {
    return [readFileSync(file, 'utf8')];
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    problems.push(`NODE_EXTRA_CA_CERTS names a file that cannot be read (${reason}); correct the variable.`);
    return [];
  }
}

/** The certificates of a PEM text; one that is none would keep all others from being used. */
function authoritiesIn(text: string, named: string, problems: string[]): string[] {
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const readable = found.filter(isCertificate);
  if (readable.length === 0 || readable.length < found.length) {
    const what = found.length === 0 ? 'holds no certificate' : 'holds a damaged certificate, which is left out';
    problems.push(`${named} ${what}; certificates have to be PEM text.`);
  }
  return readable;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}
