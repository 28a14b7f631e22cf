import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

/** Private key and certificate, both PEM. */
export interface Identity {
  key: string;
  cert: string;
}

/** A certificate authority that lives as long as a test run. */
export interface TestAuthority {
  /** Its certificate, PEM. */
  authority: string;
  /** A certificate for 127.0.0.1 and localhost. */
  server: Identity;
  /** A certificate for these names. Times are milliseconds since 1970; left out, it is valid from an hour ago for a day. */
  issue(names: readonly string[], valid?: { from: number; to: number }): Identity;
}

/**
 * A certificate authority for one test run, and certificates of it, valid for a day. They are made anew each time: no private key
 * lies in the project, none outlives the test, and nobody needs openssl.
 *
 * @param name what it is called as an issuer
 */
export function makeTestAuthority(name = 'Azure Billing Explorer test authority'): TestAuthority {
  const ca = newKey();
  const issuer = commonName(name);
  const authority = certificate(issuer, ca, {
    subject: issuer,
    publicKey: ca,
    extensions: [
      extension(ID.basicConstraints, sequence(boolean(true)), true),
      // keyCertSign alone (RFC 5280, 4.2.1.3): bit 5 of a bit string of 6.
      extension(ID.keyUsage, tagged(TAG.bitString, Buffer.of(2, 0b0000_0100)), true),
    ],
  });
  const issue: TestAuthority['issue'] = (names, valid) => {
    const leaf = newKey();
    const alternatives = names.map((host) =>
      isIPv4(host) ? tagged(0x87, Buffer.from(host.split('.').map(Number))) : tagged(0x82, Buffer.from(host)),
    );
    const cert = certificate(issuer, ca, {
      subject: commonName('Azure Billing Explorer sample service'),
      publicKey: leaf,
      extensions: [
        extension(ID.subjectAltName, sequence(...alternatives)),
        extension(ID.extKeyUsage, sequence(oid(ID.serverAuth))),
      ],
      ...(valid === undefined ? {} : { valid }),
    });
    return { key: leaf.export({ type: 'pkcs8', format: 'pem' }).toString(), cert };
  };
  return { authority, server: issue(['localhost', '127.0.0.1']), issue };
}

/** A certificate with an RSA key, which is what sign-in services take as the proof of an app; an authority of its own signed it. */
export function makeAppIdentity(): Identity {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const cert = certificate(commonName('Azure Billing Explorer test app issuer'), newKey(), {
    subject: commonName('Azure Billing Explorer test app'),
    publicKey: privateKey,
    extensions: [extension(ID.basicConstraints, sequence())],
  });
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert };
}

/** Makes this process trust an authority beside those it trusts already, as an administrator does; gives the way back. */
export function trustAuthority(authority: string): () => void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, authority]);
  return () => setDefaultCACertificates(before);
}

const TAG = { bitString: 0x03, octetString: 0x04, oid: 0x06, utf8: 0x0c, utcTime: 0x17, sequence: 0x30, set: 0x31 };

const ID = {
  ecdsaWithSha256: [1, 2, 840, 10045, 4, 3, 2],
  commonName: [2, 5, 4, 3],
  basicConstraints: [2, 5, 29, 19],
  keyUsage: [2, 5, 29, 15],
  subjectAltName: [2, 5, 29, 17],
  extKeyUsage: [2, 5, 29, 37],
  serverAuth: [1, 3, 6, 1, 5, 5, 7, 3, 1],
} as const;

interface Subject {
  subject: Buffer;
  publicKey: KeyObject;
  extensions: readonly Buffer[];
  valid?: { from: number; to: number };
}

/** A version 3 certificate (RFC 5280, 4.1) as PEM. `publicKey` may be the pair: only its public part is used. */
function certificate(issuer: Buffer, issuerKey: KeyObject, { subject, publicKey, extensions, valid }: Subject): string {
  const algorithm = sequence(oid(ID.ecdsaWithSha256));
  const hour = 3_600_000;
  const { from, to } = valid ?? { from: Date.now() - hour, to: Date.now() + 24 * hour };
  const body = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    issuer,
    sequence(utcTime(from), utcTime(to)),
    subject,
    publicPart(publicKey),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, issuerKey);
  const der = sequence(body, algorithm, tagged(TAG.bitString, Buffer.concat([Buffer.of(0), signature])));
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

function publicPart(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

function commonName(name: string): Buffer {
  return sequence(tagged(TAG.set, sequence(oid(ID.commonName), tagged(TAG.utf8, Buffer.from(name)))));
}

function extension(id: readonly number[], value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), tagged(TAG.octetString, value));
}

/** `YYMMDDHHMMSSZ`. */
function utcTime(time: number): Buffer {
  return tagged(TAG.utcTime, Buffer.from(`${new Date(time).toISOString().replace(/\D/g, '').slice(2, 14)}Z`));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(TAG.sequence, Buffer.concat(parts));
}

function boolean(value: boolean): Buffer {
  return tagged(0x01, Buffer.of(value ? 0xff : 0));
}

/** A positive integer, its bytes big end first, the first one below 128. */
function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes);
}

/** The first two numbers share a byte; all others have seven bits a byte, a mark on all but the last. */
function oid(numbers: readonly number[]): Buffer {
  const [first = 0, second = 0, ...rest] = numbers;
  const bytes = rest.flatMap((number) => {
    const digits = [number & 0x7f];
    for (let left = number >> 7; left > 0; left >>= 7) {
      digits.unshift(0x80 | (left & 0x7f));
    }
    return digits;
  });
  return tagged(TAG.oid, Buffer.of(first * 40 + second, ...bytes));
}

/** Tag, length, content (X.690 "Distinguished Encoding Rules"). */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}
